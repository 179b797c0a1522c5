"""The explorer's data over HTTP as the store grows, and around a thing that is near ever more: times and ratios.

    .venv/bin/python benchmarks/explore.py [--quads 100000,1000000] [--hubs 600,2400] [--store DIR]

Each answer is asked for things that were not asked of before, so that none comes from the server's cache. Prints of
each the median and the longest in milliseconds at each size, and the ratio of the medians; then the same of `around`
and `card` for one company with so many facts. `--store` measures a store that is there in place of one of the last
size. The budget is 100 ms each at a million quads, on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice, pairwise
from pathlib import Path

import pyoxigraph as ox
from entity import company, serving
from entity import make as make_hub
from made import QUADS_AN_ARTICLE, make_store

from wenmai.namespaces import WENMAI
from wenmai.serve.explore.near import degrees
from wenmai.store import open_store

TIMES = 7
_SKIPPED = 3
"""Of each answer the first calls, while workers warm up."""


def fetched(port: int, path: str) -> float:
    """Return the milliseconds that an answer takes."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begun = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    took = (time.perf_counter() - begun) * 1000
    connection.close()
    if response.status not in (200, 404):
        raise SystemExit(f"{path}: {response.status} {body[:200]!r}")
    return took


def things(path: Path) -> list[str]:
    """Return ids of companies, the most connected of a thousand first."""
    with closing(open_store(path)) as store:
        kind = ox.NamedNode(WENMAI + "Company")
        quads = store.match(None, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), kind)
        found = degrees(store, [str(quad.subject)[1:-1] for quad in islice(quads, 1000)])
    return [iri.rpartition("/")[2] for iri in sorted(found, key=lambda iri: (-found[iri], iri))]


def partner(port: int, local: str) -> str:
    """Return the id of a thing that is the partner of one."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/explore/card?id={local}")
    card = json.loads(connection.getresponse().read())
    connection.close()
    found = next((f["other"]["id"] for f in card["facts"] if f["predicate"] == "partnerOf"), "")
    if not found:
        raise SystemExit(f"{local} has no partner")
    return str(found)


def requests(port: int, known: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each answer and paths that ask for it, all different."""
    some = known[: TIMES + _SKIPPED]
    pairs = list(pairwise(known[: TIMES + _SKIPPED + 1]))
    lines = [(local, partner(port, local)) for local in some]
    yield "start", [f"/explore/start?lang={lang}" for lang in ("zh", "en")]
    yield "around", [f"/explore/around?id={local}" for local in some]
    yield "path", [f"/explore/path?from={a}&to={b}" for a, b in pairs]
    yield "common", [f"/explore/common?id={a}&id={b}" for a, b in pairs]
    yield "card", [f"/explore/card?id={local}&lang=en" for local in some]
    yield "evidence", [f"/explore/evidence?s={a}&p=partnerOf&o={b}" for a, b in lines]
    yield "cite", [f"/explore/cite?s={a}&p=partnerOf&o={b}" for a, b in lines]
    yield "timeline of one", [f"/explore/timeline?id={local}" for local in some]
    yield "timeline of all", [f"/explore/timeline?offset={n}" for n in range(TIMES + _SKIPPED)]
    yield "places", [f"/explore/places?offset={n}" for n in range(TIMES + _SKIPPED)]
    yield "articles", [f"/explore/articles?offset={n}" for n in range(TIMES + _SKIPPED)]
    yield "articles of one", [f"/explore/articles?entity={local}" for local in some]
    yield "compare", [f"/explore/compare?a={a}&b={b}" for a, b in pairs]
    questions = [f"{name}有限公司和谁合作" for name in (f"名称{n}" for n in range(TIMES + _SKIPPED))]
    yield "ask", ["/ask.json?q=" + urllib.parse.quote(question) for question in questions]


def measured(port: int, paths: list[str]) -> tuple[float, float]:
    """Return the median and the longest of the milliseconds of the answers but for the first."""
    took = [fetched(port, path) for path in paths]
    took = sorted(took[min(_SKIPPED, len(took) - 1) :])
    return took[len(took) // 2], took[-1]


@contextmanager
def store_of(quads: int, given: str) -> Iterator[Path]:
    """Give a store of about so many quads, or the one that is given."""
    if given:
        yield Path(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        make_store(Path(folder) / "store", quads // QUADS_AN_ARTICLE)
        yield Path(folder) / "store"


def by_size(sizes: list[int], given: str) -> None:
    """Print the times of all answers at each size."""
    table: dict[str, list[tuple[float, float]]] = {}
    for quads in sizes:
        with store_of(quads, given if quads == sizes[-1] else "") as path, serving(path) as port:
            known = things(path)
            for name, paths in requests(port, known):
                table.setdefault(name, []).append(measured(port, paths))
    print("answer            " + "".join(f"{quads:>12,} quads" for quads in sizes) + "   ratio")
    for name, found in table.items():
        cells = "".join(f"{median:8.1f} ({longest:6.1f})" for median, longest in found)
        print(f"{name:18}{cells}   {found[-1][0] / found[0][0]:.2f}")


def by_hub(sizes: list[int]) -> None:
    """Print the times of `around` and `card` for one company with so many facts."""
    print("\nfacts of one   around ms (longest)   card ms (longest)")
    for facts in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "store"
            make_hub(path, facts)
            with serving(path) as port:
                local = company("中枢").id
                around = measured(port, [f"/explore/around?id={local}&offset={n}" for n in range(TIMES + _SKIPPED)])
                card = measured(port, [f"/explore/card?id={local}&lang={lang}" for lang in ("zh", "en")])
        print(f"{facts:12,}   {around[0]:9.1f} ({around[1]:7.1f})   {card[0]:8.1f} ({card[1]:6.1f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quads", default="100000,1000000", help="default: %(default)s")
    parser.add_argument("--hubs", default="600,2400", help="facts of one company, default: %(default)s")
    parser.add_argument("--store", default="", metavar="DIR", help="a store that is there, for the last of --quads")
    options = parser.parse_args()
    os.environ["WENMAI_LOG_LEVEL"] = "warning"
    by_size([int(each) for each in options.quads.split(",")], options.store)
    by_hub([int(each) for each in options.hubs.split(",") if each])


if __name__ == "__main__":
    main()

"""The page of an entity as its facts grow: the time to make it, and over HTTP, and the ratios.

    .venv/bin/python benchmarks/entity.py [--facts 200,600,1800,5400]

One company of a made-up store is partner, owner and participant in ever more articles; each fact has its words. Prints
for each number of facts: the page made in a process that has the store open (median and the slowest of 20), the same
over HTTP from `wenmai serve`, its bytes, and all that is said of it as Turtle. The budget is 150 ms at 1,800 facts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE
from wenmai.query import media
from wenmai.reason import closure
from wenmai.records import Article, Claim, Entity, Linked, Resolution, Run, Span, Value
from wenmai.resolve.mint import mint
from wenmai.serve.html import Links
from wenmai.serve.linked import pages, rdf
from wenmai.serve.linked.place import look_up
from wenmai.store import open_store
from wenmai.triples import article_quads, inferred_iri, merged

PER_ARTICLE = 6
"""Facts of the company that one article states."""


def company(name: str) -> Entity:
    return Entity(mint("Organization", f"{name}有限公司"), "Company", (f"{name}有限公司",))


def articles(facts: int) -> Iterator[Resolution]:
    """Yield articles that state that many facts of the company."""
    run, centre = Run("benchmark", "1"), company("中枢")
    for number in range(facts // PER_ARTICLE):
        text = "".join(f"第{number}篇的第{line}句话，说的是中枢有限公司和别人。" for line in range(8))
        length = len(text) // 8
        date = dt.date(2012, 1, 1) + dt.timedelta(days=number % 3000)
        others = [company(f"第{number}号之{n}") for n in range(3)]
        said: list[tuple[Entity, str, Entity | Value]] = [(centre, "partnerOf", others[0])]
        said += [(centre, "investsIn", others[1]), (others[2], "subOrganizationOf", centre)]
        found = [centre, *others]
        for kind in ("Signing", "Meeting", "Release"):
            label = f"{kind} {number}"
            event = Entity(mint("Event", label), kind, label=label, status="Happened")
            said += [(event, "participant", centre), (event, "onDate", Value(date.isoformat(), "date"))]
            found.append(event)
        claims = tuple(
            Claim(
                s.id,
                p,
                o if isinstance(o, Value) else o.id,
                Span(n % 8 * length, (n % 8 + 1) * length),
                modality="Denied" if number % 50 == 7 and n == 0 else "Asserted",
                confidence=0.9,
            )
            for n, (s, p, o) in enumerate(said)
        )
        article = Article(f"h{number}", f"标题 {number}", text, f"h{number}.txt", "0" * 64, date=date)
        yield Resolution(article, run, tuple(found), claims)


def make(path: Path, facts: int) -> None:
    """Fill a new store at `path` with articles that state that many facts, and publish it."""
    quads = [quad for each in articles(facts) for quad in article_quads(Linked(each), DEFAULT_BASE)]
    asserted = merged(quads)
    follows = closure(asserted)
    with closing(open_store(path, write=True, create=True)) as store:
        store.load([*quads, *asserted])
        for graph in (inferred_iri(DEFAULT_BASE), ox.DefaultGraph()):
            store.load(ox.Quad(t.subject, t.predicate, t.object, graph) for t in follows)
        store.publish()


def timed(work: Callable[[], object], times: int = 20) -> tuple[float, float]:
    """Return the median and the longest of the milliseconds that `work` takes, the first time left out."""
    work()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    found.sort()
    return found[len(found) // 2], found[-1]


@contextmanager
def serving(path: Path) -> Iterator[int]:
    """Serve a store until the end of the block; give the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "wenmai.cli", "serve", "--store", str(path), "--port", str(port)]
    with subprocess.Popen(command) as process:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        yield port
        process.send_signal(signal.SIGTERM)


def fetched(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    response = connection.getresponse()
    size = len(response.read())
    connection.close()
    if response.status != 200:
        raise SystemExit(f"{path}: {response.status}")
    return size


def measured(path: Path) -> list[float]:
    """Return the figures of one store."""
    local = company("中枢").id
    with closing(open_store(path)) as store:
        place, links = look_up(store, local), Links(store.base)
        node = place.node
        facts = sum(1 for _ in store.match(node, None, None, ox.DefaultGraph()))
        facts += sum(1 for _ in store.match(None, None, node, ox.DefaultGraph()))
        made = timed(lambda: pages.page(store, place, links, "zh"))
        turtle = timed(lambda: rdf.document(store, place, media.TURTLE), 3)
    with serving(path) as port:
        size = fetched(port, f"/doc/{local}.html")
        served = timed(lambda: fetched(port, f"/doc/{local}.html"))
    return [facts, *made, *served, size / 1000, turtle[0]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", default="200,600,1800,5400", help="stated facts, default: %(default)s")
    options = parser.parse_args()
    print("stated  triples  page ms (longest)  over HTTP ms (longest)  page kB  Turtle ms  ratio to the one before")
    before = 0.0
    for facts in map(int, options.facts.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "store"
            make(path, facts)
            triples, page, longest, served, slow, size, turtle = measured(path)
        ratio = f"{served / before:.2f}" if before else "-"
        print(
            f"{facts:6,}  {triples:7,.0f}  {page:7.1f} ({longest:7.1f})  {served:11.1f} ({slow:8.1f})"
            f"  {size:7.0f}  {turtle:9.0f}  {ratio}"
        )
        before = served


if __name__ == "__main__":
    main()

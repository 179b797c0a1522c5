"""What an archive costs as it grows: stores of a million and of ten million quads, and the ratios.

    .venv/bin/python benchmarks/memory.py [--quads 1000000,10000000] [--articles 200] [--folder DIR]

Prints for each size: putting in an article that is new (held against the shapes, and without that; and what finding out
which entities it speaks of takes), putting one in the place of another, taking one out, all as median and 95th
percentile; the engine alone; from the start of a process to its first answer; a backup by hard links; the memory of a
process that holds the store open to read. Stores are filled in bulk, which takes some ten minutes for ten million
quads, and kept in --folder where that is given.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
from made import QUADS_AN_ARTICLE, make_store, resolutions

from wenmai.keeper import Keeper
from wenmai.namespaces import DEFAULT_BASE
from wenmai.reason.shapes import breaches
from wenmai.records import Linked, Resolution
from wenmai.resolve.link import link
from wenmai.statistics import count
from wenmai.store import open_store
from wenmai.store.backup import backup
from wenmai.triples import article_quads, iris
from wenmai.triples.merge import plain

T = TypeVar("T")

_OPEN = (
    "import sys, wenmai.store as s; o = s.open_store(sys.argv[1]); "
    "next(iter(o.query('SELECT ?s { ?s <https://w3id.org/wenmai/ns#partnerOf> ?o } LIMIT 1')))"
)
_IDLE = _OPEN + "; print(next(x.split()[1] for x in open('/proc/self/status') if x.startswith('VmRSS')))"


def validated(resolution: Resolution) -> None:
    """Hold an article's graph against the shapes, as the door does."""
    lines = [line for line in plain(article_quads(Linked(resolution), DEFAULT_BASE)) if not iris.is_entity(line[0])]
    assert not breaches(lines)


def timed(work: Callable[[T], object], items: Iterable[T]) -> list[float]:
    """Return the milliseconds that `work` takes for each item, in order of size."""
    found = []
    for item in items:
        begun = time.perf_counter()
        work(item)
        found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


def middle(times: list[float]) -> float:
    return times[len(times) // 2]


def late(times: list[float]) -> float:
    return times[len(times) * 95 // 100]


def changes(path: Path, articles: int, stored: int) -> dict[str, float]:
    """Put articles in, change and take them out again; return milliseconds by name."""
    new = list(resolutions(articles, stored + 1000))
    other = [replace(item, claims=item.claims[:-1]) for item in new]
    validated(new[0])  # loads what it needs
    with closing(open_store(path, write=True)) as store, Keeper(store) as keeper:
        shapes = timed(validated, new)

        def identified(item: Resolution) -> None:
            keeper.registry.put(item, "")
            link(item, keeper.registry, keeper.decisions)
            keeper.registry.undo()

        figures = {
            "who is who alone": timed(identified, new),
            "new": timed(keeper.put, new),
            "replaced": timed(keeper.put, other),
            "taken out": timed(lambda item: keeper.remove(item.article.id), new),
        }
        keeper.settle()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        engine = ox.Store(folder)
        graphs = [article_quads(Linked(item), DEFAULT_BASE) for item in new]
        figures["the engine alone, a graph"] = timed(engine.extend, graphs)
    figures["new, with shapes"] = sorted(a + b for a, b in zip(figures["new"], shapes, strict=True))
    return {
        f"{name}, {how}": of(times) for name, times in figures.items() for how, of in (("p50", middle), ("p95", late))
    }


def measured(path: Path, articles: int, stored: int) -> dict[str, float]:
    """Return all figures of a store, milliseconds but for the memory, which is in MB."""
    figures = changes(path, articles, stored)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", _OPEN, str(path)], check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - begun) * 1000)
    bare = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import wenmai.store"], check=True)
    figures["process to first answer"] = min(times)
    figures["of which: Python and imports"] = (time.perf_counter() - bare) * 1000
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        begun = time.perf_counter()
        backup(path, Path(folder) / "backup", link=True)
        figures["backup by links"] = (time.perf_counter() - begun) * 1000
    idle = subprocess.run([sys.executable, "-c", _IDLE, str(path)], check=True, capture_output=True, text=True)
    figures["memory of a reader, MB"] = int(idle.stdout) / 1024
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quads", default="1000000,10000000", help="sizes, default: %(default)s")
    parser.add_argument("--articles", type=int, default=200, help="articles put in, changed, taken out")
    parser.add_argument("--folder", type=Path, help="where stores are kept, and found again")
    options = parser.parse_args()
    results: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in map(int, options.quads.split(",")):
            stored = max(1, size // QUADS_AN_ARTICLE)
            path = (options.folder or Path(temporary)) / f"store-{size}"
            if not path.exists():
                begun = time.perf_counter()
                quads = make_store(path, stored)
                print(
                    f"{quads:,} quads of {stored:,} articles, filled in {time.perf_counter() - begun:.0f} s", flush=True
                )
            with closing(open_store(path)) as store:
                held = count(store)
            print(f"{held.quads:,} quads, {held.entities:,} entities, {held.articles:,} articles", flush=True)
            results.append(measured(path, options.articles, stored))
    for name in results[0]:
        row = [result[name] for result in results]
        ratios = "  ".join(f"x {value / row[0]:.2f}" for value in row[1:])
        print(f"{name:<30}" + "".join(f"{value:>12.1f}" for value in row) + f"   {ratios}")


if __name__ == "__main__":
    main()

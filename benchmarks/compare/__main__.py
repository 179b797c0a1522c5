"""wenmai beside other ways to do the same, on the same data, in one run.

    PYTHONPATH=benchmarks python -m compare [--quads 1000000] [--only NAME,...] [--folder DIR] [--kglab PYTHON]

Prints each comparison as a table with the factors, keeps it in docs/figures/NAME.json and writes docs/figures.md anew
from all that is kept. Some ten minutes at a million quads on two cores, with nothing else running. The names are build,
load, ask, evidence, export, http, closure, library and growth.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from compare import building, closing, figures, growing, library, page, serving, stores
from compare.data import Data, made
from compare.engines import ENGINES
from compare.figures import Comparison

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = ("build", *stores.STEPS, "http", "closure", "library", "growth")


def main() -> None:
    """Measure what is wanted, print it, keep it, and write the page."""
    options = _options()
    wanted = options.only.split(",") if options.only else list(NAMES)
    if unknown := set(wanted) - set(NAMES):
        raise SystemExit(f"there is no comparison {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    docs: Path = options.docs
    begun = time.perf_counter()
    with _place(options.folder) as place:
        for comparison in _measured(wanted, place, options):
            whole = replace(comparison, date=str(dt.date.today()), machine=machine())
            figures.write(whole, docs / "figures")
            show(whole)
            page.write(figures.read(docs / "figures", NAMES), docs)
    print(f"{time.perf_counter() - begun:.0f} s in all")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quads", type=int, default=1_000_000, help="how much there is in the store, default: %(default)s"
    )
    parser.add_argument("--articles", type=int, help="how many are built, default: one for 5,000 quads")
    parser.add_argument("--only", metavar="NAME,...", help=f"some of {', '.join(NAMES)}")
    parser.add_argument("--ways", metavar="WAY|...", help=f"some of the stores: {'|'.join(ENGINES)}")
    parser.add_argument("--folder", type=Path, help="where the data is made, kept, and found again; default: nowhere")
    parser.add_argument(
        "--limit", type=float, default=120, help="seconds for all steps of one engine, default: %(default)s"
    )
    parser.add_argument("--kglab", default=sys.executable, metavar="PYTHON", help="a Python that has kglab")
    parser.add_argument("--docs", type=Path, default=DOCS, help="where figures.md and figures/ are, default: docs/")
    return parser.parse_args()


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    """Give the folder for the data: the one named, or one that goes again."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="wenmai-figures-") as temporary:
        yield Path(temporary)


def _measured(wanted: list[str], place: Path, options: argparse.Namespace) -> Iterator[Comparison]:
    """Yield the comparisons that are wanted, each as soon as it is there."""
    ways = tuple(filter(None, (options.ways or "").split("|")))
    conditions = stores.Conditions(options.limit, options.kglab, ways)
    if "build" in wanted:
        yield building.compare(options.articles or max(20, options.quads // 5000), _told)
    if "closure" in wanted:
        yield closing.compare(_told)
    if not set(wanted) - {"build", "closure"}:
        return
    begun = time.perf_counter()
    data = made(place, options.quads)
    _told(f"data: {data.quads:,} quads, {data.facts:,} of them facts ({time.perf_counter() - begun:.0f} s)")
    size = f"{data.quads:,} quads, {data.facts:,} of them facts"
    if set(wanted) & set(stores.STEPS):
        for comparison in stores.compare(data, wanted, conditions, _told):
            yield replace(comparison, size=size)
    of_data: dict[str, Callable[[Data, Callable[[str], object]], Comparison]]
    of_data = {"http": serving.compare, "library": library.compare}
    for name, compare in of_data.items():
        if name in wanted:
            yield replace(compare(data, _told), size=size)
    if "growth" in wanted:
        yield growing.compare(place, options.quads, conditions, _told)


def _told(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def show(comparison: Comparison) -> None:
    """Print a comparison as a table."""
    print(f"\n{comparison.title} ({comparison.unit}; {'more' if comparison.bigger else 'less'} is better)")
    for way, value, factor, memory, note in figures.table(comparison):
        times = f"{comparison.first} × {factor}" if factor else ""
        print(f"  {way:34}{value:>12}{times:>32}{memory and memory + ' MB':>12}  {note}")
    sys.stdout.flush()


def machine() -> str:
    """Return what the figures were measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}"
    return f"{model}, {cores} cores, {memory:.0f} GB, {system}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()

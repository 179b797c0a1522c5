"""Time from the start of a process to its first answer, on stores of several sizes.

Prints for each size: opening in a bare Python process, `wenmai query` by name, and the ratio to the smallest size.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made import QUADS_AN_ARTICLE, make_store

_BARE = (
    "import sys, wenmai.store as s; o = s.open_store(sys.argv[1]); "
    "next(iter(o.query('SELECT ?s { ?s <https://w3id.org/wenmai/ns#partnerOf> ?o } LIMIT 1')))"
)


def seconds(command: list[str], runs: int) -> float:
    """Return the median wall-clock seconds of a command that must succeed."""
    found = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", default="10000,100000,1000000", help="sizes, default: %(default)s")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command, default: %(default)s")
    options = parser.parse_args()
    first: tuple[float, float] | None = None
    print(f"{'quads':>10}  {'open and ask':>12}  {'wenmai query':>12}  ratios")
    for size in (int(text) for text in options.quads.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "store"
            quads = make_store(store, max(1, size // QUADS_AN_ARTICLE))
            bare = seconds([sys.executable, "-c", _BARE, str(store)], options.runs)
            query = ["query", "partners", "--param", "org=名称1有限公司", "--store", str(store)]
            named = seconds([sys.executable, "-m", "wenmai.cli", *query], options.runs)
        first = first or (bare, named)
        print(f"{quads:>10,}  {bare:>10.3f} s  {named:>10.3f} s  {bare / first[0]:.2f}  {named / first[1]:.2f}")


if __name__ == "__main__":
    main()

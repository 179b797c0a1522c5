"""What graphs and named analyses cost: made-up stores of several sizes, reading and computing together.

Prints seconds of processor, the most memory the process had until then, how the time grew from the store before, and
what came of it.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from made import QUADS_AN_ARTICLE, make_store

import wenmai
from wenmai.analyse import PROJECTIONS, run
from wenmai.store import Store, open_store

ENDS = {"from": "名称7有限公司", "to": "名称20有限公司"}


def tasks(store: Store) -> dict[str, Callable[[], Any]]:
    """Return what is measured, by name."""
    found: dict[str, Callable[[], Any]] = {"graph": lambda: wenmai.graph(store)}
    for name in PROJECTIONS:
        found[name] = partial(wenmai.graph, store, name)
    found["graphs by month"] = lambda: wenmai.graphs(store, "month", "who-with-whom")
    params: dict[str, dict[str, str]] = {"paths": ENDS, "around": {"of": ENDS["from"]}, "growth": {"by": "month"}}
    for name in ("degree", "pagerank", "betweenness", "communities", "bridges", "growth", "paths", "around"):
        found[name] = partial(run, store, name, params.get(name, {}))
    return found


def told(result: Any) -> str:
    """Say what a task gave."""
    if hasattr(result, "notes"):
        return "; ".join((*result.notes, f"{len(result.rows):,} rows"))
    return f"{len(result)} graphs" if isinstance(result, dict) else str(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", default="100000,1000000", help="sizes, default: %(default)s")
    options = parser.parse_args()
    before: dict[str, float] = {}
    for size in (int(text) for text in options.quads.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "store"
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # whose memory is not counted here
                quads = pool.submit(make_store, place, max(1, size // QUADS_AN_ARTICLE)).result()
            print(f"\n{quads:,} quads")
            with closing(open_store(place)) as store:
                for name, task in tasks(store).items():
                    begun = time.process_time()
                    result = task()
                    spent = time.process_time() - begun
                    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
                    ratio = f"x {spent / before[name]:.1f}" if name in before else ""
                    before[name] = spent
                    print(f"{name:<20}{spent:>6.1f} s {peak:>6} MB {ratio:>8}  {told(result)}", flush=True)


if __name__ == "__main__":
    main()

"""What the graph as of a day costs: made-up stores of several sizes, a view of all their articles and of half of them.

Prints seconds of wall clock and of processor, and milliseconds of processor an article taken in.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from contextlib import closing
from pathlib import Path

from made import QUADS_AN_ARTICLE, make_store

from wenmai.history import as_of
from wenmai.store import open_store

FIRST, SPREAD = dt.date(2015, 1, 1), 1500
"""`made` gives its articles the days from the first on, one each, and begins again after so many."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", default="10000,100000,1000000", help="sizes, default: %(default)s")
    options = parser.parse_args()
    print(f"{'quads':>10}  {'day':<10}  {'articles':>8}  {'wall':>8}  {'processor':>9}  an article")
    for size in (int(text) for text in options.quads.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "store"
            articles = max(1, size // QUADS_AN_ARTICLE)
            quads = make_store(place, articles)
            last = min(articles, SPREAD) - 1
            for day in (FIRST + dt.timedelta(days=last // 2), FIRST + dt.timedelta(days=last)):
                wall, processor = time.perf_counter(), time.process_time()
                with closing(open_store(place)) as store:
                    past = as_of(store, day)
                wall, processor = time.perf_counter() - wall, time.process_time() - processor
                each = 1000 * processor / max(1, past.articles)
                print(
                    f"{quads:>10,}  {day}  {past.articles:>8,}  {wall:>6.1f} s  {processor:>7.1f} s  {each:.1f} ms",
                    flush=True,
                )


if __name__ == "__main__":
    main()

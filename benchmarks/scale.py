"""What an archive costs: made-up archives of growing size built by the command, and what a million articles would take.

    python benchmarks/scale.py [--sizes 1000,10000,100000] [--workers N] [--tagger none] [--place FOLDER]

Articles are some 1,000 characters long and share names as news does (`archive`). Each size is a process of its own,
whose time and memory are taken, those of its workers with them; from the last two the cost of a million is drawn out,
in a line. `--place` is where the archives and stores go: a hundred thousand articles need some 30 GB there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from archive import write

from wenmai.statistics import count
from wenmai.store import open_store
from wenmai.workers import available

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a build took: seconds, processor seconds of all its processes, bytes on disk, megabytes of all of them."""

    articles: int
    characters: int
    quads: int
    seconds: float
    cpu: float
    disk: int
    memory: float


def measured(articles: int, place: Path, words: list[str]) -> Cost:
    """Build an archive of that many articles with `wenmai build` and return what it took."""
    source, store = place / "news.jsonl", place / "store"
    characters = write(source, articles)
    began = time.perf_counter()
    command = [sys.executable, "-m", "wenmai.cli", "build", str(source), "--store", str(store), *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    watched = Watched(process.pid)
    while not (ended := os.waitpid(process.pid, os.WNOHANG))[0]:
        watched.look()
        time.sleep(min(5, 0.2 + (time.perf_counter() - began) / 20))  # what a large process holds takes long to add up
    status = ended[1]
    seconds = time.perf_counter() - began
    assert status == 0, f"the build ended with {os.waitstatus_to_exitcode(status)}"
    process.returncode = 0
    with closing(open_store(store)) as opened:
        quads = count(opened).quads
    current = store / "snapshots" / (store / "current").read_text("utf-8").split()[0]
    disk = sum(path.stat().st_size for folder in (current, store) for path in folder.iterdir() if path.is_file())
    return Cost(articles, characters, quads, seconds, watched.cpu, disk, watched.memory)


class Watched:
    """The processes of a session, looked at again and again: the most megabytes they held together, and their time."""

    def __init__(self, session: int) -> None:
        self._session = session
        self._seconds: dict[str, float] = {}
        self.memory = 0.0

    def look(self) -> None:
        """Look at all processes that there are; what is shared counts once."""
        kilobytes = 0
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == self._session:
                    self._seconds[process.name] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
                    kilobytes += int((process / "smaps_rollup").read_text().split("Pss:")[1].split()[0])
        self.memory = max(self.memory, kilobytes / 1024)

    @property
    def cpu(self) -> float:
        """The processor seconds of all of them, as they were looked at last."""
        return sum(self._seconds.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--workers", type=int, default=available())
    parser.add_argument("--tagger", default="auto")
    parser.add_argument("--place", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    words = ["--workers", str(options.workers), "--tagger", options.tagger]
    print(f"{options.workers} workers, tagger {options.tagger}")
    print(
        f"{'articles':>9} {'seconds':>8} {'articles/s':>10} {'characters/s':>12} {'CPU ms each':>11} "
        f"{'quads':>11} {'disk MB':>8} {'memory MB':>9}"
    )
    costs = []
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=options.place) as place:
            cost = measured(size, Path(place), words)
        costs.append(cost)
        print(
            f"{size:>9,} {cost.seconds:>8.1f} {size / cost.seconds:>10.1f} {cost.characters / cost.seconds:>12,.0f} "
            f"{1000 * cost.cpu / size:>11.1f} {cost.quads:>11,} {cost.disk / 1e6:>8,.0f} {cost.memory:>9,.0f}",
            flush=True,
        )
    for before, after in pairwise(costs):
        times = after.articles / before.articles
        print(
            f"{times:g} times the articles: {after.seconds / before.seconds:.2f} times the time, "
            f"{after.disk / before.disk:.2f} times the disk, {after.memory / before.memory:.2f} times the memory"
        )
    if len(costs) > 1:
        _project(costs[-2], costs[-1])


def _project(small: Cost, large: Cost) -> None:
    """Print what a million articles would cost on the line through two sizes."""

    def at(one: float, other: float) -> float:
        return other + (other - one) / (large.articles - small.articles) * (MILLION - large.articles)

    print(
        f"a million articles, on the line: {at(small.seconds, large.seconds) / 3600:.1f} hours, "
        f"{at(small.disk, large.disk) / 1e9:.0f} GB, {at(small.memory, large.memory) / 1024:.1f} GB of memory, "
        f"{at(small.quads, large.quads) / 1e6:,.0f} million quads"
    )


if __name__ == "__main__":
    main()

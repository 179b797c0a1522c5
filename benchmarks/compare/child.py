"""One engine, in a process of its own: `python -m compare.child ENGINE FOLDER QUADS FACTS STEP...`, a line a step.

The steps are loading, which is always done, asking and exporting. A line is JSON: the step, value, memory in MB, note.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from compare.data import Data
from compare.engines import ENGINES, Engine

LONG, MANY = 2.0, 20
"""Seconds of rounds of small queries, one at least, and how many at most; the best of them counts."""


def main() -> None:
    """Measure the steps named on the command line."""
    name, folder, quads, facts, *steps = sys.argv[1:]
    data = Data(Path(folder), int(quads), int(facts))
    with tempfile.TemporaryDirectory(dir=folder) as place:
        engine = ENGINES[name](Path(place))
        try:
            took = timed(lambda: engine.load(data))
            count = data.quads if engine.graphs else data.facts
            told("load", count / took, engine, "" if engine.graphs else "the facts alone: it holds no graphs")
            engine.ready()
            if "ask" in steps:
                ask(engine, data)
            if "export" in steps:
                export(engine, Path(place) / "export", count)
        finally:
            engine.close()


def ask(engine: Engine, data: Data) -> None:
    """Measure small queries: milliseconds each, in the best of some rounds."""
    for step, queries in data.queries().items():
        if step == "ask" or engine.graphs:
            rows: list[int] = []
            times = [timed(lambda: rows.append(sum(map(engine.ask, queries))))]  # noqa: B023 - asked at once
            while sum(times) < LONG and len(times) < MANY:
                times.append(timed(lambda: rows.append(sum(map(engine.ask, queries)))))  # noqa: B023 - likewise
            told(step, min(times) / len(queries) * 1000, engine, f"{rows[0]:,} rows")


def export(engine: Engine, path: Path, count: int) -> None:
    """Measure writing everything to a file."""
    try:
        kind: list[str] = []
        took = timed(lambda: kind.append(engine.export(path)))
        told("export", count / took, engine, kind[0])
    except NotImplementedError:
        told("export", None, engine, "has no export of its own over HTTP")


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def told(step: str, value: float | None, engine: Engine, note: str) -> None:
    """Print what came of a step; the memory is that of the server, where there is one."""
    measure: Callable[[], float] = getattr(engine, "memory", own_memory)
    print(json.dumps({"step": step, "value": value, "memory": measure(), "note": note}), flush=True)


def own_memory() -> float:
    """Return the most memory that this process has held, in MB; `getrusage` counts that of the parent before, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main()

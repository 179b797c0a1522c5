"""Stores: filling them, asking small things, writing them out. Each engine is a child that does all three in a row."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from compare.data import Data
from compare.engines import ENGINES, missing
from compare.figures import Comparison, Row

BENCHMARKS = Path(__file__).resolve().parents[1]
STEPS = ("load", "ask", "evidence", "export")


@dataclass(frozen=True)
class Conditions:
    """For how long a way may be tried, the Python that has kglab, and which ways are wanted (all without any)."""

    limit: float = 120.0
    kglab: str = sys.executable
    ways: tuple[str, ...] = ()


LOAD = Comparison(
    "load",
    "Filling a store",
    "The same N-Quads file into an empty store. `wenmai` makes its index of texts and names and its counts too, and "
    "publishes a snapshot, sealed; the others have none of that, nor has `wenmai, quads alone`.",
    "quads a second",
    True,
    "wenmai",
    (),
    "ahead of every way by rdflib; within 1.5 times of pyoxigraph",
)
ASK = Comparison(
    "ask",
    "Small queries on the facts",
    "All facts of a company, its partners with their names, its events with their days, of 100 companies; the best of "
    "some rounds. `wenmai` is `wenmai.open(…).query(…)`: a process of its own with limits of time and memory. `wenmai, "
    "in the process` is the store as the server's processes ask it. Servers are asked over one connection.",
    "ms a query",
    False,
    "wenmai, in the process",
    (),
    "ahead of every way by rdflib; within 1.5 times of pyoxigraph",
)
EVIDENCE = replace(
    ASK,
    name="evidence",
    title="Small queries over the articles' graphs",
    about="The claims about a company and the words that each stands on, whatever article says so; of 100 companies.",
)
EXPORT = Comparison(
    "export",
    "Writing everything out",
    "wenmai writes what `wenmai export` does: Turtle, sorted, the same bytes every time, the command's start included.",
    "quads a second",
    True,
    "wenmai",
    (),
    "ahead of every way by rdflib that sorts",
)


def compare(
    data: Data, wanted: Sequence[str], conditions: Conditions, told: Callable[[str], object]
) -> list[Comparison]:
    """Measure all engines and return the comparisons that are wanted."""
    steps = [step for step in ("ask", "export") if step in wanted or (step == "ask" and "evidence" in wanted)]
    rows: dict[str, list[Row]] = {step: [] for step in STEPS}
    for engine in conditions.ways or ENGINES:
        found = measured(engine, data, steps, conditions)
        for step, row in found.items():
            rows[step].append(row)
        told(f"{engine}: " + "; ".join(f"{step} {row.value or row.note}" for step, row in found.items()))
    within = "wenmai, in the process"
    rows["load"] = [replace(row, way="wenmai, quads alone") if row.way == within else row for row in rows["load"]]
    rows["export"] = [row for row in rows["export"] if row.way != within]
    of = {"load": LOAD, "ask": ASK, "evidence": EVIDENCE, "export": EXPORT}
    return [replace(of[step], rows=tuple(rows[step])) for step in STEPS if step in wanted]


def measured(engine: str, data: Data, steps: Sequence[str], conditions: Conditions) -> dict[str, Row]:
    """Return the rows of one engine: what it gave until the limit, and why not for the rest."""
    expected = ["load", *(["ask", "evidence"] if "ask" in steps else []), *(["export"] if "export" in steps else [])]
    if why := missing(engine):
        return {step: Row(engine, None, note=why) for step in expected}
    python = conditions.kglab if engine.startswith("kglab") else sys.executable
    words = [python, "-m", "compare.child", engine, str(data.folder), str(data.quads), str(data.facts), *steps]
    path = os.pathsep.join(filter(None, [str(BENCHMARKS), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            words,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=conditions.limit,
            check=False,
        )
        out, words_of_error = done.stdout, done.stderr
        why = _reason(words_of_error) if done.returncode else ""
    except subprocess.TimeoutExpired as error:
        out = (error.stdout or b"").decode() if isinstance(error.stdout, bytes) else (error.stdout or "")
        why = f"not done after {conditions.limit:g} s"
    found = {}
    for line in out.splitlines():
        if line.startswith('{"step"'):
            told = json.loads(line)
            found[told["step"]] = Row(engine, told["value"], round(told["memory"]), told["note"])
    absent = [step for step in expected if step not in found]
    return found | {step: Row(engine, None, note=why or "holds no graphs") for step in absent}


def _reason(words: str) -> str:
    last = (words.strip().splitlines() or ["it failed"])[-1]
    name = last.partition("No module named ")[2].strip("'")
    return f"not measured: {name} is not installed" if name else f"failed: {last[:120]}"

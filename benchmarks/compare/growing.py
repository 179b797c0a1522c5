"""How wenmai's store grows: a hundredth, a tenth and all of the quads, and what ten times the quads cost, twice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from compare.data import Data, made
from compare.figures import Comparison, Row
from compare.stores import Conditions, measured

_STEPS = {
    "load": "filling, quads a second",
    "ask": "small query, ms",
    "evidence": "evidence, ms",
    "export": "export, quads a second",
}


def compare(place: Path, quads: int, conditions: Conditions, told: Callable[[str], object]) -> Comparison:
    """Measure wenmai's store at three sizes; the value is by how much ten times the quads change each figure."""
    sizes = [quads // 100, quads // 10, quads]
    each: list[tuple[Data, dict[str, Row]]] = []
    for size in sizes:
        data = made(place, size)
        within = measured("wenmai, in the process", data, ["ask", "export"], conditions)
        each.append((data, within))
    rows = []
    for (small, before), (large, after) in pairwise(each):
        for step, title in _STEPS.items():
            one, other = before[step].value, after[step].value
            if one and other:
                ratio = one / other if step in ("load", "export") else other / one
                note = f"{one:,.3g} → {other:,.3g} ({small.quads:,} → {large.quads:,} quads)"
                rows.append(Row(title, ratio, after[step].memory, note))
    told("; ".join(f"{row.way} × {row.value:.2f}" for row in rows))
    return Comparison(
        "growth",
        "Ten times the quads",
        "By how much a quad, or a query, costs more when there are ten times the quads: 1 is no more.",
        "times as dear",
        False,
        "",
        tuple(rows),
        "linear: 1 for filling and writing out; small queries do not grow with the store",
        columns=("way", "value", "memory", "note"),
    )

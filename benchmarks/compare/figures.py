"""What a comparison is and what comes of it; kept as JSON beside the page that shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """What one way gave: a value in the comparison's unit, or None and why not; the most memory it held, in MB."""

    way: str
    value: float | None
    memory: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """A table: several ways to one end.

    `bigger`: more of the unit is better. The factors shown are those of `first` against each row; `goal` says what was
    to be reached.
    """

    name: str
    title: str
    about: str
    unit: str
    bigger: bool
    first: str
    rows: tuple[Row, ...]
    goal: str = ""
    date: str = ""
    machine: str = ""
    size: str = ""
    columns: tuple[str, ...] = field(default=("way", "value", "factor", "memory", "note"))

    def factor(self, row: Row) -> float | None:
        """Return how many times better `first` is than a row; below 1 where it is worse."""
        base = next((each.value for each in self.rows if each.way == self.first), None)
        if base is None or row.value is None or not base or not row.value:
            return None
        return base / row.value if self.bigger else row.value / base


def write(comparison: Comparison, folder: Path) -> None:
    """Keep a comparison as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(comparison), ensure_ascii=False, indent=1)
    (folder / f"{comparison.name}.json").write_text(text + "\n", "utf-8")


def read(folder: Path, names: Iterable[str]) -> list[Comparison]:
    """Return the comparisons that are kept, in the order of `names`."""
    found = []
    for path in (folder / f"{name}.json" for name in names):
        if path.exists():
            kept = json.loads(path.read_text("utf-8"))
            rows = tuple(Row(**row) for row in kept.pop("rows"))
            found.append(Comparison(**{**kept, "rows": rows, "columns": tuple(kept["columns"])}))
    return found


def shown(value: float | None) -> str:
    """Return a number with three figures that tell something."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(comparison: Comparison) -> list[list[str]]:
    """Return the cells of a comparison: way, value, how many times as good the first is, memory, note."""
    return [
        [
            row.way,
            shown(row.value),
            "" if row.way == comparison.first or not comparison.first else shown(comparison.factor(row)),
            "" if row.memory is None else f"{row.memory:,.0f}",
            row.note,
        ]
        for row in comparison.rows
    ]

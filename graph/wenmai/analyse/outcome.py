"""The records of an analysis: what it is, what it takes, what it found."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from wenmai.namespaces import XSD
from wenmai.query.library import Parameter
from wenmai.query.result import Result
from wenmai.triples import terms

if TYPE_CHECKING:
    from wenmai.analyse.given import Given
    from wenmai.store.protocol import Store

Cell: TypeAlias = str | int | float | dt.date | ox.NamedNode | None


@dataclass(frozen=True, slots=True)
class Score:
    """A number about a thing, or about the line between two: their IRIs in order."""

    things: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Group:
    """Things that belong together: what the group is called, and their IRIs in order."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What an analysis found: a table, the first row the most worth looking at.

    `notes` are sentences for the reader, such as that a sample was looked at. `scores` and `groups` are what can be
    written into the store, row for row of the table.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    groups: tuple[Group, ...] = ()

    def result(self, base: str, limit: int | None = None) -> Result:
        """Return the first `limit` rows as the rows of a query: they print, iterate and become frames alike."""
        rows = self.rows[:limit] if limit else self.rows
        bindings = [
            {name: _binding(cell) for name, cell in zip(self.columns, row, strict=True) if cell is not None}
            for row in rows
        ]
        told = {"head": {"vars": list(self.columns)}, "results": {"bindings": bindings}}
        return Result("select", json.dumps(told, ensure_ascii=False).encode(), base, self.notes)


@dataclass(frozen=True)
class Analysis:
    """A named analysis: titles, what it answers, parameters, an example that runs on the samples.

    `writes` tells whether its outcome has scores or groups. `name` is that of its module, with `-` for `_`.
    """

    title_zh: str
    title_en: str
    about: str
    run: Callable[[Store, Given], Outcome]
    parameters: tuple[Parameter, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False
    name: str = ""


def rounded(number: float) -> float:
    """Return a number with six digits that count: what machines add up differently is behind them."""
    return float(f"{number:.6g}")


def _binding(cell: Cell) -> dict[str, str]:
    term = literal(cell)
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    plain = {"type": "literal", "value": term.value}
    return plain if term.datatype.value == XSD + "string" else plain | {"datatype": term.datatype.value}


def literal(cell: Cell) -> ox.Literal | ox.NamedNode:
    """Return a cell as an RDF term, in its canonical form; a number with a fraction is a decimal."""
    if isinstance(cell, ox.NamedNode):
        return cell
    if isinstance(cell, dt.date):
        return ox.Literal(cell.isoformat(), datatype=ox.NamedNode(XSD + "date"))
    if isinstance(cell, int):
        return terms.integer(cell)
    return terms.precise(cell) if isinstance(cell, float) else terms.string(cell or "")

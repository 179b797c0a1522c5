"""An answer to a query: rows, a yes or no, or triples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

import pyoxigraph as ox

from wenmai.namespaces import XSD

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["select", "ask", "graph"]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value = str | int | bool | Decimal | dt.date | None


@dataclass(frozen=True)
class Result:
    """What a query answered. `payload` is SPARQL JSON (select, ask) or N-Triples (graph).

    `notes` are sentences for the reader, such as that a name means two entities. Iterating gives a dict of Python
    values for each row, which `pandas.DataFrame` takes as it is.
    """

    kind: Kind
    payload: bytes
    base: str
    notes: tuple[str, ...] = ()

    def solutions(self) -> ox.QuerySolutions:
        """Return the rows as the engine's own iterator, from the first. Raises TypeError unless `kind` is select."""
        answer = ox.parse_query_results(self.payload, ox.QueryResultsFormat.JSON) if self.kind == "select" else None
        if not isinstance(answer, ox.QuerySolutions):
            raise TypeError(f"a result of kind {self.kind} has no rows")
        return answer

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The columns in order; empty unless `kind` is select."""
        return tuple(v.value for v in self.solutions().variables) if self.kind == "select" else ()

    def frame(self) -> DataFrame:
        """Return the rows, or the triples, as a pandas DataFrame of typed columns; see `Archive.frame`."""
        from wenmai.query.frame import frame

        return frame(self)

    @cached_property
    def rows(self) -> list[tuple[Term | None, ...]]:
        """The rows as RDF terms in order of `variables`; None where a column is unbound."""
        if self.kind != "select":
            return []
        return [tuple(solution) for solution in self.solutions()]

    @cached_property
    def boolean(self) -> bool | None:
        """What an ASK answered; None for the other kinds."""
        if self.kind != "ask":
            return None
        return bool(ox.parse_query_results(self.payload, ox.QueryResultsFormat.JSON))

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, each once, in order of their text."""
        if self.kind != "graph":
            return []
        quads = ox.parse(self.payload, ox.RdfFormat.N_TRIPLES)
        return sorted({cast("ox.Quad", quad).triple for quad in quads}, key=str)

    def __len__(self) -> int:
        return len(self.rows) or len(self.triples)

    def __bool__(self) -> bool:
        return self.boolean if self.boolean is not None else len(self) > 0

    def __iter__(self) -> Iterator[dict[str, Value]]:
        for row in self.rows:
            yield {name: value(term) for name, term in zip(self.variables, row, strict=True)}


def value(term: Term | None) -> Value:
    """Return a term as a Python value: dates, whole and decimal numbers, booleans; all else as its text."""
    if isinstance(term, ox.Literal):
        convert = _CONVERSIONS.get(term.datatype.value, str)
        try:
            return convert(term.value)
        except (ValueError, ArithmeticError):  # an ill-typed literal is shown as it stands
            return term.value
    if isinstance(term, ox.NamedNode):
        return term.value
    return None if term is None else str(term)


_CONVERSIONS: dict[str, Callable[[str], Value]] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "boolean": lambda text: text in {"true", "1"},
    XSD + "date": dt.date.fromisoformat,
}

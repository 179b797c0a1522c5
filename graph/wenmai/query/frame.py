"""Answers as pandas frames, each column of the type that its values have. pandas is an extra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from wenmai.errors import UsageError
from wenmai.namespaces import XSD
from wenmai.query.result import Result, Term

if TYPE_CHECKING:
    from pandas import DataFrame

_TYPES = {
    XSD + "integer": "Int64",
    XSD + "decimal": "Float64",
    XSD + "double": "Float64",
    XSD + "boolean": "boolean",
    XSD + "date": "datetime64[s]",
    XSD + "dateTime": "datetime64[s]",
}
_NUMBERS = {"Int64", "Float64"}
_SPECIAL = {"INF": "inf", "-INF": "-inf", "NaN": "nan"}


def pandas() -> Any:
    """Return the pandas module. Raises UsageError if it is not installed."""
    try:
        import pandas as module
    except ImportError as error:
        raise UsageError("frames need pandas, which is not installed: pip install 'wenmai[frames]'") from error
    return module


def frame(result: Result) -> DataFrame:
    """Return the rows of a result, or its triples, as a DataFrame. Raises UsageError for an ASK, and without pandas."""
    pd = pandas()
    if result.kind == "ask":
        raise UsageError("a yes or no is no table; use ask()")
    names: Sequence[str] = result.variables
    rows: Sequence[Sequence[Term | None]] = result.rows
    if result.kind == "graph":
        names = ("subject", "predicate", "object")
        rows = [(triple.subject, triple.predicate, triple.object) for triple in result.triples]
    made: DataFrame = pd.DataFrame({name: _column(pd, [row[at] for row in rows]) for at, name in enumerate(names)})
    return made


def _column(pd: Any, terms: Sequence[Term | None]) -> Any:
    found = {_type(term) for term in terms if term is not None}
    dtype = found.pop() if len(found) == 1 else "Float64" if found and found <= _NUMBERS else "string"
    texts = [None if term is None else _text(term) for term in terms]
    try:
        if dtype == "boolean":
            return pd.array([None if text is None else text in {"true", "1"} for text in texts], dtype=dtype)
        if dtype.startswith("datetime"):
            return pd.Series(pd.to_datetime(texts, utc=True, format="ISO8601").tz_localize(None)).astype(dtype)
        if dtype in _NUMBERS:
            return pd.array([None if text is None else _number(text, dtype) for text in texts], dtype=dtype)
    except (ValueError, OverflowError):  # a value that is not of its type, or too large for the column's
        pass
    return pd.array(texts, dtype="string")


def _type(term: Term) -> str:
    return _TYPES.get(term.datatype.value, "string") if isinstance(term, ox.Literal) else "string"


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _number(text: str, dtype: str) -> float:
    return int(text) if dtype == "Int64" else float(_SPECIAL.get(text, text))

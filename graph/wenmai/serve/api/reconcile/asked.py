"""A batch of reconciliation queries and a data extension query, read from the JSON that a client sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from wenmai.serve.api.reconcile import schema
from wenmai.serve.problem import Problem

BATCH = 200
"""Queries of a batch."""
CHARACTERS, LIMIT, PROPERTIES, VALUES = 500, 100, 20, 20
"""Characters of a text; candidates of a query; properties it may give, values of each."""
IDS, COLUMNS, CELLS = 1000, 50, 20_000
"""Entities of a data extension, properties asked for, and both multiplied."""
DEFAULT_LIMIT = 10
_MEMBERS = {"query", "type", "limit", "properties", "type_strict"}


@dataclass(frozen=True, slots=True)
class Query:
    """One query of a batch. `types` are classes,  empty for one unknown; `given` are values by property."""

    text: str
    types: tuple[str, ...]
    strict: str
    limit: int
    given: tuple[tuple[str, tuple[Any, ...]], ...]


def batch(text: str) -> dict[str, Query]:
    """Return the queries of a batch by their names. Raises Problem: 400, 413."""
    found = _json(text, "queries")
    if not isinstance(found, dict):
        raise Problem(400, "queries is to be a JSON object of queries by name")
    if len(found) > BATCH:
        raise Problem(413, f"a batch has at most {BATCH} queries; the manifest says so in batchSize")
    return {name: _query(f"query {number}", query) for number, (name, query) in enumerate(found.items(), 1)}


def extension(text: str) -> tuple[list[str], list[str]]:
    """Return the ids and the properties of a data extension query. Raises Problem: 400, 413."""
    found = _json(text, "extend")
    ids, wanted = (found.get("ids"), found.get("properties")) if isinstance(found, dict) else (None, None)
    if not isinstance(ids, list) or not all(isinstance(each, str) and each for each in ids):
        raise Problem(400, "extend needs ids, an array of strings")
    if not isinstance(wanted, list) or not all(isinstance(p, dict) and isinstance(p.get("id"), str) for p in wanted):
        raise Problem(400, "extend needs properties, an array of objects with an id")
    if len(ids) > IDS or len(wanted) > COLUMNS or len(ids) * len(wanted) > CELLS:
        raise Problem(413, f"extend at most {IDS} entities by {COLUMNS} properties, {CELLS:,} cells together")
    return ids, [each["id"] for each in wanted]


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(400, f"{what} is not JSON") from None


def _query(where: str, query: Any) -> Query:
    if not isinstance(query, dict):
        raise Problem(400, f"{where} is not a JSON object")
    unknown = [name for name in query if name not in _MEMBERS]
    if unknown:
        raise Problem(400, f"{where} has a member that the API does not know; it takes {', '.join(sorted(_MEMBERS))}")
    text = query.get("query", "")
    if not isinstance(text, str) or len(text) > CHARACTERS:
        raise Problem(400, f"{where}: query is to be a text of at most {CHARACTERS} characters")
    limit = query.get("limit", DEFAULT_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or not 1 <= limit <= 10**9:
        raise Problem(400, f"{where}: limit is to be a number above 0")
    strict = query.get("type_strict", "should")
    if strict not in {"any", "all", "should"}:
        raise Problem(400, f"{where}: type_strict is any, all or should")
    given = tuple(_given(where, each) for each in _list(where, "properties", query.get("properties", []), PROPERTIES))
    if not text.strip() and not given:
        raise Problem(400, f"{where} has neither a query nor properties")
    types = query.get("type", [])
    named = _list(where, "type", [types] if isinstance(types, str) else types, PROPERTIES)
    if not all(isinstance(each, str) for each in named):
        raise Problem(400, f"{where}: type is a string or an array of strings")
    meant = tuple(schema.local(each, schema.types()) for each in named if each.strip())
    return Query(text.strip(), meant, strict, min(int(limit), LIMIT), given)


def _given(where: str, pair: Any) -> tuple[str, tuple[Any, ...]]:
    if not isinstance(pair, dict) or not isinstance(pair.get("pid"), str) or "v" not in pair:
        raise Problem(400, f"{where}: a property is an object with pid and v")
    values = pair["v"] if isinstance(pair["v"], list) else [pair["v"]]
    for value in _list(where, "v", values, VALUES):
        text = value.get("id") if isinstance(value, dict) else value
        if not isinstance(text, (str, int, float, bool)) or len(str(text)) > CHARACTERS:
            raise Problem(400, f"{where}: a value is a short text, a number, true, false or an object with an id")
    return schema.local(pair["pid"], schema.properties()), tuple(values)


def _list(where: str, what: str, values: Any, most: int) -> list[Any]:
    if not isinstance(values, list):
        raise Problem(400, f"{where}: {what} is not an array")
    if len(values) > most:
        raise Problem(400, f"{where}: {what} has more than {most} entries")
    return values

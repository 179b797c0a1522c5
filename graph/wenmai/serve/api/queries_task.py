"""What a worker does for `/queries`."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from wenmai.errors import UsageError
from wenmai.query import media
from wenmai.query.bind import bind
from wenmai.query.evaluate import Evaluated, Manner, evaluate
from wenmai.query.formats import shown
from wenmai.query.guard import form, tokens
from wenmai.query.library import NamedQuery, Parameter, library
from wenmai.query.result import Result
from wenmai.query.window import Window
from wenmai.serve.answer import Answer
from wenmai.serve.api.queries_inputs import inputs
from wenmai.serve.html import HTML, Links, data_block, forms, render
from wenmai.serve.negotiate import choose
from wenmai.serve.problem import Problem
from wenmai.serve.sparql.task import TRUNCATED, written
from wenmai.store.protocol import Store

NOTES = "X-Wenmai-Notes"
"""The header with what the reader should know of the names that were given: a JSON array of texts, in ASCII."""
ON_A_PAGE = 200
"""Rows of a page."""
OFFERS = tuple(dict.fromkeys((*media.SOLUTIONS, *media.GRAPHS)))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take a cell for a formula by (OWASP, CSV Injection)."""
_TEXT = {"type": "string"}
_PARAMETER = {
    "name": _TEXT,
    "type": _TEXT,
    "about": _TEXT,
    "required": {"type": "boolean"},
    "default": {"type": ["string", "null"]},
}
_QUERY = {
    "name": _TEXT,
    "title": {"type": "object", "properties": {"zh": _TEXT, "en": _TEXT}, "required": ["zh", "en"]},
    "about": _TEXT,
    "parameters": {
        "type": "array",
        "items": {"type": "object", "properties": _PARAMETER, "required": list(_PARAMETER)},
    },
    "example": {"type": "object", "additionalProperties": _TEXT},
    "form": {"enum": ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "queries": {"type": "array", "items": {"type": "object", "properties": _QUERY, "required": list(_QUERY)}}
    },
    "required": ["queries"],
}


def offers(query: NamedQuery) -> tuple[str, ...]:
    """Return the media types that the answer to a query comes in, the first where nothing is asked for."""
    return tuple(media.GRAPHS if form(tokens(query.text)) in {"CONSTRUCT", "DESCRIBE"} else media.SOLUTIONS)


def catalogue(_: Store, __: Mapping[str, Any]) -> Answer:
    """Answer with the queries as JSON."""
    listed = [
        {
            "name": query.name,
            "title": {"zh": query.title_zh, "en": query.title_en},
            "about": query.about,
            "parameters": [
                {
                    "name": each.name,
                    "type": each.type,
                    "about": each.about,
                    "required": _required(each),
                    "default": each.default,
                }
                for each in query.inputs
            ],
            "example": dict(query.example),
            "form": form(tokens(query.text)),
        }
        for query in library().values()
    ]
    return Answer(json.dumps({"queries": listed}, ensure_ascii=False).encode(), "application/json")


def listed(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the queries as a page."""
    links = Links(store.base, call["prefix"], call["asked_lang"])
    rows = [
        {
            "name": query.name,
            "zh": query.title_zh,
            "en": query.title_en,
            "about": query.about,
            "href": links.to(f"/queries/{query.name}"),
            "example": query.example and links.to(f"/queries/{query.name}", **query.example),
            "shown": "  ".join(f"{name}={value}" for name, value in query.example.items()),
        }
        for query in library().values()
    ]
    return Answer(render("queries.html", links, call["lang"], {"queries": rows}), HTML)


def answered(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer the query `name` with its `values` as `accept` wants it.

    Raises Problem 400, 406 and what `evaluate` raises.
    """
    query = library()[call["name"]]
    chosen = choose(call["accept"], offers(query))
    if chosen is None:
        raise Problem(406, f"this answer comes as {', '.join(offers(query))}")
    window = Window(call["rows"], call["offset"])
    done = _evaluated(store, query, call, window)
    answer = written(done, chosen, window, store.base)
    body, headers = answer.body, dict(answer.headers)
    if done.notes:
        headers[NOTES] = json.dumps(done.notes)
        if chosen in {media.JSON, "application/json"} and done.kind != "graph":
            whole = json.loads(body)
            whole["head"]["notes"] = done.notes
            body = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(body, answer.media, headers=headers)


def spreadsheet(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer as CSV for people: with a byte order mark, values as people read them, and no cell that is a formula."""
    query = library()[call["name"]]
    window = Window(call["rows"], call["offset"])
    result, more = _result(store, query, call, window)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_columns(result))
    rows.writerows([[harmless(shown(term, "")) for term in row] for row in _rows(result)])
    headers = {"Content-Disposition": f'attachment; filename="{query.name}.csv"'}
    if more:
        headers[TRUNCATED] = f"rows={window.rows}"
    return Answer(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", headers=headers)


def page(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer as a page in `lang`: what may be filled in, and the answer if what is needed is there."""
    query = library()[call["name"]]
    links = Links(store.base, call["prefix"], call["asked_lang"])
    window = Window(call["rows"], call["offset"])
    result: Result | None = None
    more, said = False, ""
    if all(each.name in call["values"] for each in query.inputs if _required(each)):
        try:
            result, more = _result(store, query, call, window)
        except UsageError as error:
            said = str(error)
    values = {
        "query": query,
        "title": (query.title_zh, query.title_en)[:: 1 if call["lang"] == "zh" else -1],
        "inputs": inputs(query, call["values"], call["lang"]),
        "said": said,
        "result": result,
        "columns": _columns(result) if result is not None else (),
        "rows": [[_cell(term, store.base, links) for term in row] for row in _rows(result)] if result else (),
        "more": more,
        "window": window,
        "at": lambda **asked: _at(links, call, asked),
        "other_lang": _at(links.in_other(call["lang"]), call, {}),
        "example": query.example and links.to(f"/queries/{query.name}", **query.example),
        "text": _at(links, call, {}, ".rq"),
        "forms": data_block(forms(links, call["lang"])),
        "editor": result is not None and _in_editor(store, query, call, links),
    }
    body = render("query.html", links, call["lang"], values)
    headers = {TRUNCATED: f"rows={window.rows}"} if more else {}
    return Answer(body, HTML, 400 if said else 200, headers)


def text(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the text of the query, its parameters bound to `values`. Raises UsageError."""
    query = library()[call["name"]]
    written, notes = bind(query, tokens(query.text), call["values"], store)
    return Answer(written.encode(), "application/sparql-query", headers={NOTES: json.dumps(notes)} if notes else {})


def _in_editor(store: Store, query: NamedQuery, call: Mapping[str, Any], links: Links) -> str:
    """Return the link that opens what was asked in the editor."""
    written, _ = bind(query, tokens(query.text), call["values"], store)
    return links.to("/sparql") + "#" + urllib.parse.urlencode({"query": written})


def _at(links: Links, call: Mapping[str, Any], more: Mapping[str, object], ending: str = "") -> str:
    """Return the link to the same query with the values that were given, and `more`."""
    given = [(name, value) for name, values in call["values"].items() for value in values]
    asked = urllib.parse.urlencode([*given, *more.items()])
    path = links.to(f"/queries/{call['name']}{ending}")
    return path + ("&" if "?" in path else "?") + asked if asked else path


def _evaluated(store: Store, query: NamedQuery, call: Mapping[str, Any], window: Window) -> Evaluated:
    for parameter in query.inputs:
        if _required(parameter) and parameter.name not in call["values"]:
            raise Problem(400, f"{query.name} needs {parameter.name}: {parameter.about}; add ?{parameter.name}=…")
    return evaluate(store, query, call["values"], Manner(window=window))


def _result(store: Store, query: NamedQuery, call: Mapping[str, Any], window: Window) -> tuple[Result, bool]:
    done = _evaluated(store, query, call, window)
    payload, more = window.cut(done.payload) if done.kind == "select" else (done.payload, False)
    return Result(done.kind, payload, store.base, done.notes), more


def _columns(result: Result) -> tuple[str, ...]:
    return {"select": result.variables, "ask": ("answer",), "graph": ("subject", "predicate", "object")}[result.kind]


def _rows(result: Result) -> list[tuple[Any, ...]]:
    if result.kind == "ask":
        return [(ox.Literal("true" if result.boolean else "false"),)]
    if result.kind == "graph":
        return [(triple.subject, triple.predicate, triple.object) for triple in result.triples]
    return list(result.rows)


def _cell(term: Any, base: str, links: Links) -> tuple[str, str]:
    """Return what a page shows of a term, and where it leads; empty if nowhere."""
    return shown(term, base), links.of(term.value) if isinstance(term, ox.NamedNode) else ""


def harmless(cell: str) -> str:
    """Return the cell of a spreadsheet so that no program takes it for a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _required(parameter: Parameter) -> bool:
    return not parameter.optional and parameter.default is None

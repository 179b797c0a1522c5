"""The page of `/sparql` for people: an editor, and the answer to a query that came with the address.

Without a script it is a form that answers as a page or a file; the script of `static/ask/` makes the editor of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

import pyoxigraph as ox

from wenmai.errors import ComplexityError, UsageError
from wenmai.namespaces import PREFIXES
from wenmai.query.library import library
from wenmai.query.result import Result, Term
from wenmai.query.window import Window
from wenmai.serve.answer import Answer
from wenmai.serve.html import HTML, Lang, Links, data_block, render, words
from wenmai.serve.linked.names import Names, Thing
from wenmai.serve.sparql.request import FORMATS
from wenmai.serve.sparql.task import TRUNCATED, evaluated
from wenmai.store.protocol import Store

ON_A_PAGE = 200
"""Rows of a page that has no script."""
_FIRST = """SELECT ?organization ?name WHERE {
  ?organization a wenmai:Company ; skos:prefLabel ?name .
}
ORDER BY ?name
LIMIT 50
"""
"""What stands in the editor at first: it answers something on every store."""


def page(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page, with the answer to `query` if it is not empty; its status is 400 for what is no query."""
    links = Links(store.base, call["prefix"], call["asked_lang"])
    lang: Lang = call["lang"]
    window = Window(ON_A_PAGE, call["offset"])
    columns: tuple[str, ...] = ()
    rows: list[list[Thing]] = []
    more, said = False, ""
    if call["query"]:
        try:
            columns, rows, more = _answered(store, call, window, Names(store, links, lang))
        except (UsageError, ComplexityError) as error:
            said = str(error)
    values = {
        "query": call["query"] or _FIRST,
        "asked": bool(call["query"]),
        "formats": tuple(FORMATS),
        "columns": columns,
        "rows": rows,
        "said": said,
        "after": more and links.to("/sparql", query=call["query"], offset=window.offset + window.rows),
        "other_lang": links.in_other(lang).to("/sparql", query=call["query"]),
        "data": data_block(_told(store, links, lang, call["rows"])),
    }
    headers = {TRUNCATED: f"rows={window.rows}"} if more else {}
    return Answer(render("sparql.html", links, lang, values), HTML, 400 if said else 200, headers)


def _answered(
    store: Store, call: Mapping[str, Any], window: Window, names: Names
) -> tuple[tuple[str, ...], list[list[Thing]], bool]:
    """Return columns, rows and whether there are more. Raises UsageError, ComplexityError, StoreError."""
    done = evaluated(store, call, window)
    more, payload = False, done.payload
    if done.kind == "select":
        payload, more = window.cut(payload)
    result = Result(done.kind, payload, store.base, done.notes)
    if done.kind == "ask":
        return ("ASK",), [[Thing("true" if result.boolean else "false")]], False
    if done.kind == "select":
        return result.variables, [[_shown(term, names) for term in row] for row in result.rows], more
    triples = result.triples
    shown = islice(triples, window.offset, window.offset + window.rows)
    rows = [[_shown(term, names) for term in (each.subject, each.predicate, each.object)] for each in shown]
    return ("subject", "predicate", "object"), rows, len(triples) > window.offset + window.rows


def _shown(term: Term | None, names: Names) -> Thing:
    return Thing("") if term is None else names.thing(term, chip=isinstance(term, ox.NamedNode))


def _told(store: Store, links: Links, lang: Lang, rows: int) -> dict[str, object]:
    """Return what the script of the page is told."""
    examples = [
        {
            "title": query.title_zh if lang == "zh" else query.title_en,
            "href": links.to(f"/queries/{query.name}.rq", **query.example),
        }
        for query in library().values()
    ]
    return {
        "lang": lang,
        "base": store.base,
        "prefix": links.prefix,
        "prefixes": PREFIXES | {"id": store.base + "id/"},
        "rows": rows,
        "examples": examples,
        "texts": words(lang, "ed_"),
    }

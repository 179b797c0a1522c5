"""What a worker does for `/sparql`: a query evaluated and written in the media type that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pyoxigraph as ox

from wenmai.errors import UsageError
from wenmai.namespaces import PREFIXES
from wenmai.query import media
from wenmai.query.evaluate import Evaluated, Manner, evaluate
from wenmai.query.guard import check, form
from wenmai.query.library import NamedQuery
from wenmai.query.window import Window
from wenmai.serve.answer import Answer
from wenmai.serve.negotiate import choose
from wenmai.serve.problem import Problem
from wenmai.serve.sparql.federation import forwarder
from wenmai.store.protocol import Graphs, Store

TRUNCATED = "X-Wenmai-Truncated"
_TEXT = {media.CSV, media.TSV, media.TURTLE}


def query(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer `query` on the dataset `default`, `named`, as `accept` wants it, with at most `rows` rows after `offset`.

    Raises Problem 406, and what `evaluate` raises.
    """
    found = check(call["query"], frozenset(call["services"]))
    offers = media.GRAPHS if form(found) in {"CONSTRUCT", "DESCRIBE"} else media.SOLUTIONS
    chosen = choose(call["accept"], tuple(offers))
    if chosen is None:
        raise Problem(406, f"this answer comes as {', '.join(offers)}")
    window = Window(call["rows"], call["offset"])
    answer = written(evaluated(store, call, window), chosen, window, store.base)
    if call.get("file"):
        return replace(
            answer, headers={**answer.headers, "Content-Disposition": f'attachment; filename="{call["file"]}"'}
        )
    return answer


def evaluated(store: Store, call: Mapping[str, Any], window: Window) -> Evaluated:
    """Return what the store answers to `query` on the dataset `default`, `named`. Raises what `evaluate` raises."""
    text, services = call["query"], frozenset(call["services"])
    found = check(text, services)
    graphs = Graphs(tuple(_iri(each) for each in call["default"]), tuple(_iri(each) for each in call["named"]))
    if services and any(token.is_word("SERVICE") for token in found):
        through = forwarder(tuple(sorted(services)))
        text, services = through.rewritten(text, found), through.addresses
    return evaluate(store, NamedQuery("query", text), {}, Manner(graphs, window, call["base"], services))


def written(done: Evaluated, chosen: str, window: Window, base: str) -> Answer:
    """Return an answer in the media type `chosen`; it says so where rows were left out."""
    headers: dict[str, str] = {}
    payload = done.payload
    if done.kind == "select":
        payload, more = window.cut(payload)
        if more:
            headers[TRUNCATED] = f"rows={window.rows}"
    if done.kind == "graph":
        if media.GRAPHS[chosen] != ox.RdfFormat.N_TRIPLES:
            return triples_as((quad.triple for quad in ox.parse(payload, ox.RdfFormat.N_TRIPLES)), chosen, base)
    elif media.SOLUTIONS[chosen] == ox.QueryResultsFormat.JSON:
        payload = _marked(payload) if headers else payload
    else:
        parsed = ox.parse_query_results(payload, ox.QueryResultsFormat.JSON)
        payload = parsed.serialize(format=media.SOLUTIONS[chosen]) or b""
    return Answer(payload, chosen + ("; charset=utf-8" if chosen in _TEXT else ""), headers=headers)


def _iri(text: str) -> str:
    try:
        return ox.NamedNode(text).value
    except ValueError:
        raise UsageError(f"{text[:200]!r} is not the IRI of a graph") from None


def triples_as(triples: Iterable[ox.Triple], chosen: str, base: str) -> Answer:
    """Return triples in the media type `chosen`."""
    format = media.GRAPHS[chosen]
    prefixes = PREFIXES | {"id": base + "id/"} if format in {ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG} else None
    body = ox.serialize(triples, format=format, prefixes=prefixes) or b""
    return Answer(body, chosen + ("; charset=utf-8" if chosen in _TEXT else ""))


def _marked(payload: bytes) -> bytes:
    """Say in the head of SPARQL JSON that rows were left out; a client passes over members it does not know."""
    answer = json.loads(payload)
    answer["head"]["truncated"] = True
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()

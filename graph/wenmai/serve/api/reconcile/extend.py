"""Suggestions while one types, data extension, and the properties that it offers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.folding import key
from wenmai.query.search import names
from wenmai.serve.answer import Answer
from wenmai.serve.api.reconcile import asked, facts, schema
from wenmai.serve.problem import Problem
from wenmai.store.protocol import Store

PAGE = 20
"""Suggestions of an answer."""


def entities(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the things that `prefix` may become, by name, id or initials, after `cursor` of them."""
    prefix, cursor = call["prefix"], call["cursor"]
    node = facts.node(store, prefix)
    nodes = [node] if node is not None and not cursor else []
    if node is None and key(prefix):
        nodes = [ox.NamedNode(hit.iri) for hit in names(store, prefix, PAGE, cursor)]
    return _answer(
        {
            "result": [
                {
                    "id": facts.identifier(store, each),
                    "name": facts.name(store, each),
                    "description": facts.described(store, each),
                    "notable": [schema.type_(cls) for cls in facts.classes(store, each)],
                }
                for each in nodes
            ]
        }
    )


def terms(_: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the types or properties (`of`) that `prefix` may become, after `cursor` of them."""
    known = schema.types() if call["of"] == "type" else schema.properties()
    wanted = key(call["prefix"])
    held = [name for name in known if any(wanted in key(each) for each in _called(name))]
    held.sort(key=lambda name: not any(key(each).startswith(wanted) for each in _called(name)))
    some = held[call["cursor"] : call["cursor"] + PAGE]
    if call["of"] == "property":
        return _answer({"result": [schema.property_(name) for name in some]})
    described = (schema.type_(name) | {"description": ontology.comment(name, "en")} for name in some)
    return _answer({"result": list(described)})


def proposed(_: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the properties that things of `type` have, up to `limit`. Raises Problem 400 for an unknown type."""
    cls = schema.local(call["type"], schema.types())
    if call["type"] and not cls:
        near = schema.near(call["type"], schema.types())
        raise Problem(400, f"there is no such type; {f'did you mean {near[0]}?' if near else 'suggest lists them'}")
    limit = call["limit"]
    held = [schema.property_(name) for name in schema.properties_of(cls)]
    answer: dict[str, Any] = {"type": call["type"], "properties": held[:limit] if limit else held}
    return _answer(answer | ({"limit": limit} if limit else {}))


def extended(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with values of properties of entities: `extend`, a text in JSON. Raises Problem: 400, 413."""
    ids, wanted = asked.extension(call["extend"])
    meta = [_meta(each) for each in wanted]
    rows = {}
    for identifier in ids:
        node = facts.node(store, identifier)
        rows[identifier] = {
            column["id"]: [facts.cell(store, term) for term in facts.values(store, node, column["id"])] if node else []
            for column in meta
        }
    return _answer({"meta": meta, "rows": rows})


def _meta(asked_for: str) -> dict[str, Any]:
    prop = schema.local(asked_for, schema.properties())
    if not prop:
        near = schema.near(asked_for, schema.properties())
        hint = f"did you mean {near[0]}?" if near else "/reconcile/properties lists them"
        raise Problem(400, f"there is no property of a name that was given; {hint}")
    column = {"id": prop, "name": schema.label(prop)}
    range_ = [] if prop in schema.NAMES else [cls for cls in ontology.range_(prop) if cls in schema.types()]
    return column | ({"type": schema.type_(range_[0])} if len(range_) == 1 else {})


def _called(name: str) -> tuple[str, str, str]:
    return name, schema.label(name, "zh"), schema.label(name, "en")


def _answer(found: Mapping[str, Any]) -> Answer:
    return Answer(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")

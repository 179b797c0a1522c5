"""Candidates for what a client wrote in a cell: found by name, scored, and a match only beyond doubt.

A score is 0 to 100: how like the best name is, less where the class is not the one wanted, and where properties are
given three tenths of it is the share of them that the store bears out. `match` is said of a candidate alone whose name
is just what was asked for, where nothing else bears that name, whatever its class, and nothing given speaks against it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rapidfuzz import fuzz

from wenmai import ontology
from wenmai.folding import key
from wenmai.query.search import names, similar
from wenmai.serve.answer import Answer
from wenmai.serve.api.reconcile import asked, facts, schema
from wenmai.serve.api.reconcile.asked import Query
from wenmai.store.protocol import Store

_HELD, _LIKE, _BY_FACT = 40, 20, 200
"""Things looked at whose names hold the text, are like it, or that have a value that was given."""
_LEAST = 30.0
"""The likeness of names below which a thing is no candidate."""
_OTHER_CLASS, _OF_NAME = 0.7, 0.7


@dataclass(frozen=True, slots=True)
class _Found:
    """A thing that may be meant: how like its name is (0 to 100), and whether its name or id is just that."""

    node: ox.NamedNode
    likeness: float
    exact: bool


def answered(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer the batch `queries`, a text in JSON. Raises Problem: 400, 413."""
    found = {name: {"result": _candidates(store, query)} for name, query in asked.batch(call["queries"]).items()}
    return Answer(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")


def _candidates(store: Store, query: Query) -> list[dict[str, Any]]:
    found = list(_by_name(store, query.text) if query.text else _by_facts(store, query))
    alike = sum(each.exact for each in found)
    scored = [made for each in found if (made := _scored(store, query, each, alike)) is not None]
    scored.sort(key=lambda each: (-each["score"], each["id"]))
    return [_shown(store, each) for each in scored[: query.limit]]


def _by_name(store: Store, text: str) -> Iterator[_Found]:
    node = facts.node(store, text)
    if node is not None:
        yield _Found(node, 100.0, True)
        return
    wanted = key(text)
    if not wanted:
        return
    seen = set()
    for hit in (*names(store, text, _HELD, initials=False), *similar(store, text, _LIKE)):
        if hit.iri not in seen:
            seen.add(hit.iri)
            likeness = fuzz.ratio(wanted, key(hit.name))
            if likeness >= _LEAST:
                yield _Found(ox.NamedNode(hit.iri), likeness, wanted == key(hit.name))


def _by_facts(store: Store, query: Query) -> Iterator[_Found]:
    """Yield things that have values that were given, those with the most first."""
    counted: Counter[ox.NamedNode] = Counter()
    for prop, values in query.given:
        held = (
            subject
            for value in values
            if prop
            for term in _meant(store, value)
            for subject in facts.subjects(store, prop, term)
        )
        counted.update(set(_some(held)))
    for node, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0].value))[:_BY_FACT]:
        yield _Found(node, 100.0, False)


def _meant(store: Store, value: Any) -> list[ox.NamedNode | ox.Literal]:
    text = str(value["id"] if isinstance(value, dict) else value)
    node = facts.node(store, text)
    if node is not None:
        return [node]
    hits = names(store, text, _HELD, initials=False) if key(text) else []
    return [ox.NamedNode(hit.iri) for hit in hits if key(hit.name) == key(text)] + [ox.Literal(text)]


def _some(found: Iterator[ox.NamedNode]) -> Iterator[ox.NamedNode]:
    for number, node in enumerate(found):
        if number >= 50 * _BY_FACT:
            return
        yield node


def _scored(store: Store, query: Query, found: _Found, alike: int) -> dict[str, Any] | None:
    """Return a candidate; None if it is not of a class that it has to be of."""
    classes = facts.classes(store, found.node) if query.types else ()
    above = {name for cls in classes for name in ontology.superclasses(cls)}
    fitting = [wanted in above for wanted in query.types]
    fits = not fitting or (all(fitting) if query.strict == "all" else any(fitting))
    if not fits and query.strict != "should":
        return None
    shares = [_share(store, found.node, prop, values) for prop, values in query.given]
    borne = sum(share or 0.0 for share in shares) / len(shares) if shares else 0.0
    score = found.likeness if found.exact else min(found.likeness, 99.0)
    score *= 1.0 if fits else _OTHER_CLASS
    if shares:
        score = borne * 100 if not query.text else _OF_NAME * score + (1 - _OF_NAME) * 100 * borne
    features: list[dict[str, Any]] = [
        {"id": "name", "value": round(found.likeness, 2)},
        {"id": "exact", "value": found.exact},
        {"id": "namesakes", "value": max(0, alike - found.exact) if found.exact else 0},
        {"id": "type", "value": fits},
    ]
    if shares:
        features.append({"id": "properties", "value": round(borne, 4)})
    return {
        "id": facts.identifier(store, found.node),
        "score": round(score, 2),
        "features": features,
        "match": found.exact and alike == 1 and fits and 0.0 not in shares,
    }


def _shown(store: Store, scored: dict[str, Any]) -> dict[str, Any]:
    """Return a candidate that was scored with what a person tells it by."""
    node = facts.node(store, scored["id"])
    if node is None:
        return scored | {"name": scored["id"]}
    return scored | {
        "name": facts.name(store, node),
        "description": facts.described(store, node),
        "type": [schema.type_(cls) for cls in facts.classes(store, node)],
    }


def _share(store: Store, node: ox.NamedNode, prop: str, values: tuple[Any, ...]) -> float | None:
    """Return which part of the values given the store has; None if it says nothing of the property."""
    held = facts.values(store, node, prop) if prop else []
    if not held or not values:
        return None
    return sum(any(facts.is_meant(store, term, value) for term in held) for value in values) / len(values)

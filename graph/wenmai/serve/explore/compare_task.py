"""What a worker does to compare: two things by who is near them and how, two articles by what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.serve.answer import Answer
from wenmai.serve.explore import near
from wenmai.serve.explore.articles_task import heads
from wenmai.serve.explore.drawing import edges, lines, local, nodes
from wenmai.serve.explore.fact_task import shown
from wenmai.serve.explore.picture_task import answer, things
from wenmai.serve.html import Lang, Links
from wenmai.serve.linked.names import Names
from wenmai.serve.linked.place import look_up, rows
from wenmai.serve.linked.rdf import graph_of
from wenmai.serve.linked.said import Said, read
from wenmai.serve.problem import Problem
from wenmai.store.protocol import Store
from wenmai.triples import terms
from wenmai.view.links import symmetric

MOST = 40
"""Entries of each list."""
_MENTIONED = f"SELECT ?e {{ %s {terms.term('mentions')} ?e }}"
_SIDES = ("shared", "only_a", "only_b")


def compare(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with what two things, or two articles, share and what each has alone. Raises Problem 400, 404, 410."""
    are = [call[side].startswith("article-") for side in ("a", "b")]
    if are[0] != are[1]:
        raise Problem(400, "a and b are to be two things, or two articles")
    return _articles(store, call) if are[0] else _things(store, call)


def _things(store: Store, call: Mapping[str, Any]) -> Answer:
    lang: Lang = call["lang"]
    pair = things(store, [call["a"], call["b"]], apart=True)
    if len(pair) != 2 or pair[0] == pair[1]:
        raise Problem(400, "a and b are to be two different things")
    found = near.neighbours(store, pair)
    one, other = (found.get(iri, set()) - set(pair) for iri in pair)
    parts = {"shared": one & other, "only_a": one - other, "only_b": other - one}
    ranks = near.ranked(store, one | other)
    lists = {name: [iri for iri in ranks if iri in part][:MOST] for name, part in parts.items()}
    wanted = [*pair, *dict.fromkeys(iri for part in lists.values() for iri in part)]
    made = {node["iri"]: node for node in nodes(store, wanted, lang, ranks)}
    drawn = [line for line in lines(store, wanted) if line.source in pair or line.target in pair]
    how: dict[str, list[dict[str, Any]]] = {}
    for line, edge in zip(drawn, edges(store, drawn, lang), strict=True):
        other_end = line.target if line.source in pair else line.source
        how.setdefault("between" if {line.source, line.target} == set(pair) else other_end, []).append(edge)
    told: dict[str, Any] = {"kind": "things", "a": made[pair[0]], "b": made[pair[1]], "between": how.get("between", [])}
    for name, part in lists.items():
        told[name] = [{"node": made[iri], "edges": how.get(iri, [])} for iri in part]
    return answer(told | {"totals": {name: len(part) for name, part in parts.items()}})


def _articles(store: Store, call: Mapping[str, Any]) -> Answer:
    lang: Lang = call["lang"]
    pair = [_article(store, call[side]) for side in ("a", "b")]
    if pair[0] == pair[1]:
        raise Problem(400, "a and b are to be two different articles")
    names = Names(store, Links(store.base), lang)
    one, other = (_said(store, article) for article in pair)
    keys = {
        "shared": one.keys() & other.keys(),
        "only_a": one.keys() - other.keys(),
        "only_b": other.keys() - one.keys(),
    }
    claims: dict[str, list[dict[str, Any]]] = {}
    for name, wanted in keys.items():
        claims[name] = [
            {
                "label": ontology.label(key[1], lang),
                **{side: shown(names, said[key]) for side, said in (("a", one), ("b", other)) if key in said},
            }
            for key in sorted(wanted)[:MOST]
        ]
    first, last = ({node.value for (node,) in rows(store, _MENTIONED, article)} for article in pair)
    parts = {"shared": first & last, "only_a": first - last, "only_b": last - first}
    entities = {}
    for name, part in parts.items():
        kept = sorted(iri for iri in part if not local(iri).startswith(("post-", "event-")))[:MOST]
        entities[name] = nodes(store, kept, lang) if kept else []
    a, b = heads(store, [article.value for article in pair], lang)
    told = {"kind": "articles", "a": a, "b": b, "claims": claims, "entities": entities}
    return answer(told | {"totals": {name: len(keys[name]) for name in _SIDES}})


def _article(store: Store, given: str) -> ox.NamedNode:
    place = look_up(store, given)
    if place.kind != "article":
        raise Problem(404, "there is no such article")
    return place.node


def _said(store: Store, article: ox.NamedNode) -> dict[tuple[str, str, str], Said]:
    """Return the claims of an article by what they say, of several that say the same the first."""
    graph = graph_of(store, article)
    found: dict[tuple[str, str, str], Said] = {}
    for quad in store.match(None, terms.TYPE, terms.term("Claim"), graph):
        said = read(store, quad.subject, graph) if isinstance(quad.subject, ox.NamedNode) else None
        if said is None or said.rejected is not None:
            continue
        subject, predicate, value = said.fact
        ends = [subject.value, value.value if isinstance(value, ox.NamedNode) else str(value)]
        name = predicate.value.removeprefix(WENMAI)
        if name in symmetric():
            ends.sort()
        if name in ontology.properties():
            found.setdefault((ends[0], name, ends[1]), said)
    return found

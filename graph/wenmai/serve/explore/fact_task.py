"""What a worker does for the panel beside the canvas: a thing's card, and the words a line stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.reason.explain import Told, explain
from wenmai.serve.answer import Answer
from wenmai.serve.explore import near
from wenmai.serve.explore.claims import claims_of, contrary
from wenmai.serve.explore.drawing import edges, lines, local, nodes
from wenmai.serve.explore.picture_task import answer, things
from wenmai.serve.html import Lang, Links
from wenmai.serve.linked.names import Names
from wenmai.serve.linked.place import rows
from wenmai.serve.linked.said import Said, article_of
from wenmai.serve.problem import Problem
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import terms
from wenmai.triples.merge import Fact, holds
from wenmai.view import facts

MOST_FACTS = 100
"""Neighbours that a card tells of; `around` gives the others by pages."""
MOST_CLAIMS = 200
"""Claims that the evidence of one fact shows."""
_MENTIONED = f"SELECT (COUNT(?a) AS ?n) {{ ?a <{WENMAI}mentions> %s }}"


def card(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with what there is to say of a thing. Raises Problem 404, 410."""
    lang: Lang = call["lang"]
    (iri, *_) = things(store, [call["id"]])
    found = near.neighbours(store, [iri]).get(iri, set())
    order = near.ranked(store, found)
    shown = [iri, *list(order)[:MOST_FACTS]]
    drawn = [line for line in lines(store, shown) if iri in (line.source, line.target)]
    made = {node["id"]: node for node in nodes(store, shown, lang, order)}
    mine = local(iri)
    told: dict[str, list[dict[str, Any]]] = {"facts": [], "events": [], "posts": []}
    for edge in edges(store, drawn, lang):
        out = edge["source"] == mine
        other = made[edge["target"] if out else edge["source"]]
        entry = {
            "predicate": edge["predicate"],
            "label": ontology.label(edge["predicate"], lang),
            "direction": "out" if out or edge["symmetric"] else "in",
            "other": other,
            "edge": edge,
        }
        told[_list_of(edge, other)].append(entry)
    told["facts"].sort(key=lambda each: (each["direction"] != "out", each["predicate"], each["other"]["label"]))
    told["events"].sort(key=lambda each: (each["other"].get("begin") or "9999", each["other"]["label"]))
    told["posts"].sort(key=lambda each: (each["edge"]["first"] or "9999", each["other"]["label"]))
    names = facts.describe(store, [iri])[iri]
    articles = next(int(number.value) for (number,) in rows(store, _MENTIONED, ox.NamedNode(iri)))
    head = {"node": made[mine], "names": [name for name in names.names if name != made[mine]["label"]]}
    rest = {"values": _values(store, iri, lang), "articles": articles, "total": len(order)}
    return answer(head | told | rest | {"more": len(order) > MOST_FACTS})


def _list_of(edge: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    if edge["predicate"] == "holdsPost":
        return "posts"
    return "events" if other["kind"] == "Event" else "facts"


def _values(store: Store, iri: str, lang: Lang) -> list[dict[str, Any]]:
    """Return the literal facts of a thing: addresses, dates, titles."""
    found = []
    for quad in store.match(ox.NamedNode(iri), None, None, DEFAULT):
        name, value = quad.predicate.value.removeprefix(WENMAI), quad.object
        if name in ontology.properties() and isinstance(value, ox.Literal):
            found.append({"predicate": name, "label": ontology.label(name, lang), "value": value.value})
    return sorted(found, key=lambda each: (each["predicate"], each["value"]))


def evidence(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the claims for a line, those against it, and why it follows if it does. Raises Problem 404, 410."""
    lang: Lang = call["lang"]
    wanted = asked_facts(store, call)
    names = Names(store, Links(store.base), lang)
    said = claims_of(store, wanted)
    mine = [each for each in said if each.modality != "Denied" and each.rejected is None]
    against = [each for each in said if each.modality == "Denied" and each.rejected is None]
    if not mine:
        mine, against = against, []
    is_fact = all(next(store.match(*fact, DEFAULT), None) is not None for fact in wanted)
    against += contrary(store, wanted)
    if not said and not is_fact:
        raise Problem(404, "no article says this, and it does not follow from what they say")
    why = [] if mine else [_proof(proof) for proof in explain(store, wanted[0], 1, 3).proofs]
    fact = {
        "subject": named(store, wanted[0][0], names),
        "predicate": call["p"],
        "label": ontology.label(call["p"], lang),
        "object": named(store, wanted[-1][2], names),
        "holds": is_fact,
        "inferred": is_fact and not any(each.modality == "Asserted" for each in mine),
    }
    return answer(
        {
            "fact": fact,
            "claims": [shown(names, each) for each in mine[:MOST_CLAIMS]],
            "against": [shown(names, each) for each in against[:MOST_CLAIMS]],
            "why": why,
            "more": max(0, len(mine) - MOST_CLAIMS),
        }
    )


def asked_facts(store: Store, call: Mapping[str, Any]) -> list[Fact]:
    """Return the facts behind a line: one, both directions of one, or the two halves of each post between two ends.

    `o` is an id, or with `v` a literal's text. Raises Problem 400, 404, 410.
    """
    name = call["p"]
    if name not in ontology.properties():
        raise Problem(400, "p is to be the local name of a property of the ontology")
    (start, *_) = things(store, [call["s"]]) if not call["s"].startswith("post-") else (f"{store.base}id/{call['s']}",)
    subject, predicate = ox.NamedNode(start), terms.term(name)
    if not call["o"]:
        return [(subject, predicate, value) for value in _literals(store, subject, predicate, call["v"])]
    end = f"{store.base}id/{call['o']}" if call["o"].startswith("post-") else things(store, [call["o"]])[0]
    target = ox.NamedNode(end)
    if name == "holdsPost" and not near.is_post(end):
        return _halves(store, subject, target)
    found: list[Fact] = [(subject, predicate, target)]
    return found


def _literals(store: Store, subject: ox.NamedNode, predicate: ox.NamedNode, text: str) -> list[ox.Literal]:
    said = {quad.object for quad in store.match(subject, predicate, None, DEFAULT)}
    for quad in store.match(None, terms.SUBJECT, subject, None):
        if next(store.match(quad.subject, terms.PREDICATE, predicate, quad.graph_name), None) is not None:  # type: ignore[arg-type]
            said |= {each.object for each in store.match(quad.subject, terms.OBJECT, None, quad.graph_name)}  # type: ignore[arg-type]
    found = [each for each in said if isinstance(each, ox.Literal) and each.value == text]
    if not found:
        raise Problem(404, "no article says this, and it does not follow from what they say")
    return found


_HALVES = "SELECT DISTINCT ?post { GRAPH ?g { ?c <%s> %s ; <%s> ?post } GRAPH ?h { ?d <%s> ?post ; <%s> %s } }"


def _halves(store: Store, person: ox.NamedNode, body: ox.NamedNode) -> list[Fact]:
    """Return what makes a post a line: that the person holds it, and where it is."""
    ends = terms.SUBJECT.value, person, terms.OBJECT.value, terms.SUBJECT.value, terms.OBJECT.value, body
    found: list[Fact] = []
    for (post,) in rows(store, _HALVES, *ends):
        if isinstance(post, ox.NamedNode) and near.is_post(post.value):
            found += [(person, terms.term("holdsPost"), post), (post, terms.term("postIn"), body)]
    if not found:
        raise Problem(404, "no article says this, and it does not follow from what they say")
    return found


def named(store: Store, term: Any, names: Names) -> dict[str, Any]:
    """Return an end of a fact: what it is called, and its id if it has one."""
    if isinstance(term, ox.NamedNode):
        return {"id": local(term.value), "iri": term.value, "label": names.name(term)[0]}
    return {"id": None, "iri": None, "label": term.value}


def shown(names: Names, said: Said) -> dict[str, Any]:
    """Return a claim with its words and its article."""
    store, article = names.store, article_of(said.graph)
    source = names.source(article)
    spans = []
    for span in said.spans:
        of = {quad.predicate: getattr(quad.object, "value", "") for quad in store.match(span, None, None, said.graph)}
        spans.append((int(of.get(terms.BEGIN, 0)), int(of.get(terms.END, 0)), of.get(terms.ANCHOR, ""), span.value))
    begin, end, quote, where = min(spans, default=(0, 0, "", ""))
    identifier = next((q.object.value for q in store.match(article, terms.IDENTIFIER, None, said.graph)), "")  # type: ignore[union-attr]
    subject, predicate, value = said.fact
    return {
        "iri": said.claim.value,
        "subject": named(store, subject, names),
        "predicate": predicate.value.removeprefix(WENMAI),
        "object": named(store, value, names),
        "quote": quote,
        "begin": begin,
        "end": end,
        "span": where,
        "others": [{"quote": q, "begin": b, "end": e, "span": at} for b, e, q, at in sorted(spans)[1:]],
        "article": {
            "id": local(article.value),
            "iri": article.value,
            "identifier": identifier,
            "title": source.title,
            "date": source.date or None,
            "paper": source.paper or None,
        },
        "modality": said.modality,
        "confidence": float(said.confidence) if said.confidence else None,
        "approximate": said.approximate,
        "fact": said.modality == "Asserted" or _makes_fact(store, said),
    }


def _makes_fact(store: Store, said: Said) -> bool:
    status = next((q.object for q in store.match(said.fact[0], terms.EVENT_STATUS, None, said.graph)), None)
    return holds(said.fact[1], terms.term(said.modality), status)


def _proof(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = {"fact": told.fact, "terms": list(told.terms), "axioms": list(told.axioms)}
    found["premises"] = [_proof(each) for each in told.premises]
    found["claims"] = [
        {
            "iri": each.claim,
            "quote": each.quotes[0].text if each.quotes else "",
            "begin": each.quotes[0].begin if each.quotes else 0,
            "end": each.quotes[0].end if each.quotes else 0,
            "article": {"identifier": each.article, "title": each.title, "date": each.date},
            "modality": each.modality,
            "confidence": each.confidence,
        }
        for each in told.evidence
    ]
    return found

"""The page of a claim: what it says, how, on which words, whether it is a fact, and who says the same or denies it."""

from __future__ import annotations

import pyoxigraph as ox

from wenmai.namespaces import WENMAI
from wenmai.serve.html import Lang, Links, render
from wenmai.serve.linked.names import Names
from wenmai.serve.linked.place import Place
from wenmai.serve.linked.said import APPROXIMATE, CONFIDENCE, Said, claims_of, modality_label, quotes_of
from wenmai.serve.problem import Problem
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms

_MOST = 50


def page(store: Store, place: Place, links: Links, lang: Lang) -> bytes:
    """Return the page of a claim."""
    names = Names(store, links, lang)
    graph = _graph(store, place.node)
    lines: dict[ox.NamedNode, list[ox.NamedNode | ox.Literal]] = {}
    for quad in store.match(place.node, None, None, graph):
        if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            lines.setdefault(quad.predicate, []).append(quad.object)
    subject, predicate, value, modality = (
        lines.get(part, [None])[0] for part in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT, terms.MODALITY)
    )
    if not isinstance(subject, ox.NamedNode) or not isinstance(predicate, ox.NamedNode) or value is None:
        raise Problem(404, "there is nothing here")
    how = modality.value.removeprefix(WENMAI) if modality else ""
    this = Said(place.node, graph, (subject, predicate, value), how, "", None)
    others = [said for said in claims_of(store, this.fact) if said.claim != this.claim][:_MOST]
    return render(
        "claim.html",
        links,
        lang,
        {
            "iri": place.node.value,
            "subject": names.thing(subject, chip=True),
            "predicate": names.thing(predicate),
            "object": names.thing(value, chip=True),
            "modality": modality_label(how, names),
            "key": how.lower(),
            "approximate": APPROXIMATE in lines,
            "confidence": "".join(each.value for each in lines.get(CONFIDENCE, [])[:1]),
            "rules": sorted(each.value for each in lines.get(terms.term("rule"), ())),
            "runs": [names.thing(each) for each in lines.get(terms.GENERATED_BY, ())],
            "rejected": [names.thing(each) for each in lines.get(terms.REJECTED_BY, ())],
            "confirmed": [names.thing(each) for each in lines.get(terms.CONFIRMED_BY, ())],
            "is_fact": next(store.match(subject, predicate, value, DEFAULT), None) is not None,
            "source_": names.source(this.article),
            "quotes_": quotes_of(names, this),
            "others": [
                (modality_label(said.modality, names), said.modality.lower(), quotes_of(names, said)) for said in others
            ],
        },
    )


def _graph(store: Store, node: ox.NamedNode) -> ox.NamedNode:
    for quad in store.match(node, terms.TYPE, None, None):
        if isinstance(quad.graph_name, ox.NamedNode) and iris.is_article_graph(quad.graph_name):
            return quad.graph_name
    raise Problem(404, "there is nothing here")

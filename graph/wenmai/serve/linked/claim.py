"""The page of a claim: what it says, how, on which words, whether it is a fact, and who says the same or denies it."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from wenmai.serve.html import Lang, Links, render
from wenmai.serve.linked.names import Names
from wenmai.serve.linked.place import Place
from wenmai.serve.linked.said import article_of, claims_of, modality_label, quotes_of, read
from wenmai.serve.problem import Problem
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms

_MOST = 50


def page(store: Store, place: Place, links: Links, lang: Lang) -> bytes:
    """Return the page of a claim."""
    names = Names(store, links, lang)
    graph = _graph(store, place.node)
    this = read(store, place.node, graph)
    if this is None:
        raise Problem(404, "there is nothing here")
    subject, predicate, value = this.fact
    lines: dict[ox.NamedNode, list[ox.NamedNode | ox.Literal]] = defaultdict(list)
    for quad in store.match(place.node, None, None, graph):
        if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            lines[quad.predicate].append(quad.object)
    others = [said for said in claims_of(names, this.fact) if said.claim != this.claim][:_MOST]
    return render(
        "claim.html",
        links,
        lang,
        {
            "iri": place.node.value,
            "subject": names.thing(subject, chip=True),
            "predicate": names.thing(predicate),
            "object": names.thing(value, chip=True),
            "modality": modality_label(this.modality, names),
            "key": this.modality.lower(),
            "approximate": this.approximate,
            "confidence": this.confidence,
            "rules": sorted(each.value for each in lines[terms.term("rule")]),
            "runs": [names.thing(each) for each in lines[terms.GENERATED_BY]],
            "rejected": [names.thing(each) for each in lines[terms.REJECTED_BY]],
            "confirmed": [names.thing(each) for each in lines[terms.CONFIRMED_BY]],
            "is_fact": next(store.match(subject, predicate, value, DEFAULT), None) is not None,
            "source_": names.source(article_of(graph)),
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

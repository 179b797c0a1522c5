"""The page of a named graph: a short list of what is in it."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pyoxigraph as ox

from wenmai.namespaces import WENMAI
from wenmai.serve.html import Lang, Links, render
from wenmai.serve.linked.names import Names, Thing
from wenmai.serve.linked.rdf import MOST
from wenmai.store.protocol import Store
from wenmai.triples import iris, terms

_SHOWN = 200


def page(store: Store, graph: ox.NamedNode, links: Links, lang: Lang) -> bytes:
    """Return the page of a graph of the store, which counts the first `rdf.MOST` of its triples and no more."""
    names = Names(store, links, lang)
    counts: Counter[str] = Counter()
    first: list[tuple[Thing, Thing, Thing]] = []
    size = 0
    for quad in islice(store.match(None, None, None, graph), MOST):
        size += 1
        if quad.predicate == terms.TYPE and isinstance(quad.object, ox.NamedNode):
            counts[names.term(quad.object)] += 1
        elif len(first) < _SHOWN and quad.predicate.value.startswith(WENMAI) and not iris.is_article_graph(graph):
            first.append((names.thing(quad.subject), names.thing(quad.predicate), names.thing(quad.object)))
    local = graph.value.rpartition("/")[2]
    article = ox.NamedNode(f"{store.base}id/{local}") if iris.is_article_graph(graph) else None
    return render(
        "graph.html",
        links,
        lang,
        {
            "iri": graph.value,
            "local": local,
            "article": names.source(article) if article else None,
            "size": size,
            "whole": size < MOST,
            "counts": counts.most_common(),
            "first": first,
        },
    )

"""Which articles a store holds, and whether one of them is the article at hand."""

from __future__ import annotations

import pyoxigraph as ox

from wenmai.records import Article, Linked, Resolution, Run
from wenmai.triples import iris, terms
from wenmai.triples.article import article_quads
from wenmai.triples.merge import Matcher

_NOT_THE_INPUT = {terms.term("mentions"), terms.term("author"), terms.term("publishedIn")}
"""What the article's node says that follows from its text, or by way of an entity."""


def stored_articles(store: Matcher) -> dict[str, str]:
    """Return the identifiers of the articles in the store, each with its source, in order of identifier."""
    sources = {
        quad.subject: quad.object.value
        for quad in store.match(None, terms.SOURCE, None, None)
        if iris.is_article_graph(quad.graph_name) and isinstance(quad.object, ox.Literal)
    }
    identifiers = {
        quad.object.value: sources.get(quad.subject, "")
        for quad in store.match(None, terms.IDENTIFIER, None, None)
        if iris.is_article_graph(quad.graph_name) and isinstance(quad.object, ox.Literal)
    }
    return dict(sorted(identifiers.items()))


def is_unchanged(store: Matcher, base: str, article: Article, run: Run) -> bool:
    """Tell whether the store holds `article` as it is, with the same metadata, extracted by the same run."""
    node, graph = iris.article_iri(base, article.id), iris.graph_iri(base, article.id)
    expected = set(article_quads(Linked(Resolution(article, run)), base))
    lines = list(store.match(node, None, None, graph))
    shown = {quad for quad in lines if quad.predicate not in _NOT_THE_INPUT}
    shown |= set(store.match(iris.run_iri(base, run), None, None, graph))
    return shown == expected and _same_paper(store, graph, lines, article.publisher)


def _same_paper(store: Matcher, graph: ox.NamedNode, lines: list[ox.Quad], name: str | None) -> bool:
    """Tell whether the paper that the graph names is the one called `name`, or is none as `name` is None."""
    paper = next((line.object for line in lines if line.predicate == terms.term("publishedIn")), None)
    if name is None or not isinstance(paper, ox.NamedNode):
        return name is None and paper is None
    return next(store.match(paper, terms.NAME_AS_PRINTED, terms.string(name), graph), None) is not None

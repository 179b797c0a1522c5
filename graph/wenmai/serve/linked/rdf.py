"""A node or a graph as RDF: what is said of it, and in which of the formats."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice

import pyoxigraph as ox

from wenmai.query import media
from wenmai.serve.answer import Answer
from wenmai.serve.linked.place import Place, missing
from wenmai.serve.problem import Problem
from wenmai.store.protocol import ANY, DEFAULT, Store
from wenmai.triples import iris, terms
from wenmai.triples.export import serialize

FORMATS = {
    media.TURTLE: "turtle",
    media.JSON_LD: "jsonld",
    media.NTRIPLES: "ntriples",
    media.RDF_XML: "rdfxml",
    media.TRIG: "trig",
    media.NQUADS: "nquads",
}
"""The media types in which a node and a graph come, the first where nothing is asked for, as `serialize` names them."""
ENDINGS = {ending: kind for ending, kind in media.SUFFIXES.items() if kind in FORMATS}
MOST = 200_000
"""Quads of one answer."""

_NAMES = (terms.TYPE, terms.LABEL, terms.PREF_LABEL, terms.TITLE)
_SAYS = (terms.SUBJECT, terms.OBJECT)


def document(store: Store, place: Place, kind: str) -> Answer:
    """Return the RDF of a place in a media type of `FORMATS`. Raises Problem 413."""
    return written(described(store, place), kind, store.base)


def described(store: Store, place: Place) -> Iterator[ox.Quad]:
    """Yield what is said of a place, whole, each quad in its graph.

    Of an entity: the facts in which it stands at either end, what the other ends are called, what it replaces, and the
    claims about it. Of an article: its graph, and its facts. Of a claim: its lines and the words it stands on.
    """
    if place.kind == "article":
        yield from store.match(place.node, None, None, DEFAULT)
        yield from store.match(None, None, None, graph_of(store, place.node))
    elif place.kind == "claim":
        yield from _claim(store, place.node)
    elif place.kind == "record":
        yield from _record(store, place.node)
    else:
        yield from _entity(store, place.node)


def graph_of(store: Store, article: ox.NamedNode) -> ox.NamedNode:
    """Return the name of the graph of an article's node."""
    return ox.NamedNode(f"{store.base}graph/{iris.local_id(article)}")


def graph_named(store: Store, local: str) -> ox.NamedNode:
    """Return the graph `<base>graph/LOCAL`. Raises Problem: 404, 410; the store's own working graph is none."""
    name = f"{store.base}graph/{local}"
    try:
        graph = ox.NamedNode(name)
    except ValueError:
        raise Problem(404, "there is nothing here") from None
    if iris.is_private(graph):
        raise Problem(404, "there is nothing here")
    if next(store.match(None, None, None, graph), None) is None:
        raise missing(store, f"id/{local}" if iris.is_article_graph(graph) else f"graph/{local}")
    return graph


def graph_document(store: Store, graph: ox.NamedNode, kind: str) -> Answer:
    """Return a named graph in a media type of `FORMATS`. Raises Problem 413."""
    return written(store.match(None, None, None, graph), kind, store.base)


def written(quads: Iterable[ox.Quad], kind: str, base: str) -> Answer:
    """Return quads in a media type of `FORMATS`, the same bytes every time. Raises Problem 413 for more than `MOST`."""
    found = list(islice(quads, MOST + 1))
    if len(found) > MOST:
        raise Problem(413, f"this holds more than {MOST:,} triples; ask /sparql for a part, or take the whole dataset")
    out = io.BytesIO()
    serialize(found, FORMATS[kind], out, base)
    return Answer(out.getvalue(), kind + ("; charset=utf-8" if kind == media.TURTLE else ""))


def _entity(store: Store, node: ox.NamedNode) -> Iterator[ox.Quad]:
    others: dict[ox.NamedNode, None] = {}
    for quad in (*store.match(node, None, None, DEFAULT), *store.match(None, None, node, DEFAULT)):
        yield quad
        for end in (quad.subject, quad.object):
            if isinstance(end, ox.NamedNode) and end.value.startswith(store.base):
                others[end] = None
    others.pop(node, None)
    for other in others:
        for name in _NAMES:
            yield from store.match(other, name, None, DEFAULT)
    for end in _SAYS:
        for quad in store.match(None, end, node, ANY):
            if isinstance(quad.subject, ox.NamedNode) and not iris.is_private(quad.graph_name):
                yield from store.match(quad.subject, None, None, quad.graph_name)  # type: ignore[arg-type]  # a named graph
    for quad in store.match(node, None, None, iris.curation_iri(store.base)):
        yield quad


def _claim(store: Store, node: ox.NamedNode) -> Iterator[ox.Quad]:
    for quad in store.match(node, None, None, ANY):
        if iris.is_private(quad.graph_name):
            continue
        yield quad
        if quad.predicate == terms.term("evidence") and isinstance(quad.object, ox.NamedNode):
            yield from store.match(quad.object, None, None, quad.graph_name)  # type: ignore[arg-type]  # a named graph


def _record(store: Store, node: ox.NamedNode) -> Iterator[ox.Quad]:
    """Yield the lines of a run, a decision or a curator. A run stands in each article's graph: one of them tells it."""
    first = next(quad for quad in store.match(node, terms.TYPE, None, ANY) if not iris.is_private(quad.graph_name))
    yield from store.match(node, None, None, first.graph_name)  # type: ignore[arg-type]  # a named graph or the default
    if not iris.is_article_graph(first.graph_name):
        yield from store.match(None, None, node, first.graph_name)  # type: ignore[arg-type]

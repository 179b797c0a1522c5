"""Which node of A is which node of B: the one with its IRI, else the one of its class and name, or identifier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from wenmai.history.lookup import Lookup, Statement, is_thing
from wenmai.store.protocol import DEFAULT
from wenmai.triples import iris, terms


class Matching:
    """`pairs` leads from the IRI of an entity that only A has to that which only B has, `back` the other way."""

    def __init__(self, a: Lookup, b: Lookup, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        gone, come = _only(removed, a, b), _only(added, b, a)
        self.pairs = {
            old[0]: come[key][0] for key, old in gone.items() if len(old) == 1 and len(come.get(key, ())) == 1
        }
        self.back = {new: old for old, new in self.pairs.items()}

    def statement(self, line: Statement) -> Statement:
        """Return a statement of A with the IRIs of B."""
        return _translated(line, self.pairs)

    def statement_back(self, line: Statement) -> Statement:
        """Return a statement of B with the IRIs of A."""
        return _translated(line, self.back)

    def articles(self, quads: Iterable[ox.Quad], side: Lookup) -> dict[str, ox.NamedNode]:
        """Return the articles that `quads` of a side belong to, by identifier."""
        nodes = {node for quad in quads if (node := _article_of(quad, side)) is not None}
        return {side.headline(node)[1]: node for node in sorted(nodes, key=str)}


def _only(quads: Iterable[ox.Quad], here: Lookup, there: Lookup) -> dict[tuple[str, str], list[ox.NamedNode]]:
    """Return by class and name the entities that only the side `here` has."""
    found: defaultdict[tuple[str, str], list[ox.NamedNode]] = defaultdict(list)
    nodes = {
        quad.subject
        for quad in quads
        if quad.predicate == terms.TYPE and quad.graph_name == DEFAULT and is_thing(quad.subject)
    }
    for node in sorted(nodes, key=str):
        if isinstance(node, ox.NamedNode) and not there.knows(node):
            found[here.cls(node), here.name(node)].append(node)
    return found


def _translated(line: Statement, names: dict[ox.NamedNode, ox.NamedNode]) -> Statement:
    subject, predicate, value = line
    return (
        names.get(subject, subject),
        predicate,
        names.get(value, value) if isinstance(value, ox.NamedNode) else value,
    )


def _article_of(quad: ox.Quad, side: Lookup) -> ox.NamedNode | None:
    """Return the article in whose graph a quad is, or whose triple, claim or span it is where there are no graphs."""
    graph, subject = quad.graph_name, quad.subject
    if isinstance(graph, ox.NamedNode):
        return ox.NamedNode(graph.value.replace("/graph/", "/id/")) if iris.is_article_graph(graph) else None
    if not isinstance(subject, ox.NamedNode):
        return None
    _, _, name = subject.value.rpartition("/id/")
    if name.startswith("article-"):
        return ox.NamedNode(subject.value.partition("#")[0])
    return side.article(subject) if name.startswith("claim-") else None

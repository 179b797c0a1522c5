"""The default graph of an open store as a reasoner asks it: by pattern, with triples that are still to come.

Nodes are strings, as in `closure`; a literal stays what it is. Nothing here reads more of the store than it is asked
for: where a node may have many neighbours, both ends of a search are walked at once and the nearer end counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

import pyoxigraph as ox

from wenmai.reason.rules import TYPE, Rules
from wenmai.triples.merge import DEFAULT, Matcher

Node: TypeAlias = "str | ox.Literal"
Line: TypeAlias = tuple[str, str, Node]

_T = TypeVar("_T")

_FEW = 48
"""Triples of a node up to which all are read at once rather than looked up by predicate."""


class Lines:
    """Triples in memory that answer by pattern; `new` are those put in."""

    def __init__(self) -> None:
        self.new: set[Line] = set()
        self._forward: defaultdict[tuple[str, str], set[Node]] = defaultdict(set)
        self._backward: defaultdict[tuple[str, Node], set[str]] = defaultdict(set)

    def __contains__(self, line: Line) -> bool:
        return line in self.new

    def put(self, line: Line) -> bool:
        """Add a triple; tell whether it was not there."""
        if line in self:
            return False
        subject, predicate, value = line
        self.new.add(line)
        self._forward[predicate, subject].add(value)
        self._backward[predicate, value].add(subject)
        return True

    def objects(self, subject: Node, predicate: str) -> Iterator[Node]:
        """Yield the objects of a subject's triples of one predicate."""
        if isinstance(subject, str):
            yield from tuple(self._forward.get((predicate, subject), ()))

    def subjects(self, predicate: str, value: Node) -> Iterator[str]:
        """Yield the subjects of the triples of one predicate and object."""
        yield from tuple(self._backward.get((predicate, value), ()))

    def onward(self, node: Node, links: tuple[str, ...]) -> set[Node]:
        """Return where a walk along `links` from `node` ends."""
        found = {node}
        for link in links:
            found = {end for start in found for end in self.objects(start, link)}
        return found

    def backward(self, node: str, links: tuple[str, ...]) -> set[str]:
        """Return from where walks against `links`, the nearest first, come to `node`."""
        found = {node}
        for link in links:
            found = {start for end in found for start in self.subjects(link, end)}
        return found


class View(Lines):
    """The triples of a store's default graph, and those put in since, which the store does not have yet."""

    def __init__(self, store: Matcher, inferred: ox.NamedNode) -> None:
        super().__init__()
        self.store = store
        self.inferred = inferred
        self._stored: dict[Line, bool] = {}
        self._objects: dict[tuple[str, str], _Read[Node]] = {}
        self._subjects: dict[tuple[str, Node], _Read[str]] = {}
        self._nodes: dict[str, ox.NamedNode] = {}

    def node(self, name: str) -> ox.NamedNode:
        """Return the RDF term of a name, made once."""
        found = self._nodes.get(name)
        if found is None:
            found = self._nodes[name] = ox.NamedNode(name)
        return found

    def term(self, node: Node) -> ox.NamedNode | ox.Literal:
        """Return the RDF term of a node."""
        return self.node(node) if isinstance(node, str) else node

    def triple(self, line: Line) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]:
        """Return a line as RDF terms."""
        subject, predicate, value = line
        nodes = self._nodes
        return (
            nodes.get(subject) or self.node(subject),
            nodes.get(predicate) or self.node(predicate),
            (nodes.get(value) or self.node(value)) if isinstance(value, str) else value,
        )

    def stored(self, line: Line) -> bool:
        """Tell whether the store has a triple in its default graph; asked once."""
        found = self._stored.get(line)
        if found is None:
            found = next(self.store.match(*self.triple(line), DEFAULT), None) is not None
            self._stored[line] = found
        return found

    def few_properties(self, node: str, end: int, lost: set[Line]) -> set[str] | None:
        """Return the predicates of the stored triples with `node` at an `end`, those `lost` left out; None if many."""
        term = self.node(node)
        found = self.store.match(None, None, term, DEFAULT) if end else self.store.match(term, None, None, DEFAULT)
        quads = list(islice(found, _FEW))
        if len(quads) == _FEW:
            return None
        lines = ((line_of(quad), quad.predicate.value) for quad in quads)
        return {predicate for line, predicate in lines if line is None or line not in lost}

    def is_inferred(self, line: Line) -> bool:
        """Tell whether the store has a triple in its inferred graph."""
        return next(self.store.match(*self.triple(line), self.inferred), None) is not None

    def __contains__(self, line: Line) -> bool:
        return line in self.new or self.stored(line)

    def inferred_classes(self, node: str) -> set[str]:
        """Return the classes that the store's inferred graph gives a node."""
        found = self.store.match(self.node(node), self.node(TYPE), None, self.inferred)
        return {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode)}

    def objects(self, subject: Node, predicate: str) -> Iterator[Node]:
        """Yield the objects of a subject's triples of one predicate."""
        yield from super().objects(subject, predicate)
        if isinstance(subject, str):
            found = self._objects.get((predicate, subject))
            if found is None:
                quads = self.store.match(self.node(subject), self.node(predicate), None, DEFAULT)
                nodes = (_node(quad.object) for quad in quads)
                found = self._objects[predicate, subject] = _Read(node for node in nodes if node is not None)
            yield from found

    def subjects(self, predicate: str, value: Node) -> Iterator[str]:
        """Yield the subjects of the triples of one predicate and object."""
        yield from super().subjects(predicate, value)
        found = self._subjects.get((predicate, value))
        if found is None:
            quads = self.store.match(None, self.node(predicate), self.term(value), DEFAULT)
            nodes = (quad.subject for quad in quads)
            found = _Read(node.value for node in nodes if isinstance(node, ox.NamedNode))
            self._subjects[predicate, value] = found
        yield from found

    def premises(self, line: Line, table: Rules) -> Iterator[tuple[Line, ...]]:
        """Yield the sets of triples from which one rule about properties gives `line`; each holds in the view."""
        subject, predicate, value = line
        for source, turned in table.given_by.get(predicate, ()):
            if not turned:
                given = (subject, source, value)
            elif isinstance(value, str):
                given = (value, source, subject)
            else:
                continue
            if given in self:
                yield (given,)
        for links in table.chained.get(predicate, ()):
            yield from self.paths(subject, links, value)

    def paths(self, start: str, links: tuple[str, ...], end: Node) -> Iterator[tuple[Line, ...]]:
        """Yield the paths along `links` from `start` to `end`, as triples; found from the end with fewer triples."""
        if len(links) == 1:
            if (start, links[0], end) in self:
                yield ((start, links[0], end),)
            return
        from_start, found = self._nearer(start, links[0], links[-1], end)
        for middle in found:
            if from_start and isinstance(middle, str):
                first = (start, links[0], middle)
                for rest in self.paths(middle, links[1:], end):
                    yield (first, *rest)
            elif isinstance(middle, str):
                last = (middle, links[-1], end)
                for rest in self.paths(start, links[:-1], middle):
                    yield (*rest, last)

    def _nearer(self, start: str, first: str, last: str, end: Node) -> tuple[bool, list[Node]]:
        """Return the neighbours of the end of a path that has fewer, and whether that is the start."""
        ahead, behind = self.objects(start, first), self.subjects(last, end)
        after: list[Node] = []
        before: list[Node] = []
        while True:
            for from_start, neighbours, seen in ((True, ahead, after), (False, behind, before)):
                middle = next(neighbours, None)
                if middle is None:
                    return from_start, seen
                seen.append(middle)


class _Read(Generic[_T]):
    """What an iterator yields, read as far as it was asked for and kept: the store is asked once."""

    def __init__(self, rest: Iterator[_T]) -> None:
        self.seen: list[_T] = []
        self.rest = rest

    def __iter__(self) -> Iterator[_T]:
        yield from self.seen
        place = len(self.seen)
        while True:
            if place == len(self.seen):
                item = next(self.rest, None)
                if item is None:
                    return
                self.seen.append(item)
            yield self.seen[place]
            place += 1


def _node(term: object) -> Node | None:
    """Return an object as a node; None for a blank node or a triple term, which are not ours."""
    if isinstance(term, ox.NamedNode):
        return term.value
    return term if isinstance(term, ox.Literal) else None


def line_of(quad: ox.Quad) -> Line | None:
    """Return a quad's triple as a line; None if it has a blank node or a triple term."""
    value = _node(quad.object)
    if isinstance(quad.subject, ox.NamedNode) and value is not None:
        return quad.subject.value, quad.predicate.value, value
    return None

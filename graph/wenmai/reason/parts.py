"""The closure of more triples than fit in memory: each by itself where that is all there is to it, the others together.

Most triples give what they give whatever the others are: sub-properties, inverses, classes. Only those of properties
that stand in a chain, or lead to one, have to meet. The result is that of `closure`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from wenmai.reason.closure import closure
from wenmai.reason.rules import Rules, rules
from wenmai.triples import terms
from wenmai.triples.merge import DEFAULT, Fact


class Parts:
    """Ask `follows` and `meeting` of all asserted triples, in any parts; `together` of all that the latter gave."""

    def __init__(self, given: Rules | None = None) -> None:
        self._rules = given or rules()
        joins = set(self._rules.joins)
        leads = {name for name, given in self._rules.gives.items() if joins & {other for other, _ in given}}
        self._meeting = joins | leads
        self._nodes: dict[str, ox.NamedNode] = {}

    def follows(self, lines: Iterable[Fact]) -> Iterator[Fact]:
        """Yield what each of `lines` gives by itself, some of it more than once; nothing of those that may join."""
        for subject, predicate, value in lines:
            if predicate == terms.TYPE:
                for cls in self._rules.above.get(value.value, ()):
                    yield subject, terms.TYPE, self._node(cls)
            elif predicate.value not in self._meeting:
                yield from self._alone(subject, predicate, value)

    def meeting(self, lines: Iterable[Fact]) -> Iterator[Fact]:
        """Yield those of `lines` that may join with others."""
        return (line for line in lines if line[1].value in self._meeting)

    def together(self, lines: Iterable[Fact]) -> Iterator[Fact]:
        """Yield what follows from all the triples that may join; some of it may be asserted elsewhere."""
        for triple in closure((ox.Quad(*line, DEFAULT) for line in lines), self._rules):
            subject, value = triple.subject, triple.object
            if isinstance(subject, ox.NamedNode) and isinstance(value, (ox.NamedNode, ox.Literal)):
                yield subject, triple.predicate, value

    def _alone(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal
    ) -> Iterator[Fact]:
        for name, turned in self._rules.gives.get(predicate.value, ()):
            if not turned:
                yield subject, self._node(name), value
            elif isinstance(value, ox.NamedNode):
                yield value, self._node(name), subject
        ends = self._rules.types.get(predicate.value)
        if ends is not None:
            for cls in ends[0]:
                yield subject, terms.TYPE, self._node(cls)
            if isinstance(value, ox.NamedNode):
                for cls in ends[1]:
                    yield value, terms.TYPE, self._node(cls)

    def _node(self, name: str) -> ox.NamedNode:
        found = self._nodes.get(name)
        if found is None:
            found = self._nodes[name] = ox.NamedNode(name)
        return found

"""A store that remembers what it was asked: a page, its other language and its data ask for the same lines."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from wenmai.store import EmbeddedStore
from wenmai.store.protocol import ANY, GraphName

_MOST = 100_000
"""Lines that are remembered before all is forgotten: some 30 MB."""


class RememberingStore(EmbeddedStore):
    """A reader that gives the same answer again without asking the engine; what it reads never changes."""

    _kept: dict[tuple[object, ...], tuple[ox.Quad, ...]] | None = None
    _lines = 0

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.Literal | None = None,
        graph: GraphName | None = ANY,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match. What is asked of no node in particular may be long, and is not remembered."""
        if subject is None and object is None:
            return super().match(subject, predicate, object, graph)
        kept = self._kept
        if kept is None or self._lines > _MOST:
            kept = self._kept = {}
            self._lines = 0
        key = subject, predicate, object, graph
        found = kept.get(key)
        if found is None:
            found = kept[key] = tuple(super().match(subject, predicate, object, graph))
            self._lines += len(found) + 1
        return iter(found)

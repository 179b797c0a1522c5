"""Filling a new store: what `keeper` does an article at a time, done once for all of them.

    Admitted → waiting beside the store → all counted → all linked → quads by the bulk loader → the default graph,
    one part at a time → what follows from it

One at a time, an article's commit costs more than reading it, and articles are linked anew as others come. Here each
phase goes through all articles once; memory holds one part of the default graph. The dataset is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from wenmai.bulk.arrivals import FILE, Arrivals, key_of
from wenmai.bulk.shards import Shards
from wenmai.collector import paused
from wenmai.curate import log
from wenmai.door import Admitted
from wenmai.keeper import Keeper
from wenmai.reason.parts import Parts
from wenmai.records import Linked
from wenmai.resolve.link import link
from wenmai.store import Store
from wenmai.store.embedded import EmbeddedStore
from wenmai.triples import article_quads, inferred_iri
from wenmai.triples.merge import DEFAULT, Fact, completed, described, facts_of, plain
from wenmai.triples.reading import reading_quads

__all__ = ["WORTH_IT", "Arrivals", "Filling", "arrivals_of", "key_of"]

WORTH_IT = 120
"""Articles below which a new store is built one at a time, whose kills leave whole articles in the store itself."""
_A_PART = 1500
"""Articles whose part of the default graph is worked out at a time; some 100,000 triples."""
_AT_ONCE = 500
"""Articles that are one commit of the registry."""

Progress = Callable[[str, int, int], None]


def arrivals_of(store: Store, articles: int) -> Arrivals | None:
    """Return where the articles of a build wait if `store` is on disk, new, and worth filling; None if it is not.

    Raises StoreError, and OSError where no file can be made.
    """
    if not isinstance(store, EmbeddedStore):
        return None
    decided, waiting = store.beside(log.FILE), store.beside(FILE)
    assert decided is not None and waiting is not None  # noqa: S101 - a store on disk has a folder
    if next(store.match(), None) is not None:
        waiting.unlink(missing_ok=True)  # of a build that was killed when all was in
        return None
    if decided.exists() or (articles < WORTH_IT and not waiting.exists()):
        return None
    return Arrivals(waiting)


class Filling:
    """A store being filled with `keys`: the articles' ids, each with the key under which it waits, in order of id."""

    def __init__(self, store: Store, arrivals: Arrivals, keys: Mapping[str, str], progress: Progress) -> None:
        assert isinstance(store, EmbeddedStore)  # noqa: S101 - `arrivals_of` gives none for another
        self.store, self.arrivals, self.keys, self.progress = store, arrivals, keys, progress
        folder, parts = Path(store.location), 1 + len(keys) // _A_PART
        self._facts, self._shown, self._asserted, self._derived = (
            Shards(folder, name, parts) for name in ("facts", "shown", "asserted", "derived")
        )
        self._parts = Parts()

    def run(self, put: Callable[[Admitted, Linked], None]) -> None:
        """Fill the store; call `put` with each article as it goes in. Killed within, the store is empty again.

        Raises StoreError.
        """
        with self.store.filling(), Keeper(self.store) as keeper, paused():
            self._count(keeper)
            self._link(keeper)
            self.store.load(self._articles(keeper, put))
            self.store.load(ox.Quad(*line, DEFAULT) for line in self._default_graph())
            self._derived.put(self._parts.together())
            inferred = inferred_iri(self.store.base)
            self.store.load(ox.Quad(*line, graph) for line in self._inferred() for graph in (inferred, DEFAULT))

    def _count(self, keeper: Keeper) -> None:
        for number, key in enumerate(self.keys.values()):
            self.progress("count", number, len(self.keys))
            resolution = self.arrivals.take(key).resolution
            keeper.registry.put(resolution, reading_quads(resolution, self.store.base)[1])
            if number % _AT_ONCE == 0:
                keeper.registry.save()
        keeper.registry.save()

    def _link(self, keeper: Keeper) -> None:
        """Link every article by what all show, then those again for whom the people of others made a difference."""
        for number, name in enumerate(self.keys):
            self.progress("link", number, len(self.keys))
            self._linked(name, keeper)
            if number % _AT_ONCE == 0:
                keeper.registry.save()
        while waiting := keeper.registry.dirty():
            for name in waiting:
                self._linked(name, keeper)
            keeper.registry.save()

    def _linked(self, name: str, keeper: Keeper) -> tuple[Admitted, Linked]:
        admitted = self.arrivals.take(self.keys[name])
        linked = link(admitted.resolution, keeper.registry, keeper.decisions)
        keeper.registry.settled(name)
        return admitted, linked

    def _articles(self, keeper: Keeper, put: Callable[[Admitted, Linked], None]) -> Iterator[ox.Quad]:
        base = self.store.base
        for number, name in enumerate(self.keys):
            self.progress("load", number, len(self.keys))
            admitted, linked = self._linked(name, keeper)
            quads = set(article_quads(linked, base, keeper.decisions.judged))
            lines = list(plain(quads))
            self._facts.put(facts_of(lines))
            self._shown.put(described(lines))
            yield from quads
            yield from reading_quads(linked.resolution, base)[0]
            put(admitted, linked)
        keeper.registry.save()

    def _default_graph(self) -> Iterator[Fact]:
        for number in range(len(self._facts)):
            self.progress("follow", number, 2 * len(self._facts))
            lines = completed(self._facts.take(number), self._shown.take(number))
            self._asserted.put(lines)
            self._derived.put(self._parts.follows(lines))
            yield from lines

    def _inferred(self) -> Iterator[Fact]:
        for number in range(len(self._facts)):
            self.progress("follow", len(self._facts) + number, 2 * len(self._facts))
            yield from set(self._derived.take(number)).difference(self._asserted.take(number))

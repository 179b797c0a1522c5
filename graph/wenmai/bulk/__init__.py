"""Filling a new store: what `keeper` does an article at a time, done once for all of them.

    Admitted → waiting beside the store → all counted → all linked → quads by the bulk loader → the default graph,
    one part at a time → what follows from it

One at a time, an article's commit costs more than reading it, and articles are linked anew as others come. Here each
phase goes through all articles once, and from the quads on in several processes (`steps`); memory holds one part of
the default graph for each. The dataset is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice

from wenmai.bulk.arrivals import FILE, Arrivals, key_of
from wenmai.bulk.hands import Hands
from wenmai.bulk.notes import Notes
from wenmai.bulk.steps import Batch, Site, Told, told, write_articles, write_default, write_inferred
from wenmai.collector import paused
from wenmai.curate import log
from wenmai.keeper import Keeper
from wenmai.reason.parts import Parts
from wenmai.resolve.link import link
from wenmai.store import Store
from wenmai.store.embedded import EmbeddedStore
from wenmai.triples.reading import reading_quads
from wenmai.workers import available

__all__ = ["WORTH_IT", "Arrivals", "Filling", "Told", "arrivals_of", "key_of", "told"]

WORTH_IT = 120
"""Articles below which a new store is built one at a time, whose kills leave whole articles in the store itself."""
_A_PART = 1500
"""Articles whose part of the default graph is worked out at a time; some 100,000 triples."""
_AT_ONCE = 500
"""Articles that are one commit of the registry."""
_A_BATCH = 40
"""Articles whose quads one process makes at a time."""
_WORTH_PROCESSES = 600
"""Articles below which starting processes takes longer than it saves."""

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
    """A store being filled with `keys`: the articles' ids, each with the key under which it waits, in order of id.

    `workers` is the number of processes that make quads, by default as many as there are processors and work for.
    """

    def __init__(
        self, store: Store, arrivals: Arrivals, keys: Mapping[str, str], progress: Progress, workers: int | None
    ) -> None:
        assert isinstance(store, EmbeddedStore)  # noqa: S101 - `arrivals_of` gives none for another
        self.store, self.arrivals, self.keys, self.progress = store, arrivals, keys, progress
        self._workers = workers or (available() if len(keys) >= _WORTH_PROCESSES else 1)
        self._parts = 1 + len(keys) // _A_PART

    def run(self, put: Callable[[Told], None]) -> None:
        """Fill the store; call `put` with what each article told as it goes in. Killed within, it is empty again.

        Raises StoreError.
        """
        with self.store.filling() as folder, Keeper(self.store) as keeper, paused():
            site = Site(self.arrivals.path, folder, self._parts, self.store.base)
            with closing(Notes(folder)) as notes, Hands(self._workers) as hands:
                self._count(keeper)
                self._link(keeper, notes)
                self.store.load_text(self._articles(hands, site, notes, put))
                self.store.load_text(self._each(0, hands.do(write_default, self._numbered(site))))
                derived = site.shards("derived")
                derived.put(
                    Parts().together(line for n in range(self._parts) for line in site.shards("meeting").take(n))
                )
                derived.written()
                self.store.load_text(self._each(self._parts, hands.do(write_inferred, self._numbered(site))))

    def _count(self, keeper: Keeper) -> None:
        for number, key in enumerate(self.keys.values()):
            self.progress("count", number, len(self.keys))
            resolution = self.arrivals.take(key).resolution
            keeper.registry.put(resolution, reading_quads(resolution, self.store.base)[1])
            if number % _AT_ONCE == 0:
                keeper.registry.save()
        keeper.registry.save()

    def _link(self, keeper: Keeper, notes: Notes) -> None:
        """Link every article by what all show, then those again for whom the people of others made a difference."""

        def linked(name: str) -> None:
            resolution = self.arrivals.take(self.keys[name]).resolution
            notes.put(name, link(resolution, keeper.registry, keeper.decisions))
            keeper.registry.settled(name)

        for number, name in enumerate(self.keys):
            self.progress("link", number, len(self.keys))
            linked(name)
            if number % _AT_ONCE == 0:
                keeper.registry.save()
        while waiting := keeper.registry.dirty():
            for name in waiting:
                linked(name)
            keeper.registry.save()

    def _articles(self, hands: Hands, site: Site, notes: Notes, put: Callable[[Told], None]) -> Iterator[bytes]:
        names = iter(self.keys)
        batches: Iterator[Batch] = (
            (site, [(self.arrivals.place(self.keys[name]), notes.take(name)) for name in some])
            for some in iter(lambda: list(islice(names, _A_BATCH)), [])
        )
        number = 0
        for text, written in hands.do(write_articles, batches):
            self.progress("load", number, len(self.keys))
            yield text
            for each in written:
                put(each)
            number += len(written)

    def _numbered(self, site: Site) -> Iterator[tuple[Site, int]]:
        return ((site, number) for number in range(self._parts))

    def _each(self, done: int, texts: Iterable[bytes]) -> Iterator[bytes]:
        for number, text in enumerate(texts, done):
            self.progress("follow", number, 2 * self._parts)
            yield text

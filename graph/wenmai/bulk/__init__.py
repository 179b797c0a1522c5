"""Filling a new store: what `keeper` does an article at a time, done once for all of them.

    Admitted → counted, waiting beside the store → all linked → quads by the bulk loader → the default graph,
    one part at a time → what follows from it

One at a time, an article's commit costs more than reading it, and articles are linked anew as others come. Here each
phase goes through all articles once, and from the quads on in several processes (`steps`); memory holds one part of
the default graph for each. The dataset is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import islice
from types import TracebackType

from wenmai.bulk.arrivals import FILE, Arrivals, key_of
from wenmai.bulk.hands import Hands
from wenmai.bulk.notes import Notes
from wenmai.bulk.steps import Batch, Site, Told, told, write_articles, write_default, write_inferred
from wenmai.collector import paused
from wenmai.curate import log
from wenmai.door import Admitted
from wenmai.keeper import Keeper
from wenmai.reason.parts import Parts
from wenmai.records import Resolution
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
    """A store being filled: with the articles of `keys` (by id, each with the key it waits under) that have arrived.

    Use it by `with`: those that arrived before are counted, `take` those that come, then `run`. If it ends otherwise,
    the store is empty when it is opened again. `workers` is the number of processes that make quads, by default as many
    as there are processors and work for. Raises StoreError throughout.
    """

    def __init__(
        self, store: Store, arrivals: Arrivals, keys: Mapping[str, str], progress: Progress, workers: int | None
    ) -> None:
        assert isinstance(store, EmbeddedStore)  # noqa: S101 - `arrivals_of` gives none for another
        self.store, self.arrivals, self.keys, self.progress = store, arrivals, keys, progress
        self._workers = workers or (available() if len(keys) >= _WORTH_PROCESSES else 1)
        self._parts = 1 + len(keys) // _A_PART
        self._counted = 0
        self._open = ExitStack()

    def __enter__(self) -> Filling:
        with ExitStack() as stack:
            self._folder = stack.enter_context(self.store.filling())
            self._keeper = stack.enter_context(Keeper(self.store))
            for key in self.keys.values():
                if key in self.arrivals:
                    self.progress("count", self._counted, len(self.keys))
                    self._count(self.arrivals.take(key).resolution)
            self._open = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._open.__exit__(kind, error, tb)

    def __len__(self) -> int:
        return self._counted

    def take(self, admitted: Admitted) -> None:
        """Let an article wait, and count what it shows: processes that read meanwhile leave time for it."""
        self.arrivals.put(self.keys[admitted.resolution.article.id], admitted)
        self._count(admitted.resolution)

    def run(self, put: Callable[[Told], None]) -> None:
        """Put all in; call `put` with what each article told."""
        names = [name for name, key in self.keys.items() if key in self.arrivals]
        site = Site(self.arrivals.path, self._folder, self._parts, self.store.base)
        numbered = [(site, number) for number in range(self._parts)]
        with paused(), closing(Notes(self._folder)) as notes, Hands(self._workers) as hands:
            self._link(names, notes)
            written = hands.do(write_articles, self._batches(names, site, notes))
            self.store.load_text(self._articles(written, len(names), put))
            self.store.load_text(self._each(0, hands.do(write_default, numbered)))
            meeting, derived = site.shards("meeting"), site.shards("derived")
            derived.put(Parts().together(line for number in range(self._parts) for line in meeting.take(number)))
            derived.written()
            self.store.load_text(self._each(self._parts, hands.do(write_inferred, numbered)))

    def _count(self, resolution: Resolution) -> None:
        registry = self._keeper.registry
        registry.put(resolution, reading_quads(resolution, self.store.base)[1])
        self._counted += 1
        if self._counted % _AT_ONCE == 0:
            registry.save()

    def _link(self, names: Sequence[str], notes: Notes) -> None:
        """Link every article by what all show, then those again for whom the people of others made a difference."""
        registry = self._keeper.registry

        def linked(name: str) -> None:
            resolution = self.arrivals.take(self.keys[name]).resolution
            notes.put(name, link(resolution, registry, self._keeper.decisions))
            registry.settled(name)

        for number, name in enumerate(names):
            self.progress("link", number, len(names))
            linked(name)
            if number % _AT_ONCE == 0:
                registry.save()
        while waiting := registry.dirty():
            for name in waiting:
                linked(name)
            registry.save()

    def _batches(self, names: Iterable[str], site: Site, notes: Notes) -> Iterator[Batch]:
        rest = iter(names)
        while some := list(islice(rest, _A_BATCH)):
            yield site, [(self.arrivals.place(self.keys[name]), notes.take(name)) for name in some]

    def _articles(
        self, written: Iterable[tuple[bytes, list[Told]]], total: int, put: Callable[[Told], None]
    ) -> Iterator[bytes]:
        number = 0
        for text, told_of in written:
            self.progress("load", number, total)
            yield text
            for each in told_of:
                put(each)
            number += len(told_of)

    def _each(self, done: int, texts: Iterable[bytes]) -> Iterator[bytes]:
        for number, text in enumerate(texts, done):
            self.progress("follow", number, 2 * self._parts)
            yield text

"""The index beside a store: its texts and names to search, and its counts.

`index.db` says nothing that the quads do not say. The writer's `LiveIndex` is told of each commit (see `live`). A
reader's `PublishedIndex` reads the file as it is now, which may be ahead of the reader's snapshot: what it finds is to
be looked up in the snapshot. It answers only for snapshots that the writer has noted in it as covered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from wenmai import folding
from wenmai.store import grams, initials, tally, text
from wenmai.store.sidecar import DAMAGE, INDEX, reading
from wenmai.store.tally import Tally
from wenmai.store.text import Name, Passage

SCHEMA = text.SCHEMA + tally.SCHEMA + "CREATE TABLE published (snapshot TEXT PRIMARY KEY, tally TEXT) WITHOUT ROWID;"
_FORMAT = 2


def version(base: str) -> str:
    """Return what the content of an index depends on beside the quads of a store with this base."""
    return f"wenmai-index {_FORMAT}; {grams.VERSION}; {folding.version()}; {initials.version()}; {base}"


class Index(Protocol):
    """What answers searches. Sentences and names may be ahead of the store that gave it: look them up there."""

    def sentences(self, words: Iterable[str]) -> Iterator[Passage]:
        """Yield the sentences that hold all `words`, the newest first; words of nothing but space are passed over."""
        ...

    def names(self, word: str) -> Iterator[Name]:
        """Yield the names that hold `word`: the same first, then those that begin with it; short before long."""
        ...

    def initials(self, letters: str) -> Iterator[Name]:
        """Yield the names whose pinyin initials hold `letters`, two at least, in the order of `names`."""
        ...

    def similar(self, word: str, limit: int) -> list[Name]:
        """Return up to `limit` names that share pairs of characters with `word`, the likest first."""
        ...


class Answers:
    """Answers by way of a connection, which `_open` gives for one answer."""

    def _open(self) -> AbstractContextManager[sqlite3.Connection | None]:
        raise NotImplementedError

    def sentences(self, words: Iterable[str]) -> Iterator[Passage]:
        """Yield the sentences that hold all `words`, the newest first; words of nothing but space are passed over."""
        folded = [made for word in words if (made := folding.fold(word))]
        with self._open() as db:
            if db is not None and folded:
                yield from text.find_sentences(db, folded)

    def names(self, word: str) -> Iterator[Name]:
        """Yield the names that hold `word`: the same first, then those that begin with it; short before long."""
        folded = folding.key(word)
        with self._open() as db:
            if db is not None and folded:
                yield from text.find_names(db, folded)

    def initials(self, letters: str) -> Iterator[Name]:
        """Yield the names whose pinyin initials hold `letters`, two at least, in the order of `names`."""
        typed = initials.typed(letters)
        if typed:
            with self._open() as db:
                if db is not None:
                    yield from text.find_initials(db, typed)

    def similar(self, word: str, limit: int) -> list[Name]:
        """Return up to `limit` names that share pairs of characters with `word`, the likest first."""
        folded = folding.key(word)
        with self._open() as db:
            return text.find_similar(db, folded, limit) if db is not None and folded else []


class PublishedIndex(Answers):
    """The index of a store folder as a reader of the snapshot `snapshot` sees it.

    It answers where it `covers` the snapshot. An answer raises sqlite3.Error if it has ceased to: the file was deleted,
    or made anew from a later state.
    """

    def __init__(self, folder: Path, base: str, snapshot: str) -> None:
        self._path, self._version, self._snapshot = folder / INDEX, version(base), snapshot

    @property
    def covers(self) -> bool:
        """Whether it holds all that the snapshot does."""
        return self._noted("1") is not None

    def tally(self) -> Tally | None:
        """Return the counts of the snapshot, as they were when it was published; None if it is not covered."""
        noted = self._noted("tally")
        with suppress(ValueError, AttributeError):  # damaged
            return Tally.from_json(noted) if noted is not None else None
        return None

    def _noted(self, column: str) -> str | None:
        query = f"SELECT {column} FROM published WHERE snapshot = ?"  # noqa: S608 - a name from above
        with suppress(*DAMAGE), reading(self._path, self._version) as db:
            row = db.execute(query, (self._snapshot,)).fetchone() if db is not None else None
            return str(row[0]) if row is not None else None
        return None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        noted = "SELECT 1 FROM published WHERE snapshot = ?"
        with reading(self._path, self._version) as db:
            if db is None or db.execute(noted, (self._snapshot,)).fetchone() is None:
                raise sqlite3.OperationalError("the index does not cover this snapshot any more")
            yield db

"""The two sides of a comparison: a store, an export, or a day of a store, opened by what a person types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from wenmai.errors import StoreError
from wenmai.history.asof import Past, as_of, day_of
from wenmai.store import open_store
from wenmai.store.exported import FORMATS, FileStore
from wenmai.store.memory import MemoryStore
from wenmai.store.native import NativeStore
from wenmai.store.protocol import Store

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Side:
    """One side, open: `name` as it was typed, `store` to look things up in.

    `flat` tells that it is one graph (Turtle, N-Triples, RDF/XML, JSON-LD, or facts alone): no graph of an article.
    """

    name: str
    store: NativeStore
    flat: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of this side."""
        notes = self.store.notes if isinstance(self.store, Past) else ()
        return tuple(f"{self.name}: {note}" for note in notes)


@contextmanager
def open_side(text: str, location: str | Path) -> Iterator[Side]:
    """Give the side that `text` names: a store, an export, a day of the store at `location`, STORE@DAY.

    A file or folder of that name goes first. Raises UsageError for what is no day, StoreError for what cannot be
    opened.
    """
    held = _held(text, location)
    try:
        yield Side(text, held, _is_flat(held.inner))
    finally:
        held.close()


def _held(text: str, location: str | Path) -> NativeStore:
    path = Path(text)
    if path.suffix.lower() in FORMATS and path.is_file():
        return FileStore(path)
    if not path.exists():
        store, found, day = text.rpartition("@")
        if _DAY.fullmatch(text):
            return _past(str(location), text)
        if found and store and _DAY.fullmatch(day):
            return _past(store, day)
    if path.suffix.lower() in FORMATS:
        raise StoreError(f"{text}: there is no such file")
    return _native(open_store(text))


def _past(location: str, day: str) -> Past:
    until = day_of(day)
    store = open_store(location)
    try:
        return as_of(store, until)
    finally:
        store.close()


def _native(store: Store) -> NativeStore:
    """Return a store of this process: what a server holds is copied."""
    if isinstance(store, NativeStore):
        return store
    copy = MemoryStore(store.base, store.match())
    copy.location = store.location
    return copy


def _is_flat(inner: ox.Store) -> bool:
    return len(inner) > 0 and not any(
        next(inner.quads_for_pattern(None, None, None, name), None) for name in inner.named_graphs()
    )

"""A store that lives as long as the process: tests, notebooks, one-off questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE
from wenmai.store.native import NativeStore


class MemoryStore(NativeStore):
    """A dataset in memory, filled with `quads`; nothing is written anywhere."""

    def __init__(self, base: str = DEFAULT_BASE, quads: Iterable[ox.Quad] = ()) -> None:
        super().__init__(ox.Store(), base, "memory:")
        self.load(quads)

    def publish(self) -> None:
        """Do nothing: the one process sees every commit."""

    def beside(self, name: str) -> None:
        """Return None: a store in memory has no folder."""

    def log(self, event: str, fields: Mapping[str, object]) -> None:
        """Do nothing: a store in memory keeps no log."""

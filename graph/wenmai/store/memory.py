"""A store that lives as long as the process: tests, notebooks, one-off questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE
from wenmai.store.native import NativeStore

if TYPE_CHECKING:
    from wenmai.store.index import Index
    from wenmai.store.tally import Tally


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

    def index(self) -> Index | None:
        """Return the index of texts and names, made in memory when first asked for and in step from then on."""
        if self._live is None or not self._live.sound:
            from wenmai.store.live import LiveIndex

            self._live = LiveIndex(self, None, "", lambda note: None)
        return self._live

    def tally(self) -> Tally | None:
        """Return the counts kept with the index; None as long as there is none."""
        return self._live.tally() if self._live is not None else None

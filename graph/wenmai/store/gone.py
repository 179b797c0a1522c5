"""IRIs that were published and are no more: `gone.txt` in a store's folder, one local part (`id/org-…`) a line.

The file only grows, and says no more than that the IRI was once there: what is there again is in the store, which is
asked first. A line is on its way to the disk before the commit that takes the IRI away is made.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from wenmai.namespaces import DCTERMS, RDF, WORKING

GONE = "gone.txt"
_TELLS = (ox.NamedNode(RDF + "type"), ox.NamedNode(DCTERMS + "isReplacedBy"))
"""Whatever has one of these opens: as itself, or by leading to what replaced it."""


class _Engine(Protocol):
    def quads_for_pattern(
        self, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, object: None, graph_name: None, /
    ) -> Iterator[ox.Quad]: ...


def was_here(folder: Path, local: str) -> bool:
    """Tell whether the IRI with this local part was published once and went."""
    wanted = f"\n{local}\n".encode()
    with (
        suppress(OSError, ValueError),  # no such file, an empty one
        (folder / GONE).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        return text[: len(wanted) - 1] == wanted[1:] or text.find(wanted) >= 0
    return False


class Leaving:
    """Notes what leaves the store at `folder`, whose IRIs begin with `base`, with each commit of its one writer."""

    def __init__(self, folder: Path, base: str) -> None:
        self._path, self._base = folder / GONE, base
        self._reading = f"{base}{WORKING}"
        self._published: ox.Store | None = None
        self._written = False

    def note(self, engine: _Engine, snapshot: Path | None, gone: Iterable[ox.Quad], come: Iterable[ox.Quad]) -> None:
        """Note the IRIs that are in `snapshot`, published last, and of which nothing is left once `gone` is.

        To be called before the commit that takes out `gone` and puts in `come`. Raises OSError.
        """
        went = {quad for quad in gone if quad.predicate in _TELLS and quad.graph_name != self._private}
        nodes = {quad.subject for quad in went if isinstance(quad.subject, ox.NamedNode)}
        nodes -= {quad.subject for quad in come if quad.predicate in _TELLS} if nodes else set()
        lost = [n for n in nodes if n.value.startswith(self._base) and not self._stays(engine, n, went)]
        if not lost or snapshot is None:
            return
        if self._published is None:
            self._published = ox.Store.read_only(str(snapshot))
        known = sorted(n.value[len(self._base) :] for n in lost if self._stays(self._published, n, set()))
        if known:
            with self._path.open("a", encoding="ascii") as file:
                file.write("".join(f"{local}\n" for local in known))
            self._written = True

    def published(self) -> None:
        """Let go of the snapshot that was published last: there is a newer one."""
        self._published = None

    def flush(self) -> None:
        """Return when what was noted is on the disk. Raises OSError."""
        if self._written:
            with self._path.open("rb") as file:
                os.fsync(file.fileno())
            self._written = False

    @property
    def _private(self) -> ox.NamedNode:
        return ox.NamedNode(self._reading)

    def _stays(self, engine: _Engine, node: ox.NamedNode, went: set[ox.Quad]) -> bool:
        """Tell whether something is said of a node beside `went`."""
        for predicate in _TELLS:
            for quad in engine.quads_for_pattern(node, predicate, None, None):
                if quad not in went and quad.graph_name != self._private:
                    return True
        return False

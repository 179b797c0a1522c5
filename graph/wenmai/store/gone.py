"""IRIs that were published and are no more: `gone.txt` in a store's folder, one local part (`id/org-…`) a line.

The file only grows, and says no more than that the IRI was once there: what is there again is in the store, which is
asked first. A line is on its way to the disk before the commit that takes the IRI away is made.
"""

from __future__ import annotations

import mmap
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import DCTERMS, RDF, WORKING

GONE = "gone.txt"
_TYPE = ox.NamedNode(RDF + "type")
_TELLS = (_TYPE, ox.NamedNode(DCTERMS + "isReplacedBy"))
"""Whatever has one of these opens: as itself, or by leading to what replaced it."""
_NOT_IN_DEFAULT = ("claim-", "run-", "decision-", "curator-", "analysis-")
_DEFAULT = ox.DefaultGraph()


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


def carry_over(old: Path, new: Path) -> None:
    """Add to the notes of the store being laid out in `new` those of the store in `old`, whose place it takes."""
    with suppress(FileNotFoundError):
        lines = (old / GONE).read_text("ascii", "replace").splitlines()
        known = set()
        with suppress(FileNotFoundError):
            known = set((new / GONE).read_text("ascii", "replace").splitlines())
        with (new / GONE).open("a", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines if line.isascii() and line not in known)


class Leaving:
    """Notes what leaves the store at `folder`, whose IRIs begin with `base`, with each commit of its one writer."""

    def __init__(self, folder: Path, base: str) -> None:
        self._path, self._base, self._id = folder / GONE, base, f"{base}id/"
        self._reading = ox.NamedNode(f"{base}{WORKING}")
        self._published: ox.Store | None = None
        self._runs: set[str] = set()
        self._written = False

    def note(self, snapshot: Callable[[], Path | None], gone: Iterable[ox.Quad], come: Iterable[ox.Quad]) -> None:
        """Note the IRIs that are in the `snapshot` published last and end with `gone`.

        To be called before the commit that takes out `gone` and puts in `come`. Raises OSError.
        """
        told: defaultdict[ox.NamedNode, list[ox.Quad]] = defaultdict(list)
        for quad in gone:
            if quad.predicate in _TELLS and (node := self._opened_by(quad)) is not None:
                told[node].append(quad)
        if not told:
            return
        for quad in come:
            if quad.predicate in _TELLS and (node := self._opened_by(quad)) is not None:
                told.pop(node, None)
        known = sorted(
            node.value[len(self._base) :] for node, quads in told.items() if self._was_published(node, quads, snapshot)
        )
        if fresh := [local for local in known if local not in self._runs]:
            self._runs |= {local for local in fresh if local.startswith("id/run-")}
            self._append(fresh)

    def _opened_by(self, quad: ox.Quad) -> ox.NamedNode | None:
        """Return the node that opens because of a line that `_TELLS`, if there is one.

        An entity and an article open by the default graph, whatever else is said of them elsewhere. A run is in the
        graphs of all its articles; it is noted with the first that goes, which does no harm.
        """
        node = quad.subject
        if not isinstance(node, ox.NamedNode) or not node.value.startswith(self._id) or "#" in node.value:
            return None
        elsewhere = node.value.startswith(_NOT_IN_DEFAULT, len(self._id)) and quad.graph_name != self._reading
        return node if elsewhere or quad.graph_name == _DEFAULT else None

    def _append(self, locals_: list[str]) -> None:
        with self._path.open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            cut_off = end and os.pread(file.fileno(), 1, end - 1) != b"\n"  # a disk was full
            file.write(("\n" if cut_off else "").encode() + "".join(f"{local}\n" for local in locals_).encode())
        self._written = True

    def _was_published(self, node: ox.NamedNode, quads: list[ox.Quad], snapshot: Callable[[], Path | None]) -> bool:
        """Tell whether a node is in what was published last; also where that cannot be read, which stops no commit."""
        try:
            if self._published is None:
                found = snapshot()
                if found is None:
                    return False
                self._published = ox.Store.read_only(str(found))
            published = self._published
            if any(quad in published for quad in quads):  # many times faster than what follows
                return True
            lines = (line for each in _TELLS for line in published.quads_for_pattern(node, each, None, None))
            return any(self._opened_by(line) is not None for line in lines)
        except (OSError, RuntimeError):
            return True

    def published(self) -> None:
        """Let go of the snapshot that was published last: there is a newer one."""
        self._published = None

    def flush(self) -> None:
        """Return when what was noted is on the disk. Raises OSError."""
        if self._written:
            with self._path.open("rb") as file:
                os.fsync(file.fileno())
            self._written = False

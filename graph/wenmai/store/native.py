"""What the memory store and the store on disk share: one open Oxigraph store behind the protocol."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai.errors import DiskFullError, StoreError
from wenmai.store.folder import restore_advice
from wenmai.store.protocol import ANY, STORED, Answer, GraphName, Graphs, update_text

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from wenmai.store.live import LiveIndex

_GraphNode = ox.NamedNode | ox.BlankNode
_DAMAGE = ("corruption", "corrupted", "checksum", "manifest", "no such file", "invalid argument", "column families")


def explain(error: Exception, location: str) -> StoreError:
    """Turn what the engine or the system raised at `location` into one line that says what to do."""
    text = " ".join(str(error).split())[:200]
    low = text.lower()
    if getattr(error, "errno", None) == errno.ENOSPC or "no space left" in low:
        return DiskFullError(
            f"{location}: the disk is full; what was committed is safe. Free some space and run the command again"
        )
    if "file descriptors" in low or getattr(error, "errno", None) == errno.EMFILE:
        return StoreError(
            f"{location}: this process may not open enough files, a store needs 96; run `ulimit -n 512` first"
        )
    if isinstance(error, PermissionError) or "permission denied" in low or "read-only file system" in low:
        return StoreError(f"{location}: no right to write or read there ({text}); change its rights or name another")
    if "lock" in low and ("resource temporarily unavailable" in low or "no locks available" in low):
        return StoreError(f"{location}: another program has its data open; stop it and run the command again")
    if is_damage(error):
        return StoreError(f"{location}: its files are damaged ({text}); {restore_advice(Path(location))}")
    return StoreError(f"{location}: {text or type(error).__name__}")


def is_damage(error: Exception) -> bool:
    """Tell whether what the engine raised is about files that are damaged or missing."""
    return any(word in str(error).lower() for word in _DAMAGE)


@contextmanager
def explained(location: str) -> Iterator[None]:
    """Raise what the engine or the system raises within as StoreError; SyntaxError passes."""
    try:
        yield
    except (OSError, RuntimeError, MemoryError) as error:
        raise explain(error, location) from error


class NativeStore:
    """An open pyoxigraph store behind the protocol; `inner` is for the rooms that need the engine itself."""

    def __init__(self, inner: ox.Store, base: str, location: str) -> None:
        self.base = base
        self.location = location
        self._inner: ox.Store | None = inner
        self._live: LiveIndex | None = None

    @property
    def inner(self) -> ox.Store:
        """The engine's own handle, open as long as this store is. Raises StoreError after `close`."""
        if self._inner is None:
            raise StoreError(f"{self.location}: the store was closed; open it again")
        return self._inner

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.Literal | None = None,
        graph: GraphName | None = ANY,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; None matches every term, `ANY` every graph."""
        try:  # not `explained`, which costs half as much as the look-up itself
            if subject is None or predicate is None or object is None or graph is None:
                yield from self.inner.quads_for_pattern(subject, predicate, object, graph)
            elif (quad := ox.Quad(subject, predicate, object, graph)) in self.inner:
                yield quad  # the engine would look up the text of its four terms, which takes six times as long
        except (OSError, RuntimeError, MemoryError) as error:
            raise explain(error, self.location) from error

    def query(self, text: str, graphs: Graphs = STORED) -> Answer:
        """Answer a trusted SPARQL query; rows come as they are read. Raises SyntaxError."""
        with explained(self.location):
            if not graphs:
                return self.inner.query(text)
            default: list[_GraphNode | ox.DefaultGraph] = [ox.NamedNode(iri) for iri in graphs.default]
            named: list[_GraphNode] = [ox.NamedNode(iri) for iri in graphs.named]
            return self.inner.query(text, default_graph=default, named_graphs=named)

    def update(self, text: str, base: str) -> None:
        """Run a trusted SPARQL update in one transaction, relative IRIs taken from `base`. Raises SyntaxError."""
        noted = self._live.anything() if self._live is not None else nullcontext()
        with explained(self.location), noted:
            self.inner.update(text, base_iri=base)

    def dump(self) -> bytes:
        """Return the dataset as N-Quads, written by the engine without an object for each quad."""
        with explained(self.location):
            return self.inner.dump(format=ox.RdfFormat.N_QUADS) or b""

    def construct(self, text: str) -> bytes:
        """Return the graph that a trusted CONSTRUCT query makes as N-Triples; several threads may ask at once."""
        with explained(self.location):
            answer = self.inner.query(text)
            found = answer.serialize(format=ox.RdfFormat.N_TRIPLES) if isinstance(answer, ox.QueryTriples) else None
            return found or b""

    def commit(self, add: Iterable[ox.Quad], remove: Iterable[ox.Quad] = ()) -> None:
        """Take out `remove` and put in `add` in one transaction; a quad that is in both stays."""
        kept = set(add)
        gone = set(remove) - kept
        noted = self._live.change(kept, gone) if self._live is not None else nullcontext()
        with explained(self.location), noted:
            if gone:
                self.inner.update(update_text(kept, gone))
            elif kept:
                self.inner.extend(kept)

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Put in many quads without holding them all in memory; not one transaction."""
        with explained(self.location):
            self.inner.bulk_extend(quads if self._live is None else self._live.loading(quads))

    def load_text(self, parts: Iterable[bytes]) -> None:
        """Put in N-Quads of our own, which may be cut anywhere, without holding them all; not one transaction."""
        noted = self._live.anything() if self._live is not None else nullcontext()
        joined = _Joined(parts)
        with explained(self.location), noted:
            try:
                self.inner.bulk_load(io.BufferedReader(joined, 1 << 20), ox.RdfFormat.N_QUADS, lenient=True)
            except Exception:
                if joined.error is not None:
                    raise joined.error from None
                raise

    def flush(self) -> None:
        """Return when all that was committed is on the disk."""
        with explained(self.location):
            self.inner.flush()

    def close(self) -> None:
        """Let go of the engine's handle."""
        self._inner = None


class _Joined(io.RawIOBase):
    """Pieces of a file, made as they are read."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._rest = memoryview(b"")
        self.error: BaseException | None = None  # the engine makes another of it

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        room = memoryview(buffer)
        while not self._rest:
            try:
                self._rest = memoryview(next(self._parts))
            except StopIteration:
                return 0
            except BaseException as error:
                self.error = error
                raise
        size = min(len(room), len(self._rest))
        room[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

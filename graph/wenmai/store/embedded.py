"""The store on disk: Oxigraph in a store folder, one writer, readers on published snapshots."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from wenmai.errors import StoreError, UsageError
from wenmai.store import folder as layout
from wenmai.store import lock, migrations, swap
from wenmai.store.files import to_disk
from wenmai.store.gone import Leaving
from wenmai.store.native import NativeStore, explained

if TYPE_CHECKING:
    from wenmai.store.index import Index, PublishedIndex
    from wenmai.store.live import LiveIndex
    from wenmai.store.tally import Tally

_FILLING = "filling"
"""The folder whose being there says: what the data hold is a part, and none of it counts."""


class EmbeddedStore(NativeStore):
    """A store folder, opened to write (the live data) or to read (the snapshot published last).

    `snapshot` is the folder a reader reads; None for the writer. A reader never sees a later commit.
    """

    def __init__(
        self, inner: ox.Store, folder: layout.Folder, held: IO[Any], snapshot: Path | None, *, read_only: bool
    ) -> None:
        super().__init__(inner, folder.base, str(folder.path))
        self.snapshot = snapshot
        self.read_only = read_only
        self._folder = folder
        self._held: IO[Any] | None = held
        self._covering: PublishedIndex | None = None
        self._leaving = Leaving(folder.path, folder.base)
        self._half_filled = False

    @classmethod
    def reader(cls, path: Path, snapshot_name: str | None = None) -> EmbeddedStore:
        """Open what was published last at `path`, or the snapshot named. Raises StoreError."""
        if layout.is_new(path):
            raise StoreError(f"{path}: there is no store; make one with `wenmai build SOURCE... --store {path}`")
        with explained(str(path)):
            folder = layout.Folder(path)
            migrations.check_readable(folder)
            found = folder.hold(snapshot_name) if snapshot_name else folder.hold_current()
            if found is None:
                raise StoreError(f"{path}: its snapshot {snapshot_name} is gone; open the store again")
            snapshot, held = found
            with _closing_on_error(held):
                if not swap.is_settled(path) or layout.Folder(path).settings != folder.settings:
                    held.close()  # another store was put in this one's place in between
                    return cls.reader(path, snapshot_name)
                return cls(ox.Store.read_only(str(snapshot)), folder, held, snapshot, read_only=True)

    @classmethod
    def writer(cls, path: Path, base: str | None, *, create: bool) -> EmbeddedStore:
        """Open the store at `path` to write, making it if `create`; one at a time. Raises StoreError, UsageError."""
        new = layout.is_new(path)
        if new and not create:
            raise StoreError(f"{path}: there is no store; make one with `wenmai build SOURCE... --store {path}`")
        folder = layout.make(path, base) if new else layout.Folder(path)
        if base is not None and layout.checked_base(base) != folder.base:
            raise UsageError(f"{path}: the store has the base {folder.base}; leave --base out or name a new store")
        held = lock.take(path)
        with _closing_on_error(held), explained(str(path)):
            swap.clean(path)  # what a restore or a migration that was killed has left
            _clear_half_filled(path)
            folder = migrations.migrate(layout.Folder(path))
            folder.unseal()
            store = cls(ox.Store(str(folder.data)), folder, held, None, read_only=False)
            store._live = store._index_to_write()
            if not (path / "current").exists():
                store.publish()
            return store

    def commit(self, add: Iterable[ox.Quad], remove: Iterable[ox.Quad] = ()) -> None:
        """Take out `remove` and put in `add` in one transaction; a quad that is in both stays."""
        self._writing()
        kept = set(add)
        gone = set(remove) - kept
        if gone:
            with explained(self.location):
                self._leaving.note(self._folder.current_snapshot, gone, kept)
        super().commit(kept, gone)

    def update(self, text: str, base: str) -> None:
        """Run a trusted SPARQL update, one transaction. Raises SyntaxError."""
        self._writing()
        super().update(text, base)

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Put in many quads without holding them all in memory; not one transaction."""
        self._writing()
        super().load(quads)

    def load_text(self, parts: Iterable[bytes]) -> None:
        """Put in N-Quads of our own, which may be cut anywhere, without holding them all; not one transaction."""
        self._writing()
        super().load_text(parts)

    @contextmanager
    def filling(self) -> Iterator[Path]:
        """Fill, within, a store that holds nothing; it is all there after it, and nothing is published.

        Gives a folder for files that are not needed afterwards. If it does not come to the end the store may not be
        used any more; opened again, it holds nothing.
        """
        self._writing()
        mark = self._folder.path / _FILLING
        with explained(self.location):
            mark.mkdir()
            to_disk(mark.parent)
        self._half_filled = True
        yield mark
        self.flush()
        with explained(self.location):
            for file in mark.iterdir():
                file.unlink()
            mark.rmdir()
            to_disk(mark.parent)
        self._half_filled = False

    def flush(self) -> None:
        """Return when all that was committed is on the disk."""
        if not self.read_only:
            with explained(self.location):
                self._leaving.flush()
            super().flush()

    def publish(self) -> None:
        """Snapshot the live data by hard links and make it what readers open from now on.

        Where a filling did not come to its end nothing is done.
        """
        self._writing()
        if self._half_filled:
            return
        self.flush()
        with explained(self.location):
            target = self._folder.next_snapshot()
            if self._live is not None:
                self._live.publish(target.name, self._folder.snapshot_names())
            self.inner.backup(str(target))
            self._folder.flip(target)
            self._leaving.published()

    def verify(self) -> None:
        """Compare every byte of what a reader reads with what was published; some seconds for gigabytes.

        Raises StoreError that names the file that is damaged.
        """
        if self.snapshot is not None:
            with explained(self.location):
                self._folder.verify(self.snapshot)

    def log(self, event: str, fields: Mapping[str, object]) -> None:
        """Append one line to the folder's log.jsonl."""
        self._writing()
        with explained(self.location):
            self._folder.append_log(event, fields)

    def beside(self, name: str) -> Path | None:
        """Return the path of a file of this name in the store's folder."""
        return self._folder.path / name

    def index(self) -> Index | None:
        """Return the index of texts and names, if it covers what this store shows."""
        if self._live is not None:
            return self._live if self._live.sound else None
        if self._covering is None:
            found = self._published_index()
            self._covering = found if found is not None and found.covers else None
        return self._covering  # which looks again with each answer

    def tally(self) -> Tally | None:
        """Return the counts of what this store shows, if they are kept."""
        if self._live is not None:
            return self._live.tally()
        found = self._published_index()
        return found.tally() if found is not None else None

    def close(self) -> None:
        """Bring to the disk what was committed, close the engine, give back the lock or the hold on the snapshot."""
        if self._held is None:
            return
        live, self._live = self._live, None
        self._leaving.published()
        try:
            self.flush()
            if live is not None:
                from wenmai.store.sidecar import stamp

                live.close(stamp(self._folder.path))
                live = None
            super().close()
            if not self.read_only:
                self._folder.seal_data()
        finally:
            if live is not None:
                live.close(None)
            super().close()
            self._held.close()
            self._held = None

    def _published_index(self) -> PublishedIndex | None:
        from wenmai.store.index import PublishedIndex

        return PublishedIndex(self._folder.path, self.base, self.snapshot.name) if self.snapshot is not None else None

    def _index_to_write(self) -> LiveIndex | None:
        """Open the index beside the data, repaired if it has to be; None if there can be none here."""
        import sqlite3

        from wenmai.store.live import LiveIndex
        from wenmai.store.sidecar import INDEX, stamp

        def told(note: str) -> None:
            with suppress(OSError):
                self._folder.append_log("index", {"note": note})

        try:
            return LiveIndex(self, self._folder.path / INDEX, stamp(self._folder.path), told)
        except (sqlite3.Error, OSError) as error:
            told(f"there is no {INDEX}, and searches are slow: {error}")
            return None

    def _writing(self) -> None:
        if self.read_only:
            raise StoreError(f"{self.location}: the store is open for reading only; open it with write=True")


def _clear_half_filled(path: Path) -> None:
    """Empty a store whose filling was cut off; what was published before, nothing, stays so."""
    mark = path / _FILLING
    if mark.exists():
        (path / "sealed").unlink(missing_ok=True)
        shutil.rmtree(path / "data", ignore_errors=True)
        for sidecar in path.glob("*.db*"):
            sidecar.unlink()
        shutil.rmtree(mark)


@contextmanager
def _closing_on_error(handle: IO[Any]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        handle.close()
        raise

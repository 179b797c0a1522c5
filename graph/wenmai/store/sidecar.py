"""A sidecar: an SQLite file beside the engine's data that says again, faster, what the store's quads say.

The engine and SQLite do not commit together, so a sidecar is trusted only where its last writer ended well. It holds a
state: `open` from before the first change on, written through to the disk, and at a clean end the store's `stamp`.
Who opens it to write learns by `reason` whether what it holds is to be compared with the store (`unclean`) or made anew
from it (`missing`, `damaged`, `foreign`). At rest it is one file without a log, so that it is read where nothing may be
written; while it is written readers see the last commit (WAL).

    side = Sidecar(folder / "registry.db", SCHEMA, "registry 1", stamp(folder))
    if side.reason: ...                     # fill side.db from the store, after side.begin()
    side.begin(); side.db.execute(...)      # as often as there is something to change
    side.commit()                           # before the store publishes
    side.close(stamp(folder))               # after the engine has flushed; without a stamp it stays unclean

    with reading(folder / "registry.db", "registry 1") as db:    # a reader; None if there is nothing to be trusted
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

INDEX = "index.db"
"""The sidecar that holds texts, names and counts; see `index`."""
_BUSY = 10.0
"""Seconds to wait for another's short lock: a reader opens, reads and closes within milliseconds."""
_AT_CLOSE = 500
"""Milliseconds to wait for readers when closing."""
DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file raises; the second where SQLite's own message quotes what is no text."""
_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
_OPEN = "open"


def stamp(folder: Path) -> str:
    """Return what tells this store, as it is at rest, from another, and from itself after a build by an older wenmai.

    That is the identity the engine gave its data when it made them and the name of the snapshot published last.
    """
    parts = []
    for name in ("data/IDENTITY", "current"):
        try:
            parts.append((folder / name).read_text("utf-8").strip())
        except (OSError, ValueError):
            parts.append("?")
    return " ".join(parts)


class Sidecar:
    """An SQLite file opened to write, by the process that holds the store's lock; `path` None keeps it in memory.

    `schema` are the statements that make its tables; `version` what its content depends on beside the store's quads: a
    file of another version is `foreign`. `reason` is empty if the content is what the store with this `stamp` says;
    `begun` tells whether anything was changed. `db` is the connection, which makes no transactions by itself. Raises
    sqlite3.Error or OSError if no file can be made there.
    """

    def __init__(self, path: Path | None, schema: str, version: str, stamp: str) -> None:
        self.path = path
        self.db: sqlite3.Connection
        self._schema, self._version = schema, version
        self.begun = False
        self.reason = self._opened(stamp) if path is not None and path.exists() else "missing"
        if self.reason not in ("", "unclean"):
            self.renew()

    def begin(self) -> None:
        """Call before every change: marks the file as open the first time, and begins a transaction if none is."""
        if not self.begun:
            if self.path is not None:
                self.db.execute("PRAGMA journal_mode = WAL").fetchall()  # where it cannot be, SQLite keeps to a journal
                self.db.execute("BEGIN IMMEDIATE")
                self._set("state", _OPEN)
                self.db.execute("COMMIT")
            self.begun = True
        if not self.db.in_transaction:
            self.db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Show readers what was changed, and have it on the disk."""
        if self.db.in_transaction:
            self.db.execute("COMMIT")

    def rollback(self) -> None:
        """Take back what was changed since the last commit."""
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def renew(self) -> None:
        """Throw the file away and make an empty one."""
        if hasattr(self, "db"):
            self.db.close()
        if self.path is not None:
            for ending in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        self.db = self._connection()
        self.begun = False
        self.db.executescript(f"BEGIN; {_META} {self._schema} COMMIT;")
        self.begin()
        self._set("version", self._version)

    def close(self, stamp: str | None = None) -> None:
        """Let go of the file. With a `stamp` it ends well: all is committed, and trusted by who finds that stamp."""
        with suppress(sqlite3.Error):
            if stamp is None or self.path is None:
                self.rollback()
            elif self.begun:
                self.begin()
                self._set("state", stamp)
                self.commit()
                self.db.execute(f"PRAGMA busy_timeout = {_AT_CLOSE}")
                self.db.execute("PRAGMA journal_mode = DELETE").fetchall()  # not while somebody reads: then it stays
        with suppress(sqlite3.Error):
            self.db.close()

    def _opened(self, stamp: str) -> str:
        try:
            self.db = self._connection()
            if self._get("version") != self._version:
                return "foreign"
            if self._get("state") == stamp:
                return "" if self._is_whole() else "damaged"
            whole = self.db.execute("PRAGMA quick_check(1)").fetchone()
            return "unclean" if whole == ("ok",) else "damaged"
        except DAMAGE:
            return "damaged"

    def _is_whole(self) -> bool:
        """Tell whether the file is as long as it says; only true of one at rest."""
        pages, size = (self.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return self.path is None or bool(self.path.stat().st_size == pages * size)

    def _connection(self) -> sqlite3.Connection:
        name = str(self.path) if self.path is not None else ":memory:"
        db = sqlite3.connect(name, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA cache_size = -32000")  # kilobytes
        return db

    def _get(self, key: str) -> str | None:
        return value_of(self.db, key)

    def _set(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def value_of(db: sqlite3.Connection, key: str) -> str | None:
    """Return what a sidecar's `meta` table holds under `key`. Raises sqlite3.Error if it is no sidecar."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row is not None else None


@contextmanager
def reading(path: Path, version: str) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that reads a sidecar; None if there is none, or one that is damaged or of another version.

    It shows what its writer committed last, which may be more or less than a snapshot of the store holds. Keep it for
    one answer: while it is open the writer cannot put the file to rest. What it raises is in `DAMAGE`.
    """
    db = None
    # Where nothing may be written SQLite cannot make the files that a log needs; without a log it needs none.
    modes = ("mode=ro",) if path.with_name(path.name + "-wal").exists() else ("mode=ro", "mode=ro&immutable=1")
    for mode in modes if path.exists() else ():
        try:
            db = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=_BUSY, isolation_level=None)
            if value_of(db, "version") == version:
                break
        except DAMAGE:
            pass  # damaged, or not to be opened in this mode: the next is tried, then there is none
        if db is not None:
            db.close()
            db = None
    try:
        yield db
    finally:
        if db is not None:
            db.close()

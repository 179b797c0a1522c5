"""The folder a store on disk lives in: its marker and settings, the writer's lock, the snapshots readers open.

    store.json      kind, format version, base IRI, the version of wenmai that made it
    lock            held by the one writer; says who it is
    data/           the engine's files, open to the writer only
    snapshots/N/    what readers open, hard links to the engine's files; snapshots/N.hold is held by each reader
    current         the name of the snapshot to open, replaced by rename
    index.db        texts, names and counts, from the data alone (see `index`); it may be deleted
    log.jsonl       clock times of builds

It knows nothing of RDF and does not open the engine.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from wenmai import __version__
from wenmai.errors import StoreError, UsageError
from wenmai.namespaces import DEFAULT_BASE

FORMAT = 1
KIND = "wenmai-store"
SNAPSHOTS_KEPT = 2
"""A reader that has read `current` has the time of one more publication to take hold of what it names."""


class Folder:
    """An existing store folder whose marker was read and whose format this version understands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings = _settings(path)

    @property
    def base(self) -> str:
        """The IRI that the IRIs of this store begin with."""
        return str(self.settings["base"])

    @property
    def data(self) -> Path:
        """The engine's own folder, for the writer."""
        return self.path / "data"

    @property
    def snapshots(self) -> Path:
        """The folder of what was published."""
        return self.path / "snapshots"

    def lock(self) -> IO[str]:
        """Take the writer's lock and return the open file that holds it; closing the file gives it back.

        Raises StoreError that names the process holding it.
        """
        try:
            handle = (self.path / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{self.path}: the store cannot be written here ({error.strerror})") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            holder = handle.read()
            handle.close()
            raise StoreError(f"{self.path}: {_held_by(holder)}; wait until it ends, or stop it") from error
        except OSError as error:
            handle.close()
            raise StoreError(
                f"{self.path}: the file system cannot lock files ({error.strerror}); use a local disk"
            ) from error
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        note = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since})
        with suppress(OSError):  # on a full disk the lock holds without its note; the engine tells of the disk
            handle.truncate(0)
            os.write(handle.fileno(), note.encode())
        return handle

    def hold_current(self) -> tuple[Path, IO[bytes]]:
        """Return the current snapshot's folder and the open file that keeps it from being deleted.

        Raises StoreError if nothing was published or the snapshot is gone.
        """
        for _ in range(20):
            name = self._current_name()
            held = self.hold(name)
            if held is not None:
                return held
            if self._current_name() == name:
                break
        raise StoreError(
            f"{self.path}: the snapshot that `current` names is missing; run `wenmai build` on it again to publish one"
        )

    def hold(self, name: str) -> tuple[Path, IO[bytes]] | None:
        """Return this snapshot's folder and the open file that keeps it; None if it is gone."""
        try:
            handle = (self.snapshots / f"{name}.hold").open("rb")
        except FileNotFoundError:
            return None
        fcntl.flock(handle, fcntl.LOCK_SH)
        if not (self.snapshots / name).is_dir():
            handle.close()
            return None
        return self.snapshots / name, handle

    def next_snapshot(self) -> Path:
        """Return the folder, not there yet, that the next snapshot goes into."""
        self.snapshots.mkdir(exist_ok=True)
        numbers = [int(p.name.split(".")[0]) for p in self.snapshots.iterdir() if p.name.split(".")[0].isdigit()]
        return self.snapshots / str(max(numbers, default=0) + 1)

    def snapshot_names(self) -> list[str]:
        """Return the names of the snapshots that there are."""
        return [path.name for path in self.snapshots.iterdir() if path.is_dir()]

    def flip(self, snapshot: Path) -> None:
        """Make `snapshot` the one readers open, then delete those that no reader holds and that are no longer new."""
        (self.snapshots / f"{snapshot.name}.hold").touch()
        write_atomically(self.path / "current", snapshot.name + "\n")
        self._prune(int(snapshot.name))

    def append_log(self, event: str, fields: Mapping[str, object]) -> None:
        """Append one line with the clock time in UTC to the log."""
        entry = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), "event": event, **fields}
        with (self.path / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")

    def _current_name(self) -> str:
        try:
            name = (self.path / "current").read_text("utf-8").strip()
        except (FileNotFoundError, ValueError):
            name = ""
        if not (name.isascii() and name.isdigit()):
            raise StoreError(
                f"{self.path}: the store has published nothing yet or its file `current` is damaged; "
                "run `wenmai build` on it again"
            )
        return name

    def _prune(self, newest: int) -> None:
        for folder in self.snapshots.iterdir():
            stem = folder.name.split(".")[0]
            if not stem.isdigit() or int(stem) > newest - SNAPSHOTS_KEPT:
                continue
            hold = self.snapshots / f"{stem}.hold"
            if not hold.exists():
                shutil.rmtree(self.snapshots / stem, ignore_errors=True)
                continue
            with hold.open("rb") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue
                shutil.rmtree(self.snapshots / stem, ignore_errors=True)
                hold.unlink(missing_ok=True)


def is_new(path: Path) -> bool:
    """Tell whether a store may be made at `path`: nothing is there, or an empty folder.

    Raises StoreError if something else is there that is not a store.
    """
    if not path.exists():
        return True
    if not path.is_dir():
        raise StoreError(f"{path}: this is a file, not a store; name a folder")
    if (path / "store.json").is_file():
        return False
    try:
        empty = not any(path.iterdir())
    except OSError as error:
        raise StoreError(f"{path}: the folder cannot be read ({error.strerror})") from error
    if not empty:
        raise StoreError(f"{path}: the folder holds files that are not a wenmai store; name another or an empty one")
    return True


def make(path: Path, base: str | None) -> Folder:
    """Make a new store folder with its marker. `base` defaults to that of a local server."""
    settings = {"kind": KIND, "format": FORMAT, "base": checked_base(base or DEFAULT_BASE), "created_by": __version__}
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "snapshots").mkdir(exist_ok=True)
        write_atomically(path / "store.json", json.dumps(settings, indent=2) + "\n")
    except OSError as error:
        raise StoreError(f"{path}: a store cannot be made here ({error.strerror}); name another folder") from error
    return Folder(path)


def checked_base(base: str) -> str:
    """Return `base` ending in `/` or `#`. Raises UsageError unless it is an absolute http or https IRI in ASCII."""
    import re

    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[!-~]*)?", base) or re.search(r"[<>\"{}|\\^`]", base):
        raise UsageError(f"--base {base!r} is not an absolute http IRI, such as https://example.org/news/")
    return base if base.endswith(("/", "#")) else base + "/"


def write_atomically(path: Path, text: str) -> None:
    """Replace the file at `path` so that readers see the old text or the new, never a part."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)


def _settings(path: Path) -> dict[str, object]:
    try:
        settings = json.loads((path / "store.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path}: its file store.json cannot be read ({type(error).__name__}); restore it from a copy, "
            "or delete the folder and build it again"
        ) from error
    if not isinstance(settings, dict) or settings.get("kind") != KIND:
        raise StoreError(f"{path}: the folder's store.json is not wenmai's; name another folder")
    version = settings.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise StoreError(f"{path}: its store.json names no format version; restore it from a copy")
    if version > FORMAT:
        raise StoreError(
            f"{path}: the store has format {version}, this wenmai ({__version__}) knows up to format {FORMAT}; "
            "install a newer wenmai"
        )
    if not isinstance(settings.get("base"), str):
        raise StoreError(f"{path}: its store.json names no base IRI; restore it from a copy")
    return settings


def _held_by(holder: str) -> str:
    try:
        who = json.loads(holder)
        return f"process {who['pid']} on {who['host']} has been writing the store since {who['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process is writing the store"

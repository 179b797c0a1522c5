"""Backups of a store folder: taken while it is read or written, verified to the byte, put back whole or not at all.

    backup.json     what is here, with the SHA-256 of every file; written last: without it there is no backup
    data/           the engine's files of the snapshot that was published last
    store.json, curation.jsonl, gone.txt, log.jsonl, *.db       as they lay in the store

A copy shares nothing with the store. With links the tables, which never change once written, are the store's own files
by another name: quick, and proof against whatever wenmai does to the store, but not against a disk that loses a byte.
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from wenmai import __version__
from wenmai.errors import StoreError
from wenmai.store import files, lock, seal, swap
from wenmai.store.folder import KIND, Folder, is_new
from wenmai.store.gone import GONE
from wenmai.store.native import explained

MANIFEST = "backup.json"
BACKUP_KIND = "wenmai-backup"
_UNFINISHED = "unfinished"
"""The file in a backup's folder that its writer holds locked until the manifest is there."""
_LOGS = ("curation.jsonl", "log.jsonl", GONE)
"""Files that only grow, by a line at a time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: files, their bytes, the snapshot it is of; whether tables are links; what to know of it.

    `summed` tells that there is a sum for every file: not for the links of a store of format 1, which had none.
    """

    files: int
    bytes: int
    snapshot: str
    linked: bool
    summed: bool
    notes: tuple[str, ...] = ()


def backup(store: Path, target: Path, *, link: bool = False) -> Kept:
    """Write a backup of the store folder `store` into the folder `target`, which is made or is empty.

    It holds what was published last, and may be taken while others read and while a build runs. `link` takes hard
    links of the tables in place of copies. Raises StoreError: no store there, `target` holds something, the disk is
    full, no links there. A backup that was killed is no backup, and the next one to the same folder begins again.
    """
    if is_new(store):
        raise StoreError(f"{store}: there is no store to back up")
    if store.resolve() in (target.resolve(), *target.resolve().parents):
        raise StoreError(f"{target}: this is within the store, and would be lost with it; name another folder")
    Folder(store)  # before anything is made
    with explained(str(target)), _target(target), _writer_kept_out(store) as alone:
        settings = (store / "store.json").read_bytes()
        folder = Folder(store)
        snapshot, held = folder.hold_current()
        with held:
            listed = _take_tables(snapshot, target / "data", folder.known_sums() if link else None)
        listed |= {"store.json": _put(settings, target / "store.json")}
        listed |= _take_logs(store, target)
        notes = []
        if alone is False:
            notes.append("a writer is at work; the backup holds what was published last")
        elif alone and not link and _is_published(folder, snapshot):
            listed |= _take_sidecars(store, target)
        if not swap.is_settled(store) or (store / "store.json").read_bytes() != settings:
            raise StoreError(f"{store}: another store was put in its place meanwhile; run the command again")
        _write_manifest(target, folder, snapshot.name, listed, linked=link)
    size, summed = sum(size for size, _ in listed.values()), all(digest for _, digest in listed.values())
    return Kept(len(listed), size, snapshot.name, link, summed, tuple(notes))


def read_manifest(source: Path) -> dict[str, Any]:
    """Return the manifest of the backup at `source`. Raises StoreError if there is no finished backup."""
    try:
        manifest = json.loads((source / MANIFEST).read_text("utf-8"))
    except FileNotFoundError as error:
        raise StoreError(f"{source}: there is no finished backup; take one with `wenmai backup {source}`") from error
    except (OSError, ValueError) as error:
        raise StoreError(f"{source}: its {MANIFEST} cannot be read ({type(error).__name__}); use another") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != BACKUP_KIND:
        raise StoreError(f"{source}: this is no backup of a store")
    if manifest.pop("sum", "") != _sum(manifest):
        raise StoreError(f"{source}: its {MANIFEST} was changed or is damaged; use another backup")
    return manifest


def _take_tables(snapshot: Path, target: Path, linked: seal.Known | None) -> dict[str, tuple[int, str | None]]:
    """Copy the engine's files; return the names within the backup with their sizes and sums.

    Tables are linked if their seals are given as `linked`; a store of format 1 has no sums of them.
    """
    target.mkdir()
    listed: dict[str, tuple[int, str | None]] = {}
    for name in files.engine_files(snapshot):
        source, copy = snapshot / name, target / name
        if linked is not None and name.endswith(".sst"):
            _link(source, copy)
            digest = linked.get(source.stat().st_ino, (0, None))[1]
        else:
            digest = files.copied(source, copy)
        listed[f"data/{name}"] = (copy.stat().st_size, digest)
    files.to_disk(target)
    return listed


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        raise StoreError(f"{target}: no hard link to the store can be made there; leave out --link") from error


def _take_logs(store: Path, target: Path) -> dict[str, tuple[int, str | None]]:
    """Copy the files that grow by lines, up to the end of their last whole line."""
    listed: dict[str, tuple[int, str | None]] = {}
    for name in _LOGS:
        with suppress(FileNotFoundError):
            text = (store / name).read_bytes()
            listed[name] = _put(text[: text.rfind(b"\n") + 1], target / name)
    return listed


def _take_sidecars(store: Path, target: Path) -> dict[str, tuple[int, str | None]]:
    """Copy the databases beside the data by SQLite's own backup; one that is damaged is left out, and made anew."""
    listed: dict[str, tuple[int, str | None]] = {}
    for source in sorted(store.glob("*.db")):
        copy = target / source.name
        try:
            with (
                closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
                closing(sqlite3.connect(copy)) as writing,
            ):
                reading.backup(writing)
                whole = writing.execute("PRAGMA quick_check").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            whole = False
        if not whole:
            copy.unlink(missing_ok=True)
            continue
        with copy.open("rb+") as handle:
            os.fsync(handle.fileno())
        listed[source.name] = (copy.stat().st_size, files.sha256(copy))
    return listed


def _put(data: bytes, target: Path) -> tuple[int, str]:
    with target.open("xb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    return len(data), hashlib.sha256(data).hexdigest()


def _write_manifest(
    target: Path, folder: Folder, snapshot: str, listed: dict[str, tuple[int, str | None]], *, linked: bool
) -> None:
    manifest: dict[str, Any] = {
        "kind": BACKUP_KIND,
        "of": KIND,
        "format": folder.format,
        "created_by": __version__,
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "snapshot": snapshot,
        "linked": linked,
        "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in sorted(listed.items())},
    }
    manifest["sum"] = _sum(manifest)
    files.write_atomically(target / MANIFEST, json.dumps(manifest, indent=1) + "\n")


def _sum(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _is_published(folder: Folder, snapshot: Path) -> bool:
    """Tell whether the data holds just what was published, so that files kept in step with it fit the snapshot."""
    try:
        kept = {name: state for name, state in seal.read(folder.data_seal()).items() if not name.endswith(".sst")}
        published = seal.seal_of(snapshot, folder.known_sums())
        return bool(kept) and all(published.get(name) == state for name, state in kept.items())
    except (OSError, ValueError, TypeError):
        return False


@contextmanager
def _writer_kept_out(store: Path) -> Iterator[bool | None]:
    """Give True if nobody writes the store, and keep it so; False if somebody does; None if that cannot be told."""
    held: Any = nullcontext()
    alone: bool | None = True
    try:
        held = lock.take(store)
    except lock.StoreLockedError:
        alone = False
    except StoreError:
        alone = None  # this user may read the store and not write it
    with held:
        yield alone


@contextmanager
def _target(target: Path) -> Iterator[None]:
    """Make the folder of a backup, take up one that was cut off, and leave nothing there if this one fails.

    Raises StoreError if something else is there, or a backup is being written there.
    """
    made = not target.exists()
    if not made and not target.is_dir():
        raise StoreError(f"{target}: this is a file; name a folder for the backup")
    target.mkdir(parents=True, exist_ok=True)
    inside = {entry.name for entry in target.iterdir()}
    if inside and (_UNFINISHED not in inside or MANIFEST in inside):
        what = "a backup already" if MANIFEST in inside else "files that are no backup of wenmai's"
        raise StoreError(f"{target}: the folder holds {what}; name another or an empty one")
    with (target / _UNFINISHED).open("a") as mark:
        _lock_mark(mark, target)
        _empty(target)
        try:
            yield
            (target / _UNFINISHED).unlink()
            files.to_disk(target)
        except BaseException:
            with suppress(OSError):
                (target / MANIFEST).unlink(missing_ok=True)
                _empty(target)
                (target / _UNFINISHED).unlink()
                if made:
                    target.rmdir()
            raise
    files.to_disk(target.resolve().parent)


def _lock_mark(mark: IO[str], target: Path) -> None:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError(f"{target}: another process is writing a backup there; wait, or name another") from error


def _empty(target: Path) -> None:
    for entry in target.iterdir():
        if entry.name == _UNFINISHED:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()

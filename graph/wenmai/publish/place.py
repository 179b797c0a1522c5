"""A folder that is replaced whole: written beside it, then put in its place, so that readers see the old or the new.

Where the system can, the two folders change places in one step (Linux: renameat2); elsewhere it is two renames, and
the next run finishes what a kill between them has left.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wenmai.errors import StoreError, UsageError
from wenmai.store.files import to_disk

MARKER = "wenmai-site.json"
"""The file that says a folder is a site of ours, which may be replaced."""
_KIND = "wenmai-site"
_EXCHANGE, _HERE = 2, -100
"""RENAME_EXCHANGE and AT_FDCWD of Linux."""


def mark(folder: Path) -> None:
    """Mark a folder as a site that wenmai wrote."""
    (folder / MARKER).write_text(json.dumps({"kind": _KIND, "format": 1}) + "\n", "utf-8")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty folder to write to, and put it in the place of `target` at the end of the block.

    Whatever ends the block early leaves `target` as it was. Raises UsageError where nothing can be written beside it,
    StoreError if `target` is not ours to replace or another process is writing it.
    """
    target = target.resolve()
    new, old = (target.with_name(f".{target.name[:200]}.wenmai-{word}") for word in ("new", "old"))
    _finish(target, old)
    _check(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{target}: nothing can be written beside it ({error.strerror}); name another") from error
    handle = os.open(new, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"{target}: another process is writing it; wait until it ends") from None
        try:
            _empty(new)
            yield new
            mark(new)
            os.sync()
            _put(new, target, old)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        shutil.rmtree(new, ignore_errors=True)  # what was there before, if the two changed places
        shutil.rmtree(old, ignore_errors=True)
    finally:
        os.close(handle)


def _check(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise StoreError(f"{target}: this is a file; name a folder for the site")
    if any(target.iterdir()) and not _is_ours(target):
        raise StoreError(f"{target}: there are files here that are no site of wenmai's; name a new or an empty folder")


def _is_ours(target: Path) -> bool:
    try:
        found = json.loads((target / MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("kind") == _KIND


def _finish(target: Path, old: Path) -> None:
    """Put back what a kill between two renames has left aside."""
    if old.is_dir() and not target.exists():
        old.rename(target)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _put(new: Path, target: Path, old: Path) -> None:
    if not target.exists():
        new.rename(target)
    elif not _exchanged(new, target):
        target.rename(old)
        new.rename(target)
    to_disk(target.parent)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where that cannot be done."""
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)

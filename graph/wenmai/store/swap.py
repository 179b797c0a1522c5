"""Putting a whole new store in the place of an old one, within its folder, so that a kill leaves one or the other.

What is new is laid out in `.wenmai-incoming` and brought to the disk; renaming that to `.wenmai-arrived` is the moment
of decision. Before it the store is the old one, and what lies about is deleted by the next writer. After it the store
is the new one: whoever comes next finishes moving it in, in steps that can be repeated. What it replaces waits in
`.wenmai-replaced` until all is in place. Nothing outside the folder is needed, so that the folder may be a mount point,
and its parent need not be writable.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from wenmai.errors import StoreError
from wenmai.store import lock
from wenmai.store.files import to_disk, write_atomically

_INCOMING, _ARRIVED, _REPLACED = ".wenmai-incoming", ".wenmai-arrived", ".wenmai-replaced"
OURS = frozenset({_INCOMING, _ARRIVED, _REPLACED, "lock"})
"""What may lie in a folder before a store is in it: a restore that was cut off."""
_OUT = "out.json"
_LAST = ("snapshots", "current", "store.json")
"""Moved in this order after all else: readers go from `current` to a snapshot, and both have to be there by then."""
_PATIENCE = 10.0
"""Seconds that a reader waits for another process to finish moving a store in, which takes milliseconds."""


def prepare(path: Path) -> Path:
    """Return an empty folder in which to lay out the new store; the caller holds the lock of the store at `path`."""
    clean(path)
    incoming = path / _INCOMING
    incoming.mkdir()
    return incoming


def clean(path: Path) -> None:
    """Finish what was decided, delete what was not; the caller holds the lock."""
    finish(path)
    shutil.rmtree(path / _INCOMING, ignore_errors=True)


def commit(path: Path, out: Iterable[str]) -> None:
    """Put what was laid out in the place of the store at `path`, taking the entries `out` of the old one out first.

    The files laid out are on the disk already; here their folders follow. The caller holds the lock.
    """
    incoming = path / _INCOMING
    write_atomically(incoming / _OUT, json.dumps(sorted(out)))
    for folder, _, _ in os.walk(incoming):
        to_disk(Path(folder))
    incoming.rename(path / _ARRIVED)
    to_disk(path)
    finish(path)


def finish(path: Path) -> None:
    """Move in what has arrived, if anything; the caller holds the lock. Every step may be repeated after a kill."""
    arrived, replaced = path / _ARRIVED, path / _REPLACED
    if arrived.is_dir():
        replaced.mkdir(exist_ok=True)
        _take_out(path, arrived / _OUT, replaced)
        names = sorted(entry.name for entry in arrived.iterdir())
        for name in [name for name in names if name not in _LAST] + [name for name in _LAST if name in names]:
            if name == "snapshots":
                _add_snapshots(arrived / name, path / name)
            else:
                (arrived / name).replace(path / name)
        to_disk(path)
        arrived.rmdir()
        to_disk(path)
    if replaced.is_dir():
        shutil.rmtree(replaced, ignore_errors=True)


def settle(path: Path) -> None:
    """Before a store is read: see that no new store is half moved in, and finish it if nobody else does.

    Raises StoreError if that is not possible here.
    """
    arrived = path / _ARRIVED
    deadline = time.monotonic() + _PATIENCE
    while arrived.is_dir():
        try:
            with lock.take(path):
                finish(path)
        except lock.StoreLockedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(f"{path}: a restore was cut off and cannot be finished here ({reason})") from error


def is_settled(path: Path) -> bool:
    """Tell whether no new store is half moved in."""
    return not (path / _ARRIVED).is_dir()


def is_open(folder: Path) -> bool:
    """Tell whether this process has a file in `folder` open; True where that cannot be found out."""
    within = str(folder.resolve()) + os.sep
    try:
        handles = list(Path("/proc/self/fd").iterdir())
    except OSError:
        return True
    for handle in handles:
        with suppress(OSError):
            if str(handle.readlink()).startswith(within):
                return True
    return False


def _take_out(path: Path, listed: Path, replaced: Path) -> None:
    try:
        names = json.loads(listed.read_text("utf-8"))
    except FileNotFoundError:
        return  # done before the kill
    for name in names:
        if (path / name).exists():
            (path / name).rename(replaced / name)
    to_disk(path)
    listed.unlink()
    to_disk(listed.parent)


def _add_snapshots(arrived: Path, snapshots: Path) -> None:
    """Add new snapshots to the old ones, which readers may be reading."""
    snapshots.mkdir(exist_ok=True)
    for entry in sorted(arrived.iterdir()):
        entry.replace(snapshots / entry.name)
    to_disk(snapshots)
    arrived.rmdir()

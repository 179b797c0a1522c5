"""The writer's lock of a store folder: one process at a time, named to those that come later, gone with its process."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO

from wenmai.errors import StoreError


class StoreLockedError(StoreError):
    """Another process is writing the store."""


def take(path: Path) -> IO[str]:
    """Take the writer's lock of the folder `path`; closing the open file that is returned gives it back.

    The kernel holds it for the process (flock), so that a process that is killed gives it back, and a note that it
    left means nothing. Raises StoreLockedError that names the process holding it, StoreError if there is no locking.
    """
    try:
        handle = (path / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path}: the store cannot be written here ({error.strerror})") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.seek(0)
        holder = handle.read()
        handle.close()
        raise StoreLockedError(f"{path}: {_held_by(holder)}; wait until it ends, or stop it") from error
    except OSError as error:
        handle.close()
        raise StoreError(f"{path}: the file system cannot lock files ({error.strerror}); use a local disk") from error
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    note = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since})
    with suppress(OSError):  # on a full disk the lock holds without its note; the engine tells of the disk
        handle.truncate(0)
        os.write(handle.fileno(), note.encode())
    return handle


def _held_by(holder: str) -> str:
    try:
        who = json.loads(holder)
        return f"process {who['pid']} on {who['host']} has been writing the store since {who['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process is writing the store"

"""Putting a backup back: every byte is compared with the manifest, then the store is the old one or the new one."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from wenmai import __version__
from wenmai.errors import StoreError
from wenmai.store import files, gone, lock, seal, swap
from wenmai.store.backup import Kept, read_manifest
from wenmai.store.folder import FORMAT, Folder, is_new, seal_snapshot
from wenmai.store.migrations import SIDECARS
from wenmai.store.native import explained

_NAME = re.compile(r"(data/[\w.-]+|[\w-]+(\.[\w-]+)+)", re.ASCII)
"""What a file of a backup may be called: nothing that leads out of the folder."""


def restore(source: Path, target: Path, *, replace: bool = False) -> Kept:
    """Make the store at `target` of the backup at `source`; in the place of a store that is there if `replace`.

    Readers of the old store read on. Raises StoreError, after which the store at `target` is as it was: the backup is
    unfinished, damaged or of a newer format; `target` holds something else, or is being written; the disk is full.
    """
    manifest = read_manifest(source)
    if not isinstance(manifest["format"], int) or manifest["format"] > FORMAT:
        raise StoreError(
            f"{source}: the backup has format {manifest['format']}, this wenmai ({__version__}) knows up to format "
            f"{FORMAT}; install a newer wenmai"
        )
    if not is_new(target) and not replace:
        raise StoreError(f"{target}: there is a store already; add --replace to put the backup in its place")
    made = not target.exists()
    with explained(str(target)):
        target.mkdir(parents=True, exist_ok=True)
        try:
            with lock.take(target):
                _put_in_place(source, manifest, target)
        except BaseException:
            with suppress(OSError):  # a folder that was made for this, or nothing
                if made and not (target / "store.json").exists():
                    (target / "lock").unlink()
                    target.rmdir()
            raise
        Folder(target).append_log("restore", {"snapshot": manifest["snapshot"], "made": manifest["made"]})
    sizes = [int(entry["bytes"]) for entry in manifest["files"].values()]
    summed = all(entry["sha256"] for entry in manifest["files"].values())
    return Kept(len(sizes), sum(sizes), str(manifest["snapshot"]), bool(manifest["linked"]), summed)


def _put_in_place(source: Path, manifest: dict[str, Any], target: Path) -> None:
    """Lay the store out beside the old one, verify it, and put it in its place; the lock is held."""
    incoming = swap.prepare(target)
    try:
        (incoming / "data").mkdir()
        for name, entry in manifest["files"].items():
            _copy_verified(source, name, entry, incoming)
        gone.carry_over(target, incoming)
        number = _next_number(target)
        snapshot = incoming / "snapshots" / str(number)
        files.linked_or_copied(incoming / "data", snapshot)
        sums = {
            name.removeprefix("data/"): (int(entry["bytes"]), str(entry["sha256"]))
            for name, entry in manifest["files"].items()
            if entry["sha256"]
        }
        files.write_atomically(incoming / "current", seal_snapshot(snapshot, seal.known(incoming / "data", sums)))
        ox.Store.read_only(str(snapshot))  # the engine takes it: its manifest fits its tables
        Folder(incoming)  # and this is a store that can be opened
    except BaseException:
        shutil.rmtree(incoming, ignore_errors=True)
        raise
    old = {"data", "sealed", "curation.jsonl", "log.jsonl", gone.GONE, *(found.name for found in target.glob(SIDECARS))}
    swap.commit(target, old)


def _copy_verified(source: Path, name: str, entry: dict[str, Any], incoming: Path) -> None:
    if not _NAME.fullmatch(name):
        raise StoreError(f"{source}: its manifest names a file {name!r} that no backup holds; use another backup")
    try:
        size = (source / name).stat().st_size
        digest = files.copied(source / name, incoming / name) if size == entry["bytes"] else ""
    except FileNotFoundError as error:
        raise StoreError(f"{source}: its file {name} is missing; use another backup") from error
    if size != entry["bytes"] or entry["sha256"] not in (digest, None):
        raise StoreError(f"{source}: its file {name} is not what was backed up; use another backup")


def _next_number(target: Path) -> int:
    """Return a number above those of all snapshots that were ever there, so that no reader takes new for old."""
    with suppress(FileNotFoundError):
        numbers = [int(name.split(".")[0]) for name in os.listdir(target / "snapshots") if name[:1].isdigit()]  # noqa: PTH208 - names are all that is wanted
        return max(numbers, default=0) + 1
    return 1

"""Bringing a store of an older format up to date: steps from each format to the next, on a twin of the store.

The old data is never written to. Its tables are linked into a twin, the steps work on that, and the twin takes its
place in one move (wenmai.store.swap); until then the old store is the backup, and what a kill leaves is the old store,
or the new one. A step is a file of its own here, and a row of `STEPS`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from wenmai import __version__
from wenmai.errors import StoreError
from wenmai.store import files, swap
from wenmai.store.folder import FORMAT, Folder, seal_snapshot, write_settings
from wenmai.store.migrations import f2
from wenmai.store.native import NativeStore, explained

SIDECARS = "*.db*"
"""Files beside the data that follow from it and are made anew: SQLite databases and what SQLite keeps beside them."""


@dataclass(frozen=True, slots=True)
class Step:
    """How a store gets to the format `to` from the one before.

    `about` says in one line what changes. `run` is given the twin, open to write, and its folder, which holds
    `store.json` as it was and the curation log; it changes the data and puts new files into the folder. `readable`
    tells that stores of the format before can be read as they are, without this step.
    """

    to: int
    about: str
    run: Callable[[Twin, Path], None]
    readable: bool = True


class Twin(NativeStore):
    """The store as the steps of a migration see it: the live data, nobody else's until the migration is done."""

    def publish(self) -> None:
        """Do nothing: what the steps make is published once, when all are done."""

    def log(self, event: str, fields: Mapping[str, object]) -> None:
        """Do nothing: the migration is logged as a whole."""


STEPS: tuple[Step, ...] = (Step(2, f2.ABOUT, f2.migrate),)


def pending(folder: Folder) -> tuple[Step, ...]:
    """Return the steps that the store in `folder` has before it, in order."""
    return tuple(step for step in STEPS if step.to > folder.format)


def check_readable(folder: Folder) -> None:
    """Raise StoreError if this version can no longer read the store's format as it is."""
    if not all(step.readable for step in pending(folder)):
        raise StoreError(
            f"{folder.path}: the store has format {folder.format}, which this wenmai ({__version__}) reads only after "
            f"bringing it to format {FORMAT}; run `wenmai migrate --store {folder.path}`"
        )


def migrate(folder: Folder) -> Folder:
    """Bring the store in `folder` to the present format, if it is not; the caller holds its lock.

    Returns the folder as it is then. Raises StoreError, after which the store is as it was.
    """
    steps = pending(folder)
    if not steps:
        return folder
    path, old = folder.path, folder.format
    with explained(str(path)):
        incoming = swap.prepare(path)
        try:
            _lay_out(folder, steps, incoming)
        except BaseException:
            shutil.rmtree(incoming, ignore_errors=True)
            raise
        swap.commit(path, {"data", "sealed", *(found.name for found in path.glob(SIDECARS))})
        folder = Folder(path)
        folder.append_log("migrate", {"from": old, "to": folder.format})
    return folder


def _lay_out(folder: Folder, steps: tuple[Step, ...], incoming: Path) -> None:
    """Make in `incoming` the store that takes the place of the one in `folder`."""
    folder.check_seal()
    files.linked_or_copied(folder.data, incoming / "data")
    files.copied(folder.path / "store.json", incoming / "store.json")
    with suppress(FileNotFoundError):
        files.copied(folder.path / "curation.jsonl", incoming / "curation.jsonl")
    twin = Twin(ox.Store(str(incoming / "data")), folder.base, str(folder.path))
    for step in steps:
        step.run(twin, incoming)
    twin.flush()
    (incoming / "snapshots").mkdir()
    snapshot = incoming / "snapshots" / folder.next_snapshot().name
    twin.inner.backup(str(snapshot))
    twin.close()
    files.write_atomically(incoming / "current", seal_snapshot(snapshot, folder.known_sums()))
    settings = json.loads((incoming / "store.json").read_text("utf-8"))
    write_settings(incoming, {**settings, "format": steps[-1].to})

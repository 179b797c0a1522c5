"""The folder a store on disk lives in: its marker and settings, the writer's lock, the snapshots readers open.

    store.json      kind, format version, base IRI, the version of wenmai that made it, and a sum over these
    lock            held by the one writer; says who it is
    data/           the engine's files, open to the writer only
    sealed          there after a writer has closed: what data/ holds (wenmai.store.seal)
    snapshots/N/    what readers open, hard links to the engine's files
    snapshots/N.hold    the snapshot's seal; held by each reader, so that nobody deletes what is read
    current         the name of the snapshot to open and the sum of its seal, replaced by rename
    index.db        texts, names and counts, from the data alone (see `index`); it may be deleted
    registry.db     what articles show of entities, from their readings (wenmai.resolve.registry); it may be deleted
    curation.jsonl  what people decided
    gone.txt        IRIs that were published and are no more (wenmai.store.gone)
    log.jsonl       clock times of builds
    .wenmai-*       a restore or a migration under way (wenmai.store.swap)

It knows nothing of RDF and does not open the engine. docs/store.md tells what a kill and a power cut leave.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from wenmai import __version__
from wenmai.errors import StoreError, UsageError
from wenmai.namespaces import DEFAULT_BASE
from wenmai.store import seal, swap
from wenmai.store.files import write_atomically

FORMAT = 2
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
    def format(self) -> int:
        """The format that the store was last written in."""
        return int(str(self.settings["format"]))

    @property
    def data(self) -> Path:
        """The engine's own folder, for the writer."""
        return self.path / "data"

    @property
    def snapshots(self) -> Path:
        """The folder of what was published."""
        return self.path / "snapshots"

    def hold_current(self) -> tuple[Path, IO[bytes]]:
        """Return the current snapshot's folder and the open file that keeps it from being deleted.

        Raises StoreError if nothing was published, or the snapshot is gone or not what was published.
        """
        for _ in range(20):
            name, digest = self._current()
            held = self.hold(name, digest)
            if held is not None:
                return held
            if self._current() == (name, digest):
                break
        raise StoreError(f"{self.path}: the snapshot that `current` names is missing; {_anew(self.path)}")

    def hold(self, name: str, digest: str = "") -> tuple[Path, IO[bytes]] | None:
        """Return this snapshot's folder and the open file that keeps it; None if it is gone.

        `digest` is the sum of its seal. Raises StoreError if the snapshot's files are not what was published.
        """
        snapshot = self.snapshots / name
        try:
            handle = (self.snapshots / f"{name}.hold").open("rb")
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if not snapshot.is_dir():
                handle.close()
                return None
            text = handle.read()
            if digest and hashlib.sha256(text).hexdigest() != digest:
                raise StoreError(f"{self.path}: the seal of snapshot {name} is damaged; {_anew(self.path)}")
            if text:
                seal.check(snapshot, text.decode("utf-8", "replace"), self.path, _anew(self.path))
        except BaseException:
            handle.close()
            raise
        return snapshot, handle

    def current_snapshot(self) -> Path | None:
        """Return the folder of what was published last, which stays until there is a newer one; None if none."""
        try:
            found = self.snapshots / self._current()[0]
        except StoreError:
            return None
        return found if found.is_dir() else None

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
        write_atomically(self.path / "current", seal_snapshot(snapshot, self.known_sums()))
        self._prune(int(snapshot.name))

    def seal_data(self) -> None:
        """Note what the engine's files are, now that a writer has closed them; not if the engine is open still.

        Queries whose rows were not all read keep it open. Without a seal the engine's own recovery is relied on.
        """
        if swap.is_open(self.data):
            return
        with suppress(OSError):  # a full disk; the store is as good without
            text = seal.written(seal.state_of_data(self.data, self.known_sums()))
            write_atomically(self.path / "sealed", text + hashlib.sha256(text.encode()).hexdigest() + "\n")

    def check_seal(self) -> None:
        """Compare the engine's files with what the last writer left, if it closed them.

        Raises StoreError if one of them is not what it was.
        """
        text = self.data_seal()
        if text:
            seal.check(self.data, text, self.path, restore_advice(self.path))

    def data_seal(self) -> str:
        """Return the seal that the last writer left; empty if it was killed, or if the seal itself is damaged."""
        try:
            text = (self.path / "sealed").read_text("utf-8")
        except (OSError, ValueError):
            return ""
        head, _, digest = text.removesuffix("\n").rpartition("\n")
        return head + "\n" if hashlib.sha256(f"{head}\n".encode()).hexdigest() == digest else ""

    def unseal(self) -> None:
        """Check the seal and take it away: the engine's files are about to change. Raises as `check_seal`."""
        self.check_seal()
        (self.path / "sealed").unlink(missing_ok=True)

    def known_sums(self) -> seal.Known:
        """Return what the seals of the snapshots that are here say of tables, which never change."""
        known: seal.Known = {}
        for hold in self.snapshots.glob("*.hold"):
            with suppress(OSError, ValueError, TypeError):
                known |= seal.known(hold.with_suffix(""), seal.read(hold.read_text("utf-8")))
        return known

    def verify(self, snapshot: Path) -> None:
        """Compare every byte of a snapshot with its seal. Raises StoreError; passes over one of format 1."""
        text = snapshot.with_name(f"{snapshot.name}.hold").read_text("utf-8", "replace")
        if text:
            seal.check(snapshot, text, self.path, restore_advice(self.path), whole=True)

    def append_log(self, event: str, fields: Mapping[str, object]) -> None:
        """Append one line with the clock time in UTC to the log."""
        entry = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), "event": event, **fields}
        with (self.path / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")

    def _current(self) -> tuple[str, str]:
        """Return the name of the current snapshot and the sum of its seal, which stores of format 1 do not have."""
        try:
            name, _, digest = (self.path / "current").read_text("utf-8").strip().partition(" ")
        except (FileNotFoundError, ValueError):
            name = digest = ""
        whole = len(digest) == 64 or (self.format == 1 and not digest)
        if not (name.isascii() and name.isdigit() and whole):
            raise StoreError(
                f"{self.path}: the store has published nothing yet or its file `current` is damaged; {_anew(self.path)}"
            )
        return name, digest

    def _prune(self, newest: int) -> None:
        for folder in self.snapshots.iterdir():
            stem = folder.name.split(".")[0]
            if not stem.isdigit() or int(stem) > newest - SNAPSHOTS_KEPT:
                continue
            if folder.suffix == ".new":
                folder.unlink(missing_ok=True)
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
    """Tell whether a store may be made at `path`: nothing is there, or an empty folder; False for a store, if damaged.

    Raises StoreError if something else is there that is not a store.
    """
    if not path.exists():
        return True
    swap.settle(path)
    if not path.is_dir():
        raise StoreError(f"{path}: this is a file, not a store; name a folder")
    if (path / "store.json").is_file() or (path / "data" / "CURRENT").is_file() or (path / "current").is_file():
        return False
    try:
        empty = not any(inside.name not in swap.OURS for inside in path.iterdir())
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
        write_settings(path, settings)
    except OSError as error:
        raise StoreError(f"{path}: a store cannot be made here ({error.strerror}); name another folder") from error
    return Folder(path)


def write_settings(path: Path, settings: Mapping[str, object]) -> None:
    """Write store.json into the folder `path`, with the sum over `settings` that shows a change made to it since."""
    plain = {key: value for key, value in settings.items() if key != "sum"}
    write_atomically(path / "store.json", json.dumps({**plain, "sum": _sum(plain)}, indent=2) + "\n")


def seal_snapshot(snapshot: Path, known: seal.Known) -> str:
    """Write the seal of `snapshot` beside it, as its hold, and return the text of the file `current` that names it.

    `known` are the sums of tables that need not be taken again.
    """
    text = seal.written(seal.seal_of(snapshot, known))
    write_atomically(snapshot.with_name(f"{snapshot.name}.hold"), text)
    return f"{snapshot.name} {hashlib.sha256(text.encode()).hexdigest()}\n"


def restore_advice(path: Path) -> str:
    """Return what to do about a damaged store."""
    return (
        f"restore from a backup: `wenmai restore BACKUP --replace --store {path}`, "
        "or delete the folder and build it again from the articles"
    )


def _anew(path: Path) -> str:
    """Return what to do about a snapshot that is damaged while the data may be whole."""
    return (
        "run `wenmai build` on it again to publish one, "
        f"or restore from a backup: `wenmai restore BACKUP --replace --store {path}`"
    )


def checked_base(base: str) -> str:
    """Return `base` ending in `/` or `#`. Raises UsageError unless it is an absolute http or https IRI in ASCII."""
    import re

    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[!-~]*)?", base) or re.search(r"[<>\"{}|\\^`]", base):
        raise UsageError(f"--base {base!r} is not an absolute http IRI, such as https://example.org/news/")
    return base if base.endswith(("/", "#")) else base + "/"


def _settings(path: Path) -> dict[str, object]:
    advice = restore_advice(path)
    try:
        settings = json.loads((path / "store.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: its file store.json cannot be read ({type(error).__name__}); {advice}") from error
    if not isinstance(settings, dict) or settings.get("kind") != KIND:
        raise StoreError(f"{path}: the folder's store.json is not wenmai's; name another folder, or {advice}")
    version = settings.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise StoreError(f"{path}: its store.json names no format version; {advice}")
    if version > FORMAT:
        raise StoreError(
            f"{path}: the store has format {version}, this wenmai ({__version__}) knows up to format {FORMAT}; "
            "install a newer wenmai"
        )
    if not isinstance(settings.get("base"), str):
        raise StoreError(f"{path}: its store.json names no base IRI; {advice}")
    if (version > 1 or "sum" in settings) and settings.pop("sum", "") != _sum(settings):
        raise StoreError(f"{path}: its file store.json was changed or is damaged; {advice}")
    return settings


def _sum(settings: Mapping[str, object]) -> str:
    text = json.dumps({key: value for key, value in settings.items() if key != "sum"}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

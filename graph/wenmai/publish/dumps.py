"""Dumps: the whole dataset in compressed files, written by the export, which leaves the store's own record out.

`python -m wenmai.publish.dumps STORE FOLDER BASE PUBLIC` makes those of a store in a process of its own and ends when
its standard input is closed: that is how a server has them made.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from wenmai.errors import StoreError, WenmaiError
from wenmai.serve.dataset.describe import Dump
from wenmai.store import EmbeddedStore, Store, open_store
from wenmai.store.files import sha256, to_disk
from wenmai.triples.export import FORMATS, export

MANIFEST = "dumps.json"
"""What says which dumps a folder has and of which snapshot they are; written last."""
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """A dump that is made: the name of its file, its format, and whether it has the facts alone."""

    name: str
    format: str
    facts_only: bool = False

    @property
    def media(self) -> str:
        """The media type of what is compressed."""
        return FORMATS[self.format]


KINDS = (
    Kind("dataset.nq.gz", "nquads"),
    Kind("dataset.ttl.gz", "turtle"),
    Kind("facts.nt.gz", "ntriples", facts_only=True),
)
"""All of it with its graphs, for stores; the same flattened, for people; what the default graph says."""


class Rewritten:
    """Passes bytes on with one IRI in place of another; what is written at a time has whole IRIs."""

    def __init__(self, output: BinaryIO, base: str, public: str) -> None:
        self._output, self._base, self._public = output, base.encode(), public.encode()

    def write(self, data: bytes) -> int:
        """Write `data`, rewritten."""
        self._output.write(data.replace(self._base, self._public))
        return len(data)


def make(store: Store, folder: Path, mark: str = "", public: str = "") -> None:
    """Write the dumps of `store` and a manifest to `folder`, each file replaced when it is whole.

    `mark` is kept in the manifest. IRIs begin with `public` in place of the store's base, if it is given. Raises
    StoreError, OSError.
    """
    written = []
    try:
        for kind in KINDS:
            temporary = folder / f".{kind.name}.new"
            written.append((temporary, folder / kind.name))
            with temporary.open("wb") as raw:
                _dump(store, kind, raw, public)
                raw.flush()
                os.fsync(raw.fileno())
        files = {target.name: {"bytes": path.stat().st_size, "sha256": sha256(path)} for path, target in written}
        listed = folder / f".{MANIFEST}.new"
        written.append((listed, folder / MANIFEST))
        listed.write_text(json.dumps({"snapshot": mark, "files": files}, indent=1) + "\n", "utf-8")
        for path, target in written:
            path.replace(target)
        to_disk(folder)
    except BaseException:
        for path, _ in written:
            path.unlink(missing_ok=True)
        raise


def made(store: Store, folder: Path, when: str, public: str) -> Iterator[Dump]:
    """Write the dumps of `store` to `folder` and yield how each is described; see `make`."""
    make(store, folder, public=public)
    for kind in KINDS:
        yield Dump(kind.name, kind.media, (folder / kind.name).stat().st_size, when)


def _dump(store: Store, kind: Kind, raw: BinaryIO, public: str) -> None:
    # Neither name nor time in the head: the same dataset gives the same bytes.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed:
        output = cast("BinaryIO", packed)
        if public and public != store.base:
            output = cast("BinaryIO", Rewritten(output, store.base, public))  # the export calls write only
        export(store, kind.format, output, facts_only=kind.facts_only)


def main(location: str, target: str, public: str) -> int:
    """Make the dumps of the store at `location` as it was published last, unless another process does; 0 if done."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(10)
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        with closing(open_store(location)) as store:
            if not isinstance(store, EmbeddedStore) or store.snapshot is None:
                raise StoreError(f"{location}: dumps are made of a store in a folder")
            make(store, folder, store.snapshot.name, public)
    return 0


def _end_with_parent() -> None:
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 1):
            pass
    os._exit(1)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:4]))
    except (WenmaiError, OSError) as error:
        sys.exit(" ".join(str(error).split())[:300])

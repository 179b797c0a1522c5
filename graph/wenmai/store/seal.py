"""Seals: what the files of a snapshot were when it was published, so that a later change to one of them is noticed.

RocksDB checks a block of a table when it reads it, and that is all. It does not notice a manifest that was cut short:
it takes the state before the cut, which is an answer, and a wrong one. And Oxigraph 0.5 meets a bad block within a
query that groups or sorts by asking for it again without end, until memory runs out. So a seal has the size and the
SHA-256 of every file. Opening compares sizes, and sums but for the tables of a store above `SMALL`: a gigabyte takes a
second. `verify` compares all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

from wenmai.errors import StoreError
from wenmai.store.files import engine_files, sha256

Seal: TypeAlias = dict[str, tuple[int, str]]
"""The name of a file → its size in bytes and its SHA-256."""

Known: TypeAlias = dict[int, tuple[int, str]]
"""The inode of a table → its size and SHA-256: hard links of one table need its sum taken once."""

SMALL = 32 << 20
"""Bytes of tables up to which opening compares their sums too: some 30 ms."""


def seal_of(folder: Path, known: Known) -> Seal:
    """Return the seal of the engine's files in `folder` as they are now; the sums of `known` tables are not taken."""
    return _taken(folder, engine_files(folder), known)


def state_of_data(folder: Path, known: Known) -> Seal:
    """Return the seal of a closed writer's data: as `seal_of`, without the logs and notes that no longer matter."""
    kept = [name for name in engine_files(folder) if name.endswith(".sst") or name.startswith(("CURRENT", "MANIFEST"))]
    return _taken(folder, kept, known)


def written(seal: Seal) -> str:
    """Return a seal as the text of a file."""
    return json.dumps(seal, separators=(",", ":"), sort_keys=True) + "\n"


def read(text: str) -> Seal:
    """Return the seal that was written as `text`. Raises ValueError for one that is damaged."""
    parsed = json.loads(text)
    if not isinstance(parsed, dict):
        raise ValueError("a seal is a JSON object")
    return {str(name): (int(size), str(digest)) for name, (size, digest) in parsed.items()}


def check(folder: Path, text: str, store: Path, remedy: str, *, whole: bool = False) -> None:
    """Compare the files in `folder` with the seal `text`; raise StoreError that names the first that differs.

    With `whole` the sums of large tables are compared too.
    """
    try:
        seal = read(text)
    except (ValueError, TypeError) as error:
        raise StoreError(f"{store}: the seal of {folder.name} is damaged; {remedy}") from error
    for name, (size, _) in seal.items():
        try:
            found = (folder / name).stat().st_size
        except OSError as error:
            raise StoreError(f"{store}: its file {folder.name}/{name} is missing; {remedy}") from error
        if found != size:
            raise StoreError(f"{store}: its file {folder.name}/{name} is damaged; {remedy}")
    whole = whole or sum(size for size, _ in seal.values()) <= SMALL
    names = [name for name in seal if whole or not name.endswith(".sst")]
    for name, digest in _sums(folder, names).items():
        if digest != seal[name][1]:
            raise StoreError(f"{store}: its file {folder.name}/{name} is damaged; {remedy}")


def known(folder: Path, seal: Mapping[str, tuple[int, str]]) -> Known:
    """Return what `seal` says of the tables in `folder`, by their inodes; of those that have its sizes."""
    found: Known = {}
    for name, (size, digest) in seal.items():
        if name.endswith(".sst") and (folder / name).is_file():
            state = (folder / name).stat()
            if state.st_size == size:
                found[state.st_ino] = (size, digest)
    return found


def _taken(folder: Path, names: Iterable[str], known: Known) -> Seal:
    states = {name: (folder / name).stat() for name in names}
    seal: Seal = {}
    for name, state in states.items():
        size, digest = known.get(state.st_ino, (-1, ""))
        if name.endswith(".sst") and size == state.st_size:
            seal[name] = (size, digest)
    sums = _sums(folder, [name for name in states if name not in seal])
    return seal | {name: (states[name].st_size, digest) for name, digest in sums.items()}


def _sums(folder: Path, names: list[str]) -> dict[str, str]:
    """Return the sums of files, on several processors where there is enough to do."""
    workers = min(4, os.cpu_count() or 1)
    if workers == 1 or len(names) < 2 or sum((folder / name).stat().st_size for name in names) < SMALL:
        return {name: sha256(folder / name) for name in names}
    with ThreadPoolExecutor(workers) as pool:
        return dict(zip(names, pool.map(lambda name: sha256(folder / name), names), strict=True))

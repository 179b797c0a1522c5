"""Files that outlive a kill and a power cut: atomic replacement, copies with their sums, folders made durable."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_CHUNK = 1 << 20


def write_atomically(path: Path, text: str) -> None:
    """Replace the file at `path` so that readers see the old text or the new, never a part, power cut or not."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    to_disk(path.parent)


def to_disk(folder: Path) -> None:
    """Return when the names in `folder` are on the disk (fsync of the folder, which a rename needs to last)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copied(source: Path, target: Path) -> str:
    """Copy a file, bring it to the disk and return the SHA-256 of what was copied, in hexadecimal."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("xb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def linked_or_copied(source: Path, target: Path) -> None:
    """Give the folder of engine files `source` a twin at `target`.

    Tables (`.sst`) never change once written, so they are hard links where the file system has them; all else, which
    the engine goes on writing, is copied. The engine's own notes (`LOG`, `LOCK`) stay behind.
    """
    target.mkdir(parents=True)
    for name in engine_files(source):
        if name.endswith(".sst"):
            try:
                os.link(source / name, target / name)
                continue
            except OSError:
                pass  # another file system, or one without links
        copied(source / name, target / name)
    to_disk(target)


def engine_files(folder: Path) -> list[str]:
    """Return the names of the files in an engine's folder that make up its data, sorted."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and path.name != "LOCK" and not path.name.startswith("LOG")
    )

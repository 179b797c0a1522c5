"""What to read: files, folders and standard input, expanded to a sorted list without doubles."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wenmai.records import Refusal

SUFFIXES = (".txt", ".text", ".html", ".htm", ".xhtml", ".shtml", ".jsonl", ".ndjson", ".zip", ".gz")
"""The files that are taken from a folder; a file that is named itself is taken whatever it is called."""

LARGEST = 512 * 2**20
"""Bytes; a larger file is refused."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One input: a file at `path`, or the bytes of standard input in `data`. `name` is what messages call it."""

    stem: str
    path: str
    name: str
    data: bytes | None = None


def sources(paths: Sequence[str | Path]) -> list[Source | Refusal]:
    """Expand files, folders and `-` (standard input), in order of (stem, path), each file once.

    What cannot be read is a `Refusal` at its place; nothing is raised.
    """
    found: dict[str, tuple[tuple[str, str], Source | Refusal]] = {}
    for given in paths:
        for item in _standard_input() if str(given) == "-" else _expand(str(given)):
            path = item.path if isinstance(item, Source) else item.source
            key = os.path.realpath(path) if isinstance(item, Source) and item.data is None else f"\0{path}"
            order = (item.stem if isinstance(item, Source) else Path(path).stem, path)
            if key not in found or order < found[key][0]:
                found[key] = (order, item)
    return [item for _, item in sorted(found.values(), key=lambda pair: pair[0])]


def shown(path: str) -> str:
    """Return `path` as one line that can be printed: control characters and bytes that are no text are escaped."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def content(source: Source) -> bytes:
    """Return the bytes of `source`. Raises OSError."""
    if source.data is not None:
        return source.data
    with Path(source.path).open("rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError("it is not a regular file any more")
        return stream.read(LARGEST + 1)


def stem_of(name: str) -> str:
    """Return the identifier that a file name gives: without folder, `.gz` and suffix, in printable characters."""
    base = shown(os.path.basename(name))  # noqa: PTH119 (zip entries and odd names are no paths of this machine)
    if base.lower().endswith(".gz"):
        base = base[:-3]
    stem, dot, suffix = base.rpartition(".")
    return stem if dot and stem and len(suffix) <= 6 else base


def _standard_input() -> Iterator[Source | Refusal]:
    data = sys.stdin.buffer.read(LARGEST + 1)
    yield Source("stdin", "-", "-", data)


def _expand(path: str) -> Iterator[Source | Refusal]:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 (a name with bytes that are no text goes through as it is)
    except (OSError, ValueError) as error:
        yield Refusal(shown(path), _reason(error))
        return
    if stat.S_ISDIR(mode):
        yield from _folder(path)
    else:
        yield _file(path, mode)


def _folder(top: str) -> Iterator[Source | Refusal]:
    """Give the files under `top`, each folder once however many links lead to it."""
    found = False
    entered: set[str] = set()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        real = os.path.realpath(folder)
        if real in entered:
            if Path(folder).is_symlink():
                yield Refusal(shown(folder), "it is a link to a folder that is read already; it was left out")
                found = True
            continue
        entered.add(real)
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208
        except OSError as error:
            found = True
            yield Refusal(shown(folder), _reason(error))
            continue
        for name in names:
            if name.startswith("."):
                continue
            path = os.path.join(folder, name)  # noqa: PTH118
            try:
                mode = os.stat(path).st_mode  # noqa: PTH116
            except OSError as error:
                found = True
                yield Refusal(shown(path), _reason(error))
                continue
            if stat.S_ISDIR(mode):
                waiting.append(path)
            elif name.lower().endswith(SUFFIXES):
                found = True
                yield _file(path, mode)
    if not found:
        yield Refusal(shown(top), f"there is nothing to read in this folder; wenmai reads {', '.join(SUFFIXES)}")


def _file(path: str, mode: int) -> Source | Refusal:
    name = shown(path)
    if not stat.S_ISREG(mode):
        return Refusal(name, "it is a pipe, socket or device; give a file, a folder, or - for standard input")
    if not os.access(path, os.R_OK):
        return Refusal(name, "it may not be read by this user; change its permissions")
    if os.stat(path).st_size > LARGEST:  # noqa: PTH116
        return Refusal(name, f"it is larger than {LARGEST // 2**20} MB; split it")
    return Source(stem_of(path), path, name)


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file or folder"
        case PermissionError():
            return "it may not be read by this user; change its permissions"
        case OSError():
            return f"it cannot be read: {error.strerror or error}"
    return f"it cannot be read: {error}"

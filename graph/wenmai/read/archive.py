"""Zip and gzip, unpacked in memory under caps; nothing is ever written to a disk."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from wenmai.read.decode import UnreadableError
from wenmai.read.sources import SUFFIXES, shown
from wenmai.records import Refusal

LARGEST = 50 * 2**20
"""Bytes that one file may unpack to."""

RATIO = 200
"""How many times its packed size a file may unpack to, once it is over a megabyte."""

_CHUNK = 2**18


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive: its name in it, printable, and its bytes."""

    name: str
    data: bytes


def entries(name: str, data: bytes) -> Iterator[Entry | Refusal]:
    """Yield the files of the zip archive `data` called `name`, sorted by name, and what was refused of it."""
    try:
        box = zipfile.ZipFile(io.BytesIO(data))
        listed = sorted(box.infolist(), key=lambda info: info.filename)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Refusal(name, f"it is a broken zip archive: {error}")
        return
    if sum(info.file_size for info in listed) > max(LARGEST, RATIO * len(data)):
        yield Refusal(name, f"it would unpack to over {RATIO} times its size; nothing of it was read")
        return
    found = read = False
    with box:
        for info in listed:
            if info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            found = True
            called = f"{name}/{shown(_real_name(info))}"
            reason = _objection(info)
            read = read or bool(reason) or info.filename.lower().endswith(SUFFIXES)
            if reason:
                yield Refusal(called, reason)
            elif info.filename.lower().endswith(SUFFIXES):
                try:
                    with box.open(info) as stream:
                        yield Entry(shown(_real_name(info)), _limited(stream, info.compress_size))
                except (UnreadableError, zipfile.BadZipFile, OSError, EOFError, RuntimeError, zlib.error) as error:
                    yield Refusal(called, f"it cannot be unpacked: {error}")
                except NotImplementedError:
                    yield Refusal(called, "it is packed in a way that is not known; pack it as a plain zip")
    if not found:
        yield Refusal(name, "there is no file in this archive")
    elif not read:
        yield Refusal(name, f"there is nothing to read in this archive; wenmai reads {', '.join(SUFFIXES)}")


def unpacked(data: bytes) -> bytes:
    """Return the bytes in the gzip file `data`. Raises UnreadableError over the caps, OSError or EOFError if broken."""
    with gzip.open(io.BytesIO(data), "rb") as stream:
        return _limited(stream, len(data))


def _limited(stream: IO[bytes] | gzip.GzipFile, packed: int) -> bytes:
    result = bytearray()
    while chunk := stream.read(_CHUNK):
        result += chunk
        if len(result) > LARGEST:
            raise UnreadableError(f"it unpacks to over {LARGEST // 2**20} MB")
        if len(result) > 2**20 and len(result) > RATIO * packed:
            raise UnreadableError(f"it unpacks to over {RATIO} times its size")
    return bytes(result)


def _objection(info: zipfile.ZipInfo) -> str:
    """Return why an entry is not read, or nothing."""
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ":" in path.parts[0][1:2] or ".." in path.parts:
        return "its name leads out of the archive; it was not read"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a symbolic link in an archive; it was not read"
    if info.flag_bits & 1:
        return "it is encrypted; unpack it first"
    if info.file_size > LARGEST:
        return f"it unpacks to over {LARGEST // 2**20} MB"
    return ""


def _real_name(info: zipfile.ZipInfo) -> str:
    """Return the name of an entry; one without the UTF-8 flag may be GBK, as Chinese systems write it."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename

"""Triples by the hundred million in temporary files, parted by subject, so that one part at a time fits in memory."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from wenmai.triples.merge import Fact, plain

_WAITING = 20_000
"""Lines of all parts that wait in memory until they are written."""


class Shards:
    """`count` files of lines, those of one subject in one file; a line that is put twice is there twice."""

    def __init__(self, folder: Path, name: str, count: int) -> None:
        self._files = [tempfile.TemporaryFile(prefix=f"{name}-", dir=folder) for _ in range(count)]  # noqa: SIM115 - closed below
        self._waiting: list[list[ox.Triple]] = [[] for _ in range(count)]
        self._lines = 0

    def __len__(self) -> int:
        return len(self._files)

    def put(self, lines: Iterable[Fact]) -> None:
        """Add lines."""
        count = len(self._files)
        for line in lines:
            self._waiting[zlib.crc32(line[0].value.encode()) % count].append(ox.Triple(*line))
            self._lines += 1
        if self._lines > _WAITING:
            self._write()

    def take(self, number: int) -> Iterator[Fact]:
        """Yield the lines of one part, and forget them."""
        self._write()
        file = self._files[number]
        file.seek(0)
        yield from plain(ox.parse(file, ox.RdfFormat.N_QUADS))
        file.close()

    def _write(self) -> None:
        for file, lines in zip(self._files, self._waiting, strict=True):
            if lines:
                file.write(ox.serialize(lines, format=ox.RdfFormat.N_TRIPLES) or b"")
                lines.clear()
        self._lines = 0

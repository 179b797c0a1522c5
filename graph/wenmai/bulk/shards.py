"""Triples by the hundred million in files, parted by subject, so that one part at a time fits in memory.

Each process writes files of its own and any process reads those of all: what one has put in is there for others once it
is `written`.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from wenmai.triples.merge import Fact, plain

_WAITING = 20_000
"""Lines of all parts that wait in memory until they are written."""


class Shards:
    """`count` parts of lines in `folder`, those of one subject in one part; a line that is put twice is there twice."""

    def __init__(self, folder: Path, name: str, count: int) -> None:
        self._folder, self._name = folder, name
        self._waiting: list[list[ox.Triple]] = [[] for _ in range(count)]
        self._lines = 0

    def put(self, lines: Iterable[Fact]) -> None:
        """Add lines. Raises OSError, as the other methods do."""
        count = len(self._waiting)
        for line in lines:
            self._waiting[zlib.crc32(line[0].value.encode()) % count].append(ox.Triple(*line))
            self._lines += 1
        if self._lines > _WAITING:
            self.written()

    def take(self, number: int) -> Iterator[Fact]:
        """Yield the lines of one part, in the order in which a process put them."""
        for path in sorted(self._folder.glob(f"{self._name}-{number}-*")):
            yield from plain(ox.parse(path=path, format=ox.RdfFormat.N_QUADS))

    def written(self) -> None:
        """Write what waits in memory."""
        for number, lines in enumerate(self._waiting):
            if lines:
                with (self._folder / f"{self._name}-{number}-{os.getpid()}").open("ab") as file:
                    file.write(ox.serialize(lines, format=ox.RdfFormat.N_TRIPLES) or b"")
                lines.clear()
        self._lines = 0

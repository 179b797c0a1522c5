"""Extracted articles that wait beside a new store until all are there: a build that is cut off goes on from them.

A file of JSON lines, each with the sum of its content; a line that was torn by a kill does not count. What stands in it
is text and numbers, as in the graph: reading it runs nothing.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import IO, TypeAlias

from wenmai.door import Admitted
from wenmai.records import Article, Run
from wenmai.triples.reading import from_written, written

FILE = "arrived.jsonl"
Place: TypeAlias = tuple[int, int]
"""Where the line of an article begins in the file, and its length, in bytes."""


def key_of(article: Article, run: Run, least: float) -> str:
    """Return what an extracted article is known by: its input, who reads it how, and how sure claims have to be."""
    return hashlib.sha256(repr((article, run, least)).encode("utf-8", "surrogatepass")).hexdigest()


class Arrivals:
    """The file in the folder of a store that is being made. Raises OSError; of two lines of a key the last counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[str, Place] = {}
        self._file = path.open("a+b")
        self._file.seek(0)
        at = 0
        for line in self._file:
            if not line.endswith(b"\n") or not _is_whole(line):
                break
            self._places[json.loads(line[9:])["key"]] = (at, len(line))
            at += len(line)
        self._file.truncate(at)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def put(self, key: str, admitted: Admitted) -> None:
        """Keep an article; it is with the system when this returns, and on the disk some time after."""
        content = {
            "key": key,
            "text": admitted.resolution.article.text,
            "reading": written(admitted.resolution),
            "mentions": admitted.mentions,
            "dropped": admitted.dropped,
            "findings": admitted.findings,
        }
        body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
        at = self._file.seek(0, 2)
        self._file.write(b"%08x " % zlib.crc32(body) + body)
        self._file.flush()
        self._places[key] = (at, len(body) + 9)

    def place(self, key: str) -> Place:
        """Return where an article is kept, for `read_at`."""
        return self._places[key]

    def take(self, key: str) -> Admitted:
        """Return an article that is kept."""
        return read_at(self._file, self._places[key])

    def close(self) -> None:
        """Leave the file for another time."""
        self._file.close()

    def delete(self) -> None:
        """Delete the file: what it held is in the store."""
        self.close()
        self.path.unlink(missing_ok=True)


def read_at(file: IO[bytes], place: Place) -> Admitted:
    """Return the article at a place of the file, which any process may have opened."""
    at, length = place
    file.seek(at)
    content = json.loads(file.read(length)[9:])
    return Admitted(
        resolution=from_written(content["reading"], content["text"]),
        mentions=content["mentions"],
        dropped=content["dropped"],
        findings=tuple(content["findings"]),
    )


def _is_whole(line: bytes) -> bool:
    return line[:8] == b"%08x" % zlib.crc32(line[9:])

"""How each article was linked, kept in a file until it is written down: memory holds a position each."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TypeAlias

from wenmai.records import Linked

Note: TypeAlias = tuple[dict[str, str], tuple[tuple[str, str], ...]]
"""`ids` and `retired` of a `Linked`."""


class Notes:
    """Notes by the article's id; of two of one article the last counts. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._places: dict[str, tuple[int, int]] = {}

    def put(self, name: str, linked: Linked) -> None:
        """Keep how the article called `name` was linked."""
        line = json.dumps([linked.ids, linked.retired], ensure_ascii=False).encode()
        self._places[name] = (self._file.seek(0, 2), len(line))
        self._file.write(line)

    def take(self, name: str) -> Note:
        """Return how the article called `name` was linked last."""
        at, length = self._places[name]
        self._file.seek(at)
        ids, retired = json.loads(self._file.read(length))
        return ids, tuple((old, new) for old, new in retired)

    def close(self) -> None:
        """Forget all."""
        self._file.close()

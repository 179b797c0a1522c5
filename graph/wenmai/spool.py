"""Articles on their way, kept in a temporary file and handed out in the order of their identifiers.

Memory holds an identifier and a position each; the file has no name, so nothing is left when the process is killed.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator

from wenmai.records import Article

_IN_MEMORY = 32 << 20
"""Bytes up to which no file is needed."""


class Spool:
    """Articles by identifier: `add` each once, then iterate. `len` counts them, `characters` sums up their texts."""

    def __init__(self) -> None:
        self.characters = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._places: dict[str, int] = {}

    def add(self, article: Article) -> None:
        """Keep `article`."""
        self._places[article.id] = self._file.seek(0, 2)
        pickle.dump(article, self._file, pickle.HIGHEST_PROTOCOL)
        self.characters += len(article.text)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Article]:
        for identifier in sorted(self._places):
            self._file.seek(self._places[identifier])
            article = pickle.load(self._file)  # noqa: S301 - written above, by this process, in a file without a name
            assert isinstance(article, Article)  # noqa: S101 - for the type checker: nothing else is put in
            yield article

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

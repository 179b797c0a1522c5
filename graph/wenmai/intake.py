"""What comes in at the front door: the articles of many sources, each identifier once.

Takes paths, gives articles in the order of the sources, and keeps account of what was refused and which items each
page had. It knows nothing of the store.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path, PurePath

from wenmai.read import ReadOptions, read, sources
from wenmai.records import Article, Refusal


class Intake:
    """The articles at `paths`; iterate once. `refused` and `warnings` grow as it goes."""

    def __init__(self, paths: Sequence[str | Path], options: ReadOptions, progress: Callable[[int, int], None]) -> None:
        self.refused: list[Refusal] = []
        self.warnings: list[Refusal] = []
        self._paths = paths
        self._options = options
        self._progress = progress
        self._seen: dict[str, tuple[str, bytes]] = {}
        self._pages: dict[str, str] = {}

    def __iter__(self) -> Iterator[Article]:
        found = sources(self._paths)
        for number, source in enumerate(found):
            self._progress(number, len(found))
            if isinstance(source, Refusal):
                self.refused.append(source)
                continue
            refused = len(self.refused)
            pages: dict[str, str] = {}
            for item in read(source, self._options):
                if isinstance(item, Refusal):
                    self.refused.append(item)
                    continue
                if self._is_new(item):
                    self.warnings += [Refusal(item.source, text) for text in item.warnings]
                    article = _without_place(item, source.name)
                    pages[page_of(article.id)] = article.source
                    yield article
            if len(self.refused) == refused:
                self._pages |= pages
        self._progress(len(found), len(found))

    def no_longer_there(self, stored: dict[str, str]) -> list[str]:
        """Return the articles of `stored` (identifier to source) that were items of a page read here, and are not now.

        A page that was not read as a whole takes nothing away.
        """
        return [
            identifier
            for identifier, source in stored.items()
            if identifier not in self._seen and self._pages.get(page_of(identifier)) == source
        ]

    def _is_new(self, article: Article) -> bool:
        """Note `article`; refuse it if another has its identifier, pass over it if it is the same again."""
        content = _digest(article)
        if article.id not in self._seen:
            self._seen[article.id] = (article.source, content)
            return True
        source, before = self._seen[article.id]
        if before != content:
            reason = f"its identifier {article.id} is that of another article, in {source}; rename one of the two"
            self.refused.append(Refusal(article.source, reason))
        return False


def page_of(identifier: str) -> str:
    """Return the identifier of the page of which an article is an item (`NAME#2`), or its own."""
    page, _, number = identifier.rpartition("#")
    return page if page and number.isdigit() else identifier


def _without_place(article: Article, name: str) -> Article:
    """Return `article` with the bare name of its file as its source, and of its entry in an archive; a URL stays.

    Where the file lies, and on which line of it the article stands, is no part of what is published. `name` is the
    path of its file.
    """
    if not article.source.startswith(name):
        return article
    bare = PurePath(name).name + article.source[len(name) :]
    return replace(article, source=re.sub(r", (line|record) \d+$", "", bare))


def _digest(article: Article) -> bytes:
    """Return what tells two articles of one identifier apart: a hash of all but the name of their source."""
    content = [getattr(article, field.name) for field in fields(article) if field.name != "source"]
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).digest()

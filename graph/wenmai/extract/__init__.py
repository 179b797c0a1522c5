"""The extract room: an `Article` goes in, a `Document` with mentions and claims comes out.

Any extractor, ours or another, follows one protocol. Every claim carries the place of the words that say it.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

from wenmai.records import Article, Document, Run


class Extractor(Protocol):
    """What turns articles into documents; `run` names it, its version and its settings."""

    @property
    def run(self) -> Run:
        """What to write into the graph as the activity that made the claims."""
        ...

    def extract(self, article: Article) -> Document:
        """Return what `article` says. Every claim's span lies within `article.text`."""
        ...


@cache
def default_extractor() -> Extractor:
    """Return the extractor that ships with wenmai; lexicons and rules are loaded once a process."""
    from wenmai.extract.builtin import BuiltinExtractor

    return BuiltinExtractor()

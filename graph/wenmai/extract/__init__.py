"""The extract room: an `Article` goes in, a `Document` with mentions and claims comes out.

Any extractor, ours or another, follows one protocol. Every claim carries the place of the words that say it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from wenmai.errors import UsageError
from wenmai.records import Article, Document, Run

if TYPE_CHECKING:
    from wenmai.extract.builtin import BuiltinExtractor


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
def default_extractor() -> BuiltinExtractor:
    """Return the extractor that ships with wenmai; lexicons and rules are loaded once a process."""
    from wenmai.extract.builtin import BuiltinExtractor

    return BuiltinExtractor()


def choose(name: str) -> Extractor:
    """Return the extractor called `rules`, `llm` or `both`; the last two ask what the environment names (docs/llm.md).

    Raises UsageError for another name, and where no language model is configured.
    """
    if name == "rules":
        return default_extractor()
    if name not in ("llm", "both"):
        raise UsageError(f"there is no extractor {name!r}; choose rules, llm or both")
    from wenmai.extract.llm import from_env

    return from_env(both=name == "both")

"""Where the words that a model quotes stand in an article: exactly, or but for white space; nothing looser.

A name may be broken by a line's end and a quote by a paragraph's; the offsets are always those of the article's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from wenmai.records import Span

_GAP = r"[\s\u200b-\u200f\u2060\ufeff]*"
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_TOKEN = re.compile(r"[A-Za-z0-9]+|[^\s\u200b-\u200f\u2060\ufeff]")


def bare(words: str) -> str:
    """Return `words` without line breaks and zero-width characters; blanks stay between Latin words only."""
    return re.sub(r"(?<![!-~]) | (?![!-~])", "", _BLANK.sub(" ", words)).strip()


@lru_cache(maxsize=4096)
def _pattern(words: str, name: bool) -> re.Pattern[str] | None:
    tokens = _TOKEN.findall(words)
    if not tokens:
        return None
    pattern = _GAP.join(map(re.escape, tokens))
    if name:  # a name in Latin script does not begin or end within a word
        before = r"(?<![A-Za-z0-9])" if tokens[0].isascii() and tokens[0].isalnum() else ""
        after = r"(?![A-Za-z0-9])" if tokens[-1].isascii() and tokens[-1].isalnum() else ""
        pattern = before + pattern + after
    return re.compile(pattern)


def find(text: str, words: str, begin: int = 0, end: int | None = None) -> Span | None:
    """Return where `words` first stand in `text` between two offsets: as they are, else but for white space."""
    stop = len(text) if end is None else end
    exact = text.find(words, begin, stop) if words.strip() else -1
    if exact >= 0:
        return Span(exact, exact + len(words))
    pattern = _pattern(words, False)
    match = pattern.search(text, begin, stop) if pattern else None
    return Span(*match.span()) if match else None


def find_all(text: str, name: str) -> Iterator[Span]:
    """Yield every place where `name` stands in `text`, in order."""
    pattern = _pattern(name, True)
    if pattern is not None:
        for match in pattern.finditer(text):
            yield Span(*match.span())

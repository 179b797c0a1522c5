"""Text cut for the search: sentences, and the pairs of characters that the index holds of them.

The index is SQLite's FTS5 on pairs of neighbouring characters, since Chinese is written without spaces and its names
may have two characters; a phrase of pairs is a stretch of text. A mark stands before the first and behind the last
character, so that one character alone is the beginning of some pair, and a name can be asked for by its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wenmai.folding import joins

VERSION = "grams 1"
"""Changes when sentences or pairs are cut otherwise: what was indexed before is then indexed anew."""

BEGIN, END = "\ue0fe", "\ue0ff"
# The tokenizer takes ASCII punctuation for gaps; it is moved to the private use area. What a text has there already is
# told apart when a hit is compared with the text.
_SAFE = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}
_SAFE |= {ord(mark): 0xF0000 + ord(mark) for mark in (BEGIN, END)}  # of a text's own, which mark nothing

_END_OF_SENTENCE = re.compile(r"[。！？；!?;]+[”’」』）》】〕\"')\]]*|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_COMMA = re.compile("[，、：,:]")
_COMMA_FROM, _AT_MOST = 200, 1000
"""A sentence is cut at the first comma behind the one and at the latest at the other, in code points."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of the sentences of `text`, in code points, without space around them."""
    begin = 0
    for match in _END_OF_SENTENCE.finditer(text):
        yield from _parts(text, begin, match.end())
        begin = match.end()
    yield from _parts(text, begin, len(text))


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a stretch of text without the space around it, in several parts if it is very long."""
    while begin < end:
        at = end
        if end - begin > _COMMA_FROM:
            comma = _COMMA.search(text, begin + _COMMA_FROM, min(end, begin + _AT_MOST))
            at = comma.end() if comma else min(end, begin + _AT_MOST)
            while at < end and joins(text[at]):
                at += 1
        part = text[begin:at]
        first = begin + len(part) - len(part.lstrip())
        if part.strip():
            yield first, first + len(part.strip())
        begin = at


def pairs(folded: str) -> str:
    """Return what is indexed of a folded sentence or name: its pairs, with a space between."""
    marked = BEGIN + folded.translate(_SAFE) + END
    return " ".join(map(str.__add__, marked, marked[1:]))


def phrase(folded: str, *, begins: bool = False, ends: bool = False) -> str:
    """Return the FTS5 query for a folded word that is not empty, which may have to begin or end what is looked for.

    It consists of quoted pairs alone: nothing in `folded` can be taken for FTS5's own syntax.
    """
    marked = BEGIN * begins + folded.translate(_SAFE) + END * ends
    if len(marked) == 1:
        return f'"{marked}" *'
    return '"' + " ".join(map(str.__add__, marked, marked[1:])) + '"'


def either(folded: str) -> str:
    """Return the FTS5 query for what shares a pair of characters with a folded word; empty if it has no pair."""
    safe = folded.translate(_SAFE)
    found: Sequence[str] = list(dict.fromkeys(map(str.__add__, safe, safe[1:])))
    return " OR ".join(f'"{pair}"' for pair in found)

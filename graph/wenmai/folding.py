"""Folding: the form in which names and texts are compared. It is never shown or stored.

NFKC, without case, traditional script made simplified character by character. `key` also drops brackets, quotes and
punctuation, which names are printed with or without; `fold` drops only spaces and what is invisible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

# Brackets, quotes, spaces, middle dots and hyphens are printed or left out at will.
_DROPPED = re.compile(
    r"[\s《》〈〉“”\"‘’'`「」『』()\[\]【】〔〕{}·・•‧\-—–_,，、.。:：;；!！?？"
    r"\u200b-\u200f\u2060-\u2064\ufeff\u00ad]"
)
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")


@cache
def _converter() -> object:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def simplified(character: str) -> str:
    """Return a character in simplified script."""
    if character.isascii():
        return character
    converted: str = _converter().convert(character)  # type: ignore[attr-defined]  # opencc carries no types
    return converted


@lru_cache(maxsize=262144)
def key(name: str) -> str:
    """Return the matching key of a printed name; empty if nothing is left of it."""
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return "".join(map(simplified, plain))


@cache
def version() -> str:
    """Return what foldings depend on: what was folded by another version is to be folded again."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        converter = installed("opencc")
    except PackageNotFoundError:  # built into the interpreter's tree without its metadata
        converter = "?"
    return f"unicode {unicodedata.unidata_version}, opencc {converter}"


class _Table(dict[int, str]):
    """Each character's folded form, worked out when first met."""

    def __missing__(self, code: int) -> str:
        made = self[code] = _folded(chr(code))
        return made


_TABLE = _Table()


def _folded(piece: str) -> str:
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", piece)).casefold()
    return "".join(map(simplified, plain))


@cache
def joins(character: str) -> bool:
    """Tell whether NFKC may join a character to the one before it: a mark, a Hangul vowel or final consonant."""
    first = unicodedata.normalize("NFKD", character)[:1]
    return unicodedata.category(first)[0] == "M" or "\u1161" <= first <= "\u1175" or "\u11a8" <= first <= "\u11c2"


class _Apart(set[str]):
    """Characters met so far that join none before them."""

    def has_all(self, characters: set[str]) -> bool:
        """Tell whether none of `characters` joins another."""
        if characters <= self:
            return True
        self.update(character for character in characters if not joins(character))
        return characters <= self


_APART = _Apart()


class _Ones(set[str]):
    """Characters met so far that fold to one character each."""

    def has_all(self, characters: set[str]) -> bool:
        """Tell whether all of `characters` fold to one."""
        if characters <= self:
            return True
        self.update(character for character in characters if len(_TABLE[ord(character)]) == 1)
        return characters <= self


_ONES = _Ones()


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of the pieces of `text` that are folded each by itself: a character with its marks."""
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not joins(text[at]):
            yield begin, at
            begin = at


def fold(text: str) -> str:
    """Return the form in which texts are searched: NFKC, without case, simplified, without spaces."""
    if _APART.has_all(set(text)):
        return text.translate(_TABLE)
    return "".join(_folded(text[begin:end]) for begin, end in _pieces(text))


def _aligned(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Return the folded text, and of each of its characters begin and end of the piece it came from."""
    characters = set(text)
    if _APART.has_all(characters):
        if _ONES.has_all(characters):
            return text.translate(_TABLE), range(len(text)), range(1, len(text) + 1)
        pieces: Iterable[tuple[int, int]] = pairwise(range(len(text) + 1))
        parts = [_TABLE[ord(character)] for character in text]
    else:
        pieces = list(_pieces(text))
        parts = [_folded(text[begin:end]) for begin, end in pieces]
    begins: list[int] = []
    ends: list[int] = []
    for (begin, end), part in zip(pieces, parts, strict=True):
        begins += [begin] * len(part)
        ends += [end] * len(part)
    return "".join(parts), begins, ends


def found(text: str, words: Iterable[str]) -> Sequence[tuple[int, int]]:
    """Return where folded `words` stand in `text`, as begin and end in code points of `text` as printed.

    In order; places that overlap or touch are one. A match inside what one character folds to (㈱ is (株)) takes the
    whole character. Empty unless every word is there.
    """
    folded, begins, ends = _aligned(text)
    places: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word)
        if at < 0 or not word:
            return []
        while at >= 0:
            places.append((begins[at], ends[at + len(word) - 1]))
            at = folded.find(word, at + 1)
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(places):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined

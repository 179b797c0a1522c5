"""Canonical characters: what rules and lexicons are matched on, one character for one of the stored text.

Traditional script becomes simplified, full-width letters and digits half-width, half-width punctuation full-width.
The mapping never changes a text's length, so offsets on the canonical text are offsets on the stored one.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_PUNCTUATION = str.maketrans(",:;!?()~[]〔〕<>﹙﹚", "，：；！？（）～【】【】《》（）")
_QUOTES = str.maketrans('「」『』"〝〞＂', "“”‘’““”“")


@cache
def _simplify(character: str) -> str:
    simplified: str = _converter().convert(character)
    return simplified if len(simplified) == 1 else character


@cache
def _converter():  # type: ignore[no-untyped-def]  # opencc carries no types
    import opencc

    return opencc.OpenCC("t2s")


@cache
def _character(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"  # half a character: no automaton takes it
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) == 1:
        character = folded
    character = character.translate(_PUNCTUATION).translate(_QUOTES)
    return _simplify(character) if "\u3400" <= character <= "\u9fff" or character >= "\U00020000" else character


def canonical(text: str) -> str:
    """Return `text` in canonical characters; the result has the same length in code points."""
    return "".join(map(_character, text))

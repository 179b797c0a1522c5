"""The initials of a name's pinyin, by which people type Chinese names: `snjt` for 申能集团. For search alone.

A character with several readings has several initials, at most two of them: 长 is `zc`. The list `pinyin_initials` puts
right what the dictionary has otherwise. Indexed are all pairs of neighbouring initials, so that no combination is left
out; what holds all pairs of a word may still not hold the word, and is compared. Nothing is named or identified by
pinyin: readings change from one release of the dictionary to another.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import unicodedata
from functools import cache
from itertools import pairwise, product
from pathlib import Path

from wenmai import lexicon
from wenmai.folding import key
from wenmai.store.grams import BEGIN, END

_FORMAT = "initials 1"
_READINGS = 2
_LONGEST = 64
"""Characters of a name, or of what is typed, that are looked at."""
_NONE = "."
"""Stands for a character without a reading."""
_TYPED = re.compile(f"[a-z0-9]{{2,{_LONGEST}}}")


@cache
def version() -> str:
    """Return what initials depend on beside the names."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    listed = hashlib.blake2b(json.dumps(sorted(_listed().items())).encode(), digest_size=4).hexdigest()
    try:
        return f"{_FORMAT}, pypinyin {installed('pypinyin')}, {listed}"
    except PackageNotFoundError:  # built into the interpreter's tree without its metadata
        return f"{_FORMAT}, pypinyin ?, {listed}"


def of(name: str) -> str:
    """Return the initials of a name's characters, with a space between: `s n j t`. Empty if none is Chinese."""
    folded = key(name)[:_LONGEST]
    if folded.isascii():
        return ""
    groups = [character if character.isascii() else _read(character) for character in folded]
    return " ".join(groups) if any(map(_is_read, folded)) else ""


def typed(text: str) -> str:
    """Return what may be initials as typed, in the form in which they are compared; empty if it cannot be any."""
    folded = key(text)
    return folded if _TYPED.fullmatch(folded) else ""


def pairs(groups: str) -> str:
    """Return what is indexed of the initials of a name: each pair that they can make, each once."""
    every = [BEGIN, *groups.split(), END]
    made = (a + b for one, other in pairwise(every) if _NONE not in (one, other) for a, b in product(one, other))
    return " ".join(dict.fromkeys(made))


def query(word: str, *, begins: bool = False, ends: bool = False) -> str:
    """Return the FTS5 query for what `typed` gave; it consists of quoted pairs alone."""
    marked = BEGIN * begins + word + END * ends
    return " AND ".join(f'"{a}{b}"' for a, b in pairwise(marked))


def fits(groups: str, word: str, *, begins: bool = False, ends: bool = False) -> bool:
    """Tell whether the initials of a name hold `word`: at their begin, at their end, or anywhere."""
    every = groups.split()
    last = len(every) - len(word)
    starts = range(last + 1)
    if begins:
        starts = starts[:1]
    if ends:
        starts = range(last, last + 1) if last in starts else range(0)
    return any(all(letter in group for letter, group in zip(word, every[at:], strict=False)) for at in starts)


def _is_read(character: str) -> bool:
    return not character.isascii() and _read(character) != _NONE


@cache
def _read(character: str) -> str:
    if character in _listed():
        return _listed()[character]
    readings = _dictionary().get(str(ord(character)), "").split(",")
    plain = (unicodedata.normalize("NFD", reading)[:1].lower() for reading in readings)
    found = dict.fromkeys(letter for letter in plain if letter.isascii() and letter.isalpha())
    return "".join(list(found)[:_READINGS]) or _NONE


@cache
def _listed() -> dict[str, str]:
    return {row["character"]: row["initials"] for row in lexicon.rows("pinyin_initials")}


@cache
def _dictionary() -> dict[str, str]:
    """Return pypinyin's readings of single characters, as it ships them: importing it takes its phrases in too.

    These are 60 MB and half a second, and say nothing on initials that is not said here.
    """
    found = importlib.util.find_spec("pypinyin")
    if found is None or found.origin is None:
        return {}
    text = Path(found.origin).with_name("pinyin_dict.json").read_text("utf-8")
    made: dict[str, str] = json.loads(text)
    return made

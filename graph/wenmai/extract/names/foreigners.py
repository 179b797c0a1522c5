"""Foreign names with a dot, whose parts go as far as their characters are used for sounds (买买提·吐尔逊)."""

from __future__ import annotations

import re
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.lexicon import HAN, alternatives, character_set, characters, one_of

_DOTS = "·•・‧∙-"


@cache
def _dotted() -> re.Pattern[str]:
    sound = f"[{characters('persons', 'sounds')}{characters('persons', 'sounds_with_dot')}]"
    return re.compile(rf"{sound}{{1,8}}(?:[{_DOTS}]{sound}{{1,8}}){{1,3}}")


@cache
def _bears() -> re.Pattern[str]:
    return re.compile(f"{HAN}{{0,4}}?{one_of('persons', 'bears')}")


@cache
def _before() -> re.Pattern[str]:
    people = ("callings", "folk", "courtesy", "bylines")
    before = (word for group in people for word in lexicon.words("persons", group))
    return re.compile(alternatives([*words.titles(), *before]))


@cache
def _next() -> re.Pattern[str]:
    return re.compile(one_of("persons", "sounds_end_before"))


def find_dotted(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the names of persons with a dot or hyphen in `text`."""
    result = []
    words_too = character_set("persons", "sounds_inside")
    for found in _dotted().finditer(text):
        first, stop = found.span()
        dots = [i for i in range(first, stop) if text[i] in _DOTS]
        begin = max(0, first - 4)
        first = max((m.end() for m in _before().finditer(text, begin, dots[0]) if m.end() < dots[0]), default=first)
        first = max(first, found.start())
        while text[first] in words_too and first + 1 < dots[0]:
            first += 1
        while stop - 2 > dots[-1] and (text[stop - 1] in words_too or _next().match(text, stop - 1)):
            stop -= 1
        if stop - dots[-1] >= 2 and not _bears().match(text, stop):
            result.append((first, stop))
    return result

"""Foreign names with a dot, whose parts go as far as their characters are used for sounds (买买提·吐尔逊)."""

from __future__ import annotations

import re
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.lexicon import HAN, alternatives, character_set, one_of

_DOTS = "·•・‧∙-"


@cache
def _dotted() -> re.Pattern[str]:
    return re.compile(rf"{HAN}{{1,8}}(?:[{_DOTS}]{HAN}{{1,8}}){{1,3}}")


@cache
def _bears() -> re.Pattern[str]:
    return re.compile(f"{HAN}{{0,4}}?{one_of('persons', 'bears')}")


@cache
def _before() -> re.Pattern[str]:
    people = ("callings", "folk", "courtesy", "bylines")
    before = (word for group in people for word in lexicon.words("persons", group))
    return re.compile(alternatives([*words.titles(), *before]))


def find_dotted(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the names of persons with a dot or hyphen in `text`."""
    result, sounds = [], character_set("persons", "sounds") | character_set("persons", "sounds_with_dot")
    for found in _dotted().finditer(text):
        begin, end = found.span()
        dots = [i for i in range(begin, end) if text[i] in _DOTS]
        first = dots[0]
        begin = max((m.end() for m in _before().finditer(text, begin, first) if m.end() < first), default=begin)
        while first > begin and text[first - 1] in sounds:
            first -= 1
        last = dots[-1] + 1
        stop = last
        while stop < end and text[stop] in sounds:
            stop += 1
        if text[stop - 1] in "大日" and text[stop : stop + 1] in tuple("学厦道前本街"):
            stop -= 1
        if dots[0] - first >= 1 and stop - last >= 1 and not _bears().match(text, stop):
            result.append((first, stop))
    return result

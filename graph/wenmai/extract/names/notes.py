"""Where names cannot begin, and where the areas of the lexicon stand: the first look at an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from wenmai.extract.names import words
from wenmai.extract.names.base import Area, Notes
from wenmai.extract.names.surface import Surface
from wenmai.lexicon import HAN, character_set, characters, one_of

_SIGNS = r"[\s，。；：！？、“”‘’《》【】〈〉…—\-/|｜·•●■◆▲★☆◎□→←◀▶*#@=~～^]+"
_NUMBERED = re.compile(r"[0-9]+(?=号线|中学|院)")


@cache
def _marks() -> re.Pattern[str]:
    times, amounts = characters("boundaries", "times"), characters("boundaries", "amounts")
    numerals, measures = characters("boundaries", "numerals"), characters("boundaries", "measures")
    figures = rf"(?<![A-Za-z0-9])[0-9][0-9,.，．]*(?:余|多|来)?(?:[%％{times}]|号(?!线)|[{amounts}]+)?"
    return re.compile(f"{_SIGNS}|{figures}|[{numerals}多]年|[{numerals}]届|[一两三几][{measures}]|[（）]")


@cache
def _inner() -> re.Pattern[str]:
    body = f"{HAN}{{0,14}}{one_of('companies', 'bracketed_ends')}"
    return re.compile(f"（{HAN}{{2,6}}）(?=(?:{one_of('companies', 'bracketed')}|{body}))")


@cache
def _state() -> re.Pattern[str]:
    return re.compile(f"{one_of('areas', 'states')}{{0,3}}(?:共和国|王国)")


def take_notes(surface: Surface) -> Notes:
    """Return the notes on a surface: barriers and areas."""
    text = surface.text
    open_brackets = {place for m in _inner().finditer(text) for place in (m.start(), m.end() - 1)}
    barriers = [
        (m.end(), m.start(), True) for m in _marks().finditer(text)
        if m.start() not in open_brackets and not _NUMBERED.match(text, m.start())
    ]  # fmt: skip
    for begin, end, (kind, strong) in words.boundaries().find(text):
        if kind == "stop":
            barriers.append((end, begin, bool(strong)))
    areas = _areas(text)
    towns = _towns(text, areas)
    inner = {place for town in towns for place in range(town.begin, town.end)}
    barriers = sorted(b for b in barriers if b[1] not in inner)
    areas = [*(a for a in areas if inner.isdisjoint(range(a.begin, a.end))), *towns]
    return Notes(surface, barriers, sorted(areas, key=lambda a: a.begin))


_TOWN = re.compile(f"({HAN}){HAN}(?:镇|乡|街道|{HAN}街道)(?![长政党办人])")


def _towns(text: str, areas: Sequence[Area]) -> list[Area]:
    """Return the towns that stand right behind a county or district (相城区元和街道), wherever they are named again.

    Behind its district a town is one even if a character of its name ends names elsewhere (元和街道).
    """
    names = {
        found.group()
        for area in areas
        if area.full and text[area.end - 1] in "市县区旗" and (found := _TOWN.match(text, area.end))
        if found[1] not in character_set("areas", "not_towns") and "的" not in found.group()
    }
    if not names:
        return []
    return [
        Area(b, e, "AdministrativeArea", None, True, True)
        for b, e, _ in words.Automaton(dict.fromkeys(names, ())).find(text)
    ]


def _areas(text: str) -> list[Area]:
    found = []
    for begin, last, value in words.areas().find(text):
        if len(value) == 1:
            continue
        cls, code, full, sure = value
        end = last
        if text[begin:end].endswith("市") and text[end : end + 1] in tuple("场值民区政"):
            if text[end : end + 1] != "区" and text[end : end + 2] not in ("民政", "政府", "政协"):
                end -= 1
                full = False
            elif text[end : end + 2] == "区内":
                full = False
        if not full and (state := _state().match(text, end)):
            end = state.end()
        found.append(Area(begin, end, str(cls), code if isinstance(code, str) else None, bool(full), bool(sure)))
    return found

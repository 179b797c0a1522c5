"""Short company names by their trade: 某某地产. Both ends must be clear, and the body must not be common words."""

from __future__ import annotations

import re
from functools import cache

from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import HAN, alternatives, one_of


@cache
def _before() -> re.Pattern[str]:
    return re.compile(f"{one_of('companies', 'brand_before')}$")


@cache
def _post() -> re.Pattern[str]:
    return re.compile(f"{one_of('companies', 'brand_post')}|（[0-9]")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"{one_of('companies', 'brand_after')}|[，。；、）：\n]|$")


@cache
def _pattern() -> re.Pattern[str]:
    table = words.organization_suffixes()
    return re.compile(alternatives(suffix for suffix, (_, mode) in table.items() if mode in ("brand", "trade")))


_NUMBERED = re.compile("[一二三四五六七八九十]建(?![设成立筑造议国])")
"""浙江三建, 上海七建: a builder by the number it had."""


@cache
def _builder() -> re.Pattern[str]:
    number = "[一二三四五六七八九十]+"
    return re.compile(
        f"{one_of('companies', 'builders')}{number}[公工航]?[局冶](?:集团)?(?:有限公司|有限责任公司|公司)?"
    )


def find_brands(notes: Notes) -> list[Candidate]:
    """Return companies named by two to four characters and their trade."""
    text = notes.text
    result = []
    for found in _pattern().finditer(text):
        stop, _, _ = notes.barrier_before(found.start())
        areas = [a for a in notes.areas_in(stop, found.start()) if a.full]
        begin = areas[-1].end if areas else stop
        body = text[begin : found.start()]
        if not 2 <= len(body) <= 4 or not re.fullmatch(f"{HAN}+", body) or words.plain().fullmatch(body):
            continue
        post = _post().match(text, found.end())
        if not post and words.organization_suffixes()[found.group()][1] == "trade":
            continue
        if not post and not _after().match(text, found.end()) and not notes.barrier_length(found.end()):
            continue
        if post or notes.count(text[begin : found.end()]) > 1 or _before().search(text[max(0, begin - 4) : begin]):
            result.append(Candidate(begin, found.end(), "Company", "grammar", 0.7))
    for found in _NUMBERED.finditer(text):
        area = notes.area_ends.get(found.start())
        if area is not None and not area.full:
            result.append(Candidate(area.begin, found.end(), "Company", "grammar", 0.85, tier=3))
    for found in _builder().finditer(text):
        result.append(Candidate(*found.span(), "Company", "grammar", 0.9, tier=3))
    return result

"""Names that marks show: 《》 by the ending of what they hold, “X”协议, agreements that are signed, known names."""

from __future__ import annotations

import re
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import HAN, alternatives, characters, one_of

_TITLE = re.compile(r"《([^《》\n]{1,80}(?:《[^《》\n]{1,40}》[^《》\n]{0,40})?)》")


@cache
def _signed() -> re.Pattern[str]:
    verb = f"{one_of('agreements', 'signing')}[了过]?(?:一[份项]|[两三四五六七八九十多数0-9]{{1,2}}[份项])?(?:的)?"
    name = f"{one_of('agreements', 'full')}|{HAN}{{2,10}}{one_of('agreements', 'nouns')}"
    return re.compile(rf"(?:{verb}|一[份项]|《[^《》\n]{{1,60}}》、)([\u4e00-\u9fffA-Za-z0-9]{{0,14}}(?:{name}))")


@cache
def _vague() -> re.Pattern[str]:
    return re.compile(f"^{one_of('agreements', 'vague')}?{one_of('agreements', 'vague_nouns')}$")


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(f"{one_of('agreements', 'denials')}$")


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(rf"“([^“”\n]{{1,30}})”({HAN}{{0,8}}?{one_of('policies', 'quoted')})")


@cache
def _body() -> re.Pattern[str]:
    return re.compile(rf"“[^“”，。；\n]{{1,10}}”{HAN}{{0,4}}?({one_of('organizations', 'quoted')})")


@cache
def _law() -> re.Pattern[str]:
    return re.compile(f"(?:中华人民共和国)?{HAN}{{2,10}}{one_of('policies', 'laws')}(?![律院庭])")


@cache
def _rules() -> re.Pattern[str]:
    return re.compile(f"{HAN}{{4,26}}{one_of('policies', 'rules')}(?!草案)")


@cache
def _work() -> re.Pattern[str]:
    return re.compile(f"[{characters('policies', 'ways')}]法$|^.{{0,5}}{one_of('policies', 'works')}$")


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(f"({alternatives(words.policy_suffixes())})(?:（[^（）]{{1,12}}）)?$")


def ending_class(name: str) -> str | None:
    """Return the class that the ending of a title shows (Policy, Agreement …); None for another work."""
    found = _endings().search(name)
    return words.policy_suffixes()[found.group(1)] if found else None


def find_quoted(notes: Notes) -> list[Candidate]:
    """Return policies and agreements in title marks, quoted names with an ending behind, and signed agreements."""
    text = notes.text
    result = []
    for found in _TITLE.finditer(text):
        cls = ending_class(found.group(1))
        if cls in ("Policy", "Agreement") and not _work().search(found.group(1)):
            result.append(Candidate(found.start(), found.end(), cls, "quoted", 0.95, tier=1))
        else:
            result.append(_other(found))
    for found in _body().finditer(text):  # “晨光”志愿服务队
        cls = words.organization_suffixes().get(found.group(1), ("CommunityBody", ""))[0]
        result.append(Candidate(*found.span(), cls, "quoted", 0.85, tier=1))
    for found in _quoted().finditer(text):
        if re.match(r"[^“”]{0,8}[，。；、]", found.group(2)) or not _named(notes, found):
            continue
        cls = ending_class(found.group(2)) or "Policy"
        begin = found.start()
        area = notes.area_ends.get(begin)
        if area is not None and area.full:
            begin = area.begin
        result.append(Candidate(begin, found.end(), cls, "quoted", 0.85, tier=2))
    for found in _signed().finditer(text):
        if not _vague().match(found.group(1)) and not _denied().search(text[max(0, found.start() - 5) : found.start()]):
            begin = _agreement_begin(notes, *found.span(1))
            if (
                "的" not in text[begin : found.end(1)]
                and found.end(1) - begin >= 4
                and not _vague().match(text[begin : found.end(1)])
            ):
                result.append(Candidate(begin, found.end(1), "Agreement", "grammar", 0.8, tier=4))
    return result + _laws(notes) + _known(notes)


def _other(found: re.Match[str]) -> Candidate:
    """A title of something else keeps the names inside from being read: it has no class and is dropped at the end."""
    name = found.group(1)
    if name.endswith(lexicon.words("policies", "media")):
        return Candidate(found.start(), found.end(), "MediaBody", "quoted", 0.9, tier=1)
    return Candidate(found.start(), found.end(), "", "quoted", 0.9, tier=1)


def _named(notes: Notes, found: re.Match[str]) -> bool:
    tail = found.group(2)
    if any(notes.barrier_length(i) > 1 for i in range(found.start(2), found.end(2))):
        return False
    return not any(stop in tail for stop in lexicon.words("policies", "not_named"))


def _agreement_begin(notes: Notes, begin: int, end: int) -> int:
    """Cut what stands before the name: 与X签署的, dates and function words."""
    stop, _, strong = notes.barrier_before(end - 3)
    while stop > begin and not strong:
        stop, _, strong = notes.barrier_before(stop - 1)
    if stop > begin and notes.text[begin:stop].endswith(lexicon.words("agreements", "joined")):
        return begin
    return max(begin, stop)


def _laws(notes: Notes) -> list[Candidate]:
    """Return laws and rules named without marks, where an area or a mark shows their left end."""
    text = notes.text
    result = []
    for pattern in (_law(), _rules()):
        for found in pattern.finditer(text):
            end = found.end()
            stop, _, _ = notes.barrier_before(end - 2)
            begin = max(stop, found.start())
            areas = [a for a in notes.areas_in(begin, end) if a.full or a.sure]
            if areas:
                begin = areas[0].begin
            body = text[begin:end]
            clear = bool(areas) or notes.barrier_ends_at(begin)
            if clear and len(body) >= (4 if pattern is _law() else 6) and not words.plain().fullmatch(body[:-2]):
                result.append(Candidate(begin, end, "Policy", "grammar", 0.75, tier=5))
    return result


def _known(notes: Notes) -> list[Candidate]:
    """Return names that everybody knows."""
    known = [
        Candidate(b, e, str(cls), "lexicon", 0.96) for b, e, (cls,) in words.well_known().find(notes.text)
        if not _inside_word(notes.text, b, e) and (e - b > 2 or _free(notes, b))
    ]  # fmt: skip
    notes.lexicon_names.update((c.begin, c.end) for c in known)
    return known


def _free(notes: Notes, begin: int) -> bool:
    """Tell whether a two-character name stands at the start of a word: 美的, but not in 北美的."""
    return notes.barrier_ends_at(begin) or begin in notes.area_ends or not "\u4e00" <= notes.text[begin - 1] <= "\u9fff"


def _inside_word(text: str, begin: int, end: int) -> bool:
    name = text[begin:end]
    if name.isascii():
        return (text[begin - 1 : begin].isalnum() and text[begin - 1 : begin].isascii()) or (
            text[end : end + 1].isascii() and text[end : end + 1].isalnum()
        )
    after = text[end : end + 1]
    return (len(name) == 2 and after != "" and after in "人话语菜") or (
        name[-1] == "部" and after != "" and after in "门队"
    )

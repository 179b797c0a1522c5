"""Organizations that are named by their kind, as rules name them: 物业服务企业, 业主委员会, 水务主管部门."""

from __future__ import annotations

import re
from functools import cache

from wenmai import lexicon
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import HAN, alternatives, one_of, rows


@cache
def _rule() -> re.Pattern[str]:
    return re.compile(one_of("kinds", "rules"))


@cache
def _duty() -> re.Pattern[str]:
    return re.compile(one_of("kinds", "duties"))


@cache
def _compound() -> re.Pattern[str]:
    ending = f"{HAN}{{2,8}}(?:{one_of('kinds', 'endings')}|等部门)"
    plain = f"(?:(?![的了和与是为对及]){HAN}){{2,8}}?"
    bound = f"{plain}{one_of('kinds', 'endings_with_duty')}(?={one_of('kinds', 'musts')})"
    alone = f"{one_of('kinds', 'endings')}(?=应当|不得|必须|在)"
    return re.compile(f"{ending}|{bound}|{alone}|{one_of('kinds', 'departments')}")


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(one_of("kinds", "leads"))


@cache
def _plain() -> tuple[re.Pattern[str], frozenset[str]]:
    table = {row["form"]: row["mode"] for row in rows("org_kinds")}
    return re.compile(alternatives(table)), frozenset(form for form, mode in table.items() if mode == "rule")


def find_kinds(notes: Notes) -> list[Candidate]:
    """Return kinds of organization; the ambiguous ones only in an article that speaks of a rule."""
    text = notes.text
    rules = len(_rule().findall(text))
    pattern, ambiguous = _plain()
    result = []
    for found in pattern.finditer(text):
        word = found.group()
        if word in ambiguous and (rules < 3 or not _duty().match(text, found.end())):
            continue
        before = text[found.start() - 1 : found.start()]
        if "\u4e00" <= before <= "\u9fff" and not notes.barrier_ends_at(found.start()) and before not in "区县市镇":
            continue
        if text[found.end() : found.end() + 1] in ("法", "学"):
            continue
        result.append(Candidate(found.start(), found.end(), "OrganizationKind", "lexicon", 0.85, tier=6))
    if rules >= 3:
        result += _compounds(notes)
    return result


def _compounds(notes: Notes) -> list[Candidate]:
    text = notes.text
    result = []
    for found in _compound().finditer(text):
        begin, end = found.span()
        stop, start, strong = notes.barrier_before(end - 3)
        while not strong and stop > begin and text[start:stop] != "等":
            stop, start, strong = notes.barrier_before(start)
        begin = max(begin, stop)
        if cut := _lead().match(text, begin, end - 4):
            begin = cut.end()
        if text[begin - 1 : begin] == "的" and text[begin:end] in lexicon.words("kinds", "endings"):
            continue  # 养犬管理的主管部门: what somebody is
        if end - begin >= 4 and not notes.areas_in(begin, end):
            result.append(Candidate(begin, end, "OrganizationKind", "grammar", 0.75, tier=6))
    return result

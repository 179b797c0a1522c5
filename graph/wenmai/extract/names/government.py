"""Organs of state and party: area or level, function, ending (names hold 和); congresses; 市委 and its departments."""

from __future__ import annotations

import re
from functools import cache

from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import HAN, character_set, characters, one_of, rows, words

_LEVEL = "[省市区县州镇乡]"
_ORDINAL = r"(?:第?[一二三四五六七八九十0-9]{1,4}届)?"
_NATION = re.compile(r"(?:第?[一二三四五六七八九十0-9]{1,4}届)?全国$")
_SECTION = re.compile(rf"{HAN}{{2,5}}(?:[与和]{HAN}{{2,4}})?(?:司|局|厅)(?![长令法机])")
_OFFICE = re.compile(rf"{HAN}{{2,8}}?([处科室股队])(?=\1长|副\1长|主任|副主任|副队长)")
_CUT = re.compile(r"[，。；：！？、“”‘’《》（）\s0-9…—的是在将了被把给对]")


@cache
def _congress() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of a congress with a committee of it, and that of the congress alone."""
    core = _ORDINAL + one_of("government", "congresses")
    return re.compile(f"{core}(?:{HAN}{{2,10}}?{one_of('government', 'committees')})?"), re.compile(core)


@cache
def _department() -> re.Pattern[str]:
    return re.compile(f"(?:{one_of('party', 'departments')}|纪委)(?={one_of('party', 'section_posts')})")


@cache
def _mission() -> re.Pattern[str]:
    return re.compile(f"驻{HAN}{{2,8}}?{one_of('government', 'missions')}")


@cache
def _ministry() -> re.Pattern[str]:
    field = f"(?:联邦)?{one_of('government', 'ministries')}(?:与{HAN}{{2,4}})?(?:部|省)(?![门长队])"
    return re.compile(f"{field}|{one_of('government', 'powers')}")


@cache
def _organ() -> re.Pattern[str]:
    commission = f"{HAN}{{2,6}}{one_of('party', 'commissions')}"
    office = f"{one_of('party', 'offices')}|{commission}|(?![{characters('party', 'behind_committees')}])"
    below = f"政府{HAN}{{2,4}}?[局署](?![{characters('government', 'bureaus_stop')}])"  # 高雄市政府文化局
    return re.compile(f"委(?:{office})|{one_of('party', 'seats')}|{below}|{one_of('government', 'seats')}")


@cache
def _bureau() -> re.Pattern[str]:
    return re.compile(f"{one_of('government', 'bureaus')}(?![{characters('government', 'bureaus_stop')}])")


@cache
def _done() -> re.Pattern[str]:
    return re.compile(one_of("organizations", "done_in_area"))


@cache
def _two_bodies() -> re.Pattern[str]:
    """Return what shows that a function goes over from one body to the next: 某大学和某某管委会."""
    return re.compile(f"(?:{'|'.join(words('organizations', 'owners'))})[和与及、]")


@cache
def _function() -> re.Pattern[str]:
    return re.compile(f"第?[一二三四]?中级|{one_of('government', 'functions')}")


@cache
def _other() -> re.Pattern[str]:
    return re.compile(one_of("government", "not_functions"))


@cache
def _grown() -> re.Pattern[str]:
    return re.compile(f"{HAN}{{2,5}}{one_of('areas', 'grown')}$")


def find_government(notes: Notes) -> list[Candidate]:
    """Return organs of state and party."""
    found = [*_congresses(notes), *_party(notes), *_bureaus(notes), *_abroad(notes), *_departments(notes)]
    return found + _offices(notes, found)


def _prefix(notes: Notes, end: int) -> int | None:
    """Return where the area or level that ends at `end` begins; a chain of areas is taken whole."""
    text = notes.text
    area = notes.area_ends.get(end)
    if area is not None and (area.full or area.sure):
        begin = area.begin
        while (before := notes.area_ends.get(begin)) is not None and (before.full or before.sure):
            begin = before.begin
        return begin
    if area is not None and not area.full:
        return area.begin
    grown = _grown().search(text[max(0, end - 9) : end])
    if grown is not None and text[end - 1] in "道镇乡区县市":
        begin = max(end - len(grown.group()), notes.barrier_before(end)[0])
        for a in notes.areas_in(begin, end):
            begin = min(begin, a.begin)
        inner = [a for a in notes.areas_in(notes.barrier_before(end)[0], end) if a.full or a.sure]
        if inner:
            return inner[0].begin
        if end - begin >= 3 and "委" not in text[begin:end] and not text[begin:end].endswith("直辖市"):
            return begin
    if text[end - 1 : end] in ("省", "市", "区", "县", "州", "镇", "乡") and _free(notes, end - 1):
        return end - 1
    return None


def _free(notes: Notes, begin: int) -> bool:
    """Tell whether a bare level (市) may begin a name here: a mark or a function word stands before it."""
    return (
        notes.barrier_ends_at(begin)
        or notes.text[begin - 1] in character_set("government", "before_levels")
        or notes.text[begin - 2 : begin] in words("government", "before_levels_words")
    )


def _congresses(notes: Notes) -> list[Candidate]:
    result = []
    whole_name, core = _congress()
    for found in whole_name.finditer(notes.text):
        begin = _prefix(notes, found.start())
        if begin is None and (whole := _NATION.search(notes.text, max(0, found.start() - 8), found.start())):
            begin = whole.start()
        if begin is not None:
            end = found.end()
            if _holds_barrier(notes, found.start(), end) and (alone := core.match(found.group())):
                end = found.start() + alone.end()
            result.append(Candidate(begin, end, "GovernmentBody", "grammar", 0.95))
    return result


def _party(notes: Notes) -> list[Candidate]:
    text = notes.text
    result = []
    for found in _organ().finditer(text):
        organ = found.group()
        begin = _prefix(notes, found.start())
        if begin is None:
            continue
        head = text[found.start() - 1]
        if organ.startswith("委") and head not in "省市区县州旗盟":
            continue
        cls = "GovernmentBody" if organ.startswith("政府") else "PartyBody"
        result.append(Candidate(begin, found.end(), cls, "grammar", 0.95))
    return result


def _abroad(notes: Notes) -> list[Candidate]:
    """Return missions (法国驻广州总领事馆), ministries of other countries, and departments named with their head."""
    result = []
    for pattern in (_mission(), _ministry()):
        for found in pattern.finditer(notes.text):
            area = notes.area_ends.get(found.start())
            if area is None:
                continue
            abroad = area.code is None and not notes.text[area.begin : area.end].startswith("中")
            if abroad or pattern is _mission():
                result.append(Candidate(area.begin, found.end(), "GovernmentBody", "grammar", 0.9))
    for found in _department().finditer(notes.text):
        if notes.barrier_ends_at(found.start()):
            result.append(Candidate(*found.span(), "PartyBody", "grammar", 0.8))
    return result


def _departments(notes: Notes) -> list[Candidate]:
    """Return the departments of ministries: a known ministry and what stands right behind it (某部某某司)."""
    result = []
    for c in notes.found:
        if c.cls != "GovernmentBody" or notes.text[c.end - 1] not in "部委署局院府":
            continue
        found = _SECTION.match(notes.text, c.end)
        if found is not None and not _holds_barrier(notes, c.end, found.end()):
            result.append(Candidate(c.begin, found.end(), "GovernmentBody", "grammar", 0.9))
    return result


def _offices(notes: Notes, organs: list[Candidate]) -> list[Candidate]:
    """Return the offices of organs, shown by the title behind them: 某市教育局民办教育科科长."""
    result = []
    for c in (*notes.found, *organs):
        found = _OFFICE.match(notes.text, c.end) if c.cls == "GovernmentBody" else None
        if found is not None and not _holds_barrier(notes, c.end, found.end()):
            result.append(Candidate(c.begin, found.end(), "GovernmentBody", "grammar", 0.9))
    return result


def _bureaus(notes: Notes) -> list[Candidate]:
    result = []
    for found in _bureau().finditer(notes.text):
        begin = _bureau_begin(notes, found.start(), found.group())
        if begin is not None and not _done_there(notes, begin, found.start()):
            cls = _other_class(notes.text[begin : found.end()])
            if found.group() == "中心" and _abroad_area(notes, begin):
                cls = "Organization"
            result.append(Candidate(begin, found.end(), cls, "grammar", 0.92))
    return result


def _done_there(notes: Notes, begin: int, end: int) -> bool:
    """Tell whether the words behind the area say what is done there: 在某市建设研发中心."""
    area = notes.area_begins.get(begin)
    return (
        area is not None and bool(_done().match(notes.text, area.end, end)) and notes.text[begin - 1 : begin] in "在于"
    )


def _other_class(name: str) -> str:
    """Return the class of a name that ends like an organ's and is of another kind by a longer ending: 党群服务中心."""
    longest = next((cls for suffix, cls in _longer() if name.endswith(suffix)), "GovernmentBody")
    return longest if longest in ("PartyBody", "CommunityBody", "HealthBody", "CulturalBody") else "GovernmentBody"


@cache
def _longer() -> tuple[tuple[str, str], ...]:
    found = [(row["suffix"], row["class"]) for row in rows("org_suffixes") if len(row["suffix"]) >= 3]
    return tuple(sorted(found, key=lambda r: (-len(r[0]), r[0])))


def _abroad_area(notes: Notes, begin: int) -> bool:
    area = notes.area_begins.get(begin)
    return area is not None and area.code is None and not area.full


def _bureau_begin(notes: Notes, end: int, suffix: str) -> int | None:
    """Scan left over the function (和 and 与 included) to an area or a bare level."""
    text = notes.text
    floor = max(0, end - 18)
    for i in range(end - 1, floor - 1, -1):
        if _CUT.match(text[i]):
            floor = i + 1
            break
    best: int | None = None
    for i in range(end - 2 if len(suffix) == 1 else end, floor, -1):
        function = text[i:end]
        if i < end and (not _function().match(function) or _two_bodies().search(function)):
            continue
        begin = _prefix(notes, i)
        if begin is None:
            if text[max(0, i - 2) : i] == "国家" and i < end:
                begin = i - 2
            else:
                continue
        if len(suffix) == 1 and (len(function) < 2 or _other().search(function)):
            continue
        if suffix in words("government", "of_functions") and len(function) < 2:
            continue
        if _holds_barrier(notes, i, end):
            break
        best = begin
        if text[begin : begin + 1] not in _LEVEL or begin != i - 1:
            break
    return best


def _holds_barrier(notes: Notes, begin: int, end: int) -> bool:
    """Tell whether a barrier other than 和, 与, 及 stands between."""
    position = end
    while True:
        stop, start, strong = notes.barrier_before(position)
        if start < begin or stop <= begin:
            return False
        word = notes.text[start:stop]
        if strong and word not in ("和", "与", "及") and word not in words("government", "official"):
            return True
        position = start

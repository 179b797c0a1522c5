"""Places: areas of the lexicon and those that a generic term shows, roads, buildings, sites, waters, addresses."""

from __future__ import annotations

import re
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.extract.names.base import Area, Candidate, Notes
from wenmai.extract.names.organizations import trimmed
from wenmai.lexicon import HAN, character_set, characters, one_of, rows

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_BODY = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）]+")
_NUMBER = re.compile(
    r"(?:(?<=[路街道巷弄村里坊厅桥同])"
    r"|(?<=[路街道][东西南北中]))[0-9]{1,5}(?:[-之—][0-9]{1,4})?(?:弄[0-9]{0,4})?号(?![线地])(?:院|楼|甲|乙"
    r"|[0-9A-Z]{1,3}座|[0-9]{1,3}(?:楼|层|室))?"
)
_LINE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}(?:地铁|轨交|轨道交通))?[0-9一二三四五六七八九十]{1,3}号线(?:[一二三四]期)?(?:工程)?"
)
_TAIL = re.compile(r"(?:[一二三四五1-9]期(?:工程)?|[东西南北中]片?区|[A-Z]馆)")
_CROSSING = re.compile(r"[0-9、与和（口]|交叉|附近")
_PORT = re.compile(r"区(?:[一二三四五]期(?:工程)?)?")


@cache
def _about() -> re.Pattern[str]:
    return re.compile(rf"[^，。；：！？\n]{{0,2}}{one_of('places', 'prepositions')}$")


@cache
def _inside() -> re.Pattern[str]:
    return re.compile(rf"街道|.{one_of('areas', 'inside')}|(?<={HAN}{{2}})[区县](?!域)")


def _short(suffix: str) -> bool:
    return suffix in character_set("places", "short")


def find_areas(notes: Notes) -> list[Candidate]:
    """Return areas that the lexicon is sure of, and unsure short forms that the article supports."""
    text = notes.text
    common = lexicon.words("areas", "common")
    full = {text[a.begin : a.end] for a in notes.areas if a.full}.difference(common)
    stems = {re.sub(r"(?:特别行政区|自治[区州县]|[省市区县州旗盟])$", "", name) for name in full}
    result = []
    accepted: set[int] = set()
    for index, area in enumerate(notes.areas):
        name = text[area.begin : area.end]
        if area.full:
            if len(name) == 2 and not (notes.barrier_ends_at(area.begin) or area.begin in notes.area_ends):
                continue
            above = notes.area_ends.get(area.begin)  # 铜陵市郊区, but 开罗郊区
            if name not in common or (above is not None and above.code is not None):
                accepted.add(index)
        elif (
            (area.sure and not area.county)
            or (name in stems and (notes.barrier_ends_at(area.begin) or area.begin in notes.area_ends))
            or (area.sure and _stands(notes, area))
        ) or _listed(notes, index, accepted):
            accepted.add(index)
    for index in reversed(range(len(notes.areas) - 1)):
        if index not in accepted and index + 1 in accepted:
            here, after = notes.areas[index], notes.areas[index + 1]
            if text[here.end : after.begin] == "、":
                accepted.add(index)
    for index in sorted(accepted):
        area = notes.areas[index]
        if _broken(notes, area.begin, area.end, area.full):
            continue
        result.append(Candidate(area.begin, area.end, area.cls, "lexicon", 0.95 if area.sure else 0.8, area.code))
    return result


def _stands(notes: Notes, area: Area) -> bool:
    """Tell whether a doubtful short form stands by itself: 德清 in 从德清赶来, but not 金安 in 资金安排."""
    left = notes.barrier_ends_at(area.begin) or area.begin in notes.area_ends
    after = notes.text[area.end : area.end + 1]
    right = notes.barrier_length(area.end) > 0 or area.end in notes.area_begins or not "\u4e00" <= after <= "\u9fff"
    return left and right


def _listed(notes: Notes, index: int, accepted: set[int]) -> bool:
    if index == 0 or index - 1 not in accepted:
        return False
    before, here = notes.areas[index - 1], notes.areas[index]
    return notes.text[before.end : here.begin] == "、"


def _broken(notes: Notes, begin: int, end: int, full: bool) -> bool:
    """A short form inside a longer word is no mention: 上海话, 北京人."""
    return not full and notes.text[end : end + 1] in character_set("areas", "compounds")


_UNLISTED = re.compile(rf"({HAN}{{2,3}}[市县])({HAN}{{2,3}}(?:镇|乡|街道))(?![长政党办人])")


def find_unlisted(notes: Notes) -> list[Candidate]:
    """Return a town and the county above it where the list of areas lacks them (河东县青石镇): two areas, not one."""
    result = []
    for found in _UNLISTED.finditer(notes.text):
        begin, middle, end = found.start(), found.start(2), found.end()
        clear = notes.barrier_ends_at(begin) or begin in notes.area_ends
        if clear and not notes.areas_in(begin, end):
            result += [
                Candidate(b, e, "AdministrativeArea", "grammar", 0.85, tier=4)
                for b, e in ((begin, middle), (middle, end))
            ]
    return result


def find_places(notes: Notes) -> list[Candidate]:
    """Return places by their generic term."""
    result: list[Candidate] = []
    text = notes.text
    loose: list[Candidate] = []
    for first, end, (sort, shown, _) in words.suffixes().find(text):
        kind, cls, begin = sort, shown, first
        if kind == "decoy" and text[begin:end] in lexicon.words("places", "revived") and _revives(notes, begin, end):
            kind, cls, begin = "place", words.place_suffixes()[text[end - 1]], end - 1
        if kind != "place":
            continue
        if notes.barrier_covers(begin, end):
            continue
        found = _one(notes, begin, end, text[begin:end], str(cls))
        if found is None and end - begin > 1 and _short(text[end - 1]) and not notes.barrier_ends_at(begin):
            found = _one(notes, end - 1, end, text[end - 1], str(cls))
        if found is None:
            continue
        (result if found[1] else loose).append(found[0])
    trusted = {text[c.begin : c.end] for c in result}
    counts: dict[str, int] = {}
    for c in loose:
        counts[text[c.begin : c.end]] = counts.get(text[c.begin : c.end], 0) + 1
    result = trimmed(notes, result)
    result += [c for c in loose if counts[text[c.begin : c.end]] > 1 or text[c.begin : c.end] in trusted]
    result += [Candidate(*m.span(), "Road", "grammar", 0.9) for m in _lines(notes)]
    return result + find_unlisted(notes) + _addresses(notes, result)


def _lines(notes: Notes) -> list[re.Match[str]]:
    return list(_LINE.finditer(notes.text))


def _one(notes: Notes, begin: int, end: int, suffix: str, cls: str) -> tuple[Candidate, bool] | None:
    """Decide where the place that ends in `suffix` begins; the flag tells whether the left end is certain."""
    text = notes.text
    limit = 6 if _short(suffix) else 14
    stop, _, _ = notes.barrier_before(begin)
    stop = _reach(notes, stop)
    left = max(stop, begin - limit)
    certain = left == stop
    for area in reversed(notes.areas_in(left, begin)):
        body = text[area.end : begin]
        generic = area.full or text[area.end] in "市县区州镇乡"
        if area.full or (area.begin == left and not generic and _strip_short(suffix, cls, body)):
            left, certain = area.end, True
            break
        if area.sure and area.begin > left and not _short(suffix) and cls not in ("AdministrativeArea", "Road"):
            left, certain = area.begin, True
            break
    left, certain = _after_admin(text, left, begin, certain)
    body = text[left:begin]
    if (
        suffix in lexicon.words("places", "houses")
        and left in notes.area_begins
        and notes.area_begins[left].end >= begin
    ):
        return None
    if not _good(body, suffix, cls, text[max(0, left - 6) : left], left in notes.area_ends):
        return None
    tail = (_PORT if suffix.endswith("港") else _TAIL).match(text, end) if cls in ("Site", "Building") else None
    return Candidate(left, tail.end() if tail else end, cls, "grammar", 0.85), certain


def _reach(notes: Notes, stop: int) -> int:
    """A weak barrier that stands first behind a strong one is a name's first character: 、上某某大桥, 的后某村站."""
    text = notes.text
    end, start, strong = notes.barrier_before(stop)
    if end != stop or strong:
        return stop
    before, _, strong = notes.barrier_before(start)
    if text[start:end] in character_set("places", "of_names") and (
        (before == start and strong) or start in notes.area_ends
    ):
        return start
    for position in range(start, max(before, start - 3), -1):
        area = notes.area_ends.get(position)
        if (area is not None and area.full) or text[position - 1] in "镇乡" or text[position - 2 : position] == "街道":
            return position
    return stop


def _revives(notes: Notes, begin: int, end: int) -> bool:
    """Tell whether a common word ends a name after all: 中山一路12号, 某城镇."""
    stop = max([notes.barrier_before(begin)[0], *(a.end for a in notes.areas_in(begin - 6, begin) if a.end <= begin)])
    length = begin - stop
    return 0 < length <= 5 and (notes.text[end - 1] != "路" or bool(_CROSSING.match(notes.text, end)))


def _strip_short(suffix: str, cls: str, body: str) -> bool:
    """Tell whether a short area before a place is a place of its own: 上海淮海中路, but 上海路, 某某工业园区."""
    if cls == "AdministrativeArea":
        return len(body) >= 2
    if cls == "NaturalFeature":
        return True
    return (
        cls == "Road"
        and suffix in lexicon.words("places", "streets")
        and len(body.strip(characters("places", "street_parts"))) >= 2
    )


def _after_admin(text: str, left: int, begin: int, certain: bool) -> tuple[int, bool]:
    """某某乡某某村, 某某街道的…: what stands after another administrative term begins anew."""
    last = None
    for found in _inside().finditer(text, left, begin):
        if begin - found.end() >= 1 and found.end() - left >= 2:
            last = found.end()
    return (last, True) if last is not None else (left, certain)


@cache
def _common() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("place_plain_words"))


def _good(body: str, suffix: str, cls: str, before: str, at_area: bool) -> bool:
    if not _BODY.fullmatch(body) or body[-1] in "的了着":
        return False
    if body in _common() or words.plain().fullmatch(body):
        return False
    if suffix in lexicon.words("places", "settled"):
        return len(body) >= 2 and (
            bool(_about().search(before)) or before.endswith(lexicon.words("places", "settled_behind"))
        )
    if suffix == "陵":
        return False
    if _short(suffix):
        if cls == "NaturalFeature" or suffix in character_set("places", "generic"):
            return _short_place(body, suffix, before, at_area)
        if len(body) < 2:
            return False
        return len(body) <= 5 and not body.startswith(lexicon.words("places", "counted"))
    return len(body) >= 2 or (bool(re.fullmatch("[A-Z]", body[:1])) and len(body) > 1)


def _short_place(body: str, suffix: str, before: str, at_area: bool) -> bool:
    if not 2 <= len(body) <= 4:
        return False
    if suffix == "站":
        return body[-1] in character_set("places", "stations") or before.endswith(
            ("号线", "地铁", "高铁", "铁路", "线")
        )
    if suffix in character_set("places", "natural"):
        return bool(_about().search(before)) or before.endswith(("、", "《", "“"))
    return suffix == "县" and (at_area or before.endswith("原"))


def _addresses(notes: Notes, places: list[Candidate]) -> list[Candidate]:
    """Return roads with a number: 柳林路118号."""
    text = notes.text
    roads = {c.end: c for c in places if c.cls in ("Road", "AdministrativeArea", "Site", "Building")}
    result = []
    for number in _NUMBER.finditer(text):
        road = roads.get(number.start())
        begin = road.begin if road is not None else _road_begin(notes, number.start())
        if begin is not None:
            result.append(Candidate(begin, number.end(), "Address", "grammar", 0.9, tier=3))
    return result


def _road_begin(notes: Notes, end: int) -> int | None:
    text = notes.text
    stop = _reach(notes, notes.barrier_before(end)[0])
    begin = max(stop, end - 7)
    for area in notes.areas_in(begin, end):
        if area.full and area.end < end - 1:
            begin = area.end
    begin, _ = _after_admin(text, begin, end - 1, True)
    return begin if end - begin >= 3 and _HAN.fullmatch(text[begin:end]) else None

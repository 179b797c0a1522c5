"""Organizations by their endings: area and name and ending, the left end decided by barriers and areas.

Government organs, whose names hold 和 and whose prefix may be a bare level (市民政局), are in `government`.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.extract.names.base import Area, Candidate, Notes
from wenmai.lexicon import HAN, character_set, one_of

_BRACKET_BODY = re.compile(rf"（{HAN}{{2,6}}）")
_CAMPUS = re.compile(rf"（{HAN}{{2,4}}）(?!股份|有限)")
_MAX = 26


@cache
def _organ() -> re.Pattern[str]:
    return re.compile(f"{one_of('party', 'organs')}$")


@cache
def _post() -> re.Pattern[str]:
    return re.compile(one_of("party", "posts"))


@cache
def _local() -> re.Pattern[str]:
    return re.compile(f"{one_of('organizations', 'local')}$")


@cache
def _place() -> re.Pattern[str]:
    return re.compile(one_of("organizations", "places"))


@cache
def _held() -> re.Pattern[str]:
    return re.compile(f"{one_of('organizations', 'held')}|[一二三四五六七八九十0-9]+[楼层]")


@cache
def _done() -> re.Pattern[str]:
    return re.compile(one_of("organizations", "done_in_area"))


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(f"{one_of('organizations', 'leads')}+(?={HAN}{{2}})")


@cache
def _hall() -> re.Pattern[str]:
    hall = f"{one_of('organizations', 'halls')}|{HAN}{{1,3}}厅"
    site = f"{one_of('organizations', 'sites')}|{HAN}{{0,3}}[校院]区"
    return re.compile(f"(?:{hall}|{site})(?![长的])")


def find_organizations(notes: Notes) -> list[Candidate]:
    """Return the organizations whose name ends in a known ending."""
    text = notes.text
    result: list[Candidate] = []
    loose: list[Candidate] = []
    by_end: dict[int, Candidate] = {
        c.end: c
        for c in notes.found
        if c.cls in _BODIES and text[c.begin] != "《" and (c.voice != "lexicon" or c.end - c.begin > 3)
    }
    for begin, end, (kind, cls, mode) in words.suffixes().find(text):
        if kind != "org" or mode == "bureau":
            continue
        if text[end : end + 1] in character_set("organizations", "not_after"):
            continue
        found = _one(notes, begin, end, str(cls), str(mode), by_end)
        if found is None:
            continue
        candidate, certain = found
        by_end[candidate.end] = candidate
        (result if certain else loose).append(candidate)
    kept = [_founder(notes, _own_level(notes, c)) for c in trimmed(notes, result) + _repeated(text, result, loose)]
    return kept + find_halls(notes, kept) + find_faculties(notes, kept)


def _founder(notes: Notes, c: Candidate) -> Candidate:
    """Take in who a school or museum is kept by: 国立某某大学."""
    begin = c.begin - 2
    kept_by = begin >= 0 and notes.text[begin : c.begin] in lexicon.words("organizations", "kept_by")
    return replace(c, begin=begin) if kept_by and c.cls in ("EducationalBody", "CulturalBody", "HealthBody") else c


_BODIES = frozenset(
    (
        "Organization", "GovernmentBody", "PartyBody", "Company", "CommunityBody", "EducationalBody", "MediaBody",
        "HealthBody", "CulturalBody",
    )
)  # fmt: skip


def _own_level(notes: Notes, c: Candidate) -> Candidate:
    """Leave off the areas above a museum's, hospital's or school's own, where the article names it without them."""
    area = notes.area_begins.get(c.begin)
    if c.cls not in ("CulturalBody", "HealthBody", "EducationalBody"):
        return c
    while area is not None and (below := notes.area_begins.get(area.end)) is not None and below.end < c.end:
        if notes.count(notes.text[below.begin : c.end]) > notes.count(notes.text[c.begin : c.end]):
            c = replace(c, begin=below.begin)
        area = below
    return c


def trimmed(notes: Notes, candidates: list[Candidate]) -> list[Candidate]:
    """Cut a candidate that another, better attested one ends: 占用X大厦 where X大厦 stands elsewhere by itself."""
    text, owners = notes.text, lexicon.words("organizations", "owners")
    names: dict[str, bool] = {}
    for c in candidates:
        clear = notes.barrier_ends_at(c.begin) or c.begin in notes.area_ends or c.begin in notes.area_begins
        names[text[c.begin : c.end]] = names.get(text[c.begin : c.end], False) or clear
    attested = {name for name, clear in names.items() if clear}
    result = []
    for c in candidates:
        name = text[c.begin : c.end]
        best = _longest_end(name, attested, 3)
        prefix = name[: len(name) - len(best or "")]
        if (
            best is not None
            and not prefix.endswith(owners)
            and c.begin not in notes.area_begins
            and notes.count(best) > 2 * notes.count(name)
        ):
            result.append(replace(c, begin=c.end - len(best)))
        else:
            result.append(c)
    return result


def _longest_end(name: str, names: Container[str], least: int) -> str | None:
    """Return the longest of `names` that `name` ends in and is not, of `least` characters or more."""
    return next((name[i:] for i in range(1, len(name) - least + 1) if name[i:] in names), None)


def find_halls(notes: Notes, bodies: list[Candidate]) -> list[Candidate]:
    """Return the halls and sites that carry a body's name: 某博物馆新馆, 某医院东院区."""
    result = []
    for c in bodies:
        if c.cls not in ("CulturalBody", "HealthBody", "EducationalBody"):
            continue
        found = _hall().match(notes.text, c.end)
        if found is not None and not notes.barrier_length(c.end):
            cls = "Building" if found.group().endswith(("馆", "厅", "堂")) else "Site"
            result.append(Candidate(c.begin, found.end(), cls, "grammar", 0.85))
    return result


_FACULTY = re.compile(rf"({HAN}{{2,6}}?)[与和及]({HAN}{{2,6}}?)(?:学院|研究院|研究所|学系)")


def find_faculties(notes: Notes, bodies: list[Candidate]) -> list[Candidate]:
    """Return faculties whose names hold 与 or 和: 某大学水产与生命学院."""
    result = []
    for c in bodies:
        found = _FACULTY.match(notes.text, c.end) if notes.text.endswith("大学", c.begin, c.end) else None
        if found is None or any(notes.areas_in(*found.span(n)) for n in (1, 2)):
            continue
        if not any(part.endswith(lexicon.words("organizations", "owners")) for part in found.groups()):
            result.append(Candidate(c.begin, found.end(), "EducationalBody", "grammar", 0.85))
    return result


def _repeated(text: str, sure: list[Candidate], loose: list[Candidate]) -> list[Candidate]:
    """Keep candidates with an uncertain left end if they occur more than once or as a clear one."""
    names = {text[c.begin : c.end] for c in sure}
    counts: dict[str, int] = {}
    for c in loose:
        counts[text[c.begin : c.end]] = counts.get(text[c.begin : c.end], 0) + 1
    kept = []
    for c in loose:
        name = text[c.begin : c.end]
        shorter = _longest_end(name, names, 4)
        if shorter is not None:
            kept.append(Candidate(c.end - len(shorter), c.end, c.cls, c.voice, 0.85))
        elif counts[name] > 1 or name in names or c.confidence >= 0.7:
            kept.append(c)
    return kept


def _one(
    notes: Notes, begin: int, end: int, cls: str, mode: str, by_end: dict[int, Candidate]
) -> tuple[Candidate, bool] | None:
    text = notes.text
    suffix = text[begin:end]
    stop = _stop(notes, begin, suffix)
    left = stop
    inner = _inner(notes, stop, begin, suffix, by_end)
    if inner is not None:
        before = notes.area_ends.get(inner.begin) if inner.voice == "lexicon" and words.legal(suffix) else None
        left, certain = before.begin if before is not None else inner.begin, True
    else:
        left, certain = _left(notes, stop, begin, suffix)
    if left < 0 or end - left > _MAX + len(suffix):
        return None
    left = _trim(text, left, begin)
    body = text[left:begin]
    if not _names(notes, body, left, begin, suffix):
        return None
    if mode == "area" and (left not in notes.area_begins or len(body) < 4):
        return None
    if _organ().search(suffix) and _post().match(text, end) and not _local().search(_organ().sub("", text[left:end])):
        return None
    if suffix in lexicon.words("organizations", "placed") and not _placed(notes, left, body):
        return None
    cls = inner.cls if inner is not None and suffix.startswith("分") else _class(notes, cls, suffix, begin, end)
    if suffix in ("大学", "学院") and (campus := _CAMPUS.match(text, end)):
        end = campus.end()
    return Candidate(left, end, cls, "grammar", 0.9 if certain else 0.7), certain


def _placed(notes: Notes, left: int, body: str) -> bool:
    """Tell whether a service centre's or committee's name says where: without a place it is a kind, not a name."""
    area = notes.area_begins.get(left)
    if area is not None and (area.full or area.sure):
        return not notes.text[left : area.end].endswith("城")
    return (
        bool(_place().search(body)) and body not in lexicon.words("organizations", "bare_places")
    ) or body in words.subdistricts()


def _class(notes: Notes, cls: str, suffix: str, begin: int, end: int) -> str:
    text = notes.text
    if suffix == "委员会" and text[max(0, begin - 2) : begin] in lexicon.words("organizations", "residents"):
        return "CommunityBody"
    if cls in ("Organization", "CulturalBody") and suffix.endswith("中心") and _held().match(text, end):
        return "Building"
    return cls


def _stop(notes: Notes, begin: int, suffix: str) -> int:
    """Return where the stretch before the ending begins; weak barriers yield to an area before a legal ending."""
    text = notes.text
    end, start, strong = notes.barrier_before(begin)
    if not words.legal(suffix):
        area = notes.area_ends.get(start)
        anchored = not strong and area is not None and (area.sure or area.full) and begin - start <= 6
        return area.begin if anchored and area is not None else end
    if strong and text[start:end] in ("和", "与", "同", "为", "向"):
        before = notes.barrier_before(start)[0]
        owners = [a for a in notes.areas_in(before, start) if 1 <= start - a.end <= 3]
        if owners and end not in notes.area_begins:
            return owners[0].begin
    if strong:
        return notes.barrier_before(start)[0] if text[start - 1 : start] == "）" and text[start] > "\u4e00" else end
    if text[start - 1 : end] == "（原":
        return end  # 甲（原乙）: what it was called before
    if text[start:end] in character_set("organizations", "in_names"):
        before, _, strong = notes.barrier_before(start)
        if strong and start - before <= 8:
            return before
    position = start
    while True:
        before_end, before_start, strong = notes.barrier_before(position)
        areas = [a for a in notes.areas_in(before_end, position) if a.sure or a.full]
        if areas and text[areas[0].begin - 1 : areas[0].begin] != "（":
            return areas[0].begin
        if strong or begin - before_start > 20:
            return end
        position = before_start


def _inner(notes: Notes, stop: int, begin: int, suffix: str, by_end: dict[int, Candidate]) -> Candidate | None:
    """Return the name that this one continues: 某某大学 for 某某大学附属第一医院."""
    branches = lexicon.words("organizations", "branches")
    if suffix not in branches and suffix not in lexicon.words("organizations", "parts"):
        return None
    for position in range(begin, max(stop, begin - 14) - 1, -1):
        found = by_end.get(position)
        if found is not None and found.begin >= stop:
            between = notes.text[position:begin]
            split = [a for a in notes.areas_in(position, begin) if a.full]
            if split and suffix not in branches:
                return None
            if between[:1] in tuple("和与及、"):
                return None
            return found
    return None


def _left(notes: Notes, stop: int, begin: int, suffix: str) -> tuple[int, bool]:
    floor = max(stop, begin - _MAX)
    areas = notes.areas_in(floor, begin)
    chosen = _chosen_area(notes, areas, floor, begin, suffix)
    if chosen is not None:
        return chosen, True
    certain = floor == stop and (stop == 0 or _clear(notes, stop))
    return floor, certain and begin - floor <= (16 if words.legal(suffix) else 11)


def _chosen_area(notes: Notes, areas: list[Area], floor: int, begin: int, suffix: str) -> int | None:
    text = notes.text
    trusted = [a for a in areas if a.full or a.begin == floor or (a.sure and not a.county)]
    for area in trusted:
        before = text[floor : area.begin]
        if not before:
            return area.begin
        if area.begin >= 1 and text[area.begin - 1] == "（":
            continue
        if before.endswith("（"):
            continue
        if (
            not area.full
            and begin - area.end == 0
            and suffix.endswith(("有限公司", "公司", "集团"))
            and len(before) <= 6
        ):
            return floor
        if len(before) <= 6 and suffix in lexicon.words("organizations", "branches"):
            return floor
        return area.begin
    return None


def _clear(notes: Notes, stop: int) -> bool:
    """Tell whether the barrier that ends at `stop` is a strong one."""
    end, _, strong = notes.barrier_before(stop)
    return end == stop and strong


def _trim(text: str, left: int, begin: int) -> int:
    found = _lead().match(text, left, begin)
    if found is None or begin - found.end() < 2 or found.group() in ("新", "原", "前"):
        return left
    return found.end()


def _names(notes: Notes, body: str, left: int, begin: int, suffix: str) -> bool:
    """Tell whether `body` names something and does not only describe it."""
    bare = _BRACKET_BODY.sub("", body)
    if body[-1:] in ("为", "是", "以"):
        return False
    if not bare or "，" in bare or (len(bare) == 1 and not ("A" <= bare <= "Z")):
        return False
    area = notes.area_begins.get(left)
    if area is not None and area.end <= begin:
        rest = notes.text[area.end : begin]
        if not rest:
            abroad = notes.text[area.begin : area.end] in words.countries()
            if abroad and suffix in lexicon.words("organizations", "of_any"):
                return False
            return suffix not in lexicon.words("organizations", "describes")
        if suffix in ("公司", "银行", "企业") and words.plain().fullmatch(rest) and len(rest) <= 4:
            return suffix == "银行"
        return not (rest.startswith(lexicon.words("organizations", "determiners")) or _done().match(rest))
    if words.plain().fullmatch(bare):
        weak = suffix in lexicon.words("organizations", "weak")
        founded = notes.text[left - 2 : left] in lexicon.words("organizations", "founding")
        regional = bare.startswith(lexicon.words("organizations", "regions")) and not weak
        return len(bare) >= 4 and (regional or founded or words.legal(suffix))
    return len(bare) >= (4 if suffix == "组织" else 2)

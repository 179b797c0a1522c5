"""How names are made short: the forms under which a text goes on speaking of what it named in full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from wenmai.lexicon import one_of, rows, words
from wenmai.resolve import keys

_MIN = 2
_MIN_TITLE = 8  # so long an ending of an agreement's name means it; a shorter one may mean any agreement
_MIN_ENDING = 4  # so long an ending of a body's name may mean it where it is the only one that ends so
_MIN_HEAD = 3  # so long a beginning of a place's name may mean it
_LONGEST_HEAD = 9
_ORGANS = frozenset({"GovernmentBody", "PartyBody"})
_PUBLIC = _ORGANS | {"Organization", "CommunityBody", "EducationalBody", "HealthBody", "CulturalBody"}
_CENTER = re.compile(r"(.{2,}?)(?:街道|镇)?(?:社区)?(?:党建|党群)?服务中心")
_LATIN = re.compile(r"[a-z][a-z0-9]{2,}")
_LINE = re.compile(r"[0-9]+号线")


@cache
def _whole() -> re.Pattern[str]:
    """Return the pattern of what a body's name goes on behind, with the part's own name."""
    return re.compile(one_of("organizations", "wholes"))


@dataclass(frozen=True, slots=True)
class Short:
    """A short form, and how much it takes for it to mean the thing.

    `late`: only once the full form has been printed; `alike`: only if the two are of one class (or one of the class
    above); `only`: only if no other thing of the article has the form.
    """

    form: str
    late: bool = False
    alike: bool = False
    only: bool = False


@cache
def _place_endings() -> tuple[str, ...]:
    endings = {keys.key(row["suffix"]) for row in rows("place_suffixes") if row["class"] in ("Site", "Building")}
    return tuple(sorted((end for end in endings if len(end) >= _MIN), key=lambda end: (-len(end), end)))


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    """Return the well-known short forms of well-known names, by the key of the full one."""
    found: dict[str, list[str]] = {}
    for row in rows("abbreviations"):
        if row["full"]:
            found.setdefault(keys.body_key(row["full"]), []).append(keys.body_key(row["name"]))
    return {full: tuple(forms) for full, forms in found.items()}


@cache
def _well_known() -> frozenset[str]:
    return frozenset(keys.body_key(row["name"]) for row in rows("abbreviations"))


def is_full(made: str, cls: str) -> bool:
    """Tell whether a key is a full name: one that another full name of its kind cannot mean."""
    if cls == "AdministrativeArea":
        return keys.area_stem(made) != made
    if cls in _ORGANS:
        return bool(keys.area_prefix(made)[0])
    if cls == "OrganizationKind":
        return True
    return bool(keys.legal_form(made))


def shorts(made: str, cls: str, local: frozenset[str] = frozenset()) -> Iterator[Short]:
    """Yield the short forms of the key `made` of a thing of class `cls`; `local` are keys of areas of the article."""
    if cls == "AdministrativeArea":
        if (stem := keys.area_stem(made)) != made:
            yield Short(stem, alike=True)
    elif cls in _PUBLIC or cls in ("Company", "MediaBody"):
        yield from _of_body(made, cls, local)
    elif cls in ("Site", "Building", "Road", "Place", "NaturalFeature"):
        yield from _of_place(made, cls, local)
    elif cls in ("Policy", "Agreement"):
        yield from (Short(rest) for rest in _rests(made, local) if len(rest) > _MIN + 1)
        yield from (s for s in _endings(made) if keys.is_bare(s.form))
        if cls == "Agreement":
            yield from (Short(made[i:]) for i in range(1, len(made) - _MIN_TITLE + 1))
    elif cls == "OrganizationKind":
        yield from _endings(made)
    elif cls in ("Meeting", "Activity", "Event"):
        if (rest := made.lstrip("0123456789").removeprefix("年")) != made:
            yield Short(rest)
        if (latin := _LATIN.match(made)) and latin.end() < len(made):
            yield Short(latin[0])


def level_forms(made: str, local: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield 区政府 for 鼓楼区政府, 市委 for 上海市委: a body's key with the level in place of its area's name."""
    for _ in range(4):
        head, rest = keys.area_prefix(made, local)
        if not head:
            head = keys.small_area(made)
            rest = made.removeprefix(head)
        if not head or not rest:
            return
        level = next((level for level in words("areas", "levels") if head.endswith(level)), "")
        if level:
            yield level + rest
        made = rest


def _rests(made: str, local: frozenset[str]) -> Iterator[str]:
    """Yield what is left of a key as the areas it begins with fall away one by one."""
    for _ in range(4):
        head, rest = keys.area_prefix(made, local)
        if not head or len(rest) < _MIN:
            return
        made = rest
        yield rest
        if rest[0] in "省市区县镇" and len(rest) > _MIN + 1:
            made = rest[1:]
            yield made


def _endings(made: str) -> Iterator[Short]:
    """Yield the endings of a name, and those that are a noun of bodies: 统战部 of 鼓楼区委统战部."""
    for i in range(1, len(made) - 1):
        if (len(made) - i >= _MIN_ENDING and not keys.level_prefix(made[i:])) or keys.is_bare(made[i:]):
            yield Short(made[i:], late=True, alike=True, only=True)


def _of_body(made: str, cls: str, local: frozenset[str]) -> Iterator[Short]:
    for rest in _rests(made, local):
        if len(rest) > _MIN and rest not in _well_known():  # 美国国务院 is not 国务院
            yield Short(rest)
    if cls in _PUBLIC:
        yield from (Short(made[m.end() :]) for m in _whole().finditer(made) if len(made) - m.end() >= _MIN_ENDING)
        yield from (
            Short(made.replace(word, ""), alike=True) for word in words("organizations", "left_out") if word in made[1:]
        )
        yield from _endings(made)
        if center := _CENTER.fullmatch(made):
            yield from (Short(center[1] + form, late=True, alike=True, only=True) for form in ("党建中心", "党群中心"))
    yield from (Short(form) for form in _abbreviations().get(made, ()))
    legal = keys.legal_form(made)
    if legal:
        yield Short(made.removesuffix(legal))
    if cls in ("Company", "Organization"):
        yield from _of_company(made, bool(legal), local)


def _of_company(made: str, legal: bool, local: frozenset[str]) -> Iterator[Short]:
    """Yield what is left without areas, legal form and 集团; of a full name also its beginning, once it was printed."""
    areas = keys.area_keys()
    for base in {made: None, **dict.fromkeys(_rests(made, local))}:
        stem = keys.stem(base)
        if len(stem) < _MIN or stem in areas or stem in local:
            continue
        if stem != made:
            yield Short(stem, alike=True)
        yield from (Short(stem + word, alike=True) for word in ("集团", "公司") if stem + word != made)
    if not legal:
        return
    area = len(made) - len(keys.without_areas(made, local))
    whole = keys.stem(made)
    brand, rest = whole[area : area + _MIN], whole[area + _MIN : area + _LONGEST_HEAD]
    if len(rest) > _MIN and brand not in areas and brand not in local:
        # 瑞丰耐材 of 瑞丰耐火材料: the first two characters and two of the others, in order
        pairs = dict.fromkeys(a + b for a, b in combinations(rest, 2))
        yield from (Short(brand + pair, late=True, alike=True, only=True) for pair in pairs)
    for begin in {0, area}:
        for end in range(area + _MIN, min(len(whole), area + _LONGEST_HEAD)):
            head = whole[begin:end]
            if head not in areas and head not in local:
                yield Short(head, late=True, alike=True)
                yield from (Short(head + word, late=True, alike=True) for word in ("集团", "公司"))


def _of_place(made: str, cls: str, local: frozenset[str]) -> Iterator[Short]:
    for rest in _rests(made, local):
        if len(rest) > _MIN:
            yield Short(rest, alike=True)
    if cls == "NaturalFeature":
        yield from (Short(made[i:], alike=True, only=True) for i in range(1, len(made) - 1))
    if cls == "Road":
        yield from (
            Short(made.replace(word, ""), alike=True) for word in words("organizations", "left_out") if word in made[1:]
        )
        if (line := _LINE.search(made)) and line.start() > 0:
            yield Short(line[0], alike=True, only=True)
    endings = _place_endings()
    if not made.endswith(endings):
        return
    # 潮鸣街 of 潮鸣街历史街区; what ends like a place itself is another place (云谷公园, 云谷公园停车场).
    for end in range(_MIN_HEAD, len(made) - 1):
        head = made[:end]
        if not head.endswith(endings) and head not in local and head not in keys.area_keys():
            yield Short(head, alike=True, only=True)

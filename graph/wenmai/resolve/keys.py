"""Matching keys: what makes two printed forms the same name, and what of a name tells it from others.

A key is never shown or stored; `wenmai.folding.key` makes it of a name. The words that names are made of stand in
`ontology/lexicon/name_forms.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from wenmai.folding import key as key  # noqa: PLC0414 - asked for here by this room
from wenmai.lexicon import one_of, rows, words

_TERM = re.compile(r"第?[0-9一二三四五六七八九十百]+届")
_POINTS = re.compile(r"[该这此其各本同]|[两双三四][家方馆校院地者]|[前后]者|上述")
_SMALL_AREA = re.compile(r"([^省市区县镇乡]{2,6}?(?:街道|镇|乡))(?=.{2})")
_MIN_CORE = 2
_SHANGHAI = "310000"


@cache
def _no_level() -> re.Pattern[str]:
    return re.compile(one_of("areas", "no_levels"))


@cache
def _this() -> re.Pattern[str]:
    return re.compile(f"{one_of('pointers', 'this', 'this_too')}(?=.{{2}})")


@dataclass(frozen=True, slots=True)
class _Forms:
    legal: tuple[str, ...]
    plain: tuple[str, ...]
    variants: tuple[tuple[str, str], ...]
    bare: frozenset[str]
    deictic: dict[str, str]


@cache
def _forms() -> _Forms:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows("name_forms"):
        found.setdefault(row["kind"], []).append((row["form"], row["short"]))

    def longest(kind: str) -> tuple[str, ...]:
        return tuple(sorted((form for form, _ in found[kind]), key=lambda form: (-len(form), form)))

    variants = tuple(sorted(found["variant"], key=lambda pair: (-len(pair[0]), pair[0])))
    return _Forms(longest("legal"), longest("plain"), variants, frozenset(longest("bare")), dict(found["deictic"]))


@lru_cache(maxsize=262144)
def body_key(name: str) -> str:
    """Return the key of a body's name with the long forms of its parts made short: 上海市人民政府 is 上海市政府."""
    made = key(name)
    for long, short in _forms().variants:
        made = made.replace(long, short)
    made = _TERM.sub("", made)
    return made.removeprefix("中共") or made


def deictic_level(name: str) -> str | None:
    """Return the level of the area that 本市, 全区 and the like point at; None for a name."""
    return _forms().deictic.get(key(name))


@cache
def _pronouns() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that point (该公司, 双方) and the bare nouns, which may be a name for one article (联盟)."""
    forms = frozenset(key(row["form"]) for row in rows("pronouns"))
    pointing = frozenset(form for form in forms if _POINTS.match(form))
    return pointing, forms - pointing


def event_key(name: str) -> str:
    """Return the key of an event's name without the words that point at the one spoken of (本届樱花节)."""
    return _this().sub("", key(name))


def points_at_event(name: str) -> bool:
    """Tell whether an event's name begins with words that point at the one spoken of (本届)."""
    return _this().match(key(name)) is not None


def is_pointer(name: str) -> bool:
    """Tell whether the words only point at something named elsewhere (该公司, 双方, 本市)."""
    made = key(name)
    return not made or made in _pronouns()[0] or made in _forms().deictic


@cache
def _by_title() -> re.Pattern[str]:
    """Return the pattern of a surname with a title or a form of address: 王市长, 欧阳院士, 李总."""
    surnames = sorted((row["surname"] for row in rows("surnames")), key=lambda s: (-len(s), s))
    titles = {row["title"] for row in rows("post_titles")} | {"总"}
    titles |= {*words("persons", "courtesy"), *words("persons", "honours")}
    return re.compile(f"(?:{'|'.join(surnames)})(?:{'|'.join(sorted(titles, key=lambda t: (-len(t), t)))})")


def is_address(name: str) -> bool:
    """Tell whether a person is only called so (王市长, 张院士): by a surname with a title, which many share."""
    return len(name) <= 8 and _by_title().fullmatch(name) is not None


def is_latin(name: str) -> bool:
    """Tell whether a name is written in Latin letters, as far as its key shows."""
    return all(ord(character) < 0x0250 for character in key(name))


def is_bare(made: str) -> bool:
    """Tell whether a key is a common noun only (中心, 组织部, 规定), which names nothing beyond one article."""
    return made in _forms().bare or made in _pronouns()[1]


@lru_cache(1 << 16)
def legal_form(made: str) -> str:
    """Return the legal form that the key of a company's full name ends in, or nothing."""
    return next((form for form in _forms().legal if made.endswith(form) and len(made) > len(form)), "")


def level_prefix(made: str) -> str:
    """Return the level (市, 区, 街道) that a body's key begins with in place of the area's name, or nothing."""
    if _no_level().match(made):
        return ""
    return next((level for level in words("areas", "levels") if made.startswith(level) and len(made) > len(level)), "")


def stem(made: str) -> str:
    """Return a company's key without its legal form and the words that short forms drop: 云图集团有限公司 is 云图."""
    rest = made.removesuffix(legal_form(made))
    for word in _forms().plain:
        if rest.endswith(word) and len(rest) - len(word) >= _MIN_CORE:
            return rest.removesuffix(word)
    return rest


@cache
def _areas() -> dict[str, str]:
    """Return names and sure short names of areas, by key, with their code (empty for those without)."""
    found: dict[str, str] = {}
    for row in rows("areas"):
        for form in (row["name"], row["short"] if row["trust"] == "sure" else "", row["nick"]):
            if form:
                found.setdefault(key(form), row["code"])
    return found


def area_keys() -> Mapping[str, str]:
    """Return the keys of the areas that the lexicon knows, with their codes."""
    return _areas()


@cache
def _codes() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows("areas"):
        if row["code"]:
            for form in {row["name"], row["short"]} - {""}:
                found.setdefault(key(form), []).append(row["code"])
    return {form: tuple(codes) for form, codes in found.items()}


def area_codes(made: str) -> tuple[str, ...]:
    """Return the GB/T codes of all areas that are called so, in full or in short."""
    return _codes().get(made, ())


@cache
def _districts() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows("shanghai_subdistricts"):
        codes = [code for code in area_codes(key(row["district"])) if code[:2] == _SHANGHAI[:2]]
        found.setdefault(key(row["name"]), []).extend(codes)
    return {name: tuple(codes) for name, codes in found.items()}


def district_of(made: str, city: str | None) -> str | None:
    """Return the code of the district that a subdistrict or town lies in, where the lexicon has those of `city`."""
    codes = _districts().get(made, ()) if city == _SHANGHAI else ()
    return codes[0] if len(codes) == 1 else None


@cache
def area_names() -> dict[str, str]:
    """Return the full name of every area of the lexicon that has a GB/T code, by code."""
    return {row["code"]: row["name"] for row in rows("areas") if row["code"]}


def area_prefix(made: str, local: frozenset[str] = frozenset()) -> tuple[str, str]:
    """Split a key into the area's name it begins with and the rest; no area: nothing and the key.

    `local` are keys of further areas, those of the article.
    """
    areas = _areas()
    for length in range(min(len(made) - _MIN_CORE, 11), 1, -1):
        head = made[:length]
        if head in areas or head in local:
            return head, made[length:]
    return "", made


def small_area(made: str) -> str:
    """Return the subdistrict or town that a body's key begins with (青石街道 of 青石街道办事处), or nothing."""
    found = _SMALL_AREA.match(made)
    return found[1] if found else ""


def last_area(made: str) -> str:
    """Return a public body's key from the last area on that it begins with: 江州市鼓楼区教育局 is 鼓楼区教育局."""
    for _ in range(4):
        head, rest = area_prefix(made)
        inner = area_prefix(rest)[0] or small_area(rest)
        if not head or not inner.endswith(words("areas", "levels")):
            break
        made = rest
    return made


def area_code(made: str) -> str:
    """Return the GB/T code of an area by the key of its name, or nothing."""
    return _areas().get(made, "")


@lru_cache(maxsize=65536)
def without_areas(made: str, local: frozenset[str] = frozenset()) -> str:
    """Return a key without the areas' names it begins with: 江苏省南京市科技馆 is 科技馆."""
    for _ in range(4):
        head, rest = area_prefix(made, local)
        if not head:
            break
        made = rest.lstrip("市区县省") if rest[:1] in "市区县省" and len(rest) > _MIN_CORE + 1 else rest
    return made


def area_stem(made: str) -> str:
    """Return an area's key without its level: 青石桥街道 is 青石桥; a name of one character keeps it."""
    for end in words("areas", "ends"):
        if made.endswith(end) and len(made) - len(end) >= _MIN_CORE:
            return made.removesuffix(end)
    return made

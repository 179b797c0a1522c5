"""How two names lie to each other: whether they may be names of one thing, by the way names are made.

Not by a threshold: 南京东路街道 and 南京西路街道 are as alike as 黄浦区人民政府 and 黄浦区政府. What differs decides:
two areas, two legal forms, two numbers, two directions are two things, whatever else is the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wenmai.lexicon import rows
from wenmai.resolve import keys

Relation = Literal["same name", "same core", "short form", "part of the name", "one character differs"]

_NUMBER = re.compile("[0-9]+|[〇零一二三四五六七八九十百]+")
_LATIN = re.compile(r"[a-z]+")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MIN_VARIANT = {"Person": 3, "Policy": 8, "Agreement": 8, "Company": 5}
_BODIES = ("Organization", "OrganizationKind")


@dataclass(frozen=True, slots=True)
class Form:
    """A name taken apart: its key, the areas that it begins with (by stem), its legal form, and the core that is left.

    `marks` are what tells it from its like: numbers, Latin words, and the words of `contrasts.tsv` by group.
    """

    key: str
    areas: tuple[str, ...]
    legal: str
    core: str
    marks: tuple[tuple[str, str], ...]


def taken_apart(name: str, family: str, local: frozenset[str] = frozenset()) -> Form:
    """Return the parts of a name of a thing of `family`; `local` are keys of areas beside those of the lexicon."""
    made = keys.body_key(name) if family in _BODIES else keys.key(name)
    areas: list[str] = []
    core = made
    if family != "Person":
        areas, core = _areas(made, local)
    legal = keys.legal_form(core) if family == "Organization" else ""
    if family == "Organization":
        core = keys.stem(core)
    return Form(made, tuple(areas), legal, core, _marks(made))


def _areas(made: str, local: frozenset[str]) -> tuple[list[str], str]:
    found = []
    rest = made
    for _ in range(4):
        head, after = keys.area_prefix(rest, local)
        if not head:
            head = keys.small_area(rest)
            after = rest.removeprefix(head)
        if not head or len(after) < 2:
            break
        found.append(keys.area_stem(head))
        rest = after[1:] if after[0] in "省市区县" and len(after) > 2 else after
    return found, rest


def _marks(made: str) -> tuple[tuple[str, str], ...]:
    found = [("number", _number(word)) for word in _NUMBER.findall(made)]
    found += [("latin", word) for word in _LATIN.findall(made)]
    found += [(_contrasts()[word], word) for word in _contrast().findall(made)]
    return tuple(sorted(found))


def _number(word: str) -> str:
    if word.isascii() or not set(word) & set("十百"):
        return word.translate(_DIGITS).lstrip("0") or "0"
    total, digit = 0, 0
    for character in word:
        if character in "十百":
            total += max(digit, 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = int(character.translate(_DIGITS))
    return str(total + digit)


@cache
def _contrasts() -> dict[str, str]:
    return {row["form"]: row["group"] for row in rows("contrasts")}


@cache
def _contrast() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_contrasts(), key=lambda word: (-len(word), word))))


def exclude(one: Form, other: Form, family: str) -> str | None:
    """Return why two names cannot be those of one thing, or None."""
    if one.legal and other.legal and one.legal != other.legal:
        return f"the legal forms differ: {one.legal}, {other.legal}"
    if one.areas and other.areas and not _nested(one.areas, other.areas):
        return f"the areas differ: {''.join(one.areas)}, {''.join(other.areas)}"
    left, right = Counter(one.marks), Counter(other.marks)
    for group in sorted({group for group, _ in left | right}):
        only = [
            sorted(word for found, word in (mine - its).elements() if found == group)
            for mine, its in ((left, right), (right, left))
        ]
        strict = group == "number" or (family == "Place" and group == "direction")
        if (only[0] and only[1]) or (strict and (only[0] or only[1])):
            return f"{', '.join(only[0]) or 'nothing'} against {', '.join(only[1]) or 'nothing'}"
    return None


def _nested(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether the shorter list of areas is part of the longer one: 黄浦 of 上海, 黄浦."""
    short, long = sorted((one, other), key=len)
    return set(short) <= set(long)


def relation(one: Form, other: Form, family: str) -> Relation | None:
    """Return how two names that `exclude` lets pass are alike, or None. The order of the two plays no part."""
    if one.key == other.key:
        return "same name"
    if family == "Person":
        return _persons(one.key, other.key)
    if one.core == other.core and len(one.core) > 1:
        return "same core"
    short, long = sorted((one.core, other.core), key=lambda core: (len(core), core))
    if len(short) > 1 and len(short) < len(long):
        if family in ("Policy", "Agreement") and short[-2:] != long[-2:]:
            return None  # 实施细则 of a 条例 is another paper
        if short in long and short not in _endings():
            return "part of the name"
        if short[0] == long[0] and short[-1] == long[-1] and len(short) >= 3 and _abbreviates(short, long):
            return "short form"
    if len(one.core) == len(other.core) >= _MIN_VARIANT.get(family, 99) and _one_differs(one.core, other.core):
        return "one character differs"
    return None


@cache
def _endings() -> frozenset[str]:
    """Return the words that names of bodies end in (大学, 中心), which are no part that tells anything."""
    found = {keys.body_key(row["suffix"]) for name in ("org_suffixes", "place_suffixes") for row in rows(name)}
    return frozenset(found)


def _persons(one: str, other: str) -> Relation | None:
    if len(one) == len(other) >= _MIN_VARIANT["Person"] and one[0] == other[0] and _one_differs(one, other):
        return "one character differs"
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and (long.endswith(short) or long.startswith(short)):
        return "part of the name"  # 史密斯 of 约翰·史密斯
    return None


def _abbreviates(short: str, long: str) -> bool:
    """Tell whether the characters of `short` stand in `long` in this order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _one_differs(one: str, other: str) -> bool:
    return sum(left != right for left, right in zip(one, other, strict=True)) == 1

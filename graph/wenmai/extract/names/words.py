"""The word lists as automata and patterns, made once a process."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import ahocorasick_rs

from wenmai.extract.canon import canonical
from wenmai.lexicon import alternatives, character_set, rows

_FULL = re.compile(r"(?:[省市区县州盟旗镇乡村]|街道|新区|特区)$")


class Automaton:
    """Leftmost-longest search for words, each with a value of its own."""

    def __init__(self, table: dict[str, tuple[object, ...]]) -> None:
        self._words = sorted(table)
        self._values = [table[w] for w in self._words]
        self._automaton = ahocorasick_rs.AhoCorasick(self._words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterable[tuple[int, int, tuple[object, ...]]]:
        """Give (begin, end, value) of every word found in `text`, in order, without overlaps."""
        values = self._values
        for index, begin, end in self._automaton.find_matches_as_indexes(text):
            yield begin, end, values[index]


@cache
def area_table() -> dict[str, tuple[str, str | None, bool, bool]]:
    """Return every printed form of a lexicon area with (class, code, full, sure).

    A form that several areas share keeps a code only if one of them stands above the others (a province or city).
    """
    table: dict[str, tuple[str, str | None, bool, bool]] = {}
    rank: dict[str, int] = {}
    order = {"country": 0, "province": 0, "region": 1, "city": 1, "foreign": 1, "county": 2}
    for row in rows("areas"):
        cls = "Place" if row["level"] == "region" else "AdministrativeArea"
        forms = [(row["name"], True, True)]
        if row["short"]:
            forms.append((row["short"], False, row["trust"] == "sure"))
        if row["nick"]:
            forms.append((row["nick"], False, row["level"] in ("province", "city")))
        if row["level"] == "foreign" and len(row["name"]) > 1 and not row["name"].endswith(("市", "州", "岛")):
            forms.append((row["name"] + "市", True, True))
        for printed, full, sure in forms:
            form = canonical(printed)
            level = order[row["level"]] + (0 if full else 3)
            code = row["code"] or None
            if form in table:
                if level == rank[form] and table[form][1] != code:
                    table[form] = (cls, None, table[form][2], table[form][3] or sure)
                    continue
                if level > rank[form]:
                    continue
            abroad = row["level"] in ("country", "foreign", "region")
            table[form] = (cls, code, full and (not abroad or form.endswith("市") or bool(_FULL.search(form))), sure)
            rank[form] = level
    return table


@cache
def countries() -> frozenset[str]:
    """Return the names of countries."""
    return frozenset(canonical(row["name"]) for row in rows("areas") if row["level"] == "country")


@cache
def areas() -> Automaton:
    """Return the automaton of areas, with words that only look like one (上海市场) as decoys."""
    table: dict[str, tuple[object, ...]] = dict(area_table())
    for row in rows("area_decoys"):
        table[row["word"]] = ("",)
    return Automaton(table)


@cache
def subdistricts() -> dict[str, str]:
    """Return Shanghai's subdistricts and towns by their stems (淮海中路 → 淮海中路街道)."""
    return {re.sub(r"(?:街道|镇|乡)$", "", row["name"]): row["name"] for row in rows("shanghai_subdistricts")}


@cache
def boundaries() -> Automaton:
    """Return the automaton of words that end a name to the left: value (kind, strong)."""
    table: dict[str, tuple[object, ...]] = {}
    strong = character_set("boundaries", "strong")
    for row in rows("name_boundaries"):
        word = row["word"]
        if row["kind"] == "stop":
            table[word] = ("stop", len(word) > 1 or word in strong)
        else:
            table[word] = ("keep", False)
    for form, (_, _, full, sure) in area_table().items():
        if (full or sure) and form not in table:
            table[form] = ("keep", False)
    for row in rows("abbreviations"):
        table.setdefault(canonical(row["name"]), ("keep", False))
    for name in ("org_suffixes", "place_suffixes"):
        for row in rows(name):
            if len(row["suffix"]) > 1:
                table.setdefault(row["suffix"], ("keep", False))
    return Automaton(table)


@cache
def organization_suffixes() -> dict[str, tuple[str, str]]:
    """Return the endings of organizations' names with (class, mode)."""
    return {row["suffix"]: (row["class"], row["mode"]) for row in rows("org_suffixes")}


@cache
def place_suffixes() -> dict[str, str]:
    """Return the endings of places' names with their class."""
    return {row["suffix"]: row["class"] for row in rows("place_suffixes")}


@cache
def suffixes() -> Automaton:
    """Return the automaton of endings: value ("org" or "place" or "decoy", class, mode)."""
    table: dict[str, tuple[object, ...]] = {}
    for word, cls in place_suffixes().items():
        table[word] = ("place", cls, "")
    for word, (cls, mode) in organization_suffixes().items():
        if mode not in ("brand", "trade"):
            table[word] = ("org", cls, mode)
    for row in rows("suffix_decoys"):
        table[row["word"]] = ("decoy", "", "")
    return Automaton(table)


@cache
def well_known() -> Automaton:
    """Return the automaton of names that everybody knows: value (class,)."""
    return Automaton({canonical(row["name"]): (row["class"],) for row in rows("abbreviations")})


@cache
def plain() -> re.Pattern[str]:
    """Return the pattern of a body that describes and does not name: 大型国有."""
    numerals = "0123456789一二三四五六七八九十百两"
    return re.compile(f"{alternatives([*(row['word'] for row in rows('plain_words')), *numerals])}*")


@cache
def titles() -> tuple[str, ...]:
    """Return the post titles."""
    return tuple(row["title"] for row in rows("post_titles"))


@cache
def _legal_forms() -> tuple[str, ...]:
    return tuple(row["form"] for row in rows("name_forms") if row["kind"] == "legal")


def legal(suffix: str) -> bool:
    """Tell whether the ending of a name is a legal form of companies; brackets do not count."""
    return suffix.replace("（", "").replace("）", "").endswith(_legal_forms())


@cache
def policy_suffixes() -> dict[str, str]:
    """Return the endings of policies, agreements, activities and meetings with their class."""
    return {row["suffix"]: row["class"] for row in rows("policy_suffixes")}

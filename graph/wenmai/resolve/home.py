"""Where an article speaks from: the area that its 市委, 区政府 and 本市 mean."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wenmai.resolve import keys
from wenmai.resolve.article import Thing

_MUNICIPALITIES = ("11", "12", "31", "50", "81", "82")
_DIGITS = 6  # a longer code is that of a subdistrict, which begins with its district's
_WHOLE = 2  # a mention of the area itself counts twice what a body named after it counts
_PART = 1


@dataclass(frozen=True, slots=True)
class Area:
    """An area an article speaks from: the key of its full name, its code if any, its thing if the text names it."""

    key: str
    code: str | None
    thing: Thing | None


def city_of(code: str) -> str | None:
    """Return the GB/T code of the city or municipality that the area of `code` lies in; None for a province."""
    if code[:2] in _MUNICIPALITIES:
        return code[:2] + "0000"
    return None if code[2:4] == "00" else code[:4] + "00"


def province_of(code: str) -> str:
    """Return the GB/T code of the province that the area of `code` lies in."""
    return code[:2] + "0000"


def complete_codes(things: Sequence[Thing], home: Home) -> bool:
    """Give areas whose name several cities have the code of the one in the article's city; tell if any got one."""
    found = False
    for thing in things:
        if thing.cls != "AdministrativeArea" or thing.codes or thing.family != "Place" or home.city_code is None:
            continue
        codes = {code for made in thing.keys for code in keys.area_codes(made) if city_of(code) == home.city_code}
        if len(codes) == 1:
            thing.codes |= codes
            found = True
    return found


class Home:
    """The areas an article speaks from, by level, as far as its text tells."""

    def __init__(self, things: Sequence[Thing]) -> None:
        self._areas = [thing for thing in things if thing.family == "Place" and thing.cls == "AdministrativeArea"]
        self._by_code = {thing.code: thing for thing in reversed(self._areas) if thing.code}
        self._votes: Counter[str] = Counter()
        self._small: set[str] = set()
        self._at: dict[str, Area | None] = {}
        self._placed: dict[str, list[tuple[int, str, int]]] = {}
        for thing in self._areas:
            if thing.code:
                self._votes[thing.code[:_DIGITS]] += _WHOLE * len(thing.mentions)
        for thing in things:
            if thing.family == "Organization":
                self._small |= {keys.small_area(keys.without_areas(made)) for made in thing.keys} - {""}
                heads = {keys.area_prefix(made)[0] for made in thing.keys} - {""}
                for code in {keys.area_code(head) for head in heads} - {""}:
                    self._votes[code] += _PART
        cities: Counter[str] = Counter()
        for code, count in self._votes.items():
            if city := city_of(code):
                cities[city] += count
        self.city_code = _most(cities)

    def at(self, level: str) -> Area | None:
        """Return the area of a level (省, 市, 区, 县, 镇, 乡, 街道) that the article speaks from, if it can be told."""
        if level not in self._at:
            self._at[level] = self._find(level)
        return self._at[level]

    def _find(self, level: str) -> Area | None:
        if level == "市":
            return self._coded(self.city_code)
        if level == "省":
            votes = Counter(
                {c: n for c, n in self._votes.items() if c.endswith("0000") and c[:2] not in _MUNICIPALITIES}
            )
            return self._coded(_most(votes) or (province_of(self.city_code) if self.city_code else None))
        if level in ("区", "县"):
            known = keys.area_names()
            inside = {c: n for c, n in self._votes.items() if c[4:6] != "00" and known.get(c, "").endswith(level)}
            return self._coded(_most(Counter(inside)))
        below = {_longest(thing): thing for thing in self._areas if any(made.endswith(level) for made in thing.keys)}
        named = {small for small in self._small if small.endswith(level)} | set(below)
        if len(named) != 1:
            return None
        (made,) = named
        thing = below.get(made)
        return Area(made, thing.code if thing else None, thing)

    def before(self, level: str, position: int) -> Area | None:
        """Return the area of a level that the text names last before `position`."""
        if level not in self._placed:
            self._placed[level] = sorted(
                (mention.span.begin, made, number)
                for number, thing in enumerate(self._areas)
                for made in thing.keys
                if made.endswith(level)
                for mention in thing.mentions
            )
        places = self._placed[level]
        last = bisect_left(places, (position, "", 0))
        if last == 0:
            return None
        _, made, number = places[last - 1]
        return Area(made, self._areas[number].code, self._areas[number])

    def _coded(self, code: str | None) -> Area | None:
        name = keys.area_names().get(code or "")
        return Area(keys.key(name), code, self._by_code.get(code or "")) if name else None


def _longest(thing: Thing) -> str:
    return min(thing.keys, key=lambda made: (-len(made), made))


def _most(votes: Counter[str]) -> str | None:
    """Return what has most votes; None if two have as many, because then the text does not tell."""
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]

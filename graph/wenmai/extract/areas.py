"""Levels of administrative areas: which may lie in which."""

from __future__ import annotations

from functools import cache

from wenmai.extract.canon import canonical
from wenmai.lexicon import rows

_LEVELS = {"country": 0, "province": 1, "city": 2, "county": 3}
_BELOW = ("街道", "镇", "乡", "村", "社区")


@cache
def _levels() -> dict[str, int | None]:
    """Return the level of each name of the list of areas; None for a name of areas of several levels."""
    found: dict[str, int | None] = {}
    for row in rows("areas"):
        own = _LEVELS.get(row["level"])
        for name in {row["name"], row["short"]} - {""}:
            found[name] = own if found.get(name, own) == own else None
    return found


def level(name: str) -> int | None:
    """Return 0 for a country, 1 for a province, 2 for a city, 3 for a county or district, 4 below; None if unknown."""
    name = canonical(name)
    if name in _levels():
        return _levels()[name]
    return 4 if name.endswith(_BELOW) else None


def may_contain(outer: str, inner: str) -> bool:
    """Tell whether the area `outer` may hold the area `inner`: a country in nothing, no city in a district."""
    wide, narrow = level(outer), level(inner)
    if narrow == 0:
        return False
    return wide is None or narrow is None or wide < narrow or wide == narrow == 4 or (wide, narrow) == (2, 2)

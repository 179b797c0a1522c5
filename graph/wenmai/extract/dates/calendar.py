"""The calendar behind the grammar: the Chinese calendar, holidays, the year that a date without one means."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache

from wenmai.lexicon import rows

_HALF_YEAR = 183  # a date without a year that lies further ahead is taken to be past, unless the text looks forward
_FORWARD = 150  # a date that the text looks forward to and that lies further back means the next year


@dataclass(frozen=True, slots=True)
class LunarYear:
    """A year of the Chinese calendar: its first day, its leap month (0: none), the lengths of its months in order."""

    first: dt.date
    leap: int
    lengths: tuple[int, ...]
    qingming: str
    dongzhi: str


@cache
def lunar_years() -> dict[int, LunarYear]:
    """Return the table of `lexicon/lunar_years.tsv` by year."""
    return {
        int(row["year"]): LunarYear(
            dt.date.fromisoformat(row["new_year"]),
            int(row["leap"] or 0),
            tuple(29 + int(c) for c in row["months"]),
            row["qingming"],
            row["dongzhi"],
        )
        for row in rows("lunar_years")
    }


def exists(year: int, month: int, day: int) -> bool:
    """Tell whether the calendar has that day."""
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def lunar(year: int, month: int, day: int, leap: bool = False) -> dt.date | None:
    """Return the solar date of a day of the Chinese calendar; None outside the table or if the year lacks the day."""
    known = lunar_years().get(year)
    if known is None:
        return None
    index = month - 1 + (1 if known.leap and (month > known.leap or (leap and month == known.leap)) else 0)
    if not 0 <= index < len(known.lengths) or not 1 <= day <= known.lengths[index]:
        return None
    return known.first + dt.timedelta(sum(known.lengths[:index]) + day - 1)


def holiday(rule: str, word: str, year: int) -> dt.date | None:
    """Return the day of the holiday `word` in the solar year `year`, by its `rule` in `lexicon/holidays.tsv`."""
    kind, _, rest = rule.partition(":")
    if kind == "lunar":
        month, day = map(int, rest.split("-"))
        found = lunar(year, month, day)
        if found is not None and found.year > year:  # 腊八 falls in the solar year after the lunar one
            found = lunar(year - 1, month, day)
        return found
    if kind == "eve":
        known = lunar_years().get(year)
        return known.first - dt.timedelta(1) if known else None
    if kind == "term":
        known = lunar_years().get(year)
        return dt.date.fromisoformat(f"{year}-{known.qingming if '清明' in word else known.dongzhi}") if known else None
    if kind == "weekday":
        month, nth, weekday = map(int, rest.split("-"))
        first = dt.date(year, month, 1)
        return first + dt.timedelta((weekday - 1 - first.weekday()) % 7 + 7 * (nth - 1))
    month, day = map(int, rule.split("-"))
    return dt.date(year, month, day)


def nearest(month: int, day: int | None, reference: dt.date, forward: bool) -> int:
    """Return the year that a month (and day) printed without one means in an article of `reference`.

    The article's own year, but the year before for what would lie more than half a year ahead, and the year after for
    what the text looks forward to and would lie months back (5 January, read in December).
    """
    here = dt.date(reference.year, month, min(day or 15, calendar.monthrange(reference.year, month)[1]))
    ahead = (here - reference).days
    if ahead > _HALF_YEAR and not forward:
        return reference.year - 1
    if ahead < -_FORWARD and forward:
        return reference.year + 1
    return reference.year


def add_months(year: int, month: int, offset: int) -> tuple[int, int]:
    """Return the year and month `offset` months away."""
    index = year * 12 + month - 1 + offset
    return index // 12, index % 12 + 1

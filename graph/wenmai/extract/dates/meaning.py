"""What the parts of a date expression mean: from the grammar's groups to year, month and day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from wenmai.extract.dates.calendar import add_months, exists, holiday, lunar, nearest
from wenmai.extract.dates.grammar import Grammar
from wenmai.extract.dates.numbers import number

_WEEKDAYS = {**{c: i for i, c in enumerate("一二三四五六")}, "日": 6, "天": 6}
_BLUR = {"前后", "左右", "前夕", "上下", "之际", "期间", "假期", "长假", "小长假", "黄金周"}
_FIVE_YEARS = 2001  # 十五 (the tenth plan) began then; each of the later ones five years on
_MINGUO = 1911


@dataclass(frozen=True, slots=True)
class Partial:
    """A date as far as the words give it. `day` needs `month`, `month` needs `year`; all None: no date."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def exists(self) -> bool:
        """Tell whether there is such a date and it says at least the year."""
        if self.year is None or not 1 <= self.year <= 9999:
            return False
        if self.month is None:
            return self.day is None
        return 1 <= self.month <= 12 and (self.day is None or exists(self.year, self.month, self.day))


@dataclass(frozen=True, slots=True)
class Context:
    """What a date expression is read against.

    `last` is the last date the text named, `day` the last of them that is a day, `sentence` the last one named in this
    sentence, whose year or month a date without one goes on with; `forward` whether the words around look forward.
    """

    reference: dt.date | None
    last: Partial = field(default_factory=Partial)
    day: Partial = field(default_factory=Partial)
    sentence: Partial = field(default_factory=Partial)
    forward: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Start and end of what was said; `end` None for a point. `of_text`: resolved against the text's last date."""

    start: Partial = field(default_factory=Partial)
    end: Partial | None = None
    approximate: bool = False
    fuzzy: str = ""
    relative: bool = False
    of_text: bool = False


def of_day(day: dt.date) -> Partial:
    """Return `day` as a partial date."""
    return Partial(day.year, day.month, day.day)


def _year_of(parts: dict[str, str], context: Context, grammar: Grammar, suffix: str = "") -> tuple[int | None, bool]:
    """Return the year the expression names and whether it names one at all."""
    if printed := parts.get("y" + suffix):
        return number(printed), True
    if word := parts.get("ry" + suffix):
        meaning = grammar.words[word]
        base = context.last.year if meaning.of_text else context.reference.year if context.reference else None
        return (None if base is None else base + meaning.offset), True
    return None, False


def _point(parts: dict[str, str], context: Context, grammar: Grammar, suffix: str = "") -> Partial:
    """Return the date of the groups that end in `suffix`."""
    year, named = _year_of(parts, context, grammar, suffix)
    month = number(parts["M" + suffix]) if "M" + suffix in parts else None
    day = number(parts["D" + suffix]) if "D" + suffix in parts else None
    if named:
        return Partial(year, month, day) if year is not None else Partial()
    if not suffix and (word := parts.get("rm")):
        return _relative_month(grammar.words[word].offset, grammar.words[word].of_text, day, context)
    if month is not None:
        return _month_day(month, day, context)
    if day is not None:
        return _bare_day(day, context)
    return Partial()


def _relative_month(offset: int, of_text: bool, day: int | None, context: Context) -> Partial:
    base = context.last if of_text else of_day(context.reference) if context.reference else Partial()
    if base.year is None or base.month is None:
        return Partial()
    return Partial(*add_months(base.year, base.month, offset), day)


def _month_day(month: int, day: int | None, context: Context) -> Partial:
    """Return a date printed without its year: the sentence's year if it goes on from there, else the nearest."""
    before = context.sentence
    if before.year is not None and before.month is not None and (month, day or 32) >= (before.month, before.day or 0):
        return Partial(before.year, month, day)
    if context.reference is None:
        return Partial()
    return Partial(nearest(month, day, context.reference, context.forward), month, day)


def _bare_day(day: int, context: Context) -> Partial:
    """Return a day printed without its month: the sentence's month, else the nearest that is not ahead."""
    before = context.sentence
    if before.year is not None and before.month is not None and day >= (before.day or 1):
        return Partial(before.year, before.month, day)
    if context.reference is None:
        return Partial()
    year, month = context.reference.year, context.reference.month
    step = 1 if context.forward else -1
    for _ in range(4):
        if exists(year, month, day):
            there = dt.date(year, month, day)
            if (there >= context.reference) if context.forward else (there <= context.reference):
                return of_day(there)
        year, month = add_months(year, month, step)
    return Partial()


def _range_end(parts: dict[str, str], start: Partial, context: Context, grammar: Grammar) -> Partial | None:
    """Return the end of a range; what it leaves out it takes from the start."""
    if not any(name in parts for name in ("y2", "ry2", "M2", "D2", "part2")):
        return None
    year, named = _year_of(parts, context, grammar, "2")
    month = number(parts["M2"]) if "M2" in parts else None
    day = number(parts["D2"]) if "D2" in parts else None
    if named:
        return Partial(year, month, day) if year is not None else Partial()
    if start.year is None:
        return Partial()
    if month is None:
        return Partial(start.year, start.month, day) if start.month else Partial()
    wraps = start.month is not None and (month, day or 32) < (start.month, start.day or 0)
    return Partial(start.year + 1 if wraps else start.year, month, day)


def _week(parts: dict[str, str], context: Context, grammar: Grammar) -> Partial:
    """Return a weekday, or of a week (or weekend) the month or year it lies in, which is all that is sure."""
    if context.reference is None:
        return Partial()
    monday = context.reference - dt.timedelta(context.reference.weekday())
    weekday = parts.get("wd")
    word = parts.get("rw")
    if word is not None:
        monday += dt.timedelta(7 * grammar.words[word].offset)
    if weekday in _WEEKDAYS:
        there = monday + dt.timedelta(_WEEKDAYS[weekday])
        if word is None and there > context.reference and not context.forward:
            there -= dt.timedelta(7)
        elif word is None and there < context.reference and context.forward:
            there += dt.timedelta(7)
        return of_day(there)
    first, last = monday + dt.timedelta(5 if weekday else 0), monday + dt.timedelta(6)
    if first.year != last.year:
        return Partial()
    return Partial(first.year, first.month if first.month == last.month else None)


def _holiday(parts: dict[str, str], context: Context, grammar: Grammar) -> Partial:
    name = parts["h"].rstrip('”"」')
    year, named = _year_of(parts, context, grammar)
    if not named and context.reference is not None:
        year = context.reference.year
        there = holiday(grammar.holidays[name], name, year)
        if there is not None:
            year = nearest(there.month, there.day, context.reference, context.forward)
    found = holiday(grammar.holidays[name], name, year) if year is not None else None
    return of_day(found) if found is not None else Partial(year)


def _lunar(parts: dict[str, str], context: Context, grammar: Grammar) -> Partial:
    year, named = _year_of(parts, context, grammar)
    if not named:
        year, named = _year_of(parts, context, grammar, "2")
    if year is None and context.reference is not None and not named:
        year = context.reference.year
    if year is None:
        return Partial()
    day = parts.get("ld", "").removeprefix("初")
    found = lunar(year, number(parts["lm"]), number(day), "lleap" in parts) if day else None
    return of_day(found) if found is not None else Partial(year)


def _decade(parts: dict[str, str], context: Context) -> Meaning:
    century = parts.get("century")
    now = context.reference.year // 100 if context.reference else None
    if century in ("上", "本"):
        base = None if now is None else now - (1 if century == "上" else 0)
    elif century is not None:
        base = number(century) - 1
    else:
        base = 19  # 九十年代 without a century is the last century's until the 2020s have theirs
    if base is None or "decade" not in parts:
        return Meaning(fuzzy="世纪")
    first = base * 100 + number(parts["decade"])
    return Meaning(Partial(first), Partial(first + 9), approximate=True, fuzzy="年代")


def _ago(parts: dict[str, str], context: Context) -> Meaning:
    if context.reference is None or "more" in parts:
        return Meaning(fuzzy="多年前" if "more" in parts else "", relative=True)
    count, unit = number(parts["n"]), parts["unit"]
    if unit == "年":
        return Meaning(Partial(context.reference.year - count), approximate=True, relative=True)
    if unit == "个月":
        there = Partial(*add_months(context.reference.year, context.reference.month, -count))
        return Meaning(there, approximate=True, relative=True)
    if unit == "天":
        return Meaning(of_day(context.reference - dt.timedelta(min(count, 999))), relative=True)
    week = context.reference - dt.timedelta(7 * min(count, 99))
    return Meaning(Partial(week.year, week.month), approximate=True, relative=True)


def _relative_day(word: str, context: Context, grammar: Grammar) -> Meaning:
    meaning = grammar.words[word]
    last = context.day
    if not meaning.of_text:
        base = context.reference
    elif last.year is not None and last.month is not None and last.day is not None and last.exists():
        base = dt.date(last.year, last.month, last.day)
    else:
        base = None
    if base is None:
        return Meaning(relative=True, of_text=meaning.of_text)
    return Meaning(of_day(base + dt.timedelta(meaning.offset)), relative=True, of_text=meaning.of_text)


def _part_of_year(parts: dict[str, str], context: Context) -> Partial:
    """Return the year of a bare 年底 or 三季度 (that is all the rules let it give), or the month of a bare 月底."""
    if context.reference is None:
        return Partial()
    if "mpart" in parts:
        return Partial(context.reference.year, context.reference.month)
    return Partial(context.reference.year)


def _five_years(parts: dict[str, str]) -> Meaning:
    first = _FIVE_YEARS + 5 * (number(parts["plan"]) if parts["plan"] else 0)
    if part := parts.get("part"):
        return Meaning(Partial(first if part == "初" else first + 4), fuzzy=part)
    return Meaning(Partial(first), Partial(first + 4), fuzzy="期间")


def _months(parts: dict[str, str], context: Context) -> tuple[Partial, Partial]:
    """Return start and end of a range of months without a year; the end's year is the nearest."""
    end = _month_day(number(parts["M2"]), None, context)
    if end.year is None or end.month is None:
        return Partial(), Partial()
    month = number(parts["M"])
    return Partial(end.year - (month > end.month), month), end


def _plain(parts: dict[str, str], context: Context, grammar: Grammar) -> tuple[Partial, Partial | None]:
    """Return start and end of what is no plan, no decade and no word for a day."""
    single = None
    if "h" in parts:
        single = _holiday(parts, context, grammar)
    elif "lm" in parts:
        single = _lunar(parts, context, grammar)
    elif "minguo" in parts:
        single = Partial(_MINGUO + number(parts["minguo"]))
    elif "rw" in parts or "wd" in parts:
        single = _week(parts, context, grammar)
    elif ("part" in parts or "mpart" in parts) and not parts.keys() & {"y", "ry", "M", "rm", "D"}:
        single = _part_of_year(parts, context)
    if single is not None:
        return single, None
    if parts.keys() >= {"M", "M2"} and not parts.keys() & {"D", "y", "ry"}:
        return _months(parts, context)
    start = _point(parts, context, grammar)
    return start, _range_end(parts, start, context, grammar)


def meaning(parts: dict[str, str], context: Context, grammar: Grammar) -> Meaning:
    """Return what the groups of one match mean in `context`.

    Raises ValueError or OverflowError for what no calendar holds.
    """
    fuzzy = parts.get("part") or parts.get("mpart") or parts.get("about") or ""
    blurred = parts.get("about") in _BLUR
    if "plan" in parts:
        return _five_years(parts)
    if "decade" in parts or "century" in parts:
        return _decade(parts, context)
    if "unit" in parts:
        return _ago(parts, context)
    if "rd" in parts:
        return replace(_relative_day(parts["rd"], context, grammar), fuzzy=fuzzy, approximate=blurred)
    start, end = _plain(parts, context, grammar)
    relative = not parts.keys() & {"y", "minguo"}
    of_text = bool((word := parts.get("ry") or parts.get("rm")) and grammar.words[word].of_text)
    return Meaning(start, end, approximate=blurred, fuzzy=fuzzy, relative=relative, of_text=of_text)


_LENGTHS = {
    "小时": "PT{}H",
    "分钟": "PT{}M",
    "星期": "P{}W",
    "周年": "P{}Y",
    "周": "P{}W",
    "月": "P{}M",
    "季度": "P{}M",
}
_LENGTHS |= {"年": "P{}Y", "天": "P{}D", "日": "P{}D"}


def length(parts: dict[str, str]) -> str | None:
    """Return the ISO 8601 duration that the groups say (`P3D` for 三天); None if they say only about how long."""
    count, unit = parts.get("count", ""), parts.get("of", "")
    if not count or "vaguely" in parts or "多" in unit or any(c in "几数千" for c in count):
        return None
    name, form = next((pair for pair in _LENGTHS.items() if pair[0] in unit), ("", ""))
    if not form or "工作" in unit or "." in count:
        return None
    if count == "半":
        return "P6M" if name == "年" else None
    try:
        many = number(count)
    except ValueError:
        return None
    return form.format(many * 3 if name == "季度" else many)

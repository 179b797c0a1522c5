"""Dates in Chinese news: absolute, partial, relative to the article's date, ranges, holidays, and what gives no date.

The grammar is data: `ontology/grammar/dates.toml`, with `relative_dates.tsv`, `holidays.tsv` and `lunar_years.tsv` of
the lexicon. A date is as precise as the words and no more: 年底 and 三季度 give the year, 近日 gives none.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Literal

from wenmai.extract.dates.grammar import Grammar, grammar
from wenmai.extract.dates.meaning import Context, Meaning, Partial, length, meaning
from wenmai.extract.dates.numbers import fold
from wenmai.records import Span, Value

__all__ = ["Boundary", "DateMention", "Kind", "find_dates"]

Kind = Literal["point", "range", "duration", "set", "vague"]
Boundary = Literal["from", "until", "by"]

_WINDOW = 80  # how far back, in characters, a sentence's earlier date lends its year or month
_FAR = 400  # how far back 当天 looks for its day
_NONE = Partial()
_STOP = re.compile(r"[。！？；;!?\n]")
_FORWARD = re.compile(r"[将拟]|预计|计划|有望|定于|截止|力争|争取|预定")
_FORWARD_AFTER = re.compile(
    r"(?:[前起]?[，,]?(?:将|拟|有望)|(?:起|开始)(?:正式)?(?:施行|实施|执行|生效|试行|启用)|前完成)"
)
_ABOUT = re.compile(r"(?:约|大约|大概|约在|约于|(?:预计|预期|初定|暂定|拟|有望|计划|拟定|初步定)(?:将)?[于在到至]?)$")
_FROM_BEFORE = re.compile(r"(?:自|自从|从)$")
_UNTIL_BEFORE = re.compile(r"(?:截至|截止到?|直[到至]|(?<![甚乃])至|(?<![看提谈收得拿听感受遇想说找见达回来溯])到)$")
_FROM_AFTER = re.compile(
    r"(?:起(?![草步诉飞源点义伏跑重航价码身])|开始|以来|以后(?!续)|之后|后(?![续者来勤方期备台补]))"
)
_BY_AFTER = re.compile(r"(?:前(?![来往后述身期任夕瞻后行者年者进去沿])|以前|之前)")
_UNTIL_AFTER = re.compile(r"(?:止|为止|截止)")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A place in the text that says when.

    `span` is the expression without 自, 起, 前 and the like, which `boundary` reports: `from` (自…起, 以来, 后),
    `until` (至…, 为止) or `by` (…前). `value` is the date or the start of a range, `end` a range's last; None where
    the words give no date, or none without the article's date. `kind`: `point`, `range`, `duration` (两年内), `set`
    (每周五), `vague` (近日). `approximate`: 前后, 左右, 约, 预计, 初定, a holiday's eve. `fuzzy`: the words that blur
    it (底, 上半年, 前夕). `relative`: told by the article's date rather than by a printed year; `of_text`: told by the
    last date the text named (当天, 同年).
    `future`: begins after the article's date. `length`: of a duration, in ISO 8601 (`P3D` for 三天), where it is told.
    """

    span: Span
    value: Value | None
    end: Value | None = None
    kind: Kind = "point"
    approximate: bool = False
    fuzzy: str = ""
    boundary: Boundary | None = None
    relative: bool = False
    of_text: bool = False
    future: bool = False
    length: str | None = None


def _value(partial: Partial | None) -> Value | None:
    if partial is None or not partial.exists():
        return None
    if partial.month is None:
        return Value(f"{partial.year:04d}", "gYear")
    if partial.day is None:
        return Value(f"{partial.year:04d}-{partial.month:02d}", "gYearMonth")
    return Value(f"{partial.year:04d}-{partial.month:02d}-{partial.day:02d}", "date")


def _boundary(text: str, begin: int, end: int, ranged: bool) -> Boundary | None:
    """Return how the words around bound the date."""
    after = text[end : end + 4]
    before = text[max(0, begin - 5) : begin]
    if _FROM_AFTER.match(after):
        return "from"
    if _BY_AFTER.match(after):
        return "by"
    if _UNTIL_AFTER.match(after) or (not ranged and _UNTIL_BEFORE.search(before)):
        return "until"
    return "from" if not ranged and _FROM_BEFORE.search(before) else None


def _forward(text: str, begin: int, end: int) -> bool:
    """Tell whether the clause looks forward."""
    before = text[max(0, begin - 15) : begin]
    stop = max((m.end() for m in _STOP.finditer(before)), default=0)
    return bool(_FORWARD.search(before, stop) or _FORWARD_AFTER.match(text[end : end + 12]))


def _is_future(partial: Partial, reference: dt.date | None) -> bool:
    if reference is None or partial.year is None:
        return False
    mine = (partial.year, partial.month or 0, partial.day or 0)
    return mine > (reference.year, reference.month if partial.month else 0, reference.day if partial.day else 0)


def _mention(text: str, span: Span, kind: str, said: Meaning, reference: dt.date | None) -> DateMention:
    value, last = _value(said.start), _value(said.end)
    ranged = said.end is not None
    if value is not None and last is not None and last.text < value.text[: len(last.text)]:
        value = last = None  # a range that runs backwards is a misreading, not a date
    return DateMention(
        span=span,
        value=value,
        end=last,
        kind="range" if ranged else "point" if kind == "point" else kind,  # type: ignore[arg-type]  # the grammar's kinds
        approximate=said.approximate or bool(_ABOUT.search(text[max(0, span.begin - 6) : span.begin])),
        fuzzy=said.fuzzy,
        boundary=_boundary(text, span.begin, span.end, ranged),
        relative=said.relative,
        of_text=said.of_text,
        future=value is not None and _is_future(said.start, reference),
    )


@dataclass(slots=True)
class _Memory:
    """The last date the text named, the last day, and where each ended."""

    date: Partial = _NONE
    date_end: int = 0
    day: Partial = _NONE
    day_end: int = 0

    def keep(self, named: Partial, end: int) -> None:
        self.date, self.date_end = named, end
        if named.day is not None:
            self.day, self.day_end = named, end

    def context(self, text: str, span: Span, reference: dt.date | None) -> Context:
        """Return what the expression at `span` is read against."""
        gap = span.begin - self.date_end
        near = self.date if gap <= _FAR else _NONE
        day = self.day if span.begin - self.day_end <= _FAR else _NONE
        same = self.date if gap <= _WINDOW and not _STOP.search(text, self.date_end, span.begin) else _NONE
        return Context(reference, near, day, same, _forward(text, span.begin, span.end))


def find_dates(text: str, reference: dt.date | None) -> list[DateMention]:
    """Return the dates of `text`, in order, without overlap; `reference` is the article's date.

    Without `reference`, what only the article's date could tell has no value. Never raises on any text; takes time in
    proportion to its length. Offsets are code points of `text`.
    """
    rules: Grammar = grammar()
    folded = fold(text)
    found: list[DateMention] = []
    memory = _Memory()
    position = 0
    while (hit := rules.scan.search(folded, position)) is not None:
        rule = rules.rules[int((hit.lastgroup or "r0")[1:])]
        matched = rule.groups(folded, hit.start())
        if matched is None:
            position = hit.start() + 1
            continue
        parts, end = matched
        position = end
        span = Span(hit.start(), end)
        if rule.kind != "point" or (folded[max(0, span.begin - 1) : span.begin] == "年" and "M" in parts):
            said = Meaning()  # a length, a habit, or a month behind a year that cannot be read (那年6月)
        else:
            context = memory.context(folded, span, reference)
            try:
                said = meaning(parts, context, rules)
            except (ValueError, OverflowError):  # beyond what a calendar holds (a year 0, a day after the year 9999)
                said = Meaning()
        mention = _mention(folded, span, rule.kind, said, reference)
        if rule.kind == "duration":
            mention = replace(mention, length=length(parts))
        found.append(mention)
        if mention.value is not None:
            memory.keep(said.end if said.end is not None and said.end.exists() else said.start, end)
    return found

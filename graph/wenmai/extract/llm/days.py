"""A date that a model quotes: read by wenmai's own grammar where that knows the words, else the model's, validated."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import cast

from wenmai.extract.dates import DateMention
from wenmai.records import Datatype, Span, Value

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_KINDS = ("gYear", "gYearMonth", "date")
_NUMERAL = re.compile(r"[0-9０-９〇零一二三四五六七八九十]")


def read_date(text: str, words: Span, iso: str, dates: Sequence[DateMention]) -> DateMention | None:
    """Return the date that stands at `words`, or None.

    `dates` are those of the whole text. The grammar's reading goes before the model's `iso`, also where it says that
    the words give no date (近日); `iso` counts only for words the grammar passes over, if it is a day of the calendar
    and the words hold a numeral, and then as approximate.
    """
    found = [date for date in dates if date.span.overlaps(words)]
    told = next((date for date in found if date.value is not None), None)
    if found:
        return told
    value = iso_value(iso)
    if value is None or not _NUMERAL.search(words.of(text)):
        return None
    return DateMention(words, value, approximate=True)


def iso_value(iso: str) -> Value | None:
    """Return `2017-04-21`, `2017-04` or `2017` as a value, None if there is no such day."""
    match = _ISO.fullmatch(iso.strip())
    if match is None:
        return None
    parts = [int(part) for part in match.groups() if part]
    try:
        dt.date(*(*parts, 1, 1)[:3])
    except ValueError:
        return None
    return Value(match.group(), cast(Datatype, _KINDS[len(parts) - 1]))

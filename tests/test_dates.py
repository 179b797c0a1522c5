"""Dates from the outside: every example of the grammar, and properties that hold for any text."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.extract.dates import DateMention, find_dates
from wenmai.extract.dates.calendar import holiday, lunar
from wenmai.resources import folder


def _examples() -> list[tuple[str, str]]:
    with (folder("ontology") / "grammar" / "dates.toml").open("rb") as file:
        grammar = tomllib.load(file)
    return [(rule["name"], example) for rule in grammar["rule"] for example in rule["examples"]]


def _shown(found: DateMention) -> str:
    bound = {"from": ">", "until": "<", "by": "<", None: ""}[found.boundary]
    if found.value is None:
        return ""
    return ("~" if found.approximate else "") + bound + found.value.text


@pytest.mark.parametrize(("rule", "example"), _examples())
def test_example(rule: str, example: str) -> None:
    text, day, value, *end = (part.strip() for part in (example + "|").rstrip("|").split("|"))
    reference = None if day == "-" else dt.date.fromisoformat(day)
    found = find_dates(text, reference)
    if value == "none":
        assert not [f for f in found if f.value is not None or f.kind == "point"], (rule, found)
        return
    assert found, rule
    first = found[0]
    assert _shown(first) == value, (rule, first)
    assert (first.end.text if first.end else "") == (end[0] if end else ""), (rule, first)


CN = "〇一二三四五六七八九"


def _chinese(n: int) -> str:
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CN[tens] + "十") + ("" if ones == 0 else CN[ones])


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
NOTATIONS = st.sampled_from(["western", "full", "chinese", "号", "iso", "slash", "spaced", "traditional"])


def _write(day: dt.date, notation: str) -> str:
    plain = f"{day.year}年{day.month}月{day.day}日"
    year = "".join(CN[int(c)] for c in str(day.year))
    return {
        "western": plain,
        "full": plain.translate({0x30 + i: chr(0xFF10 + i) for i in range(10)}),
        "chinese": f"{year}年{_chinese(day.month)}月{_chinese(day.day)}日",
        "号": plain[:-1] + "号",
        "traditional": plain[:-1] + "號",
        "iso": day.isoformat(),
        "slash": f"{day.year}/{day.month}/{day.day}",
        "spaced": f"{day.year} 年 {day.month} 月 {day.day} 日",
    }[notation]


BEFORE, AFTER = st.sampled_from(["", "会议于", "（", "自"]), st.sampled_from(["", "举行。", "，", "）", "下午3时"])


@given(DAYS, NOTATIONS, BEFORE, AFTER)
@settings(max_examples=400, deadline=None)
def test_absolute_dates_round_trip(day: dt.date, notation: str, before: str, after: str) -> None:
    words = _write(day, notation)
    found = find_dates(before + words + after, None)
    assert len(found) == 1
    assert found[0].value is not None
    assert found[0].value.text == day.isoformat()
    assert found[0].value.datatype == "date"
    assert found[0].span.of(before + words + after).startswith(words)


@given(DAYS, st.sampled_from(["western", "full", "chinese"]))
@settings(max_examples=200, deadline=None)
def test_precision_is_that_of_the_words(day: dt.date, notation: str) -> None:
    words = _write(day, notation)
    month, year = words[: words.index("月") + 1], words[: words.index("年") + 1]
    (of_month,), (of_year,) = find_dates(month, None), find_dates(year, None)
    assert of_month.value is not None
    assert of_year.value is not None
    assert (of_month.value.text, of_month.value.datatype) == (f"{day:%Y-%m}", "gYearMonth")
    assert (of_year.value.text, of_year.value.datatype) == (f"{day:%Y}", "gYear")


@given(DAYS, DAYS)
@settings(max_examples=200, deadline=None)
def test_ranges_keep_both_ends(one: dt.date, other: dt.date) -> None:
    first, last = sorted((one, other))
    (found,) = find_dates(f"{_write(first, 'western')}至{_write(last, 'western')}", None)
    assert found.kind == "range"
    assert found.value is not None
    assert found.end is not None
    assert (found.value.text, found.end.text) == (first.isoformat(), last.isoformat())


CHARACTERS = (
    "0123456789０９一二三四五六七八九十百千两年月日号周天时点前后上下本今昨明去起至到-—~、，。 \u200b\n每第初底末"
)
STRINGS = "昨天 农历 春节 “十三五” 期间 世纪 年代 😀 𠮷 民国 公元前 小时 当天 同年 前后 三十 闰 正月"
WORDS = st.lists(st.sampled_from([*CHARACTERS, *STRINGS.split()]), max_size=60).map("".join)


@given(st.one_of(WORDS, st.text()), st.one_of(st.none(), st.dates()))
@settings(max_examples=1500, deadline=None)
def test_never_raises_and_offsets_are_in_order(text: str, reference: dt.date | None) -> None:
    position = 0
    for found in find_dates(text, reference):
        assert position <= found.span.begin < found.span.end <= len(text)
        position = found.span.end
        if found.end is not None and found.value is not None:
            assert found.end.text >= found.value.text[: len(found.end.text)]
        if found.kind in ("duration", "set", "vague"):
            assert found.value is None


@pytest.mark.parametrize(
    ("text", "day", "values"),
    [
        ("方案在今年3月8日定稿，4月12日送审。", "2021-08-12", ["2021-03-08", "2021-04-12"]),
        ("协议于2019年3月5日签署，同日生效。次年投产。", "2022-08-12", ["2019-03-05", "2019-03-05", "2020"]),
        ("展览3月25日开幕，28日闭幕。", "2020-05-01", ["2020-03-25", "2020-03-28"]),
        ("2013年4月买下甲厂；2014年参股乙厂；今年1月办起丙厂。", "2015-11-16", ["2013-04", "2014", "2015-01"]),
        ("上月17日签约，前日开工。", "2018-01-02", ["2017-12-17", "2017-12-31"]),
        ("工程於去年10月9日動工，下個月完工。", "2021-08-12", ["2020-10-09", "2021-09"]),
        ("仪式定于三季度，去年10月已办过。", "2021-08-12", ["2021", "2020-10"]),
        ("下午3时30分开会，全长2.7公里，共5号线、第19届。", "2021-08-12", []),
    ],
)
def test_dates_in_context(text: str, day: str, values: list[str]) -> None:
    assert [f.value.text for f in find_dates(text, dt.date.fromisoformat(day)) if f.value] == values


def test_spans_leave_the_words_that_bound() -> None:
    text = "自2014年2月1日起执行，至2019年1月31日"
    first, last = find_dates(text, None)
    assert (first.span.of(text), first.boundary) == ("2014年2月1日", "from")
    assert (last.span.of(text), last.boundary) == ("2019年1月31日", "until")


def test_future_is_told_at_the_precision_of_the_words() -> None:
    today = dt.date(2019, 6, 14)
    futures = {"今年底": False, "明年": True, "6月": False, "7月1日": True, "昨天": False}
    for words, future in futures.items():
        (found,) = find_dates(words, today)
        assert found.future is future, words


def test_durations_say_how_long() -> None:
    lengths = {"为期三天": "P3D", "两年内": "P2Y", "半年": "P6M", "24小时": "PT24H", "十多年": None, "几个月": None}
    lengths |= {"六个月": "P6M", "两周": "P2W", "两个季度": "P6M"}
    for words, length in lengths.items():
        (found,) = find_dates(words, None)
        assert (found.kind, found.length) == ("duration", length), words


def test_the_chinese_calendar() -> None:
    # 2020 had a second fourth month; 2033 has a leap eleventh. Figures of the Hong Kong Observatory's tables.
    assert lunar(2020, 4, 1) == dt.date(2020, 4, 23)
    assert lunar(2020, 4, 1, leap=True) == dt.date(2020, 5, 23)
    assert lunar(2020, 5, 5) == dt.date(2020, 6, 25)
    assert lunar(2033, 11, 1, leap=True) == dt.date(2033, 12, 22)
    assert holiday("lunar:12-08", "腊八", 2020) == dt.date(2020, 1, 2)
    assert lunar(1700, 1, 1) is None
    assert lunar(2020, 1, 31) is None


def test_one_long_line_takes_time_in_proportion() -> None:
    # Two sizes of the worst repetition: found counts grow as the text does, and the whole ends at all.
    for unit in ("3年前", "12至", "2017年4月20日至", "当天", "每"):
        small, large = find_dates(unit * 200, dt.date(2017, 4, 21)), find_dates(unit * 2000, dt.date(2017, 4, 21))
        assert len(large) <= 11 * (len(small) + 1)

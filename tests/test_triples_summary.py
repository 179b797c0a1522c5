"""What all articles together show of one entity becomes one description."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest

from wenmai.triples import terms
from wenmai.triples.summary import State, best_class, days, pref_labels, summarize, time_stamps


@pytest.mark.parametrize(
    ("types", "best"),
    [
        ({"Organization": 5, "Company": 1}, "Company"),
        ({"Company": 1, "MediaBody": 2, "Organization": 9}, "MediaBody"),
        ({"MediaBody": 1, "Company": 1}, "Company"),
        ({"Event": 1}, "Event"),
        ({}, None),
    ],
)
def test_the_class_most_articles_show_among_the_most_specific(types: dict[str, int], best: str | None) -> None:
    assert best_class(Counter(types)) == best


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [
        ({"云帆", "云帆科技"}, "云帆科技", None),
        ({"云帆", "Yunfan Technology"}, "云帆", "Yunfan Technology"),
        ({"Yunfan", "Yunfan Tech"}, "Yunfan Tech", "Yunfan Tech"),
        ({"乙园", "甲园"}, "乙园", None),
        ({"“2+3”文件", "2+3"}, "“2+3”文件", None),
        ({"2+3"}, "2+3", None),
        ({"IBM中国"}, "IBM中国", None),
        ({"𠮷野家", "吉野"}, "𠮷野家", None),
    ],
)
def test_the_preferred_label_is_the_fullest_name(names: set[str], zh: str, en: str | None) -> None:
    assert pref_labels(State(names=names), "Company") == (zh, en)


def test_a_description_names_an_event_only_if_nothing_else_does() -> None:
    told = State(labels={"会议: 云帆"}, labels_en={"Meeting: 云帆"})
    assert pref_labels(told, "Meeting") == ("会议: 云帆", "Meeting: 云帆")
    told.names = {"青石会"}
    assert pref_labels(told, "Meeting") == ("青石会", "Meeting: 云帆")


def test_a_post_goes_by_its_description() -> None:
    assert pref_labels(State(names={"董事长"}, labels={"云帆科技董事长"}), "Post") == ("云帆科技董事长", None)


def test_every_other_name_is_an_alternative_and_latin_ones_are_english_too() -> None:
    state = State(types=Counter({"Company": 1}), names={"云帆科技", "云帆", "Yunfan", "Yunfan Tech"})
    labels = {(p, o) for p, o in summarize(state) if p in (terms.PREF_LABEL, terms.ALT_LABEL)}
    assert labels == {
        (terms.PREF_LABEL, ox.Literal("云帆科技", language="zh")),
        (terms.PREF_LABEL, ox.Literal("Yunfan Tech", language="en")),
        (terms.ALT_LABEL, ox.Literal("云帆", language="zh")),
        (terms.ALT_LABEL, ox.Literal("Yunfan", language="zh")),
        (terms.ALT_LABEL, ox.Literal("Yunfan Tech", language="zh")),
        (terms.ALT_LABEL, ox.Literal("Yunfan", language="en")),
    }


def test_what_happened_is_not_scheduled_any_more() -> None:
    state = State(types=Counter({"Opening": 2}), statuses={"Scheduled", "Happened"})
    assert {o for p, o in summarize(state) if p == terms.EVENT_STATUS} == {terms.term("Happened")}


@pytest.mark.parametrize(
    ("date", "span"),
    [
        ("2021-03-05", ("2021-03-05", "2021-03-05")),
        ("2020-02", ("2020-02-01", "2020-02-29")),
        ("2021", ("2021-01-01", "2021-12-31")),
        ("0800", ("0800-01-01", "0800-12-31")),
        ("2021-02-29", None),
        ("2021-13", None),
        ("0000", None),
        ("2021-00-01", None),
        ("去年", None),
        ("2021-03-05T00:00:00", None),
    ],
)
def test_a_date_spans_days(date: str, span: tuple[str, str] | None) -> None:
    assert days(date) == span


@pytest.mark.parametrize(
    ("dates", "stamps"),
    [
        ([("onDate", "2021-03")], ("2021-03-01", "2021-03-31")),
        ([("onDate", "2021-03"), ("onDate", "2021-03-05")], ("2021-03-05", "2021-03-05")),
        ([("onDate", "2021-03-05"), ("onDate", "2021-03-07")], ("2021-03-05", "2021-03-07")),
        ([("startDate", "2021-03-05"), ("endDate", "2021-04")], ("2021-03-05", "2021-04-30")),
        ([("startDate", "2021")], ("2021-01-01", "2021-12-31")),
        ([("endDate", "2021-04-02")], ("2021-04-02", "2021-04-02")),
        ([("startDate", "2021-05"), ("endDate", "2021-04")], ("2021-04-01", "2021-05-31")),
        ([("startDate", "2021-05-03"), ("onDate", "2021-05")], ("2021-05-01", "2021-05-31")),
        ([("onDate", "2021-02-30")], None),
        ([], None),
    ],
)
def test_time_stamps_hold_all_that_is_said(dates: list[tuple[str, str]], stamps: tuple[str, str] | None) -> None:
    assert time_stamps(dates) == stamps

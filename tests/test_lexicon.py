from __future__ import annotations

import re

import pytest

from wenmai import ontology, resources
from wenmai.lexicon import LexiconError, parse, rows

NAMES = (
    "abbreviations", "areas", "org_kinds", "org_suffixes", "place_suffixes", "policy_suffixes", "post_titles",
    "shanghai_subdistricts", "surnames",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_list_reads_and_names_its_source(name: str) -> None:
    assert len(rows(name)) > 50
    text = (resources.folder("ontology") / "lexicon" / f"{name}.tsv").read_text(encoding="utf-8")
    head = [line for line in text.split("\n") if line.startswith("#")]
    assert any("Source" in line for line in head)
    assert any("icence" in line or "Apache" in line for line in head)
    assert rows(name) is rows(name)


@pytest.mark.parametrize("name", NAMES)
def test_first_cells_are_unique_but_for_areas(name: str) -> None:
    if name in ("areas", "shanghai_subdistricts"):
        return
    first = [next(iter(row.values())) for row in rows(name)]
    assert len(first) == len(set(first))


@pytest.mark.parametrize("name", ["org_suffixes", "place_suffixes", "policy_suffixes", "abbreviations"])
def test_classes_are_of_the_vocabulary(name: str) -> None:
    assert {row["class"] for row in rows(name)} <= set(ontology.classes())


def test_titles_fit_classes_of_the_vocabulary() -> None:
    fits = {c for row in rows("post_titles") for c in row["fits"].split("|") if c}
    assert fits <= set(ontology.classes())


def test_areas_have_codes_and_parents() -> None:
    areas = rows("areas")
    codes = {row["code"]: row["name"] for row in areas if row["code"]}
    assert codes["310000"] == "上海市"
    assert codes["310101"] == "黄浦区"
    assert codes["440306"] == "宝安区"
    for row in areas:
        assert re.fullmatch(r"(\d{6})?", row["code"])
        assert row["level"] in {"province", "city", "county", "country", "foreign", "region"}
        assert row["parent"] == "" or row["parent"] in codes
        assert row["trust"] == ("" if not row["short"] else row["trust"])
        assert len(row["letter"]) <= 1
        if row["level"] == "county":
            assert row["parent"], row


def test_short_forms_of_areas() -> None:
    by_name = {row["name"]: row for row in rows("areas")}
    assert by_name["浙江省"]["short"] == "浙江"
    assert by_name["浙江省"]["letter"] == "浙"
    assert by_name["广西壮族自治区"]["short"] == "广西"
    assert by_name["内蒙古自治区"]["short"] == "内蒙古"
    assert by_name["大理白族自治州"]["short"] == "大理"
    assert all(len(row["short"]) != 1 for row in rows("areas"))


def test_shanghai_subdistricts_lie_in_districts_of_shanghai() -> None:
    districts = {row["name"] for row in rows("areas") if row["parent"] == "310000"}
    assert len(districts) == 16
    for row in rows("shanghai_subdistricts"):
        assert row["district"] in districts
        assert re.fullmatch(r"310\d{6}", row["code"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# nothing\n", "no line with column names"),
        ("a\ta\n", "line 1"),
        ("a\tb\n1\t2\t3\n", "line 2: 3 cells"),
        ("# c\na\tb\n\t2\n", "line 3: the first cell"),
    ],
)
def test_a_broken_line_is_named(text: str, says: str) -> None:
    with pytest.raises(LexiconError, match=re.escape(says)) as caught:
        parse(text, "list.tsv")
    assert "list.tsv" in str(caught.value)


def test_missing_cells_are_empty_and_missing_lists_are_named() -> None:
    assert parse("# x\na\tb\tc\n1\t2\n\n", "x") == ({"a": "1", "b": "2", "c": ""},)
    with pytest.raises(LexiconError, match="no_such_list"):
        rows("no_such_list")

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wenmai import lexicon, ontology, resources
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
    districts = {row["name"] for row in rows("areas") if row["parent"] == "310000" and row["code"]}  # those of today
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


GRAMMAR = resources.folder("ontology") / "grammar" / "names.toml"
GUARDS = ("_not_before", "_not_after", "_unless_after")
LISTS = [
    (section, key)
    for section, table in lexicon.grammar("names").items()
    for key, value in table.items()
    if not isinstance(value, dict)
]


@pytest.mark.parametrize(("section", "key"), LISTS)
def test_no_list_of_the_grammar_is_empty_or_says_a_word_twice(section: str, key: str) -> None:
    value = lexicon.grammar("names")[section][key]
    found = lexicon.characters(section, key) if isinstance(value, str) else lexicon.words(section, key)
    assert len(found) > 1
    assert len(found) == len(set(found))
    assert all(word == word.strip() and word for word in found)
    if not isinstance(value, str):
        assert all(re.fullmatch(lexicon.one_of(section, key), word) for word in found)


def test_the_code_asks_for_every_list_of_the_grammar_and_for_no_other() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("extract", "resolve")
        for path in sorted((Path(lexicon.__file__).parent / room).rglob("*.py"))
    )
    asked = set()
    for section, *keys in re.findall(
        r"""\b(?:words|one_of|characters|character_set)\(\s*["'](\w+)["'],\s*["'](\w+)["'](?:,\s*["'](\w+)["'])?""",
        source,
    ):
        asked |= {(section, key) for key in keys if key}
    assert asked == set(LISTS)


def test_guards_are_of_words_in_their_list() -> None:
    for section, table in lexicon.grammar("names").items():
        for key, value in table.items():
            if isinstance(value, dict):
                of = next(key.removesuffix(guard) for guard in GUARDS if key.endswith(guard))
                assert set(value) <= set(lexicon.words(section, of)), (section, key)


def test_the_grammar_names_its_source_and_tells_what_each_list_is() -> None:
    text = GRAMMAR.read_text(encoding="utf-8")
    assert "Source:" in text.partition("[")[0]
    assert "Licence:" in text.partition("[")[0]
    for section, table in re.findall(r"^\[(\w+)\]\n(.*?)(?=^# [^\n]*\n\[|\Z)", text, re.M | re.S):
        for key in re.findall(r"^(\w+) = ", table, re.M):
            assert re.search(rf"^# .*\n{key} = ", table, re.M), (section, key)


@pytest.mark.parametrize(("section", "key"), [("persons", "no_such_list"), ("no_such_section", "says")])
def test_a_missing_list_of_the_grammar_is_named(section: str, key: str) -> None:
    with pytest.raises(LexiconError, match=rf"names\.toml, \[{section}\] {key}: is missing"):
        lexicon.words(section, key)


def test_characters_are_no_words_and_words_no_characters() -> None:
    with pytest.raises(LexiconError, match="must be an array of words"):
        lexicon.words("persons", "sounds")
    with pytest.raises(LexiconError, match="must be a string of characters"):
        lexicon.characters("persons", "says")


def test_the_longest_word_is_tried_first_and_guards_hold() -> None:
    made = re.compile(lexicon.alternatives(["市", "市委", "a.b"]))
    assert [m.group() for m in made.finditer("市委a.b市axb")] == ["市委", "a.b", "市"]
    assert re.fullmatch(lexicon.alternatives(["", "市", "市委"]), "")
    assert re.match(lexicon.alternatives(["", "市"]), "市委").group() == "市"  # type: ignore[union-attr]  # none fails too
    bureau = re.compile(lexicon.one_of("government", "bureaus"))
    assert bureau.search("市教育局")
    assert bureau.search("市民政局")
    assert not bureau.search("打破僵局")
    assert not bureau.search("时政局面")

"""The extract room from the outside: an article goes in, mentions and claims with evidence come out."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.extract import default_extractor
from wenmai.extract.canon import canonical
from wenmai.extract.pattern import PatternError, compile_pattern
from wenmai.extract.symbols import chars
from wenmai.records import Article, Author, Block, Document, Span, Value


def read(text: str, date: str | None = "2020-06-11", **kind: object) -> Document:
    day = dt.date.fromisoformat(date) if date else None
    return default_extractor().extract(Article("test", "", text, "test", "0" * 64, day, **kind))  # type: ignore[arg-type]  # fields of Article


def facts(document: Document) -> set[tuple[str, str, str, str]]:
    """Return (subject, predicate, object, modality) with names for keys."""
    names = {m.key: m.name or m.cls for m in document.mentions}
    return {
        (
            names.get(c.subject, c.subject),
            c.predicate,
            c.object.text if isinstance(c.object, Value) else names[c.object],
            c.modality,
        )
        for c in document.claims
    }


def test_a_signing_gives_partners_parties_and_an_event() -> None:
    document = read("昨天，云岭海棠能源股份有限公司与临溪理工大学签署《氢能研究合作协议》。")
    found = facts(document)
    assert ("云岭海棠能源股份有限公司", "partnerOf", "临溪理工大学", "Asserted") in found
    assert ("氢能研究合作协议", "party", "临溪理工大学", "Asserted") in found
    assert ("Signing", "onDate", "2020-06-10", "Asserted") in found


def test_posts_in_apposition() -> None:
    found = facts(read("云岭海棠能源股份有限公司党委书记、董事长沈一鸣，苏州市副市长陆小川出席了仪式。"))
    assert ("沈一鸣", "holdsPost", "党委书记", "Asserted") in found
    assert ("董事长", "postIn", "云岭海棠能源股份有限公司", "Asserted") in found
    assert ("副市长", "postIn", "苏州市", "Asserted") in found


def test_a_former_post_is_no_fact() -> None:
    found = facts(read("云岭海棠能源股份有限公司原董事长沈一鸣说，他已经退休。"))
    assert not [f for f in found if f[1] == "holdsPost"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("海棠能源集团亚太区总裁林远舟出席。", {("林远舟", "亚太区总裁")}),
        ("云岭海棠能源股份有限公司资深工程师沈一鸣出席。", {("沈一鸣", "工程师")}),
        ("云岭海棠能源股份有限公司任命副总经理沈一鸣主持工作。", {("沈一鸣", "副总经理")}),
        # no city has a market department or a film director; who is to be appointed holds nothing yet
        ("武汉海棠瓷砖市场部相关负责人沈一鸣说，香港导演陆小川在场。", set()),
        ("远山航运有限公司拟任投资总监沈一鸣出席。", set()),
        ("苏州基金业热闹，远山航运有限公司旗下基金多，基金经理沈一鸣出席。", set()),
    ],
)
def test_posts_that_are_and_are_none(text: str, held: set[tuple[str, str]]) -> None:
    assert {(s, o) for s, p, o, _ in facts(read(text)) if p == "holdsPost"} == held


def test_a_post_is_printed_as_the_article_prints_it() -> None:
    found = facts(read("海棠藝術大學戲劇系主任沈一鳴出席。"))
    assert ("沈一鳴", "holdsPost", "戲劇系主任", "Asserted") in found


def test_a_modifier_is_no_subject() -> None:
    found = facts(read("2018年11月，远山银行控股的海棠加银租赁公司在苏州开业。"))
    assert ("Opening", "subject", "海棠加银租赁公司", "Asserted") in found
    assert ("远山银行", "investsIn", "海棠加银租赁公司", "Asserted") in found
    assert not [f for f in found if f[2] == "远山银行" or (f[0] == "远山银行" and f[1] == "locatedIn")]
    assert not [f for f in facts(read("远山集团旗下的听泉书店昨天开业。")) if f[2] == "远山集团"]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("云岭海棠能源股份有限公司拟收购远山航运有限公司。", "Planned"),
        ("云岭海棠能源股份有限公司否认将收购远山航运有限公司。", "Denied"),
        ("云岭海棠能源股份有限公司没有收购远山航运有限公司的计划。", "Denied"),
        ("坊间传闻，昨天云岭海棠能源股份有限公司收购远山航运有限公司。", "Reported"),
        ("昨天，云岭海棠能源股份有限公司收购远山航运有限公司。", "Asserted"),
    ],
)
def test_modality(text: str, modality: str) -> None:
    found = facts(read(text))
    said = {f[3] for f in found if f[1] == "acquires"}
    assert said <= {modality}
    assert modality not in ("Asserted", "Reported") or said


def test_an_event_known_from_hearsay_neither_happened_nor_is_announced() -> None:
    document = read("据称，云岭海棠能源股份有限公司6月9日收购远山航运有限公司。")
    (event,) = (m for m in document.mentions if m.cls == "Acquisition")
    assert event.status is None
    assert {f[3] for f in facts(document)} == {"Reported"}


def test_what_the_paper_states_is_no_hearsay_because_others_told_it_too() -> None:
    rumour = "坊间传闻，云岭海棠能源股份有限公司6月9日收购远山航运有限公司。"
    document = read(rumour + "\n云岭海棠能源股份有限公司6月9日收购了远山航运有限公司。")
    assert {f[3] for f in facts(document) if f[1] == "acquires"} == {"Asserted", "Reported"}
    assert {m.status for m in document.mentions if m.cls == "Acquisition"} == {None, "Happened"}


def test_traditional_script_and_full_width_say_the_same() -> None:
    plain = facts(read("2017年3月，云岭海棠能源有限公司与远山大学签署《合作协议》。"))
    wide = facts(read("２０１７年３月，雲嶺海棠能源有限公司與遠山大學簽署《合作協議》。"))
    assert {(f[1], f[3]) for f in plain} == {(f[1], f[3]) for f in wide}
    assert ("雲嶺海棠能源有限公司", "partnerOf", "遠山大學", "Asserted") in wide


def test_an_author_in_a_byline_is_a_claim_on_those_words() -> None:
    text = "本报讯（记者 沈一鸣）昨天，临溪市下雨。"
    document = read(text, authors=(Author("沈一鸣", "记者", Span(7, 10)),))
    claim = next(c for c in document.claims if c.predicate == "author")
    assert claim.subject == "article"
    assert claim.span.of(text) == "沈一鸣"


def test_only_prose_is_read() -> None:
    text = "海棠公司收购远山公司\n昨天没有新闻。"
    blocks = (Block("title", Span(0, 10)), Block("body", Span(11, 18)))
    assert not read(text, blocks=blocks).claims


WORDS = "昨天，。；（）《》“”、与在签署海棠有限公司临溪市大学协议王小明书记主任说2017年3月𠮷\n\u200b a"
TEXT = st.text(st.sampled_from(WORDS) | st.characters(codec="utf-8"), max_size=160)


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_any_text_is_read_and_evidence_stands_in_it(text: str) -> None:
    document = read(text)
    keys = {m.key for m in document.mentions}
    assert len(keys) == len(document.mentions)
    for mention in document.mentions:
        assert mention.span.end <= len(text)
    for claim in document.claims:
        assert claim.span.end <= len(text)
        assert claim.subject in keys | {"article"}
        assert isinstance(claim.object, Value) or claim.object in keys


@given(st.text())
def test_canonical_text_keeps_its_length(text: str) -> None:
    assert len(canonical(text)) == len(text)


@pytest.mark.parametrize("text", ["海棠与远山" * 15_000, "一\n" * 100_000, "，" * 100_000, "王小明在临溪市说" * 6_000])
def test_very_long_lines_and_very_many_paragraphs_are_read_to_the_end(text: str) -> None:
    assert read(text).article.text == text


@pytest.mark.parametrize("pattern", ["{", "{Nobody:x:y}", "(a", "a)", "ab?"])
def test_a_wrong_pattern_says_so(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, chars)

"""What is doubtful is listed, with its words and the way to settle it; what is sound is not."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Command
from review_store import News, Said, claims, different, mark, memory, on_disk, thing
from wenmai.cli import review as command
from wenmai.namespaces import DEFAULT_BASE
from wenmai.records import Entity
from wenmai.review import Doubt, Options, kind_names, review
from wenmai.review.output import FORMATS
from wenmai.triples import entity_iri

THINGS = {
    "hm": thing("hm", "Company", "鹤鸣精密机械有限公司", "鹤鸣精密"),
    "lq": thing("lq", "Company", "岚桥港务集团有限公司"),
    "tx": thing("tx", "AdministrativeArea", "檀溪市"),
    "edu": thing("edu", "GovernmentBody", "檀溪市教育局"),
    "uni": thing("uni", "EducationalBody", "苇塘大学"),
    "rule": thing("rule", "Policy", "檀溪市夜航管理办法"),
    "xu": thing("xu", "Person", "徐望舒"),
    "pei": thing("pei", "Person", "裴子野"),
    "p1": thing("p1", "Post", "鹤鸣精密总经理 (徐望舒)"),
    "p2": thing("p2", "Post", "鹤鸣精密总经理 (裴子野)"),
    "p3": thing("p3", "Post", "苇塘大学校长 (徐望舒)"),
    "open": thing("open", "Opening", "开业: 鹤鸣精密", status="Happened"),
    "found": thing("found", "Establishment", "成立: 鹤鸣精密", status="Happened"),
    "fair": thing("fair", "Activity", "活动: 夜航展", status="Scheduled"),
}


def found(news: list[News], *kinds: str, things: dict[str, Entity] = THINGS, below: float = 0.75) -> list[Doubt]:
    return list(review(memory(things, news), kinds, options=Options(below=below)).doubts)


def holds(person: str, post: str, title: str, body: str) -> tuple[Said, ...]:
    return Said(person, "holdsPost", post), Said(post, "postTitle", title), Said(post, "postIn", body)


# ---- the command ----


def test_the_samples_are_reviewed_the_same_every_time(sample_store: Path, wenmai: Command) -> None:
    first = wenmai("review", "--store", sample_store, "--format", "json", env={"PYTHONHASHSEED": "1"})
    again = wenmai("review", "--store", sample_store, "--format", "json", env={"PYTHONHASHSEED": "2"})
    assert (first.returncode, first.stdout) == (1, again.stdout), first.stderr
    doubts = json.loads(first.stdout)
    assert [doubt["weight"] for doubt in doubts] == sorted((d["weight"] for d in doubts), reverse=True)
    assert len({doubt["id"] for doubt in doubts}) == len(doubts)
    (dates,) = [doubt for doubt in doubts if doubt["what"] == "two dates"]
    assert dates["about"][0]["name"] == "云江市电动自行车停放管理规定"
    assert {words["article"] for words in dates["words"]} == {"2020-09-08-ebike-rule", "2020-09-09-ebike-rule-evening"}
    assert all(words["quote"] for words in dates["words"])
    assert f"wenmai curate confirm {dates['claims'][0]}" in dates["commands"]


def test_the_list_for_people_and_the_table_for_machines(sample_store: Path, wenmai: Command) -> None:
    shown = wenmai("review", "--store", sample_store, "--kind", "contradictions", "--limit", "1")
    assert shown.returncode == 1
    assert "do  wenmai curate reject claim-" in shown.stdout
    assert shown.stdout.count("contradictions-") == 1
    assert "1 shown" in shown.stderr
    table = wenmai("review", "--store", sample_store, "--kind", "contradictions", "--format", "csv", "--limit", "0")
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert len(rows) == 2
    assert all(row["commands"].startswith("wenmai curate") and row["words"] for row in rows)


def test_a_sound_store_has_no_doubt(tmp_path: Path, wenmai: Command) -> None:
    store = on_disk(tmp_path / "store", THINGS, [News("a1", "2021-03-06", (Said("hm", "partnerOf", "lq"),))])
    done = wenmai("review", "--store", store)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no doubts" in done.stderr
    assert json.loads(wenmai("review", "--store", store, "--format", "json").stdout) == []


@pytest.mark.parametrize("words", [["--kind", "rumours"], ["--limit", "-1"], ["--below", "2"], ["--format", "xml"]])
def test_a_wrong_option_is_told_in_one_line(words: list[str], wenmai: Command) -> None:
    done = wenmai("review", *words)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_the_lists_of_the_command_are_those_of_the_room() -> None:
    assert kind_names() == command.KINDS
    assert command.FORMATS == FORMATS


# ---- duplicates ----

NOT_ONE = [
    ("AdministrativeArea", "南京东路街道", "南京西路街道"),
    ("GovernmentBody", "黄浦区教育局", "徐汇区教育局"),
    ("GovernmentBody", "檀溪市教育局", "檀溪市体育局"),
    ("EducationalBody", "苇塘第一小学", "苇塘第二小学"),
    ("EducationalBody", "苇塘大学", "苇塘中学"),
    ("Company", "鹤鸣精密机械有限公司", "鹤鸣精密机械股份有限公司"),
    ("Company", "上海鹤鸣精密机械有限公司", "江苏鹤鸣精密机械有限公司"),
    ("Road", "苇塘三号线", "苇塘五号线"),
    ("Policy", "檀溪市夜航管理办法（2017年）", "檀溪市夜航管理办法（2021年）"),
    ("Policy", "檀溪市夜航条例", "檀溪市夜航条例实施细则"),
    ("Person", "徐望舒", "许望舒"),
]
ONE = [
    ("Company", "上海鹤鸣精密机械有限公司", "鹤鸣精密机械有限公司"),
    ("Company", "鹤鸣精密机械有限公司", "鹤鳴精密機械有限公司"),
    ("CulturalBody", "上海市苇塘图书馆", "苇塘图书馆"),
    ("Policy", "上海市夜航管理办法", "夜航管理办法"),
    ("Road", "淮海中路", "淮海中路"),
    ("Person", "徐望舒", "徐望舒"),
]


def pair(cls: str, one: str, other: str) -> tuple[dict[str, Entity], list[News]]:
    """Return two articles, each about one of two things of one class, in one town."""
    things = {**THINGS, "one": thing("one", cls, one), "other": thing("other", cls, other)}
    if cls == "Person":
        ends = (Said("open", "participant", "one"), Said("open", "participant", "other"))
    elif cls == "Policy":
        ends = (Said("one", "issuedBy", "edu"), Said("other", "issuedBy", "edu"))
    else:
        ends = (Said("one", "locatedIn", "tx"), Said("other", "locatedIn", "tx"))
    return things, [News("a1", "2021-03-06", ends[:1]), News("a2", "2021-05-06", ends[1:])]


@pytest.mark.parametrize(("cls", "one", "other"), NOT_ONE)
def test_what_differs_in_area_number_or_direction_is_not_proposed(cls: str, one: str, other: str) -> None:
    things, news = pair(cls, one, other)
    assert found(news, "duplicates", things=things) == []


@pytest.mark.parametrize(("cls", "one", "other"), ONE)
def test_what_may_be_one_thing_is_proposed_with_reasons(cls: str, one: str, other: str) -> None:
    things, news = pair(cls, one, other)
    (doubt,) = found(news, "duplicates", things=things)
    assert {named.id for named in doubt.about} == {things["one"].id, things["other"].id}
    assert any("檀溪市" in why or "common neighbours" in why for why in doubt.why)
    assert {words.article for words in doubt.words} == {"a1", "a2"}
    assert [command.split()[2] for command in doubt.commands] == ["merge", "apart"]
    assert all(sorted(command.split()[3:]) == sorted(named.id for named in doubt.about) for command in doubt.commands)


def test_what_one_article_names_apart_weighs_less() -> None:
    things, news = pair(*ONE[0])
    (apart,) = found(news, "duplicates", things=things)
    (both,) = found([News("a1", "2021-03-06", news[0].said + news[1].said)], "duplicates", things=things)
    assert both.weight < apart.weight
    assert both.against == ("a1 names both",)


def test_what_is_part_of_the_other_is_not_it() -> None:
    things, news = pair(*ONE[0])
    tied = News("a3", "2021-06-01", (Said("one", "subOrganizationOf", "other"),))
    assert found([*news, tied], "duplicates", things=things) == []


@pytest.mark.parametrize("decision", ["different", "confirmed"])
def test_a_pair_that_a_person_has_settled_is_left_out(decision: str) -> None:
    things, news = pair(*ONE[0])
    store = memory(things, news)
    assert review(store, ["duplicates"]).total == 1
    if decision == "different":
        different(store, things["one"], things["other"])
    else:
        mark(store, entity_iri(DEFAULT_BASE, things["one"].id), "confirmed")
    assert review(store, ["duplicates"]).total == 0


# ---- contradictions and posts ----


def two_dates() -> list[News]:
    return [
        News("a1", "2021-03-06", (Said("rule", "effectiveFrom", "2021-05-01"),)),
        News("a2", "2021-03-09", (Said("rule", "effectiveFrom", "2021-06-01"), Said("rule", "adoptedOn", "2021-03"))),
        News("a3", "2021-03-10", (Said("rule", "adoptedOn", "2021-03-04"),)),
    ]


def test_two_dates_for_one_thing() -> None:
    (doubt,) = found(two_dates(), "contradictions")
    assert doubt.what == "two dates"
    assert doubt.about[0].name == "檀溪市夜航管理办法"
    assert any("2021-03-09 is the later one" in why for why in doubt.against)


def test_a_rejected_claim_contradicts_nothing_and_two_confirmed_ones_are_settled() -> None:
    for decisions in (["rejected"], ["confirmed", "confirmed"]):
        store = memory(THINGS, two_dates())
        for node, decision in zip(claims(store, "effectiveFrom"), decisions, strict=False):
            mark(store, node, decision)
        assert review(store, ["contradictions"]).total == 0
    store = memory(THINGS, two_dates())
    first, second = (node.value.rpartition("/id/")[2] for node in claims(store, "effectiveFrom"))
    mark(store, claims(store, "effectiveFrom")[0], "confirmed")
    (doubt,) = review(store, ["contradictions"]).doubts
    assert not any(first in command for command in doubt.commands)
    assert any(second in command for command in doubt.commands)


def test_stated_and_denied() -> None:
    said = [
        News("a1", "2021-03-06", (Said("hm", "acquires", "lq"),)),
        News("a2", "2021-03-07", (Said("hm", "acquires", "lq", "Denied"),)),
    ]
    (doubt,) = found(said, "contradictions")
    assert doubt.what == "stated and denied"
    assert {named.id for named in doubt.about} == {THINGS["hm"].id, THINGS["lq"].id}
    turned = [News("a1", "2021-03-09", said[0].said), said[1]]
    (later,) = found(turned, "contradictions")
    assert later.weight < doubt.weight


@pytest.mark.parametrize(
    ("first", "second", "doubtful"),
    [
        (["2015-05-04"], ["2018-05-04"], False),
        (["2015-05-04"], ["2015-11-04"], True),
        (["2015-05-04", "2018-05-04"], ["2016-08-01"], True),
        (["2013-05-04", "2015-05-04"], ["2017-08-01", "2019-08-01"], False),
        ([""], ["2016-08-01"], True),
    ],
)
def test_one_post_and_two_people(first: list[str], second: list[str], doubtful: bool) -> None:
    news = [News(f"a{n}", day, holds("xu", "p1", "总经理", "hm")) for n, day in enumerate(first)]
    news += [News(f"b{n}", day, holds("pei", "p2", "总经理", "hm")) for n, day in enumerate(second)]
    doubts = found(news, "contradictions", "posts")
    assert [doubt.what for doubt in doubts] == (["several holders of one post"] if doubtful else [])
    if doubtful:
        assert {named.name for named in doubts[0].about} >= {"徐望舒", "裴子野"}


def test_a_title_that_the_query_does_not_ask_for_has_one_holder_too() -> None:
    news = [
        News("a1", "2021-03-06", holds("xu", "p1", "总工程师", "hm")),
        News("a2", "2021-04-06", holds("pei", "p2", "总工程师", "hm")),
    ]
    assert [doubt.kind for doubt in found(news, "contradictions", "posts")] == ["posts"]
    deputies = [News(each.id, each.day, tuple(_deputy(said) for said in each.said)) for each in news]
    assert found(deputies, "contradictions", "posts") == []


def _deputy(said: Said) -> Said:
    return Said(said.subject, said.predicate, "副总工程师") if said.predicate == "postTitle" else said


@pytest.mark.parametrize(
    ("title", "later", "tie", "doubtful"),
    [
        ("校长", "2021-08-01", (), True),
        ("校长", "2024-08-01", (), False),
        ("名誉校长", "2021-08-01", (), False),
        ("教授", "2021-08-01", (), False),
        ("校长", "2021-08-01", (Said("hm", "founded", "uni"),), False),
    ],
)
def test_a_person_in_two_leading_posts(title: str, later: str, tie: tuple[Said, ...], doubtful: bool) -> None:
    news = [
        News("a1", "2021-03-06", holds("xu", "p1", "总经理", "hm")),
        News("a2", later, (*holds("xu", "p3", title, "uni"), *tie)),
    ]
    doubts = found(news, "posts")
    assert len(doubts) == doubtful
    if doubtful:
        assert f"wenmai curate split {THINGS['xu'].id} --articles a2" in doubts[0].commands


# ---- dates ----


@pytest.mark.parametrize(
    ("news", "what"),
    [
        ((Said("open", "startDate", "2021-03-05"), Said("open", "endDate", "2021-03-01")), "ends before it starts"),
        ((Said("open", "startDate", "2021-03"), Said("open", "endDate", "2021-03-01")), ""),
        ((Said("rule", "adoptedOn", "2021-03-05"), Said("rule", "effectiveFrom", "2021-02")), "takes effect before"),
        ((Said("open", "onDate", "2021-04-05"),), "happened after its article"),
        ((Said("open", "onDate", "2021-03-06"),), ""),
        (
            (
                Said("open", "subject", "hm"),
                Said("open", "onDate", "2019"),
                Said("found", "subject", "hm"),
                Said("found", "onDate", "2020-01"),
            ),
            "opened before it was founded",
        ),
    ],
)
def test_dates_that_cannot_be(news: tuple[Said, ...], what: str) -> None:
    doubts = found([News("a1", "2021-03-06", news)], "dates")
    assert len(doubts) == bool(what)
    assert all(doubt.what.startswith(what) for doubt in doubts)


def test_an_event_announced_for_a_day_long_past() -> None:
    announced = News("a1", "2021-03-06", (Said("fair", "onDate", "2021-03-20"),))
    assert found([announced], "dates") == []
    assert found([announced, News("a2", "2021-05-01", (Said("hm", "partnerOf", "lq"),))], "dates") == []
    (doubt,) = found([announced, News("a2", "2022-05-01", (Said("hm", "partnerOf", "lq"),))], "dates")
    assert doubt.what == "announced and long past"


# ---- names ----


@pytest.mark.parametrize(
    "name",
    [
        "公司",
        "12345",
        "岚",
        "https://news.example.com/1",
        "鹤鸣精密。岚桥港务",
        "鹤鸣（精密",
        "、鹤鸣精密",
        "鹤" * 41,
        "该公司",
    ],
)
def test_a_label_that_looks_wrong(name: str) -> None:
    things = {**THINGS, "odd": thing("odd", "Company", name)}
    (doubt,) = found([News("a1", "2021-03-06", (Said("odd", "partnerOf", "lq"),))], "names", things=things)
    assert doubt.about[0].name == name
    assert doubt.commands[0] == f"wenmai curate rename {things['odd'].id} NAME"


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        ("Company", "鹤鸣（檀溪）精密机械有限公司"),
        ("Company", "H&M集团"),
        ("Person", "约翰·史密斯"),
        ("Policy", "关于进一步加强夜航安全、改进服务的若干意见（试行）"),
        ("AdministrativeArea", "沪"),
        ("Site", "798艺术区"),
    ],
)
def test_a_label_that_looks_right(cls: str, name: str) -> None:
    things = {**THINGS, "good": thing("good", cls, name)}
    ends = Said("good", "issuedBy", "edu") if cls == "Policy" else Said("open", "participant", "good")
    assert found([News("a1", "2021-03-06", (ends,))], "names", things=things) == []


def test_another_name_that_looks_right_is_offered() -> None:
    things = {**THINGS, "odd": thing("odd", "Company", "https://www.hm.example/鹤鸣", "鹤鸣精机")}
    (doubt,) = found([News("a1", "2021-03-06", (Said("odd", "partnerOf", "lq"),))], "names", things=things)
    assert doubt.commands[0] == f"wenmai curate rename {things['odd'].id} '鹤鸣精机'"


# ---- confidence ----


def test_a_fact_on_one_unsure_claim_comes_before_one_that_another_claim_supports() -> None:
    news = [
        News(
            "a1",
            "2021-03-06",
            (Said("hm", "partnerOf", "lq", confidence=0.6), Said("hm", "operates", "uni", confidence=0.6)),
        ),
        News("a2", "2021-03-07", (Said("hm", "partnerOf", "lq"),)),
        News("a3", "2021-03-08", (Said("lq", "acquires", "hm", "Planned", 0.6),)),
    ]
    alone, planned, supported = found(news, "confidence")
    assert [alone.weight, planned.weight, supported.weight] == [0.4, 0.24, 0.12]
    assert "stands on this claim only" in alone.why[-1]
    assert "another claim supports the fact" in supported.against
    assert found(news, "confidence", below=0.5) == []


CLAIMS = st.lists(
    st.builds(
        Said,
        st.sampled_from(["hm", "lq", "edu", "uni"]),
        st.sampled_from(["partnerOf", "supervises", "investsIn"]),
        st.sampled_from(["hm", "lq", "edu", "uni"]),
        st.sampled_from(["Asserted", "Planned", "Reported", "Denied"]),
        st.integers(0, 100).map(lambda number: number / 100),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(CLAIMS, st.integers(0, 100).map(lambda number: number / 100))
def test_every_unsure_claim_is_in_one_doubt_and_no_other_is(said: list[Said], below: float) -> None:
    store = memory(THINGS, [News("a1", "2021-03-06", tuple(said[:6])), News("a2", "2022-03-06", tuple(said[6:]))])
    doubts = review(store, ["confidence"], options=Options(below=below)).doubts
    listed = Counter(claim for doubt in doubts for claim in doubt.claims)
    from wenmai.review.known import Known

    assert dict(listed) == {claim.id: 1 for claim in Known(store).claims.values() if claim.confidence < below}

"""Every named query, its example asked of a small graph made by hand, and what must come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from hand_graph import BASE, RUN, iri, made_store
from wenmai.namespaces import RDF, WENMAI
from wenmai.query import Result, library, run
from wenmai.query.guard import tokens
from wenmai.records import Article, Linked, Resolution
from wenmai.store import MemoryStore
from wenmai.triples import article_quads, graph_iri, merged


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return made_store()


def column(name: str, expected: list[object]) -> Callable[[Result], bool]:
    return lambda result: [row[name] for row in result] == expected


def rows(expected: Sequence[tuple[object, ...]], *names: str) -> Callable[[Result], bool]:
    return lambda result: [tuple(row[name] for name in names) for row in result] == expected


def size(number: int) -> Callable[[Result], bool]:
    return lambda result: len(result) == number


def has(**values: object) -> Callable[[Result], bool]:
    return lambda result: any(all(row[k.rstrip("_")] == v for k, v in values.items()) for row in result)


SN, TX, CENTRE = "申能(集团)有限公司", "深圳市腾讯计算机系统有限公司", "淮海中路社区党建服务中心"
RULE, BODY = "《上海市居民委员会工作条例》", "市十四届人大常委会"
APRIL = dt.date(2017, 4, 21)
PARTS = [(1, "云江地铁运营有限公司", "云江轨道交通集团有限公司"), (2, "云江三号线维护公司", "云江地铁运营有限公司")]
FROM = frozenset({"2017-07", "2017-07-01", "2017-10-01"})
MONTHS = [("2017-04", 3, 1), ("2017-05", 0, 1), ("2018-01", 1, 0), ("2018-02", 1, 0), ("2021-04", 1, 0)]
SIGNED = "2017-04-21-shenneng-tencent"

EXPECTED: dict[str, list[Callable[[Result], bool]]] = {
    "partners": [has(partner_name=TX, quote="sn partnerOf tx。", published=dt.date(2017, 4, 21)), size(2)],
    "in-place": [
        has(thing_name=CENTRE, in_name="淮海中路街道", class_=WENMAI + "PartyBody"),
        size(1),
    ],
    "organizations": [column("name", ["淮海中路社区党建服务中心"])],
    "places-around": [column("place_name", ["淮海中路街道", "黄浦区", "上海市"])],
    "holders": [
        rows([(name, "董事长") for name in ("李明达", "王坚")], "person_name", "post_title"),
        has(quote="wang holdsPost p1。"),
    ],
    "posts-held": [rows([("首席执行官", TX)], "post_title", "in_name"), has(published=APRIL)],
    "in-force": [
        lambda r: {row["effective_from"] for row in r} >= {dt.date(2017, 7, 1), "2017-07"},
        has(name=RULE, quote="rule effectiveFrom 2017-07-01。", published=APRIL),
    ],
    "named-in-place": [column("thing_name", [CENTRE])],
    "above": [has(above_name=PARTS[0][2], relation=WENMAI + "subOrganizationOf")],
    "posts": [column("person_name", ["李明达", "王坚"]), has(title="董事长", in_name=SN)],
    "persons": [column("person_name", ["李明达", "王坚"])],
    "acts-with": [
        size(3),
        has(other_name=SN),
        has(other_name=TX),
        has(other_name="王坚"),
        has(date=APRIL),
    ],
    "policies": [
        has(
            name="《上海市居民委员会工作条例》",
            issued_by="市十四届人大常委会",
            adopted_on="2017-04-20",
            regulates="居民委员会",
        ),
        lambda r: {frozenset(str(row["effective_from"]).split("、")) for row in r} == {FROM},
    ],
    "events": [
        has(name="签约: 申能、腾讯", begin=dt.date(2017, 4, 21), status=WENMAI + "Happened", class_=WENMAI + "Signing"),
        has(begin=dt.date(2017, 5, 1), end=dt.date(2017, 5, 31), held_at="淮海中路街道", status=WENMAI + "Scheduled"),
        size(2),
    ],
    "timeline": [column("date", ["2017-04-21"]), has(role=WENMAI + "participant")],
    "evidence": [
        has(
            quote="sn partnerOf tx。",
            begin=0,
            end=16,
            article_id="2017-04-21-shenneng-tencent",
            modality=WENMAI + "Asserted",
        ),
        has(quote="tx partnerOf sn。", article_id="later"),
        has(modality=WENMAI + "Denied"),
        size(3),
    ],
    "article-says": [size(17), has(subject_text="王坚", object_text="申能董事长 (王坚)", quote="wang holdsPost p1。")],
    "article-mentions": [
        size(11),
        has(name="王坚", printed_as="王坚", class_=WENMAI + "Person"),
        lambda r: {"申能", "申能集团", SN} in [set(str(row["printed_as"]).split("、")) for row in r],
    ],
    "mentioned-in": [column("id", ["denial", "later", "2017-04-21-shenneng-tencent", "party-centre"])],
    "articles": [
        column("id", ["2017-04-21-shenneng-tencent", "committee-rule", "party-centre"]),
        has(publisher_name="新民晚报", claims=17),
    ],
    "together": [has(other=iri("tx").value, other_name=TX, articles=3)],
    "paths": [
        has(
            steps=2,
            first_relation=WENMAI + "participant",
            via_1="签约: 申能、腾讯",
            second_relation=WENMAI + "participant",
        ),
        has(steps=2, first_relation=WENMAI + "affiliatedWith", via_1=TX),
        has(steps=3, via_1="腾讯首席执行官", via_2=TX),
    ],
    "related": [lambda r: r.boolean is True],
    "planned-denied": [
        has(modality=WENMAI + "Denied", subject_text=SN, object_text=TX, quote="sn acquires tx。"),
        has(modality=WENMAI + "Planned", predicate=WENMAI + "investsIn"),
        size(4),
    ],
    "corroborated": [rows([(WENMAI + "partnerOf", 2)], "predicate", "articles")],
    "contradictions": [
        has(
            kind="two dates", one="2017-07-01", other="2017-10-01", one_article="committee-rule", other_article="later"
        ),
        has(kind="two dates", one="2017-07", other="2017-10-01"),
        has(kind="stated and denied", subject_text=SN, one=TX, one_article="later", other_article="denial"),
        has(kind="several holders of one post: 董事长", subject_text=SN),
        size(5),
    ],
    "connected": [lambda r: next(iter(r))["name"] == SN],
    "by-class": [has(entities=9, class_=WENMAI + "Company"), has(entities=6, class_=WENMAI + "Article")],
    "by-month": [rows(MONTHS, "month", "articles", "events")],
    "by-property": [
        has(property=WENMAI + "locatedIn", facts=8, of_them_inferred=3),
        has(property=WENMAI + "partnerOf", facts=2, of_them_inferred=0),
    ],
    "card": [
        has(direction="→", property=WENMAI + "partnerOf", value_text=TX, only_inferred=False),
        has(direction="←", property=WENMAI + "affiliatedWith", value_text="王坚", only_inferred=True),
        has(property=RDF + "type", value=WENMAI + "Company", only_inferred=False),
        has(property=RDF + "type", value=WENMAI + "Organization", only_inferred=True),
        has(property="http://www.w3.org/2004/02/skos/core#altLabel", value_text="申能"),
    ],
    "neighbourhood": [lambda r: len(r.triples) > 20],
    "search": [has(found_name="申能燃气"), has(found_name="申能", name=SN), lambda r: next(iter(r))["name"] == SN],
    "agreements": [has(name="“互联网+能源”战略合作协议", signed_on="2017-04-21"), size(1)],
    "holdings": [has(relation=WENMAI + "acquires", held_name="芜湖长河电机有限公司"), size(1)],
    "tree": [rows(PARTS, "depth", "part_name", "above_name")],
    "successions": [
        rows(
            [("云江地铁运营有限公司", "云江三号线维护公司", WENMAI + "Planned")], "newer_name", "older_name", "modality"
        )
    ],
    "namesakes": [rows([("腾讯", WENMAI + "Company"), ("腾讯", WENMAI + "Site")], "name", "class")],
}


@pytest.mark.parametrize("name", list(library()))
def test_the_example_answers(name: str, store: MemoryStore) -> None:
    result = run(store, name, library()[name].example)
    for number, expected in enumerate(EXPECTED[name]):
        assert expected(result), (number, list(result))


@pytest.mark.parametrize("name", list(library()))
def test_the_head_tells_all(name: str) -> None:
    query = library()[name]
    assert any("\u4e00" <= c <= "\u9fff" for c in query.title_zh)
    assert query.title_en.isascii()
    assert query.about.endswith(".")
    assert all(parameter.about for parameter in query.parameters)
    required = {p.name for p in query.parameters if not p.optional and p.default is None}
    assert required <= set(query.example) <= {p.name for p in query.parameters}


@pytest.mark.parametrize("name", list(library()))
def test_the_text_is_portable(name: str) -> None:
    """A query pasted into another engine needs its prefixes declared, and no union of graphs for a default."""
    found = tokens(library()[name].text)
    declared = {after.text for word, after in pairwise(found) if word.is_word("PREFIX")}
    used = {token.text.partition(":")[0] + ":" for token in found if token.kind == "name"}
    assert used == declared
    words = {token.text for token in found if token.kind in {"name", "iri"}}
    spoken_in_articles = {
        "rdf:subject",
        "rdf:object",
        "wenmai:statedIn",
        "nif:anchorOf",
        "wenmai:modality",
        "wenmai:evidence",
    }
    if words & spoken_in_articles:
        assert any(token.is_word("GRAPH") for token in found)


def test_there_are_enough() -> None:
    assert len(library()) >= 22
    assert set(EXPECTED) == set(library())


def test_optional_parameters_narrow(store: MemoryStore) -> None:
    def count(query: str, **params: str) -> int:
        return len(run(store, query, params))

    assert count("posts") == 3
    assert count("posts", person="马化腾") == 1
    assert count("posts", org="腾讯公司", person="王坚") == 0
    assert count("posts-held", person="马化腾") == 1
    assert count("holders", org="申能", title="首席执行官") == 0
    assert count("in-force", since="2017-08", until="2017-09") == 0
    assert count("named-in-place", place="淮海中路街道", word="医院") == 0
    assert count("policies") == 1
    assert count("policies", body="市十四届人大常委会") == 1
    assert count("policies", body="申能") == 0
    assert count("policies", since="2018") == 0
    assert count("events") == 2
    assert count("events", place="上海市") == 1
    assert count("events", kind="Signing") == 1
    assert count("events", until="2017-04-20") == 0
    assert count("events", since="2017-05-31") == 1
    assert count("in-place", place="上海市") == 5
    assert count("in-place", place="上海市", kind="Organization") == 2
    assert count("articles") == 6
    assert count("articles", publisher="新民晚报", since="2018") == 3
    assert count("articles", publisher="申能") == 0
    assert count("planned-denied", until="2017") == 0
    assert count("mentioned-in", entity="申能", since="2018-02") == 1
    assert count("together", entity="申能", kind="Person") == 3
    assert count("agreements") == 1
    assert count("agreements", org="王坚") == 0
    assert count("evidence", subject="申能") > 3
    assert count("search", name="腾讯", kind="Site") == 1
    assert count("timeline", entity="市十四届人大常委会") == 4
    assert count("timeline", entity="《上海市居民委员会工作条例》") == 4
    assert count("timeline", entity="淮海中路街道") == 1
    assert count("partners", org="申能（集团）有限公司") == 2


def test_an_article_without_date_and_paper_is_listed_once(store: MemoryStore) -> None:
    bare = Resolution(Article("bare", "无题", "无。", "bare.txt", "0" * 64), RUN)
    quads = article_quads(Linked(bare), BASE)
    more = MemoryStore(BASE, [*store.match(), *quads, *merged(quads)])
    (row,) = [row for row in run(more, "articles") if row["id"] == "bare"]
    assert row == dict.fromkeys(row, None) | {"id": "bare", "title": "无题"}


def test_no_path_is_no_row(store: MemoryStore) -> None:
    assert len(run(store, "paths", {"from": "马化腾", "to": "居民委员会"})) == 0
    assert len(run(store, "paths", {"from": "王坚", "to": "申能"})) > 2


def test_an_empty_graph_gives_empty_answers() -> None:
    for name, query in library().items():
        if all(p.optional or p.default is not None for p in query.parameters):
            assert len(run(MemoryStore(), name)) == 0, name


def test_the_graph_of_an_article_is_named_as_expected() -> None:
    assert graph_iri(BASE, "a").value.startswith(BASE + "graph/article-")

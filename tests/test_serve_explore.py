"""The explorer's data, asked of a real server with the sample articles."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pyoxigraph as ox
import pytest

from serving import Served
from wenmai.namespaces import WENMAI
from wenmai.serve.explore.cite_task import plain, tex

Ask = Callable[..., Any]
SN, TX, MA = "申能（集团）有限公司", "深圳市腾讯计算机系统有限公司", "马化腾"
NODE = {"id", "iri", "label", "class", "kind", "degree"}
EDGE = {
    "id", "source", "target", "predicate", "label", "modality", "inferred", "symmetric", "confidence", "claims",
    "modalities", "first", "last", "dates",
}  # fmt: skip


def _asked(served: Served, name: str, status: int = 200, **fields: Any) -> Any:
    got = served.send(f"/explore/{name}?" + urllib.parse.urlencode({"lang": "zh", **fields}, doseq=True))
    assert got.status == status, got.text
    return json.loads(got.text)


@pytest.fixture(scope="module")
def ask(sample_server: Served) -> Ask:
    return partial(_asked, sample_server)


@pytest.fixture(scope="module")
def ids(sample_server: Served) -> Callable[[str], str]:
    known: dict[str, str] = {}

    def find(name: str) -> str:
        if name not in known:
            query = f"SELECT ?e {{ ?e skos:prefLabel|dcterms:title ?l FILTER(STR(?l) = {ox.Literal(name)}) }}"
            (row,) = json.loads(sample_server.sparql(query).text)["results"]["bindings"]
            known[name] = row["e"]["value"].rpartition("/")[2]
        return known[name]

    return find


def labels(nodes: list[dict[str, Any]]) -> set[str]:
    return {node["label"] for node in nodes}


def said(drawn: Any) -> set[tuple[str, str, str, str]]:
    names = {node["id"]: node["label"] for node in drawn["nodes"]}
    return {(names[e["source"]], e["label"], names[e["target"]], e["modality"]) for e in drawn["edges"]}


def test_a_thing_has_its_neighbours_around_it(ask: Ask, ids: Callable[[str], str]) -> None:
    drawn = ask("around", id=ids(SN))
    assert drawn["nodes"][0]["label"] == SN
    assert {TX, "王坚", "“互联网+能源”战略合作协议"} <= labels(drawn["nodes"])
    assert all(node.keys() >= NODE for node in drawn["nodes"])
    assert all(edge.keys() == EDGE for edge in drawn["edges"])
    assert (drawn["total"], drawn["more"]) == (len(drawn["nodes"]) - 1, False)
    ends = {node["id"] for node in drawn["nodes"]}
    assert all({edge["source"], edge["target"]} <= ends for edge in drawn["edges"])
    partner = next(edge for edge in drawn["edges"] if edge["predicate"] == "partnerOf")
    assert partner["dates"] == ["2017-04-21", "2017-05-02"]
    assert (partner["first"], partner["last"], partner["claims"]) == ("2017-04-21", "2017-05-02", 2)
    assert partner["symmetric"]
    assert 0 < partner["confidence"] <= 1


def test_things_are_shown_again_with_all_lines_between_them(ask: Ask, ids: Callable[[str], str]) -> None:
    around = ask("around", id=ids(SN))
    wanted = [node["id"] for node in around["nodes"]]
    again = ask("among", ids=" ".join([*wanted, "org-000000000000"]))
    assert {node["id"] for node in again["nodes"]} == set(wanted)
    assert {edge["id"] for edge in again["edges"]} == {edge["id"] for edge in around["edges"]}
    assert "500" in ask("among", 400, ids=" ".join(f"org-{number:012}" for number in range(501)))["detail"]


def test_a_post_is_a_line_with_its_title(ask: Ask, ids: Callable[[str], str]) -> None:
    drawn = ask("around", id=ids(MA))
    assert (MA, "首席执行官、董事会主席", TX, "Asserted") in said(drawn)
    assert not any(node["kind"] == "Post" for node in drawn["nodes"])


def test_what_is_denied_or_planned_is_no_plain_fact(ask: Ask, ids: Callable[[str], str]) -> None:
    assert ("杭州云帆科技有限公司", "收购", "苏州海蓝软件有限公司", "Denied") in said(
        ask("around", id=ids("杭州云帆科技有限公司"))
    )
    planned = [each for each in said(ask("around", id=ids("云江航运职业学院"))) if each[3] == "Planned"]
    assert ("云江航运职业学院", "云江船舶修理学校") in {(each[0], each[2]) for each in planned}


def test_what_follows_is_marked(ask: Ask, ids: Callable[[str], str]) -> None:
    drawn = ask("around", id=ids("淮海中路社区党建服务中心"))
    far = [edge for edge in drawn["edges"] if edge["target"] == ids("黄浦区")]
    assert any(edge["inferred"] and edge["claims"] == 0 and edge["confidence"] is None for edge in far)


def test_neighbours_come_by_pages_the_most_connected_first(ask: Ask, ids: Callable[[str], str]) -> None:
    whole = ask("around", id=ids(TX))
    degrees = [node["degree"] for node in whole["nodes"][1:]]
    assert degrees == sorted(degrees, reverse=True)
    first, rest = ask("around", id=ids(TX), limit=3), ask("around", id=ids(TX), limit=100, offset=3)
    assert (first["more"], rest["more"]) == (True, False)
    assert first["total"] == rest["total"] == whole["total"]
    pages = [node["id"] for page in (first, rest) for node in page["nodes"][1:]]
    assert pages == [node["id"] for node in whole["nodes"][1:]]


def test_labels_are_in_the_language_that_is_asked_for(ask: Ask, ids: Callable[[str], str]) -> None:
    edges = ask("around", id=ids(SN), lang="en")["edges"]
    assert "partner of" in {edge["label"].lower() for edge in edges}


def test_the_picture_to_begin_with_is_connected(ask: Ask) -> None:
    drawn = ask("start")
    assert len(drawn["nodes"]) > 10
    assert drawn["edges"]
    assert {node["kind"] for node in drawn["nodes"]} & {"Organization", "Person"}


def test_a_path_is_a_shortest_one(ask: Ask, ids: Callable[[str], str]) -> None:
    drawn = ask("path", **{"from": ids(MA), "to": ids(SN)})
    assert drawn["length"] == len(drawn["nodes"]) - 1 == 2
    assert [drawn["nodes"][0]["label"], drawn["nodes"][-1]["label"]] == [MA, SN]
    pairs = {frozenset((edge["source"], edge["target"])) for edge in drawn["edges"]}
    chain = [node["id"] for node in drawn["nodes"]]
    assert {frozenset(pair) for pair in pairwise(chain)} <= pairs
    assert ask("path", **{"from": ids(SN), "to": ids(SN)})["length"] == 0
    assert "no chain" in ask("path", 404, **{"from": ids(SN), "to": ids("海棠市博物馆")})["detail"]


def test_things_have_neighbours_in_common(ask: Ask, ids: Callable[[str], str]) -> None:
    drawn = ask("common", id=[ids(SN), ids(TX)])
    assert "“互联网+能源”战略合作协议" in labels(drawn["nodes"][2:])
    assert "王坚" not in {node["label"] for node in drawn["nodes"][2:] if node["class"] == "Company"}
    assert drawn["total"] == len(drawn["nodes"]) - 2


def test_a_card_has_names_facts_events_and_posts(ask: Ask, ids: Callable[[str], str]) -> None:
    card = ask("card", id=ids(TX))
    assert card["node"]["label"] == TX
    assert "腾讯公司" in card["names"]
    assert (card["articles"], card["more"]) == (2, False)
    assert {("partnerOf", SN)} <= {(each["predicate"], each["other"]["label"]) for each in card["facts"]}
    assert [each["other"]["label"] for each in card["posts"]] == [MA]
    begins = [each["other"]["begin"] for each in card["events"]]
    assert begins == sorted(begins)
    values = ask("card", id=ids("淮海中路社区党建服务中心"))["values"]
    assert ("address", "柳林路118号") in {(each["predicate"], each["value"]) for each in values}


def test_a_line_has_the_words_it_stands_on(ask: Ask, ids: Callable[[str], str], sample_server: Served) -> None:
    told = ask("evidence", s=ids(TX), p="partnerOf", o=ids(SN))
    assert (told["fact"]["holds"], told["fact"]["inferred"]) == (True, False)
    assert [claim["article"]["date"] for claim in told["claims"]] == ["2017-04-21", "2017-05-02"]
    claim = told["claims"][0]
    assert claim["article"]["paper"] == "浦江日报"
    query = f"SELECT ?t {{ GRAPH ?g {{ <{claim['article']['iri']}> nif:isString ?t }} }}"
    text = json.loads(sample_server.sparql(query).text)["results"]["bindings"][0]["t"]["value"]
    assert text[claim["begin"] : claim["end"]] == claim["quote"]
    assert claim["span"].endswith(f"#char={claim['begin']},{claim['end']}")


def test_a_post_has_the_words_of_both_halves(ask: Ask, ids: Callable[[str], str]) -> None:
    told = ask("evidence", s=ids(MA), p="holdsPost", o=ids(TX))
    assert {claim["predicate"] for claim in told["claims"]} == {"holdsPost", "postIn"}
    assert told["against"] == []


def test_what_follows_has_its_proof(ask: Ask, ids: Callable[[str], str]) -> None:
    told = ask("evidence", s=ids(MA), p="affiliatedWith", o=ids(TX))
    assert told["fact"]["inferred"]
    assert told["claims"] == []
    premises = told["why"][0]["premises"]
    assert len(premises) == 2
    assert all(claim["quote"] for premise in premises for claim in premise["claims"])


def test_claims_that_differ_stand_against_each_other(ask: Ask, ids: Callable[[str], str]) -> None:
    rule = ids("云江市电动自行车停放管理规定")
    told = ask("evidence", s=rule, p="effectiveFrom", v="2020-12-01")
    assert {claim["object"]["label"] for claim in told["claims"]} == {"2020-12-01"}
    assert {claim["object"]["label"] for claim in told["against"]} == {"2021-01-01"}
    assert told["claims"][0]["article"]["id"] != told["against"][0]["article"]["id"]
    told = ask("evidence", s=ids("陆长风"), p="holdsPost", o=ids("海棠市博物馆"))
    assert "宋知秋" in {claim["subject"]["label"] for claim in told["against"]}


def test_a_denied_line_has_the_denial(ask: Ask, ids: Callable[[str], str]) -> None:
    told = ask("evidence", s=ids("杭州云帆科技有限公司"), p="acquires", o=ids("苏州海蓝软件有限公司"))
    assert told["fact"]["holds"] is False
    assert [(claim["modality"], claim["fact"]) for claim in told["claims"]] == [("Denied", False)]
    ask("evidence", 404, s=ids(SN), p="acquires", o=ids(TX))


def test_the_timeline_of_a_thing_is_in_order(ask: Ask, ids: Callable[[str], str]) -> None:
    told = ask("timeline", id=ids(TX))
    begins = [item["begin"] for item in told["items"]]
    assert begins == sorted(begins)
    assert {item["kind"] for item in told["items"]} == {"event", "post"}
    assert told["total"] == len(begins) == sum(month["count"] for month in told["months"])
    first = told["items"][0]
    assert first["begin"] == "2015-04-01"
    assert "上海市人民政府" in {other["node"]["label"] for other in first["with"]}
    later = ask("timeline", id=ids(TX), since="2017")
    assert 0 < later["total"] < told["total"]
    rule = ask("timeline", id=ids("上海市居民委员会工作条例"))["items"]
    assert ("policy", "2017-07-01") in {(item["kind"], item["begin"]) for item in rule}


def test_the_timeline_of_all_comes_by_pages(ask: Ask) -> None:
    whole = ask("timeline", limit=200, order="desc")
    begins = [item["begin"] for item in whole["items"]]
    assert begins == sorted(begins, reverse=True)
    assert whole["total"] == len(begins)
    pages = [ask("timeline", limit=4, offset=at, order="desc") for at in range(0, whole["total"], 4)]
    assert [item["node"]["id"] for page in pages for item in page["items"]] == [i["node"]["id"] for i in whole["items"]]
    assert [page["more"] for page in pages] == [True] * (len(pages) - 1) + [False]
    april = ask("timeline", since="2017-04", until="2017-04")
    assert all(item["begin"].startswith("2017-04") for item in april["items"])
    assert april["months"] == [{"month": "2017-04", "count": april["total"]}]


def test_places_open_level_by_level(ask: Ask, ids: Callable[[str], str]) -> None:
    roots = ask("places")["items"]
    assert "黄浦区" in labels([item["node"] for item in roots])
    below = ask("places", under=ids("黄浦区"))
    assert [node["label"] for node in below["path"]] == ["黄浦区"]
    (street,) = below["items"]
    assert (street["node"]["label"], street["places"], street["things"]) == ("淮海中路街道", 0, 1)
    assert next(i for i in roots if i["node"]["label"] == "黄浦区")["within"] == 2
    assert [n["label"] for n in ask("places", under=ids("淮海中路街道"))["path"]] == ["黄浦区", "淮海中路街道"]


def test_articles_are_found_by_facets(ask: Ask, ids: Callable[[str], str]) -> None:
    whole = ask("articles", limit=100)
    dates = [article["date"] or "" for article in whole["articles"]]
    assert dates == sorted(dates, reverse=True)
    assert whole["total"] == len(dates) == sum(month["count"] for month in whole["facets"]["months"])
    for facet, name, key in (("papers", "paper", "node"), ("months", "month", "month"), ("classes", "class", "class")):
        value = whole["facets"][facet][0]
        chosen = value[key]["id"] if key == "node" else value[key]
        assert ask("articles", **{name: chosen})["total"] == value["count"]
    entity = whole["facets"]["entities"][0]
    assert ask("articles", entity=entity["node"]["id"])["total"] == entity["count"]
    both = ask("articles", entity=[ids(SN), ids(TX)], month="2017-05")
    assert [article["identifier"] for article in both["articles"]] == ["2017-05-02-shenneng-tencent-follow-up"]
    assert both["articles"][0]["paper"]["label"] == "江海商报"
    assert ask("articles", month="1999")["total"] == 0


def test_two_things_are_compared(ask: Ask, ids: Callable[[str], str]) -> None:
    told = ask("compare", a=ids(SN), b=ids(TX))
    assert (told["kind"], told["a"]["label"], told["b"]["label"]) == ("things", SN, TX)
    assert "partnerOf" in {edge["predicate"] for edge in told["between"]}
    assert {"“互联网+能源”战略合作协议"} <= {each["node"]["label"] for each in told["shared"]}
    assert "王坚" in {each["node"]["label"] for each in told["only_a"]}
    assert MA in {each["node"]["label"] for each in told["only_b"]}
    assert all(each["edges"] for name in ("shared", "only_a", "only_b") for each in told[name])
    assert told["totals"]["only_a"] == len(told["only_a"])


def test_two_articles_are_compared(ask: Ask, ids: Callable[[str], str]) -> None:
    told = ask("compare", a=ids("申能与腾讯签约合作“智慧燃气”"), b=ids("申能与腾讯的合作进入第二步"))
    assert told["kind"] == "articles"
    shared = {(each["a"]["predicate"], each["b"]["predicate"]) for each in told["claims"]["shared"]}
    assert ("partnerOf", "partnerOf") in shared
    assert all(each["a"]["quote"] and "b" not in each for each in told["claims"]["only_a"])
    assert {SN, TX} <= labels(told["entities"]["shared"])
    ask("compare", 400, a=ids(SN), b=ids("申能与腾讯的合作进入第二步"))
    ask("compare", 400, a=ids(SN), b=ids(SN))


def export(served: Served, **fields: str) -> Any:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return served.send("/explore/export?lang=zh", "POST", form, urllib.parse.urlencode(fields))


def test_what_is_seen_is_handed_out(sample_server: Served, ids: Callable[[str], str]) -> None:
    wanted = " ".join(map(ids, (SN, TX, MA)))
    table = export(sample_server, format="csv", ids=wanted)
    assert table.headers["content-disposition"] == 'attachment; filename="wenmai.csv"'
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert (TX, "partnerOf", SN, "Asserted") in {
        (row["subject"], row["predicate"], row["object"], row["modality"]) for row in rows
    }
    for format in ("graphml", "gexf"):
        root = ET.fromstring(export(sample_server, format=format, ids=wanted).body)
        assert SN in ET.tostring(root, "unicode")
    picture = export(sample_server, format="svg", ids=wanted)
    assert (picture.media, b"<script" in picture.body) == ("image/svg+xml", False)
    assert MA in picture.text
    turtle = export(sample_server, format="turtle", ids=wanted)
    quads = list(ox.parse(turtle.body, ox.RdfFormat.TURTLE))
    predicates = {quad.predicate.value.removeprefix(WENMAI) for quad in quads}
    assert {"partnerOf", "holdsPost", "postIn", "evidence", "publishedOn"} <= predicates


def test_an_export_has_the_lines_that_are_wanted(sample_server: Served, ids: Callable[[str], str]) -> None:
    pair = " ".join(map(ids, ("杭州云帆科技有限公司", "苏州海蓝软件有限公司")))

    def lines(**fields: str) -> list[str]:
        body = export(sample_server, format="csv", ids=pair, **fields).body.decode("utf-8-sig")
        return [row["predicate"] for row in csv.DictReader(io.StringIO(body))]

    assert lines() == ["acquires"]
    assert lines(modality="Asserted") == []
    assert lines(since="2019") == []
    assert lines(confidence="1") == []
    assert lines(edges="|".join((pair.split()[0], "acquires", pair.split()[1]))) == ["acquires"]
    assert lines(edges="a|acquires|b") == []
    turtle = export(sample_server, format="turtle", ids=pair)
    quads = list(ox.parse(turtle.body, ox.RdfFormat.TURTLE))
    assert not any(quad.predicate.value == WENMAI + "acquires" for quad in quads)
    assert any(getattr(quad.object, "value", "") == WENMAI + "Denied" for quad in quads)


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "exe", "ids": "org-1"},
        {"format": "csv"},
        {"format": "csv", "ids": "a b;c"},
        {"format": "csv", "ids": " ".join(f"org-{n}" for n in range(2001))},
        {"format": "csv", "ids": "org-1", "modality": "Maybe"},
        {"format": "csv", "ids": "org-1", "confidence": "2"},
        {"format": "csv", "ids": "org-1", "since": "yesterday"},
    ],
)
def test_a_wrong_export_is_refused(fields: dict[str, str], sample_server: Served) -> None:
    assert export(sample_server, **fields).status == 400


def test_an_export_is_not_for_pages_of_others(sample_server: Served, ids: Callable[[str], str]) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"}
    got = sample_server.send("/explore/export", "POST", headers, f"format=csv&ids={ids(SN)}")
    assert got.status == 403


def test_a_fact_is_cited(sample_server: Served, ids: Callable[[str], str]) -> None:
    at = f"/explore/cite?lang=zh&s={ids(SN)}&p=partnerOf&o={ids(TX)}"
    text = sample_server.send(at)
    assert text.media == "text/plain"
    assert "浦江日报, 2017-04-21" in text.text
    assert "#char=11,80" in text.text
    bibtex = sample_server.send(at + "&format=bibtex")
    assert bibtex.text.count("@article{") == 2
    assert "journal = {浦江日报}" in bibtex.text
    assert bibtex.headers["content-disposition"].endswith('.bib"')
    records = sample_server.send(at + "&format=ris").body.decode().split("ER  - \r\n")
    assert "DA  - 2017/04/21/\r\n" in records[0]
    assert records[0].startswith("TY  - NEWS\r\n")
    denied = sample_server.send(
        f"/explore/cite?s={ids('杭州云帆科技有限公司')}&p=acquires&o={ids('苏州海蓝软件有限公司')}"
    )
    assert "[Denied]" in denied.text
    inferred = f"/explore/cite?s={ids(MA)}&p=affiliatedWith&o={ids(TX)}"
    assert sample_server.send(inferred).status == 404


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50% & more_", r"50\% \& more\_"),
        ("a}b{c", r"a\}b\{c"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
        ('"q" @x #1 $2 ^ ~', r"{''}q{''} {@}x \#1 \$2 \textasciicircum{} \textasciitilde{}"),
        ("two\r\nlines", "two lines"),
    ],
)
def test_no_character_is_a_command_of_tex(text: str, written: str) -> None:
    made = tex(text)
    assert made == written
    depth = 0
    for before, char in zip(" " + made, made, strict=False):
        depth += {"{": 1, "}": -1}.get(char, 0) if before != "\\" else 0
        assert depth >= 0
    assert depth == 0


def test_no_text_begins_a_field_of_ris() -> None:
    assert plain("x\r\nER  - \r\nTY  - JOUR") == "x ER - TY - JOUR"
    assert plain("a\u202eb\u2028c") == "a b c"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("around", 400),
        ("around?id=" + "&id=".join(f"org-{n}" for n in range(51)), 400),
        ("around?id=org-000000000000", 404),
        ("around?id=..%2F", 400),
        ("around?id=org-000000000000&limit=201", 400),
        ("common?id=org-000000000000", 400),
        ("path?from=org-000000000000", 400),
        ("evidence?s=org-1&p=mentions%3E&o=org-2", 400),
        ("timeline?since=2017-13", 400),
        ("timeline?order=up", 400),
        ("places?under=org-000000000000", 404),
        ("articles?month=May", 400),
        ("articles?class=Company", 400),
        ("cite?s=org-1&p=partnerOf&o=org-2&format=doc", 400),
        ("card?id=claim-000000000000", 404),
    ],
)
def test_what_is_out_of_bounds_is_refused(path: str, status: int, sample_server: Served) -> None:
    got = sample_server.send(f"/explore/{path}")
    assert (got.status, got.media) == (status, "application/problem+json"), got.text


def test_the_routes_are_described(sample_server: Served) -> None:
    paths = json.loads(sample_server.send("/openapi.json").text)["paths"]
    queries = ("start", "around", "path", "common", "card", "evidence", "timeline", "places", "articles")
    for name in (*queries, "compare", "cite"):
        operation = paths[f"/explore/{name}"]["get"]
        assert operation["summary"] != f"/explore/{name}"
        assert operation["responses"]["200"]["content"]
    assert "application/x-www-form-urlencoded" in paths["/explore/export"]["post"]["requestBody"]["content"]
    assert "/ask.json" in paths


def test_answers_are_kept_by_caches(sample_server: Served, ids: Callable[[str], str]) -> None:
    path = f"/explore/around?id={ids(SN)}"
    first = sample_server.send(path)
    assert "Accept-Language" in first.headers["vary"]
    assert sample_server.send(path, headers={"If-None-Match": first.headers["etag"]}).status == 304

"""Pages over HTTP, without a browser: time, places, articles, comparison, what is embedded, /sparql for people."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import Got, Served, serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "zh-CN"}


def page(server: Served, path: str, **query: str) -> Got:
    return server.send(path + ("?" + urllib.parse.urlencode(query) if query else ""), headers=BROWSER)


def ids(server: Served, query: str) -> list[str]:
    rows = json.loads(server.sparql(query).text)["results"]["bindings"]
    return [next(iter(row.values()))["value"].rpartition("/")[2] for row in rows]


@pytest.fixture(scope="module")
def embedding(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("embedding") / "log"
    with serving(sample_store, log, "--set", "embed=https://cms.example") as served:
        yield served


def test_sparql_is_a_page_for_browsers_and_a_service_for_programs(sample_server: Served) -> None:
    got = page(sample_server, "/sparql")
    assert (got.status, got.media) == (200, "text/html") and 'name="query"' in got.text
    for accept in ("text/turtle", "*/*", "application/rdf+xml"):
        got = sample_server.send("/sparql", headers={"Accept": accept})
        assert "sparql-service-description" in got.text and got.media != "text/html"


def test_the_form_of_sparql_answers_without_a_script(sample_server: Served) -> None:
    query = "SELECT ?company WHERE { ?company skos:altLabel '申能'@zh }"
    got = page(sample_server, "/sparql", query=query)
    (company,) = ids(sample_server, query)
    assert got.status == 200 and f'href="/doc/{company}"' in got.text and "申能（集团）有限公司" in got.text
    file = page(sample_server, "/sparql", query=query, download="csv")
    assert (file.media, file.headers["content-disposition"]) == ("text/csv", 'attachment; filename="wenmai.csv"')
    assert file.text.splitlines()[1].endswith(company)
    wrong = page(sample_server, "/sparql", query="SELECT ?s WHERE { ?s foo:bar ?o }")
    assert wrong.status == 400 and "the prefix is not declared" in wrong.text
    assert page(sample_server, "/sparql", query=query, download="exe").status == 400


def test_a_long_answer_on_the_page_of_sparql_says_so_and_leads_on(sample_server: Served) -> None:
    got = page(sample_server, "/sparql", query="SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o")
    assert got.text.count("<tr>") == 201 and "只显示前 200 行" in got.text
    (after,) = re.findall(r'<a href="([^"]+)" rel="next">', got.text)
    second = sample_server.send(after.replace("&amp;", "&"), headers=BROWSER)
    assert second.status == 200 and second.text.count("<tr>") == 201
    assert re.findall(r"<td>.*", second.text)[:3] != re.findall(r"<td>.*", got.text)[:3]


def test_what_a_query_says_stays_text_on_the_page(sample_server: Served) -> None:
    query = "SELECT ('</textarea><script>alert(1)</script>' AS ?x) (<javascript:alert(1)> AS ?y) WHERE {}"
    got = page(sample_server, "/sparql", query=query)
    assert got.status == 200 and "<script>alert" not in got.text and 'href="javascript' not in got.text


def test_terms_for_completion_have_labels(sample_server: Served) -> None:
    got = sample_server.send("/ns.terms.json")
    told = json.loads(got.text)
    terms = {each["name"]: each for each in told["terms"]}
    assert got.media == "application/json" and told["prefixes"]["wenmai"].endswith("ns#")
    assert (terms["wenmai:partnerOf"]["kind"], terms["wenmai:Company"]["zh"]) == ("property", "企业")
    assert terms["skos:prefLabel"]["kind"] == "property"


def test_a_query_of_the_library_opens_in_the_editor_with_its_values(sample_server: Served) -> None:
    got = sample_server.send("/queries/partners.rq?" + urllib.parse.urlencode({"org": "申能"}))
    assert got.media == "application/sparql-query" and re.search(r"VALUES \?org \{ <[^>]+/id/org-\w+> \}", got.text)
    assert json.loads(sample_server.sparql(got.text).text)["results"]["bindings"]
    shown = page(sample_server, "/queries/partners", org="申能")
    (link,) = re.findall(r'href="/sparql#query=([^"]+)"', shown.text)
    assert urllib.parse.unquote_plus(link) == got.text
    assert sample_server.send("/queries/partners.rq?org=nobody-is-called-so").status == 400


def test_forms_of_queries_have_the_fields_that_fit(sample_server: Served) -> None:
    text = page(sample_server, "/queries/events", kind="Signing").text
    assert re.search(r'<option value="Signing" selected>签约 \(Signing\)', text)
    assert re.search(r'name="since"[^>]*pattern=', text) and re.search(r'name="place"[^>]*data-suggest', text)


def test_the_timeline_tells_events_and_posts_in_time(sample_server: Served) -> None:
    got = page(sample_server, "/timeline", of="申能", order="asc")
    assert got.status == 200 and "签约" in got.text and "董事长" in got.text
    every = page(sample_server, "/timeline")
    days = re.findall(r'<time datetime="([\d-]+)">', every.text)
    assert len(days) > 10 and days == sorted(days, reverse=True)
    some = page(sample_server, "/timeline", since="2017-04", until="2017-04")
    begun = re.findall(r'<time datetime="([\d-]+)">', some.text)
    assert 2 < len(begun) < len(days) and "2017-04-21" in begun and max(begun) <= "2017-04-30"
    for wrong in ({"of": "谁也不是"}, {"since": "soon"}):
        got = page(sample_server, "/timeline", **wrong)
        assert got.status == 400 and 'role="alert"' in got.text and 'name="of"' in got.text


def test_the_tree_of_places_leads_down_and_up(sample_server: Served) -> None:
    top = page(sample_server, "/places")
    assert re.search(r'<details data-under="place-\w+"><summary>.*?黄浦区.*?1 个地点', top.text)
    inside = page(sample_server, "/places", under="黄浦区")
    assert "淮海中路" in inside.text and 'aria-current="page">黄浦区' in inside.text
    assert page(sample_server, "/places", under="没有的地方").status == 400


def test_facets_narrow_the_reading_list(sample_server: Served) -> None:
    every = page(sample_server, "/articles")
    some = page(sample_server, "/articles", entity="申能")
    count = [int(found) for got in (every, some) for found in re.findall(r'id="list"[^>]*>(\d+) 篇', got.text)]
    assert count[0] > count[1] > 0
    (narrower, *_) = re.findall(r'<a href="(/articles\?[^"]*month=[^"]+)"', some.text)
    one = sample_server.send(narrower.replace("&amp;", "&"), headers=BROWSER)
    assert one.status == 200 and 'aria-current="true"' in one.text
    assert page(sample_server, "/articles", entity="谁也不是").status == 400
    assert page(sample_server, "/articles", **{"class": "Nothing"}).status == 400


def test_two_things_and_two_articles_are_compared(sample_server: Served) -> None:
    things = page(sample_server, "/compare", a="申能", b="腾讯公司")
    assert things.status == 200 and "合作伙伴" in things.text and "只与申能（集团）有限公司相连" in things.text
    pair = ids(sample_server, "SELECT ?a { ?a wenmai:mentions ?e . ?e skos:altLabel '申能'@zh } ORDER BY ?a")[:2]
    articles = page(sample_server, "/compare", a=pair[0], b=pair[1])
    assert articles.status == 200 and "两篇都说" in articles.text and "<blockquote" in articles.text
    assert page(sample_server, "/compare", a="申能", b="申能").status == 400
    news = page(sample_server, "/compare", a="2017-04-20", b="2017-05")
    assert news.status == 200 and "2017-04-20 之后至 2017-05-31" in news.text and "合作伙伴" in news.text
    again = page(sample_server, "/compare", a="2017-05-01", b="2017-05-31")
    assert 0 < again.text.count("<li><p>") < news.text.count("<li><p>")
    assert page(sample_server, "/compare", a="申能", b=pair[0]).status == 400


def test_a_question_is_answered_with_its_query_and_its_words(sample_server: Served) -> None:
    got = page(sample_server, "/ask", q="谁是申能的合作方？")
    assert got.status == 200 and "深圳市腾讯计算机系统有限公司" in got.text and "<blockquote" in got.text
    assert 'href="/queries/partners?' in got.text and 'href="/sparql#query=' in got.text
    unknown = page(sample_server, "/ask", q="谁是申能集国的合作方？")
    assert unknown.status == 200 and "图中没有" in unknown.text
    none = page(sample_server, "/ask", q="今天天气怎么样，会下雨吗？")
    assert none.status == 200 and "没有看懂" in none.text and 'href="/ask?q=' in none.text
    assert page(sample_server, "/ask").status == 200 and page(sample_server, "/ask", q="谁" * 600).status == 400


def test_an_embedded_page_has_no_script_and_is_framed_by_configuration_alone(
    sample_server: Served, embedding: Served
) -> None:
    (company,) = ids(sample_server, "SELECT ?s { ?s skos:altLabel '申能'@zh }")
    closed, opened = (page(each, "/embed", id=company) for each in (sample_server, embedding))
    assert "frame-ancestors 'none'" in closed.headers["content-security-policy"]
    assert "frame-ancestors https://cms.example" in opened.headers["content-security-policy"]
    for got in (closed, opened):
        assert got.status == 200 and "<script" not in got.text and "style=" not in got.text
        assert "<svg" in got.text and "深圳市腾讯计算机系统有限公司" in got.text and 'target="_blank"' in got.text
    assert page(sample_server, "/embed", id="org-000000000000").status == 404
    assert page(sample_server, "/embed").status == 400


PAGES = ("/timeline", "/places", "/articles", "/compare", "/ask", "/sparql", "/queries/events")


@pytest.mark.parametrize("path", PAGES)
def test_pages_come_in_both_languages(sample_server: Served, path: str) -> None:
    for lang, code in (("zh", "zh-Hans"), ("en", "en")):
        got = page(sample_server, path, lang=lang)
        assert got.status == 200 and f'<html lang="{code}">' in got.text
        assert "Accept-Language" in got.headers["vary"]
        other = "en" if lang == "zh" else "zh"
        assert re.search(rf'href="[^"]*[?&;]lang={other}[^"]*" lang=', got.text)

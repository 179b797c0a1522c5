"""Search, named queries, their description, health and figures: asked of a real server."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from conftest import Command
from serving import Got, Served, serving
from wenmai.query.library import library

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORMULA = "=HYPERLINK(1)<script>alert(1)</script>"
TOKEN = "figures-0123456789"


def ask(served: Served, path: str, headers: dict[str, str] | None = None, **fields: Any) -> Got:
    return served.send(path + ("?" + urllib.parse.urlencode(fields) if fields else ""), headers=headers)


def found(served: Served, **fields: Any) -> Any:
    got = ask(served, "/search", **fields)
    assert (got.status, got.media) == (200, "application/json"), got.text
    return json.loads(got.text)


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> Path:
    """Build four articles, one with a title that is a formula and a script."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "in").mkdir()
    text = "海棠能源（集团）有限公司昨天与远山航运有限公司签署合作协议。"
    for name, title in (("a", FORMULA), ("b", "-1+1"), ("c", "港区"), ("d", "续报")):
        (folder / "in" / f"{name}.txt").write_text(
            f"---\ntitle: {title}\ndate: 2021-03-05\n---\n\n{text}{name}\n", "utf-8"
        )
    done = wenmai("build", folder / "in", "--store", folder / "s", "--tagger", "none")
    assert done.returncode == 0, done.stderr
    return folder / "s"


@pytest.fixture(scope="module")
def small_server(small_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve them with one worker; answers have three rows."""
    log = tmp_path_factory.mktemp("served") / "log"
    options = ("--set", "rows=3", "--set", "workers=1")
    with serving(small_store, log, *options, env={"WENMAI_METRICS_TOKEN": TOKEN}) as served:
        yield served


# Search


def test_what_the_command_finds_is_found(sample_server: Served, sample_store: Path, wenmai: Command) -> None:
    for text in ("申能", "“智慧燃气” 申能", "snjt"):
        done = wenmai("search", text, "--format", "json", "--store", sample_store, "--limit", "50")
        answer = found(sample_server, q=text, limit="50")
        assert {name: answer[name] for name in ("names", "sentences")} == json.loads(done.stdout)
    bodies = sample_server.sparql("SELECT ?a ?t { GRAPH ?g { ?a nif:isString ?t } }")
    texts = {row["a"]["value"]: row["t"]["value"] for row in json.loads(bodies.text)["results"]["bindings"]}
    hits = found(sample_server, q="申能", kind="sentences")["sentences"]
    assert hits
    for hit in hits:
        assert texts[hit["iri"]][hit["begin"] : hit["end"]] == hit["text"]
        assert {texts[hit["iri"]][begin:end] for begin, end in hit["marks"]} == {"申能"}


def test_names_are_found_by_a_part_and_by_initials(sample_server: Served) -> None:
    by = {"snjt": "initials", "SNJT": "initials", "申能": "name", "集团": "name"}
    for text, how in by.items():
        named = found(sample_server, q=text, kind="names")
        assert "sentences" not in named
        assert ("申能（集团）有限公司", how) in [(name["label"], name["by"]) for name in named["names"]], text
    assert found(sample_server, q="xqzv") | {"q": ""} == {
        "q": "",
        "limit": 20,
        "offset": 0,
        "more": False,
        "names": [],
        "sentences": [],
    }


def test_pages_of_hits_are_the_whole_one_after_another(sample_server: Served) -> None:
    whole = found(sample_server, q="公司", kind="sentences", limit="100")
    assert not whole["more"]
    pieces, path = [], "/search?" + urllib.parse.urlencode({"q": "公司", "kind": "sentences", "limit": "3"})
    while path:
        got = sample_server.send(path)
        pieces += json.loads(got.text)["sentences"]
        link = re.fullmatch(r'<(\?[^>]*)>; rel="next"', got.headers.get("link", ""))
        assert "x-wenmai-more" not in got.headers
        path = "/search" + link[1] if link else ""
    assert pieces == whole["sentences"]
    assert len(pieces) > 6


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"q": ""},
        {"q": "“”"},
        {"q": "申" * 501},
        {"q": "申能", "limit": "0"},
        {"q": "申能", "limit": "1001"},
        {"q": "申能", "limit": "１"},
        {"q": "申能", "offset": "-1"},
        {"q": "申能", "offset": "10001"},
        {"q": "申能", "kind": "x"},
        {"q": " ".join(chr(0x4E00 + n) for n in range(60))},
    ],
)
def test_a_search_out_of_bounds_is_refused(fields: dict[str, Any], sample_server: Served) -> None:
    got = ask(sample_server, "/search", **fields)
    assert (got.status, got.media) == (400, "application/problem+json")


def test_a_search_that_is_no_text_is_refused(sample_server: Served) -> None:
    assert sample_server.send("/search?q=%ff%fe").status == 400
    assert sample_server.send("/search?q=a&q=b").status == 400
    assert sample_server.send("/search?" + "&".join(["x=1"] * 300)).status == 400
    assert ask(sample_server, "/search", {"Accept": "image/png"}, q="申能").status == 406


class _Page(HTMLParser):
    """The links and the marked words of a page, and every tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.marked: list[str] = []
        self.tags: set[str] = set()
        self._in_mark = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in_mark = tag == "mark"
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        if self._in_mark:
            self.marked.append(data)
            self._in_mark = False


def test_a_browser_gets_a_page(sample_server: Served) -> None:
    got = ask(sample_server, "/search", HTML, q="申能")
    assert (got.status, got.media) == (200, "text/html")
    assert "Accept" in got.headers["vary"]
    page = _Page(got.text)
    assert set(page.marked) == {"申能"}
    assert [link for link in page.links if re.match(r"/doc/article-[0-9a-f]{12}#char=\d+,\d+:~:text=%", link)]
    names = [link for link in page.links if link.startswith("/doc/org-")]
    assert sample_server.send(names[0], headers=HTML).status == 200
    assert ask(sample_server, "/search", HTML).status == 200
    english = ask(sample_server, "/search", HTML, q="申能", lang="en")
    assert "Sentences" in english.text
    assert all("lang=en" in link for link in _Page(english.text).links if link.startswith("/doc/"))
    (other,) = (link for link in _Page(english.text).links if "lang=zh" in link)
    assert "原文句子" in sample_server.send(other, headers=HTML).text


def test_what_is_asked_is_text_and_nothing_else(small_server: Served) -> None:
    hostile = '"><script>alert(1)</script>\u202e'
    for got in (ask(small_server, "/search", HTML, q=hostile), ask(small_server, "/search", HTML, q="海棠")):
        assert got.status == 200
        assert "script" not in _Page(got.text).tags - {"script"} or "<script>alert" not in got.text
        assert "<script>alert" not in got.text
        assert "\u202e" not in re.sub(r'value="[^"]*"', "", got.text)
    assert FORMULA.replace("<", "&lt;").replace(">", "&gt;") in ask(small_server, "/search", HTML, q="海棠").text


def test_suggestions(sample_server: Served) -> None:
    got = ask(sample_server, "/search/suggest", q="sn")
    assert got.media == "application/x-suggestions+json"
    text, names, what, iris = json.loads(got.text)
    assert (text, names[0]) == ("sn", "申能")
    assert what[0] == "企业 · 申能（集团）有限公司"
    assert len(names) == len(what) == len(iris) <= 10
    assert json.loads(ask(sample_server, "/search/suggest", q="腾").text)[1][0] == "腾讯"
    assert json.loads(ask(sample_server, "/search/suggest", q="").text) == ["", [], [], []]


def test_the_search_describes_itself(sample_server: Served) -> None:
    got = ask(sample_server, "/opensearch.xml")
    assert got.media == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(got.body)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    urls = {url.get("type"): url.get("template") for url in root.iter(space + "Url")}
    assert len(root.findtext(space + "ShortName") or "") <= 16
    assert urls["text/html"] == "http://localhost:8000/search?q={searchTerms}"
    assert urls["application/x-suggestions+json"] == "http://localhost:8000/search/suggest?q={searchTerms}"


# Named queries


def test_the_library_is_listed(sample_server: Served) -> None:
    listed = json.loads(ask(sample_server, "/queries").text)["queries"]
    assert [query["name"] for query in listed] == list(library())
    partners = next(query for query in listed if query["name"] == "partners")
    assert partners["title"] == {"zh": "一家机构的合作方", "en": "Partners of an organization"}
    assert partners["parameters"] == [
        {"name": "org", "type": "entity", "about": "the organization", "required": True, "default": None}
    ]
    page = ask(sample_server, "/queries", HTML)
    assert page.media == "text/html"
    assert "一家机构的合作方" in page.text
    assert "Partners of an organization" in page.text


def test_every_query_answers_its_example(sample_server: Served) -> None:
    for name, query in library().items():
        got = sample_server.send(f"/queries/{name}?" + urllib.parse.urlencode(query.example))
        assert got.status == 200, (name, got.text)
        graph = "CONSTRUCT" in query.text
        assert got.media == ("text/turtle" if graph else "application/sparql-results+json")


def test_the_answer_is_that_of_the_command(sample_server: Served, sample_store: Path, wenmai: Command) -> None:
    done = wenmai("query", "partners", "--param", "org=申能", "--format", "json", "--store", sample_store)
    got = ask(sample_server, "/queries/partners", org="申能")
    assert json.loads(got.text)["results"] == json.loads(done.stdout)["results"]
    for accept, begins in {
        "application/sparql-results+xml": "<?xml",
        "text/csv": "partner,partner_name",
        "text/tab-separated-values": "?partner\t?partner_name",
    }.items():
        other = ask(sample_server, "/queries/partners", {"Accept": accept}, org="申能")
        assert (other.media, other.text.startswith(begins)) == (accept, True)
    assert ask(sample_server, "/queries/partners", {"Accept": "image/png"}, org="申能").status == 406
    text = ask(sample_server, "/queries/partners.rq")
    assert (text.media, text.text) == ("application/sparql-query", library()["partners"].text)


def test_several_values_mean_any_and_notes_are_told(sample_server: Served) -> None:
    one = json.loads(ask(sample_server, "/queries/partners", org="申能").text)["results"]["bindings"]
    both = sample_server.send("/queries/partners?" + urllib.parse.urlencode([("org", "申能"), ("org", "腾讯公司")]))
    assert len(json.loads(both.text)["results"]["bindings"]) > len(one)
    begun = ask(sample_server, "/queries/partners", org="申能（集")
    (note,) = json.loads(begun.headers["x-wenmai-notes"])
    assert "申能（集团）有限公司 is meant" in note
    assert json.loads(begun.text)["head"]["notes"] == [note]
    assert begun.headers["x-wenmai-notes"].isascii()


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/queries/partner", 404, "did you mean partners"),
        ("/queries/%3Cscript%3E", 404, "/queries lists them"),
        ("/queries/partner.rq", 404, "did you mean partners"),
        ("/queries/partners", 400, "partners needs org"),
        ("/queries/partners?org=", 400, "partners needs org"),
        ("/queries/partners?ogr=x", 400, "did you mean org?"),
        ("/queries/partners?org=" + urllib.parse.quote("申能电"), 400, "申能集团"),
        ("/queries/partners?org=x&inferred=x", 400, "no parameter"),
        ("/queries/events?since=yesterday", 400, "is not a date"),
        ("/queries/partners?org=" + "x" * 2001, 400, "2,000"),
        ("/queries/partners?" + "&".join(["org=a"] * 101), 400, "at most 100"),
        ("/queries/partners?org=a&timeout=0", 400, "timeout"),
        ("/queries/partners?org=a&offset=x", 400, "offset"),
        ("/queries/partners?org=a&download=pdf", 400, "download"),
    ],
)
def test_what_cannot_be_asked_is_told(path: str, status: int, says: str, sample_server: Served) -> None:
    got = sample_server.send(path)
    assert (got.status, got.media) == (status, "application/problem+json")
    assert says in got.text
    assert "script" not in got.text


def test_more_rows_are_a_link_away(small_server: Served) -> None:
    whole, path = [], "/queries/articles?since=2021"
    while path:
        got = small_server.send(path)
        answer = json.loads(got.text)
        whole += answer["results"]["bindings"]
        link = re.fullmatch(r'<(\?[^>]*)>; rel="next"', got.headers.get("link", ""))
        assert (got.headers.get("x-wenmai-truncated") == "rows=3") == (link is not None)
        assert answer["head"].get("truncated", False) == (link is not None)
        path = "/queries/articles" + link[1] if link else ""
    assert len(whole) == 4


def test_a_spreadsheet_has_no_formula_and_csv_is_as_it_is(small_server: Served) -> None:
    plain = ask(small_server, "/queries/articles", {"Accept": "text/csv"})
    sheet = ask(small_server, "/queries/articles", download="spreadsheet")
    assert sheet.media == "text/csv"
    assert sheet.headers["content-disposition"] == 'attachment; filename="articles.csv"'
    assert sheet.body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(sheet.body.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert {"'" + FORMULA, "'-1+1"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {FORMULA, "-1+1"} <= {cell for row in csv.reader(io.StringIO(plain.text)) for cell in row}


def test_a_query_has_a_page(sample_server: Served, small_server: Served) -> None:
    form = ask(sample_server, "/queries/partners", HTML)
    assert (form.status, "<table" in form.text) == (200, False)
    page = ask(sample_server, "/queries/partners", HTML, org="申能")
    assert "深圳市腾讯计算机系统有限公司" in page.text
    assert [link for link in _Page(page.text).links if link.startswith("/doc/org-")]
    wrong = ask(sample_server, "/queries/partners", HTML, org="申能电")
    assert (wrong.status, "申能集团" in wrong.text) == (400, True)
    assert "<script>alert" not in ask(small_server, "/queries/articles", HTML).text
    assert ask(sample_server, "/queries/card", HTML, entity="申能").status == 200


# Description, health, figures


def test_the_description_is_one_and_whole(sample_server: Served) -> None:
    described = json.loads(ask(sample_server, "/openapi.json").text)
    validate(described)
    assert described["openapi"].startswith("3.1")
    paths = described["paths"]
    for path in ("/sparql", "/search", "/reconcile", "/queries", "/id/{local}", "/healthz", "/readyz", "/metrics"):
        assert path in paths
    assert set(library()) == {p.removeprefix("/queries/") for p in paths if re.fullmatch(r"/queries/[\w-]+", p)}
    said = {p["name"]: p for p in paths["/queries/partners"]["get"]["parameters"]}
    assert said["org"]["required"]
    schema = paths["/search"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator(schema).validate(found(sample_server, q="申能"))
    listed = paths["/queries"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator(listed).validate(json.loads(ask(sample_server, "/queries").text))


def test_what_is_described_is_there(sample_server: Served) -> None:
    """Each path without a parameter in it answers, with the methods that are told and no others."""
    paths = json.loads(ask(sample_server, "/openapi.json").text)["paths"]
    for path, operations in paths.items():
        if "{" in path or path.startswith("/queries/") or "get" not in operations:
            continue
        got = ask(sample_server, path)
        assert got.status not in {404, 405, 500}, path
        refused = sample_server.send(path, "DELETE")
        assert refused.status == 405, path
        allowed = {each.strip().lower() for each in refused.headers["allow"].split(",")} - {"head"}
        assert allowed <= set(operations), path  # fewer where writing is not switched on


def test_health_while_all_workers_are_busy(small_server: Served) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    slow = "/sparql?" + urllib.parse.urlencode({"query": query, "timeout": "1.5"})
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(small_server.send, slow) for _ in range(3)]
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        figures = ""
        while 'wenmai_workers{pool="queries",state="running"} 1.0' not in figures and not asked[0].done():
            figures = ask(small_server, "/metrics", bearer).text
        assert 'wenmai_workers{pool="queries",state="idle"} 0.0' in figures
        begun = time.perf_counter()
        assert ask(small_server, "/healthz").text == "ok\n"
        assert ask(small_server, "/readyz").text == "ready\n"
        assert time.perf_counter() - begun < 1
        assert {each.result().status for each in asked} == {503}
    assert 'wenmai_stopped_total{pool="queries",reason="deadline"}' in ask(small_server, "/metrics", bearer).text


def test_not_ready_without_a_store(small_server: Served, small_store: Path) -> None:
    current = small_store / "current"
    current.rename(current.with_name("away"))
    try:
        assert ask(small_server, "/readyz").status == 503
        assert ask(small_server, "/healthz").status == 200
    finally:
        current.with_name("away").rename(current)
    until = time.monotonic() + 20
    while ask(small_server, "/readyz").status != 200:
        assert time.monotonic() < until


def test_figures(small_server: Served, sample_server: Served) -> None:
    ask(small_server, "/search", q="海棠")
    ask(small_server, "/queries/nothing")
    assert ask(small_server, "/metrics").status == 401
    assert ask(small_server, "/metrics", {"Authorization": "Bearer figures-0123456780"}).status == 401
    got = ask(small_server, "/metrics", {"Authorization": f"Bearer {TOKEN}"})
    assert got.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = [line for line in got.text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z_]+(\{([a-z]+="[^"]*",?)*\})? [-+0-9.einf]+', line) for line in lines)
    assert 'wenmai_http_requests_total{method="GET",route="/queries/{name}",status="404"} 1.0' in lines
    assert 'wenmai_snapshot_info{name="' in got.text
    for name in (
        "wenmai_http_request_seconds_bucket",
        "wenmai_workers",
        "wenmai_queued",
        "wenmai_workers_started_total",
    ):
        assert any(line.startswith(name) for line in lines), name
    assert "海棠" not in got.text
    assert "%E6" not in got.text
    assert TOKEN not in got.text
    assert ask(sample_server, "/metrics").status == 200
    assert ask(sample_server, "/metrics", {"X-Forwarded-For": "192.0.2.1"}).status == 403

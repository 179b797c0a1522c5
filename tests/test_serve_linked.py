"""Linked data over HTTP: every IRI opens, in the form that is asked for; pages of whatever an article says are safe."""

from __future__ import annotations

import io
import json
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linked_store
from serving import Got, Served, serving
from wenmai import ontology
from wenmai.serve.html import Links
from wenmai.serve.linked.article import Span, paragraphs
from wenmai.serve.linked.pages import page
from wenmai.serve.linked.place import look_up
from wenmai.serve.problem import Problem
from wenmai.store import open_store
from wenmai.store.backup import backup
from wenmai.store.restore import restore
from wenmai.triples import iris

BASE = "http://localhost:8000/"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
RDF = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
}
COMPANY = "SELECT ?s WHERE { ?s skos:altLabel '腾讯公司'@zh }"


class _Tags(HTMLParser):
    """The elements of a page with their attributes, and the text without them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, name: str, attribute: str) -> list[str]:
        return [attrs[attribute] for tag, attrs in self.tags if tag == name and attribute in attrs]


def _rows(server: Served, query: str) -> list[str]:
    got = server.sparql(query)
    assert got.status == 200, got.text
    return [next(iter(row.values()))["value"] for row in json.loads(got.text)["results"]["bindings"]]


@pytest.fixture(scope="module")
def company(sample_server: Served) -> str:
    return _rows(sample_server, COMPANY)[0].removeprefix(BASE + "id/")


@pytest.fixture(scope="module")
def article(sample_server: Served) -> str:
    return _rows(sample_server, "SELECT ?s WHERE { ?s a wenmai:Article } ORDER BY ?s LIMIT 1")[0].rpartition("/")[2]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "store"
    linked_store.make(path)
    return path


@pytest.fixture(scope="module")
def hostile_server(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(hostile, tmp_path_factory.mktemp("log") / "log") as served:
        yield served


def _triples(got: Got) -> set[ox.Triple]:
    form = next(form for media, form in RDF.values() if media == got.media)
    return {quad.triple for quad in ox.parse(io.BytesIO(got.body), form)}


ACCEPTS = {
    BROWSER["Accept"]: "html",
    "": "",
    "*/*": "",
    "text/turtle": "text/turtle",
    "application/ld+json": "application/ld+json",
    "application/n-triples": "application/n-triples",
    "application/rdf+xml": "application/rdf+xml",
    "text/html;q=0.2, application/rdf+xml;q=0.9": "application/rdf+xml",
    "text/turtle;q=0, application/*": "application/ld+json",
    "application/ld+json;q=0.5, text/*;q=0.6": "text",
    "image/png": "406",
    "text/html;q=0, image/*": "406",
}


def test_every_kind_of_resource_comes_in_the_form_that_is_asked_for(
    sample_server: Served, company: str, article: str
) -> None:
    kinds = {f"/doc/{company}": "html", f"/doc/{article}": "html", f"/graph/{article}": "text/turtle", "/ns": "html"}
    for path, default in kinds.items():
        for accept, expected in ACCEPTS.items():
            got = sample_server.send(path, headers={"Accept": accept} if accept else {})
            wanted = expected or default
            if wanted == "text":
                wanted = default
            if accept == "text/turtle;q=0, application/*" and path == "/ns":
                wanted = "application/rdf+xml"
            if wanted == "406":
                assert got.status == 406, (path, accept)
                assert "Accept" in got.headers["vary"]
                continue
            assert got.status == 200, (path, accept, got.text[:200])
            assert got.media == ("text/html" if wanted == "html" else wanted), (path, accept)
            assert "Accept" in got.headers["vary"].split(", "), (path, accept)
            again = sample_server.send(path, headers={"Accept": accept, "If-None-Match": got.headers["etag"]})
            assert (again.status, again.body) == (304, b"") if accept else again.status in {200, 304}


def test_an_id_leads_to_its_document_and_stays_at_home(sample_server: Served, company: str) -> None:
    for accept in ("text/html", "text/turtle"):
        got = sample_server.send(f"/id/{company}", headers={"Accept": accept})
        assert (got.status, got.headers["location"]) == (303, f"/doc/{company}")
        assert "Accept" in got.headers["vary"]
    assert sample_server.send(f"/id/{company}?lang=en").headers["location"] == f"/doc/{company}?lang=en"


def test_the_formats_have_addresses_and_say_the_same(sample_server: Served, company: str) -> None:
    found = {}
    for ending, (media, _) in RDF.items():
        got = sample_server.send(f"/doc/{company}.{ending}")
        assert (got.status, got.media) == (200, media)
        found[ending] = _triples(got)
    assert len(found["nt"]) > 50
    assert all(triples == found["nt"] for triples in found.values())
    asked = f"SELECT ?p WHERE {{ <{BASE}id/{company}> ?p ?o }}"
    assert len(_rows(sample_server, asked)) == sum(
        1 for t in found["nt"] if t.subject == ox.NamedNode(f"{BASE}id/{company}")
    )
    head = sample_server.send(f"/doc/{company}.ttl", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert f'</doc/{company}.jsonld>; rel="alternate"; type="application/ld+json"' in head.headers["link"]
    assert f'</doc/{company}>; rel="canonical"' in head.headers["link"]
    assert 'rel="describedby"' in head.headers["link"]


def test_every_iri_of_the_dataset_opens(sample_server: Served, sample_store: Path) -> None:
    said = "{ ?n ?p ?o } UNION { ?s ?p ?n } UNION { GRAPH ?g { ?n ?p ?o } } UNION { GRAPH ?g { ?s ?p ?n } }"
    nodes = _rows(sample_server, f"SELECT DISTINCT ?n {{ {said} FILTER(isIRI(?n) && STRSTARTS(STR(?n), '{BASE}')) }}")
    paths = {urllib.parse.urldefrag(node)[0].removeprefix(BASE) for node in nodes}
    assert {path.partition("-")[0] for path in paths} >= {"id/article", "id/claim", "id/run", "id/org", "id/event"}
    for path in sorted(paths):
        assert sample_server.send(f"/{path}").status in {303, 301}, path
    with closing(open_store(sample_store)) as store:
        links = Links(store.base)
        for path in sorted(paths)[::7]:
            place = look_up(store, path.removeprefix("id/"))
            text = page(store, place, links, "zh").decode()
            assert f"{BASE}{path}" in text
    for graph in {"inferred", *(p.removeprefix("id/") for p in paths if p.startswith("id/article-"))}:
        assert sample_server.send(f"/graph/{graph}", headers=BROWSER).media == "text/html"
        assert sample_server.send(f"/graph/{graph}").media == "text/turtle"


def test_the_working_graph_is_nobodys(sample_server: Served) -> None:
    for path in ("/graph/reading", "/graph/reading.ttl", "/graph/reading.html", "/graph/nothing"):
        assert sample_server.send(path).status == 404
    assert b"readingDigest" not in sample_server.send("/graph/inferred.nt").body


def test_a_replaced_id_leads_to_what_replaced_it(sample_server: Served) -> None:
    query = "SELECT ?o WHERE { ?s <http://purl.org/dc/terms/isReplacedBy> ?o } ORDER BY ?s"
    (new, *_) = _rows(sample_server, query)
    (old, *_) = _rows(sample_server, query.replace("?o WHERE", "?s WHERE"))
    old, new = old.removeprefix(BASE), new.removeprefix(BASE)
    got = sample_server.send(f"/{old}")
    assert (got.status, got.headers["location"]) == (301, f"/{new}")
    doc, now = old.replace("id/", "/doc/"), new.replace("id/", "/doc/")
    for ending in ("", ".ttl"):
        got = sample_server.send(doc + ending)
        assert (got.status, got.headers["location"]) == (301, now + ending)


def test_what_was_shown_once_and_went_is_gone(hostile_server: Served, hostile: Path, tmp_path: Path) -> None:
    short, long = (iris.article_iri(BASE, each).value.rpartition("/")[2] for each in ("short", "long"))
    for path in (f"/id/{short}", f"/doc/{short}", f"/doc/{short}.ttl", f"/graph/{short}", f"/id/{linked_store.ONLY}"):
        got = hostile_server.send(path)
        assert got.status == 410, path
        assert json.loads(got.text)["status"] == 410
        assert hostile_server.send(path, headers=BROWSER).media == "text/html"
    assert hostile_server.send(f"/id/{long}").status == 303
    assert hostile_server.send(f"/id/{linked_store.HUB}").status == 303
    assert hostile_server.send("/id/org-000000000000").status == 404
    noted = (hostile / "gone.txt").read_text("ascii").split()
    assert sorted(each.partition("-")[0] for each in noted) == ["id/article", "id/claim", "id/org", "id/run"]

    backup(hostile, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    with closing(open_store(tmp_path / "again")) as store, pytest.raises(Problem) as raised:
        look_up(store, short)
    assert raised.value.status == 410
    linked_store.put_back(tmp_path / "again")
    with closing(open_store(tmp_path / "again")) as store:
        assert look_up(store, short).kind == "article"
        assert look_up(store, linked_store.ONLY).kind == "entity"


def test_what_comes_and_goes_between_two_publications_was_never_there(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "s", write=True, create=True)) as store:
        store.commit(linked_store.short_quads())
        store.commit([], linked_store.short_quads())
        store.publish()
        with pytest.raises(Problem) as raised:
            look_up(store, linked_store.ONLY)
    assert raised.value.status == 404
    assert not (tmp_path / "s" / "gone.txt").exists()


def test_the_page_of_an_entity_shows_each_fact_with_its_words(sample_server: Served, company: str) -> None:
    html = sample_server.send(f"/doc/{company}", headers={**BROWSER, "Accept-Language": "zh"}).text
    tags = _Tags(html)
    quotes = [href for href in tags.of("a", "href") if "#char=" in href]
    assert len(quotes) >= 5
    assert "大事记" in html and "推断得出" in html and "合作伙伴" in html
    assert html.index("2015-04</time>") < html.rindex("2017-04-21</time>")
    path, _, fragment = quotes[0].partition("#")
    words = sample_server.send(path, headers=BROWSER).text
    assert f'id="{fragment}"' in words
    english = sample_server.send(f"/doc/{company}?lang=en", headers=BROWSER)
    assert "Timeline" in english.text and english.headers["content-language"] == "en"
    assert "Accept-Language" in english.headers["vary"]
    ours = [href for href in _Tags(english.text).of("a", "href") if re.match(r"/(doc/[a-z0-9-]+(#|\?|$)|ns)", href)]
    assert ours and all("lang=en" in href for href in ours)


def test_embedded_json_ld_is_part_of_the_data(sample_server: Served, company: str) -> None:
    html = sample_server.send(f"/doc/{company}.html").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found = {quad.triple for quad in ox.parse(block.encode(), ox.RdfFormat.JSON_LD)}
    assert len(found) > 10
    assert found <= _triples(sample_server.send(f"/doc/{company}.nt"))


def test_claims_that_make_no_fact_stand_apart(hostile_server: Served) -> None:
    html = hostile_server.send(f"/doc/{linked_store.HUB}.html?lang=en").text
    facts, apart = html.split('<section class="apart"')
    assert "invests in" not in facts and "acquires" not in facts
    assert apart.count("tag denied") >= 2 and "tag planned" in apart
    assert facts.count('class="against"') == 1  # the partner that another sentence denies
    assert "others state it" in apart


def test_the_whole_of_a_long_list_is_reachable(hostile_server: Served) -> None:
    found: set[str] = set()
    path = f"/doc/{linked_store.HUB}.html"
    for _ in range(10):
        tags = _Tags(hostile_server.send(path).text)
        found |= {href for href in tags.of("a", "href") if href.startswith("/doc/org-")}
        following = [attrs["href"] for tag, attrs in tags.tags if tag == "a" and attrs.get("rel") == "next"]
        ahead = [href for href in following if "out-partnerOf" in href]
        if not ahead:
            break
        path = ahead[0]
    assert len(found) >= linked_store.PARTNERS
    assert hostile_server.send(f"/doc/{linked_store.HUB}?part=nothing", headers=BROWSER).status == 404
    assert hostile_server.send(f"/doc/{linked_store.HUB}?start=-1", headers=BROWSER).status == 400


def test_the_ontology_has_every_term_in_both_languages(sample_server: Served) -> None:
    html = sample_server.send("/ns", headers=BROWSER).text
    ids = set(_Tags(html).of("section", "id"))
    assert {*ontology.classes(), *ontology.properties(), *ontology.individuals("Modality")} <= ids
    assert ontology.comment("Company", "zh") in html and ontology.comment("Company", "en") in html
    counts = {len(_triples(sample_server.send(f"/ns.{ending}"))) for ending in ("ttl", "rdf", "nt", "jsonld")}
    assert counts == {len(set(ontology.triples()))}
    assert "@context" in json.loads(sample_server.send("/context.jsonld").text)
    assert sample_server.send("/shapes.ttl").media == "text/turtle"
    assert sample_server.send("/ns.trig").status == 404


TRICKS = (
    "/static/../../etc/passwd",
    "/static/..%2f..%2fetc%2fpasswd",
    "/static/%2e%2e/x",
    "/static/site.css%00",
    "/static/..\\x",
    "//etc",
    "/doc//evil.example/",
    "/id/%2F%2Fevil.example",
    "/id/..%2f..",
    "/doc/a%0d%0ab",
    "/graph/a%20b",
    "/doc/%3Cscript%3Ealert(1)%3C/script%3E.html",
    "/doc/%3Cscript%3Ealert(1).html",
    "/id/" + "a" * 5000,
)


def test_files_are_kept_for_ever_and_no_path_leads_elsewhere(sample_server: Served) -> None:
    home = sample_server.send("/", headers=BROWSER)
    assert "申能" in home.text
    (style,) = [href for href in _Tags(home.text).of("link", "href") if "/site." in href and href.endswith(".css")]
    got = sample_server.send(style)
    assert (got.status, got.media) == (200, "text/css")
    assert "immutable" in got.headers["cache-control"]
    assert b"#0072B2" in got.body
    for path in TRICKS:
        for headers in ({}, BROWSER):
            got = sample_server.send(path, headers=headers)
            assert got.status in {400, 404}, path
            assert "location" not in got.headers
            assert "evil" not in got.text and "alert" not in got.text and "passwd" not in got.text


def test_errors_come_as_a_page_to_browsers_and_as_a_document_to_others(sample_server: Served, company: str) -> None:
    for path, status in (("/doc/org-000000000000", 404), (f"/doc/{company}", 406)):
        accept = "text/html;q=0, image/png" if status == 406 else "text/turtle"
        got = sample_server.send(path, headers={"Accept": accept})
        assert (got.status, got.media) == (status, "application/problem+json")
    got = sample_server.send("/doc/org-000000000000?lang=en", headers=BROWSER)
    assert (got.status, got.media) == (404, "text/html")
    assert "There is nothing here" in got.text


def _pages(server: Served) -> dict[str, str]:
    claims = "SELECT ?c WHERE { GRAPH ?g { ?c a wenmai:Claim } } ORDER BY ?c LIMIT 12"
    long = iris.article_iri(BASE, "long").value.rpartition("/")[2]
    locals_ = [linked_store.HUB, linked_store.EVIL, linked_store.LONE, linked_store.EVENT, long]
    paths = [f"/doc/{local}" for local in locals_] + [f"/doc/{c.rpartition('/')[2]}" for c in _rows(server, claims)]
    paths += ["/", f"/graph/{long}", "/graph/curation", "/ns", "/doc/nothing"]
    return {path: server.send(path, headers=BROWSER).text for path in paths}


def test_no_text_becomes_markup(hostile_server: Served) -> None:
    seen = ""
    for path, html in _pages(hostile_server).items():
        seen += html
        tags = _Tags(html)
        assert not {"img", "svg", "iframe", "object", "style", "base"} & {tag for tag, _ in tags.tags}, path
        for tag, attrs in tags.tags:
            assert not [name for name in attrs if name.startswith("on") or name == "style"], (path, tag)
            if tag == "script":
                data = attrs.get("type") in {"application/ld+json", "application/json"}
                assert data or attrs.get("src", "").startswith("/static/")
            for name in ("href", "src", "action"):
                assert re.match(r"(/(?!/)|#|\?|https?://)", attrs.get(name, "/")), (path, attrs)
            if tag in {"script", "link"}:
                assert attrs.get("src", attrs.get("href", "/")).startswith("/"), path
        assert html.count("<script") == html.count("</script>")
    assert "&lt;/script&gt;&lt;img src=x" in seen and "{{7*7}}" in seen
    assert "javascript:alert(5)" in seen


POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)


@pytest.mark.browser
def test_a_browser_runs_nothing_and_opens_the_words(hostile_server: Served) -> None:
    from browser import launched

    host = hostile_server.url.rstrip("/")
    noted: list[str] = []
    with launched() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
        tab = context.new_page()

        def strict(route: Any) -> None:
            response = route.fetch()
            route.fulfill(response=response, headers={**response.headers, "content-security-policy": POLICY})

        tab.route("**/*", strict)

        def refuse(dialog: Any) -> None:
            noted.append(f"dialog {dialog.message}")
            dialog.dismiss()

        tab.on("dialog", refuse)
        tab.on("request", lambda r: noted.append(r.url) if not r.url.startswith(host) else None)
        known = re.compile("404|GL Driver Message")  # a page that is not there, and how fast software draws
        tab.on("console", lambda message: None if known.search(message.text) else noted.append(message.text))
        tab.on("pageerror", lambda error: noted.append(str(error)))
        for path in [path for path in _pages(hostile_server) if "/doc/claim-" not in path]:
            tab.goto(host + path)
            assert tab.evaluate("document.documentElement.scrollWidth") <= 390, path
        tab.goto(f"{host}/doc/{linked_store.HUB}")
        tab.locator("a[href*='#char=']").first.click()
        mark = tab.locator("mark:target")
        mark.wait_for()
        assert tab.evaluate("document.querySelector('mark:target').getBoundingClientRect().top < innerHeight")
        tab.unroute_all(behavior="ignoreErrors")
        context.close()
    assert noted == []


def test_links_stand_behind_a_public_path() -> None:
    links = Links(BASE, "/kg", "en", ".html")
    assert links.of(f"{BASE}id/article-1#char=2,3") == "/kg/doc/article-1.html?lang=en#char=2,3"
    assert links.of("https://w3id.org/wenmai/ns#Company") == "/kg/ns.html?lang=en#Company"
    assert links.of("javascript:alert(1)") == links.of(f"{BASE}id/../x") == links.of(f"{BASE}etc") == ""
    assert links.file(f"{BASE}graph/inferred", "ttl") == "/kg/graph/inferred.ttl"


@st.composite
def _marked(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text("甲乙丙\n", min_size=1, max_size=30))
    edges = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edges, edges), max_size=8, unique=True))
    found = [Span(b, e, f"char={b},{e}", (n,)) for n, (b, e) in enumerate(pairs)]
    return text, found


@settings(max_examples=150, deadline=None)
@given(_marked())
def test_marks_nest_and_cover_their_words(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    lines = list(paragraphs(text, spans))
    assert ["".join(piece.text for piece in line) for line in lines] == [line for line in text.split("\n") if line]
    words: dict[str, str] = {}
    named: list[str] = []
    for line in lines:
        open_: list[str] = []
        for piece in line:
            open_ += [span.fragment for span, _ in piece.opens]
            named += [span.fragment for span, again in piece.opens if not again]
            for fragment in open_:
                words[fragment] = words.get(fragment, "") + piece.text
            assert piece.closes <= len(open_)
            open_ = open_[: len(open_) - piece.closes]
        assert not open_
    for span in spans:
        inside = text[span.begin : max(span.begin, span.end)].replace("\n", "")
        assert words.get(span.fragment, "") == inside
        assert named.count(span.fragment) == bool(inside)

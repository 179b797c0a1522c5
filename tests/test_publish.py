"""A site of files: crawled from below a path, the same bytes twice, whole or as it was before."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib

import browser
from conftest import Command, command_line
from wenmai import folding
from wenmai.publish import search
from wenmai.publish.place import MARKER, replacing

BASE = "http://localhost:8000/"
PUBLIC = "https://library.example/news/"
ARTICLES = ("2017-04-21-shenneng-tencent.txt", "2018-03-02-lingjiang-health.txt")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, wenmai: Command, samples: Path) -> Path:
    """A store of two of the samples, one thing in which was merged into another."""
    store = tmp_path_factory.mktemp("few") / "store"
    done = wenmai("build", *(samples / name for name in ARTICLES), "--store", store, "--tagger", "none")
    assert done.returncode == 0, done.stderr
    return store


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, wenmai: Command, few: Path) -> Path:
    folder = tmp_path_factory.mktemp("published") / "below" / "here"
    done = wenmai("publish", folder, "--store", few, "--publisher", "某图书馆", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "pages" in done.stdout and done.stderr == ""
    return folder


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    """The URL of the site, served by Python's own server from two folders above it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(site.parent.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/below/here/"
        server.shutdown()


class Page(HTMLParser):
    """What a page leads to, what it has fetched, and the names of places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.fetches: list[str] = []
        self.places: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.inline.append(tag)
        if "src" in given or (tag == "link" and given.get("rel") in {"stylesheet", "icon"}):
            self.fetches.append(given.get("src") or given["href"])
        elif "href" in given or "action" in given:
            self.leads.append(given.get("href") or given["action"])


def test_every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere(url: str, site: Path) -> None:
    pages: dict[str, Page | None] = {}

    def load(place: str) -> Page | None:
        if place not in pages:
            with urllib.request.urlopen(place, timeout=10) as got:
                body = got.read()
                pages[place] = Page(body.decode()) if got.headers.get_content_type() == "text/html" else None
        return pages[place]

    waiting, seen = [url], {url}
    while waiting:
        place = waiting.pop()
        page = load(place)
        if page is None:
            continue
        assert not page.inline, place
        assert all(not urllib.parse.urlsplit(each).netloc for each in page.fetches), place
        for link in (*page.leads, *page.fetches):
            whole, _, part = urllib.parse.urljoin(place, link).partition("#")
            if not whole.startswith(url):
                assert link in page.leads and urllib.parse.urlsplit(whole).hostname not in {"127.0.0.1", "localhost"}, (
                    link
                )
                continue
            target = load(whole)
            assert not part or target is None or urllib.parse.unquote(part) in target.places, (place, link)
            if whole not in seen:
                seen.add(whole)
                waiting.append(whole)
    written = {str(path.relative_to(site)) for path in site.rglob("*.html")} - {"404.html", "index.html"}
    alone = written - {urllib.parse.unquote(place.removeprefix(url)) for place in seen}
    # Nothing leads to a name that is out of use, and such a page leads on.
    assert all("已停用的标识符" in text or "retired identifier" in text for text in map(site_text(site), alone)), alone


def site_text(site: Path) -> Callable[[str], str]:
    return lambda name: (site / name).read_text("utf-8")


def test_every_iri_of_the_store_has_a_page_and_data(site: Path, few: Path, wenmai: Command, tmp_path: Path) -> None:
    assert wenmai("export", "--store", few, "--format", "nquads", "--output", tmp_path / "all.nq").returncode == 0
    text = (tmp_path / "all.nq").read_text("utf-8")
    names = set(re.findall(rf"<{BASE}(id|graph)/([A-Za-z0-9_-]+)(?:#[^>]*)?>", text))
    assert len(names) > 30
    for kind, name in names:
        where = site / {"id": "doc"}.get(kind, kind)
        assert {p.name for p in where.glob(f"{name}.*")} >= {
            f"{name}.{e}" for e in ("html", "en.html", "ttl", "jsonld")
        }
    entity = next(name for kind, name in sorted(names) if name.startswith("org-"))
    as_turtle = rdflib.Graph().parse(site / "doc" / f"{entity}.ttl")
    as_json = rdflib.Graph().parse(site / "doc" / f"{entity}.jsonld")
    assert set(as_turtle) == set(as_json)
    assert (rdflib.URIRef(f"{BASE}id/{entity}"), rdflib.SKOS.prefLabel, None) in as_turtle


def test_the_private_graph_is_nowhere(site: Path) -> None:
    for name, content in contents(site).items():
        text = gzip.decompress(content) if name.endswith(".gz") else content
        assert b"graph/reading" not in text and b"graph:reading" not in text, name
        if not name.startswith(("ns.", "shapes.")) and not name.endswith(".jsonld"):  # the vocabulary knows the word
            assert b"ns#reading" not in text and b"wenmai:reading" not in text, name


def test_the_description_of_a_site_names_its_dumps_and_no_endpoint(site: Path) -> None:
    graph = rdflib.Graph().parse(site / "void.ttl")
    void, dataset = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.URIRef(f"{BASE}dataset")
    assert not set(graph.objects(None, void.sparqlEndpoint))
    assert {str(each) for each in graph.objects(dataset, void.dataDump)} == {
        f"{BASE}dumps/{path.name}" for path in (site / "dumps").glob("*.gz")
    }
    facts = gzip.decompress((site / "dumps" / "facts.nt.gz").read_bytes())
    assert len(facts.splitlines()) == int(str(graph.value(dataset, void.triples)))


def test_the_sitemap_names_files_that_are_there(site: Path) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    parts = [str(loc.text).removeprefix(BASE) for loc in ET.parse(site / "sitemap.xml").iter(f"{space}loc")]
    places = [str(loc.text).removeprefix(BASE) for part in parts for loc in ET.parse(site / part).iter(f"{space}loc")]
    assert len(places) > 20
    assert not [place for place in places if not (site / (place or "index.html")).is_file()]
    assert f"Sitemap: {BASE}sitemap.xml" in (site / "robots.txt").read_text("utf-8")


def test_the_same_store_gives_the_same_bytes(site: Path, few: Path, wenmai: Command, tmp_path: Path) -> None:
    again = tmp_path / "again"
    env = {"TZ": "America/New_York", "PYTHONHASHSEED": "7", "LANG": "C"}
    done = wenmai("publish", again, "--store", few, "--publisher", "某图书馆", "--workers", "2", env=env)
    assert done.returncode == 0, done.stderr
    assert contents(again) == contents(site)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_another_base_and_another_place(few: Path, wenmai: Command, tmp_path: Path) -> None:
    """IRIs begin with the public base everywhere; what says where the site lies says so; one language, no dumps."""
    words = ["--public-base", PUBLIC, "--url", "https://mirror.example/kept/", "--lang", "en", "--no-dumps"]
    done = wenmai("publish", tmp_path / "site", "--store", few, *words, env={"SOURCE_DATE_EPOCH": "86400"})
    assert done.returncode == 0, done.stderr
    found = contents(tmp_path / "site")
    assert not [name for name, content in found.items() if BASE.encode() in content]
    assert not [name for name in found if name.endswith(".en.html") or name.startswith("dumps/")]
    assert b"https://mirror.example/kept/sitemap-1.xml" in found["sitemap.xml"]
    assert b"https://mirror.example/kept/doc/" in found["sitemap-1.xml"]
    assert b'"1970-01-02T00:00:00Z"' in found["dataset.ttl"]
    assert b"RewriteBase /kept/" in found[".htaccess"]
    assert b"@PATH@" not in found[".htaccess"] + found["nginx.conf.example"] + found["README.txt"]


def test_files_of_others_are_left_alone(few: Path, wenmai: Command, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine", "utf-8")
    for target in (tmp_path / "full", tmp_path / "full" / "letter.txt"):
        done = wenmai("publish", target, "--store", few)
        assert done.returncode == 4 and len(done.stderr.splitlines()) == 1, done.stderr
    assert contents(tmp_path) == {"full/letter.txt": b"mine"}
    assert wenmai("publish", tmp_path / "site", "--store", tmp_path / "none").returncode == 4
    assert wenmai("publish", tmp_path / "site", "--store", few, "--public-base", "nowhere").returncode == 2
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(("how", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_a_run_that_is_cut_off_leaves_the_old_site(
    how: signal.Signals, status: int, site: Path, few: Path, wenmai: Command, tmp_path: Path
) -> None:
    target = tmp_path / "site"
    shutil.copytree(site, target)
    before = contents(target)
    command = [*command_line(), "publish", str(target), "--store", str(few), "--title", "另一个", "--no-dumps"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".site.wenmai-new/doc/*.ttl")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(process.pid, how)
        assert process.wait(20) == status
    assert contents(target) == before
    if how == signal.SIGKILL:  # what it has left is in the way of nobody
        done = wenmai("publish", target, "--store", few, "--title", "另一个", "--lang", "zh")
        assert done.returncode == 0, done.stderr
        assert "另一个" in (target / "index.html").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_two_folders_change_places_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the system's exchange and without it; what a kill between two renames has left is put back."""
    target = tmp_path / "site"
    for number, exchange in enumerate((True, True, False)):
        if not exchange:
            monkeypatch.setattr("wenmai.publish.place._exchanged", lambda *_: False)
        with replacing(target) as folder:
            (folder / "page").write_text(str(number), "utf-8")
        assert (target / "page").read_text("utf-8") == str(number)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]
    target.rename(tmp_path / ".site.wenmai-old")
    with contextlib.suppress(ZeroDivisionError), replacing(target):
        raise ZeroDivisionError
    assert contents(target) == {"page": b"2", MARKER: (target / MARKER).read_bytes()}


def test_names_fall_into_files_as_the_browser_looks_for_them(site: Path) -> None:
    """Every pair of characters of a name leads to a file that has the name."""
    head = json.loads((site / "search" / "head.js").read_text("utf-8").removeprefix("wenmaiHead(").removesuffix(");\n"))
    shards = [
        json.loads(path.read_text("utf-8").partition(", ")[2].removesuffix(");\n"))
        for path in (site / "search" / f"{number}.js" for number in range(head["shards"]))
    ]
    names = {(row[0], row[1]) for rows in shards for row in rows}
    assert len(names) > 20
    for local, name in names:
        for pair in search.pairs(folding.key(name)):
            assert [local, name] in [row[:2] for row in shards[search.shard(pair, head["shards"])]]


@pytest.mark.browser
def test_the_search_of_a_site_works_from_a_disk(site: Path) -> None:
    """In both scripts, by a part of a name and by its beginning; what a name or a query says is never run."""
    with browser.launched() as chromium:
        page = chromium.new_page()
        asked: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(dialog.message))

        def found(query: str, name: str = "search.html") -> list[str]:
            page.goto(f"{(site / name).as_uri()}?q={urllib.parse.quote(query)}")
            page.wait_for_selector("#found p, #found li")
            return page.locator("#found li a").all_inner_texts()

        companies = found("腾讯")
        assert "深圳市腾讯计算机系统有限公司" in companies
        assert found("騰訊", "search.en.html") == companies
        assert all("讯" in name for name in found("讯")) and found("腾")
        assert found("没有这样的名字") == [] and "没有" in page.inner_text("#found")
        assert found("<img src=x onerror=alert(1)>") == []
        page.goto((site / "index.html").as_uri())
        page.fill("#q", "腾讯")
        page.keyboard.press("Enter")
        page.wait_for_selector("#found li a")
        page.locator("#found li a").first.click()
        page.wait_for_url("**/doc/*.html")
        assert page.locator("h1").count() == 1
        assert not errors and all(url.startswith("file:") for url in asked)

"""The documentation builds without a warning, asks no other host, and its reference has all that the program has."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import ROOT
from once import once
from wenmai import ontology
from wenmai.cli.commands import grammar
from wenmai.query import library
from wenmai.query.ask import templates
from wenmai.resources import folder
from wenmai.serve.options import options

pytest.importorskip("sphinx", reason="Sphinx is not installed: pip install 'wenmai[docs]'")
pytest.importorskip("furo", reason="furo is not installed: pip install 'wenmai[docs]'")
pytest.importorskip("myst_parser", reason="myst-parser is not installed: pip install 'wenmai[docs]'")

_LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src", "audio": "src"}
_STYLES = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """What a page loads, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.anchors.add(told.get("id") or "")
        if told.get("rel") not in ("index", "search", "next", "prev", "canonical"):
            self.loaded.append(told.get(_LOADED.get(tag, "")) or "")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built documentation. No process of it reaches a network: a proxy that is not there is in the way."""

    def make(folder: Path) -> None:
        nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
        words = ("-b", "html", "-W", "-n", "--keep-going", "-q", "-d", str(folder / "doctrees"))
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", *words, str(ROOT / "docs"), str(folder / "html")],
            env={**os.environ, **nowhere},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "documentation", make) / "html"


def page(built: Path, name: str) -> str:
    return (built / f"{name}.html").read_text("utf-8")


def test_nothing_is_loaded_from_another_host(built: Path) -> None:
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 20
    for path in pages:
        loaded = Page(path.read_text("utf-8")).loaded
        assert [each for each in loaded if re.match(r"(?:\w+:)?//", each)] == [], path.name
    for path in built.rglob("*.css"):
        found = [one or other for one, other in _STYLES.findall(path.read_text("utf-8"))]
        assert [each for each in found if re.match(r"(?:\w+:)?//", each)] == [], path.name


def test_every_term_has_its_place(built: Path) -> None:
    text = page(built, "reference/ontology")
    anchors = Page(text).anchors
    assert {f"class-{name.lower()}" for name in ontology.classes()} <= anchors
    assert {f"property-{name.lower()}" for name in ontology.properties()} <= anchors
    for name in (*ontology.classes(), *ontology.properties()):
        assert ontology.comment(name, "zh") in text


def test_the_drawings_name_every_class_and_lead_to_it(built: Path) -> None:
    text = page(built, "reference/ontology")
    drawings = [ElementTree.fromstring(each) for each in re.findall(r"<svg viewBox.*?</svg>", text, re.DOTALL)]
    classes, relations = (
        ["".join(each.itertext()).split()[0] for each in one.iter() if each.tag == "text"] for one in drawings
    )
    values = {"Modality", "EventStatus"}
    assert sorted(classes) == sorted(ontology.classes())
    assert {name for name in ontology.classes() if ontology.coarse(name) == name} - values <= set(relations)
    said = {name for name in ontology.properties() if ontology.domain(name)}
    assert said <= set(relations)
    links = {each.get("href", "").lstrip("#") for one in drawings for each in one.iter("a")}
    assert links <= Page(text).anchors


@pytest.mark.parametrize(
    ("name", "prefix", "things"),
    [
        ("rules", "rules-", sorted(path.stem for path in (folder("ontology") / "rules").glob("*.toml"))),
        ("queries", "query-", sorted(library())),
        ("commands", "command-", re.findall(r"^    ([a-z]+) ", grammar().format_help(), re.MULTILINE)),
    ],
)
def test_everything_is_in_the_reference(name: str, prefix: str, things: list[str], built: Path) -> None:
    anchors = Page(page(built, f"reference/{name}")).anchors
    assert len(things) > 20
    assert [each for each in things if prefix + each.lower() not in anchors] == []


def test_settings_questions_and_routes_are_in_the_reference(built: Path) -> None:
    told = page(built, "reference/options")
    assert [each for each in options() if f">{each}</span>" not in told] == []
    told = page(built, "reference/questions")
    assert [each.examples[0][0] for each in templates().values() if each.examples[0][0] not in told] == []
    told = page(built, "reference/web")
    for path in ("/sparql", "/explore/evidence", "/reconcile", "/id/{local}"):
        assert f">{path}</span>" in told


def test_the_api_is_described(built: Path) -> None:
    anchors = Page(page(built, "reference/python")).anchors
    for name in ("wenmai.open", "wenmai.archive.Archive.query", "wenmai.records.Claim", "wenmai.store.Store"):
        assert name in anchors


def test_chinese_is_cut_alike_in_pages_and_in_the_index(built: Path) -> None:
    index = (built / "searchindex.js").read_text("utf-8")
    terms = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    assert {"合作", "作方", "claim"} <= set(terms)


@pytest.mark.browser
def test_a_browser_finds_chinese_and_asks_nobody_else(built: Path) -> None:
    from browser import launched

    handler = partial(_Quiet, directory=str(built))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, launched() as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        page = browser.new_page(viewport={"width": 390, "height": 844})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(base + "search.html?q=合作方")
        found = page.locator("#search-results li")
        found.filter(has_text="谁和申能合作").first.wait_for(timeout=20_000)
        for name in ("index", "tutorial.zh", "house", "reference/ontology", "reference/options", "reference/rules"):
            page.goto(f"{base}{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        server.shutdown()
    assert [url for url in asked if not url.startswith((base, "data:"))] == []


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

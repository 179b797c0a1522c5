"""Asking and the other views in a real Chromium: the editor, forms, the tree of places, what helps readers aloud."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from browser import launched
from conftest import Command
from serving import Served
from wenmai.serve.assets import served as static_files
from wenmai.serve.html import Links
from wenmai.serve.linked.pages import page as linked_page
from wenmai.serve.linked.place import look_up
from wenmai.store import open_store
from wenmai.store.protocol import DEFAULT
from wenmai.triples import terms

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

_AXE = """axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
  .then((found) => found.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html).join(' ')))"""
_PLACED = re.compile(r"^/#n=org-\w+,0,0,;org-\w+,-?\d+,-?\d+,.*&v=0.5,0.5,")
_MONTHS = """SELECT ?month (COUNT(*) AS ?n) {
  ?a wenmai:publishedOn ?d BIND(SUBSTR(STR(?d), 1, 7) AS ?month) } GROUP BY ?month"""
_SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@contextmanager
def visiting(
    chromium: Browser, served: Served, path: str, *, width: int = 1280, lang: str = "zh-CN", refused: bool = False
) -> Iterator[Page]:
    """Open a page; at the end nothing went to another host, and nothing was said on the console.

    With `refused` an answer of 400 or more is expected, which Chromium tells on the console.
    """
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale=lang)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: errors.append(f"a dialog: {dialog.message}"))
    try:
        page.goto(served.url.rstrip("/") + path)
        yield page
        if refused:
            errors = [each for each in errors if "Failed to load resource" not in each]
        assert errors == []
        assert [url for url in asked if not url.startswith((served.url, "blob:"))] == []
    finally:
        context.close()


def write(page: Page, query: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def test_a_query_is_written_with_help_and_answered(chromium: Browser, sample_server: Served) -> None:
    with visiting(chromium, sample_server, "/sparql") as page:
        page.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT ?c ?name WHERE { ?c a 企")
        page.get_by_role("option", name="企业 wenmai:Company").click()
        page.keyboard.type(" ; skos:pre")
        expect(page.locator(".cm-line").first).to_have_text("PREFIX skos: <http://www.w3.org/2004/02/skos/core#>")
        page.get_by_role("option", name="skos:prefLabel").click()
        page.keyboard.type(" ?na")
        page.get_by_role("option", name="?name").click()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("link", name="申能（集团）有限公司")).to_be_visible()
        page.get_by_role("button", name="name", exact=True).click()
        expect(page.get_by_role("columnheader", name="name")).to_have_attribute("aria-sort", "ascending")
        names = page.locator(".answer tbody td:nth-child(2)").all_inner_texts()
        assert len(names) > 5 and names == page.evaluate(
            "(names) => names.sort((a, b) => a.localeCompare(b, 'zh'))", names
        )
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV").click()
        assert download.value.suggested_filename == "wenmai.csv"
        assert "申能" in Path(download.value.path()).read_text("utf-8")
        expect(page.get_by_role("link", name="在网络图中打开")).to_have_attribute("href", _PLACED)


def test_an_error_is_shown_where_it_is_a_query_can_be_stopped_and_answers_are_text(
    chromium: Browser, sample_server: Served
) -> None:
    with visiting(chromium, sample_server, "/sparql", refused=True) as page:
        write(page, "SELECT ?s WHERE {\n  ?s foo:bar ?o .\n}")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#said")).to_contain_text("第 2 行第 6 列")
        expect(page.locator(".cm-line").nth(1).locator(".cm-lintRange-error")).to_have_text("foo:bar")
        write(page, _SLOW)
        page.keyboard.press("Control+Enter")
        page.get_by_role("button", name="停止").click()
        expect(page.locator("#run [role=status]")).to_have_text("已停止。")
        write(page, "SELECT ('<img src=x onerror=alert(1)>' AS ?x) (<javascript:alert(1)> AS ?y) (7 AS ?n) WHERE {}")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".answer td").first).to_have_text("<img src=x onerror=alert(1)>")
        assert page.locator(".answer img, .answer a").count() == 0
        write(page, "ASK { ?s a wenmai:Company }")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answer")).to_have_text("是")
        expect(page.locator("#said")).to_be_hidden()


def test_a_shared_query_waits_until_it_is_run_and_the_browser_remembers_it(
    chromium: Browser, sample_server: Served
) -> None:
    with visiting(chromium, sample_server, "/sparql") as page:
        write(page, _MONTHS)
        page.get_by_role("button", name="复制链接").click()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.method))
        page.goto("about:blank")
        page.go_back()
        expect(page.locator(".cm-content")).to_contain_text("SUBSTR")
        page.wait_for_load_state("networkidle")
        assert "POST" not in asked
        page.get_by_role("button", name="查询").click()
        page.get_by_role("button", name="折线图").click()
        assert page.locator(".chart circle").count() > 5
        expect(page.get_by_role("img", name="n，按 month")).to_be_visible()
        write(page, "ASK {}")
        page.get_by_role("combobox", name="历史…").select_option(index=1)
        expect(page.locator(".cm-content")).to_contain_text("SUBSTR")
        page.get_by_role("combobox", name="示例…").select_option(label="一家机构的合作方")
        expect(page.locator(".cm-content")).to_contain_text("wenmai:partnerOf")
        expect(page.locator(".cm-content")).to_contain_text("/id/org-")


def test_a_field_for_a_name_suggests_and_takes_keys(chromium: Browser, sample_server: Served) -> None:
    with visiting(chromium, sample_server, "/queries/partners") as page:
        field = page.get_by_role("combobox", name="org")
        field.press_sequentially("sn")
        first = page.get_by_role("option", name="申能（集团）有限公司").first
        expect(first).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(first).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
        page.keyboard.press("Escape")
        expect(first).to_be_hidden()
        page.keyboard.press("ArrowDown")
        expect(first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(field).to_have_value("申能（集团）有限公司")
        page.keyboard.press("Enter")
        expect(page.get_by_role("cell", name="深圳市腾讯计算机系统有限公司").first).to_be_visible()
        page.get_by_role("link", name="在编辑器中打开").click()
        expect(page.locator(".cm-content")).to_contain_text("wenmai:partnerOf")


def test_the_tree_of_places_opens_step_by_step(chromium: Browser, sample_server: Served) -> None:
    with visiting(chromium, sample_server, "/places") as page:
        place = page.locator("summary", has_text="黄浦区").first
        place.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".tree .tree", has_text="淮海中路").first).to_be_visible()
        page.get_by_role("link", name="淮海中路").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("淮海中路")


def pages(served: Served) -> list[str]:
    """Return the pages of this part, and of an entity, an article, a claim, search, dataset and queries."""

    def first(query: str) -> str:
        (row, *_) = json.loads(served.sparql(query).text)["results"]["bindings"]
        return f"/doc/{row['x']['value'].rpartition('/')[2]}"

    things = [
        first("SELECT ?x { ?x skos:altLabel '申能'@zh }"),
        first("SELECT ?x { ?x wenmai:publishedOn ?day } ORDER BY ?day LIMIT 1"),
        first("SELECT ?x { GRAPH ?g { ?x a wenmai:Claim } } LIMIT 1"),
    ]
    asked = ["/timeline?of=申能", "/timeline?of=谁也不是", "/places?under=黄浦区", "/articles?entity=申能"]
    asked += ["/compare?a=申能&b=腾讯公司", "/ask?q=谁是申能的合作方？", "/ask?q=今天下雨吗", "/embed?id=申能"]
    asked += ["/queries/partners?org=申能", "/queries/events?kind=Signing", "/search?q=申能"]
    return [*asked, *things, "/timeline", "/places", "/queries", "/dataset"]


def axe() -> str:
    """Return axe-core's script, of the newer package that carries it if both are there; skip where there is none."""
    for name in ("axe_playwright_python", "axe_core_python"):
        found = find_spec(name)
        if found is not None and found.origin is not None:
            return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")
    pytest.skip("axe-core is not installed: pip install 'wenmai[dev]'")


@pytest.mark.parametrize("wide", [True, False])
def test_every_page_is_accessible_and_fits(chromium: Browser, sample_server: Served, wide: bool) -> None:
    """All pages in Chinese on a wide light screen, half of them in English on a narrow dark one."""
    script = axe()
    width, lang, every = (1280, "zh-CN", 1) if wide else (390, "en", 2)
    with visiting(chromium, sample_server, "/sparql", width=width, lang=lang, refused=True) as page:
        page.emulate_media(color_scheme="light" if wide else "dark")
        page.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".answer td").first).to_be_visible()
        found: dict[str, list[str]] = {}
        for path in ["", *pages(sample_server)[::every]]:
            if path:
                page.goto(sample_server.url.rstrip("/") + path)
            page.evaluate(script)
            found[path] = page.evaluate(_AXE)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[path].append(f"is wider than {width} pixels")
    assert {path: said for path, said in found.items() if said} == {}


@pytest.mark.usefixtures("no_tagger")
def test_a_long_article_scrolls_and_answers_at_once(chromium: Browser, tmp_path: Path, wenmai: Command) -> None:
    names = [one + other for one, other in itertools.permutations("金木水火土山川江河湖海天地日月星辰", 2)]
    lines = [
        f"2017年4月{1 + n % 28}日，云江{names[3 * n]}科技有限公司与江城{names[3 * n + 1]}能源有限公司签署战略合作协议，"
        f"云江{names[3 * n]}科技有限公司总经理{'王李张刘'[n % 4]}{names[3 * n + 2]}出席签约仪式。"
        "这一天天气晴朗，会场里坐满了前来观礼的人，大家都说这样的合作来之不易，应当好好珍惜。"
        for n in range(46)
    ]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "long.txt").write_text(
        "---\nid: long\ntitle: 长文\ndate: 2017-04-30\n---\n" + "\n".join(lines), "utf-8"
    )
    assert wenmai("build", tmp_path / "in", "--store", tmp_path / "store").returncode == 0
    with closing(open_store(tmp_path / "store")) as store:
        (dated,) = store.match(None, terms.term("publishedOn"), None, DEFAULT)
        links = Links(store.base)
        path = links.of(str(dated.subject)[1:-1])
        page_of = linked_page(store, look_up(store, path.rpartition("/")[2]), links, "zh")
    files = {f"/static/{name}": (each.content, each.media) for name, each in static_files().items()}
    files[path] = page_of, "text/html; charset=utf-8"

    def given(route: Route) -> None:
        content, media = files[urlsplit(route.request.url).path]
        route.fulfill(body=content, content_type=media)

    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.route("http://wenmai.example/**", given)
        page.goto(f"http://wenmai.example{path}")
        marks = page.locator(".text mark[id]")
        assert len(page.inner_text(".text")) >= 5000 and marks.count() >= 150
        frames, jumps = page.evaluate(
            """async () => {
              const drawn = () => new Promise((done) =>
                requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
              const middle = (times) => times.sort((a, b) => a - b)[times.length >> 1];
              const frames = [];
              for (let at = await drawn(), n = 0; n < 40; n += 1) {
                scrollTo(0, n * 100);
                const now = await drawn();
                frames.push(now - at);
                at = now;
              }
              const jumps = [];
              for (const mark of [...document.querySelectorAll(".text mark[id]")].filter((_, n) => n % 15 === 0)) {
                const at = performance.now();
                location.hash = mark.id;
                jumps.push((await drawn()) - at);
              }
              return [middle(frames), middle(jumps)];
            }"""
        )
        # What a reader feels as at once is a tenth of a second; this machine draws in software, with others beside.
        assert frames < 150 and jumps < 300, (frames, jumps)
        expect(page.locator("mark.lit").first).to_be_in_viewport()

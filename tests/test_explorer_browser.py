"""The network at `/` in a real Chromium on a real server: from a name to the words and back, and what else it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser import Visit, launched, watched
from serving import Served

if TYPE_CHECKING:
    from axe_core_python.sync_playwright import Axe
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

_POINT = """([one, other]) => {
  const { graph, pointOf } = window.wenmaiExplorer;
  const named = (name) => graph.nodes().find((id) => graph.getNodeAttribute(id, 'label') === name);
  if (!other) return [pointOf(named(one)).x, pointOf(named(one)).y];
  const [a, b] = [pointOf(named(one)), pointOf(named(other))];
  return [(a.x + b.x) / 2, (a.y + b.y) / 2];
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def shared(chromium: Browser) -> Iterator[BrowserContext]:
    """Return a context whose cache keeps the modules: most tests begin with the page as it opens."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, locale="zh-CN", reduced_motion="reduce", accept_downloads=True
    )
    yield context
    context.close()


@contextmanager
def visited(browser: Browser, url: str, **how: Any) -> Iterator[Visit]:
    """Open a page of the server in a fresh context, and see at the end that it kept to itself."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", **how})
    try:
        visit = watched(context.new_page())
        visit.page.goto(url)
        yield visit
        kept_to_itself(visit, url)
    finally:
        context.close()


def kept_to_itself(visit: Visit, url: str) -> None:
    here = re.escape(url.split("/")[2])
    assert [each for each in visit.requests if not re.match(rf"(blob:)?http://{here}/|data:", each)] == []
    assert visit.errors == []
    assert visit.dialogs == []


@pytest.fixture
def visit(shared: BrowserContext, sample_server: Served) -> Iterator[Visit]:
    visit = watched(shared.new_page())
    visit.page.goto(sample_server.url)
    ready(visit.page)
    yield visit
    visit.page.close()
    kept_to_itself(visit, sample_server.url)


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-explorer=ready]")


def labels(page: Page) -> set[str]:
    """Return the names of what is in the picture."""
    return set(
        page.evaluate("wenmaiExplorer.graph.nodes().map((id) => wenmaiExplorer.graph.getNodeAttribute(id, 'label'))")
    )


def point(page: Page, one: str, other: str = "") -> tuple[float, float]:
    """Return where a thing is on the screen, or the middle of a straight line."""
    x, y = page.evaluate(_POINT, [one, other])
    return x, y


def choose(page: Page, text: str, name: str) -> None:
    """Type a name and take it from the suggestions."""
    page.fill("#q2", text)
    page.get_by_role("option", name=name).first.click()
    expect(page.locator("#ex-panel h2")).to_have_text(name)
    settled(page)


def settled(page: Page) -> None:
    """Wait until nothing moves any more."""
    page.evaluate(
        """async () => { const seen = () => JSON.stringify([wenmaiExplorer.positions(), wenmaiExplorer.camera()]);
        for (let before = '', still = 0; still < 3; ) { await new Promise((done) => setTimeout(done, 60));
          const now = seen(); still = now === before ? still + 1 : 0; before = now; } }"""
    )


def test_from_a_name_to_the_words_in_the_paper_and_back(visit: Visit, sample_server: Served) -> None:
    page = visit.page
    page.locator("#q2").press_sequentially("申能")
    expect(page.get_by_role("option").first).to_contain_text("申能")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#ex-panel h2")).to_have_text("申能（集团）有限公司")
    expect(page.locator("#ex-panel")).to_contain_text("合作伙伴")
    settled(page)
    assert {"申能（集团）有限公司", "深圳市腾讯计算机系统有限公司", "王坚"} <= labels(page)
    page.mouse.click(*point(page, "申能（集团）有限公司", "深圳市腾讯计算机系统有限公司"))
    quote = page.locator("#ex-panel blockquote").first
    expect(quote).to_contain_text("申能（集团）有限公司（以下简称“申能集团”）与深圳市腾讯计算机系统有限公司")
    expect(quote).to_contain_text("2017-04-21 浦江日报")
    quote.locator("a").first.click()
    page.wait_for_url("**/doc/article-*")
    lit = page.locator("mark.lit").first
    expect(lit).to_contain_text("申能（集团）有限公司")
    expect(lit).to_be_in_viewport()
    page.locator("mark.lit ~ .notes .net, mark.lit .notes .net, .notes .net").first.click()
    ready(page)
    expect(page.locator("#ex-panel blockquote").first).to_be_visible()
    assert page.evaluate("wenmaiExplorer.state.selection.kind") == "edge"


def test_back_in_the_browser_is_the_same_view(visit: Visit) -> None:
    page = visit.page
    choose(page, "申能", "申能（集团）有限公司")
    before = page.evaluate("wenmaiExplorer.positions()")
    page.locator("#ex-panel").get_by_role("link", name="完整页面").click()
    page.wait_for_url("**/doc/org-*")
    page.go_back()
    ready(page)
    expect(page.locator("#ex-panel h2")).to_have_text("申能（集团）有限公司")
    after = page.evaluate("wenmaiExplorer.positions()")
    assert after.keys() == before.keys()
    for key, (x, y) in before.items():
        assert after[key] == pytest.approx([x, y], abs=1)


def test_expand_collapse_undo_keep_what_is_placed(visit: Visit) -> None:
    page = visit.page
    choose(page, "申能", "申能（集团）有限公司")
    first, before = labels(page), page.evaluate("wenmaiExplorer.positions()")
    page.mouse.dblclick(*point(page, "深圳市腾讯计算机系统有限公司"))
    expect(page.locator("#ex-said")).to_contain_text("展开了")
    settled(page)
    assert first < labels(page) and "上海市人民政府" in labels(page)
    after = page.evaluate("wenmaiExplorer.positions()")
    assert {key: after[key] for key in before} == before
    page.mouse.click(*point(page, "深圳市腾讯计算机系统有限公司"))
    page.get_by_role("button", name="收起", exact=True).click()
    assert labels(page) == first
    page.get_by_role("button", name="撤销", exact=True).click()
    assert "上海市人民政府" in labels(page)
    page.get_by_role("button", name="重做", exact=True).click()
    assert labels(page) == first


def test_pin_drag_and_hide(visit: Visit) -> None:
    page = visit.page
    choose(page, "申能", "申能（集团）有限公司")
    x, y = point(page, "王坚")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y - 30, steps=4)
    page.mouse.up()
    assert point(page, "王坚") == pytest.approx((x + 40, y - 30), abs=3)
    page.mouse.click(x + 40, y - 30)
    page.get_by_role("button", name="取消固定").click()
    page.get_by_role("button", name="移出").click()
    assert "王坚" not in labels(page)


def test_filters_leave_out_and_bring_back(visit: Visit) -> None:
    page = visit.page
    choose(page, "申能", "申能（集团）有限公司")
    whole = labels(page)
    page.locator("#ex-classes").get_by_role("checkbox", name="人物").uncheck()
    assert labels(page) == whole - {"王坚"}
    page.locator("#ex-relations").get_by_role("checkbox", name="合作伙伴").uncheck()
    assert page.evaluate("wenmaiExplorer.graph.edges().filter((id) => id.includes('|partnerOf|')).length") == 0
    page.get_by_role("button", name="清除筛选").first.click()
    assert labels(page) == whole

    page.get_by_role("button", name="从头开始").click()
    settled(page)
    whole = labels(page)
    assert page.locator("#ex-time rect").count() > 5
    last = page.get_by_role("slider", name="到哪个月")
    last.fill("0")
    assert last.get_attribute("aria-valuetext") == "2017-04"
    assert "深圳市腾讯计算机系统有限公司" in labels(page) and "海棠市博物馆" not in labels(page)
    page.get_by_role("button", name="清除筛选").first.click()
    assert labels(page) == whole


def test_a_denied_line_is_told_apart(chromium: Browser, sample_server: Served) -> None:
    found = sample_server.sparql(
        "PREFIX wenmai: <https://w3id.org/wenmai/ns#> SELECT ?s ?n ?o { GRAPH ?g { ?c wenmai:modality wenmai:Denied ;"
        " rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o } FILTER(isIRI(?o)) BIND(STRAFTER(STR(?p), '#') AS ?n) }"
        " LIMIT 1",
        accept="text/csv",
    )
    start, name, end = found.text.splitlines()[1].split(",")
    edge = f"{start.rpartition('/')[2]}|{name}|{end.rpartition('/')[2]}"
    with visited(chromium, f"{sample_server.url}#e={edge}") as visit:
        ready(visit.page)
        expect(visit.page.locator("#ex-panel .tag.denied").first).to_have_text("被否认")
        assert visit.page.evaluate(
            "wenmaiExplorer.graph.edges().map((id) => wenmaiExplorer.graph.getEdgeAttribute(id, 'kind'))"
        )


def test_a_path_and_common_neighbours(visit: Visit) -> None:
    page = visit.page
    page.locator("#ex-between summary").click()
    page.fill("#ex-from", "王坚")
    page.locator("#ex-between").get_by_role("option", name="王坚").first.click()
    page.get_by_role("button", name="最短路径").click()
    expect(page.locator("#ex-said")).to_have_text("请从建议中选两个不同的名称。")
    page.fill("#ex-to", "马化腾")
    page.locator("#ex-between").get_by_role("option", name="马化腾").first.click()
    page.get_by_role("button", name="最短路径").click()
    expect(page.locator("#ex-said")).to_contain_text("最短路径：")
    assert {"王坚", "马化腾"} <= labels(page)
    page.get_by_role("button", name="共同相连").click()
    expect(page.locator("#ex-said")).to_contain_text("共同相连的有")


def test_a_link_restores_the_view(visit: Visit, chromium: Browser) -> None:
    page = visit.page
    choose(page, "申能", "申能（集团）有限公司")
    page.locator("#ex-classes").get_by_role("checkbox", name="人物").uncheck()
    page.get_by_role("button", name="放大").click()
    settled(page)
    page.locator("#ex-take summary").click()
    page.get_by_role("button", name="复制此图的链接").click()
    link = page.evaluate("wenmaiExplorer.link()")
    seen = page.evaluate("[wenmaiExplorer.positions(), wenmaiExplorer.camera()]")
    with visited(chromium, link, locale="en-US") as other:
        ready(other.page)
        expect(other.page.locator("html")).to_have_attribute("lang", "zh-Hans")
        expect(other.page.locator("#ex-panel h2")).to_have_text("申能（集团）有限公司")
        assert labels(other.page) == labels(page)
        positions, camera = other.page.evaluate("[wenmaiExplorer.positions(), wenmaiExplorer.camera()]")
        assert camera == pytest.approx(seen[1], rel=1e-3)
        for key, place in seen[0].items():
            assert positions[key] == pytest.approx(place, abs=1)


def test_a_link_without_a_camera_shows_all_of_it(visit: Visit, sample_server: Served) -> None:
    page = visit.page
    ids = page.evaluate("wenmaiExplorer.graph.nodes().slice(0, 6)")
    places = ";".join(f"{each},{900 + 90 * at},{70 * at}," for at, each in enumerate(ids))
    page.goto("about:blank")
    page.goto(f"{sample_server.url}#n={places}")
    ready(page)
    box = page.locator("#ex-canvas").bounding_box()
    assert box
    for each in ids:
        at = page.evaluate("(id) => wenmaiExplorer.pointOf(id)", each)
        assert 0 < at["x"] - box["x"] < box["width"] and 0 < at["y"] - box["y"] < box["height"]


@pytest.mark.parametrize(
    "fragment", ["n=;;;,,,", "n=%00,1,2&s=%7C%7C&x=a,b&v=1,2", "e=<img>|x|y", "n=org-000000000000,1,1"]
)
def test_a_broken_link_shows_something(chromium: Browser, sample_server: Served, fragment: str) -> None:
    with visited(chromium, f"{sample_server.url}#{fragment}") as visit:
        ready(visit.page)
        assert visit.page.locator("#ex-canvas canvas").first.is_visible()


def test_taking_it_away(visit: Visit) -> None:
    page = visit.page
    page.locator("#ex-take summary").click()
    files = {}
    for button in ("PNG", "SVG", "GraphML", "GEXF", "Turtle", "CSV"):
        with page.expect_download() as waiting:
            page.locator("#ex-take").get_by_role("button", name=button, exact=True).click()
        files[waiting.value.suggested_filename] = Path(waiting.value.path()).read_bytes()
    assert list(files) == [f"wenmai.{ending}" for ending in ("png", "svg", "graphml", "gexf", "ttl", "csv")]
    assert files.pop("wenmai.png").startswith(b"\x89PNG")
    for content in files.values():
        assert "深圳市腾讯计算机系统有限公司" in content.decode("utf-8")


def test_a_line_is_cited(visit: Visit) -> None:
    page = visit.page
    choose(page, "申能", "申能（集团）有限公司")
    page.locator("#ex-panel .ex-fact", has_text="合作伙伴").first.click()
    with page.expect_download() as waiting:
        page.locator("#ex-panel .ex-cite").get_by_role("link", name="BibTeX").click()
    assert "申能与腾讯签约合作" in Path(waiting.value.path()).read_text("utf-8")


def test_everything_by_keyboard(visit: Visit) -> None:
    page = visit.page
    choose(page, "申能", "申能（集团）有限公司")
    page.focus("#ex-canvas")
    expect(page.locator("#ex-said")).to_have_text("申能（集团）有限公司，企业，图中 5 条关系")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    assert page.evaluate("wenmaiExplorer.state.focus") != page.evaluate("wenmaiExplorer.state.selection.id")
    here = page.evaluate("wenmaiExplorer.state.focus")
    page.keyboard.press("Space")
    assert page.evaluate("wenmaiExplorer.state.selection.id") == here
    page.keyboard.press("e")
    expect(page.locator("#ex-panel blockquote").first).to_be_visible()
    number = len(labels(page))
    page.keyboard.press("h")
    assert len(labels(page)) == number - 1
    page.keyboard.press("Control+z")
    assert len(labels(page)) == number
    ratio = page.evaluate("wenmaiExplorer.camera().ratio")
    page.keyboard.press("+")
    settled(page)
    assert page.evaluate("wenmaiExplorer.camera().ratio") < ratio
    page.keyboard.press("Escape")
    assert page.evaluate("wenmaiExplorer.state.selection") is None


def test_the_list_has_the_same_facts(visit: Visit) -> None:
    page = visit.page
    page.locator("#ex-list summary").click()
    nodes, edges = page.evaluate("[wenmaiExplorer.graph.order, wenmaiExplorer.graph.size]")
    tables = page.locator("#ex-list table")
    expect(tables.nth(0).locator("tbody tr")).to_have_count(nodes)
    expect(tables.nth(1).locator("tbody tr")).to_have_count(edges)
    tables.nth(1).get_by_role("button", name="合作伙伴").first.click()
    expect(page.locator("#ex-panel blockquote").first).to_be_visible()


def test_a_slow_server_is_seen_and_can_be_stopped(visit: Visit) -> None:
    page = visit.page
    page.route("**/explore/around*", lambda _: None)  # never answered
    page.fill("#q2", "申能")
    page.get_by_role("option", name="申能（集团）有限公司").first.click()
    expect(page.locator("#ex-busy")).to_be_visible()
    page.get_by_role("button", name="停止").click()
    expect(page.locator("#ex-busy")).to_be_hidden()
    expect(page.locator("#ex-said")).to_have_text("已停止。")


def test_an_error_says_what_to_do(visit: Visit) -> None:
    page = visit.page
    page.route("**/explore/around*", lambda route: route.fulfill(status=503, body="{}"))
    page.fill("#q2", "申能")
    page.get_by_role("option", name="申能（集团）有限公司").first.click()
    expect(page.locator("#ex-said")).to_contain_text("请稍后再试")
    visit.errors[:] = [each for each in visit.errors if "503" not in each]  # the browser's own note of it


def test_hostile_text_is_text(visit: Visit) -> None:
    page = visit.page
    for part in ("start", "around", "card", "evidence"):
        page.route(f"**/explore/{part}*", lambda route: route.fulfill(json=hostile(route.fetch().json())))
    page.route("**/search?*", lambda route: route.fulfill(json=hostile(route.fetch().json())))
    page.get_by_role("button", name="从头开始").click()
    page.locator("#ex-list summary").click()
    expect(page.locator("#ex-list td").first).to_contain_text("<img src=x onerror=alert(1)>")
    page.locator("#ex-list table").nth(1).locator("button").first.click()
    expect(page.locator("#ex-panel blockquote").first).to_contain_text("<img src=x onerror=alert(1)>")
    page.locator("#ex-list table").nth(0).locator("button").first.click()
    expect(page.locator("#ex-panel h2")).to_contain_text("<img src=x onerror=alert(1)>")
    page.fill("#q2", "申能")
    expect(page.get_by_role("option").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#explorer img, .find img, #explorer script").count() == 0
    assert "\u202e" not in page.inner_text("#explorer")
    links = page.locator("main a").evaluate_all("(found) => found.map((each) => each.href)")
    assert not [each for each in links if not each.startswith("http://127.0.0.1:")]


def hostile(value: Any, key: str = "") -> Any:
    """Return an answer with markup in every text for people, and a script for every address of an article."""
    if isinstance(value, dict):
        return {name: hostile(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [hostile(each, key) for each in value]
    if key in {"label", "name", "names", "quote", "title", "paper", "value"}:
        return f"\u202e<img src=x onerror=alert(1)>{value}"
    return value


@pytest.fixture(scope="module")
def axe() -> Axe:
    pytest.importorskip("axe_core_python", reason="axe-core-python is not installed: pip install 'wenmai[dev]'")
    from axe_core_python.sync_playwright import Axe

    return Axe()


@pytest.mark.parametrize(("locale", "width", "scheme"), [("zh-CN", 1280, "light"), ("en-US", 390, "dark")])
def test_axe_finds_nothing(
    chromium: Browser, sample_server: Served, axe: Axe, locale: str, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 844}
    how = {"locale": locale, "viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    with visited(chromium, sample_server.url, **how) as visit:
        page = visit.page
        ready(page)
        page.locator("#ex-list > summary").click()
        page.locator("#ex-list table").nth(1).locator("button").first.click()
        expect(page.locator("#ex-panel blockquote").first).to_be_visible()
        page.locator("#ex-take > summary").click()
        found = axe.run(page, options={"runOnly": RULES})
        assert [(it["id"], [node["html"][:200] for node in it["nodes"]]) for it in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_without_scripts_the_page_is_what_it_was(chromium: Browser, sample_server: Served) -> None:
    with visited(chromium, sample_server.url, java_script_enabled=False) as visit:
        assert not visit.page.locator("#explorer").is_visible()
        assert visit.page.locator(".articles li").count() > 5
        visit.page.fill("#q2", "申能")
        visit.page.get_by_role("button", name="查找").click()
        visit.page.wait_for_url("**/search?q=*")

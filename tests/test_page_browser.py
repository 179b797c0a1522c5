"""The network page in a real Chromium: no request, no error, quotes on a click, keyboard, narrow screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import view_store as sample
import wenmai
from browser import Visit, launched, opened
from wenmai.view import view

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

_EDGE_AT = """([from, to, label]) => {
  const named = (name) => nodes.get().find((node) => node.name === name).id;
  const [a, b] = [named(from), named(to)];
  const edge = edges.get().find((each) => each.label === label && [each.from, each.to].includes(a)
    && [each.from, each.to].includes(b));
  const frame = document.querySelector('canvas').getBoundingClientRect();
  const steps = Array.from({ length: 60 }, (_, step) => (step + 1) / 61);
  const [p, q] = [network.getPosition(edge.from), network.getPosition(edge.to)];
  for (const bulge of [0, .03, -.03, .06, -.06, .09, -.09, .12, -.12, .15, -.15]) for (const step of steps) {
    const at = network.canvasToDOM({ x: p.x + (q.x - p.x) * step - bulge * (q.y - p.y),
      y: p.y + (q.y - p.y) * step + bulge * (q.x - p.x) });
    const around = [[0, 0], [3, 0], [-3, 0], [0, 3], [0, -3]].map(([x, y]) => ({ x: at.x + x, y: at.y + y }));
    if (around.every((each) => network.getEdgeAt(each) === edge.id && network.getNodeAt(each) === undefined))
      return [at.x + frame.left, at.y + frame.top];
  }
  return null;
}"""
_NODE_AT = """(name) => {
  const node = nodes.get().find((each) => each.name === name);
  const at = network.canvasToDOM(network.getPosition(node.id));
  const frame = document.querySelector('canvas').getBoundingClientRect();
  return [at.x + frame.left, at.y + frame.top];
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "network.html"
    view(sample.make(inferred=sample.INFERRED), path, inferred=True)
    return path


@pytest.fixture
def visit(chromium: Browser, page_file: Path) -> Iterator[Visit]:
    with opened(chromium, page_file) as found:
        yield found
        assert found.requests == [page_file.resolve().as_uri()]
        assert found.errors == []
        assert found.dialogs == []


def click_edge(visit: Visit, source: str, target: str, label: str) -> str:
    at = visit.page.evaluate(_EDGE_AT, [source, target, label])
    assert at, f"no point of the line {label} can be clicked"
    visit.page.mouse.click(*at)
    return visit.page.inner_text("#panel")


def click_node(visit: Visit, name: str) -> str:
    visit.page.mouse.click(*visit.page.evaluate(_NODE_AT, name))
    return visit.page.inner_text("#panel")


def test_it_opens_without_a_request_and_draws(visit: Visit) -> None:
    assert visit.page.title() == "文脉网络图"
    assert visit.page.get_attribute("html", "lang") == "zh-Hans"
    inked = visit.page.evaluate(
        "() => { const c = document.querySelector('canvas'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
        "for (let i = 3; i < d.length; i += 4) if (d[i]) n++; return n; }"
    )
    assert inked > 5000


def test_it_stands_still(visit: Visit) -> None:
    before = visit.page.evaluate("network.getPositions()")
    visit.page.wait_for_timeout(1000)
    assert visit.page.evaluate("network.getPositions()") == before


def test_everything_is_in_view(visit: Visit) -> None:
    inside = visit.page.evaluate(
        "() => { const c = document.getElementById('mynetwork'); return nodes.get().every((node) => {"
        "const box = network.getBoundingBox(node.id); const a = network.canvasToDOM({x: box.left, y: box.top});"
        "const b = network.canvasToDOM({x: box.right, y: box.bottom});"
        "return a.x >= 0 && a.y >= 0 && b.x <= c.clientWidth && b.y <= c.clientHeight; }); }"
    )
    assert inside


def test_a_click_on_a_line_shows_quote_article_and_date(visit: Visit) -> None:
    text = click_edge(visit, "青石镇党群服务中心", "青石镇", "位于")
    for words in ("位于青石镇的党群服务中心昨天启用", "党群服务中心启用", "2022-05-01", "news-2", "已陈述"):
        assert words in text


@pytest.mark.parametrize(
    ("source", "target", "label", "kind", "quote"),
    [
        ("云帆科技有限公司", "海潮集团", "合作伙伴", "已陈述", "海潮集团与云帆科技合作一年来"),
        ("云帆科技有限公司", "海潮集团", "投资", "计划中", "云帆科技有限公司拟入股海潮集团"),
        ("海潮集团", "青石大学", "× 收购", "被否认", "海潮集团否认收购青石大学"),
        ("林晓舟", "海潮集团", "董事长", "已陈述", "海潮集团董事长林晓舟出席"),
        ("青石镇党群服务中心", "白鹭市", "位于", "推断得出", "没有直接的原文"),
    ],
)
def test_every_line_can_be_clicked_beside_its_twin(
    visit: Visit, source: str, target: str, label: str, kind: str, quote: str
) -> None:
    text = click_edge(visit, source, target, label)
    assert kind in text and quote in text


def test_a_line_leads_to_what_else_is_said_of_its_two_ends(visit: Visit) -> None:
    text = click_edge(visit, "云帆科技有限公司", "海潮集团", "合作伙伴")
    assert "两者之间的其他说法" in text
    visit.page.locator("#panel li button", has_text="投资").click()
    assert "云帆科技有限公司拟入股海潮集团" in visit.page.inner_text("#panel")


def test_a_click_on_a_node_shows_its_facts_and_leads_on(visit: Visit) -> None:
    text = click_node(visit, "青石镇党群服务中心")
    for words in ("党组织", "地址", "柳荫路18号", "柳荫路18号的党群服务中心", "2022-05-01"):
        assert words in text
    visit.page.locator("#panel li button", has_text="位于 → 青石镇").click()
    assert "位于青石镇的党群服务中心昨天启用" in visit.page.inner_text("#panel")


def test_a_click_beside_everything_clears_the_panel(visit: Visit) -> None:
    click_node(visit, "海潮集团")
    frame = visit.page.locator("canvas").bounding_box()
    assert frame
    visit.page.mouse.click(frame["x"] + 3, frame["y"] + frame["height"] - 3)
    assert visit.page.inner_text("#panel") == "点击节点或连线，查看原文依据。"


def test_hostile_names_quotes_and_titles_are_text(visit: Visit) -> None:
    name = "\u202e反向公司"
    text = click_edge(visit, "云帆科技有限公司", name, "指导监督")
    assert sample.HOSTILE_TITLE in text and sample.HOSTILE_QUOTE in text
    text = click_node(visit, name)
    assert '<img src=x onerror="alert(3)">' in text and "<svg onload=alert(5)>" in text
    visit.page.fill("#search", "img")
    visit.page.click("#facts summary")
    visit.page.wait_for_timeout(300)
    assert visit.page.locator("img, b, #panel svg, #rows svg, #results img").count() == 0
    assert visit.page.locator("script").count() == 3


def test_only_the_pages_own_script_may_run(chromium: Browser, page_file: Path) -> None:
    with opened(chromium, page_file) as visit:
        visit.page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            "document.body.append(s); document.body.setAttribute('onclick', 'window.ran = 2'); }"
        )
        visit.page.click("h1")
        assert visit.page.evaluate("window.ran") is None
        visit.page.evaluate("fetch('http://localhost:9/').catch(() => 0)")
        assert visit.requests == [page_file.resolve().as_uri()]
        assert any("Content Security Policy" in error for error in visit.errors)


def test_search_by_keyboard(visit: Visit) -> None:
    visit.page.focus("#search")
    visit.page.keyboard.type("云帆科技")
    assert visit.page.locator("#results button").all_inner_texts()[0].startswith("云帆科技有限公司")
    visit.page.keyboard.press("Enter")
    assert "云帆科技有限公司" in visit.page.inner_text("#panel h2")
    assert visit.page.evaluate("document.activeElement.id") == "panel"
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    assert "原文依据" in visit.page.inner_text("#panel")
    visit.page.keyboard.press("Escape")
    assert visit.page.inner_text("#panel") == "点击节点或连线，查看原文依据。"
    visit.page.fill("#search", "没有这个名称")
    assert visit.page.inner_text("#found") == "没有找到"


def test_the_picture_moves_by_keyboard(visit: Visit) -> None:
    visit.page.focus("#mynetwork")
    scale = visit.page.evaluate("network.getScale()")
    visit.page.keyboard.press("+")
    assert visit.page.evaluate("network.getScale()") > scale
    left = visit.page.evaluate("network.getViewPosition().x")
    visit.page.keyboard.press("ArrowRight")
    assert visit.page.evaluate("network.getViewPosition().x") > left
    visit.page.keyboard.press("0")
    assert visit.page.evaluate("network.getScale()") == pytest.approx(scale, rel=0.05)


def test_the_list_holds_every_fact_for_those_who_do_not_see_the_canvas(visit: Visit) -> None:
    visit.page.click("#facts summary")
    rows = visit.page.locator("#rows tr")
    edges, facts = visit.page.evaluate("[edges.length, nodes.get().reduce((n, node) => n + node.facts.length, 0)]")
    expect(rows).to_have_count(edges + facts)
    denied = visit.page.locator("#rows tr", has_text="海潮集团否认收购青石大学").inner_text()
    for words in ("海潮集团", "收购", "青石大学", "被否认", "云帆携手海潮", "2021-03-06"):
        assert words in denied
    visit.page.fill("#filter", "柳荫路")
    expect(visit.page.locator("#rows tr:visible")).to_have_count(1)


def test_the_legend_names_what_is_drawn(visit: Visit) -> None:
    legend = visit.page.inner_text(".legend")
    for words in ("党政机关", "企业", "其他机构", "地点", "人物", "事件", "政策、协议", "计划中", "被否认", "推断得出"):
        assert words in legend


def _overflow(visit: Visit) -> int:
    found: int = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_wide_and_narrow_screens(chromium: Browser, page_file: Path, width: int) -> None:
    with opened(chromium, page_file, width, 844) as visit:
        assert _overflow(visit) == 0
        visit.page.fill("#search", "海潮")
        visit.page.click("#results button")
        assert visit.page.locator("#panel h2").is_visible()
        visit.page.click("#facts summary")
        assert _overflow(visit) == 0
        canvas = visit.page.locator("#mynetwork").bounding_box()
        assert canvas and canvas["height"] > 300 and canvas["width"] > width * 0.6
        assert visit.errors == []


def test_chinese_is_drawn_with_a_chinese_font(visit: Visit) -> None:
    """Two characters that are not in a font come out as the same box."""
    differ: Callable[..., Any] = visit.page.evaluate
    same = differ(
        "() => { const draw = (text) => { const c = document.createElement('canvas'); const x = c.getContext('2d');"
        "x.font = '40px ' + document.defaultView.getComputedStyle(document.body).fontFamily; x.fillText(text, 5, 60);"
        "return c.toDataURL(); }; return draw('申') === draw('能'); }"
    )
    if same:
        pytest.skip("no Chinese font on this machine (Debian: apt-get install fonts-noto-cjk)")


def test_a_crowd_opens_with_names_of_the_most_connected(chromium: Browser, tmp_path: Path) -> None:
    view(sample.crowd(1510), tmp_path / "crowd.html")
    with opened(chromium, tmp_path / "crowd.html") as visit:
        assert "图中只画出联系最多的 1,500 个实体（共 1,510 个）" in visit.page.inner_text(".notice")
        assert visit.page.evaluate("nodes.length") == 1500
        before = visit.page.evaluate("network.getPositions()")
        visit.page.wait_for_timeout(1000)
        assert visit.page.evaluate("network.getPositions()") == before
        assert visit.errors == [] and len(visit.requests) == 1


def test_the_page_works_in_a_notebooks_frame(chromium: Browser, tmp_path: Path) -> None:
    frame = wenmai.show(sample.make(), "海潮集团")
    (tmp_path / "cell.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{frame._repr_html_()}", "utf-8")
    context = chromium.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto((tmp_path / "cell.html").as_uri())
    inner = page.frame_locator("iframe")
    inner.locator("canvas").wait_for()
    inner.locator("#search").fill("林晓舟")
    inner.locator("#search").press("Enter")
    assert "董事长" in inner.locator("#panel").inner_text()
    assert errors == []
    context.close()


def test_an_empty_page_says_so(chromium: Browser, tmp_path: Path) -> None:
    view(sample.make([]), tmp_path / "empty.html", lang="en")
    with opened(chromium, tmp_path / "empty.html") as visit:
        assert "Nothing to draw" in visit.page.inner_text(".notice")
        assert visit.page.get_attribute("html", "lang") == "en" and visit.errors == []

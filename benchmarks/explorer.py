"""The network at `/` in Chromium, drawn by software: the first picture, and frames while it is moved and zoomed.

Prints how long after the server's answer the first neighbourhood is drawn; then, for graphs of growing size, the time
until all is drawn and the times between frames (median, 95 %, longest, ms) while the mouse drags the picture and the
wheel zooms it; beside it the same of pyvis' default page of the same graph, up to the size that it takes a minute for.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entity import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_CLASSES = ("Company", "GovernmentBody", "Person", "District", "Signing", "Organization", "Policy")
_SAMPLER = """() => { window.frames_ = []; let last = performance.now();
  const step = (now) => { frames_.push(now - last); last = now; window.next_ = requestAnimationFrame(step); };
  window.next_ = requestAnimationFrame(step); }"""
_WAIT = 60_000
Seen = tuple[float, tuple[list[float], list[float]]]
"""Milliseconds until a picture is drawn; those of its frames while it is dragged, and while it is zoomed."""


def picture(size: int) -> dict[str, Any]:
    """Return a made-up graph as the server writes one: two lines a node, to earlier ones; nothing at random."""
    nodes, edges, state = [], [], 1
    degree = [0] * size
    ends: list[int] = [0]
    for number in range(size):
        for _ in range(2 if number else 0):
            state = (state * 1103515245 + 12345) % (1 << 31)
            other = ends[state % len(ends)]
            if other == number:
                continue
            edges.append((number, other))
            ends += [number, other]
            degree[number] += 1
            degree[other] += 1
    for number in range(size):
        cls = _CLASSES[number % len(_CLASSES)]
        nodes.append(_node(number, cls, degree[number]))
    return {"nodes": nodes, "edges": [_edge(one, other) for one, other in edges], "total": size, "more": False}


def _node(number: int, cls: str, degree: int) -> dict[str, Any]:
    local = f"org-{number:012x}"
    label = f"第{number}号机构"
    return {"id": local, "iri": local, "label": label, "class": cls, "kind": "Organization", "degree": degree}


def _edge(one: int, other: int) -> dict[str, Any]:
    source, target = f"org-{one:012x}", f"org-{other:012x}"
    day = f"2017-{one % 12 + 1:02}-11"
    said = {"modality": "Asserted", "inferred": False, "confidence": 0.9, "claims": 1, "symmetric": True}
    when = {"first": day, "last": day, "dates": [day]}
    ends = {"source": source, "target": target, "predicate": "partnerOf", "label": "合作伙伴"}
    return {"id": f"{source}|partnerOf|{target}", **ends, **said, **when}


def moved(page: Page, spot: tuple[float, float]) -> tuple[list[float], list[float]]:
    """Return the times between frames while the picture is dragged, and while it is zoomed."""
    found = []
    for act in (_drag, _zoom):
        page.evaluate(_SAMPLER)
        act(page, spot)
        found.append(page.evaluate("() => { cancelAnimationFrame(next_); return frames_.slice(1); }"))
        page.wait_for_timeout(400)
    return found[0], found[1]


def _drag(page: Page, spot: tuple[float, float]) -> None:
    page.mouse.move(*spot)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(spot[0] + 6 * (step % 20), spot[1] + 4 * (step % 20))
    page.mouse.up()


def _zoom(page: Page, spot: tuple[float, float]) -> None:
    page.mouse.move(*spot)
    for step in range(12):
        page.mouse.wheel(0, -120 if step < 6 else 120)
        page.wait_for_timeout(80)


def _empty_spot(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + 12, box["y"] + 12


def ours(browser: Browser, url: str, graph: dict[str, Any]) -> Seen:
    """Return the milliseconds from the answer until the picture is there, and the frames."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    body = json.dumps(graph)
    page.route("**/explore/start*", lambda route: route.fulfill(body=body, content_type="application/json"))
    page.goto(url)
    page.wait_for_selector("html[data-explorer=ready]", timeout=2 * _WAIT)
    drawn = _drawn_after(page, "/explore/start")
    frames = moved(page, _empty_spot(page, "#ex-canvas"))
    page.close()
    return drawn, frames


def _drawn_after(page: Page, path: str) -> float:
    found: float = page.evaluate(
        """(path) => { const [drawn] = performance.getEntriesByName('wenmai:drawn');
        const asked = performance.getEntriesByType('resource').find((each) => each.name.includes(path));
        return drawn.startTime - asked.responseEnd; }""",
        path,
    )
    return found


def theirs(browser: Browser, graph: dict[str, Any], folder: Path) -> Seen | None:
    """Return the same of pyvis' default page; None where it does not draw in time."""
    import pyvis.network
    from playwright.sync_api import TimeoutError as Late

    made: Any = pyvis.network.Network
    network = made(cdn_resources="in_line", height="900px")
    for node in graph["nodes"]:
        network.add_node(node["id"], label=node["label"])
    for edge in graph["edges"]:
        network.add_edge(edge["source"], edge["target"], title=edge["label"])
    path = folder / "page.html"
    path.write_text(network.generate_html(notebook=False), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route("http*://**", lambda route: route.abort())
    page.set_default_timeout(_WAIT)
    try:
        begun = time.perf_counter()
        page.goto(path.as_uri(), timeout=_WAIT)
        page.evaluate("() => new Promise((done) => network.once('afterDrawing', done))")
        drawn = 1000 * (time.perf_counter() - begun)
        return drawn, moved(page, (14, 14))
    except Late:
        return None
    finally:
        page.close()


def told(name: str, drawn: float, frames: tuple[list[float], list[float]]) -> str:
    cells = [f"{_shown(each):>22}" for each in frames]
    return f"{name:<10} {drawn:9,.0f}  {'  '.join(cells)}"


def _shown(frames: list[float]) -> str:
    order = sorted(frames)
    return f"{statistics.median(order):,.0f} / {order[int(len(order) * 0.95) - 1]:,.0f} / {order[-1]:,.0f}"


def first_picture(browser: Browser, url: str, times: int) -> list[float]:
    """Return the milliseconds from the answer about a neighbourhood until it is drawn, each time in a new page."""
    found = []
    for _ in range(times):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_selector("html[data-explorer=ready]", timeout=_WAIT)
        found.append(_drawn_after(page, "/explore/start"))
        page.close()
    return found


def with_browser(work: Callable[[Browser], None]) -> None:
    import shutil

    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        work(browser)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, help="a store, whose first picture is looked at")
    parser.add_argument("--sizes", default="500,2000,10000", help="nodes, default: %(default)s")
    parser.add_argument("--without-pyvis", action="store_true", help="leave pyvis' page out")
    options = parser.parse_args()

    def work(browser: Browser) -> None:
        with serving(options.store) as port:
            url = f"http://127.0.0.1:{port}/"
            times = first_picture(browser, url, 5)
            print(
                f"first picture after the answer: {statistics.median(times):.0f} ms (of 5: {sorted(map(round, times))})"
            )
            print(f"{'':<10} {'drawn ms':>9}  {'drag ms/frame':>22}  {'zoom ms/frame':>22}   median / 95 % / longest")
            beside = not options.without_pyvis
            for size in map(int, options.sizes.split(",")):
                graph = picture(size)
                print(f"{size:,} nodes, {len(graph['edges']):,} lines")
                print(told("wenmai", *ours(browser, url, graph)))
                if not beside:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    found = theirs(browser, graph, Path(folder))
                print(told("pyvis", *found) if found else f"{'pyvis':<10} draws nothing in {_WAIT // 1000} s")
                beside = found is not None and found[0] < _WAIT

    with_browser(work)


if __name__ == "__main__":
    main()

"""Pictures of growing size: time to write the page, and to open it in Chromium until the network stands.

Prints for each number of entities: reading the graph from a store in memory, laying it out, writing the page, its size,
and opening it (where Playwright and Chromium are); each with the ratio to the size before.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
from made import resolutions

from wenmai.namespaces import DEFAULT_BASE
from wenmai.records import Linked
from wenmai.store import MemoryStore
from wenmai.triples import article_quads, merged
from wenmai.view import Selection, project, render
from wenmai.view.picture import draw


def store_of(articles: int) -> MemoryStore:
    """Return a store in memory with that many made-up articles."""
    quads: list[ox.Quad] = []
    for resolution in resolutions(articles):
        quads += article_quads(Linked(resolution), DEFAULT_BASE)
    return MemoryStore(quads=[*quads, *merged(quads)])


def opening(path: Path) -> float | None:
    """Return the seconds from going to the page until its network is drawn; None without a browser."""
    import shutil

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if chromium is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        begun = time.perf_counter()
        page.goto(path.as_uri())
        page.wait_for_function("window.network !== undefined")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found = time.perf_counter() - begun
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,300,500,1000,1500", help="entities, default: %(default)s")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    store = store_of(max(sizes))
    before: list[float] = []
    print(f"{'entities':>8}  {'read':>12}  {'lay out':>12}  {'write':>12}  {'open':>12}  size")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            begun = time.perf_counter()
            graph = project(store, Selection(limit=size))
            read = time.perf_counter() - begun
            begun = time.perf_counter()
            draw(graph, "zh")
            lay = time.perf_counter() - begun
            begun = time.perf_counter()
            content = render(graph)
            write = time.perf_counter() - begun
            path = Path(folder) / "page.html"
            path.write_bytes(content)
            row = [read, lay, write, opening(path) or 0.0]
            ratios = [f"×{new / old:.1f}" if old else "" for new, old in zip(row, before or [0.0] * 4, strict=True)]
            shown = [f"{seconds:6.2f} s {ratio:>4}" for seconds, ratio in zip(row, ratios, strict=True)]
            print(f"{len(graph):8,}  {'  '.join(shown)}  {len(content) // 1000:,} kB")
            before = row


if __name__ == "__main__":
    main()

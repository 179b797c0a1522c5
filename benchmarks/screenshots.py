"""Takes pictures of the main pages in Chromium: both languages, light and dark, wide and narrow, to be looked at.

Builds a store of the samples unless one is given. Two of the pictures are those of the README; `--readme` writes
these alone.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from entity import serving
from explorer import with_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ROOT = Path(__file__).resolve().parent.parent
_COMPANY = "申能（集团）有限公司"
_PAGES = ("ask", "sparql", "timeline", "places", "articles", "compare", "queries", "dataset")


def start(page: Page) -> None:
    page.wait_for_selector("html[data-explorer=ready]")


def company(page: Page) -> None:
    start(page)
    page.fill("#q2", "申能")
    page.get_by_role("option", name=_COMPANY).first.click()
    page.locator("#ex-panel h2").wait_for()
    page.wait_for_timeout(1500)


def evidence(page: Page) -> None:
    company(page)
    page.locator("#ex-panel .ex-fact").first.click()
    page.locator("#ex-panel blockquote").first.wait_for()
    page.mouse.move(2, 2)
    page.wait_for_timeout(300)


def article(page: Page) -> None:
    evidence(page)
    page.locator("#ex-panel blockquote a").first.click()
    page.locator("mark.lit").first.wait_for()


def nothing(page: Page) -> None:
    """Do nothing: the page is looked at as it opens."""


VIEWS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "start": ("", start),
    "company": ("", company),
    "evidence": ("", evidence),
    "article": ("", article),
    "answer": ("ask?q=谁是申能的合作方？", nothing),
    **{name: (name, nothing) for name in _PAGES},
}


def shot(browser: Browser, url: str, view: str, path: Path, lang: str, scheme: str, width: int) -> None:
    """Take one picture: of what a wide window shows, of a whole page where it is narrow."""
    where, act = VIEWS[view]
    size = {"width": width, "height": width * 45 // 64 if width > 640 else 844}
    dark = scheme == "dark"
    context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light", reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{url}{where}{'&' if '?' in where else '?'}lang={lang}")
    act(page)
    page.screenshot(path=path, full_page=width <= 640)
    context.close()


@contextmanager
def stored(path: Path | None) -> Iterator[Path]:
    """Give a store: the one at `path`, or one of the samples that goes at the end of the block."""
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        command = [sys.executable, "-m", "wenmai.cli", "build", str(_ROOT / "samples"), "--store", str(store)]
        subprocess.run(command, check=True)
        yield store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures are written")
    parser.add_argument("--store", type=Path, help="the store to show, default: one of the samples")
    parser.add_argument("--views", default=",".join(VIEWS), help="default: %(default)s")
    parser.add_argument("--readme", action="store_true", help="only the two of the README")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)

    def work(browser: Browser) -> None:
        with stored(options.store) as store, serving(store) as port:
            url = f"http://127.0.0.1:{port}/"
            if options.readme:
                shot(browser, url, "start", options.folder / "network.png", "zh", "light", 1160)
                shot(browser, url, "evidence", options.folder / "evidence.png", "zh", "light", 1160)
                return
            looks = itertools.product(options.views.split(","), ("zh", "en"), ("light", "dark"), (1280, 390))
            for view, lang, scheme, width in looks:
                path = options.folder / f"{view}-{lang}-{scheme}-{width}.png"
                shot(browser, url, view, path, lang, scheme, width)
                print(path)

    with_browser(work)


if __name__ == "__main__":
    main()

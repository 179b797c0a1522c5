"""A real Chromium for the tests of pages: opens a file, notes every request, console message and error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Visit:
    """An open page and what it did so far."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


def executable() -> str:
    """Return the path of Chromium; skip the test, with the reason, where there is none."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install 'wenmai[dev]'")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """Start a Chromium that asks nothing of the network by itself."""
    chromium = executable()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def watched(page: Page) -> Visit:
    """Note from now on what a page asks for, complains of and says."""
    visit = Visit(page)

    def note(message: ConsoleMessage) -> None:
        # how fast Chromium's software drawing is is nobody's fault
        if message.type in ("error", "warning") and "GL Driver Message" not in message.text:
            visit.errors.append(message.text)

    def refuse(dialog: Dialog) -> None:
        visit.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("console", note)
    page.on("dialog", refuse)
    return visit


@contextmanager
def opened(browser: Browser, path: Path, width: int = 1280, height: int = 900) -> Iterator[Visit]:
    """Open a file in a fresh context, with a window of this size, and wait until its network is there."""
    context = browser.new_context(viewport={"width": width, "height": height})
    try:
        visit = watched(context.new_page())
        page = visit.page
        page.goto(path.resolve().as_uri())
        page.wait_for_function("window.network !== undefined")
        page.wait_for_timeout(300)
        yield visit
    finally:
        context.close()

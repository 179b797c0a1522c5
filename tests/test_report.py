"""The quality report: one safe page, the same every time, that says what the store holds."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

from browser import launched
from conftest import Command
from review_store import News, Said, memory, on_disk, thing
from wenmai.report import report

HOSTILE = "</title><script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>{{ 7*7 }}"
THINGS = {
    "hm": thing("hm", "Company", "鹤鸣精密机械有限公司"),
    "lq": thing("lq", "Company", "岚桥港务" + HOSTILE),
    "rule": thing("rule", "Policy", "檀溪市夜航管理办法"),
}
NEWS = [
    News("a1", "2021-03-06", (Said("hm", "partnerOf", "lq"), Said("rule", "effectiveFrom", "2021-05-01")), HOSTILE),
    News(
        "a2", "2021-05-09", (Said("hm", "partnerOf", "lq", "Asserted", 0.6), Said("rule", "effectiveFrom", "2021-06"))
    ),
    News(f"a3{HOSTILE}", "", (), HOSTILE),
]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(page: str) -> _Seen:
    parser = _Seen()
    parser.feed(page)
    return parser


def test_the_report_on_the_samples_is_the_same_bytes_every_time(
    sample_store: Path, tmp_path: Path, wenmai: Command
) -> None:
    pages = []
    for number in ("1", "2"):
        target = tmp_path / f"{number}.html"
        done = wenmai("report", "--store", sample_store, "--output", target, env={"PYTHONHASHSEED": number})
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        pages.append(target.read_bytes())
    assert pages[0] == pages[1]
    text = "".join(seen(pages[0].decode()).text)
    counted = json.loads(wenmai("stats", "--store", sample_store, "--json").stdout)
    assert f"{counted['triples']:,}" in text
    assert "海棠市博物馆" in text
    for heading in ("覆盖", "Coverage", "置信度", "Confidence", "有争议", "Extraction runs", "没有发现问题"):
        assert heading in text


def test_a_hostile_title_is_text_and_nothing_else() -> None:
    page = report(memory(THINGS, NEWS))
    found = seen(page)
    assert "script" not in found.tags
    assert "img" not in found.tags
    assert HOSTILE in "".join(found.text)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "style"]
    assert all(value.startswith("#") for name, value in found.attributes if name.endswith(("href", "src")))
    (policy,) = [value for name, value in found.attributes if value.startswith("default-src 'none'")]
    assert "unsafe" not in policy


def test_what_the_report_counts() -> None:
    text = " ".join("".join(seen(report(memory(THINGS, NEWS))).text).split())
    assert "2 篇报道有陈述，1 篇没有" in text
    assert "1 篇没有日期" in text
    assert "confidence: 1" in text
    assert "contradictions: 1" in text
    assert "by hand" in text


def test_an_empty_store_has_a_report_too() -> None:
    assert "没有发现问题" in "".join(seen(report(memory({}, []))).text)


def test_without_matplotlib_the_extra_is_named(sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    (tmp_path / "matplotlib").mkdir()
    (tmp_path / "matplotlib" / "__init__.py").write_text("raise ImportError('not installed')\n", "utf-8")
    target = tmp_path / "report.html"
    done = wenmai("report", "--store", sample_store, "--output", target, env={"PYTHONPATH": _before(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "wenmai[print]" in line
    assert not target.exists()


def _before(path: Path) -> str:
    return os.pathsep.join(filter(None, [str(path), os.environ.get("PYTHONPATH")]))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_page_asks_nothing_runs_nothing_and_fits(tmp_path: Path, wenmai: Command, width: int, scheme: str) -> None:
    store = on_disk(tmp_path / "store", THINGS, NEWS)
    target = tmp_path / "report.html"
    assert wenmai("report", "--store", store, "--output", target).returncode == 0
    told: list[str] = []
    with launched() as browser:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page.on("request", lambda request: told.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("dialog", lambda dialog: told.append(dialog.message))
        page.goto(target.as_uri())
        assert told == [target.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("svg text").count() > 10
        colour = page.locator("svg text").first.evaluate("e => getComputedStyle(e).fill")
        assert colour == page.locator("h1").evaluate("e => getComputedStyle(e).color")

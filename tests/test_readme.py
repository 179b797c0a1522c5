"""README, guides and tutorial are followed as a reader would, and show what they say; their links lead somewhere."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

from conftest import ROOT, Command
from examples import FILE, NOT_HERE, Reader, blocks, checkout
from once import once

IN_CHINESE = {"README.zh.md": "README.md", "docs/tutorial.zh.md": "docs/tutorial.md"}
"""Documents that have the very blocks of another, so that these are run once."""
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/*/*.md"))
)
FOLLOWED = [name for name in DOCUMENTS if name not in (*IN_CHINESE, "CONTRIBUTING.md") and blocks(ROOT / name)]
NOT_RUN = {
    "CONTRIBUTING.md": (2, "setting up a virtual environment; the whole of the checks"),
    "README.md": (2, "make, which calls this; a server, and a site (tests/test_publish.py makes one)"),
    "docs/apis.md": (2, "a server answers (tests/test_serve_api.py asks one)"),
    "docs/figures.md": (1, "minutes of make, whose parts tests/test_figures.py tries"),
    "docs/llm.md": (1, "an endpoint of a language model (tests/test_llm.py has one)"),
    "docs/publish.md": (1, "a site, and Python's server (tests/test_publish.py makes one)"),
    "docs/release.md": (1, "make, whose parts tests/test_release.py tries"),
    "docs/scale.md": (2, "an archive; a cluster (tests/test_cluster.py has one)"),
    "docs/serve.md": (1, "a server until Ctrl-C"),
    "docs/tutorial.md": (2, "pip, which would ask a network; a server until Ctrl-C"),
}
"""How many blocks of `sh` a document has, and what they need that is not here."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> Path:
    """Return a folder in which `wenmai demo` was run; said.txt is what it said."""

    def make(folder: Path) -> None:
        done = wenmai("demo", cwd=folder)
        assert done.returncode == 0, done.stderr
        (folder / "said.txt").write_text(done.stdout + done.stderr, "utf-8")

    return once(tmp_path_factory, "demonstrated", make)


@pytest.fixture
def known(demo: Path) -> dict[str, str]:
    return {"wenmai demo": (demo / "said.txt").read_text("utf-8")}


@pytest.fixture
def place(demo: Path, tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder with what `wenmai demo` left, and with files of the names that documents use."""
    shutil.copytree(demo / "demo", tmp_path / "demo")
    (tmp_path / "NEWS").mkdir()
    for name, source in {
        "page-20170421.txt": "2020-10-28-page.txt",
        "article.txt": "2022-11-16-joint-venture.txt",
        "NEWS/a.txt": "2017-04-21-committee-rules.txt",
        "more.jsonl": "2017-shanghai.jsonl",
        "archive.zip": "2024-appointments.zip",
    }.items():
        shutil.copy(samples / source, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENMAI_CURATOR", "reader")
    return tmp_path


@pytest.mark.parametrize("name", FOLLOWED)
def test_what_a_document_says_can_be_done(name: str, place: Path, known: dict[str, str]) -> None:
    Reader(place, known).follow(ROOT / name)


def test_the_newcomers_path_leads_to_a_relation(demo: Path, known: dict[str, str], tmp_path: Path) -> None:
    environment = {**checkout(tmp_path), "WENMAI_TAGGER": "none"}
    shutil.copytree(demo / "demo", tmp_path / "demo")
    Reader(tmp_path, known, environment).follow(ROOT / "CONTRIBUTING.md")
    page = re.search(r'id="data">(.*?)</script>', (tmp_path / "sponsors.html").read_text("utf-8"), re.DOTALL)
    assert page is not None
    lines = {(edge["label"], edge["evidence"][0][1]) for edge in json.loads(page[1])["edges"]}
    assert lines == {("赞助", "海棠能源有限公司昨天赞助了临溪医院"), ("赞助", "远山航运有限公司拟赞助云岭大学")}


@pytest.mark.parametrize(("chinese", "english"), IN_CHINESE.items())
def test_the_chinese_document_has_the_same_examples(chinese: str, english: str) -> None:
    mine, others = ([(each.language, each.text) for each in blocks(ROOT / name)] for name in (chinese, english))
    assert mine == others


def test_the_figures_of_both_readmes_are_the_same() -> None:
    def figures(name: str, begin: str, end: str) -> set[str]:
        part = (ROOT / name).read_text("utf-8").partition(begin)[2].partition(end)[0]
        return set(re.findall(r"\d+(?:[.,]\d+)*", part))

    english, chinese = figures("README.md", "## Limits", "## Licence"), figures("README.zh.md", "## 局限", "## 许可")
    assert english and not english - chinese


def test_what_is_not_run_is_known() -> None:
    found = Counter(name for name in DOCUMENTS for block in blocks(ROOT / name) if block.language == NOT_HERE)
    known = {name: number for name, (number, _) in NOT_RUN.items()}
    known |= {name: known[other] for name, other in IN_CHINESE.items() if other in known}
    assert found == known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    text = re.sub(r"^```.*?^```$", "", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = {unquote(link.partition("#")[0]) for link in re.findall(r"\]\(([^)\s]*)\)", text) if "://" not in link}
    assert [link for link in links if link and not ((ROOT / name).parent / link).exists()] == []
    made = {found["path"] for block in blocks(ROOT / name) if (found := FILE.match(block.text))}
    named = set(re.findall(r"`((?:docs|ontology|benchmarks|notebooks|queries|samples|deploy|tests)/[\w./-]*)`", text))
    assert [each for each in named - made if not (ROOT / each).exists() and "NAME" not in each] == []


@pytest.mark.parametrize("folder", ["graph", "deploy", "tests"])
def test_documents_that_programs_name_exist(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".toml", ".service", ".conf"}]
    named = {each for path in files for each in re.findall(r"\bdocs/[\w/.-]+?\.md\b", path.read_text("utf-8"))}
    assert named and [each for each in named if not (ROOT / each).exists()] == []

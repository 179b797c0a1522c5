"""The README's examples are run, and show what it says they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from conftest import ROOT, Command
from wenmai.extract.rules import read_rules
from wenmai.query import parse

README = (ROOT / "README.md").read_text("utf-8")


def examples() -> list[tuple[str, list[str]]]:
    """Return the commands of the README's console blocks, each with the lines it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> Path:
    """Return a folder in which `wenmai demo` was run."""
    path = tmp_path_factory.mktemp("readme")
    assert wenmai("demo", cwd=path).returncode == 0
    return path


@pytest.mark.parametrize(("command", "printed"), examples(), ids=[command[:40] for command, _ in examples()])
def test_an_example_prints_what_the_readme_shows(
    command: str, printed: list[str], place: Path, wenmai: Command
) -> None:
    program, *words = shlex.split(command)
    assert program == "wenmai"
    done = wenmai(*words, cwd=place)
    assert done.returncode in (0, 1), done.stderr
    shown = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for line in printed:
        start, _, end = " ".join(line.split()).partition("…")
        assert any(each.startswith(start) and each.endswith(end) for each in shown), (line, done.stdout)


def test_the_python_example_runs(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(place)
    exec(compile(code, "README.md", "exec"), {})
    assert "腾讯" in capsys.readouterr().out


def test_the_rule_and_the_query_of_the_guide_are_well_formed(tmp_path: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (rule,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "partnerOf.toml").write_text(rule, "utf-8")
    assert len(read_rules([tmp_path / "partnerOf.toml"]).examples) == 2
    (query,) = re.findall(r"```\n(# title.*?)```", guide, re.DOTALL)
    assert parse("guide", query).example == {"org": "申能"}


def test_every_file_the_readme_names_is_there() -> None:
    for name in re.findall(r"`((?:docs|ontology|benchmarks|notebooks|queries|samples)/[\w./-]*)`", README):
        assert (ROOT / name).exists(), name

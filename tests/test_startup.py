"""Starting up: nothing heavy is loaded before it is needed, nothing is printed that was not asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conftest import Command

HEAVY = (
    "pyoxigraph",
    "rdflib",
    "networkx",
    "pyvis",
    "owlready2",
    "pyshacl",
    "numpy",
    "rich",
    "opencc",
    "matplotlib",
    "rapidfuzz",
)
COMMANDS = (
    "build",
    "extract",
    "remove",
    "export",
    "query",
    "ask",
    "queries",
    "view",
    "analyse",
    "check",
    "stats",
    "search",
    "serve",
    "publish",
    "why",
    "who",
    "diff",
    "curate",
    "review",
    "report",
    "demo",
)


def python(text: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *options, "-c", text], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["build", "--help"], ["view", "--help"]])
def test_version_and_help_load_no_heavy_library(words: list[str]) -> None:
    text = f"""
import sys
from wenmai.cli import main
try:
    main({words!r})
except SystemExit:
    pass
print("LOADED", *[name for name in {HEAVY!r} if name in sys.modules])
"""
    done = python(text)
    assert done.stdout.splitlines()[-1].strip() == "LOADED", done.stdout + done.stderr


def test_importing_prints_nothing_and_warns_of_nothing() -> None:
    done = python("import wenmai, wenmai.build, wenmai.query, wenmai.view, wenmai.reason", "-W", "error")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_version(wenmai: Command) -> None:
    done = wenmai("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("wenmai ")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_fits_a_screen_and_shows_examples(command: str, wenmai: Command) -> None:
    done = wenmai(command, "--help", env={"COLUMNS": "100"})
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) <= 40
    assert f"  wenmai {command}" in done.stdout.partition("examples:")[2] or f"wenmai {command} " in done.stdout


def test_help_lists_every_command_and_every_status(wenmai: Command) -> None:
    done = wenmai("--help", env={"COLUMNS": "100"})
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) <= 45
    for command in COMMANDS:
        assert f"    {command} " in done.stdout
    assert "exit status" in done.stdout

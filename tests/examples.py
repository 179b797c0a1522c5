"""Documents as somebody follows them: their blocks, in order, done in a folder, and what they are said to show.

What a block is, its fence says:

    console   typed into a shell: `$ ` begins a command, `> ` goes on with it, the other lines are shown by it (… is
              anything, and a line may go on)
    python    run as one program with the others of the document; a block of `text` right behind it is what it prints
    turtle, toml whose first line is a comment with a file's name: that file, or what is put at its end
    toml, json, sparql: read, a query asked
    sh        typed, but not here; the test that counts them says why
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import wenmai
from conftest import ROOT
from wenmai.cli import main
from wenmai.query import parse, run
from wenmai.serve.config import load

READ_ONLY = ("text", "html", "csv", "apacheconf")
NOT_HERE = "sh"
_FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (?P<path>[\w./-]+\.\w+)(?P<end>, at its end)?\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language (empty if none is said), its text, the line where it begins."""

    language: str
    text: str
    line: int


def blocks(document: Path) -> list[Block]:
    """Return the blocks of a document, those of directives left out."""
    text = document.read_text("utf-8")
    found = [Block(m["info"].strip(), m["body"], text.count("\n", 0, m.start()) + 1) for m in _FENCE.finditer(text)]
    return [block for block in found if not block.language.startswith("{")]


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a console block, each with the lines that it is said to show."""
    command: str | None = None
    shown: list[str] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, shown
            command, shown = line[2:], []
        elif line.startswith(">") and command is not None and not shown:
            command += "\n" + line[2:]
        else:
            shown.append(line)
    if command is not None:
        yield command, shown


class Reader:
    """Somebody who follows documents in the folder `place`.

    `known` are outputs of commands that were run there before. With an `environment` every command is a process that
    has it; without one, wenmai's are called in this process, which must be in that folder: they start faster.
    """

    def __init__(self, place: Path, known: Mapping[str, str], environment: Mapping[str, str] | None = None) -> None:
        self.place = place
        self._known = known
        self._environment = environment
        self._names: dict[str, Any] = {}
        self._printed: str | None = None

    def follow(self, document: Path) -> None:
        """Do what the document says. Raises AssertionError with the line that does not hold."""
        for block in blocks(document):
            try:
                self._do(block)
            except AssertionError as error:
                raise AssertionError(f"{document.name}:{block.line}: {error}") from None
            except Exception:
                raise AssertionError(f"{document.name}:{block.line}: {traceback.format_exc()}") from None

    def _do(self, block: Block) -> None:
        printed, self._printed = self._printed, None
        file = FILE.match(block.text) if block.language in ("toml", "turtle") else None
        if file is not None:
            with (self.place / file["path"]).open("a" if file["end"] else "w", encoding="utf-8") as target:
                target.write(block.text[file.end() :])
        elif block.language == "console":
            for command, shown in commands(block):
                compare(shown, self._shell(command), command)
        elif block.language == "python":
            self._printed = self._python(block.text)
        elif block.language == "text" and printed is not None:
            compare(block.text.splitlines(), printed, "the program above")
        elif block.language == "toml":
            (self.place / "example.toml").write_text(block.text, "utf-8")
            load({}, str(self.place / "example.toml"), {})
        elif block.language == "json":
            read_json(block.text)
        elif block.language == "sparql":
            with wenmai.open(self.place / "demo" / "store") as graph:
                assert list(run(graph.store, block.text, parse("guide", block.text).example)), "the query finds nothing"
        else:
            assert block.language in (*READ_ONLY, NOT_HERE), f"a block of the language {block.language!r}"

    def _python(self, text: str) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(text, "example.py", "exec"), self._names)
        return out.getvalue()

    def _shell(self, command: str) -> str:
        """Return all that a command shows."""
        if command in self._known:
            return self._known[command]
        if self._environment is None and not _operators(command):
            program, *words = shlex.split(command, comments=True)
            if program == "wenmai":
                return called(words)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.place,
            env={**(self._environment or os.environ), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )
        assert done.returncode in (0, 1), f"{command}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr


def _operators(command: str) -> bool:
    """Tell whether a command needs a shell: what it joins, redirects or stands on several lines."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    return "\n" in command or any(set(word) <= set("|;&<>()") for word in lexer)


def called(words: list[str]) -> str:
    """Return what `wenmai` shows for these words, called in this process. Raises AssertionError for a refusal."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            status: object = main(words)
        except SystemExit as end:
            status = end.code
    out.seek(0)
    printed = out.read()
    assert status in (0, 1), f"wenmai {shlex.join(words)}: {printed}"
    return printed


def compare(shown: list[str], printed: str, what: str) -> None:
    """Compare lines that are said to be shown with what was printed. Raises AssertionError."""
    there = [" ".join(line.split()) for line in printed.splitlines()]
    for line in filter(None, shown):
        parts = [re.escape(part) for part in " ".join(line.split()).split("…")]
        pattern = re.compile(".*".join(parts) + ("" if len(parts) > 1 else ".*"))
        assert any(pattern.fullmatch(each) for each in there), f"{what} does not show {line!r} but\n{printed}"


def read_json(text: str) -> None:
    """Read a block of JSON, or of JSON Lines. Raises ValueError."""
    try:
        json.loads(text)
    except ValueError:
        for line in text.splitlines():
            json.loads(line)


def checkout(folder: Path) -> dict[str, str]:
    """Lay out in `folder` what a newcomer's checkout has, and return the environment of somebody who works in it."""
    ignored = shutil.ignore_patterns("gold", "data")  # what was compiled comes along, and saves seconds
    for name in ("graph", "ontology", "queries", "samples", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return {**kept, "PYTHONPATH": str(folder / "graph")}

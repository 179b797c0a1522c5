"""A new store is filled at once: the same as one article at a time, and a kill at any moment loses no reading."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest
from archive import write

from conftest import Command, command_line, exported
from wenmai.reason import closure
from wenmai.reason.parts import Parts
from wenmai.store import open_store
from wenmai.triples import inferred_iri
from wenmai.triples.merge import DEFAULT, plain

MANY = 124
"""A few more than a new store has to be given to be filled."""
STAGES = ("arrived.jsonl", "filling/facts-*")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short articles of few names, many of them met again: a store of them has something to link."""
    path = tmp_path_factory.mktemp("made") / "news.jsonl"
    write(path, MANY, length=120)
    return path


@pytest.fixture(scope="module")
def filled(news: Path, tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> Path:
    store = tmp_path_factory.mktemp("filled") / "store"
    done = wenmai("build", news, "--store", store, "--tagger", "none", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert f"{MANY} built" in done.stdout
    return store


def test_it_is_the_store_that_one_at_a_time_makes(filled: Path, news: Path, tmp_path: Path, wenmai: Command) -> None:
    lines = news.read_text("utf-8").splitlines(keepends=True)
    for part, name in ((lines[: MANY // 2], "one"), (lines[MANY // 2 :], "two")):
        (tmp_path / name).mkdir()
        (tmp_path / name / news.name).write_text("".join(part), "utf-8")
        done = wenmai("build", tmp_path / name, "--store", tmp_path / "store", "--tagger", "none")
        assert done.returncode == 0, done.stderr
    assert exported(wenmai, filled) == exported(wenmai, tmp_path / "store")
    assert wenmai("check", "--store", filled).returncode == 0
    assert wenmai("stats", "--store", filled).stdout == wenmai("stats", "--store", tmp_path / "store").stdout
    assert sorted(path.name for path in filled.iterdir() if path.name not in {"data", "snapshots"}) == [
        "current", "index.db", "lock", "log.jsonl", "registry.db", "sealed", "store.json",
    ]  # fmt: skip


def test_the_next_build_goes_on_from_it(filled: Path, news: Path, tmp_path: Path, wenmai: Command) -> None:
    (filled / "arrived.jsonl").write_bytes(b"what a kill at the very end leaves")
    again = wenmai("build", news, "--store", filled, "--tagger", "none")
    assert f"0 built, {MANY} unchanged" in again.stdout
    assert not (filled / "arrived.jsonl").exists()


def killed_when(store: Path, pattern: str, news: Path, how: signal.Signals) -> subprocess.Popen[str]:
    """Start a build and stop it as soon as a file of such a name has something in it."""
    command = [*command_line(), "build", str(news), "--store", str(store), "--tagger", "none", "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 100
    while process.poll() is None and time.monotonic() < deadline:
        if any(path.stat().st_size > 2000 for path in store.glob(pattern)):
            os.killpg(process.pid, how)
            break
        time.sleep(0.002)
    return process


@pytest.mark.parametrize("stage", STAGES)
def test_a_kill_leaves_an_empty_store_and_what_was_read(
    stage: str, filled: Path, news: Path, tmp_path: Path, wenmai: Command
) -> None:
    store = tmp_path / "store"
    assert killed_when(store, stage, news, signal.SIGKILL).wait() == -signal.SIGKILL
    asked = wenmai("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--store", store, "--format", "csv")
    assert asked.stdout.split() == ["n", "0"]
    whole = (store / "arrived.jsonl").read_bytes()
    (store / "arrived.jsonl").write_bytes(whole[:-20])  # a line that the kill tore
    done = wenmai("build", news, "--store", store, "--tagger", "none")
    assert (done.returncode, done.stderr) == (0, "")
    assert exported(wenmai, store) == exported(wenmai, filled)
    assert not any((store / name).exists() for name in ("arrived.jsonl", "filling"))


def test_a_process_that_dies_while_it_fills_is_told_and_nothing_is_read_again(
    filled: Path, news: Path, tmp_path: Path, wenmai: Command
) -> None:
    store = tmp_path / "store"
    command = [*command_line(), "build", str(news), "--store", str(store), "--tagger", "none", "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not list(store.glob("filling/facts-*")) and process.poll() is None:
            for child in children(process.pid) if arrived(store) == MANY else ():
                os.kill(child, signal.SIGKILL)
            time.sleep(0.001)
        error = process.communicate(timeout=60)[1]
    assert process.returncode == 4
    assert "a process that fills the store was ended" in error and "what was read waits" in error
    done = wenmai("build", news, "--store", store, "--tagger", "none")
    assert (done.returncode, done.stderr) == (0, "")
    assert exported(wenmai, store) == exported(wenmai, filled)
    assert not any((store / name).exists() for name in ("arrived.jsonl", "filling"))


def arrived(store: Path) -> int:
    """Return the number of articles that wait beside a store."""
    waiting = store / "arrived.jsonl"
    return waiting.read_bytes().count(b"\n") if waiting.exists() else 0


def children(process: int) -> list[int]:
    """Return the processes that a process started to work for it: those of its server of forks."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    below = [Path(f"/proc/{child}/task/{child}/children").read_text().split() for child in found]
    return [int(child) for each in below for child in each]


def test_asked_to_end_it_says_what_waits(filled: Path, news: Path, tmp_path: Path, wenmai: Command) -> None:
    store = tmp_path / "store"
    process = killed_when(store, "arrived.jsonl", news, signal.SIGINT)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "articles are read and wait beside the store; the same command again does the rest" in error
    first, *rest = (store / "arrived.jsonl").read_bytes().splitlines(keepends=True)
    body = json.dumps(json.loads(first[9:]) | {"mentions": 70_000}).encode() + b"\n"
    (store / "arrived.jsonl").write_bytes(b"%08x " % zlib.crc32(body) + body + b"".join(rest))
    done = wenmai("build", news, "--store", store, "--tagger", "none")
    assert done.returncode == 0
    assert int(re.findall(r"(\d+) mentions", done.stdout)[0]) > 70_000, "what waited is not read again"
    assert exported(wenmai, store) == exported(wenmai, filled)


def test_the_closure_in_parts_is_the_closure(filled: Path) -> None:
    def in_parts(size: int) -> Iterator[object]:
        parts = Parts()
        for at in range(0, len(asserted), size):
            yield from parts.follows(asserted[at : at + size])
        yield from parts.together(parts.meeting(asserted))

    with closing(open_store(filled)) as store:
        inferred = {quad.triple for quad in store.match(None, None, None, inferred_iri(store.base))}
        quads = [quad for quad in store.match(None, None, None, DEFAULT) if quad.triple not in inferred]
    asserted = list(plain(quads))
    whole = set(plain(ox.Quad(*triple) for triple in closure(quads)))
    assert len(whole) > 1000
    for size in (1, 500, len(asserted)):
        assert set(in_parts(size)) - set(asserted) == whole

"""Extraction on a Dask cluster of real processes: the same bytes, and a worker that is killed is not missed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from archive import write

from conftest import Command, command_line, exported

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="needs Dask (pip install 'wenmai[dask]')")
TAGGER = {"WENMAI_TAGGER": "none"}


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "news.jsonl"
    write(path, 150, length=150)
    return path


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[Path, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process; the first of them is the scheduler."""
    address = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    words = [["scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", str(address)]]
    worker = ["worker", "--scheduler-file", str(address), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    words += [[*worker, "--local-directory", str(tmp_path / name)] for name in ("one", "two")]
    log = (tmp_path / "log").open("wb")
    processes = [subprocess.Popen([*dask, *each], stdout=log, stderr=log, cwd=tmp_path) for each in words]
    deadline = time.monotonic() + 60
    while not address.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    yield address, processes
    for process in processes:
        process.kill()
        process.wait()
    log.close()


def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    cluster: tuple[Path, list[subprocess.Popen[bytes]]], news: Path, tmp_path: Path, wenmai: Command
) -> None:
    address, processes = cluster
    far, near = tmp_path / "far", tmp_path / "near"
    command = [*command_line(), "build", str(news), "--store", str(far), "--cluster", str(address)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | TAGGER
    ) as built:
        deadline = time.monotonic() + 100
        arrived = far / "arrived.jsonl"
        while (
            not (arrived.exists() and arrived.stat().st_size) and built.poll() is None and time.monotonic() < deadline
        ):
            time.sleep(0.005)
        assert built.poll() is None
        processes[2].kill()
        out, error = built.communicate(timeout=100)
    assert (built.returncode, error) == (0, "")
    assert "150 built" in out
    done = wenmai("build", news, "--store", near, "--workers", "1", "--tagger", "none")
    assert done.returncode == 0, done.stderr
    assert exported(wenmai, far) == exported(wenmai, near)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--cluster", "tcp://127.0.0.1:9"],
            "answers at tcp://127.0.0.1:9; start one with `dask scheduler`",
        ),
        (["--cluster", "nowhere.json"], "no Dask scheduler answers at nowhere.json; start one"),
    ],
)
def test_a_cluster_that_does_not_answer_is_told(
    words: list[str], told: str, news: Path, tmp_path: Path, wenmai: Command
) -> None:
    done = wenmai("build", news, "--store", tmp_path / "store", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1

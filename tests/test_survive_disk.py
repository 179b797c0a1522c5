"""What the system refuses: room on the disk, rights, memory, files; and the places a store may lie in."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kills import write

from conftest import Command, command_line, exported
from wenmai.build import build

ROOM = 24
"""Megabytes of the disk that is full soon."""


@pytest.fixture
def disk() -> Iterator[Path]:
    """Return a file system of its own in memory, `ROOM` megabytes large."""
    with tempfile.TemporaryDirectory() as place:
        words = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "tmpfs", place]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", "--lazy", place], check=False)


def free(disk: Path) -> int:
    return shutil.disk_usage(disk).free


def fill(disk: Path, left: int) -> Path:
    """Leave so many bytes free; return the file that takes the rest."""
    ballast = disk / "ballast"
    ballast.write_bytes(b"\0" * (free(disk) - left))
    return ballast


def digest(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_full_disk_stops_a_build_which_says_how_many_articles_are_safe(
    disk: Path, tmp_path: Path, wenmai: Command
) -> None:
    few, source, store = write(tmp_path / "few.jsonl", 5), write(tmp_path / "news.jsonl", 40), disk / "store"
    build([few], store, workers=1)
    said = exported(wenmai, store)
    ballast = fill(disk, 1_500_000)
    done = wenmai("build", source, "--store", store, "--workers", "1")
    assert done.returncode == 4, done.stderr
    (line,) = done.stderr.splitlines()
    told, _, rest = line.removeprefix(f"wenmai: {store}: disk full: ").partition(" articles safe; ")
    assert 5 <= int(told) < 40
    assert "free some space and run the same command again" in rest
    assert exported(wenmai, store) == said  # readers see what was published
    assert wenmai("check", "--store", store).returncode == 0
    ballast.unlink()
    done = wenmai("build", source, "--store", store, "--workers", "1")
    assert done.returncode == 0, done.stderr
    built = int(done.stdout.split(": ")[1].split(" built")[0])
    assert built <= 40 - int(told) + 5  # the first five are of the other file, and were others
    whole = tmp_path / "whole"
    for each in (few, source):
        build([each], whole, workers=1)
    assert exported(wenmai, store) == exported(wenmai, whole)


def test_a_backup_a_restore_and_an_export_to_a_full_disk_leave_what_was_there(
    disk: Path, sample_store: Path, tmp_path: Path, wenmai: Command
) -> None:
    kept, target, output = tmp_path / "kept", disk / "store", disk / "graph.nq"
    assert wenmai("backup", kept, "--store", sample_store).returncode == 0
    shutil.copytree(sample_store, target)
    output.write_text("old")
    said = exported(wenmai, sample_store)
    ballast = fill(disk, 300_000)
    before = digest(disk)
    for words in (
        ["backup", disk / "backup", "--store", sample_store],
        ["restore", kept, "--store", target, "--replace"],
        ["restore", kept, "--store", disk / "new"],
        ["export", "--store", sample_store, "--format", "nquads", "--output", output],
    ):
        done = wenmai(*words)
        assert done.returncode == 4, done.stderr
        (line,) = done.stderr.splitlines()
        assert "disk is full" in line or "No space left" in line
        after = digest(disk)
        after.pop(str(target / "lock"))
        assert after == {name: kept for name, kept in before.items() if name != str(target / "lock")}
    assert not (disk / "backup").exists()
    assert not (disk / "new").exists()
    ballast.unlink()
    assert wenmai("restore", kept, "--store", target, "--replace").returncode == 0
    assert exported(wenmai, target) == said


@pytest.mark.parametrize("name", ["-新闻 '库\""])
def test_a_store_lies_wherever_it_is_put(name: str, samples: Path, tmp_path: Path, wenmai: Command) -> None:
    article, store = samples / "2023-06-30-harbour-hospital.txt", tmp_path / name
    (tmp_path / "link").symlink_to(store)
    assert wenmai("build", article, f"--store={store}", "--workers", "1").returncode == 0
    said = exported(wenmai, store)
    assert exported(wenmai, tmp_path / "link") == said
    assert wenmai("backup", tmp_path / f"backup {name}", "--store", tmp_path / "link").returncode == 0
    done = wenmai("restore", tmp_path / f"backup {name}", "--replace", "--store", tmp_path / "link")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "link").is_symlink()
    assert exported(wenmai, store) == said


@pytest.mark.skipif(shutil.which("setpriv") is None and os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_may_only_be_read_is_backed_up_and_not_replaced(
    sample_store: Path, tmp_path: Path, wenmai: Command
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        Path(place).chmod(0o777)
        store, kept = shutil.copytree(sample_store, Path(place) / "store"), Path(place) / "kept"
        for path in [store, *store.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        as_other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        outcomes = [
            subprocess.run([*as_other, *command_line(), *words], capture_output=True, text=True, check=False, cwd="/")
            for words in (
                ["backup", str(kept), "--store", str(store)],
                ["restore", str(kept), "--replace", "--store", str(store)],
                ["migrate", "--store", str(store)],
                ["restore", str(kept), "--store", f"{place}/new"],
            )
        ]
        assert [done.returncode for done in outcomes] == [0, 4, 0, 0], [done.stderr for done in outcomes]
        assert "cannot be written here" in outcomes[1].stderr
        assert exported(wenmai, Path(place) / "new") == exported(wenmai, sample_store)
        for path in [store, *store.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize(
    ("limit", "statuses"),
    [("-n 64", {4}), ("-v 1500000", {0, 4, 5})],
)
def test_a_limit_of_the_system_is_said_in_one_line(
    limit: str, statuses: set[int], sample_store: Path, samples: Path, tmp_path: Path
) -> None:
    article = samples / "2023-06-30-harbour-hospital.txt"
    for words in (
        ["build", str(article), "--store", str(tmp_path / "store"), "--workers", "1"],
        ["query", "partners", "--param", "org=申能", "--store", str(sample_store)],
        ["export", "--output", str(tmp_path / "x.ttl"), "--store", str(sample_store)],
    ):
        script = f'ulimit {limit} && exec "$@"'
        done = subprocess.run(
            ["bash", "-c", script, "bash", *command_line(), *words], capture_output=True, text=True, check=False
        )
        assert done.returncode in statuses, (words, done.stderr)
        assert len(done.stderr.splitlines()) == (done.returncode != 0), done.stderr
        if done.returncode == 4:
            assert "ulimit -n 512" in done.stderr


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, samples: Path, wenmai: Command) -> Path:
    """Return a store of one article, built on this machine as it is."""
    store = tmp_path_factory.mktemp("plain") / "store"
    done = wenmai("build", samples / "2017-04-21-shenneng-tencent.txt", "--store", store, "--workers", "1")
    assert done.returncode == 0, done.stderr
    return store


@pytest.mark.parametrize(
    ("env", "clock"),
    [
        ({"PYTHONHASHSEED": "1", "LANG": "C", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"}, None),
        ({"PYTHONHASHSEED": "2", "LC_ALL": "zh_CN.GBK", "TZ": "America/New_York"}, "1970-01-02 00:00:00"),
        ({"PYTHONHASHSEED": "random", "LANG": "C"}, "2038-06-01 00:00:00"),
    ],
)
def test_the_machine_and_the_clock_leave_no_trace_in_the_graph(
    env: dict[str, str], clock: str | None, samples: Path, plain: Path, tmp_path: Path, wenmai: Command
) -> None:
    if clock and shutil.which("faketime") is None:
        pytest.skip("faketime is not installed (Debian: faketime)")
    store, article = tmp_path / "store", samples / "2017-04-21-shenneng-tencent.txt"
    words = [*command_line(), "build", str(article), "--store", str(store), "--workers", "1"]
    done = subprocess.run(
        ["faketime", clock, *words] if clock else words,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if clock:
        assert f'"time": "{clock[:4]}-' in (store / "log.jsonl").read_text()
    for format in ("turtle", "trig"):
        one, other = (wenmai("export", "--store", at, "--format", format, env=env) for at in (store, plain))
        assert one.returncode == other.returncode == 0, one.stderr
        assert one.stdout == other.stdout != ""

"""What goes wrong with a store folder: each is one sentence that names the folder, and nothing foreign is touched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from wenmai.errors import StoreError
from wenmai.store import open_store

TRIPLE = ox.Quad(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/p"), ox.Literal("值", language="zh"))

HOLDER = """
import sys, time
from wenmai.store import open_store
store = open_store(sys.argv[1], write=True, create=True)
print("open", flush=True)
time.sleep(60)
"""

ENDLESS = """
import sys
import pyoxigraph as ox
from wenmai.store import open_store
store = open_store(sys.argv[1], write=True, create=True)
n = 0
while True:
    graph = ox.NamedNode(f"http://e/g{n}")
    quads = [ox.Quad(ox.NamedNode(f"http://e/s{i}"), ox.NamedNode("http://e/p"), ox.Literal(str(i)), graph)
             for i in range(50)]
    store.commit(quads, remove=[ox.Quad(ox.NamedNode("http://e/x"), ox.NamedNode("http://e/p"), ox.Literal("x"))])
    print(n, flush=True)
    n += 1
"""


def made(path: Path) -> Path:
    store = open_store(path, write=True, create=True)
    store.commit([TRIPLE])
    store.publish()
    store.close()
    return path


def digest(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_no_store_there(tmp_path: Path) -> None:
    for write in (False, True):
        with pytest.raises(StoreError, match=r"none: there is no store; make one with `wenmai build"):
            open_store(tmp_path / "none", write=write)
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="there is no store"):
        open_store(tmp_path / "empty")
    open_store(tmp_path / "empty", write=True, create=True).close()


def test_a_foreign_folder_and_a_file_are_refused_and_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "照片 2017"
    foreign.mkdir()
    (foreign / "a.jpg").write_bytes(b"jpeg")
    (tmp_path / "file").write_text("x")
    before = digest(tmp_path)
    for write in (False, True):
        with pytest.raises(StoreError, match="照片 2017: the folder holds files that are not a wenmai store"):
            open_store(foreign, write=write, create=write)
        with pytest.raises(StoreError, match="this is a file, not a store"):
            open_store(tmp_path / "file", write=write, create=write)
    assert digest(tmp_path) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"store\.json cannot be read"),
        ('{"kind": "other"}', r"store\.json is not wenmai's"),
        ('{"kind": "wenmai-store", "format": "1"}', "no format version"),
        ('{"kind": "wenmai-store", "format": 1}', "no base IRI"),
        ('{"kind": "wenmai-store", "format": 7, "base": "http://e/"}', r"format 7, .* up to format 2"),
        ("[]", r"store\.json is not wenmai's"),
    ],
)
def test_the_marker_is_read_with_care(tmp_path: Path, text: str, message: str) -> None:
    path = made(tmp_path / "s")
    (path / "store.json").write_text(text)
    for write in (False, True):
        with pytest.raises(StoreError, match=message):
            open_store(path, write=write, create=write)


def test_a_second_writer_is_told_who_holds_the_store(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match=rf"process {holder.pid} on \S+ has been writing the store since 20"):
            open_store(path, write=True)
        assert list(open_store(path).match()) == []
        holder.send_signal(signal.SIGKILL)
    open_store(path, write=True).close()


def test_a_second_writer_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    first = open_store(tmp_path / "s", write=True, create=True)
    with pytest.raises(StoreError, match=f"process {os.getpid()}"):
        open_store(tmp_path / "s", write=True)
    first.close()
    open_store(tmp_path / "s", write=True).close()


def test_a_killed_writer_leaves_whole_commits_only(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with subprocess.Popen([sys.executable, "-c", ENDLESS, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(40)]
        writer.kill()
    store = open_store(path, write=True)
    graphs: dict[str, int] = {}
    for quad in store.match():
        graphs[str(quad.graph_name)] = graphs.get(str(quad.graph_name), 0) + 1
    assert set(graphs.values()) == {50}
    assert len(graphs) >= len(told)
    store.close()


def test_every_damaged_file_gives_an_error_or_the_right_answer(tmp_path: Path) -> None:
    path = made(tmp_path / "s")
    files = [p.relative_to(path) for p in path.rglob("*") if p.is_file() and p.name != "lock"]
    for number, name in enumerate(files):
        for how in ("cut", "flip", "gone"):
            copy = shutil.copytree(path, tmp_path / f"{number}-{how}")
            file = copy / name
            content = file.read_bytes()
            if how == "gone":
                file.unlink()
            elif how == "cut":
                file.write_bytes(content[: len(content) // 2])
            elif content:
                middle = len(content) // 2
                file.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
            for write in (False, True):
                try:
                    store = open_store(copy, write=write)
                    found = list(store.match())
                except StoreError as error:
                    assert str(copy) in str(error)
                    assert "\n" not in str(error)
                else:
                    # A log cut off is read up to the cut: a commit may be lost, never changed.
                    assert found in ([TRIPLE], []), (name, how)
                    store.close()


def test_a_missing_snapshot_says_how_to_make_one(tmp_path: Path) -> None:
    path = made(tmp_path / "s")
    shutil.rmtree(path / "snapshots")
    with pytest.raises(StoreError, match="run `wenmai build` on it again"):
        open_store(path)
    writer = open_store(path, write=True)
    writer.publish()
    assert list(open_store(path).match()) == [TRIPLE]
    writer.close()


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_read_and_not_written(tmp_path: Path) -> None:
    path = made(tmp_path / "s")
    script = (
        "import sys\nfrom wenmai.store import open_store\nfrom wenmai.errors import StoreError\n"
        "print(len(list(open_store(sys.argv[1]).match())))\n"
        "for at in sys.argv[1:]:\n"
        "    try: open_store(at, write=True, create=True)\n"
        "    except StoreError as error: print(error)\n"
    )
    for folder in [path, *path.rglob("*")]:
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    for parent in [tmp_path, *list(tmp_path.parents)[:-1]]:
        if parent.stat().st_uid == os.geteuid() and str(parent) != "/tmp":
            parent.chmod(parent.stat().st_mode | 0o055)
    command = [sys.executable, "-c", script, str(path), str(path / "new")]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    assert lines[0] == "1", run.stderr
    assert "cannot be written here (Permission denied)" in lines[1]
    assert "a store cannot be made here (Permission denied)" in lines[2]
    for folder in [path, *path.rglob("*")]:
        folder.chmod(0o755 if folder.is_dir() else 0o644)


def test_settings_hold_no_clock_and_no_path(tmp_path: Path) -> None:
    settings = json.loads((made(tmp_path / "s") / "store.json").read_text())
    assert set(settings) == {"kind", "format", "base", "created_by", "sum"}

"""Backups: complete, verified, whole or not there; and put back so that a kill leaves the old store or the new one."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import Command, exported
from killing import killed_at_each_step
from wenmai.errors import StoreError
from wenmai.store import EmbeddedStore, open_store
from wenmai.store.backup import backup
from wenmai.store.restore import restore


def quad(text: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/p"), ox.Literal(text))


def made(path: Path, *texts: str) -> Path:
    with closing(open_store(path, write=True, create=True)) as store:
        store.commit([quad(text) for text in texts])
        store.publish()
    return path


def texts(path: Path) -> set[str]:
    with closing(open_store(path)) as store:
        return {found.object.value for found in store.match() if isinstance(found.object, ox.Literal)}


def digest(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "lock"
    }


@pytest.mark.parametrize("words", [[], ["--link"]])
def test_what_is_restored_is_what_was_backed_up(
    words: list[str], sample_store: Path, samples: Path, tmp_path: Path, wenmai: Command
) -> None:
    kept, new = tmp_path / "备份 一", tmp_path / "new"
    before = digest(sample_store)
    done = wenmai("backup", kept, *words, "--store", sample_store)
    assert (done.returncode, done.stderr) == (0, "")
    assert digest(sample_store) == before
    done = wenmai("restore", kept, "--store", new)
    assert done.returncode == 0, done.stderr
    assert "every byte verified" in done.stdout
    assert exported(wenmai, new) == exported(wenmai, sample_store)
    done = wenmai("build", samples, "--store", new)
    assert "0 built" in done.stdout
    assert wenmai("check", "--store", new).returncode == 0


def test_a_copy_outlives_its_store_and_links_are_of_the_same_file_system(tmp_path: Path) -> None:
    store = made(tmp_path / "s", "one")
    backup(store, tmp_path / "copy")
    backup(store, tmp_path / "links", link=True)
    shared = [p for p in (tmp_path / "links" / "data").iterdir() if p.stat().st_nlink > 1]
    assert shared
    assert all(p.stat().st_nlink == 1 for p in (tmp_path / "copy").rglob("*") if p.is_file())
    for table in [*(store / "data").glob("*.sst"), *(store / "snapshots").rglob("*.sst")]:
        table.write_bytes(b"x" * table.stat().st_size)
    restore(tmp_path / "copy", store, replace=True)
    assert texts(store) == {"one"}
    with pytest.raises(StoreError, match=r"links: its file data/\d+\.sst is not what was backed up"):
        restore(tmp_path / "links", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_backup_holds_what_was_published_last(tmp_path: Path, wenmai: Command) -> None:
    path = made(tmp_path / "s", "one")
    with closing(open_store(path, write=True)) as writer:
        writer.commit([quad("two")])
        writer.flush()
        done = wenmai("backup", tmp_path / "b", "--store", path)
        assert done.returncode == 0, done.stderr
        assert "a writer is at work; the backup holds what was published last" in done.stderr
    restore(tmp_path / "b", tmp_path / "r")
    assert texts(tmp_path / "r") == {"one"}


def test_logs_and_databases_beside_the_data_come_along(tmp_path: Path) -> None:
    path = made(tmp_path / "s", "one")
    (path / "curation.jsonl").write_text('{"merge": 1}\n{"half a li', "utf-8")
    with closing(sqlite3.connect(path / "index.db")) as index:
        index.execute("CREATE TABLE t (x)")
        index.execute("INSERT INTO t VALUES (7)")
        index.commit()
    (path / "broken.db").write_bytes(b"no database" * 100)
    backup(path, tmp_path / "b")
    names = set(json.loads((tmp_path / "b" / "backup.json").read_text())["files"])
    assert {"curation.jsonl", "index.db", "store.json"} < names
    assert "broken.db" not in names
    (path / "index.db").unlink()
    (path / "registry.db").write_bytes(b"of the old store")
    restore(tmp_path / "b", path, replace=True)
    assert (path / "curation.jsonl").read_text("utf-8") == '{"merge": 1}\n'
    with closing(sqlite3.connect(path / "index.db")) as index:
        assert index.execute("SELECT x FROM t").fetchall() == [(7,)]
    assert not (path / "registry.db").exists()
    with closing(open_store(path, write=True)) as writer:
        writer.commit([quad("two")])  # not published: what is beside the data is ahead of the snapshot
    backup(path, tmp_path / "later")
    assert not (tmp_path / "later" / "index.db").exists()


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path, wenmai: Command) -> None:
    path = made(tmp_path / "s", "one")
    foreign = tmp_path / "照片"
    foreign.mkdir()
    (foreign / "a.jpg").write_bytes(b"jpeg")
    (tmp_path / "file").write_text("x")
    backup(path, tmp_path / "b")
    before = digest(tmp_path)
    for target, message in (
        (foreign, "holds files that are no backup of wenmai's"),
        (tmp_path / "b", "holds a backup already"),
        (tmp_path / "file", "this is a file"),
        (path / "within", "this is within the store"),
    ):
        done = wenmai("backup", target, "--store", path)
        assert done.returncode == 4
        assert message in done.stderr
        assert len(done.stderr.splitlines()) == 1
    for source, target, message in (
        (tmp_path / "b", foreign, "files that are not a wenmai store"),
        (tmp_path / "b", path, "there is a store already; add --replace"),
        (tmp_path / "b", tmp_path / "file", "this is a file"),
        (foreign, tmp_path / "new", "there is no finished backup"),
        (tmp_path / "none", tmp_path / "new", "there is no finished backup"),
    ):
        done = wenmai("restore", source, "--store", target)
        assert done.returncode == 4
        assert message in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert digest(tmp_path) == before
    assert not (tmp_path / "new").exists()
    assert wenmai("backup", tmp_path / "x", "--store", tmp_path / "none").returncode == 4
    assert not (tmp_path / "x").exists()


def test_a_damaged_backup_is_noticed_before_the_store_is_touched(tmp_path: Path) -> None:
    kept, path = tmp_path / "b", made(tmp_path / "s", "one")
    backup(path, kept)
    before = digest(path)
    for file in sorted(p for p in kept.rglob("*") if p.is_file()):
        whole = file.read_bytes()
        place = len(whole) // 2
        for content in (None, whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            file.unlink()
            if content is not None:
                file.write_bytes(content)
            with pytest.raises(StoreError) as told:
                restore(kept, path, replace=True)
            assert str(kept) in str(told.value)
            assert "\n" not in str(told.value)
            file.write_bytes(whole)
    assert digest(path) == before
    manifest = json.loads((kept / "backup.json").read_text())
    assert all(entry["sha256"] for entry in manifest["files"].values())
    restore(kept, path, replace=True)


def test_a_backup_of_a_newer_format_and_one_that_leads_outside_are_refused(tmp_path: Path) -> None:
    from wenmai.store.backup import _sum

    backup(made(tmp_path / "s", "one"), tmp_path / "b")
    manifest = json.loads((tmp_path / "b" / "backup.json").read_text())
    (tmp_path / "secret").write_text("x")
    entry = {"bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    for change, message in (
        ({"format": 99}, "format 99, .* up to format"),
        ({"files": {**manifest["files"], "../secret": entry}}, "names a file"),
        ({"files": {**manifest["files"], "data/../../secret": entry}}, "names a file"),
    ):
        other = {key: value for key, value in {**manifest, **change}.items() if key != "sum"}
        (tmp_path / "b" / "backup.json").write_text(json.dumps({**other, "sum": _sum(other)}))
        with pytest.raises(StoreError, match=message):
            restore(tmp_path / "b", tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_a_reader_of_the_old_store_reads_on_and_the_next_one_reads_the_new(tmp_path: Path) -> None:
    path = made(tmp_path / "s", "one")
    backup(path, tmp_path / "b")
    made(path, "two")
    reader = open_store(path)
    restore(tmp_path / "b", path, replace=True)
    assert texts(path) == {"one"}
    assert len(list(reader.match())) == 2
    reader.close()
    made(path, "three")
    assert texts(path) == {"one", "three"}


def test_a_store_that_is_written_is_not_replaced(tmp_path: Path) -> None:
    path = made(tmp_path / "s", "one")
    backup(path, tmp_path / "b")
    with closing(open_store(path, write=True)), pytest.raises(StoreError, match=f"process {os.getpid()}"):
        restore(tmp_path / "b", path, replace=True)
    assert texts(path) == {"one"}


def test_a_store_without_its_marker_is_replaced_too(tmp_path: Path) -> None:
    path = made(tmp_path / "s", "one")
    backup(path, tmp_path / "b")
    (path / "store.json").unlink()
    with pytest.raises(StoreError, match="restore from a backup"):
        open_store(path)
    restore(tmp_path / "b", path, replace=True)
    assert texts(path) == {"one"}


def test_a_restore_that_is_killed_leaves_the_old_store_or_the_new(tmp_path: Path) -> None:
    old, kept = made(tmp_path / "old", "one", "two"), tmp_path / "b"
    backup(made(tmp_path / "new", "three"), kept)
    outcomes = killed_at_each_step("restore", kept, old)
    found = [outcome["read"] for outcome in outcomes]
    turn = found.index(["three"])
    assert found == [["one", "two"]] * turn + [["three"]] * (len(found) - turn)
    assert turn > 10
    assert len(found) - turn > 5
    for outcome in outcomes:
        assert outcome["written"] == outcome["read"]
        assert outcome["left"] == []


def test_a_backup_that_is_killed_is_none_and_the_next_one_takes_its_place(tmp_path: Path) -> None:
    outcomes = killed_at_each_step("backup", "-", made(tmp_path / "s", "one"))
    assert len([outcome for outcome in outcomes if not outcome["finished"]]) > 10
    assert len([outcome for outcome in outcomes if outcome["finished"]]) >= 2
    for outcome in outcomes:
        assert outcome["read"] == outcome["written"] == ["one"]


def test_backups_during_a_build_are_whole(tmp_path: Path) -> None:
    path = made(tmp_path / "s", "0")
    script = """
import sys
import pyoxigraph as ox
from wenmai.store import open_store
store = open_store(sys.argv[1], write=True)
for number in range(1, 10_000):
    quads = [ox.Quad(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal(str(number))) for n in "abc"]
    store.commit(quads)
    store.publish()
"""
    with subprocess.Popen([sys.executable, "-c", script, str(path)]) as writer:
        while (path / "current").read_text().startswith("2 "):
            time.sleep(0.01)
        for number in range(6):
            backup(path, tmp_path / f"b{number}", link=number % 2 == 0)
        writer.kill()
    for number in range(6):
        restore(tmp_path / f"b{number}", tmp_path / f"r{number}")
        with closing(EmbeddedStore.reader(tmp_path / f"r{number}")) as store:
            assert len(list(store.match())) % 3 == 1


def test_only_folders_can_be_kept(wenmai: Command, tmp_path: Path) -> None:
    for words in (["backup", "x"], ["restore", "x"], ["migrate"]):
        done = wenmai(*words, "--store", "http://localhost:9/", cwd=tmp_path)
        assert done.returncode == 2
        assert "only a store in a folder" in done.stderr

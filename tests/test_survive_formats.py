"""Stores of older and newer formats: read as they are, migrated whole or not at all, refused with both numbers."""

from __future__ import annotations

import hashlib
import json
import tarfile
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import Command, exported
from killing import killed_at_each_step
from wenmai.store import open_store
from wenmai.store.backup import backup
from wenmai.store.folder import FORMAT
from wenmai.store.migrations import STEPS
from wenmai.store.restore import restore

PACKED = Path(__file__).with_name("data") / "store-format-1.tar.gz"
"""Four sample articles, built by wenmai 0.1.0 when stores had format 1."""
FIRST = PACKED.with_name("store-first-version.tar.gz")
"""`store`, which the first wenmai there was (commit 12f60ff) built of `articles`: files of four formats of input."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with tarfile.open(PACKED) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "f1store"


def digest(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def format_of(path: Path) -> int:
    return int(json.loads((path / "store.json").read_text())["format"])


def test_there_is_a_step_to_every_format() -> None:
    assert [step.to for step in STEPS] == list(range(2, FORMAT + 1))
    assert all(step.about and "\n" not in step.about for step in STEPS)


def test_an_old_store_is_read_as_it_is(old: Path, wenmai: Command) -> None:
    before = digest(old)
    assert len(exported(wenmai, old).splitlines()) == 1996
    done = wenmai("query", "partners", "--param", "org=申能", "--store", old, "--format", "csv")
    assert "深圳市腾讯计算机系统有限公司" in done.stdout
    assert wenmai("check", "--store", old).returncode == 0
    assert digest(old) == before


def test_a_dry_run_says_what_would_be_done_and_changes_no_byte(old: Path, wenmai: Command) -> None:
    before = digest(old)
    done = wenmai("migrate", "--dry-run", "--store", old)
    assert done.returncode == 0, done.stderr
    assert "format 1 to 2: " in done.stdout
    assert "nothing was changed" in done.stdout
    assert digest(old) == before


def test_a_migration_keeps_what_the_store_says(old: Path, wenmai: Command) -> None:
    said = exported(wenmai, old)
    with closing(open_store(old)) as reader:
        done = wenmai("migrate", "--store", old)
        assert done.returncode == 0, done.stderr
        assert len(list(reader.match())) == 1996  # who was reading reads on
    assert format_of(old) == FORMAT
    assert exported(wenmai, old) == said
    assert wenmai("check", "--store", old).returncode == 0
    assert "there is nothing to do" in wenmai("migrate", "--store", old).stdout
    assert '"event": "migrate", "from": 1, "to": 2' in (old / "log.jsonl").read_text()


def test_a_build_migrates_first(old: Path, samples: Path, wenmai: Command) -> None:
    said = exported(wenmai, old)
    done = wenmai("build", samples / "2023-06-30-harbour-hospital.txt", "--store", old)
    assert done.returncode == 0, done.stderr
    assert format_of(old) == FORMAT
    assert "1 built" in done.stdout
    assert set(said.splitlines()) < set(exported(wenmai, old).splitlines())


@pytest.mark.usefixtures("no_tagger")
def test_a_store_of_the_first_version_becomes_what_a_fresh_build_gives(tmp_path: Path, wenmai: Command) -> None:
    with tarfile.open(FIRST) as archive:
        archive.extractall(tmp_path, filter="data")
    store, articles = tmp_path / "store", tmp_path / "articles"
    assert format_of(store) == 1
    assert wenmai("migrate", "--store", store).returncode == 0
    assert format_of(store) == FORMAT
    again = wenmai("build", articles, "--store", store)
    fresh = wenmai("build", articles, "--store", tmp_path / "fresh", "--base", "https://news.example/")
    assert (again.returncode, fresh.returncode) == (0, 0), again.stderr + fresh.stderr
    assert "8 of them replaced" in again.stdout
    assert exported(wenmai, store) == exported(wenmai, tmp_path / "fresh")
    assert wenmai("check", "--store", store).returncode == 0


def test_a_migration_that_is_killed_leaves_the_old_store_or_the_new(old: Path) -> None:
    outcomes = killed_at_each_step("migrate", "-", old, every=4)
    with closing(open_store(old)) as reader:
        expected = sorted({quad.object.value for quad in reader.match() if isinstance(quad.object, ox.Literal)})
    assert len(outcomes) > 6
    for outcome in outcomes:
        assert outcome["read"] == outcome["written"] == expected
        assert outcome["left"] == []
        assert outcome["format"] == FORMAT  # the writer that came next finished it


def test_a_migration_that_fails_leaves_the_store_as_it_was(old: Path, wenmai: Command) -> None:
    said, table = exported(wenmai, old), max((old / "data").glob("*.sst"), key=lambda path: path.stat().st_size)
    table.unlink()
    done = wenmai("migrate", "--store", old)
    assert done.returncode == 4
    assert "restore from a backup" in done.stderr
    assert format_of(old) == 1
    assert exported(wenmai, old) == said
    assert not list(old.glob(".wenmai-*"))


@pytest.mark.parametrize("link", [False, True])
def test_a_backup_of_an_old_store_is_an_old_store_again(link: bool, old: Path, tmp_path: Path, wenmai: Command) -> None:
    backup(old, tmp_path / "b", link=link)
    kept = restore(tmp_path / "b", tmp_path / "r")
    assert kept.summed is not link
    assert format_of(tmp_path / "r") == 1
    assert exported(wenmai, tmp_path / "r") == exported(wenmai, old)


def test_a_store_of_a_newer_format_is_refused_with_both_numbers(old: Path, tmp_path: Path, wenmai: Command) -> None:
    settings = json.loads((old / "store.json").read_text())
    (old / "store.json").write_text(json.dumps({**settings, "format": FORMAT + 7}))
    before = digest(old)
    for words in (
        ["stats"],
        ["migrate"],
        ["migrate", "--dry-run"],
        ["remove", "x"],
        ["backup", str(tmp_path / "b")],
    ):
        done = wenmai(*words, "--store", old)
        assert done.returncode == 4, words
        assert f"has format {FORMAT + 7}, this wenmai" in done.stderr
        assert f"up to format {FORMAT}; install a newer wenmai" in done.stderr
    assert digest(old) == before
    assert not (tmp_path / "b").exists()

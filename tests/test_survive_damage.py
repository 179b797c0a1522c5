"""A byte flipped, a file cut short, a file gone: the right answer, or one line that says what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Command

pytestmark = pytest.mark.usefixtures("no_tagger")

ARTICLES = ("2017-04-21-shenneng-tencent.txt", "2019-05-20-haitang-museum.txt", "2019-06-03-haitang-curator.txt")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, wenmai: Command, samples: Path) -> Path:
    """Return a store of a few of the samples; read it only."""
    path = tmp_path_factory.mktemp("damage") / "store"
    done = wenmai("build", *(samples / name for name in ARTICLES), "--store", path, "--workers", "1")
    assert done.returncode == 0, done.stderr
    return path


def test_damage_to_any_file_gives_the_right_answer_or_one_line_that_says_what_to_do(
    store: Path, tmp_path: Path
) -> None:
    script = Path(__file__).with_name("damage.py")
    done = subprocess.run(
        [sys.executable, str(script), str(store), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    files = {outcome["file"] for outcome in outcomes}
    assert {"store.json", "current", "sealed", "log.jsonl", "data/CURRENT"} <= files
    assert any("MANIFEST" in name and name.startswith("snapshots") for name in files)
    assert len([name for name in files if name.endswith(".sst")]) > 10
    for outcome in outcomes:
        for told in (outcome["read"], outcome["written"], outcome["read_after"]):
            if told != "right":
                assert "restore from a backup: `wenmai restore BACKUP --replace --store" in told, outcome
                assert "\n" not in told
        if outcome["file"].endswith((".sst", "store.json")):
            assert (outcome["read"], outcome["written"]) != ("right", "right"), outcome


def test_the_commands_say_it_too(store: Path, tmp_path: Path, wenmai: Command) -> None:
    snapshot = store / "snapshots" / (store / "current").read_text().split()[0]
    table = max(snapshot.glob("*.sst"), key=lambda path: path.stat().st_size)
    names = ["store.json", "current", str(table.relative_to(store))]
    commands = (["stats"], ["export"], ["query", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"])
    for name, words in zip(names, commands, strict=True):
        copy = shutil.copytree(store, tmp_path / name.replace("/", "-"))
        content = (copy / name).read_bytes()
        middle = len(content) // 3
        (copy / name).write_bytes(content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :])
        done = wenmai(*words, "--store", copy)
        assert done.returncode == 4, (name, done.stderr)
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"wenmai: {copy}: ")
        assert "restore from a backup: `wenmai restore BACKUP --replace --store" in line


def test_a_large_store_is_verified_by_check_and_not_at_every_opening(
    store: Path, tmp_path: Path, wenmai: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wenmai.errors import StoreError
    from wenmai.store import EmbeddedStore, seal

    copy = shutil.copytree(store, tmp_path / "copy")
    snapshot = copy / "snapshots" / (copy / "current").read_text().split()[0]
    table = max(snapshot.glob("*.sst"), key=lambda path: path.stat().st_size)
    content = table.read_bytes()
    table.write_bytes(content[:99] + bytes([content[99] ^ 4]) + content[100:])
    monkeypatch.setattr(seal, "SMALL", 0)
    reader = EmbeddedStore.reader(copy)
    with pytest.raises(StoreError, match=rf"{table.name} is damaged; restore from a backup"):
        reader.verify()
    reader.close()
    for command in ("check", "stats"):
        assert wenmai(command, "--store", copy).returncode == 4

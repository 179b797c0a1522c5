"""Decisions from the outside: the real command, its log, and what becomes of it when all is made anew."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from conftest import Command, exported
from wenmai.errors import StoreError
from wenmai.keeper import Keeper
from wenmai.resolve.registry import FILE as REGISTRY
from wenmai.store import open_store
from wenmai.triples import graph_iri, terms

TEXTS = {
    "a": "本报讯 4月20日，杭州云图电子商务有限公司（以下简称“云图集团”）与江州海澜（集团）有限公司签署战略合作协议。\n",
    "b": "本报讯 云图集团5月3日与青山置业有限公司签署合作协议。\n",
    "c": "本报讯 6月8日，苏州远帆食品有限公司与江州海澜（集团）有限公司签署战略合作协议。\n",
}


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(f"---\ntitle: 合作\ndate: 2017-07-01\n---\n{text}", "utf-8")
    return folder


@pytest.fixture
def store(news: Path, tmp_path: Path, wenmai: Command) -> Path:
    done = wenmai("build", news, "--store", tmp_path / "store")
    assert done.returncode == 0, done.stderr
    return tmp_path / "store"


def partners(store: Path, name: str, wenmai: Command) -> list[str]:
    done = wenmai("query", "partners", "--param", f"org={name}", "--store", store, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return sorted(line.split(",")[1] for line in done.stdout.splitlines()[1:])


def test_decisions_are_logged_and_hold_when_all_is_built_anew(
    store: Path, news: Path, tmp_path: Path, wenmai: Command
) -> None:
    before = exported(wenmai, store)
    assert "graph/reading" not in before
    merged = wenmai(
        "curate", "merge", "苏州远帆食品有限公司", "云图集团", "--why", "更名", "--who", "周小禾", "--store", store
    )
    assert merged.returncode == 0, merged.stderr
    assert partners(store, "云图集团", wenmai) == [
        "江州海澜（集团）有限公司",
        "江州海澜（集团）有限公司",
        "青山置业有限公司",
    ]
    (line,) = (store / "curation.jsonl").read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert (entry["number"], entry["do"], entry["who"], entry["why"]) == (1, "merge", "周小禾", "更名")
    after = exported(wenmai, store)
    assert wenmai("check", "--store", store).returncode == 0
    # The articles again: nothing changes. A new store with the same decisions, taken first: the same bytes.
    again = wenmai("build", news, "--store", store)
    assert "3 unchanged" in again.stdout
    assert exported(wenmai, store) == after
    log = tmp_path / "log.jsonl"
    assert wenmai("curate", "export", "--output", log, "--store", store).returncode == 0
    new = tmp_path / "new"
    assert wenmai("build", news / "b.txt", "--store", new).returncode == 0
    assert wenmai("curate", "import", log, "--store", new).returncode == 0
    assert wenmai("build", news, "--store", new).returncode == 0
    assert exported(wenmai, new) == after
    # Undone, only the decisions themselves are left of it.
    assert wenmai("curate", "undo", "1", "--who", "周小禾", "--store", store).returncode == 0
    undone = [line for line in exported(wenmai, store).splitlines() if "graph/curation> ." not in line]
    assert undone == before.splitlines()
    assert "(undone)" in wenmai("curate", "log", "--store", store).stdout


def test_what_cannot_be_is_one_line_and_changes_nothing(store: Path, tmp_path: Path, wenmai: Command) -> None:
    before = exported(wenmai, store)
    (tmp_path / "m.csv").write_text("entity,match\n云图集团,wikidata:12\n", "utf-8")
    (tmp_path / "columns.csv").write_text("a,b\n", "utf-8")
    (tmp_path / "log").write_text('{"number": 2}\n', "utf-8")
    for words, told in (
        (("merge", "云图集团", "无此公司"), "无此公司"),
        (("merge", "云图集团", "云图集团"), "one already"),
        (("reject", "claim-000000000000", "--why", "x"), "no such claim"),
        (("match", tmp_path / "m.csv"), "line 2: 'wikidata:12'"),
        (("match", tmp_path / "columns.csv"), "the columns entity and match"),
        (("import", tmp_path / "log"), "line 1: this is no decision"),
        (("undo", "7"), "no decision 7"),
    ):
        done = wenmai("curate", *words, "--who", "x", "--store", store)
        assert done.returncode == 2, (words, done.stderr)
        assert len(done.stderr.splitlines()) == 1
        assert told in done.stderr
    assert exported(wenmai, store) == before
    assert not (store / "curation.jsonl").exists()


def test_matches_and_who_is_who(store: Path, tmp_path: Path, wenmai: Command) -> None:
    (tmp_path / "m.csv").write_text("note,match,entity\n,wikidata:Q42,云图集团\n,gbt2260:330100,杭州市\n", "utf-8")
    done = wenmai("curate", "match", tmp_path / "m.csv", "--who", "x", "--store", store)
    if done.returncode == 2:  # the text names the city only as a part of a company's name
        assert "杭州市" in done.stderr
        (tmp_path / "m.csv").write_text("note,match,entity\n,wikidata:Q42,云图集团\n", "utf-8")
        done = wenmai("curate", "match", tmp_path / "m.csv", "--who", "x", "--store", store)
    assert done.returncode == 0, done.stderr
    shown = wenmai("who", "云图集团", "--store", store)
    assert shown.returncode == 0, shown.stderr
    assert "http://www.wikidata.org/entity/Q42" in shown.stdout
    assert "taken for it" in shown.stdout
    assert "printed, one" in shown.stdout


def dataset(path: Path) -> set[str]:
    store = open_store(path, write=True)
    with Keeper(store) as keeper:
        keeper.settle()
    found = {str(quad) for quad in store.match()}
    store.close()
    return found


def test_the_registry_is_made_anew_when_it_is_lost_damaged_or_of_another_time(
    store: Path, tmp_path: Path, wenmai: Command
) -> None:
    shutil.copy(store / REGISTRY, tmp_path / "before.db")
    assert wenmai("remove", "c", "--store", store).returncode == 0
    before = dataset(store)
    rows = _rows(store / REGISTRY)
    for how in ("gone", "damaged", "of another time", "cut off by a power cut"):
        if how == "gone":
            (store / REGISTRY).unlink()
        elif how == "damaged":
            (store / REGISTRY).write_bytes(b"no database" * 1000)
        elif how == "of another time":
            shutil.copy(tmp_path / "before.db", store / REGISTRY)
        else:
            _spoil(store)
        assert dataset(store) == before, how
        assert _rows(store / REGISTRY) == rows, how


def _spoil(path: Path) -> None:
    """Leave a store as a power cut may: an article's graph as it was before it was linked anew, and nothing noted."""
    store = open_store(path, write=True)
    graph = graph_iri(store.base, "b")
    links = list(store.match(None, terms.REPLACED_BY, None, graph))
    assert links
    store.commit([], links)
    store.close()
    with sqlite3.connect(path / REGISTRY) as db:
        db.execute("INSERT INTO meta VALUES ('run', 'another run of the machine')")
    db.close()


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as db:
        found = {
            "tally": db.execute("SELECT kind, a, b, n FROM tally ORDER BY kind, a, b").fetchall(),
            "links": db.execute(
                "SELECT id, own, target, score, taken FROM link JOIN article ON number = article ORDER BY 1, 2, 3"
            ).fetchall(),
            "people": db.execute(
                "SELECT id, own, node, name, body FROM person JOIN article ON number = article ORDER BY 1, 2, 3"
            ).fetchall(),
        }
    db.close()
    return found


def test_a_log_that_lacks_a_decision_gets_it_and_one_that_has_more_is_carried_out(store: Path, wenmai: Command) -> None:
    log = store / "curation.jsonl"
    assert wenmai("curate", "rename", "云图集团", "云图网", "--who", "x", "--store", store).returncode == 0
    text = log.read_text("utf-8")
    log.unlink()
    assert wenmai("build", store.parent / "news", "--store", store).returncode == 0
    assert json.loads(log.read_text("utf-8"))["object"] == "云图网"
    entry = json.loads(text)
    more = {**entry, "number": 2, "object": "云图之家"}
    log.write_text(text + json.dumps(more, ensure_ascii=False) + "\n", "utf-8")
    assert wenmai("build", store.parent / "news", "--store", store).returncode == 0
    assert '"云图之家"@zh' in exported(wenmai, store)
    log.write_text(text.replace("云图网", "别的"), "utf-8")
    done = wenmai("curate", "undo", "1", "--who", "x", "--store", store)
    assert done.returncode == 4, done.stderr
    assert "is not that of the store" in done.stderr
    log.write_text("{broken\n", "utf-8")
    store_open = open_store(store, write=True)
    with pytest.raises(StoreError, match=r"line 1: this is no decision .* restore"):
        Keeper(store_open)
    store_open.close()

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.errors import StoreError, UsageError
from wenmai.store import ANY, DEFAULT, EmbeddedStore, MemoryStore, Store, open_store

EX = "http://example.org/"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def quad(s: str, p: str, o: str | ox.Literal, g: str | None = None) -> ox.Quad:
    graph: ox.NamedNode | ox.DefaultGraph = node(g) if g else DEFAULT
    return ox.Quad(node(s), node(p), o if isinstance(o, ox.Literal) else node(o), graph)


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    location = "memory:" if request.param == "memory" else str(tmp_path / "文脉 store")
    opened = open_store(location, write=True, create=True, base=EX)
    yield opened
    opened.close()


def test_matches_by_term_and_by_graph(store: Store) -> None:
    here, there = quad("a", "p", "b"), quad("a", "p", ox.Literal("乙", language="zh"), "g")
    store.commit([here, there])
    assert set(store.match(node("a"))) == {here, there}
    assert set(store.match(node("a"), graph=ANY)) == {here, there}
    assert list(store.match(graph=DEFAULT)) == [here]
    assert list(store.match(graph=node("g"))) == [there]
    assert list(store.match(object=node("b"))) == [here]
    assert list(store.match(predicate=node("q"))) == []


def test_commit_removes_and_adds_together_and_what_is_in_both_stays(store: Store) -> None:
    old, both, new = quad("a", "p", "1"), quad("a", "p", "2", "g"), quad("a", "p", "3", "h")
    store.commit([old, both])
    store.commit([both, new], remove=[old, both])
    assert set(store.match()) == {both, new}
    store.commit([], remove=[both, new])
    assert not list(store.match())
    store.commit([])


def test_a_commit_that_fails_leaves_all_as_it_was(store: Store) -> None:
    store.commit([quad("a", "p", "b")])
    with pytest.raises(AttributeError):
        store.commit([quad("c", "p", "d"), "not a quad"], remove=[quad("a", "p", "b")])  # type: ignore[list-item]
    assert list(store.match()) == [quad("a", "p", "b")]


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"])), tag=st.sampled_from([None, "zh", "en"]))
def test_any_text_survives_a_commit_that_removes(text: str, tag: str | None) -> None:
    store = MemoryStore()
    literal = ox.Literal(text, language=tag) if tag else ox.Literal(text)
    first, second = quad("a", "p", literal), quad("b", "p", literal, "g")
    store.commit([first, quad("x", "p", "y")])
    store.commit([second], remove=[quad("x", "p", "y")])
    assert set(store.match()) == {first, second}
    store.commit([quad("x", "p", "y")], remove=[first, second])
    assert set(store.match()) == {quad("x", "p", "y")}


def test_loads_many_and_answers(store: Store) -> None:
    store.load(quad(f"s{n}", "p", f"o{n % 7}", "g" if n % 2 else None) for n in range(5000))
    store.flush()
    rows = store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["n"].value for row in rows] == ["2500"]
    answer = store.query("ASK { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(answer, ox.QueryBoolean)
    assert answer
    with pytest.raises(SyntaxError):
        store.query("SELECT ?s {")


def test_keeps_its_base(tmp_path: Path) -> None:
    path = tmp_path / "s"
    open_store(path, write=True, create=True, base="https://news.example/kg").close()
    with pytest.raises(UsageError, match=r"has the base https://news\.example/kg/"):
        open_store(path, write=True, base="https://other.example/")
    again = open_store(path, write=True, base="https://news.example/kg/")
    assert again.base == "https://news.example/kg/"
    again.close()
    assert open_store(path).base == "https://news.example/kg/"
    assert open_store("memory:").base == "http://localhost:8000/"


@pytest.mark.parametrize("base", ["ftp://x/", "x.org", "http://", "http://例子/", "http://x/a b", "http://x/<"])
def test_a_base_that_is_no_http_iri_is_refused(tmp_path: Path, base: str) -> None:
    with pytest.raises(UsageError, match="--base"):
        open_store(tmp_path / "s", write=True, create=True, base=base)
    assert not (tmp_path / "s").exists()


def test_readers_see_what_was_published_and_no_more(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "s", write=True, create=True)
    before = open_store(tmp_path / "s")
    writer.commit([quad("a", "p", "b")])
    assert not list(open_store(tmp_path / "s").match())
    writer.publish()
    after = open_store(tmp_path / "s")
    assert list(after.match()) == [quad("a", "p", "b")]
    assert not list(before.match())
    writer.commit([], remove=[quad("a", "p", "b")])
    writer.publish()
    assert list(after.match()) == [quad("a", "p", "b")]
    assert not list(open_store(tmp_path / "s").match())
    writer.close()


def test_a_reader_does_not_write(tmp_path: Path) -> None:
    open_store(tmp_path / "s", write=True, create=True).close()
    reader = open_store(tmp_path / "s")
    with pytest.raises(StoreError, match="reading only"):
        reader.commit([quad("a", "p", "b")])
    with pytest.raises(StoreError, match="reading only"):
        reader.load([])
    with pytest.raises(StoreError, match="reading only"):
        reader.publish()
    reader.flush()
    reader.close()
    reader.close()
    with pytest.raises(StoreError, match="closed"):
        list(reader.match())


def test_old_snapshots_go_when_their_readers_do(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "s", write=True, create=True)
    held = open_store(tmp_path / "s")
    assert isinstance(held, EmbeddedStore)
    assert held.snapshot is not None
    for n in range(8):
        writer.commit([quad("a", "p", str(n))])
        writer.publish()
    assert held.snapshot.is_dir()
    assert not list(held.match())
    kept = [p for p in (tmp_path / "s" / "snapshots").iterdir() if p.is_dir()]
    assert len(kept) <= 3
    held.close()
    writer.publish()
    kept = [p for p in (tmp_path / "s" / "snapshots").iterdir() if p.is_dir()]
    assert len(kept) == 2
    assert not held.snapshot.exists()
    writer.close()


def test_what_was_committed_is_there_after_closing_without_publishing(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "s", write=True, create=True)
    writer.commit([quad("a", "p", "b")])
    writer.close()
    again = open_store(tmp_path / "s", write=True)
    assert list(again.match()) == [quad("a", "p", "b")]
    again.close()


def test_the_log_has_clock_times_and_chinese(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "s", write=True, create=True)
    writer.log("build", {"articles": 3, "source": "新闻.txt"})
    writer.close()
    line = (tmp_path / "s" / "log.jsonl").read_text("utf-8")
    assert '"event": "build"' in line
    assert "新闻.txt" in line
    assert '"time": "20' in line

"""Statistics from the counts that a store keeps are those that counting gives."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Command
from text_store import sources
from wenmai.namespaces import DEFAULT_BASE, RDF, WENMAI, XSD
from wenmai.statistics import count, told
from wenmai.store import DEFAULT, MemoryStore, Store, open_store
from wenmai.store.tally import counted

NODES = [ox.NamedNode(DEFAULT_BASE + f"id/{name}") for name in ("org-1", "org-2", "article-1")]
NODES.append(ox.NamedNode("http://elsewhere.example/org"))
GRAPHS: list[ox.NamedNode | ox.DefaultGraph] = [DEFAULT]
GRAPHS += [ox.NamedNode(DEFAULT_BASE + f"graph/{name}") for name in ("article-1", "article-2", "inferred")]
DATE = ox.NamedNode(XSD + "date")
LINES = [
    *((RDF + "type", ox.NamedNode(WENMAI + cls)) for cls in ("Company", "Organization", "Article", "Place")),
    *((WENMAI + "modality", ox.NamedNode(WENMAI + how)) for how in ("Asserted", "Denied")),
    *((WENMAI + "publishedOn", ox.Literal(day, datatype=DATE)) for day in ("2017-04-21", "2017-04-30", "2018-01-01")),
    (WENMAI + "publishedOn", ox.Literal("2017", datatype=ox.NamedNode(XSD + "gYear"))),
    (WENMAI + "partnerOf", NODES[0]),
    (WENMAI + "postTitle", ox.Literal("董事长")),
    ("http://elsewhere.example/p", ox.Literal("x")),
    (RDF + "type", ox.NamedNode("http://elsewhere.example/Class")),
]
QUADS = st.builds(
    lambda subject, line, graph: ox.Quad(subject, ox.NamedNode(line[0]), line[1], graph),
    st.sampled_from(NODES),
    st.sampled_from(LINES),
    st.sampled_from(GRAPHS),
)
COMMITS = st.lists(st.tuples(st.booleans(), st.lists(QUADS, max_size=12), st.lists(QUADS, max_size=12)), max_size=8)


def play(store: Store, commits: list[tuple[bool, list[ox.Quad], list[ox.Quad]]]) -> None:
    for load, add, remove in commits:
        if load:
            store.load(add)
        else:
            store.commit(add, remove)


def assert_counted(store: Store) -> None:
    tally = store.tally()
    assert tally is not None
    assert tally.as_json() == counted(store).as_json()
    assert count(store) == told(counted(store))


@settings(max_examples=150, deadline=None)
@given(COMMITS, COMMITS)
def test_counts_follow_every_commit(
    before: list[tuple[bool, list[ox.Quad], list[ox.Quad]]], after: list[tuple[bool, list[ox.Quad], list[ox.Quad]]]
) -> None:
    store = MemoryStore()
    play(store, before)
    assert store.tally() is None
    assert count(store) == told(counted(store))
    store.index()
    play(store, after)
    assert_counted(store)


@settings(max_examples=8, deadline=None)
@given(COMMITS, COMMITS)
def test_counts_on_disk_are_those_of_the_snapshot(
    before: list[tuple[bool, list[ox.Quad], list[ox.Quad]]],
    after: list[tuple[bool, list[ox.Quad], list[ox.Quad]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        writer = open_store(path, write=True, create=True)
        play(writer, before)
        assert_counted(writer)
        writer.publish()
        old = open_store(path)
        assert_counted(old)
        play(writer, after)
        assert_counted(writer)
        assert_counted(old)
        writer.close()
        again = open_store(path, write=True)
        assert_counted(again)
        again.publish()
        new = open_store(path)
        assert_counted(new)
        assert_counted(old)
        for store in (again, new, old):
            store.close()


def test_every_figure_of_a_small_store() -> None:
    org, other, article, _ = NODES
    graph, inferred = GRAPHS[1], GRAPHS[3]
    claim = ox.NamedNode(DEFAULT_BASE + "id/claim-1")
    kind = ox.NamedNode(RDF + "type")

    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(WENMAI + name)

    facts: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (org, kind, term("Company")),
        (org, kind, term("Organization")),
        (other, kind, term("Organization")),
        (article, kind, term("Article")),
        (article, term("publishedOn"), ox.Literal("2017-04-21", datatype=DATE)),
        (org, term("partnerOf"), other),
    ]
    store = MemoryStore(quads=[ox.Quad(s, p, o) for s, p, o in facts])
    store.index()
    store.commit(
        [ox.Quad(org, kind, term("Organization"), inferred), ox.Quad(claim, term("modality"), term("Denied"), graph)]
    )
    found = count(store)
    assert (found.articles, found.entities, found.inferred, found.triples, found.quads) == (1, 2, 1, 6, 8)
    assert (found.first, found.last, found.months) == ("2017-04-21", "2017-04-21", {"2017-04": 1})
    assert found.classes == {"Organization": 2, "Company": 1}
    assert found.properties == {"partnerOf": 1, "publishedOn": 1}
    assert found.claims == {"Denied": 1}


def test_the_command_says_the_same_with_counts_and_without(tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("build", sources(tmp_path / "in"), "--store", tmp_path / "s", "--tagger", "none")
    assert done.returncode == 0, done.stderr
    assert wenmai("remove", "a2", "--store", tmp_path / "s").returncode == 0
    copy = shutil.copytree(tmp_path / "s", tmp_path / "copy")
    (copy / "index.db").unlink()
    kept, now = (wenmai("stats", "--json", "--store", path).stdout for path in (tmp_path / "s", copy))
    assert json.loads(kept) == json.loads(now)
    assert json.loads(kept)["articles"] == 2
    assert json.loads(kept)["months"] == {"2021-03": 1}

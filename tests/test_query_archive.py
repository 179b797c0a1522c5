"""`wenmai.open`: a graph in Python, and the same graph as rdflib sees it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SKOS

import wenmai
from wenmai.archive import Archive
from wenmai.errors import LimitError, StoreError, UsageError
from wenmai.store import MemoryStore, open_store

NS = Namespace("https://w3id.org/wenmai/ns#")
ID = Namespace("http://localhost:8000/id/")
GRAPH = URIRef("http://localhost:8000/graph/article-000000000001")
OTHER = URIRef("http://localhost:8000/graph/article-000000000002")

TRIG = """
PREFIX w: <https://w3id.org/wenmai/ns#>
PREFIX id: <http://localhost:8000/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
id:org-1 a w:Company ; skos:prefLabel "申能"@zh ; w:partnerOf id:org-2 .
id:org-2 a w:Company ; skos:prefLabel "腾讯"@zh ; w:partnerOf id:org-1 .
<http://localhost:8000/graph/article-000000000001> { id:org-1 a w:Company . id:article-1 a w:Article }
<http://localhost:8000/graph/article-000000000002> { id:org-1 a w:Company }
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = open_store(tmp_path / "库 1", write=True, create=True)
    store.commit(list(ox.parse(TRIG, ox.RdfFormat.TRIG)))
    store.publish()
    store.close()
    return tmp_path / "库 1"


def test_asks_and_closes(path: Path) -> None:
    with wenmai.open(path) as graph:
        rows = list(graph.query("SELECT ?name { ?s skos:prefLabel ?name } ORDER BY ?name"))
        assert rows == [{"name": "申能"}, {"name": "腾讯"}]
        assert graph.ask("# param org entity: x\nASK { VALUES ?org {} ?org a wenmai:Company }", org="申能")
        with pytest.raises(UsageError, match="takes an ASK query"):
            graph.ask("SELECT * {}")
    with pytest.raises(StoreError, match="closed"):
        graph.rdflib()
    with pytest.raises(StoreError, match="there is no store"):
        wenmai.open(path / "none")


def workers() -> set[str]:
    """Return the processes of this one that answer queries, by their numbers."""
    children = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    found = {number for line in children for number in line.split()}
    return {n for n in found if b"wenmai.query.worker" in Path(f"/proc/{n}/cmdline").read_bytes()}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to count processes")
def test_one_process_answers_query_after_query_and_ends_with_the_archive(path: Path) -> None:
    before = workers()
    with wenmai.open(path) as graph:
        assert graph.ask("ASK { ?s ?p ?o }")
        (first,) = workers() - before
        with pytest.raises(UsageError):
            graph.query("SELECT nonsense")
        assert len(graph.query("SELECT ?s { ?s a wenmai:Company }")) == 2
        assert workers() - before == {first}
        with pytest.raises(LimitError, match=r"longer than 0\.3 s"):
            graph.query(
                f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{n} ?b{n} ?c{n} .' for n in range(12))} }}", timeout=0.3
            )
        assert workers() == before  # what hit its limit was killed
        assert graph.ask("ASK { ?s ?p ?o }")
        assert len(workers() - before) == 1
    assert workers() == before


def test_threads_and_children_ask_through_one_archive(path: Path) -> None:
    with wenmai.open(path) as graph:
        texts = [f'SELECT ?s ?n {{ ?s skos:prefLabel "申能"@zh BIND({n} AS ?n) }}' for n in range(40)]
        with ThreadPoolExecutor(4) as pool:
            assert [row["n"] for rows in pool.map(graph.query, texts) for row in rows] == list(range(40))
        child = os.fork()
        if child == 0:  # it has processes of its own, and leaves those of its parent alone
            os._exit(0 if len(graph.query("SELECT ?s { ?s a wenmai:Company }")) == 2 else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert graph.ask("ASK { ?s ?p ?o }")


def test_rdflib_sees_the_same_graph(path: Path) -> None:
    with wenmai.open(path) as archive:
        dataset = archive.rdflib()
        facts = list(dataset.triples((None, NS.partnerOf, None)))
        assert sorted(facts) == [(ID["org-1"], NS.partnerOf, ID["org-2"]), (ID["org-2"], NS.partnerOf, ID["org-1"])]
        assert dataset.value(ID["org-1"], SKOS.prefLabel) == Literal("申能", lang="zh")
        assert {g.identifier for g in dataset.graphs()} >= {GRAPH, OTHER}
        article = dataset.graph(GRAPH)
        assert set(article) == {(ID["org-1"], RDF.type, NS.Company), (ID["article-1"], RDF.type, NS.Article)}
        assert len(list(dataset.quads((None, None, None, None)))) == 9


def test_rdflib_queries_count_facts_once(path: Path) -> None:
    dataset = wenmai.open(path).rdflib()
    (row,) = dataset.query("SELECT (COUNT(*) AS ?n) { ?s a wenmai:Company }")
    assert int(row[0]) == 2  # type: ignore[index,arg-type]
    (row,) = dataset.query("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s a wenmai:Company } }")
    assert int(row[0]) == 2  # type: ignore[index,arg-type]
    assert dataset.query("ASK { id:org-1 wenmai:partnerOf id:org-2 }").askAnswer
    found = dataset.query("CONSTRUCT WHERE { ?s skos:prefLabel ?o }").graph
    assert found is not None
    assert len(found) == 2


def test_rdflib_serializes_what_is_there(path: Path) -> None:
    dataset = wenmai.open(path).rdflib()
    again = Graph().parse(data=dataset.default_graph.serialize(format="turtle"), format="turtle")
    plain = Graph()
    plain += dataset.default_graph
    assert isomorphic(again, plain)
    assert len(again) == 6


def test_rdflib_does_not_write(path: Path) -> None:
    dataset = wenmai.open(path).rdflib()
    triple = (ID["x"], RDF.type, NS.Company)
    with pytest.raises(StoreError, match="read-only"):
        dataset.add(triple)
    with pytest.raises(StoreError, match="read-only"):
        dataset.remove(triple)
    with pytest.raises(StoreError, match="read-only"):
        dataset.graph(GRAPH).add(triple)
    with pytest.raises(StoreError, match="read-only"):
        dataset.update("CLEAR ALL")
    assert len(list(wenmai.open(path).store.match())) == 9


def test_a_store_in_memory_is_an_archive_too() -> None:
    archive = Archive(MemoryStore(quads=list(ox.parse(TRIG, ox.RdfFormat.TRIG))))
    assert archive.base == "http://localhost:8000/"
    assert len(archive.query("SELECT * { ?s ?p ?o }")) == 6
    assert len(list(archive.rdflib().triples((None, NS.partnerOf, None)))) == 2

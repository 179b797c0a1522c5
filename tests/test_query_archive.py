"""`wenmai.open`: a graph in Python, and the same graph as rdflib sees it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SKOS

import wenmai
from wenmai.archive import Archive
from wenmai.errors import StoreError, UsageError
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

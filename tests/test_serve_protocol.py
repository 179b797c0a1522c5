"""The W3C's tests of the SPARQL 1.1 Protocol, Service Description and Graph Store Protocol, on a real server.

What each sends and what is to come back follows github.com/w3c/rdf-tests (sparql/sparql11: protocol, 34 tests;
service-description, 3; graph-store-protocol, 13); requests are written anew, to this server's paths.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator

import pytest
import rdflib
from rdflib.compare import isomorphic

from serving import Got, Served, serving
from wenmai.store import open_store

TOKEN = "a-secret-of-more-than-sixteen-characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
ONE, TWO, THREE = (DATA.format(n) for n in (1, 2, 3))
DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
RESULTS = ("application/sparql-results+json", "application/sparql-results+xml")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("writable")
    open_store(folder / "store", write=True, create=True).close()
    with serving(folder / "store", folder / "log", env={"WENMAI_WRITE_TOKEN": TOKEN}) as served:
        yield served


def update(server: Served, text: str, parameters: str = "") -> Got:
    return server.send("/sparql" + parameters, "POST", BEARER | {"Content-Type": UPDATE}, text)


@pytest.fixture
def graphs(writable: Served) -> Served:
    """Three named graphs, each saying of a document of its own name that it is one."""
    inserts = " ".join(f"GRAPH <{iri}> {{ <{iri}> a <{DOCUMENT}> }}" for iri in (ONE, TWO, THREE))
    assert update(writable, f"DROP ALL ; INSERT DATA {{ {inserts} }}").status == 204
    return writable


def parameters(**values: str | list[str]) -> str:
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return "?" + urllib.parse.urlencode(named, doseq=True)


def said_yes(got: Got) -> bool:
    assert got.status == 200, got.text
    assert got.media in RESULTS
    return json.loads(got.text)["boolean"] is True


def post(server: Served, kind: str, body: str | bytes, path: str = "/sparql", **headers: str) -> Got:
    return server.send(path, "POST", ({"Content-Type": kind} if kind else {}) | headers, body)


BOTH = f"ASK {{ <{ONE}> a ?t . <{TWO}> a ?t }}"
BOTH_NAMED = f"ASK {{ GRAPH ?g {{ <{ONE}> a ?t }} GRAPH ?h {{ <{TWO}> a ?t }} }}"


# query, 13 of them


def test_query_post_form(writable: Served) -> None:
    path = "/sparql" + parameters(default_graph_uri=DATA.format(0))
    assert said_yes(post(writable, FORM, "query=ASK%20%7B%7D", path))


def test_query_dataset_default_graphs_get(graphs: Served) -> None:
    assert said_yes(graphs.send("/sparql" + parameters(query=BOTH, default_graph_uri=[ONE, TWO])))


def test_query_dataset_default_graphs_post(graphs: Served) -> None:
    assert said_yes(post(graphs, QUERY, BOTH, "/sparql" + parameters(default_graph_uri=[ONE, TWO])))


def test_query_dataset_named_graphs_post(graphs: Served) -> None:
    assert said_yes(post(graphs, QUERY, BOTH_NAMED, "/sparql" + parameters(named_graph_uri=[ONE, TWO])))


def test_query_dataset_named_graphs_get(graphs: Served) -> None:
    assert said_yes(graphs.send("/sparql" + parameters(query=BOTH_NAMED, named_graph_uri=[ONE, TWO])))


def test_query_dataset_full(graphs: Served) -> None:
    path = "/sparql" + parameters(default_graph_uri=THREE, named_graph_uri=[ONE, TWO])
    assert said_yes(post(graphs, QUERY, f"ASK {{ <{THREE}> a ?t {BOTH_NAMED[6:]}", path))
    assert not said_yes(post(graphs, QUERY, f"ASK {{ GRAPH ?g {{ <{THREE}> a ?t }} }}", path))


def test_query_multiple_dataset(graphs: Served) -> None:
    path = "/sparql" + parameters(named_graph_uri=[ONE, TWO])
    assert said_yes(post(graphs, QUERY, BOTH_NAMED.replace("ASK", f"ASK FROM <{THREE}>"), path))
    assert not said_yes(post(graphs, QUERY, f"ASK FROM <{THREE}> {{ <{THREE}> a ?t }}", path))


def test_query_get(writable: Served) -> None:
    assert said_yes(writable.send("/sparql" + parameters(query="ASK {}", default_graph_uri=DATA.format(0))))


@pytest.mark.parametrize(
    ("query", "media"),
    [
        ("SELECT (1 AS ?value) {}", {*RESULTS, "text/csv", "text/tab-separated-values"}),
        ("ASK {}", set(RESULTS)),
        ("DESCRIBE <http://example.org/>", {"text/turtle", "application/n-triples", "application/rdf+xml"}),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", {"text/turtle", "application/n-triples", "application/rdf+xml"}),
    ],
    ids=["select", "ask", "describe", "construct"],
)
def test_query_content_type(writable: Served, query: str, media: set[str]) -> None:
    got = post(writable, QUERY, query, "/sparql" + parameters(default_graph_uri=DATA.format(0)))
    assert got.status == 200, got.text
    assert got.media in media


def test_query_post_direct(writable: Served) -> None:
    assert said_yes(post(writable, QUERY, "ASK {}"))


# update, 7 of them


SEEN = "http://example.org/seen"
DOCUMENTS = " ".join(f"GRAPH <{iri}> {{ <{iri}> a <{DOCUMENT}> }}" for iri in (ONE, TWO, THREE))
FRESH = f"DROP ALL ; INSERT DATA {{ {DOCUMENTS} }} ; "


def seen(server: Served) -> set[str]:
    got = server.sparql(f"SELECT ?s WHERE {{ GRAPH <{SEEN}> {{ ?s ?p ?o }} }}", accept="text/csv")
    assert got.status == 200, got.text
    return set(got.text.split()[1:])


@pytest.mark.parametrize("default", [[ONE], [ONE, TWO]], ids=["one", "two"])
def test_update_dataset_default_graphs(writable: Served, default: list[str]) -> None:
    text = FRESH + f"INSERT {{ GRAPH <{SEEN}> {{ ?s a ?t }} }} WHERE {{ ?s a ?t }}"
    assert update(writable, text, parameters(using_graph_uri=default)).status == 204
    assert seen(writable) == set(default)


def test_update_dataset_named_graphs(writable: Served) -> None:
    text = FRESH + f"INSERT {{ GRAPH <{SEEN}> {{ ?s a ?t }} }} WHERE {{ GRAPH ?g {{ ?s a ?t }} }}"
    assert update(writable, text, parameters(using_named_graph_uri=[ONE, TWO])).status == 204
    assert seen(writable) == {ONE, TWO}


def test_update_dataset_full(writable: Served) -> None:
    where = '{ GRAPH ?g { ?s a ?t } BIND(STR(?g) AS ?in) } UNION { ?s a ?t BIND("default" AS ?in) }'
    text = FRESH + f"INSERT {{ GRAPH <{SEEN}> {{ ?s <http://example.org/in> ?in }} }} WHERE {{ {where} }}"
    assert update(writable, text, parameters(using_graph_uri=ONE, using_named_graph_uri=TWO)).status == 204
    got = writable.sparql(f"SELECT ?s ?o WHERE {{ GRAPH <{SEEN}> {{ ?s ?p ?o }} }}", accept="text/csv")
    assert set(got.text.split()[1:]) == {f"{ONE},default", f"{TWO},{TWO}"}


def test_update_dataset_of_the_short_delete(writable: Served) -> None:
    assert (
        update(writable, FRESH + "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", parameters(using_named_graph_uri=TWO)).status
        == 204
    )
    got = writable.sparql("SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } }", accept="text/csv")
    assert set(got.text.split()[1:]) == {ONE, THREE}


def test_update_post_form(graphs: Served) -> None:
    assert post(graphs, FORM, "update=CLEAR+ALL", **BEARER).status == 204
    assert not said_yes(graphs.sparql("ASK { GRAPH ?g { ?s ?p ?o } }"))


def test_update_post_direct(graphs: Served) -> None:
    assert update(graphs, "CLEAR ALL").status == 204
    assert not said_yes(graphs.sparql("ASK { GRAPH ?g { ?s ?p ?o } }"))


def test_update_base_uri(writable: Served) -> None:
    graph = "http://example.org/protocol-base-test/"
    text = f"CLEAR SILENT GRAPH <{graph}> ; INSERT DATA {{ GRAPH <{graph}> {{ <{graph}s> <{graph}p> <test> }} }}"
    assert update(writable, text).status == 204
    query = f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o FILTER(isIRI(?o) && STR(?o) != 'test') }} }}"
    assert said_yes(post(writable, QUERY, query))


# what is refused, 14 of them, and two more


BAD = {
    "query_method": ("PUT", "?query=ASK%20%7B%7D", FORM, ""),
    "multiple_queries": ("GET", "?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", "", None),
    "query_wrong_media_type": ("POST", "", "text/plain", "ASK {}"),
    "query_missing_form_type": ("POST", "", "", "query=ASK%20%7B%7D"),
    "query_missing_direct_type": ("POST", "", "", "ASK {}"),
    "query_non_utf8": ("POST", "", QUERY + "; charset=UTF-16", "ASK {}".encode("utf-16")),
    "query_non_utf8_unsaid": ("POST", "", QUERY, "ASK {}".encode("utf-16")),
    "query_syntax": ("GET", "?query=ASK%20%7B", "", None),
    "update_get": ("GET", "?update=CLEAR%20ALL", "", None),
    "multiple_updates": ("POST", "", FORM, "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    "update_wrong_media_type": ("POST", "", "text/plain", "CLEAR NAMED"),
    "update_missing_form_type": ("POST", "", "", "update=CLEAR%20NAMED"),
    "update_non_utf8": ("POST", "", UPDATE + "; charset=UTF-16", "CLEAR NAMED".encode("utf-16")),
    "update_syntax": ("POST", "", FORM, "update=CLEAR%20XYZ"),
    "update_dataset_conflict": (
        "POST",
        "?using-named-graph-uri=http%3A%2F%2Fexample%2Fpeople",
        UPDATE,
        "WITH <http://example/a> DELETE { ?p ?q 'Bill' } INSERT { ?p ?q 'William' } WHERE { ?p ?q 'Bill' }",
    ),
    "query_and_update": ("POST", "", FORM, "query=ASK%20%7B%7D&update=CLEAR%20ALL"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad(graphs: Served, name: str) -> None:
    method, query, kind, body = BAD[name]
    got = graphs.send("/sparql" + query, method, BEARER | ({"Content-Type": kind} if kind else {}), body)
    assert 400 <= got.status < 500
    assert json.loads(got.text)["status"] == got.status
    assert said_yes(graphs.sparql(f"ASK {{ GRAPH <{THREE}> {{ ?s ?p ?o }} }}")), "it was refused and done"


# service description, 3


@pytest.mark.parametrize(
    "accept", ["", "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"]
)
def test_description_is_rdf_and_names_the_endpoint(writable: Served, accept: str) -> None:
    got = writable.send("/sparql", headers={"Accept": accept} if accept else {})
    assert got.status == 200, got.text
    graph = rdflib.Graph().parse(data=got.text, format=got.media.replace("application/n-triples", "nt"))
    services = list(graph.subjects(SD.endpoint, rdflib.URIRef(writable.url + "sparql")))
    assert len(services) == 1
    assert (services[0], rdflib.RDF.type, SD.Service) in graph


def test_description_conforms_to_its_schema(writable: Served, sample_server: Served) -> None:
    for server, writes in ((writable, True), (sample_server, False)):
        graph = rdflib.Graph().parse(data=server.send("/sparql").text, format="turtle")
        (service,) = graph.subjects(rdflib.RDF.type, SD.Service)
        languages = set(graph.objects(service, SD.supportedLanguage))
        assert languages == {SD.SPARQL11Query, *([SD.SPARQL11Update] if writes else [])}
        (dataset,) = graph.objects(service, SD.defaultDataset)
        (default,) = graph.objects(dataset, SD.defaultGraph)
        assert (dataset, rdflib.RDF.type, SD.Dataset) in graph
        assert (default, rdflib.RDF.type, SD.Graph) in graph
        for formats in (SD.resultFormat, SD.inputFormat):
            assert all(str(f).startswith("http://www.w3.org/ns/formats/") for f in graph.objects(service, formats))
        assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)


# graph store protocol


TURTLE = "text/turtle; charset=utf-8"
CARD = """@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> .
<http://www.example/gsp/person/1> a foaf:Person ; foaf:businessCard [ a v:VCard ; v:fn "{}" ] ."""
NAMES = '<http://www.example/gsp/person/1> <http://xmlns.com/foaf/0.1/{}> "{}" .'
DIRECT, INDIRECT = "/graph-store/person/1.ttl", "/graph-store" + parameters(graph="http://www.example/gsp/person/1.ttl")
WAYS = pytest.mark.parametrize("path", [DIRECT, INDIRECT], ids=["direct", "indirect"])


@pytest.fixture
def empty(writable: Served) -> Served:
    assert update(writable, "DROP ALL").status == 204
    return writable


def write(server: Served, method: str, path: str, body: str = "", kind: str = TURTLE) -> Got:
    return server.send(path, method, BEARER | ({"Content-Type": kind} if body else {}), body or None)


def holds(server: Served, path: str, turtle: str) -> None:
    got = server.send(path, headers={"Accept": "text/turtle"})
    assert (got.status, got.headers["content-type"]) == (200, TURTLE), got.text
    there = rdflib.Graph().parse(data=got.text, format="turtle")
    assert isomorphic(there, rdflib.Graph().parse(data=turtle, format="turtle")), got.text


@WAYS
def test_put_get_repeat(empty: Served, path: str) -> None:
    for name, statuses in (("John Doe", {201}), ("Jane Doe", {200, 204})):
        assert write(empty, "PUT", path, CARD.format(name)).status in statuses
        holds(empty, path, CARD.format(name))


@WAYS
def test_put_delete_get_delete(empty: Served, path: str) -> None:
    assert write(empty, "PUT", path, CARD.format("Alice")).status == 201
    assert write(empty, "DELETE", path).status == 204
    assert empty.send(path).status == 404
    assert write(empty, "DELETE", path).status == 404


@WAYS
def test_post_get_post_get_with_multipart(empty: Served, path: str) -> None:
    assert write(empty, "POST", path, CARD.format("Jane Doe")).status == 201
    holds(empty, path, CARD.format("Jane Doe"))
    added = [NAMES.format("familyName", "Doe"), NAMES.format("givenName", "Jane")]
    head = '--x0\r\nContent-Disposition: form-data; name="{n}.ttl"; filename="{n}.ttl"\r\nContent-Type: ' + TURTLE
    body = "".join(head.format(n=n) + f"\r\n\r\n{text}\r\n" for n, text in enumerate(added))
    assert write(empty, "POST", path, body + "--x0--\r\n", "multipart/form-data; boundary=x0").status == 204
    holds(empty, path, "\n".join([CARD.format("Jane Doe"), *added]))


@WAYS
def test_head_of_a_graph(empty: Served, path: str) -> None:
    assert empty.send(path, "HEAD").status == 404
    assert write(empty, "PUT", path, CARD.format("John Doe")).status == 201
    got = empty.send(path, "HEAD", {"Accept": "text/turtle; charset=utf-8"})
    assert (got.status, got.headers["content-type"], got.body) == (200, TURTLE, b"")
    assert int(got.headers["content-length"]) == len(empty.send(path, headers={"Accept": "text/turtle"}).body)


def test_put_get_default(empty: Served) -> None:
    assert write(empty, "PUT", "/graph-store?default", CARD.format("Alice")).status in {200, 201, 204}
    holds(empty, "/graph-store?default", CARD.format("Alice"))


def test_post_get_new_graph(empty: Served) -> None:
    got = write(empty, "POST", "/graph-store", CARD.format("Alice"))
    assert got.status == 201
    holds(empty, "/graph-store" + parameters(graph=got.headers["location"]), CARD.format("Alice"))


def test_percent_encoding_is_decoded_once(empty: Served) -> None:
    one, two = "/graph-store?graph=http://www.example/%31.ttl", "/graph-store?graph=http://www.example/%2531.ttl"
    assert write(empty, "PUT", one, CARD.format("John")).status == 201
    assert write(empty, "PUT", two, CARD.format("Jane")).status == 201
    holds(empty, one, CARD.format("John"))
    holds(empty, "/graph-store?graph=http%3A%2F%2Fwww.example%2F1.ttl", CARD.format("John"))
    holds(empty, two, CARD.format("Jane"))


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("<a> <b> ", TURTLE, 400),
        ("<http://a> <http://b> <http://c> .", "text/plain", 415),
        ("<http://a> <http://b> <http://c> <http://d> .", "application/n-quads", 415),
        ("--x0\r\nnothing", "multipart/form-data; boundary=x0", 400),
    ],
)
def test_what_is_no_graph_is_refused_and_nothing_changes(empty: Served, body: str, kind: str, status: int) -> None:
    assert write(empty, "PUT", DIRECT, CARD.format("John")).status == 201
    assert write(empty, "PUT", DIRECT, body, kind).status == status
    holds(empty, DIRECT, CARD.format("John"))
    assert write(empty, "PUT", "/graph-store", CARD.format("John")).status == 400
    assert write(empty, "DELETE", "/graph-store").status == 400
    assert write(empty, "PUT", "/graph-store" + parameters(graph="no IRI"), CARD.format("J")).status == 400

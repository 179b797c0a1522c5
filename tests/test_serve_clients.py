"""The clients people have, as they come: SPARQLWrapper, rdflib's SPARQLStore, pandas, and another SPARQL engine."""

from __future__ import annotations

import gzip
import io
import json
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, RDFXML, XML, SPARQLWrapper

from serving import Served, serving

PREFIXES = "PREFIX wenmai: <https://w3id.org/wenmai/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
COMPANIES = PREFIXES + "SELECT ?s ?name WHERE { ?s a wenmai:Company ; skos:prefLabel ?name } ORDER BY ?name"


def wrapped(server: Served, query: str, format: str, method: str) -> Any:
    client = SPARQLWrapper(server.url + "sparql", returnFormat=format)
    client.setMethod(method)
    client.setQuery(query)
    return client.queryAndConvert()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper(sample_server: Served, method: str) -> None:
    rows = wrapped(sample_server, COMPANIES, JSON, method)["results"]["bindings"]
    assert rows
    dom = wrapped(sample_server, COMPANIES, XML, method)
    assert len(dom.getElementsByTagName("result")) == len(rows)
    text = wrapped(sample_server, COMPANIES, CSV, method).decode()
    assert len(text.splitlines()) == len(rows) + 1
    construct = PREFIXES + "CONSTRUCT { ?s a wenmai:Company } WHERE { ?s a wenmai:Company }"
    graph = wrapped(sample_server, construct, RDFXML, method)
    turtle = wrapped(sample_server, construct, N3, method)
    assert set(graph) == set(rdflib.Graph().parse(data=turtle, format="turtle"))
    assert len(graph) == len({row["s"]["value"] for row in rows})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rdflib_sparqlstore(sample_server: Served, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(sample_server.url + "sparql", method=method))
    wenmai = rdflib.Namespace("https://w3id.org/wenmai/ns#")
    companies = set(graph.subjects(rdflib.RDF.type, wenmai.Company))
    assert companies
    rows: Any = graph.query(COMPANIES)
    assert {row.s for row in rows} == companies
    first = min(companies, key=str)
    assert (first, rdflib.RDF.type, wenmai.Company) in graph
    assert graph.value(first, rdflib.SKOS.prefLabel, any=False) is not None


def test_pandas_reads_csv(sample_server: Served) -> None:
    url = sample_server.url + "sparql?" + urllib.parse.urlencode({"query": COMPANIES})
    frame = pd.read_csv(url, storage_options={"Accept": "text/csv"})
    rows = json.loads(sample_server.sparql(COMPANIES).text)["results"]["bindings"]
    assert list(frame.columns) == ["s", "name"]
    assert list(frame["name"]) == [row["name"]["value"] for row in rows]


@pytest.mark.parametrize(
    "media",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
    ],
)
def test_every_syntax_of_graphs_says_the_same(sample_server: Served, media: str) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a wenmai:Company ; ?p ?o }"
    got = sample_server.sparql(query, media)
    assert (got.status, got.media) == (200, media)
    formats = {
        format.media_type: format for format in ox.RdfFormat.__dict__.values() if isinstance(format, ox.RdfFormat)
    }
    parsed = {quad.triple for quad in ox.parse(io.BytesIO(got.body), formats[media])}
    plain = {
        quad.triple
        for quad in ox.parse(sample_server.sparql(query, "application/n-triples").body, ox.RdfFormat.N_TRIPLES)
    }
    assert parsed == plain
    assert plain


def test_conditional_requests_compression_and_head(sample_server: Served) -> None:
    path = "/sparql?" + urllib.parse.urlencode({"query": "SELECT * WHERE { ?s ?p ?o } LIMIT 200"})
    plain = sample_server.send(path, headers={"Accept": "text/csv"})
    small = sample_server.send(path, headers={"Accept": "text/csv", "Accept-Encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(small.body) == plain.body
    assert {"Accept", "Accept-Encoding"} <= {each.strip() for each in plain.headers["vary"].split(",")}
    again = sample_server.send(path, headers={"Accept": "text/csv", "If-None-Match": f'"x", {plain.headers["etag"]}'})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == plain.headers["etag"]
    assert sample_server.send(path, headers={"If-None-Match": plain.headers["etag"]}).status == 200, "another type"
    head = sample_server.send(path, "HEAD", {"Accept": "text/csv"})
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == plain.headers["content-length"]
    assert sample_server.sparql("ASK {}", "image/png").status == 406


def test_an_error_says_where(sample_server: Served) -> None:
    got = sample_server.sparql("SELECT ?s\nWHERE { ?s %% }")
    assert (got.status, got.media) == (400, "application/problem+json")
    said = json.loads(got.text)
    assert (said["status"], said["line"], said["column"]) == (400, 2, 12)
    assert "line 2, column 12" in said["detail"]


class Elsewhere:
    """Another SPARQL endpoint, which answers one row, or sends the asker to another place."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.to = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.hits.append(self.path)
                if outer.to and self.path.startswith("/sparql"):
                    self.send_response(302)
                    self.send_header("Location", outer.to)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.end_headers()
                row = {"x": {"type": "literal", "value": "从别处来"}}
                self.wfile.write(json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [row]}}).encode())

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.do_GET()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.root + "/sparql"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere()
    yield made
    made.close()


@pytest.fixture(scope="module")
def federating(sample_store: Path, elsewhere: Elsewhere, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("federating") / "log"
    with serving(sample_store, log, env={"WENMAI_SERVICES": elsewhere.url}) as served:
        yield served


def test_service_asks_whom_the_settings_allow(federating: Served, elsewhere: Elsewhere) -> None:
    elsewhere.hits.clear()
    elsewhere.to = ""
    for service in (f"SERVICE <{elsewhere.url}>", f"service silent <{elsewhere.url}>"):
        got = federating.sparql(f"SELECT ?x WHERE {{ {service} {{ ?s ?p ?x }} }}", "text/csv")
        assert (got.status, got.text.split()) == (200, ["x", "从别处来"])
    assert len(elsewhere.hits) == 2
    for other in (elsewhere.root + "/other", elsewhere.url + "#x", elsewhere.url + "?x"):
        assert federating.sparql(f"SELECT * WHERE {{ SERVICE <{other}> {{ ?s ?p ?x }} }}").status == 400
    assert len(elsewhere.hits) == 2


@pytest.mark.parametrize("to", ["/other", "http://169.254.169.254/latest/", "file:///etc/passwd", "//127.0.0.1:1/"])
def test_service_follows_no_redirect_to_another_place(federating: Served, elsewhere: Elsewhere, to: str) -> None:
    elsewhere.hits.clear()
    elsewhere.to = to
    got = federating.sparql(f"SELECT ?x WHERE {{ SERVICE <{elsewhere.url}> {{ ?s ?p ?x }} }} # {to}")
    assert got.status in {400, 502, 503}, got.text
    assert "root:" not in got.text
    assert [path.partition("?")[0] for path in elsewhere.hits] == ["/sparql"]

"""The remote store against a real SPARQL server: the `oxigraph` program of the package of that name."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from wenmai.errors import LimitError, StoreError, UsageError
from wenmai.namespaces import RDF, WENMAI
from wenmai.query import run
from wenmai.store import DEFAULT, RemoteStore, open_store


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode("http://e/" + name)


def test_commits_matches_and_answers(server: str) -> None:
    store = open_store(server, write=True)
    literal = ox.Literal('引号"与\\反斜线\n', language="zh")
    here, there = ox.Quad(node("a"), node("p"), literal), ox.Quad(node("a"), node("p"), node("b"), node("g"))
    store.commit([here, there])
    assert set(store.match()) == {here, there}
    assert list(store.match(graph=DEFAULT)) == [here]
    assert list(store.match(node("a"), node("p"), node("b"), node("g"))) == [there]
    assert list(store.match(node("nobody"))) == []
    new = ox.Quad(
        node("c"), node("p"), ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    )
    store.commit([new, here], remove=[here, there])
    assert set(store.match()) == {here, new}
    rows = store.query("SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?s")
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["o"] for row in rows] == [literal, new.object]
    triples = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(triples, ox.QueryTriples)
    assert set(triples) == {here.triple, new.triple}
    answer = store.query("ASK { ?s ?p 2 }")
    assert isinstance(answer, ox.QueryBoolean)
    assert not answer
    with pytest.raises(SyntaxError, match="error at 1:"):
        store.query("SELECT {")
    store.publish()
    store.flush()
    store.log("build", {})
    store.close()


def test_loads_by_the_graph_store_and_by_updates(server: str, tmp_path: Path) -> None:
    quads = [ox.Quad(node(f"s{n}"), node("p"), node("o"), node("图") if n % 2 else DEFAULT) for n in range(400)]
    open_store(server).load(quads)
    assert set(open_store(server).match()) == set(quads)
    settings = tmp_path / "server.toml"
    settings.write_text(f'query = "{server}query"\nupdate = "{server}update"\nbase = "http://news.example/"\n')
    store = open_store(settings)
    assert store.base == "http://news.example/"
    more = [ox.Quad(node(f"t{n}"), node("p"), node("o"), node("h")) for n in range(10)]
    store.load(more)
    assert set(store.match(graph=node("h"))) == set(more)


def test_finds_the_base_of_the_graph_it_holds(server: str) -> None:
    store = open_store(server)
    assert store.base == "http://localhost:8000/"
    article, graph = ox.NamedNode("https://kg.example/id/article-1"), ox.NamedNode("https://kg.example/graph/article-1")
    store.commit([ox.Quad(article, ox.NamedNode(RDF + "type"), ox.NamedNode(WENMAI + "Article"), graph)])
    assert open_store(server).base == "https://kg.example/"


def test_a_settings_file_without_update_is_read_only(server: str, tmp_path: Path) -> None:
    settings = tmp_path / "server.json"
    settings.write_text(json.dumps({"query": server + "query"}))
    store = open_store(settings)
    with pytest.raises(StoreError, match="no update URL"):
        store.commit([ox.Quad(node("a"), node("p"), node("b"))])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("query = ", "cannot be read"),
        ('ask = "http://h/"', "unknown key ask"),
        ('query = "ftp://h/"', "not an http URL"),
        ("query = 3", "wrong type"),
        ('update = "http://h/"', "the key query"),
    ],
)
def test_wrong_settings_say_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "server.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=message):
        open_store(file)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store("http://127.0.0.1:9/")
    with pytest.raises(UsageError, match="not the URL of a server"):
        open_store("http://")


class Odd(BaseHTTPRequestHandler):
    """Answers as bad servers do; the path tells how, and `seen` keeps what credentials came."""

    seen: list[str | None] = []  # noqa: RUF012 - the server makes one object a request, the list outlives them

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers["Authorization"])
        results = "application/sparql-results+json"
        answers: dict[str, tuple[int, str, bytes]] = {
            "/cut/query": (
                200,
                "application/sparql-results+json",
                b'{"head":{"vars":["g"]},"results":{"bindings":[{"g',
            ),
            "/html/query": (200, "text/html", b"<html>"),
            "/no/query": (401, "text/plain", b"who are you"),
            "/bad/query": (500, "text/plain", b"oh no"),
            "/away/query": (302, "text/plain", b""),
            "/ok/query": (200, results, b'{"head":{"vars":["g"]},"results":{"bindings":[]}}'),
        }
        status, kind, body = answers[self.path]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def odd() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Odd) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        Odd.seen.clear()
        yield f"127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "message"),
    [("cut", "breaks off"), ("html", "text/html"), ("no", "refused"), ("bad", "500 oh no"), ("away", "302")],
)
def test_odd_answers_are_errors(odd: str, path: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        open_store(f"http://{odd}/{path}")


def test_credentials_are_sent_and_not_shown(odd: str, tmp_path: Path) -> None:
    store = open_store(f"http://me:p%40ss@{odd}/ok/")
    assert isinstance(store, RemoteStore)
    settings = tmp_path / "s.toml"
    settings.write_text(f'query = "http://{odd}/ok/query"\ntoken = "t0k"\n')
    open_store(settings)
    assert Odd.seen == ["Basic bWU6cEBzcw==", "Bearer t0k"]
    assert "p@ss" not in repr(store.endpoint) + store.location


def test_named_queries_run_on_a_server(server: str, tmp_path: Path) -> None:
    store = open_store(server)
    label, partner = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"), ox.NamedNode(WENMAI + "partnerOf")
    one, two = ox.NamedNode("http://localhost:8000/id/org-1"), ox.NamedNode("http://localhost:8000/id/org-2")
    store.load(
        [
            ox.Quad(one, label, ox.Literal("申能", language="zh")),
            ox.Quad(two, label, ox.Literal("腾讯", language="zh")),
            ox.Quad(one, partner, two),
        ]
    )
    settings = tmp_path / "server.toml"
    settings.write_text(f'query = "{server}query"\n')
    for location in (server, settings, store):
        rows = run(location, "card", {"entity": "申能"}, timeout=20)
        assert {"partnerOf", "prefLabel"} <= {
            str(row["property"]).rpartition("#")[2].rpartition("/")[2] for row in rows
        }
        assert run(location, "ASK { ?s wenmai:partnerOf ?o }").boolean is True
        assert run(location, "SELECT * { ?z wenmai:partnerOf ?a }").variables == ("z", "a")
        assert len(run(location, "neighbourhood", {"entity": "申能"}).triples) == 3
    with pytest.raises(UsageError, match="line 1"):
        run(server, "SELECT ?x {")
    with pytest.raises(UsageError, match="near it: 申能"):
        run(server, "card", {"entity": "申能公司"})


def test_a_server_that_does_not_answer_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(LimitError, match=r"longer than 0\.5 s"):
            run(f"http://127.0.0.1:{silent.getsockname()[1]}/", "ASK {}", timeout=0.5)
        assert time.monotonic() - begun < 5

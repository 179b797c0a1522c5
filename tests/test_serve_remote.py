"""The same server before a SPARQL engine of another make: pages, guard, caps and deadline are the same there."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Command
from serving import Served, serving

LIMIT = 3.0
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(DISTINCT ?a) AS ?n) WHERE { GRAPH ?g { ?a a wenmai:Article } }"


@pytest.fixture
def remote(server: str, samples: Path, wenmai: Command, tmp_path: Path) -> Iterator[Served]:
    """`wenmai serve` before an Oxigraph server with two articles."""
    for name in ("2017-04-21-shenneng-tencent.txt", "2019-05-20-haitang-museum.txt"):
        done = wenmai("build", samples / name, "--store", server, "--tagger", "none")
        assert done.returncode == 0, done.stderr
    with serving(server, tmp_path / "log", "--timeout", str(LIMIT)) as served:
        yield served


def test_the_server_is_the_same_before_an_oxigraph_server(remote: Served) -> None:
    got = remote.sparql(COUNT, "text/csv")
    assert (got.status, got.text.split()) == (200, ["n", "2"])
    graph = json.loads(remote.sparql("SELECT ?g WHERE { GRAPH ?g { ?a a wenmai:Article } } LIMIT 1").text)
    iri = graph["results"]["bindings"][0]["g"]["value"]
    one = remote.sparql(
        "SELECT (COUNT(*) AS ?n) WHERE { ?a a wenmai:Article }", "text/csv", **{"default-graph-uri": iri}
    )
    assert one.text.split() == ["n", "1"]
    triples = remote.sparql("CONSTRUCT { ?s ?p ?o } WHERE { ?s a wenmai:Company ; ?p ?o }", "application/n-triples")
    assert triples.status == 200
    assert triples.body.count(b"\n") > 3
    for refused in ("SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SELECT ?s WHERE { ?s a"):
        assert remote.sparql(refused).status == 400
    capped = remote.sparql("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?x ?y ?z } }")
    assert capped.status == 200
    assert capped.headers["x-wenmai-truncated"] == "rows=10000"
    begun = time.monotonic()
    assert remote.sparql(SLOW).status == 503
    assert time.monotonic() - begun < LIMIT + 4
    assert remote.sparql(COUNT).status == 200


class Silent:
    """A server that takes a query and never answers, and notes when the asker has gone."""

    def __init__(self) -> None:
        self.gone = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._take, args=(connection,), daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        asked = b""
        while (length := re.search(rb"Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n", asked)) is None or len(
            asked
        ) < length.end() + int(length[1]):
            asked += connection.recv(65536)
        if b"wenmai%2Fns%23Article" in asked and b"%3Fg" in asked and b"SLOWLY" not in asked:
            body = b'{"head":{"vars":["g"]},"results":{"bindings":[]}}'
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: %d\r\n\r\n"
            connection.sendall(head % len(body) + body)
            connection.close()
            return
        while connection.recv(65536):
            pass
        self.gone.set()


def test_at_the_deadline_the_other_server_is_let_go(tmp_path: Path) -> None:
    silent = Silent()
    with serving(silent.url, tmp_path / "log", "--timeout", str(LIMIT)) as served:
        got = served.sparql("SELECT * WHERE { ?SLOWLY ?p ?o }")
        assert got.status == 503
        assert silent.gone.wait(5), "the connection to the other server stays open"


def test_a_server_that_is_gone_is_told_and_comes_back(server: str, tmp_path: Path) -> None:
    with serving(server, tmp_path / "log") as served:
        assert served.sparql("ASK {}").status == 200
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(RuntimeError, match="cannot be reached"), serving(dead, tmp_path / "log"):
            pass


VIRTUOSO = shutil.which("virtuoso-t") or shutil.which("virtuoso-opensource-7-bin")


@pytest.mark.skipif(VIRTUOSO is None, reason="Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
def test_the_server_before_virtuoso(tmp_path: Path, samples: Path, wenmai: Command) -> None:
    from virtuoso import running

    assert VIRTUOSO is not None
    with running(VIRTUOSO, tmp_path / "v") as settings:
        done = wenmai("build", samples / "2019-05-20-haitang-museum.txt", "--store", settings, "--tagger", "none")
        assert done.returncode == 0, done.stderr
        with serving(settings, tmp_path / "log", "--timeout", "5") as served:
            assert served.sparql(COUNT, "text/csv").text.split()[1].strip('"') == "1"
            assert served.sparql(SLOW).status == 503
            assert served.sparql(COUNT).status == 200

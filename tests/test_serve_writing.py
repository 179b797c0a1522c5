"""Writing over HTTP: by whom, beside whom, and when readers see it."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Command
from serving import Got, Served, serving
from wenmai.store import open_store

TOKEN = "a-secret-of-more-than-sixteen-characters"
UPDATE = {"Content-Type": "application/sparql-update"}
INSERT = "INSERT DATA { GRAPH <http://e/g> { <http://e/s> <http://e/p> 1 } }"
ASK = "ASK { GRAPH <http://e/g> { <http://e/s> <http://e/p> 1 } }"


@pytest.fixture(scope="module")
def store(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(sample_store, tmp_path_factory.mktemp("writing") / "store"))


@pytest.fixture(scope="module")
def writable(store: Path) -> Iterator[Served]:
    with serving(store, store.parent / "log", env={"WENMAI_WRITE_TOKEN": TOKEN}) as served:
        yield served


def write(server: Served, text: str, token: str = TOKEN) -> Got:
    return server.send("/sparql", "POST", UPDATE | {"Authorization": f"Bearer {token}"}, text)


def is_true(server: Served, query: str) -> bool:
    return bool(json.loads(server.sparql(query).text)["boolean"])


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer \u00e9",
    ],
)
def test_without_the_token_nothing_is_written(writable: Served, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("latin-1").decode("latin-1")} if authorization else {}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for method, path, more, body in (
        ("POST", "/sparql", UPDATE, INSERT),
        ("POST", "/sparql", form, "update=" + INSERT.replace(" ", "+")),
        ("PUT", "/graph-store?graph=http://e/g", {"Content-Type": "text/turtle"}, "<http://e/s> <http://e/p> 1 ."),
        ("POST", "/graph-store?graph=http://e/g", {"Content-Type": "text/turtle"}, "<http://e/s> <http://e/p> 1 ."),
        ("DELETE", "/graph-store?default", {}, None),
    ):
        got = writable.send(path, method, headers | more, body)
        assert got.status == 401, (method, path)
        assert got.headers["www-authenticate"].startswith("Bearer")
        assert TOKEN not in got.text
    assert not is_true(writable, ASK)
    assert is_true(writable, "ASK { ?s ?p ?o }")
    assert TOKEN not in writable.log.read_text("utf-8")


def test_by_default_nobody_writes(sample_server: Served) -> None:
    assert write(sample_server, INSERT).status == 405
    for method in ("PUT", "POST", "DELETE"):
        assert sample_server.send("/graph-store?default", method, {"Content-Type": "text/turtle"}, "").status == 405
    assert not is_true(sample_server, ASK)


def test_what_was_written_is_seen_at_once_and_found_by_search(writable: Served, store: Path, wenmai: Command) -> None:
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert write(writable, f'INSERT DATA {{ <http://e/thing> <{label}> "霁虹工坊"@zh }} ; {INSERT}').status == 204
    assert is_true(writable, ASK)
    assert "霁虹工坊" in wenmai("search", "霁虹", "--names", "--store", store).stdout
    assert wenmai("stats", "--store", store).returncode == 0
    assert (
        write(
            writable, "DELETE WHERE { GRAPH <http://e/g> { ?s ?p ?o } } ; DELETE WHERE { <http://e/thing> ?p ?o }"
        ).status
        == 204
    )
    assert not is_true(writable, ASK)
    assert "霁虹工坊" not in wenmai("search", "霁虹", "--names", "--store", store).stdout


def test_what_is_remembered_is_of_the_present_snapshot_and_of_the_same_request(writable: Served) -> None:
    query = "SELECT ?o WHERE { GRAPH <http://e/m> { ?s ?p ?o } }"
    seen = []
    for number in (1, 2):
        made = f"INSERT DATA {{ GRAPH <http://e/m> {{ <http://e/s> <http://e/p> {number} }} }}"
        assert write(writable, f"CLEAR SILENT GRAPH <http://e/m> ; {made}").status == 204
        seen += [
            writable.sparql(query, accept) for accept in ("text/csv", "text/csv", "application/sparql-results+json")
        ]
    assert [got.text.split()[1] for got in (seen[0], seen[1], seen[3], seen[4])] == ["1", "1", "2", "2"]
    assert (seen[0].body, seen[0].headers["etag"]) == (seen[1].body, seen[1].headers["etag"])
    assert [got.media for got in seen[1:3]] == ["text/csv", "application/sparql-results+json"]
    assert dict(seen[3].headers) | {"date": ""} == dict(seen[4].headers) | {"date": ""}, "given again as it went out"
    zh, en = (
        writable.send("/", headers={"Accept": "text/html", "Accept-Language": lang}).text for lang in ("zh", "en")
    )
    assert zh != en
    assert write(writable, "DROP GRAPH <http://e/m>").status == 204


def test_an_update_that_fails_changes_nothing(writable: Served) -> None:
    for text in (INSERT + " ; INSERT DATA {", INSERT + " ; LOAD <http://e/x>", INSERT + " ; CREATE GRAPH <http://e/g>"):
        assert write(writable, text).status == 400
        assert not is_true(writable, ASK)


def test_the_one_writer_waits_for_nobody(writable: Served, store: Path) -> None:
    """While a build holds the store a write is told to come back, and reading goes on."""
    with_lock = open_store(store, write=True)
    try:
        got = write(writable, INSERT)
        assert got.status == 503
        assert int(got.headers["retry-after"]) > 0
        assert is_true(writable, "ASK { ?s ?p ?o }")
    finally:
        with_lock.close()
    assert write(writable, "DROP SILENT GRAPH <http://e/g>").status == 204


def test_xml_that_grows_or_reaches_out_is_refused(writable: Served) -> None:
    rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    body = '<rdf:Description rdf:about="http://e/s"><e:p>{}</e:p></rdf:Description></rdf:RDF>'
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    long = f'<!ENTITY e0 "{"x" * 100_000}">'
    outside = '<!ENTITY e0 SYSTEM "file:///etc/passwd">'
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/rdf+xml"}
    path = "/graph-store?graph=http://e/xml"
    for dtd, use in ((f'<!ENTITY e0 "x">{nested}', "&e10;"), (long, "&e0;" * 5000), (outside, "&e0;")):
        begun = time.monotonic()
        got = writable.send(path, "PUT", headers, f"<!DOCTYPE rdf:RDF [{dtd}]>{rdf}{body.format(use)}")
        assert got.status == 400, got.text
        assert time.monotonic() - begun < 5
        assert writable.send(path).status == 404
    plain = '<!ENTITY e "http://e/">'
    assert writable.send(path, "PUT", headers, f"<!DOCTYPE rdf:RDF [{plain}]>{rdf}{body.format('&e;x')}").status == 201
    assert "http://e/x" in writable.send(path, headers={"Accept": "text/turtle"}).text
    assert writable.send(path, "DELETE", headers).status == 204


def test_the_private_graph_is_closed(writable: Served) -> None:
    path = "/graph-store?graph=http%3A%2F%2Flocalhost%3A8000%2Fgraph%2Freading"
    assert writable.send(path).status == 404
    assert writable.send(path, "DELETE", {"Authorization": f"Bearer {TOKEN}"}).status == 404


def test_a_build_is_seen_within_a_second_and_no_request_is_lost(writable: Served, store: Path, wenmai: Command) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?a a wenmai:Article } }"
    count = int(writable.sparql(query, "text/csv").text.split()[1])
    statuses: list[int] = []
    done = threading.Event()

    def ask() -> None:
        number = 0
        while not done.is_set():
            number += 1
            statuses.append(writable.sparql(f"{query} # {number}").status)
            time.sleep(0.02)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    article = store.parent / "park.txt"
    article.write_text("# 岸线公园开放\n\n2021年6月1日，澄湾区岸线公园向市民开放。\n", "utf-8")
    assert wenmai("build", article, "--store", store, "--tagger", "none").returncode == 0
    ends = time.monotonic() + 5  # a second on a quiet machine
    while int(writable.sparql(query, "text/csv").text.split()[1]) != count + 1:
        assert time.monotonic() < ends
    done.set()
    for thread in asking:
        thread.join()
    assert set(statuses) == {200}
    assert len(statuses) > 10

"""Requests at random: whatever is sent, the answer is meant, and the server is as it was.

FUZZ_REQUESTS sets how many are sent; 10,000 take some 20 s.
"""

from __future__ import annotations

import http.client
import logging
import os
import random
import socket
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from serving import Served, serving
from wire import HOST, connected, get, rest

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "1500"))
SEED = int(os.environ.get("FUZZ_SEED", "20170421"))
INTENDED = {503}
FORM = "application/x-www-form-urlencoded"
METHODS = ["GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"]
PATHS = [
    "/",
    "/sparql",
    "/sparql",
    "/sparql",
    "/graph-store",
    "/search",
    "/reconcile",
    "/reconcile/suggest",
    "/queries",
    "/queries/partners",
    "/doc/x",
    "/id/x",
    "/doc/x.ttl",
    "/ns",
    "/dataset",
    "/.well-known/void",
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/x.js",
    "/static/../x",
    "/entities",
    "/articles",
    "/robots.txt",
    "/sitemap.xml",
    "/openapi.json",
    "/graph/article-x",
    "/dumps/x",
]
QUERIES = (
    "ASK {}",
    "SELECT * WHERE { ?s ?p ?o } LIMIT 3",
    "SELECT * WHERE {",
    "CONSTRUCT WHERE { ?s a ?c } LIMIT 2",
    "DESCRIBE <http://localhost:8000/id/x>",
    "SELECT (1/0 AS ?x) {}",
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "INSERT DATA { <a:a> <a:b> 1 }",
    "SELECT ?s { ?s ?p ?o FILTER REGEX(?o, '(((') } LIMIT 1",
    "SELECT * { VALUES ?x { UNDEF } BIND(?x + 1 AS ?y) }",
    "SELECT " + "(" * 500,
    "{" * 3000,
    "BASE <file:///etc/passwd> SELECT * FROM <x> { ?s ?p ?o }",
)
NAMES = [
    "query",
    "update",
    "default-graph-uri",
    "named-graph-uri",
    "graph",
    "default",
    "timeout",
    "offset",
    "limit",
    "q",
    "queries",
    "format",
    "uri",
    "lang",
    "page",
    "type",
    "prefix",
    "cursor",
    "extend",
    "id",
    "accept",
]
FIELDS = {
    "Accept": (
        "",
        "*/*",
        "text/html",
        "text/turtle;q=0.2, */*;q=0",
        "x",
        "application/sparql-results+xml",
        ";;;,,,",
        "a/b;q=9",
    ),
    "Accept-Encoding": ("gzip", "br", "identity;q=0", "gzip;q=0"),
    "Accept-Language": ("zh", "en;q=x", "*"),
    "Content-Type": (
        "application/x-www-form-urlencoded",
        "application/sparql-query",
        "application/sparql-update",
        "application/json",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/turtle",
        "text/plain; charset=utf-16",
        "///",
    ),
    "If-None-Match": ("*", "x", 'W/"x"', '"' * 9),
    "If-Modified-Since": ("Thu, 01 Jan 1970 00:00:00 GMT", "never", "Sun, 99 Foo 2099 99:99:99 GMT"),
    "Range": ("bytes=0-1", "bytes=-", "x"),
    "Origin": ("null", "http://evil.example", "http://localhost", "\xff"),
    "Sec-Fetch-Site": ("same-origin", "cross-site", "x"),
    "Authorization": ("Bearer", "Bearer x", "Basic !!!", "Digest \xff"),
    "Host": ("localhost", "127.0.0.1:1", "evil.example", "[::1", "localhost:port"),
    "X-Forwarded-For": ("1.2.3.4", "x", "," * 50),
    "X-Forwarded-Prefix": ("/../..", "//evil.example"),
    "X-Http-Method-Override": ("DELETE",),
    "Expect": ("x",),
    "Cookie": ("a=b", "\xff=;;;"),
}


RAW = (
    get(b"/sparql?query=ASK%7B%7D"),
    get(b"/nothing", close=False) + get(b"/sparql?query=ASK%7B%7D"),
    b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\nContent-Length: 5\r\n\r\nASK{}",
    b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n2\r\n{}\r\n0\r\n\r\n",
    b"PUT /graph-store?default HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)


class Sender:
    """Makes requests of a seed and sends them on a few connections that are kept."""

    def __init__(self, served: Served, seed: int) -> None:
        self._served = served
        self._random = random.Random(seed)
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)

    def send(self) -> tuple[str, int]:
        """Send one request; return what it was and its status."""
        method, target, headers, body = self._request()
        told = f"{method} {target} {headers} {body!r}"[:2000]
        for attempt in range(3):
            try:
                self._connection.request(method, target, body, headers)
                response = self._connection.getresponse()
                response.read()
                return told, response.status
            except (http.client.RemoteDisconnected, ConnectionError):
                self._connection.close()  # it may close a connection it was sent nonsense on, after it answered
                if attempt == 2:
                    raise AssertionError(f"no answer: {told}") from None
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._connection.close()

    def _request(self) -> tuple[str, str, dict[str, str], bytes | None]:
        choose = self._random
        method, target = choose.choice(METHODS), self._target()
        fine = choose.random() < 0.4  # nearly right: it is to get further than the doors
        names = choose.sample(sorted(FIELDS), choose.randrange(5))
        headers = {
            name: choose.choice(FIELDS[name]) for name in names if not fine or name.startswith(("Acc", "If", "C"))
        }
        if fine:
            method, target = choose.choice(["GET", "HEAD", "POST"]), choose.choice([choose.choice(PATHS), "/sparql"])
            query = urllib.parse.urlencode({choose.choice(["query", "query", "q", "queries"]): self._value()})
            if method == "POST":
                return method, target, {"Content-Type": FORM}, query.encode()
            target += "?" + query
        body = self._body() if method not in {"GET", "HEAD"} or choose.random() < 0.05 else None
        return method, target, headers, body

    def _target(self) -> str:
        choose = self._random
        path = choose.choice(PATHS)
        if choose.random() < 0.3:
            path += choose.choice(
                ["/", "/../", "//", "%00", "%ff", "%2e%2e/", ".ttl", ".", "\\", "/%E7%94%B3", "%", "%0d%0a", ";x"]
            )
        if choose.random() < 0.1:
            path = "/" + urllib.parse.quote(choose.randbytes(choose.randrange(30)))
        if choose.random() < 0.6:
            pairs = [(choose.choice(NAMES), self._value()) for _ in range(choose.randrange(1, 4))]
            path += "?" + urllib.parse.urlencode(pairs)
        elif choose.random() < 0.2:
            path += "?" + choose.choice(["&&&", "=", "%", "query", "query=%ff", "a=" * 300, "q=%00", "limit=1e9", "\\"])
        return path

    def _value(self) -> str | bytes:
        choose = self._random
        kind = choose.randrange(6)
        if kind < 3:
            return choose.choice(QUERIES)
        if kind == 3:
            return choose.choice(
                [
                    "",
                    "0",
                    "-1",
                    "1e400",
                    "NaN",
                    "9" * 400,
                    "申能",
                    "zh",
                    "\x00",
                    "\u202e",
                    "<script>",
                    "'\"",
                    "*",
                    "../",
                ]
            )
        if kind == 4:
            return choose.randbytes(choose.randrange(40))
        return "".join(
            chr(choose.choice([choose.randrange(32, 127), choose.randrange(0x4E00, 0x9FFF)])) for _ in range(20)
        )

    def _body(self) -> bytes:
        choose = self._random
        kind = choose.randrange(5)
        if kind == 0:
            return urllib.parse.urlencode([(choose.choice(NAMES), self._value())]).encode()
        if kind == 1:
            return choose.choice(QUERIES).encode()
        if kind == 2:
            return choose.randbytes(choose.randrange(200))
        if kind == 3:
            return (
                b'{"queries": {"q0": {"query": "x", "limit": ' + choose.choice([b"-1", b"1e9", b'"x"', b"[]"]) + b"}}}"
            )
        return b"--x\r\nContent-Disposition: form-data; name=f\r\n\r\n<a> <b> <c> .\r\n--x--\r\n"


@pytest.fixture(scope="module")
def target(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("fuzz") / "log"
    with serving(sample_store, log, "--timeout", "2", "--log-format", "json", "--set", "per_client=64") as served:
        yield served


def test_requests_at_random_have_answers_that_are_meant(target: Served) -> None:
    sender, statuses, faults = Sender(target, SEED), Counter[int](), []
    begun = time.monotonic()
    for _ in range(REQUESTS):
        told, status = sender.send()
        statuses[status] += 1
        if status >= 500 and status not in INTENDED:
            faults.append((status, told))
    sender.close()
    said = f"{REQUESTS} requests in {time.monotonic() - begun:.1f} s: {dict(sorted(statuses.items()))}"
    logging.getLogger(__name__).info(said)
    assert faults == []
    assert min(statuses[200], statuses[400], statuses[403], statuses[404], statuses[421]) > REQUESTS // 100, said
    assert target.process.poll() is None
    assert target.sparql("ASK {}").status == 200
    log = target.log.read_text("utf-8")
    assert "Traceback" not in log
    assert "a fault of wenmai" not in log


def test_bytes_at_random_have_answers_that_are_meant(target: Served) -> None:
    """Requests that are right but for a few bytes, and bytes that are none, each on a connection of its own."""
    choose, statuses = random.Random(SEED), Counter[int]()
    for _ in range(REQUESTS // 5):
        sent = bytearray(choose.choice(RAW))
        for _ in range(choose.randrange(4)):
            at = choose.randrange(len(sent) + 1)
            sent[at : at + choose.randrange(3)] = choose.choice([b"\r", b"\n", b"\x00", b" ", b":", choose.randbytes(2)])
        if choose.random() < 0.2:
            del sent[choose.randrange(len(sent)) :]
        sock = connected(target.port)
        with suppress(ConnectionError):
            sock.sendall(bytes(sent))
            sock.shutdown(socket.SHUT_WR)  # it need not wait for more
        reply = rest(sock)
        assert reply.closed, bytes(sent)
        statuses.update(reply.statuses)
    assert {status for status in statuses if status >= 500} <= INTENDED, statuses
    assert statuses[400] > REQUESTS // 50, statuses
    assert target.process.poll() is None
    assert target.sparql("ASK {}").status == 200
    assert "Traceback" not in target.log.read_text("utf-8")

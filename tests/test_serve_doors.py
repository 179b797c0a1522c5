"""What the server lets in and what it says to browsers: hosts, origins, paths, sizes, times, headers."""

from __future__ import annotations

import json
import select
import shutil
import socket
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from serving import Served, serving
from wire import HOST, connected, exchange, get, rest

QUERY = "/sparql?query=ASK%7B%7D"
FORM = "application/x-www-form-urlencoded"
BIG = "SELECT ?a ?b ?c ?d WHERE { ?a ?p ?b . ?c ?q ?d }"
TOKEN = "0123456789abcdef-metrics"
WRITE = "0123456789abcdef-writing"


@pytest.fixture(scope="module")
def open_server(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server behind a proxy, open to pages of others, with little patience."""
    log = tmp_path_factory.mktemp("open") / "log"
    options = {
        "public_base": "https://kg.example.org/kg/",
        "hosts": "data.example.org",
        "proxies": "127.0.0.2",
        "embed": "https://news.example.org",
        "cors": "true",
        "rows": "40000",
        "head_time": "0.5",
        "body_time": "0.5",
        "idle_time": "0.5",
        "write_time": "1",
        "connections": "300",
        "per_address": "100",
        "log_format": "json",
    }
    words = [word for name, value in options.items() for word in ("--set", f"{name}={value}")]
    store = shutil.copytree(sample_store, log.parent / "store")  # with a token it can be written to
    env = {"WENMAI_METRICS_TOKEN": TOKEN, "WENMAI_WRITE_TOKEN": WRITE}
    with serving(store, log, *words, env=env) as served:
        yield served


def ask(served: Served, **headers: str) -> int:
    return served.send(QUERY, headers={name.replace("_", "-"): value for name, value in headers.items()}).status


# Which host


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.1.2.3:80", "[::1]:9", "localhost."])
def test_a_name_of_loopback_is_answered(host: str, sample_server: Served) -> None:
    assert ask(sample_server, Host=host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:8000", "192.0.2.1", "localhost@evil.example", "a b", ""],
)
def test_another_host_is_not_ours(host: str, sample_server: Served) -> None:
    got = sample_server.send(QUERY, headers={"Host": host})
    assert got.status == 421
    assert "evil" not in got.text


def test_configured_hosts_are_answered(open_server: Served) -> None:
    assert [ask(open_server, Host=host) for host in ("kg.example.org", "data.example.org:443", "example.org")] == [
        200,
        200,
        421,
    ]


def test_the_host_of_an_absolute_target_counts(sample_server: Served) -> None:
    for target, status in (
        (b"http://evil.example/x", 421),
        (b"http://localhost/x", 404),
        (b"http://a@localhost/", 400),
    ):
        assert exchange(sample_server.port, get(target)).status == status, target


# From which page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_another_page_sends_is_refused(headers: dict[str, str], sample_server: Served) -> None:
    for kind, body in ((FORM, "query=ASK%7B%7D"), ("application/sparql-query", "ASK{}"), ("text/plain", "update=x")):
        got = sample_server.send("/sparql", "POST", {**headers, "Content-Type": kind}, body)
        assert got.status == 403, got.text
        assert "access-control-allow-origin" not in got.headers


def test_own_pages_and_other_clients_may_send(sample_server: Served) -> None:
    port = sample_server.port
    for headers in (
        {},
        {"Origin": f"http://127.0.0.1:{port}"},
        {"Sec-Fetch-Site": "same-origin", "Origin": f"http://127.0.0.1:{port}"},
        {"Sec-Fetch-Site": "none"},
    ):
        got = sample_server.send("/sparql", "POST", {**headers, "Content-Type": FORM}, "query=ASK%7B%7D")
        assert got.status == 200, headers


def test_a_link_from_another_page_may_be_followed(sample_server: Served) -> None:
    assert ask(sample_server, Sec_Fetch_Site="cross-site") == 200


def test_other_pages_read_nothing_by_default(sample_server: Served) -> None:
    got = sample_server.send(QUERY, headers={"Origin": "http://news.example.org"})
    assert not [name for name in got.headers if name.startswith("access-control")]
    assert got.headers["cross-origin-resource-policy"] == "same-origin"
    asked = {"Origin": "http://news.example.org", "Access-Control-Request-Method": "GET"}
    assert sample_server.send("/sparql", "OPTIONS", asked).status == 403


def test_other_pages_read_where_that_is_switched_on(open_server: Served) -> None:
    origin = {"Origin": "http://news.example.org", "Sec-Fetch-Site": "cross-site"}
    for method, body in (("GET", None), ("POST", "query=ASK%7B%7D")):
        path = QUERY if method == "GET" else "/sparql"
        got = open_server.send(path, method, {**origin, "Content-Type": FORM}, body)
        assert (got.status, got.headers["access-control-allow-origin"]) == (200, "*")
        assert "access-control-allow-credentials" not in got.headers
        assert got.headers["cross-origin-resource-policy"] == "cross-origin"
    refused = open_server.send("/sparql", "POST", {**origin, "Content-Type": "application/sparql-update"}, "CLEAR ALL")
    assert refused.status == 403
    elsewhere = open_server.send("/store", "POST", {**origin, "Content-Type": FORM}, "x=1")
    assert elsewhere.status == 403


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/sparql", "POST", 204), ("/doc/x", "GET", 204), ("/doc/x", "POST", 403), ("/sparql", "PUT", 403)],
)
def test_preflight(path: str, method: str, status: int, open_server: Served) -> None:
    asked = {"Origin": "http://news.example.org", "Access-Control-Request-Method": method}
    got = open_server.send(path, "OPTIONS", {**asked, "Access-Control-Request-Headers": "authorization"})
    assert got.status == status
    assert "authorization" not in got.headers.get("access-control-allow-headers", "").lower()
    assert "access-control-allow-credentials" not in got.headers


# What browsers are told


@pytest.mark.parametrize("path", [QUERY, "/nothing", "/sparql?query=x", "/%2e%2e/etc", "/sparql?query=" + "a" * 20_000])
def test_every_response_says_what_a_browser_may(path: str, sample_server: Served) -> None:
    got = sample_server.send(path).headers
    policy = dict(part.strip().split(" ", 1) for part in got["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert got["x-content-type-options"] == "nosniff"
    assert got["referrer-policy"] == "same-origin"
    assert got["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in got["permissions-policy"]
    assert "server" not in got
    assert "strict-transport-security" not in got


def test_behind_https_browsers_are_to_stay_there(open_server: Served) -> None:
    got = open_server.send(QUERY).headers
    assert got["strict-transport-security"].startswith("max-age=")
    assert got["content-security-policy"].endswith("frame-ancestors https://news.example.org")


# Which path


@pytest.mark.parametrize(
    "target",
    [
        "/static/../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fetc%2fpasswd",
        "/static/..%5c..%5cetc%5cpasswd",
        "/..\\..\\etc\\passwd",
        "/static/%00passwd",
        "//etc/passwd",
        "//evil.example/passwd",
        "/\\evil.example/passwd",
        "/%2f%2fevil.example/passwd",
        "/%5cevil.example/passwd",
        "/static/%c0%ae%c0%ae/passwd",
        "/%ff%fe/passwd",
        "/%zz/passwd",
        "/passwd%0d%0aSet-Cookie:x=1",
        "/<script>alert(1)</script>/passwd",
        "/static//passwd/",
    ],
)
def test_a_path_leads_nowhere_else(target: str, sample_server: Served) -> None:
    reply = exchange(sample_server.port, get(target.encode()))
    assert reply.status in {400, 404}, reply.data
    for reflected in (b"passwd", b"evil", b"root:", b"alert", b"Set-Cookie", b"location:"):
        assert reflected not in reply.data


# What is HTTP


@pytest.mark.parametrize(
    "data",
    [
        b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: +3\r\n\r\nabc",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"GET /x HTTP/1.1\nHost: localhost\n\n",
        b"GET /x HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n",
        b"GET /x HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
        b"GET /x HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
        b"GET /x HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
        b"GET /x HTTP/1.1\r\n\r\n",
        b"GET /x\r\n\r\n",
        b"GET /x HTTP/9.9\r\n" + HOST + b"\r\n",
        b"GET /\xe7\x94\xb3 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET x HTTP/1.1\r\n" + HOST + b"\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_could_be_read_in_two_ways_is_no_request(data: bytes, sample_server: Served) -> None:
    reply = exchange(sample_server.port, data + get(b"/smuggled"))
    assert reply.statuses == [400]
    assert reply.closed
    assert b"content-security-policy" in reply.data
    assert json.loads(reply.data.rpartition(b"\r\n\r\n")[2])["status"] == 400


def test_pipelined_requests_are_answered_in_turn(sample_server: Served) -> None:
    asked = [QUERY.encode(), b"/nothing", QUERY.encode()]
    reply = exchange(sample_server.port, b"".join(get(t, close=t is asked[-1] and i == 2) for i, t in enumerate(asked)))
    assert (reply.statuses, reply.closed) == ([200, 404, 200], True)


def test_a_broken_request_does_not_take_the_answers_before_it(sample_server: Served) -> None:
    reply = exchange(sample_server.port, get(QUERY.encode(), close=False) + b"nonsense\r\n\r\n")
    assert (reply.statuses, reply.closed) == ([200], True)


def test_nothing_is_upgraded_to(sample_server: Served) -> None:
    asked = get(QUERY.encode(), b"Upgrade: websocket", b"Connection: upgrade", close=False)
    reply = exchange(sample_server.port, asked + get(b"/smuggled"))
    assert (reply.statuses, reply.closed) == ([200], True)


# How much


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (get(b"/" + b"a" * 17_000), 414),
        (b"GET /" + b"a" * 200_000, 414),
        (get(b"/x", b"X: " + b"a" * 40_000), 431),
        (b"GET /x HTTP/1.1\r\nX: " + b"a" * 200_000, 431),
        (b"GET /x HTTP/1.1\r\n" + b"a" * 200_000, 431),
        (get(b"/x", *[b"X: y"] * 120), 431),
    ],
)
def test_heads_have_a_size(data: bytes, status: int, sample_server: Served) -> None:
    reply = exchange(sample_server.port, data)
    assert (reply.statuses, reply.closed) == ([status], True)


def test_bodies_have_a_size_whatever_they_announce(sample_server: Served) -> None:
    kind = HOST + b"Connection: close\r\nContent-Type: application/sparql-query\r\n"
    piece = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    announced = b"POST /sparql HTTP/1.1\r\n" + kind + b"Content-Length: 3000000\r\n\r\n"
    for data in (
        announced,
        announced + b" " * 3_000_000,
        b"POST /sparql HTTP/1.1\r\n" + kind + b"Transfer-Encoding: chunked\r\n\r\n" + piece * 20,
        b"POST /nothing HTTP/1.1\r\n" + kind + b"Expect: 100-continue\r\nContent-Length: 3000000\r\n\r\n",
    ):
        reply = exchange(sample_server.port, data)
        assert (reply.statuses, reply.closed) == ([413], True), reply.data[:200]
    fits = b"POST /sparql HTTP/1.1\r\n" + kind + b"Transfer-Encoding: chunked\r\n\r\n"
    assert exchange(sample_server.port, fits + b"5\r\nASK{}\r\n0\r\n\r\n").status == 200


def test_the_write_token_makes_room_for_more(open_server: Served) -> None:
    body = b" " * (2 << 20)
    for token, status in ((WRITE, 404), (WRITE + "x", 413), (WRITE[:-1], 413), (TOKEN, 413)):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
        assert open_server.send("/nothing", "PUT", headers, body).status == status


def test_a_connection_goes_on_after_a_body_nobody_wanted(sample_server: Served) -> None:
    body = b"POST /nothing HTTP/1.1\r\n" + HOST + b"Content-Length: 200000\r\n\r\n"
    reply = exchange(sample_server.port, body + b"a" * 200_000 + get(QUERY.encode()))
    assert reply.statuses == [404, 200]


# How slowly


def test_slow_clients_are_not_waited_for(open_server: Served) -> None:
    """All at once, so that their times run out together."""
    post = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
    started = {
        "nothing": b"",
        "head": b"GET /sparql?query=ASK",
        "line feeds": b"\r\n\r\n",
        "length": post + b"Content-Length: 5\r\n\r\nAS",
        "chunks": post + b"Transfer-Encoding: chunked\r\n\r\n2\r\nAS\r\n",
        "idle": get(QUERY.encode(), close=False),
        "idle, then line feeds": get(QUERY.encode(), close=False) + b"\r\n",
        "idle after a body nobody wanted": b"POST /nothing HTTP/1.1\r\n"
        + HOST
        + b"Content-Length: 9\r\n\r\n"
        + b"123456789",
        "a body nobody wanted": b"DELETE /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n12",
    }
    socks = {name: connected(open_server.port) for name in started}
    for name, sock in socks.items():
        sock.sendall(started[name])
    replies = {name: rest(sock, patience=8) for name, sock in socks.items()}
    assert {name for name, reply in replies.items() if not reply.closed} == set()
    assert {name: reply.statuses for name, reply in replies.items()} == {
        "nothing": [],
        "head": [408],
        "line feeds": [408],
        "length": [408],
        "chunks": [408],
        "idle": [200],
        "idle, then line feeds": [200],
        "idle after a body nobody wanted": [404],
        "a body nobody wanted": [408],
    }


def test_a_client_that_does_not_read_is_dropped(open_server: Served) -> None:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(10)
    sock.connect(("127.0.0.1", open_server.port))
    with sock:
        sock.sendall(get(b"/sparql?query=" + urllib.parse.quote_plus(BIG).encode()))
        watch = select.poll()
        watch.register(sock, 0)  # errors and hang-ups alone: reading would help
        assert watch.poll(8000), "the server still waits for a client that takes nothing"
    assert ask(open_server) == 200


def test_connections_of_one_address_make_room_for_each_other(open_server: Served) -> None:
    slow = [connected(open_server.port, "127.0.0.9") for _ in range(150)]
    try:
        assert open_server.send(QUERY, source="127.0.0.9").status == 200
        closed = [sock for sock in slow if select.select([sock], [], [], 0)[0]]
        assert len(closed) >= 50
    finally:
        for sock in slow:
            sock.close()


def test_five_hundred_slow_heads_do_not_keep_others_out(sample_server: Served) -> None:
    slow = [connected(sample_server.port) for _ in range(500)]
    try:
        for sock in slow:
            with suppress(ConnectionError):  # it made room
                sock.sendall(b"GET /sparql?query=ASK")
        assert ask(sample_server) == 200
        assert sample_server.send(QUERY, source="127.0.0.3").status == 200
    finally:
        for sock in slow:
            sock.close()


# Proxies, and what is written down


def lines(served: Served, *, until: str) -> list[dict[str, Any]]:
    """Return the log when `until` stands in it: an answer may be there before its line."""
    for _ in range(100):
        text = served.log.read_text("utf-8")
        if until in text:
            break
        time.sleep(0.05)
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def test_only_a_trusted_proxy_says_whom_it_speaks_for(open_server: Served) -> None:
    for source, passed, client in (
        ("127.0.0.2", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.2", "6.6.6.6, 192.0.2.8, 127.0.0.2", "192.0.2.8"),
        ("127.0.0.2", "nonsense", "127.0.0.2"),
        ("127.0.0.5", "192.0.2.9", "127.0.0.5"),
    ):
        path = f"/proxied-{client}-{source}"
        open_server.send(path, headers={"X-Forwarded-For": passed}, source=source)
        assert [line["client"] for line in lines(open_server, until=path) if line.get("path") == path] == [client]


def test_the_scheme_of_a_trusted_proxy_makes_the_origin(open_server: Served) -> None:
    headers = {"Host": "data.example.org", "Origin": "https://data.example.org", "X-Forwarded-Proto": "https"}
    statuses = [open_server.send("/write", "PUT", headers, "x", source=s).status for s in ("127.0.0.2", "127.0.0.5")]
    assert statuses == [404, 403]


def test_the_log_is_lines_of_json_without_secrets(open_server: Served) -> None:
    secret = "SECRET-IN-A-VALUE"
    open_server.send(f"/nothing?q={secret}&query={'x' * 5000}", headers={"Authorization": f"Bearer {secret}"})
    open_server.send("/a%0d%0aforged%1b%5b2J%E2%80%AE")
    exchange(open_server.port, b"nonsense\r\n\r\n")
    found = lines(open_server, until="this is not a request")
    text = open_server.log.read_text("utf-8")
    assert secret not in text
    assert TOKEN not in text and WRITE not in text
    assert "\x1b" not in text and "\u202e" not in text
    line = next(each for each in found if each.get("path") == "/nothing" and each.get("query"))
    assert {"time", "level", "client", "method", "status", "bytes", "ms"} <= line.keys()
    assert len(str(line["query"])) <= 200
    assert not [each for each in found if str(each.get("path", "")).startswith("forged")]


def test_the_log_says_what_became_of_a_worker(open_server: Served) -> None:
    slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    path = "/sparql?timeout=0.3&query=" + urllib.parse.quote_plus(slow)
    assert open_server.send(path).status == 503
    assert [each for each in lines(open_server, until="deadline") if each.get("fate") == "deadline"]

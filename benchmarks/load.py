"""Requests over a few connections, as fast as they are answered: latencies, for benchmarks of servers."""

from __future__ import annotations

import selectors
import socket
import time
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Latencies:
    """What `seconds` of asking gave: sorted latencies in seconds, and how many answers were not 200."""

    times: tuple[float, ...]
    seconds: float
    failed: int

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Return a percentile in milliseconds."""
        return self.times[min(len(self.times) - 1, int(share * len(self.times)))] * 1000 if self.times else 0.0


class _Connection:
    def __init__(self, port: int, source: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), source_address=(source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0
        self.asked = self._got = b""

    def ask(self, request: bytes) -> None:
        self._got, self.asked = b"", request
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> int | None:
        """Return the status once the answer is whole."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self._got += piece
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return None
        low = head.lower()
        at = low.find(b"content-length:")
        whole = len(body) >= int(low[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else body.endswith(b"0\r\n\r\n")
        return int(head[9:12]) if whole else None


def get(path: str, query: str, accept: str = "application/sparql-results+json") -> bytes:
    """Return a GET request of the SPARQL protocol."""
    target = f"{path}?{urllib.parse.urlencode({'query': query})}"
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode()


def load(
    port: int, requests: Sequence[bytes], connections: int, seconds: float = 0, source: str = "127.0.0.1"
) -> Latencies:
    """Send `requests` in turn, each once, or again and again for `seconds`, over `connections` kept open."""
    selector = selectors.DefaultSelector()
    times: list[float] = []
    failed = sent = 0
    begun = time.perf_counter()
    busy = 0
    for _ in range(min(connections, len(requests))):
        connection = _Connection(port, source)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask(requests[sent % len(requests)])
        sent, busy = sent + 1, busy + 1
    while busy:
        for key, _ in selector.select():
            connection = key.data
            try:
                status = connection.take()
            except OSError:  # a server may close a connection that it kept open; the request is sent again
                selector.unregister(connection.socket)
                connection.socket.close()
                again, begun_before = _Connection(port, source), connection.begun
                selector.register(again.socket, selectors.EVENT_READ, again)
                again.ask(connection.asked)
                again.begun = begun_before
                continue
            if status is None:
                continue
            now = time.perf_counter()
            times.append(now - connection.begun)
            failed += status != 200
            if (now - begun < seconds) if seconds else sent < len(requests):
                connection.ask(requests[sent % len(requests)])
                sent += 1
            else:
                selector.unregister(connection.socket)
                connection.socket.close()
                busy -= 1
    return Latencies(tuple(sorted(times)), time.perf_counter() - begun, failed)

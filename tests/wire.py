"""Bytes as they are sent and as they come back, where a client library would be too polite."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass

HOST = b"Host: localhost\r\n"


@dataclass(frozen=True)
class Reply:
    """All that came back, and whether the server closed."""

    data: bytes
    closed: bool

    @property
    def statuses(self) -> list[int]:
        """The status of each response."""
        return [int(part[:3]) for part in self.data.split(b"HTTP/1.1 ")[1:]]

    @property
    def status(self) -> int:
        return self.statuses[0] if self.statuses else 0


def connected(port: int, source: str = "") -> socket.socket:
    """Return an open connection."""
    return socket.create_connection(("127.0.0.1", port), 10, (source, 0) if source else None)


def rest(sock: socket.socket, patience: float = 10.0) -> Reply:
    """Read until the server closes, or says nothing for `patience` seconds; close."""
    sock.settimeout(patience)
    data = b""
    with sock:
        while True:
            try:
                piece = sock.recv(1 << 16)
            except TimeoutError:
                return Reply(data, closed=False)
            except ConnectionError:
                return Reply(data, closed=True)
            if not piece:
                return Reply(data, closed=True)
            data += piece


def exchange(port: int, data: bytes, patience: float = 10.0) -> Reply:
    """Send bytes on a connection of their own and read what comes until the server closes."""
    sock = connected(port)
    with suppress(ConnectionError):  # it has seen enough; what it said may still be read
        sock.sendall(data)
    return rest(sock, patience)


def get(target: bytes, *fields: bytes, close: bool = True) -> bytes:
    """Return a GET request."""
    lines = [HOST, *(field + b"\r\n" for field in fields)] + ([b"Connection: close\r\n"] if close else [])
    return b"GET " + target + b" HTTP/1.1\r\n" + b"".join(lines) + b"\r\n"

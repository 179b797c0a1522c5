"""A real server in a process of its own, and a client that sends exactly what it is told to."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conftest import command_line


@dataclass(frozen=True)
class Got:
    """A response, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Served:
    """A server that is up: its URL, ending with a slash, and its process."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def send(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | str | None = None,
        timeout: float = 30,
        source: str | None = None,
    ) -> Got:
        """Send one request, its path as it is given, from the loopback address `source`; follow nothing."""
        address = (source, 0) if source else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout, source_address=address)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, dict(headers or {}))
            response = connection.getresponse()
            return Got(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def sparql(self, query: str, accept: str = "", timeout: float = 30, **more: str) -> Got:
        """Ask a query by GET."""
        path = "/sparql?" + urllib.parse.urlencode({"query": query, **more})
        return self.send(path, headers={"Accept": accept} if accept else {}, timeout=timeout)


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(store: Path | str, log: Path, *options: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Run `wenmai serve` on a store until the end of the block, at a port that is free; its log goes to `log`."""
    command = [*command_line(), "serve", "--store", str(store), "--port", "0", *options]
    with log.open("wb") as out, subprocess.Popen(command, stderr=out, env={**os.environ, **(env or {})}) as process:
        try:
            port = _port(process, log)
            yield Served(f"http://127.0.0.1:{port}/", port, process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Return the port that the start line names when it is there; 0 for a Unix socket."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text('utf-8')}")
        if found := re.search(r"serving at (?:unix:|http://\S+:(\d+)/)", log.read_text("utf-8")):
            return int(found[1] or 0)
        time.sleep(0.05)
    raise RuntimeError("the server did not come up in 30 s")

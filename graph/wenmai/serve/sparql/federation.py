"""SERVICE for the services a server allows: through a forwarder of our own, since an engine follows redirects anywhere.

The engine is given an address of the forwarder, on loopback and known to this process alone, in place of the
service's. The forwarder sends the query on and passes the answer back. It follows a redirect only to a service that is
allowed too.
"""

from __future__ import annotations

import secrets
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any

from wenmai import __version__
from wenmai.query.guard import Token, service_at

_MOST = 20 << 20
"""Bytes of an answer that are passed back."""
_SILENCE = 30.0
"""Seconds of silence borne; the deadline of the query comes before."""
_PASSED_ON = ("accept", "content-type")


@cache
def forwarder(services: tuple[str, ...]) -> Forwarder:
    """Return this process's forwarder for `services`, started once."""
    return Forwarder(services)


class Forwarder:
    """A server on loopback with one secret path for each of `services`."""

    def __init__(self, services: Sequence[str]) -> None:
        self._paths = {f"/{secrets.token_urlsafe(24)}": service for service in services}
        self._opener = urllib.request.build_opener(_Redirects(frozenset(services)))
        self._opener.addheaders = [("User-Agent", f"wenmai/{__version__}")]
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        self._addresses = {service: root + path for path, service in self._paths.items()}

    @property
    def addresses(self) -> frozenset[str]:
        """The IRIs that stand for the services."""
        return frozenset(self._addresses.values())

    def rewritten(self, text: str, found: Sequence[Token]) -> str:
        """Return a query, checked before, in which each SERVICE asks this forwarder."""
        asked = [service_at(found, at) for at, token in enumerate(found) if token.is_word("SERVICE")]
        for token in reversed(asked):
            if token is not None:
                text = f"{text[: token.begin]}<{self._addresses[token.text[1:-1]]}>{text[token.end :]}"
        return text

    def send(self, path: str, query: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, str, bytes]:
        """Send a request on; return status, media type and body of the answer, or of our refusal."""
        service = self._paths.get(path)
        if service is None:
            return 404, "text/plain", b""
        url = service + (("&" if "?" in service else "?") + query if query else "")
        passed = {name: value for name, value in headers.items() if name.lower() in _PASSED_ON}
        request = urllib.request.Request(url, data=body, headers=passed)  # noqa: S310 - http(s) only, by the settings
        try:
            with self._opener.open(request, timeout=_SILENCE) as response:
                content = response.read(_MOST + 1)
                if len(content) > _MOST:
                    return 502, "text/plain", b"the service's answer is too large"
                return response.status, response.headers.get("Content-Type", ""), content
        except (OSError, ValueError):
            return 502, "text/plain", b"the service did not answer"


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, services: frozenset[str]) -> None:
        self._services = services

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Follow to a service that is allowed, and to no other place."""
        place = urllib.parse.urlsplit(newurl)
        if place._replace(query="", fragment="").geturl() not in self._services:
            raise urllib.error.URLError("the service sends elsewhere")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _handler(owner: Forwarder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass(None)

        def do_POST(self) -> None:
            self._pass(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

        def _pass(self, body: bytes | None) -> None:
            path, _, query = self.path.partition("?")
            status, kind, content = owner.send(path, query, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler

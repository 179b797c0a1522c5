"""One connection: uvicorn's protocol on httptools, with the limits that these do not have.

The parser (llhttp) refuses by itself what could be read in two ways: both lengths, broken chunks, bare line feeds.
What it lets pass and this does not: heads of any size and number of fields, at any pace; a second Host or none;
HTTP/0.9; targets that are no path. uvicorn waits without end for a first request, for the rest of a body that was
answered already, and for a client that does not read.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlsplit

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from wenmai.serve.doors.access import log_request
from wenmai.serve.doors.gate import Gate
from wenmai.serve.doors.headers import fixed
from wenmai.serve.problem import MEDIA, Problem

_DRAIN = 8 << 20
"""Bytes that are read and thrown away after an answer that came before the end of its request."""
_LINGER = 2.0
"""Seconds for them; a connection that is closed with bytes unread would take the answer with it."""
_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: the system keeps nothing for the client either."""
_PIPELINE = 64
"""Requests that may wait on one connection."""


class _Polite:
    """What a response is written to: its head goes with the first of its body, and a connection ends as it should.

    Where the request is not over that is by `end`, not at once.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cycle = connection.cycle
        self._head: bytes | None = b""
        self.is_closing = connection.transport.is_closing

    def write(self, data: bytes) -> None:
        """Send a part of the response."""
        if self._head is None or not self._cycle.response_started:
            self._connection.transport.write(data)
        elif self._head:
            self._connection.transport.write(self._head + data)
            self._head = None
        else:
            self._head = data

    def done(self) -> None:
        """Send a head that has no body, and go on."""
        self._flush()
        self._connection.on_response_complete()

    def close(self) -> None:
        """Close once the response is sent."""
        self._flush()
        if self._connection.complete:
            self._connection.transport.close()
        else:
            self._connection.end()

    def _flush(self) -> None:
        if self._head:
            self._connection.transport.write(self._head)
        self._head = None


class _RefusedError(Exception):
    """The request is not to be read any further."""


class Connection(HttpToolsProtocol):
    """A connection that the gate counts and watches.

    `complete` tells whether all of the request that came last is here; `since` is when it began to wait for a head, 0
    while it does not; `ending` when it was told to end, or the rest of a request began to be thrown away; `mark` the
    time and how much was unsent then, `took` whether the client has taken enough since.
    """

    def __init__(
        self,
        gate: Gate,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._gate = gate
        self.complete = True
        self.since = 0.0
        self.ending = 0.0
        self.linger = _LINGER
        self.mark: tuple[float, int] | None = None
        self.took = False
        self._over = False  # no more is read
        self._last = False  # no more is answered
        self._requests = 0
        self._head = 0
        self._fields = 0
        self._size = 0
        self._drained = 0
        self._problem: tuple[int, str] | None = None

    # What the gate asks and does

    @property
    def waits(self) -> bool:
        """Whether nothing is asked on it just now."""
        return bool(self.since) or self._idle

    @property
    def unsent(self) -> int:
        """Bytes that the client has yet to take."""
        return int(self.transport.get_write_buffer_size())

    def drop(self) -> None:
        """End it at once; what was not sent yet is not."""
        sock = self.transport.get_extra_info("socket")
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def late(self) -> None:
        """End it because its head did not come in time."""
        if self._head and not self._over:
            self.refuse(408, "the head of the request came too slowly")
        else:
            self.transport.close()
        self.since = 0.0

    # What the loop calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count a new connection, or refuse it."""
        super().connection_made(transport)
        if self._gate.admit(self, self.client[0] if self.client else ""):
            self.since = time.monotonic()
        else:
            self._over = True
            self._write(503, "there are too many connections; come back later", b"retry-after: 5\r\n")
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no longer."""
        self._gate.forget(self)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def resume_writing(self) -> None:
        """Note that the client has taken what waited."""
        self.took = True
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Let the parser read what came, as long as it is within the limits."""
        if self._over:
            self._drain(len(data))
            return
        requests, waited = self._requests, self.complete
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._end_after_this()
        except httptools.HttpParserError:
            self.refuse(*(self._problem or (400, "this is not a request of HTTP/1.1")))
            return
        if self.complete and not self._over:
            if waited and requests == self._requests:  # all of it belongs to one head
                self._head += len(data)
                if self._head > self._gate.settings.head:
                    self._refuse_head()
                    return
            else:
                self._head = 0
            if not self.since and self._idle and self.timeout_keep_alive_task is None:
                self.since = time.monotonic()

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._fields = self._size = 0
        if len(self.pipeline) >= _PIPELINE:
            self._stop(429, "there are too many requests on one connection")

    def on_url(self, url: bytes) -> None:
        """Take a piece of the target."""
        super().on_url(url)
        if len(self.url) > self._gate.settings.target:
            self._stop(414, f"a request target has at most {self._gate.settings.target:,} bytes; send a query by POST")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field."""
        super().on_header(name, value)
        self._fields += 1
        self._size += len(name) + len(value) + 4
        settings = self._gate.settings
        if self._fields > settings.fields:
            self._stop(431, f"a request has at most {settings.fields:,} header fields")
        if self._size + len(self.url) > settings.head:
            self._stop(431, f"the head of a request has at most {settings.head:,} bytes")

    def on_headers_complete(self) -> None:
        """Look at the head as a whole, then let the application have it."""
        self._requests += 1
        self._check_head()
        super().on_headers_complete()
        polite = _Polite(self)
        self.cycle.transport = cast("asyncio.Transport", polite)
        self.cycle.on_response = polite.done
        self.complete = False
        self.since = 0.0
        self._head = self._drained = 0
        if self.parser.should_upgrade():  # what would follow is no HTTP
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body, or throw it away."""
        if self.cycle.response_complete:
            self._drain(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        super().on_message_complete()
        self.complete = True
        if self.cycle.response_complete and not self._over:  # answered before it was whole: it waits only from now on
            self.ending = 0.0
            self.since = time.monotonic()

    def on_response_complete(self) -> None:
        """Go on to what is asked next."""
        super().on_response_complete()
        if self._last and self._idle:
            self.end()
        elif self.cycle.response_complete and not self.complete:
            self.ending = time.monotonic()

    # Saying no

    def refuse(self, status: int, detail: str) -> None:
        """Answer what is no request with a problem document, and end; after the answers that are on their way."""
        client = self.client[0] if self.client else "unix"
        log_request(client, "-", "-", status, fate=detail)
        self._over = True
        self.since = 0.0
        self._unset_keepalive_if_required()
        if not self._idle and (self.complete or self.pipeline or self.cycle.response_started):
            self._last = True
            return
        if not self._idle:  # the one whose body is broken: nobody waits for its answer now
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._write(status, detail)
        self.end()

    @property
    def _idle(self) -> bool:
        """Whether all that was asked is answered."""
        return not self.pipeline and (self.cycle is None or self.cycle.response_complete or self.cycle.disconnected)

    def _check_head(self) -> None:
        version = self.parser.get_http_version()
        if version not in {"1.1", "1.0"}:
            self._stop(400, "this is not a request of HTTP/1.1")
        hosts = [value for name, value in self.headers if name == b"host"]
        codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if len(hosts) != 1:
            self._stop(400, "a request has one Host")
        if codings and (codings != [b"chunked"] or version == "1.0"):
            self._stop(400, "a body is sent as it is or in chunks")
        if not self.url.startswith(b"/"):
            self._absolute()
        if b"#" in self.url:
            self._stop(400, "a request target has no fragment")

    def _absolute(self) -> None:
        """Take a target in absolute form apart: its host is the one that counts (RFC 9112, section 3.2.2)."""
        try:
            parts = urlsplit(self.url.decode("ascii"))
        except ValueError:
            parts = urlsplit("")
        if self.url == b"*" or parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
            self._stop(400, "a request target is a path")
        self.url = ((parts.path or "/") + (f"?{parts.query}" if parts.query else "")).encode("ascii")
        if not self.url.startswith(b"/"):
            self._stop(400, "a request target is a path")
        self.headers[:] = [(b"host", parts.netloc.encode("ascii")), *(f for f in self.headers if f[0] != b"host")]

    def _stop(self, status: int, detail: str) -> None:
        self._problem = (status, detail)
        raise _RefusedError

    def _refuse_head(self) -> None:
        if len(self.url) > self._gate.settings.target:
            self.refuse(414, f"a request target has at most {self._gate.settings.target:,} bytes; send a query by POST")
        else:
            self.refuse(431, f"the head of a request has at most {self._gate.settings.head:,} bytes")

    def _end_after_this(self) -> None:
        self._over = self._last = True
        if self._idle:
            self.end()

    def _write(self, status: int, detail: str, more: bytes = b"") -> None:
        problem = Problem(status, detail)
        body = problem.document()
        fields = [*self.server_state.default_headers, *fixed(self._gate.settings)]
        head = f"HTTP/1.1 {status} {problem.title}\r\ncontent-type: {MEDIA}\r\ncontent-length: {len(body)}\r\n".encode()
        lines = b"".join(b"%s: %s\r\n" % each for each in fields)
        self.transport.write(head + lines + more + b"cache-control: no-store\r\nconnection: close\r\n\r\n" + body)

    def end(self) -> None:
        """Say that this was all, and close when the client has; not at once, for that could take the answer away."""
        self._over = True
        self._drained = 0
        self.pipeline.clear()
        self.ending = time.monotonic()
        if self.transport.can_write_eof() and not self.transport.is_closing():
            self.transport.write_eof()
        else:
            self.transport.close()

    def _drain(self, size: int) -> None:
        self._drained += size
        if self._drained > _DRAIN:
            self.drop()

"""Answers of a snapshot, which does not change: given again as they went out, within a bound of bytes.

It stands before the routes, so that what was answered costs no more than finding it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve.server import Server

_SHARE = 64
"""No answer may take more than this part of the bound."""
_DECIDES = {b"host", b"accept", b"accept-language", b"accept-encoding"}
"""Headers that decide what the answer is."""
_OWN = {b"if-none-match", b"if-modified-since", b"range", b"authorization", b"cookie"}
"""Headers whose answer is for one request alone."""
_OVERHEAD = 1500
"""Bytes that an answer takes beside its body."""

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    start: Message
    body: Message
    weight: int
    endpoint: object


class Remembered:
    """Gives an answer of the present snapshot again; of those it has, the ones not asked for longest go first. ASGI."""

    def __init__(self, app: ASGIApp, server: Server) -> None:
        self._app, self._server = app, server
        self._size = server.settings.cache
        self._held = 0
        self._answers: OrderedDict[_Key, _Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory where it can, else pass the request on and note what comes."""
        version = self._server.snapshot()[0] if scope["type"] == "http" and scope["method"] == "GET" else ""
        key = _key(scope, version) if version else None
        if key is None:
            await self._app(scope, receive, send)
            return
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
            scope["endpoint"] = kept.endpoint  # by it the measures know the route
            # What stands outside adds headers to the message that it is given.
            await send({**kept.start, "headers": list(kept.start["headers"])})
            await send(kept.body)
            return
        start: Message | None = None

        async def noted(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": list(message["headers"])}
            elif start is not None:
                self._keep(key, version, start, message, scope.get("endpoint"))
                start = None
            await send(message)

        await self._app(scope, receive, noted)

    def _keep(self, key: _Key, version: str, start: Message, body: Message, endpoint: object) -> None:
        """Keep an answer that came whole, says which snapshot it is of, and is not large."""
        weight = len(body.get("body", b"")) + _OVERHEAD
        tag = f'W/"{version}-'.encode()
        of_it = any(name == b"etag" and value.startswith(tag) for name, value in start["headers"])
        if start["status"] != 200 or body.get("more_body") or not of_it or weight * _SHARE > self._size:
            return
        if key not in self._answers:
            self._held += weight
        self._answers[key] = _Kept(start, body, weight, endpoint)
        while self._held > self._size:
            self._held -= self._answers.popitem(last=False)[1].weight


def _key(scope: Scope, version: str) -> _Key | None:
    """Return what an answer depends on; None for a request whose answer is its own."""
    decides = []
    for name, value in scope["headers"]:
        if name in _DECIDES:
            decides.append((name, value))
        elif name in _OWN:
            return None
    return (version, scope["scheme"], scope["path"], scope["query_string"], *decides)

"""How much a request may bring, and how slowly."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve.doors.refuse import refuse
from wenmai.serve.doors.token import bearer
from wenmai.serve.settings import Settings

_RATE = 16 << 10
"""Bytes that are to come in each second beyond `settings.body_time`."""


class BodyDoor:
    """Takes a body in before anything is done with it: 413 as soon as it is too large, 408 when it comes too slowly.

    What is counted is what comes, not what Content-Length says; that only lets it refuse sooner.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when its body is there."""
        length = _length(scope) if scope["type"] == "http" else 0
        if length == 0:
            await self._app(scope, receive, send)
            return
        most = self._settings.body
        if length is None or length > most:
            most = self._most(scope)
        if length is not None and length > most:
            await self._too_large(send, most)
            return
        pieces: list[bytes] = []
        size, started = 0, time.monotonic()
        while True:
            left = started + self._settings.body_time + size / _RATE - time.monotonic()
            try:
                async with asyncio.timeout(max(0.0, left)):
                    message = await receive()
            except TimeoutError:
                await refuse(send, 408, "the body came too slowly", {"connection": "close"})
                return
            if message["type"] == "http.disconnect":
                return
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > most:
                await self._too_large(send, most)
                return
            if not message.get("more_body", False):
                break
        await self._app(scope, _whole(b"".join(pieces), receive), send)

    def _most(self, scope: Scope) -> int:
        writes = bearer(HTTPConnection(scope), self._settings.write_token)
        return max(self._settings.body, self._settings.upload) if writes else self._settings.body

    @staticmethod
    async def _too_large(send: Send, most: int) -> None:
        await refuse(send, 413, f"a request has at most {most:,} bytes here")


def _length(scope: Scope) -> int | None:
    """Return the length that a request announces, 0 without a body, None where it only shows at its end."""
    length: int | None = 0
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value)  # the parser lets digits alone pass
        elif name == b"transfer-encoding":
            return None
    return length


def _whole(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body in one piece, then what comes after it: that the client is gone."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay

"""A line of the log for each request."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from urllib.parse import unquote_plus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve import log
from wenmai.serve.log import printable

_LOG = logging.getLogger("wenmai.serve.access")
_MOST = 200
"""Characters of a path, and of a query, that are logged."""


def log_request(client: str, method: str, path: str, status: int, **more: object) -> None:
    """Log one request. Values of parameters are not, but for the beginning of a query."""
    if _LOG.isEnabledFor(logging.INFO):
        log.request({"client": client, "method": method, "path": printable(path[:_MOST]), "status": status, **more})


class AccessDoor:
    """Logs each request when it is answered: who, what, how it ended, how much and how long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and log how it ended."""
        if scope["type"] != "http" or not _LOG.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = size = 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            client = scope.get("client")
            log_request(
                client[0] if client else "unix",
                scope["method"],
                scope["path"],
                status,
                bytes=size,
                ms=round((time.perf_counter() - started) * 1000, 1),
                fate=scope.get("state", {}).get("fate", "") or ("" if status else "gone"),
                query=_query(scope["query_string"]),
            )


@lru_cache(maxsize=256)
def _query(parameters: bytes) -> str:
    """Return the beginning of the parameter `query`, if there is one."""
    at = 0 if parameters.startswith(b"query=") else parameters.find(b"&query=") + 1
    if not at and not parameters.startswith(b"query="):
        return ""
    value = parameters[at + 6 : at + 6 + 12 * _MOST].partition(b"&")[0]
    return printable(unquote_plus(value.decode("latin-1"))[:_MOST])[:_MOST]

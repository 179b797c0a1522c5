"""Whether a path is one at all: nothing that climbs, hides or leads elsewhere reaches a route."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from wenmai.serve.doors.refuse import refuse

_PLAIN = re.compile(rb"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?")
_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class PathDoor:
    """Answers 404 to a path with dot segments, empty segments or backslashes, 400 to one that is no UTF-8 text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on whose path is one."""
        if scope["type"] == "http" and not _PLAIN.fullmatch(raw := scope["raw_path"]):
            refused = _refused(raw)
            if refused is not None:
                await refuse(send, *refused)
                return
        await self._app(scope, receive, send)


def _refused(raw: bytes) -> tuple[int, str] | None:
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return 400, "a path is percent-encoded UTF-8"
    if _ESCAPE.search(raw) or any(ord(c) < 32 or ord(c) == 127 for c in path):
        return 400, "a path holds neither control characters nor broken escapes"
    if "\\" in path or "//" in path or any(part in {".", ".."} for part in path.split("/")):
        return 404, "there is nothing here"
    return None

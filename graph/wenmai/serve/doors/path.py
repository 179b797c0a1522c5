"""Whether a path is one at all: nothing that climbs, hides or leads elsewhere reaches a route."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from wenmai.serve.doors.refuse import refuse

_PLAIN = re.compile(rb"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?")
_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class PathDoor:
    """Answers 404 to a path with dot segments, empty segments, backslashes, controls, or that is no text at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on whose path is one."""
        if scope["type"] == "http" and not (_PLAIN.fullmatch(scope["raw_path"]) or _is_path(scope["raw_path"])):
            await refuse(send, 404, "there is nothing here")
            return
        await self._app(scope, receive, send)


def _is_path(raw: bytes) -> bool:
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return False
    hides = _ESCAPE.search(raw) or any(ord(c) < 32 or ord(c) == 127 for c in path)
    leads = "\\" in path or "//" in path or any(part in {".", ".."} for part in path.split("/"))
    return not (hides or leads)

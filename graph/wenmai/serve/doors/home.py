"""That a redirect stays here."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve.doors.refuse import refuse

_LOG = logging.getLogger("wenmai.serve")
_RELATIVE = re.compile(r"(?:/(?![/\\])|[?#])[!-\[\]-~]*|[A-Za-z0-9_.~-]+(?:[/?#][!-\[\]-~]*)?")


class HomeDoor:
    """Turns a response that would lead to another site into 404: there is no reason for one."""

    def __init__(self, app: ASGIApp, public: str) -> None:
        self._app = app
        parts = urlsplit(public)
        self._home = f"{parts.scheme}://{parts.netloc}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and look where its answer leads."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = False

        async def watched(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and not self._stays(message):
                refused = True
                _LOG.error("a redirect to another site was held back at %s", scope["path"][:200])
                await refuse(send, 404, "there is nothing here")
            if not refused:
                await send(message)

        await self._app(scope, receive, watched)

    def _stays(self, message: Message) -> bool:
        for name, value in message.get("headers", ()):
            if name == b"location":
                text = value.decode("latin-1")
                if not (text.startswith(self._home) or _RELATIVE.fullmatch(text)):
                    return False
        return True

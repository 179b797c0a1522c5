"""What happens when a fault of wenmai's own comes out of the application."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve.doors.refuse import refuse

_LOG = logging.getLogger("wenmai.serve")


class FaultDoor:
    """Answers 500 in few words where nothing was answered yet; an answer that broke off is cut off, not ended.

    What was answered already was logged by who answered it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and catch what comes out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = ended = False

        async def noted(message: Message) -> None:
            nonlocal begun, ended
            begun = True
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            if ended:
                return
            if begun:
                raise
            _LOG.exception("a fault of wenmai at %s", scope["path"][:200])
            await refuse(send, 500, "this is a fault of wenmai; its log tells more")

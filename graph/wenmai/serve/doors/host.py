"""Whether a request is meant for this server: a page of another site must not reach it by a name of its own."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from wenmai.serve.doors.refuse import refuse
from wenmai.serve.settings import Settings

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?", re.IGNORECASE)


class HostDoor:
    """Answers 421 to a Host that is not loopback, the address listened at, `public`'s or one of `settings.hosts`.

    What it guards against is DNS rebinding: a browser that was told that evil.example is 127.0.0.1 sends that name. An
    address cannot be rebound, so the one that the connection came to is fine.
    """

    def __init__(self, app: ASGIApp, settings: Settings, public: str) -> None:
        self._app = app
        names = {*settings.hosts, settings.host, urlsplit(public).hostname or ""} - {""}
        self._names = {"localhost", *(name.strip("[]").lower().rstrip(".") for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on that is for this server."""
        if scope["type"] == "http":
            host = next((value for name, value in scope["headers"] if name == b"host"), b"")
            if not self._ours(host.decode("latin-1"), scope.get("server")):
                await refuse(send, 421, "this server does not answer to that host name")
                return
        await self._app(scope, receive, send)

    def _ours(self, host: str, at: tuple[str, int | None] | None) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found[1].strip("[]").lower().rstrip(".")
        if name in self._names or (at is not None and name == at[0]):
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

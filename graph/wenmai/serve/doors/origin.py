"""Whether a browser that sends something was on a page of this server."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve.doors.refuse import refuse
from wenmai.serve.settings import Settings

_READING = ("/sparql", "/reconcile")
"""Where POST asks and changes nothing; only these may be asked from elsewhere, and only with CORS."""
_PRIVATE = ("/metrics",)
_UPDATE = b"application/sparql-update"
_EXPOSED = b"Link, ETag, Last-Modified, Retry-After, X-Wenmai-Truncated, X-Wenmai-Notes"


class OriginDoor:
    """Answers 403 to what a page of another origin makes a browser send, but for reading where CORS is on.

    Browsers say where a request comes from by Sec-Fetch-Site, older ones by Origin; other clients say nothing and pass.
    Requests that only read and come by GET or HEAD pass too: a link from elsewhere is one.
    """

    def __init__(self, app: ASGIApp, settings: Settings, public: str) -> None:
        self._app = app
        self._cors = settings.cors
        parts = urlsplit(public)
        self._home = f"{parts.scheme}://{parts.netloc}".lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on that may come from where it does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reads = scope["method"] in {"GET", "HEAD"}
        if not reads:
            fields = {name: value for name, value in scope["headers"] if name in _LOOKED_AT}
            foreign = self._foreign(scope, fields)
            if scope["method"] == "OPTIONS" and b"access-control-request-method" in fields:
                await self._preflight(scope, fields, send)
                return
            reads = scope["path"] in _READING and not fields.get(b"content-type", b"").lower().startswith(_UPDATE)
            if foreign and not (self._cors and reads and scope["method"] == "POST"):
                await refuse(send, 403, "this was sent by a page of another site, which may not", {"vary": "Origin"})
                return
            scope.setdefault("state", {})["foreign"] = foreign
        if self._cors and reads and scope["path"] not in _PRIVATE:
            send = _open(send)
        await self._app(scope, receive, send)

    def _foreign(self, scope: Scope, fields: dict[bytes, bytes]) -> bool:
        site = fields.get(b"sec-fetch-site")
        if site is not None:
            return site not in {b"same-origin", b"none"}
        origin = fields.get(b"origin")
        if origin is None:
            return False
        said = origin.decode("latin-1").lower()
        here = f"{scope['scheme']}://{fields.get(b'host', b'').decode('latin-1')}".lower()
        return said not in {self._home, here}

    async def _preflight(self, scope: Scope, fields: dict[bytes, bytes], send: Send) -> None:
        wanted = fields[b"access-control-request-method"]
        allowed = b"GET, HEAD, POST" if scope["path"] in _READING else b"GET, HEAD"
        if not self._cors or scope["path"] in _PRIVATE or wanted not in allowed.split(b", "):
            await refuse(send, 403, "pages of other sites may not do this", {"vary": "Origin"})
            return
        headers = [
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", allowed),
            (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type, If-None-Match"),
            (b"access-control-max-age", b"600"),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers[:-1]})
        await send({"type": "http.response.body", "body": b""})


_LOOKED_AT = {b"host", b"origin", b"sec-fetch-site", b"content-type", b"access-control-request-method"}


def _open(send: Send) -> Send:
    """Return a `send` that lets pages of all origins read the response; never with what identifies a person."""

    async def opened(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *message.get("headers", ()),
                (b"access-control-allow-origin", b"*"),
                (b"access-control-expose-headers", _EXPOSED),
            ]
        await send(message)

    return opened

"""What every response says to a browser about what it may do with it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve.settings import Settings

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {}"
)
_FEATURES = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"


def fixed(settings: Settings) -> list[tuple[bytes, bytes]]:
    """Return the header fields that a response has unless it says otherwise itself."""
    fields = {
        "content-security-policy": _POLICY.format(" ".join(settings.embed) or "'none'"),
        "x-content-type-options": "nosniff",
        # not `no-referrer`: a form would be sent with `Origin: null`, which is nobody's
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "cross-origin" if settings.cors else "same-origin",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in _FEATURES.split()),
    }
    if urlsplit(settings.public_base).scheme == "https":
        fields["strict-transport-security"] = "max-age=31536000"
    return [(name.encode(), value.encode()) for name, value in fields.items()]


class HeadersDoor:
    """Adds `fixed` to every response; a field that the response has is left as it is."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._fixed = fixed(settings)
        self._names = {name for name, _ in self._fixed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to what is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                said = {name.lower() for name, _ in own} & self._names
                message["headers"] = own + (
                    [each for each in self._fixed if each[0] not in said] if said else self._fixed
                )
            await send(message)

        await self._app(scope, receive, dressed)

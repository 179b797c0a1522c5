"""Who a request is from where a proxy brings it."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from wenmai.serve.checks import networks
from wenmai.serve.settings import Settings


class ProxyDoor:
    """Puts the client and scheme that a trusted proxy names in place of the proxy's own; nobody else is believed.

    Of several addresses in X-Forwarded-For the last that is no trusted proxy counts: those before it anyone can write.
    Who comes over a Unix socket is a proxy.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._networks = networks(settings.proxies)
        self._unix = bool(settings.socket)
        self.trusted = lru_cache(maxsize=1024)(self._trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as that of whom it is from."""
        peer = scope.get("client")
        if scope["type"] == "http" and (self._unix if not peer else self._networks and self.trusted(peer[0])):
            self._believe(scope)
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        passed: list[str] = []
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                passed += [each.strip() for each in value.decode("latin-1").split(",")]
            elif name == b"x-forwarded-proto" and value.strip().lower() in {b"http", b"https"}:
                scope["scheme"] = value.strip().lower().decode()
        for address in reversed(passed):
            if not _is_address(address):
                return
            scope["client"] = (address, 0)
            if not self.trusted(address):
                return

    def _trusted(self, address: str) -> bool:
        if not _is_address(address):
            return False
        parsed = ipaddress.ip_address(address)
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

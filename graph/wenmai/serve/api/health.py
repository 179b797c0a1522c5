"""`/healthz`, `/readyz` and `/metrics`: for what watches the server."""

from __future__ import annotations

import ipaddress
import json
from contextlib import suppress
from typing import Any

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from wenmai.serve.doors.token import bearer
from wenmai.serve.pool import worker
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server

_PATIENCE = 2.0
"""Seconds in which a worker is to have looked at the store."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_LOOK = json.dumps({"task": f"{worker.__name__}:{worker.refresh.__name__}", "call": {}, "gzip": False}).encode() + b"\n"
_TEXT = {"text/plain": {"type": "string"}}

DESCRIBED: dict[str, Any] = {
    "/healthz": {
        "summary": "Whether the process is alive, whatever its workers do",
        "parameters": {},
        "answers": _TEXT,
    },
    "/readyz": {
        "summary": "Whether workers are up and the store can be read: 503 if not",
        "parameters": {},
        "answers": _TEXT,
    },
    "/metrics": {"summary": "Figures for Prometheus, text format 0.0.4", "parameters": {}, "answers": _TEXT},
}


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes for what watches the server."""

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def ready(_: Request) -> Response:
        for pool in (server.queries, server.pages):
            if not pool.idle + pool.running:
                raise Problem(503, "no worker is up", headers={"Retry-After": "5"})
        reply = await server.pages.run(_LOOK, "readyz", _PATIENCE)
        if reply.status >= 400:
            raise Problem(503, "the store cannot be read just now", headers={"Retry-After": "5"})
        return PlainTextResponse("ready\n", headers={"Cache-Control": "no-store"})

    async def metrics(request: Request) -> Response:
        _allow(server.settings.metrics_token, request)
        text = request.app.state.measures.text()
        return Response(text, headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


def _allow(token: str, request: Request) -> None:
    """Let pass who shows the token; without one, who asks from this machine and through no proxy. Raises Problem."""
    if token:
        if not bearer(request, token):
            raise Problem(401, "this needs the token for figures", headers={"WWW-Authenticate": "Bearer"})
        return
    if any(name in request.headers for name in _FORWARDED) or not _is_local(
        request.client.host if request.client else ""
    ):
        raise Problem(403, "figures are for this machine alone, or for who has the token where one is configured")


def _is_local(host: str) -> bool:
    if not host:  # a Unix socket
        return True
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        mapped = getattr(address, "ipv4_mapped", None)
        return (mapped or address).is_loopback
    return False

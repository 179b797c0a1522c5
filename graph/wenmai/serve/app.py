"""The ASGI application: the routes of all areas behind the same doors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wenmai.serve import problem
from wenmai.serve.api import routes as api
from wenmai.serve.dataset import routes as dataset
from wenmai.serve.explore import routes as explore
from wenmai.serve.linked import errors
from wenmai.serve.linked import routes as linked
from wenmai.serve.measure import Measured, Measures
from wenmai.serve.problem import Problem
from wenmai.serve.remember import Remembered
from wenmai.serve.server import Server
from wenmai.serve.settings import Settings
from wenmai.serve.sparql import routes as sparql
from wenmai.serve.views import routes as views

AREAS = (sparql, linked, dataset, explore, api, views)
"""Modules with `routes(server)`, which returns the routes of an area."""
_LOG = logging.getLogger("wenmai.serve")


def make_app(settings: Settings, base: str) -> Starlette:
    """Return the application that serves a store whose IRIs begin with `base`; `app.state.server` is its Server."""
    server = Server(settings, base)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await server.start()
        follow = asyncio.ensure_future(server.follow())
        try:
            yield
        finally:
            follow.cancel()
            await server.close()

    routes: list[BaseRoute] = [route for area in AREAS for route in area.routes(server)]
    measures = Measures(server)
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Measured, measures=measures, routes=routes), Middleware(Remembered, server=server)],
        lifespan=lifespan,
        exception_handlers={Problem: _problem, HTTPException: _http, Exception: _fault},
    )
    app.router.redirect_slashes = False  # a redirect made of the path as it came could lead elsewhere
    app.state.server = server
    app.state.measures = measures
    return app


async def _problem(request: Request, error: Exception) -> Response:
    found = problem.of(error)
    request.state.fate = found.reason
    headers = {"Cache-Control": "no-store", **found.headers}
    page = errors.page(request, found.status, found.detail, headers)
    if page is not None:
        return page
    return Response(found.document(), found.status, headers, media_type=problem.MEDIA)


async def _http(request: Request, error: Exception) -> Response:
    """Answer what the router refuses, without a word of what was asked."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for this
    said = {404: "there is nothing here", 405: "this cannot be done here"}
    found = Problem(error.status_code, said.get(error.status_code, error.detail), headers=error.headers)
    return await _problem(request, found)


async def _fault(request: Request, error: Exception) -> Response:
    _LOG.error("a fault of wenmai at %s", request.scope.get("path", "")[:200], exc_info=error)
    return await _problem(request, error)

"""The routes of all APIs."""

from __future__ import annotations

from starlette.routing import BaseRoute

from wenmai.serve.api import ask, health, openapi, queries, search
from wenmai.serve.api.reconcile import routes as reconcile
from wenmai.serve.server import Server

_APIS = (search, ask, reconcile, queries, openapi, health)


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of all APIs."""
    return [route for api in _APIS for route in api.routes(server)]

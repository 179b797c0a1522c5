"""`/sparql`, the SPARQL 1.1 Protocol and its service description, and `/graph-store`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.serve.paging import with_next
from wenmai.serve.server import Server
from wenmai.serve.sparql import description, graphs, task, update
from wenmai.serve.sparql.request import Asked, read
from wenmai.serve.sparql.write import allowed, write


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of SPARQL."""

    async def sparql(request: Request) -> Response:
        asked = await read(request)
        if asked is None:
            return await description.described(server, request)
        return await (_query if asked.query else _update)(server, request, asked)

    async def graph_store(request: Request) -> Response:
        return await graphs.graph_store(server, request)

    methods = ["GET", "PUT", "POST", "DELETE"]
    return [
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route(graphs.PATH, graph_store, methods=methods),
        Route(graphs.PATH + "/{path:path}", graph_store, methods=methods),
    ]


async def _query(server: Server, request: Request, asked: Asked) -> Response:
    rows = server.settings.rows
    call = {
        "query": asked.query,
        "default": asked.default,
        "named": asked.named,
        "accept": request.headers.get("accept", ""),
        "rows": rows,
        "offset": asked.offset,
        "base": server.base + "sparql",
        "services": server.settings.services,
    }
    response = await server.answer(request, task.query, call, pool=server.queries, timeout=asked.timeout)
    if task.TRUNCATED in response.headers and request.method != "POST":
        return with_next(request, response, asked.offset + rows)
    return response


async def _update(server: Server, request: Request, asked: Asked) -> Response:
    allowed(server, request)
    call = {"update": asked.update, "default": asked.default, "named": asked.named, "base": server.base + "sparql"}
    return await write(server, request, update.update, call)

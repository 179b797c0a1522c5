"""`/sparql`: the query operation of the SPARQL 1.1 Protocol."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.serve.server import Server
from wenmai.serve.sparql import task
from wenmai.serve.sparql.request import Asked, read


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of SPARQL."""

    async def sparql(request: Request) -> Response:
        asked = await read(request)
        return await _query(server, request, asked)

    return [Route("/sparql", sparql, methods=["GET", "POST"])]


async def _query(server: Server, request: Request, asked: Asked) -> Response:
    rows = server.settings.rows
    call = {
        "query": asked.query,
        "default": asked.default,
        "named": asked.named,
        "accept": request.headers.get("accept", ""),
        "rows": rows,
        "offset": asked.offset,
    }
    response = await server.answer(request, task.query, call, pool=server.queries, timeout=asked.timeout)
    if task.TRUNCATED in response.headers and request.method != "POST":
        following = request.url.include_query_params(offset=asked.offset + rows)
        response.headers.append("Link", f'<?{following.query}>; rel="next"')
    return response

"""`/sparql`, the SPARQL 1.1 Protocol, its service description and its page, and `/graph-store`."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.query import media
from wenmai.serve.linked import errors
from wenmai.serve.negotiate import choose
from wenmai.serve.paging import reader, with_next
from wenmai.serve.server import Server
from wenmai.serve.sparql import description, graphs, page, task, terms, update
from wenmai.serve.sparql.request import FORMATS, Asked, read
from wenmai.serve.sparql.write import allowed, write


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of SPARQL."""

    async def sparql(request: Request) -> Response:
        asked = await read(request)
        if _as_page(request, asked):
            return await _page(server, request, asked or Asked())
        if asked is None:
            return await description.described(server, request)
        return await (_query if asked.query else _update)(server, request, asked)

    async def graph_store(request: Request) -> Response:
        return await graphs.graph_store(server, request)

    async def listed(request: Request) -> Response:
        return await server.answer(request, terms.terms, {}, vary="Accept-Encoding")

    methods = ["GET", "PUT", "POST", "DELETE"]
    return [
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route(terms.PATH, listed, methods=["GET"]),
        Route(graphs.PATH, graph_store, methods=methods),
        Route(graphs.PATH + "/{path:path}", graph_store, methods=methods),
    ]


def _as_page(request: Request, asked: Asked | None) -> bool:
    """Tell whether a person is to see the answer: a browser would rather have a page than any data, and no file."""
    if request.method == "POST" or (asked is not None and asked.format):
        return False
    offers = media.TRIPLES if asked is None else media.SOLUTIONS | media.GRAPHS
    return choose(request.headers.get("accept"), (*offers, "text/html")) == "text/html"


async def _page(server: Server, request: Request, asked: Asked) -> Response:
    call = _call(server, asked) | reader(server, request)
    vary = "Accept, Accept-Language"
    response = await server.answer(request, page.page, call, pool=server.queries, timeout=asked.timeout, vary=vary)
    return errors.shown(request, response)


def _call(server: Server, asked: Asked) -> dict[str, Any]:
    return {
        "query": asked.query,
        "default": asked.default,
        "named": asked.named,
        "rows": server.settings.rows,
        "offset": asked.offset,
        "base": server.base + "sparql",
        "services": server.settings.services,
    }


async def _query(server: Server, request: Request, asked: Asked) -> Response:
    rows = server.settings.rows
    call = _call(server, asked)
    if asked.format:
        call |= {"accept": FORMATS[asked.format], "file": f"wenmai.{asked.format}"}
    else:
        call["accept"] = request.headers.get("accept", "")
    response = await server.answer(request, task.query, call, pool=server.queries, timeout=asked.timeout)
    if task.TRUNCATED in response.headers and request.method != "POST":
        return with_next(request, response, asked.offset + rows)
    return response


async def _update(server: Server, request: Request, asked: Asked) -> Response:
    allowed(server, request)
    call = {"update": asked.update, "default": asked.default, "named": asked.named, "base": server.base + "sparql"}
    return await write(server, request, update.update, call)

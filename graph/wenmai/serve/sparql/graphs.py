"""`/graph-store`: the SPARQL 1.1 Graph Store HTTP Protocol, by `?graph=IRI`, by `?default`, or by a path below it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from wenmai.query import media
from wenmai.serve.answer import Answer
from wenmai.serve.negotiate import choose
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server
from wenmai.serve.sparql import update
from wenmai.serve.sparql.write import allowed, write
from wenmai.store.protocol import Store

PATH = "/graph-store"
_MULTIPART = "multipart/form-data"
_MOST_PARTS = 100


async def graph_store(server: Server, request: Request) -> Response:
    """Answer a request for a graph. Raises Problem."""
    graph = _graph(server, request)
    if request.method in {"GET", "HEAD"}:
        if graph is None:
            raise Problem(400, "say which graph: ?default or ?graph=IRI")
        call = {"graph": graph, "accept": request.headers.get("accept", ""), "base": server.base}
        return await server.answer(request, read, call, pool=server.queries)
    allowed(server, request)
    if request.method == "DELETE":
        if graph is None:
            raise Problem(400, "say which graph: ?default or ?graph=IRI")
        return await write(server, request, update.delete, {"graph": graph})
    created = ""
    if graph is None:
        if request.method == "PUT":
            raise Problem(400, "say which graph: ?default or ?graph=IRI")
        graph = created = f"{server.base}{PATH[1:]}/{secrets.token_hex(8)}"
    writing: dict[str, object] = {
        "graph": graph,
        "parts": await _parts(request),
        "add": request.method == "POST",
        "base": graph or server.base,
        "location": created,
    }
    return await write(server, request, update.put, writing)


def _graph(server: Server, request: Request) -> str | None:
    """Return the IRI of the graph that is meant, empty for the default graph; None if none is named. Raises Problem."""
    path = request.path_params.get("path", "")
    if path:
        return f"{server.base}{PATH[1:]}/{path}"
    graphs = request.query_params.getlist("graph")
    default = "default" in request.query_params
    if len(graphs) + default > 1:
        raise Problem(400, "say once which graph: ?default or ?graph=IRI")
    return graphs[0] if graphs else "" if default else None


async def _parts(request: Request) -> list[tuple[str, str]]:
    """Return the texts of a request's body with their media types."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    body = await request.body()
    if kind != _MULTIPART:
        return [(_text(body), kind)]
    boundary = parameters.partition("boundary=")[2].strip(' "').encode("utf-8", "replace")
    if not boundary or b"--" + boundary + b"--" not in body[-len(boundary) - 10 :]:
        raise Problem(400, "the last part is cut short")  # the parser would pass over it in silence
    try:
        async with request.form(max_files=_MOST_PARTS, max_fields=_MOST_PARTS) as form:
            parts = []
            for _, part in form.multi_items():
                if isinstance(part, str):
                    raise Problem(400, "each part is a file with a media type")
                parts.append((_text(await part.read()), (part.content_type or "").partition(";")[0].strip().lower()))
            return parts
    except MultiPartException as error:
        raise Problem(400, "this is not multipart/form-data") from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "the text is to be UTF-8") from None


def read(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return `graph` as `accept` wants it. Raises Problem 404 if it has no triple, 406."""
    from wenmai.serve.sparql.task import triples_as

    chosen = choose(call["accept"], tuple(media.TRIPLES))
    if chosen is None:
        raise Problem(406, f"a graph comes as {', '.join(media.TRIPLES)}")
    name = update.graph_name(call["graph"])
    triples = [quad.triple for quad in store.match(graph=name)]
    if not triples and call["graph"]:
        raise Problem(404, "there is no such graph")
    return triples_as(triples, chosen, store.base)

"""`/`, `/id/…`, `/doc/…`, `/graph/…`, `/ns`, `/static/…`: paths and headers read into what a worker is to do."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.serve.assets import served
from wenmai.serve.html import language
from wenmai.serve.linked import errors, rdf, task, vocabulary
from wenmai.serve.negotiate import choose
from wenmai.serve.problem import Problem
from wenmai.serve.settings import Settings

if TYPE_CHECKING:
    from wenmai.serve.answer import Task
    from wenmai.serve.server import Server

_OFFERS = {
    "doc": (task.PAGE, *rdf.FORMATS),
    "graph": (*rdf.FORMATS, task.PAGE),
    "ns": (task.PAGE, *vocabulary.FORMATS),
}
_FOR_EVER = "public, max-age=31536000, immutable"


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of linked data and of pages."""

    async def home(request: Request) -> Response:
        call = {**_reader(request, server.settings), "title": server.settings.title}
        return await _answer(server, request, task.home, call, "Accept-Language")

    async def identify(request: Request) -> Response:
        call = {**_reader(request, server.settings), "local": request.path_params["local"]}
        return await _answer(server, request, task.identify, {**call, "lang": ""}, "Accept")

    async def doc(request: Request) -> Response:
        return await _document(server, request, task.doc, "doc", request.path_params["name"])

    async def graph(request: Request) -> Response:
        return await _document(server, request, task.graph, "graph", request.path_params["name"])

    async def ns(request: Request) -> Response:
        ending = request.path_params.get("ending", "")
        return await _document(server, request, task.ns, "ns", f"ns.{ending}" if ending else "ns")

    async def file(request: Request) -> Response:
        return await _answer(server, request, task.file, {"name": request.scope["path"].strip("/")}, "Accept-Encoding")

    return [
        Route("/", home),
        Route("/id/{local}", identify),
        Route("/doc/{name}", doc),
        Route("/graph/{name}", graph),
        Route("/ns", ns),
        Route("/ns.{ending}", ns),
        *(Route(f"/{name}", file) for name in vocabulary.FILES),
        Route("/static/{name:path}", static),
    ]


async def static(request: Request) -> Response:
    """Answer with a file whose name is known; a name that is not is looked up nowhere else."""
    found = served().get(request.path_params["name"])
    if found is None:
        raise Problem(404, "there is nothing here")
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", "") and len(found.gzipped) < len(found.content):
        return Response(found.gzipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media)
    return Response(found.content, headers=headers, media_type=found.media)


async def _document(server: Server, request: Request, todo: Task, area: str, name: str) -> Response:
    """Answer with one of the forms of a document: that of its ending, or the one that the client prefers."""
    local, dot, ending = name.partition(".")
    offers = _OFFERS[area]
    if dot:
        kind = task.PAGE if ending == "html" else rdf.ENDINGS.get(ending)
        if kind not in offers:
            raise Problem(404, "there is nothing here")
        vary = []
    else:
        kind = choose(request.headers.get("accept"), offers)
        if kind is None:
            raise Problem(406, f"this comes as {', '.join(offers)}", headers={"Vary": "Accept"})
        vary = ["Accept"]
    reader = _reader(request, server.settings)
    if kind == task.PAGE:
        vary += ["Accept-Language"]
    else:
        reader |= {"lang": "", "asked": ""}
    call: dict[str, object] = {**reader, "local": local, "kind": kind, "ending": dot + ending}
    if area == "doc":
        call |= {"part": request.query_params.get("part", "")[:100], "start": _start(request)}
    return await _answer(server, request, todo, call, ", ".join(vary))


async def _answer(server: Server, request: Request, todo: Task, call: Mapping[str, object], vary: str) -> Response:
    response = await server.answer(request, todo, call, vary=vary)
    return errors.shown(request, response)


def _reader(request: Request, settings: Settings) -> dict[str, object]:
    """Return what a page depends on beside its subject: the language, and what stands before our paths."""
    asked = request.query_params.get("lang", "")
    lang = language(asked, request.headers.get("accept-language"))
    return {"lang": lang, "asked": asked if asked == lang else "", "prefix": prefix(settings)}


def prefix(settings: Settings) -> str:
    """Return the path that people see before ours: that of the public base."""
    return urllib.parse.urlsplit(settings.public_base).path.rstrip("/")


def _start(request: Request) -> int:
    text = request.query_params.get("start", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem(400, "start is not a number that makes sense here")
    return int(text)

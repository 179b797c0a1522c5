"""`/openapi.json`: what can be asked, in OpenAPI 3.1, made of the routes themselves.

A route has its description from the module that has the route; the parameters of named queries come from the library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai import __version__
from wenmai.query import media
from wenmai.serve.api import ask, health, queries, search
from wenmai.serve.api.reconcile import routes as reconcile
from wenmai.serve.explore import described as explore
from wenmai.serve.fields import FORM
from wenmai.serve.problem import MEDIA
from wenmai.serve.server import Server
from wenmai.serve.sparql.request import FORMATS
from wenmai.serve.views import routes as views

_CONVERTOR = re.compile(r":\w+(?=\})")
_ANSWERS: Mapping[str, Mapping[str, Any]] = {name: {} for name in (*media.SOLUTIONS, *media.GRAPHS)}
_TEXT = {"type": "string"}
_RDF: dict[str, Any] = {name: {} for name in media.GRAPHS} | {"text/html": _TEXT}
_DATASET: dict[str, Any] = {
    name: ({"type": "array", "items": {"type": "string", "format": "iri"}}, "The dataset, by graphs", False)
    for name in ("default-graph-uri", "named-graph-uri")
}
_ELSEWHERE: dict[str, Any] = {
    "/sparql": {
        "summary": "SPARQL 1.1 Protocol",
        "description": "A query by GET, as a form or as the body of a POST; without one, the service description.",
        "parameters": {
            "query": (_TEXT, "The query", False),
            **_DATASET,
            "timeout": ({"type": "number", "exclusiveMinimum": 0}, "Seconds, no more than the server's", False),
            "offset": ({"type": "integer", "minimum": 0}, "So many rows are passed over", False),
            "download": (
                {"type": "string", "enum": list(FORMATS)},
                "The answer as a file, whatever Accept says",
                False,
            ),
        },
        "answers": {**_ANSWERS, "text/html": _TEXT},
        "body": {FORM: {"type": "object"}, "application/sparql-query": _TEXT},
    },
    "/openapi.json": {"summary": "This description", "parameters": {}, "answers": {"application/json": {}}},
}
_PAGES = {
    "/": ("The home page", ("text/html",)),
    "/id/{local}": ("A thing: leads to what is said of it (303)", ()),
    "/doc/{name}": ("What is said of a thing; an ending (.ttl, .jsonld …) chooses the form", (*_RDF,)),
    "/graph/{name}": ("A named graph, such as an article's", (*_RDF,)),
    "/ns": ("The vocabulary", (*_RDF,)),
    "/ns.{ending}": ("The vocabulary in one form", (*_RDF,)),
    "/ns.terms.json": ("The terms of the vocabulary with their labels, for editors", ("application/json",)),
    "/context.jsonld": ("The JSON-LD context of the vocabulary", (media.JSON_LD,)),
    "/shapes.ttl": ("The shapes of the vocabulary", (media.TURTLE,)),
    "/static/{name}": ("Files of the pages", ()),
    "/graph-store": ("SPARQL 1.1 Graph Store Protocol: a graph by its IRI", (*media.GRAPHS,)),
    "/graph-store/{path}": ("SPARQL 1.1 Graph Store Protocol: a graph by its path", (*media.GRAPHS,)),
}
_ELSEWHERE |= {
    path: {"summary": summary, "parameters": {}, "answers": {kind: {} for kind in answers}}
    for path, (summary, answers) in _PAGES.items()
}
_BODIES = {"/reconcile": {FORM: {"type": "object", "properties": {"queries": _TEXT, "extend": _TEXT}}}}


def routes(server: Server) -> list[BaseRoute]:
    """Return the route of the description."""
    made: list[bytes] = []

    async def openapi(request: Request) -> Response:
        if not made:
            made.append(json.dumps(description(server, request.app.routes), ensure_ascii=False).encode())
        return Response(made[0], media_type="application/json", headers={"Cache-Control": "no-cache"})

    return [Route("/openapi.json", openapi, methods=["GET"])]


def description(server: Server, routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """Return the description of all `routes`; those that say nothing of themselves are there by path and methods."""
    told = {
        **_ELSEWHERE,
        **search.DESCRIBED,
        **ask.DESCRIBED,
        **explore.DESCRIBED,
        **reconcile.DESCRIBED,
        **queries.described(),
        **health.DESCRIBED,
        **views.DESCRIBED,
    }
    paths: dict[str, Any] = {}
    for route in routes:
        if isinstance(route, Route):
            methods = sorted((route.methods or set()) - {"HEAD"})
            for path in _paths(_CONVERTOR.sub("", route.path), told):
                paths.setdefault(path, {}).update({m.lower(): _operation(path, m, told.get(path, {})) for m in methods})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": server.settings.title,
            "version": __version__,
            "description": "A knowledge graph of Chinese news: SPARQL, linked data, search, reconciliation. Errors are "
            "problem documents (RFC 9457).",
        },
        "servers": [{"url": server.public.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
    "required": ["type", "title", "status", "detail"],
}


def _paths(path: str, told: Mapping[str, Any]) -> list[str]:
    """Return the paths that a route is told of by: the ones of the named queries, or of the words, and its own."""
    if path == "/reconcile/suggest/{of}":
        return [f"/reconcile/suggest/{of}" for of in ("type", "property")]
    if path == "/queries/{name}":
        return [path, *(each for each in told if each.startswith("/queries/") and "{" not in each)]
    return [path]


def _operation(path: str, method: str, told: Mapping[str, Any]) -> dict[str, Any]:
    inner = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in re.findall(r"\{(\w+)\}", path)]
    asked = [
        {"name": name, "in": "query", "required": required, "description": about, "schema": schema}
        for name, (schema, about, required) in told.get("parameters", {}).items()
    ]
    bodies = told.get("body") or _BODIES.get(path)
    answers = {name: {"schema": schema} if schema else {} for name, schema in told.get("answers", {}).items()}
    made: dict[str, Any] = {
        "summary": told.get("summary", path),
        "operationId": f"{method.lower()}{re.sub(r'[^a-z0-9]+', '-', path.lower())}".rstrip("-"),
        "parameters": inner + (asked if method == "GET" or not bodies else []),
        "responses": {
            "200": {"description": "The answer", **({"content": answers} if answers else {})},
            "default": {
                "description": "What went wrong",
                "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if told.get("description"):
        made["description"] = told["description"]
    if method == "POST" and bodies:
        made["requestBody"] = {"content": {name: {"schema": schema} for name, schema in bodies.items()}}
    return made

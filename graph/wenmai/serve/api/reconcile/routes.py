"""`/reconcile`: the Reconciliation Service API 0.2."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from wenmai import __version__
from wenmai.namespaces import WENMAI
from wenmai.serve.api.reconcile import asked as limits
from wenmai.serve.api.reconcile import extend, match, preview, schema
from wenmai.serve.fields import Fields, asked, filled
from wenmai.serve.paging import reader
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server

_BODY, _PREFIX, _FURTHEST = 1 << 20, 200, 10_000
OPENREFINE = ("http://127.0.0.1:3333", "http://localhost:3333")
"""Where OpenRefine runs on a person's own machine; its pages may frame a preview."""
_DEFAULT_TYPES = ("Organization", "Company", "Person", "Place", "AdministrativeArea", "Policy")

_JSON: dict[str, Any] = {"application/json": {}}
_TEXT = {"type": "string"}
_SUGGEST: dict[str, Any] = {
    "prefix": ({"type": "string", "maxLength": _PREFIX}, "What is typed so far", True),
    "cursor": ({"type": "integer", "minimum": 0, "maximum": _FURTHEST, "default": 0}, "So many are passed over", False),
}
DESCRIBED: dict[str, Any] = {
    "/reconcile": {
        "summary": "The manifest; a batch of reconciliation queries; a data extension query",
        "description": f"At most {limits.BATCH} queries, or {limits.IDS} entities by {limits.COLUMNS} properties. "
        "Reconciliation Service API 0.2; a POST brings the same fields as a form.",
        "parameters": {
            "queries": (_TEXT, "A reconciliation query batch in JSON", False),
            "extend": (_TEXT, "A data extension query in JSON", False),
        },
        "answers": _JSON,
    },
    "/reconcile/suggest/entity": {"summary": "Entities by what is typed", "parameters": _SUGGEST, "answers": _JSON},
    "/reconcile/suggest/type": {"summary": "Types by what is typed", "parameters": _SUGGEST, "answers": _JSON},
    "/reconcile/suggest/property": {"summary": "Properties by what is typed", "parameters": _SUGGEST, "answers": _JSON},
    "/reconcile/properties": {
        "summary": "The properties that things of a type have",
        "parameters": {
            "type": (_TEXT, "The type", False),
            "limit": ({"type": "integer", "minimum": 1, "maximum": 1000}, "At most so many", False),
        },
        "answers": _JSON,
    },
    "/reconcile/preview": {
        "summary": "A small page on an entity, for a frame",
        "parameters": {"id": (_TEXT, "The entity's id", True)},
        "answers": {"text/html": _TEXT},
    },
}


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of reconciliation."""

    async def service(request: Request) -> Response:
        return await _service(server, request)

    async def entity(request: Request) -> Response:
        return await server.answer(request, extend.entities, _typed(asked(request)))

    async def terms(request: Request) -> Response:
        of = request.path_params["of"]
        if of not in {"type", "property"}:
            raise Problem(404, "there is nothing here")
        return await server.answer(request, extend.terms, _typed(asked(request)) | {"of": of})

    async def properties(request: Request) -> Response:
        fields = asked(request)
        limit = fields.number("limit", 0, most=1000)
        call = {"type": fields.one("type", most=_PREFIX), "limit": limit}
        return await server.answer(request, extend.proposed, call)

    async def framed(request: Request) -> Response:
        identifier = asked(request).one("id", most=_PREFIX)
        if not identifier:
            raise Problem(400, "give the id of an entity")
        call = reader(server, request) | {"id": identifier}
        response = await server.answer(request, preview.page, call, vary="Accept-Language")
        # Set here and kept by the checks around all routes: of all pages this one alone is made to be framed by others.
        response.headers["Content-Security-Policy"] = _policy(server.settings.embed)
        return response

    return [
        Route("/reconcile", service, methods=["GET", "POST"]),
        Route("/reconcile/suggest/entity", entity, methods=["GET"]),
        Route("/reconcile/suggest/{of}", terms, methods=["GET"]),
        Route("/reconcile/properties", properties, methods=["GET"]),
        Route("/reconcile/preview", framed, methods=["GET"]),
    ]


async def _service(server: Server, request: Request) -> Response:
    fields = await filled(request)
    if "callback" in fields:
        raise Problem(400, "JSONP is not offered; ask without callback")
    if "queries" in fields and "extend" in fields:
        raise Problem(400, "give queries or extend, not both")
    if "queries" in fields:
        call = {"queries": fields.one("queries", most=_BODY)}
        return await server.answer(request, match.answered, call, pool=server.queries)
    if "extend" in fields:
        call = {"extend": fields.one("extend", most=_BODY)}
        return await server.answer(request, extend.extended, call, pool=server.queries)
    if request.method == "POST":
        raise Problem(400, "send a form with queries or extend")
    return JSONResponse(manifest(server), headers={"Cache-Control": "no-cache"})


def manifest(server: Server) -> dict[str, Any]:
    """Return what the service tells of itself; all its URLs are absolute, because clients keep them apart from it."""
    public = server.public.rstrip("/")

    def at(path: str) -> dict[str, str]:
        return {"service_url": public, "service_path": path}

    return {
        "versions": ["0.2"],
        "name": server.settings.title,
        "identifierSpace": server.public + "id/",
        "schemaSpace": WENMAI,
        "documentation": f"{public}/openapi.json",
        "serviceVersion": f"wenmai {__version__}",
        "defaultTypes": [schema.type_in_full(cls) for cls in _DEFAULT_TYPES],
        "view": {"url": f"{public}/id/{{{{id}}}}"},
        "preview": {
            "url": f"{public}/reconcile/preview?id={{{{id}}}}",
            "width": preview.WIDTH,
            "height": preview.HEIGHT,
        },
        "suggest": {name: at(f"/reconcile/suggest/{name}") for name in ("entity", "property", "type")},
        "extend": {"propose_properties": at("/reconcile/properties"), "property_settings": []},
        "batchSize": limits.BATCH,
    }


def _typed(fields: Fields) -> dict[str, Any]:
    return {"prefix": fields.one("prefix", most=_PREFIX), "cursor": fields.number("cursor", 0, most=_FURTHEST)}


def _policy(embed: tuple[str, ...]) -> str:
    framed_by = " ".join(("'self'", *OPENREFINE, *embed))
    return f"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors {framed_by}"

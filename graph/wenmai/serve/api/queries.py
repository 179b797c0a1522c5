"""`/queries`: the library of named queries, each at an address that takes its parameters in the query string."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.query.library import NamedQuery, Parameter, library
from wenmai.serve.api import queries_task as task
from wenmai.serve.fields import Fields, asked
from wenmai.serve.linked import errors
from wenmai.serve.negotiate import choose
from wenmai.serve.paging import reader, with_next
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server
from wenmai.serve.sparql.task import TRUNCATED

MOST_CHARACTERS, MOST_VALUES, FURTHEST = 2000, 100, 10**9
"""Characters of a value, values of all parameters together, rows that may be passed over."""
OPTIONS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "offset": ({"type": "integer", "minimum": 0, "default": 0}, "So many rows are passed over", False),
    "timeout": ({"type": "number", "exclusiveMinimum": 0}, "Seconds it may take, no more than the server's", False),
    "download": (
        {"type": "string", "enum": ["spreadsheet"]},
        "CSV for a spreadsheet: nothing in it is a formula",
        False,
    ),
    "lang": ({"type": "string", "enum": ["zh", "en"]}, "The language of the page", False),
}
"""What every query takes beside its own parameters, which never have these names."""
_TYPES: dict[str, dict[str, Any]] = {
    "date": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
    "enddate": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
    "integer": {"type": "integer"},
}


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of the named queries."""

    async def listed(request: Request) -> Response:
        media = choose(request.headers.get("accept"), ("application/json", "text/html"))
        if media is None:
            raise Problem(406, "this answer comes as application/json or text/html")
        if media == "text/html":
            return await server.answer(request, task.listed, reader(server, request), vary="Accept, Accept-Language")
        return await server.answer(request, task.catalogue, {})

    async def text(request: Request) -> Response:
        query = _known(request)
        values = _values(query, asked(request))
        if values:
            call = {"name": query.name, "values": values}
            return await server.answer(request, task.text, call, pool=server.queries)
        return Response(query.text, media_type="application/sparql-query", headers={"Vary": "Accept"})

    async def one(request: Request) -> Response:
        return await _answered(server, request, _known(request))

    return [
        Route("/queries", listed, methods=["GET"]),
        Route("/queries/{name}.rq", text, methods=["GET"]),
        Route("/queries/{name}", one, methods=["GET"]),
    ]


def described() -> dict[str, Any]:
    """Return what the routes and each query are, for the OpenAPI description."""
    answers: dict[str, Any] = {media: {} for media in (*task.OFFERS, "text/html")}
    whole = {
        "/queries": {
            "summary": "The named queries, with their parameters",
            "parameters": {},
            "answers": {"application/json": task.SCHEMA, "text/html": {"type": "string"}},
        },
        "/queries/{name}.rq": {
            "summary": "The text of a named query, with the values bound that are given for its parameters",
            "parameters": {},
            "answers": {"application/sparql-query": {"type": "string"}},
        },
        "/queries/{name}": {"summary": "The answer to a named query", "parameters": OPTIONS, "answers": answers},
    }
    for name, query in library().items():
        own = {each.name: _described(each) for each in query.inputs}
        whole[f"/queries/{name}"] = {
            "summary": f"{query.title_zh} {query.title_en}",
            "description": query.about,
            "parameters": own | OPTIONS,
            "answers": answers,
        }
    return whole


def _described(parameter: Parameter) -> tuple[dict[str, Any], str, bool]:
    about = parameter.about if parameter.type in _TYPES else f"{parameter.about} ({parameter.type}: a name or an IRI)"
    required = not parameter.optional and parameter.default is None
    item = dict(_TYPES.get(parameter.type, {"type": "string"}))
    schema: dict[str, Any] = {"type": "array", "items": item, "minItems": 1}
    if parameter.default is not None:
        schema["default"] = [int(parameter.default) if item["type"] == "integer" else parameter.default]
    return schema, about, required


def _known(request: Request) -> NamedQuery:
    """Return the query that the path names. Raises Problem 404, which never repeats what was asked for."""
    name = request.path_params["name"]
    if name in library():
        return library()[name]
    near = get_close_matches(name[:100], library(), n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "/queries lists them"
    raise Problem(404, f"there is no query of this name; {hint}", more={"near": near})


def _values(query: NamedQuery, fields: Fields) -> dict[str, list[str]]:
    """Return the values of the query's parameters. Raises Problem 400."""
    values = {name: list(given) for name, given in fields.values.items() if name not in OPTIONS}
    takes = {parameter.name for parameter in query.inputs}
    for name in values:
        if name not in takes:
            near = get_close_matches(name[:100], takes | OPTIONS.keys(), n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(sorted(takes)) or 'none'}"
            raise Problem(400, f"{query.name} has no parameter of a name that was given; {hint}")
    if sum(map(len, values.values())) > MOST_VALUES:
        raise Problem(400, f"give at most {MOST_VALUES} values")
    if any(len(value) > MOST_CHARACTERS for given in values.values() for value in given):
        raise Problem(400, f"a value has at most {MOST_CHARACTERS:,} characters")
    # A form sends what was left empty, too.
    return {name: kept for name, given in values.items() if (kept := [value for value in given if value.strip()])}


async def _answered(server: Server, request: Request, query: NamedQuery) -> Response:
    fields = asked(request)
    accept = request.headers.get("accept", "")
    sheet = "download" in fields and fields.chosen("download", ("spreadsheet",))
    call: dict[str, Any] = {
        "name": query.name,
        "values": _values(query, fields),
        "rows": server.settings.rows,
        "offset": fields.number("offset", 0, most=FURTHEST),
        "accept": accept,
    }
    timeout = _seconds(fields)
    if sheet:
        response = await server.answer(request, task.spreadsheet, call, pool=server.queries, timeout=timeout)
    elif choose(accept, (*task.offers(query), "text/html")) == "text/html":
        call |= reader(server, request) | {"rows": task.ON_A_PAGE}
        vary = "Accept, Accept-Language"
        response = await server.answer(request, task.page, call, pool=server.queries, timeout=timeout, vary=vary)
        response = errors.shown(request, response)
    else:
        response = await server.answer(request, task.answered, call, pool=server.queries, timeout=timeout)
    if TRUNCATED in response.headers:
        return with_next(request, response, call["offset"] + call["rows"])
    return response


def _seconds(fields: Fields) -> float | None:
    text = fields.one("timeout", most=20)
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 < seconds < 10**6:
        raise Problem(400, "timeout is to be a number of seconds above 0")
    return seconds

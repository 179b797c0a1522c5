"""`/timeline`, `/places`, `/articles`, `/compare`, `/ask`, `/embed`: fields of a request, each within its bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai import ontology
from wenmai.serve.fields import Fields, asked
from wenmai.serve.linked import errors
from wenmai.serve.paging import reader
from wenmai.serve.problem import Problem
from wenmai.serve.views import embed, pair, places, question, reading, time

if TYPE_CHECKING:
    from wenmai.serve.answer import Task
    from wenmai.serve.server import Server

_NAME, _ASKED, _FURTHEST, _MOST = 200, 500, 100_000, 5
_MONTH = re.compile(r"\d{4}(-\d{2})?")
_ORDERS = ("desc", "asc")
_TEXT = {"type": "string"}
_PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "/timeline": (
        "What happened when, of one thing or of all",
        {
            "of": "A name or an id",
            "since": "From this day, month or year",
            "until": "To this one",
            "order": "desc, asc",
        },
    ),
    "/places": ("The tree of places", {"under": "The name or id of a place"}),
    "/articles": (
        "A reading list with facets",
        {"paper": "An id", "month": "2017-04", "entity": "Names or ids", "class": "A class of events"},
    ),
    "/compare": ("Two things, or two articles, beside each other", {"a": "A name or an id", "b": "Another"}),
    "/ask": ("A question in Chinese, answered", {"q": "The question"}),
    "/embed": ("A thing and who is near it, for a frame in another site", {"id": "The id of a thing"}),
}
DESCRIBED: dict[str, Any] = {
    path: {
        "summary": summary,
        "parameters": {name: (_TEXT, about, False) for name, about in fields.items()},
        "answers": {"text/html": _TEXT},
    }
    for path, (summary, fields) in _PAGES.items()
}


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of the views."""

    def route(path: str, task: Task, call: Callable[[Fields], dict[str, Any]]) -> Route:
        async def endpoint(request: Request) -> Response:
            told = call(asked(request)) | reader(server, request)
            return errors.shown(request, await server.answer(request, task, told, vary="Accept, Accept-Language"))

        return Route(path, endpoint, methods=["GET"])

    return [
        route("/timeline", time.timeline, _timeline),
        route("/places", places.places, lambda fields: {"under": _name(fields, "under"), "offset": _offset(fields)}),
        route("/articles", reading.articles, _articles),
        route("/compare", pair.compare, lambda fields: {side: _name(fields, side) for side in ("a", "b")}),
        route("/ask", question.question, lambda fields: {"q": fields.one("q", most=_ASKED).strip()}),
        route("/embed", embed.embed, _embed),
    ]


def _name(fields: Fields, name: str) -> str:
    return fields.one(name, most=_NAME).strip()


def _offset(fields: Fields) -> int:
    return fields.number("offset", 0, most=_FURTHEST)


def _timeline(fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {name: _name(fields, name) for name in ("of", "since", "until")}
    return found | {"order": fields.chosen("order", _ORDERS), "offset": _offset(fields)}


def _articles(fields: Fields) -> dict[str, Any]:
    month, kind = fields.one("month", most=7), fields.one("class", most=100)
    if month and not _MONTH.fullmatch(month):
        raise Problem(400, "month is to be a year or a month, such as 2017-04")
    if kind and kind not in ontology.classes():
        raise Problem(400, "class is to be the local name of a class of the ontology")
    entities = [each.strip() for each in fields.values.get("entity", ()) if each.strip()]
    if len(entities) > _MOST or any(len(each) > _NAME for each in entities):
        raise Problem(400, f"give at most {_MOST} entities, each by a name or an id")
    return {
        "paper": _name(fields, "paper"),
        "month": month,
        "class": kind,
        "entities": entities,
        "offset": _offset(fields),
    }


def _embed(fields: Fields) -> dict[str, Any]:
    found = _name(fields, "id")
    if not found:
        raise Problem(400, "give id, the end of a thing's IRI or its name")
    return {"id": found}

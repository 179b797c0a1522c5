"""`/explore/…`: the fields of a request, each within its bounds, and the task that answers it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai import ontology
from wenmai.errors import UsageError
from wenmai.query.bind import meant
from wenmai.query.library import Parameter
from wenmai.serve.explore import (
    articles_task,
    cite_task,
    compare_task,
    drawing,
    export_task,
    fact_task,
    picture_task,
    places_task,
    timeline_task,
)
from wenmai.serve.fields import Fields, asked, filled
from wenmai.serve.html import language
from wenmai.serve.problem import Problem

if TYPE_CHECKING:
    from wenmai.serve.answer import Task
    from wenmai.serve.server import Server

MOST_IDS, MOST_AMONG, MOST_NODES, FURTHEST, MOST_EXPORTED = 50, 500, 200, 100_000, 2000
"""Things asked of at a time; things of a picture that is asked for again; entries of an answer; entries that may be
passed over; things of an export."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TEXT, _LONG = 2000, 1 << 19
_MONTH = re.compile(r"\d{4}(-\d{2})?")
_LIST = re.compile(r"[\s,]+")


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of the explorer's data."""

    def route(name: str, task: Task, call: Any) -> Route:
        async def endpoint(request: Request) -> Response:
            fields = asked(request)
            return await server.answer(
                request, task, {**_lang(request, fields), **call(fields)}, vary="Accept-Language"
            )

        return Route(f"/explore/{name}", endpoint, methods=["GET"])

    async def export(request: Request) -> Response:
        fields = await filled(request)
        call = {**_lang(request, fields), **_exported(fields)}
        response = await server.answer(request, export_task.export, call, vary="Accept-Language")
        response.headers["Cache-Control"] = "no-store"
        return response

    return [
        route("start", picture_task.start, lambda _: {}),
        route("around", picture_task.around, _around),
        route("among", picture_task.among, lambda fields: {"ids": _listed(fields, MOST_AMONG)}),
        route("path", picture_task.path, lambda fields: {"from": _id(fields, "from"), "to": _id(fields, "to")}),
        route("common", picture_task.common, _common),
        route("card", fact_task.card, lambda fields: {"id": _id(fields, "id")}),
        route("evidence", fact_task.evidence, _fact),
        route("timeline", timeline_task.timeline, _timeline),
        route("places", places_task.places, _places),
        route("articles", articles_task.articles, _articles),
        route("compare", compare_task.compare, lambda fields: {"a": _id(fields, "a"), "b": _id(fields, "b")}),
        route("cite", cite_task.cite, _cited),
        Route("/explore/export", export, methods=["POST"]),
    ]


def _lang(request: Request, fields: Fields) -> dict[str, Any]:
    return {"lang": language(fields.one("lang", most=20), request.headers.get("accept-language"))}


def _around(fields: Fields) -> dict[str, Any]:
    return {
        "ids": ids(fields),
        "limit": fields.number("limit", 60, most=MOST_NODES),
        "offset": fields.number("offset", 0, most=FURTHEST),
    }


def _common(fields: Fields) -> dict[str, Any]:
    found = ids(fields)
    if len(found) < 2:
        raise Problem(400, "give id twice or more")
    return {"ids": found, "limit": fields.number("limit", 60, most=MOST_NODES)}


def _fact(fields: Fields) -> dict[str, Any]:
    value = fields.one("v", most=_TEXT)
    return {
        "s": _id(fields, "s"),
        "p": fields.one("p", most=100),
        "o": "" if value else _id(fields, "o"),
        "v": value,
    }


def _cited(fields: Fields) -> dict[str, Any]:
    return {**_fact(fields), "format": fields.chosen("format", tuple(cite_task.MEDIA))}


def _timeline(fields: Fields) -> dict[str, Any]:
    return {
        "id": _id(fields, "id") if "id" in fields else "",
        "since": _day(fields, "since") or timeline_task.FIRST,
        "until": _day(fields, "until", last=True) or timeline_task.LAST,
        "order": fields.chosen("order", ("asc", "desc")),
        **_page(fields, 50),
    }


def _places(fields: Fields) -> dict[str, Any]:
    return {"under": _id(fields, "under") if "under" in fields else "", **_page(fields, 50)}


def _articles(fields: Fields) -> dict[str, Any]:
    month, kind = fields.one("month", most=7), fields.one("class", most=100)
    if month and not _MONTH.fullmatch(month):
        raise Problem(400, "month is to be a year or a month, such as 2017 or 2017-04")
    if kind and kind not in ontology.subclasses("Event"):
        raise Problem(400, "class is to be the local name of a class of events, such as Signing")
    return {
        "paper": _id(fields, "paper") if "paper" in fields else "",
        "entities": ids(fields, 5, "entity") if "entity" in fields else [],
        "class": kind,
        "month": month,
        **_page(fields, 20),
    }


def _exported(fields: Fields) -> dict[str, Any]:
    """Return what is to be exported. Raises Problem 400."""
    format = fields.chosen("format", tuple(export_task.MEDIA))
    most = export_task.MOST_DRAWN if format == "svg" else MOST_EXPORTED
    wanted = _listed(fields, most)
    modalities = fields.values.get("modality", ())
    if not set(modalities) <= set(drawing.MODALITIES):
        raise Problem(400, f"modality is to be one of {', '.join(drawing.MODALITIES)}")
    try:
        least = float(fields.one("confidence", most=20, default="0"))
    except ValueError:
        least = -1
    if not 0 <= least <= 1:
        raise Problem(400, "confidence is to be a number from 0 to 1")
    return {
        "format": format,
        "ids": wanted,
        "edges": [each for each in _LIST.split(fields.one("edges", most=_LONG)) if each],
        "modalities": sorted(modalities),
        "inferred": fields.chosen("inferred", ("1", "0")) == "1",
        "confidence": least,
        "since": _day(fields, "since"),
        "until": _day(fields, "until", last=True),
    }


def _listed(fields: Fields, most: int) -> list[str]:
    """Return the ids of a list in one field. Raises Problem 400."""
    found = list(dict.fromkeys(_LIST.split(fields.one("ids", most=_LONG).strip())))
    if not found[0] or len(found) > most:
        raise Problem(400, f"ids is to be one to {most:,} ids of things with spaces between them")
    for each in found:
        _checked(each, "ids")
    return found


def _page(fields: Fields, limit: int) -> dict[str, Any]:
    return {
        "limit": fields.number("limit", limit, least=1, most=MOST_NODES),
        "offset": fields.number("offset", 0, most=FURTHEST),
    }


def _day(fields: Fields, name: str, *, last: bool = False) -> str:
    """Return a day as ISO writes it; of a month or a year its first or its last. Raises Problem 400."""
    text = fields.one(name, most=10)
    if not text:
        return ""
    try:
        (day,) = meant(Parameter(name, "enddate" if last else "date"), text, cast("Any", None), [])
    except UsageError as error:
        raise Problem(400, str(error)) from error
    return day.value


def ids(fields: Fields, most: int = MOST_IDS, name: str = "id") -> list[str]:
    """Return the ids of things that are given. Raises Problem 400."""
    found = list(dict.fromkeys(fields.values.get(name, ())))
    if not found or len(found) > most:
        raise Problem(400, f"give {name} from one to {most:,} times")
    for each in found:
        _checked(each, name)
    return found


def _id(fields: Fields, name: str) -> str:
    return _checked(fields.one(name, most=200), name)


def _checked(text: str, name: str) -> str:
    if not _ID.fullmatch(text):
        raise Problem(400, f"{name} is to be the end of a thing's IRI, such as org-0123456789ab")
    return text

"""`/explore/…`: the fields of a request, each within its bounds, and the task that answers it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.serve.explore import fact_task, picture_task
from wenmai.serve.fields import Fields, asked
from wenmai.serve.html import language
from wenmai.serve.problem import Problem

if TYPE_CHECKING:
    from wenmai.serve.answer import Task
    from wenmai.serve.server import Server

MOST_IDS, MOST_NODES, FURTHEST = 50, 200, 100_000
"""Things asked of at a time; neighbours of an answer; neighbours that may be passed over."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TEXT = 2000


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of the explorer's data."""

    def route(name: str, task: Task, call: Any) -> Route:
        async def endpoint(request: Request) -> Response:
            fields = asked(request)
            lang = language(fields.one("lang", most=20), request.headers.get("accept-language"))
            return await server.answer(request, task, {"lang": lang, **call(fields)}, vary="Accept-Language")

        return Route(f"/explore/{name}", endpoint, methods=["GET"])

    return [
        route("start", picture_task.start, lambda _: {}),
        route("around", picture_task.around, _around),
        route("path", picture_task.path, lambda fields: {"from": _id(fields, "from"), "to": _id(fields, "to")}),
        route("common", picture_task.common, _common),
        route("card", fact_task.card, lambda fields: {"id": _id(fields, "id")}),
        route("evidence", fact_task.evidence, _fact),
    ]


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

"""`/search`: names and sentences by the words in them; suggestions while one types; its description for browsers."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.query.search import DEFAULT_LIMIT
from wenmai.serve.api import search_task as task
from wenmai.serve.fields import asked
from wenmai.serve.linked import errors
from wenmai.serve.negotiate import choose
from wenmai.serve.paging import reader, with_next
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server

MOST_CHARACTERS, MOST, FURTHEST = 500, 1000, 10_000
"""Characters of a search; hits of an answer; hits that may be passed over."""
_OPENSEARCH = "application/opensearchdescription+xml"

DESCRIBED: dict[str, Any] = {
    "/search": {
        "summary": "Names and sentences by the words in them",
        "description": "Several words mean all of them in one sentence; what stands in quotation marks is one word. "
        "Names are found by a part of them or by the initials of their pinyin (snjt). Without regard to case, width, "
        "script and spaces. Offsets are code points of the article's text.",
        "parameters": {
            "q": ({"type": "string", "maxLength": MOST_CHARACTERS}, "The words", True),
            "kind": ({"type": "string", "enum": list(task.KINDS), "default": task.KINDS[0]}, "What to find", False),
            "limit": (
                {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
                "At most so many of each kind",
                False,
            ),
            "offset": (
                {"type": "integer", "minimum": 0, "maximum": FURTHEST, "default": 0},
                "So many of each kind are passed over",
                False,
            ),
        },
        "answers": {task.JSON: task.SCHEMA, "text/html": {"type": "string"}},
    },
    "/search/suggest": {
        "summary": "Names that begin with what is typed, or hold it (OpenSearch Suggestions 1.1)",
        "parameters": {"q": ({"type": "string", "maxLength": MOST_CHARACTERS}, "What is typed so far", True)},
        "answers": {
            task.SUGGESTIONS: {
                "type": "array",
                "description": "What was typed, then names, what each is, and its IRI",
                "minItems": 4,
                "maxItems": 4,
            }
        },
    },
    "/opensearch.xml": {
        "summary": "The search described for browsers (OpenSearch 1.1)",
        "parameters": {},
        "answers": {_OPENSEARCH: {"type": "string"}},
    },
}


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of the search."""

    async def search(request: Request) -> Response:
        return await _search(server, request)

    async def suggest(request: Request) -> Response:
        text = asked(request).one("q", most=MOST_CHARACTERS)
        return await server.answer(request, task.suggest, {"q": text})

    async def opensearch(_: Request) -> Response:
        return Response(_description(server), media_type=_OPENSEARCH, headers={"Cache-Control": "max-age=3600"})

    return [
        Route("/search", search, methods=["GET"]),
        Route("/search/suggest", suggest, methods=["GET"]),
        Route("/opensearch.xml", opensearch, methods=["GET"]),
    ]


async def _search(server: Server, request: Request) -> Response:
    fields = asked(request)
    media = choose(request.headers.get("accept"), (task.JSON, "text/html"))
    if media is None:
        raise Problem(406, f"this answer comes as {task.JSON} or text/html")
    call: dict[str, Any] = {
        "q": fields.one("q", most=MOST_CHARACTERS),
        "kind": fields.chosen("kind", task.KINDS),
        "limit": fields.number("limit", DEFAULT_LIMIT, least=1, most=MOST),
        "offset": fields.number("offset", 0, most=FURTHEST),
    }
    if media == task.JSON:
        response = await server.answer(request, task.search, call)
    else:
        call |= reader(server, request)
        response = errors.shown(request, await server.answer(request, task.page, call, vary="Accept, Accept-Language"))
    following = call["offset"] + call["limit"]
    more = task.MORE in response.headers
    del response.headers[task.MORE]
    return with_next(request, response, following) if more and following <= FURTHEST else response


def _description(server: Server) -> str:
    """Return the description; its templates are whole URLs, because the format wants them so."""
    here = escape(server.public, {'"': "&quot;"})
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"  <ShortName>{escape(server.settings.title[:16])}</ShortName>\n"
        f"  <Description>{escape(server.settings.title)}: 名称与句子 names and sentences</Description>\n"
        "  <InputEncoding>UTF-8</InputEncoding>\n"
        f'  <Url type="text/html" template="{here}search?q={{searchTerms}}"/>\n'
        f'  <Url type="{task.JSON}" template="{here}search?q={{searchTerms}}"/>\n'
        f'  <Url type="{task.SUGGESTIONS}" rel="suggestions" template="{here}search/suggest?q={{searchTerms}}"/>\n'
        "</OpenSearchDescription>\n"
    )

"""`/ask.json`: a question in Chinese, the query it became, and the answer with its words."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wenmai.query.ask import MOST_CHARACTERS
from wenmai.serve.api import ask_task as task
from wenmai.serve.fields import asked
from wenmai.serve.server import Server

DESCRIBED: dict[str, Any] = {
    "/ask.json": {
        "summary": "A question in Chinese: the query that it became, and the answer with its words",
        "description": "Questions are understood by templates, which `templates` of an answer without `q` lists. Where "
        "none fits, `understood` is false and `near` has those like it; a name that the store lacks is in `unknown`.",
        "parameters": {"q": ({"type": "string", "maxLength": MOST_CHARACTERS}, "The question", False)},
        "answers": {task.JSON: task.SCHEMA},
    }
}


def routes(server: Server) -> list[BaseRoute]:
    """Return the route of questions."""

    async def ask(request: Request) -> Response:
        text = asked(request).one("q", most=MOST_CHARACTERS)
        if not text.strip():
            return await server.answer(request, task.known, {}, vary="")
        return await server.answer(request, task.answered, {"q": text}, pool=server.queries)

    return [Route("/ask.json", ask, methods=["GET"])]

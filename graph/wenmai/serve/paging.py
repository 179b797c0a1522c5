"""What a reader of a page of many needs: the words of the interface, links, and where the rest of an answer is."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wenmai.serve.html import language
from wenmai.serve.linked.routes import prefix
from wenmai.serve.server import Server


def reader(server: Server, request: Request) -> dict[str, Any]:
    """Return what a task needs to write a page for who asks: `lang`, `asked_lang` (by hand) and `prefix`."""
    asked = request.query_params.get("lang", "")
    lang = language(asked, request.headers.get("accept-language"))
    return {"lang": lang, "asked_lang": lang if asked == lang else "", "prefix": prefix(server.settings)}


def with_next(request: Request, response: Response, offset: int) -> Response:
    """Say where the rest of an answer is (RFC 8288): the same request from `offset` on."""
    following = request.url.include_query_params(offset=offset)
    response.headers.append("Link", f'<?{following.query}>; rel="next"')
    return response

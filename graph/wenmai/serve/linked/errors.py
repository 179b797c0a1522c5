"""Errors for people: a small page in place of a problem document, where a browser asked."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from wenmai.serve.html import HTML, Links, language, render, texts
from wenmai.serve.negotiate import choose
from wenmai.serve.problem import MEDIA

_AS_PAGES = frozenset({404, 405, 406, 410, 413, 429, 503})


def page(request: Request, status: int, detail: str, headers: Mapping[str, str]) -> Response | None:
    """Return an error as a page; None where the client would rather have the document. Nothing asked is repeated."""
    if status not in _AS_PAGES or choose(request.headers.get("accept"), (MEDIA, "text/html")) != "text/html":
        return None
    server = request.app.state.server
    asked = request.query_params.get("lang", "")
    lang = language(asked, request.headers.get("accept-language"))
    prefix = urllib.parse.urlsplit(server.settings.public_base).path.rstrip("/")
    words = texts(lang)
    values = {
        "status": status,
        "heading": words.get(f"head_{status}", words["head_error"]),
        "said": words.get(f"said_{status}", ""),
        "detail": detail,
    }
    body = render("problem.html", Links(server.base, prefix), lang, values)
    return Response(body, status, {**headers, "Vary": "Accept, Accept-Language"}, media_type=HTML)


def shown(request: Request, response: Response) -> Response:
    """Return a worker's response, as a page if it is an error and a browser asked."""
    if response.status_code < 400 or response.headers.get("content-type") != MEDIA:
        return response
    kept = {name: response.headers[name] for name in ("cache-control", "retry-after") if name in response.headers}
    detail = json.loads(bytes(response.body))["detail"]
    return page(request, response.status_code, detail, kept) or response

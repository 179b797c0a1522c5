"""`/dataset`, `/.well-known/void`, `/sitemap.xml`, `/robots.txt` and `/dumps/`."""

from __future__ import annotations

import urllib.parse

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from wenmai.query.media import SUFFIXES
from wenmai.serve.dataset import task
from wenmai.serve.dataset.files import Dumps, moment
from wenmai.serve.html import LANGS, language
from wenmai.serve.linked import errors
from wenmai.serve.linked.routes import prefix
from wenmai.serve.negotiate import choose
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server, matches

_HTML = "text/html"
HIDDEN = ("sparql", "search", "reconcile", "queries")
"""What robots are asked not to go through, below the base: there is no end to it."""


def routes(server: Server) -> list[BaseRoute]:
    """Return the routes of the dataset as a whole."""
    dumps = Dumps(server.settings.dumps, server.settings.store, server.base, server.public)
    area = _Area(server, dumps)
    return [
        Route("/dataset", area.dataset),
        Route("/dataset.{suffix}", area.suffixed),
        Route("/.well-known/void", area.void),
        Route("/sitemap.xml", area.sitemap),
        Route("/sitemap-{part:int}.xml", area.part),
        Route("/robots.txt", area.robots),
        Route("/dumps/", area.downloads),
        Route("/dumps/{name}", area.dump),
    ]


class _Area:
    def __init__(self, server: Server, dumps: Dumps) -> None:
        self._server = server
        self._dumps = dumps

    async def dataset(self, request: Request) -> Response:
        """Describe the dataset as a page or in the media type that is asked for."""
        return await self._described(request, (*task.FORMATS, _HTML))

    async def void(self, request: Request) -> Response:
        """Describe it to those who look for a VoID file: at this place, without a redirect."""
        return await self._described(request, tuple(task.FORMATS))

    async def suffixed(self, request: Request) -> Response:
        """Describe it in the media type that the path names."""
        suffix = request.path_params["suffix"]
        kind = _HTML if suffix == "html" else SUFFIXES.get(suffix, "")
        if kind != _HTML and kind not in task.FORMATS:
            raise Problem(404, "there is nothing here")
        return await self._sent(request, kind, "Accept-Language" if kind == _HTML else "Accept")

    async def _described(self, request: Request, offers: tuple[str, ...]) -> Response:
        kind = choose(request.headers.get("accept"), offers)
        if kind is None:
            raise Problem(406, f"the description comes as {', '.join(offers)}")
        return await self._sent(request, kind, "Accept, Accept-Language" if _HTML in offers else "Accept")

    async def _sent(self, request: Request, kind: str, vary: str) -> Response:
        settings, (version, when) = self._server.settings, self._server.snapshot()
        call = {
            "title": settings.title,
            "publisher": settings.publisher,
            "licence": settings.licence,
            "published": moment(when),
            "dumps": await self._dumps.ready(version),
            "live": True,
        }
        if kind != _HTML:
            response = await self._server.answer(request, task.rdf, {**call, "media": kind}, vary=vary)
        else:
            asked = request.query_params.get("lang", "")
            lang = language(asked, request.headers.get("accept-language"))
            more = {"lang": lang, "asked": asked if asked in LANGS else "", "prefix": prefix(settings)}
            response = await self._server.answer(request, task.page, {**call, **more}, vary=vary)
        return errors.shown(request, response)

    async def sitemap(self, request: Request) -> Response:
        """Return the index of the sitemap."""
        return await self._server.answer(request, task.index, {"changed": self._day()})

    async def part(self, request: Request) -> Response:
        """Return a part of the sitemap."""
        call = {"changed": self._day(), "part": min(request.path_params["part"], 1 << 31)}
        return await self._server.answer(request, task.part, call)

    async def robots(self, _: Request) -> Response:
        """Say what robots should leave alone, and where the sitemap is."""
        return Response(robots(self._server.public), media_type="text/plain", headers={"Cache-Control": "no-cache"})

    async def dump(self, request: Request) -> Response:
        """Send a dump, or what of it is asked for."""
        found = await self._dumps.find(request.path_params["name"], self._server.snapshot()[0])
        headers = {"Cache-Control": "no-cache"}
        response = FileResponse(found.path, headers=headers, media_type=found.media, stat_result=found.stat)
        if matches(request.headers.get("if-none-match"), response.headers["etag"]):
            kept = {name: response.headers[name] for name in ("etag", "last-modified")}
            return Response(status_code=304, headers=headers | kept)
        return response

    async def downloads(self, request: Request) -> Response:
        """Lead to the page that lists the dumps."""
        return Response(status_code=303, headers={"Location": f"{prefix(self._server.settings)}/dataset"})

    def _day(self) -> str:
        return moment(self._server.snapshot()[1])[:10]


def robots(public: str) -> str:
    """Return the robots.txt of a site below the URL `public`; robots look for it at the root of the host."""
    path = urllib.parse.urlsplit(public).path or "/"
    lines = [*(f"Disallow: {path}{name}" for name in HIDDEN), "", f"Sitemap: {public}sitemap.xml"]
    return "\n".join(["User-agent: *", *lines, ""])

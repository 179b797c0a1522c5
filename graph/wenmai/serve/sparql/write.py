"""Writing over HTTP: only where it is switched on, only with the token, only by the one writer."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from wenmai.serve.answer import Task
from wenmai.serve.doors.token import bearer
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server


def allowed(server: Server, request: Request) -> None:
    """Let a request pass that may write. Raises Problem: 405 where nobody may, 401 without the right token."""
    secret = server.settings.write_token
    if not secret or server.writer is None:
        raise Problem(405, "this server only reads", headers={"Allow": "GET, HEAD"})
    if request.scope.get("state", {}).get("foreign"):
        raise Problem(403, "this was sent by a page of another site, which may not")
    if not bearer(request, secret):
        raise Problem(401, "writing needs the token", headers={"WWW-Authenticate": 'Bearer realm="wenmai"'})


async def write(server: Server, request: Request, task: Task, call: Mapping[str, object]) -> Response:
    """Return what the writer answers; readers see what it wrote from then on. Raises Problem."""
    assert server.writer is not None  # noqa: S101 - `allowed` has looked
    asked = {"task": f"{task.__module__}:{task.__qualname__}", "call": call, "gzip": False}
    line = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    client = request.client.host if request.client else ""
    reply = await server.writer.run(line, client, server.settings.write_timeout)
    headers = {"Cache-Control": "no-store", **reply.headers}
    return Response(reply.body, reply.status, headers, media_type=reply.media or None)

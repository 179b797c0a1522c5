"""What routes are given: the settings, the pools, and one way from a request to a response by a worker."""

from __future__ import annotations

import asyncio
import email.utils
import hashlib
import json
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from wenmai import __version__
from wenmai.serve.answer import Task
from wenmai.serve.pool import Pool, Reply, Setup
from wenmai.serve.problem import Problem
from wenmai.serve.settings import Settings
from wenmai.workers import available

LOG = logging.getLogger("wenmai.serve")
PAGES = 2
"""Workers for pages, search and the like, which strangers' queries never hold."""
_TO_WRITE = 4 << 30
"""Bytes of address space that the writer needs, whose engine maps what it writes too."""
_PATIENCE = 0.05
"""Seconds after which it is watched whether the client is still there."""
_LOOK = 0.5
"""Seconds between looks for a new snapshot."""


class Server:
    """One store, served. `base` is what the store's IRIs begin with, `public` what people reach the server by."""

    def __init__(self, settings: Settings, base: str) -> None:
        self.settings = settings
        self.base = base
        self.public = settings.public_base or base
        rewritten = settings.public_base if settings.public_base != base else ""
        setup = Setup(settings.store, base, settings.memory, settings.answer, rewritten)
        size = settings.workers or max(4, available())
        self.queries = Pool(setup, size, settings.waiting, settings.per_client, LOG.warning)
        self.pages = Pool(setup, PAGES, 4 * settings.waiting, settings.waiting, LOG.warning)
        writing = replace(setup, write=True, memory=max(setup.memory, _TO_WRITE))
        self.writer = (
            Pool(writing, 1, settings.waiting, settings.waiting, LOG.warning) if settings.write_token else None
        )
        self._current = Path(settings.store) / "current"
        self._seen: tuple[int, int] | None = None
        self._version = self._published = ""

    async def start(self) -> None:
        """Start the workers. Raises OSError, DiedError."""
        await asyncio.gather(*(pool.start() for pool in self._pools()))

    async def close(self) -> None:
        """End the workers."""
        await asyncio.gather(*(pool.close() for pool in self._pools()))

    def _pools(self) -> list[Pool]:
        return [self.queries, self.pages, *([self.writer] if self.writer is not None else [])]

    async def follow(self) -> None:
        """Let idle workers open each new snapshot, for ever."""
        seen = self.snapshot()[0]
        while True:
            await asyncio.sleep(_LOOK)
            version, _ = self.snapshot()
            if version != seen:
                seen = version
                with suppress(Problem):
                    await asyncio.gather(self.queries.refresh(version), self.pages.refresh(version))

    def snapshot(self) -> tuple[str, str]:
        """Return the name of the snapshot published last and when it was, as HTTP writes it; both empty without any."""
        try:
            found = self._current.stat()
            state = (found.st_ino, found.st_mtime_ns)
            if state != self._seen:
                self._version = self._current.read_text("utf-8").split()[0]
                self._published = email.utils.formatdate(found.st_mtime, usegmt=True)
                self._seen = state
        except (OSError, ValueError, IndexError):
            return "", ""
        return self._version, self._published

    async def answer(
        self,
        request: Request,
        task: Task,
        call: Mapping[str, object],
        *,
        pool: Pool | None = None,
        timeout: float | None = None,
        vary: str = "Accept",
    ) -> Response:
        """Return what `task` makes of `call` in a worker, as a response that caches may keep.

        `pool` is that of pages unless another is given; `timeout` is the configured one or less. Raises Problem.
        """
        asked = {
            "task": f"{task.__module__}:{task.__qualname__}",
            "call": call,
            "gzip": "gzip" in request.headers.get("accept-encoding", ""),
        }
        line = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        version, published = self.snapshot()
        tag = _tag(version, line) if version else ""
        vary += ", Accept-Encoding"
        if tag and matches(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=_cached(tag, published, vary))
        seconds = min(timeout or self.settings.timeout, self.settings.timeout)
        client = request.client.host if request.client else ""
        reply = await _while_there(request, (pool or self.pages).run(line, client, seconds))
        if reply.version != version:
            tag = _tag(reply.version, line) if reply.version else ""
        if reply.fault:
            LOG.error("%s: %s", request.url.path, reply.fault)
        if reply.status >= 400:
            headers = {"Vary": vary, "Cache-Control": "no-store", **reply.headers}
        else:
            headers = {**_cached(tag, published, vary), **reply.headers}
        return Response(reply.body, reply.status, headers, media_type=reply.media or None)


async def _while_there(request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    """Return the result of `work`, which is cancelled when the client goes away. Raises Problem then."""
    loop, ours = asyncio.get_running_loop(), asyncio.current_task()
    watch: asyncio.Task[None] | None = None

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        if ours is not None:
            ours.cancel()

    def look() -> None:
        nonlocal watch
        watch = loop.create_task(gone())

    later = loop.call_later(_PATIENCE, look)  # most are done before
    try:
        return await work
    except asyncio.CancelledError:
        if ours is None or watch is None or not watch.done() or watch.cancelled():
            raise
        ours.uncancel()
        raise Problem(503, "the client went away") from None
    finally:
        later.cancel()
        if watch is not None:
            watch.cancel()


def _tag(version: str, line: bytes) -> str:
    """Return a weak entity tag: compression changes the bytes of an answer, and a newer wenmai may write others."""
    digest = hashlib.sha256(line + __version__.encode()).hexdigest()[:16]
    return f'W/"{version}-{digest}"'


def _cached(tag: str, published: str, vary: str) -> dict[str, str]:
    headers = {"Vary": vary, "Cache-Control": "no-cache"}
    if tag:
        headers |= {"ETag": tag, "Last-Modified": published}
    return headers


def matches(header: str | None, tag: str) -> bool:
    """Tell whether an If-None-Match header names `tag` (RFC 9110, section 13.1.2: weak comparison)."""
    if header is None:
        return False
    return header.strip() == "*" or tag.removeprefix("W/") in {
        each.strip().removeprefix("W/") for each in header.split(",")
    }

"""The folder of dumps as a server sees it: what is there, and a process that makes what is not.

Dumps are made once per snapshot, by a process of low priority, one at a time, when somebody asks for them or for the
description of the dataset. Until it is done those of the snapshot before are given, or an answer that says to wait.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from wenmai.publish.dumps import KINDS, MANIFEST
from wenmai.serve.problem import Problem

_LOG = logging.getLogger("wenmai.serve")
_RETRY = 600.0
"""Seconds after which what failed is tried again."""
_GZIP = "application/gzip"


@dataclass(frozen=True, slots=True)
class Found:
    """A file to send."""

    path: Path
    media: str
    stat: os.stat_result


class Dumps:
    """The dumps of a server, in `folder`; there are none if that is empty."""

    def __init__(self, folder: str, location: str, base: str, public: str) -> None:
        self._folder = Path(folder) if folder else None
        self._command = [sys.executable, "-P", "-m", "wenmai.publish.dumps", location, folder]
        self._command.append(public if public != base else "")
        self._making: asyncio.Task[None] | None = None
        self._failed: tuple[str, float] = ("", 0.0)

    async def ready(self, version: str) -> list[list[object]]:
        """Return the dumps that are there, each as the fields of `describe.Dump`; see that newer ones are made."""
        return (
            [] if self._folder is None else await asyncio.to_thread(self._listed, version, asyncio.get_running_loop())
        )

    async def find(self, name: str, version: str) -> Found:
        """Return the file of a dump. Raises Problem: 404 for one that is never made, 503 for one not made yet."""
        kind = next((kind for kind in KINDS if kind.name == name), None)
        if self._folder is None or kind is None:
            raise Problem(404, "there is nothing here")
        listed = await self.ready(version)
        if not any(each[0] == name for each in listed):
            if not version:
                raise Problem(404, "a store without snapshots has no dumps here")
            if self._failed[0] == version:
                raise Problem(503, "this dump could not be made; the log tells why", headers={"Retry-After": "600"})
            raise Problem(503, "this dump is being made; come back in a minute", headers={"Retry-After": "60"})
        path = self._folder / name
        return Found(path, _GZIP, await asyncio.to_thread(path.stat))

    def _listed(self, version: str, loop: asyncio.AbstractEventLoop) -> list[list[object]]:
        assert self._folder is not None  # noqa: S101 - the callers see to it
        try:
            manifest = json.loads((self._folder / MANIFEST).read_text("utf-8"))
            found = [
                [kind.name, kind.media, stat.st_size, moment(stat.st_mtime)]
                for kind in KINDS
                if kind.name in manifest["files"] and (stat := (self._folder / kind.name).stat())
            ]
            made = manifest["snapshot"]
        except (OSError, ValueError, KeyError, TypeError):
            found, made = [], ""
        if version and version != made:
            loop.call_soon_threadsafe(self._make, version, loop.time())
        return found

    def _make(self, version: str, now: float) -> None:
        """Start the process that makes dumps, if none is running and the last one did not fail just now."""
        if self._making is not None or (self._failed[0] == version and now < self._failed[1] + _RETRY):
            return
        self._making = asyncio.ensure_future(self._run(version, now))
        self._making.add_done_callback(self._done)

    async def _run(self, version: str, now: float) -> None:
        parent = str(Path(__file__).resolve().parents[3])
        path = os.pathsep.join(filter(None, [parent, os.environ.get("PYTHONPATH")]))
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,  # which closes when this process ends, however it does
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        try:
            assert process.stderr is not None  # noqa: S101 - it is a pipe
            said = await process.stderr.read(10_000)
            if await process.wait():
                self._failed = version, now
                _LOG.warning("no dumps were made: %s", " ".join(said.decode("utf-8", "replace").split())[-300:])
        finally:
            if process.returncode is None:
                process.kill()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._making = None
        if not task.cancelled() and task.exception() is not None:
            _LOG.error("no dumps were made", exc_info=task.exception())


def moment(when: float | str) -> str:
    """Return a time, POSIX or as HTTP writes it, as ISO 8601 in UTC, to the second; empty for none."""
    if not when:
        return ""
    if isinstance(when, str):
        found = email.utils.parsedate_to_datetime(when)
    else:
        found = dt.datetime.fromtimestamp(int(when), dt.UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")

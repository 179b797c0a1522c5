"""Listen and serve until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from types import FrameType
from typing import Any, cast

import uvicorn

from wenmai.errors import StoreError
from wenmai.serve import log
from wenmai.serve.app import make_app
from wenmai.serve.checks import passwords
from wenmai.serve.config import Effective
from wenmai.serve.doors import behind
from wenmai.serve.doors.connection import Connection
from wenmai.serve.doors.gate import Gate
from wenmai.serve.listen import ListenError, listening, place, room
from wenmai.serve.notify import notify
from wenmai.store import open_store

_LOG = logging.getLogger("wenmai.serve")
_CUT = 0.5
"""Seconds for what was running at the end of its time to be told so."""
_ALIVE = 1.0
"""Seconds between signs of life."""


def run(effective: Effective) -> None:
    """Serve until SIGINT or SIGTERM; running requests have `stop_time` to end, a second signal ends it at once.

    Raises StoreError, UsageError, ListenError, LimitError before it listens, KeyboardInterrupt after SIGINT.
    """
    settings = effective.settings
    log.configure(settings, (settings.write_token, settings.metrics_token, *passwords(settings.store)))
    for warning in effective.warnings:
        _LOG.warning(warning)
    with closing(open_store(settings.store)) as store:
        base = store.base
    most = room(settings.connections, settings.workers or 16)
    with listening(settings) as sock:
        public = settings.public_base or base
        app = behind(make_app(settings, base), settings, public)
        gate = Gate(settings, most, app)
        config = uvicorn.Config(
            app,
            http=cast("Any", partial(Connection, gate)),
            ws="none",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=cast("int", settings.idle_time),
        )
        started = _Started(place(sock), public, effective)
        server = _Server(config, gate, settings.stop_time, started)
        try:
            server.run(sockets=[sock])
        except SystemExit:  # of uvicorn, when the application could not start; the log says why
            raise StoreError("the server could not start; the lines above say why") from None
        except OSError as error:  # another one began to listen there in the meantime
            raise ListenError(f"{place(sock)}: {error.strerror}") from None
    if server.interrupted:
        raise KeyboardInterrupt


class _Started:
    """Says that the server is there."""

    def __init__(self, url: str, public: str, effective: Effective) -> None:
        self._url, self._public = url, public
        self._files = sorted({each for each in effective.origins.values() if each.endswith(".toml")})

    def __call__(self) -> None:
        fields: dict[str, object] = {"public": "" if self._public == self._url else self._public}
        if self._files:
            fields["settings"] = " ".join(self._files)
        log.always(_LOG, f"serving at {self._url}", **fields)
        notify("READY=1")


class _Server(uvicorn.Server):
    """uvicorn's server with an end that is on time."""

    def __init__(self, config: uvicorn.Config, gate: Gate, grace: float, started: Callable[[], None]) -> None:
        super().__init__(config)
        self.interrupted = False
        self._gate = gate
        self._grace = grace
        self._started = started
        self._watch: asyncio.Task[None] | None = None
        self._told = 0.0

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals over; unlike uvicorn's own, none is raised again at the end."""
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second time: stop."""
        self.interrupted = self.interrupted or sig == signal.SIGINT
        self.force_exit = self.should_exit
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then listen."""
        await super().startup(sockets)
        self._watch = asyncio.ensure_future(self._gate.watch())
        self._started()

    async def on_tick(self, counter: int) -> bool:
        """Do what is done ten times a second."""
        if counter * 0.1 - self._told >= _ALIVE:
            self._told = counter * 0.1
            notify("WATCHDOG=1")
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, let what runs end in its time, then end it."""
        notify("STOPPING=1")
        for listener in self.servers:
            listener.close()
        for sock in sockets or []:
            sock.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._until_done(self._grace)
        await self.lifespan.shutdown()  # with the workers goes what they are at: it is answered with 503
        if not self.force_exit:
            await self._until_done(_CUT)
        self._gate.drop_all()
        if self._watch is not None:
            self._watch.cancel()

    async def _until_done(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.force_exit:
            if not self.server_state.tasks and not any(each.unsent for each in self._gate):
                return
            await asyncio.sleep(0.02)

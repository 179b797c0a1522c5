"""One worker process as its parent sees it: started, asked, killed."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from wenmai.serve.pool import worker
from wenmai.serve.pool.worker import Setup

_STARTING = 30.0
"""Seconds in which a worker is to have opened its store."""


class DiedError(Exception):
    """The worker ended without an answer; `status` is its exit status, negative for a signal."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"the worker ended with status {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker answered; `version` names the snapshot it read."""

    status: int
    media: str
    headers: Mapping[str, str]
    body: bytes
    version: str
    spent: bool
    fault: str


class _Channel(asyncio.Protocol):
    """The parent's end of the socket: puts the pieces of an answer together."""

    def __init__(self) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.reply: asyncio.Future[Reply] | None = None
        self._head: dict[str, Any] | None = None
        self._buffer = bytearray()

    def data_received(self, data: bytes) -> None:
        if self.ready.cancelled():  # it was no longer wanted when it was there
            return
        self._buffer += data
        if not self.ready.done():
            if self._buffer[:1] == b"\n":
                del self._buffer[:1]
                self.ready.set_result(None)
            return
        if self._head is None:
            line, found, _ = self._buffer.partition(b"\n")
            if not found:
                return
            self._head = json.loads(line)
            del self._buffer[: len(line) + 1]
        if len(self._buffer) >= self._head["length"]:
            head, self._head = self._head, None
            body = bytes(self._buffer)
            self._buffer = bytearray()
            if self.reply is not None and not self.reply.done():
                self.reply.set_result(
                    Reply(
                        head["status"],
                        head["media"],
                        head["headers"],
                        body,
                        head["version"],
                        head["spent"],
                        head.get("fault", ""),
                    )
                )

    def connection_lost(self, error: Exception | None) -> None:
        for future in (self.ready, self.reply):
            if future is not None and not future.done():
                future.set_exception(EOFError())


class Worker:
    """A process that does one task at a time."""

    def __init__(self, process: Any, transport: asyncio.Transport, channel: _Channel) -> None:
        self._process = process
        self._transport = transport
        self._channel = channel
        self.version = ""

    @classmethod
    async def start(cls, setup: Setup) -> Worker:
        """Start a process and wait until it has opened the store. Raises DiedError, TimeoutError."""
        ours, theirs = socket.socketpair()
        process = _context().Process(target=worker.main, args=(theirs, setup), daemon=True)
        try:
            await asyncio.to_thread(process.start)
        finally:
            theirs.close()
        loop = asyncio.get_running_loop()
        transport, channel = await loop.create_connection(_Channel, sock=ours)
        made = cls(process, transport, channel)
        try:
            async with asyncio.timeout(_STARTING):
                await channel.ready
        except EOFError:
            raise DiedError(await made.end()) from None
        except BaseException:
            await made.end()
            raise
        return made

    async def ask(self, request: bytes, timeout: float) -> Reply:
        """Send one request, a line of JSON, and return the answer.

        Raises TimeoutError after `timeout` seconds, DiedError, and what `abandon` is told; the worker is of no use
        then, nor if this is cancelled.
        """
        loop = asyncio.get_running_loop()
        self._channel.reply = waited = loop.create_future()
        self._transport.write(request)
        deadline = loop.call_later(timeout, self.abandon, TimeoutError())
        try:
            reply: Reply = await waited
        except EOFError:
            raise DiedError(await self.end()) from None
        finally:
            deadline.cancel()
        self.version = reply.version
        return reply

    def abandon(self, error: Exception) -> None:
        """Let `ask` raise `error` now, if it still waits."""
        if self._channel.reply is not None and not self._channel.reply.done():
            self._channel.reply.set_exception(error)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        with suppress(ProcessLookupError, ValueError):
            self._process.kill()
        self._transport.close()

    async def end(self) -> int | None:
        """Kill the process and return its exit status: of its own end, if it had ended before."""
        status = await asyncio.to_thread(self._joined, 0.2)
        self.kill()
        return status if status is not None else -signal.SIGKILL

    def _joined(self, timeout: float) -> int | None:
        self._process.join(timeout)
        status: int | None = self._process.exitcode
        return status


def _context() -> multiprocessing.context.ForkServerContext:
    """Processes are forked from one that has loaded what they need and has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["wenmai.serve.pool.worker", "wenmai.serve.pool.preload"])
    return context

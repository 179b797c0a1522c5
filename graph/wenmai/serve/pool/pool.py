"""Workers and the queue before them: fair between clients, bounded, with a deadline that holds by killing.

Of the clients that wait, the one with the fewest requests running is served next, and of these the one that has waited
longest. No client may hold all workers. A request that has run for `SLICE` seconds is slow; where slow ones hold more
than all workers but one while others wait, the one that has run shortest is stopped and told to come back.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from wenmai.serve.pool.process import DiedError, Reply, Worker
from wenmai.serve.pool.worker import Setup
from wenmai.serve.problem import Problem

SLICE = 0.25
_REFRESH = b'{"task": "wenmai.serve.pool.worker:refresh", "call": {}, "gzip": false}\n'
_OPENING = 10.0
"""Seconds in which a worker is to have opened a new snapshot."""
_AGAIN = 0.5
"""Seconds after which a worker that could not be started is tried again."""


@dataclass(eq=False, slots=True)
class _Running:
    """A request a worker is at."""

    client: str
    since: float
    worker: Worker
    shed: bool = False

    def stop(self) -> None:
        """Let its request be answered with what `_ShedError` means."""
        self.shed = True
        self.worker.abandon(_ShedError())


class _ShedError(Exception):
    """A request was stopped to make room for others."""


@dataclass(slots=True)
class Figures:
    """What a pool has done so far, for `/metrics`."""

    answered: int = 0
    stopped: Counter[str] = field(default_factory=Counter)
    """Requests that were stopped or refused, by reason."""
    started: int = 0
    """Workers started."""


class Pool:
    """`size` workers and a spare one that takes the place of one that was killed.

    `waiting` and `per_client` bound the requests of all and of one client. `log` is told what is worth a line.
    """

    def __init__(self, setup: Setup, size: int, waiting: int, per_client: int, log: Callable[[str], None]) -> None:
        self._setup, self._size = setup, size
        self._most_waiting, self._per_client = waiting, per_client
        self._log = log
        self._idle: deque[Worker] = deque()
        self._spare: deque[Worker] = deque()
        self._queues: dict[str, deque[asyncio.Future[Worker]]] = {}
        self._runs: set[_Running] = set()
        self._by_client: Counter[str] = Counter()
        self._alive = 0
        self._starts: set[asyncio.Task[None]] = set()
        self._closed = False
        self.figures = Figures()

    async def start(self) -> None:
        """Start the workers. Raises DiedError if they cannot be."""
        made = await asyncio.gather(*(Worker.start(self._setup) for _ in range(self._size + 1)))
        self.figures.started += len(made)
        self._alive = self._size
        self._spare.append(made.pop())
        self._idle.extend(made)

    @property
    def running(self) -> int:
        """How many requests workers are at."""
        return len(self._runs)

    @property
    def idle(self) -> int:
        """How many workers wait for a request, the spare one not counted."""
        return len(self._idle)

    @property
    def queued(self) -> int:
        """How many requests wait for a worker."""
        return sum(len(queue) for queue in self._queues.values())

    async def run(self, request: bytes, client: str, timeout: float) -> Reply:
        """Return what a worker answers to `request`, a line of JSON, within `timeout` seconds of waiting and running.

        Raises Problem: 429 or 503 with Retry-After where there is no room, 503 over the deadline or out of memory, 400
        for what the engine gave up on. Cancelling it kills the worker.
        """
        ends = time.monotonic() + timeout
        worker = await self._worker(client, timeout)
        left = ends - time.monotonic()
        running = _Running(client, time.monotonic(), worker)
        self._runs.add(running)
        if self.queued:
            self._watch()
        try:
            reply = await worker.ask(request, max(0.01, left))
        except TimeoutError:
            self._lost(worker)
            raise self._stopped(
                "deadline", f"this took longer than {timeout:g} s and was stopped; narrow it or add LIMIT"
            ) from None
        except DiedError as error:
            self._lost(worker)
            raise self._died(error) from None
        except _ShedError:
            self._lost(worker)
            if self._closed:
                raise self._stopped("closing", "the server is going down") from None
            raise self._stopped("busy", "the server is busy, and this was slow; come back later") from None
        except asyncio.CancelledError:
            self._lost(worker)
            raise
        finally:
            self._runs.discard(running)
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]
            self._serve()
        self.figures.answered += 1
        if reply.spent:
            self._lost(worker)
        else:
            self._back(worker)
        return reply

    async def refresh(self, version: str) -> None:
        """Let workers that are idle open the snapshot `version`."""
        for worker in [each for each in (*self._idle, *self._spare) if each.version != version]:
            for group in (self._idle, self._spare):
                if worker in group:
                    group.remove(worker)
                    try:
                        await worker.ask(_REFRESH, _OPENING)
                    except (TimeoutError, DiedError):
                        self._lost(worker, spare=group is self._spare)
                        break
                    worker.version = version
                    if group is self._spare:
                        self._spare.append(worker)
                    else:
                        self._back(worker)
                    break

    async def close(self) -> None:
        """Kill all workers; what runs is answered with 503."""
        self._closed = True
        for queue in self._queues.values():
            for future in queue:
                future.cancel()
        for start in self._starts:
            start.cancel()
        for running in list(self._runs):
            running.stop()
        for worker in (*self._idle, *self._spare):
            worker.kill()
        self._idle.clear()
        self._spare.clear()

    async def _worker(self, client: str, timeout: float) -> Worker:
        """Return a worker when it is the client's turn. Raises Problem."""
        queue = self._queues.get(client)
        if self._by_client[client] + (len(queue) if queue else 0) >= self._per_client:
            raise self._stopped(
                "client", "you have too many requests on the way; come back when some are answered", 429
            )
        if self._idle and not self.queued and self._may_run(client):
            self._by_client[client] += 1
            return self._idle.pop()  # the one that was at work last: what it read is still at hand
        if self.queued >= self._most_waiting:
            raise self._stopped("full", "the server is busy; come back later")
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(future)
        self._watch()
        try:
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            raise self._stopped("waited", f"no worker was free for {timeout:g} s; come back later") from None
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():  # it was given one in this very moment
                self._by_client[client] -= 1
                self._back(future.result())
            if self._closed:
                raise self._stopped("closing", "the server is going down") from None
            raise
        finally:
            self._leave(client, future)

    def _leave(self, client: str, future: asyncio.Future[Worker]) -> None:
        queue = self._queues.get(client)
        if queue is not None:
            with suppress(ValueError):
                queue.remove(future)
            if not queue:
                del self._queues[client]

    def _may_run(self, client: str) -> bool:
        return self._by_client[client] < max(1, self._size - 1)

    def _serve(self) -> None:
        """Give idle workers to those whose turn it is."""
        while self._idle and self._queues:
            waiting = [client for client in self._queues if self._may_run(client)]
            if not waiting:
                return
            client = min(waiting, key=lambda each: self._by_client[each])  # the first of equals has waited longest
            queue = self._queues.pop(client)
            future = queue.popleft()
            if queue:
                self._queues[client] = queue  # behind the others
            if not future.done():
                self._by_client[client] += 1
                future.set_result(self._idle.pop())

    def _watch(self) -> None:
        asyncio.get_running_loop().call_later(SLICE, self._shed)

    def _shed(self) -> None:
        """Stop the slow request that has run shortest where slow ones leave no worker to those that wait."""
        self._serve()
        waiting = any(self._may_run(client) for client in self._queues)
        if self._idle or not waiting or self._closed:
            return
        now = time.monotonic()
        slow = [running for running in self._runs if now - running.since >= SLICE and not running.shed]
        if len(slow) > max(1, self._size - 1):
            running = max(slow, key=lambda each: (self._by_client[each.client], each.since))
            running.stop()
        self._watch()

    def _back(self, worker: Worker) -> None:
        if self._closed:
            worker.kill()
            return
        self._idle.append(worker)
        self._serve()

    def _lost(self, worker: Worker, *, spare: bool = False) -> None:
        """Kill a worker; the spare one takes its place, and another is started."""
        worker.kill()
        if self._closed:
            return
        if not spare and self._spare:
            self._idle.append(self._spare.popleft())
            spare = True
        start = asyncio.ensure_future(self._start(spare=spare))
        self._starts.add(start)
        start.add_done_callback(self._starts.discard)

    async def _start(self, *, spare: bool) -> None:
        while not self._closed:
            try:
                worker = await Worker.start(self._setup)
            except (DiedError, TimeoutError, OSError) as error:
                self._log(f"a worker could not be started ({error}); trying again")
                await asyncio.sleep(_AGAIN)
                continue
            self.figures.started += 1
            if spare and len(self._idle) + len(self._runs) >= self._size:
                self._spare.append(worker)
            else:
                self._back(worker)
            return

    def _died(self, error: DiedError) -> Problem:
        if error.status in {-signal.SIGSEGV, -signal.SIGBUS}:
            return self._stopped("crash", "this is too complex: the engine gave up on it; make it shorter", 400)
        return self._stopped(
            "memory", f"this needed more than {self._setup.memory >> 20:,} MB of memory and was stopped"
        )

    def _stopped(self, reason: str, detail: str, status: int = 503) -> Problem:
        self.figures.stopped[reason] += 1
        headers = {"Retry-After": "5"} if reason in {"client", "full", "busy", "waited", "closing"} else {}
        return Problem(status, detail, headers=headers, reason=reason)

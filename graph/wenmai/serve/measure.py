"""What is counted of requests and workers, in Prometheus' text format: numbers alone, no text of any request."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterable, Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenmai.serve.pool import Pool
from wenmai.serve.server import Server

_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Measures:
    """Counts of one server."""

    def __init__(self, server: Server) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody reads
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "wenmai_http_requests",
            "Requests that were answered, by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "wenmai_http_request_seconds",
            "How long answers took, to their last byte.",
            ("route",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._registry.register(_Pools(server))

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request: `route` is the template of its path."""
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all in Prometheus' text format."""
        return generate_latest(self._registry)


class Measured:
    """Counts what the application behind it answers. ASGI."""

    def __init__(self, app: ASGIApp, measures: Measures, routes: Iterable[BaseRoute]) -> None:
        self._app, self._measures = app, measures
        # Of a closure that several routes share the first template counts.
        self._templates: dict[object, str] = {}
        for route in routes:
            if isinstance(route, Route):
                self._templates.setdefault(route.endpoint, route.path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it when its answer has ended or broken off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = self._templates.get(scope.get("endpoint"), "none")
            self._measures.note(route, scope["method"], status, time.perf_counter() - begun)


class _Pools(Collector):
    """The workers and the snapshot as they are when they are asked for."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        pools: tuple[tuple[str, Pool], ...] = (("queries", self._server.queries), ("pages", self._server.pages))
        workers = GaugeMetricFamily("wenmai_workers", "Workers by what they do.", labels=("pool", "state"))
        queued = GaugeMetricFamily("wenmai_queued", "Requests that wait for a worker.", labels=("pool",))
        answered = CounterMetricFamily("wenmai_answered", "Requests that workers answered.", labels=("pool",))
        stopped = CounterMetricFamily(
            "wenmai_stopped", "Requests stopped or refused, by reason.", labels=("pool", "reason")
        )
        started = CounterMetricFamily("wenmai_workers_started", "Workers started.", labels=("pool",))
        for name, pool in pools:
            workers.add_metric((name, "running"), pool.running)
            workers.add_metric((name, "idle"), pool.idle)
            queued.add_metric((name,), pool.queued)
            answered.add_metric((name,), pool.figures.answered)
            started.add_metric((name,), pool.figures.started)
            for reason, times in sorted(pool.figures.stopped.items()):
                stopped.add_metric((name, reason), times)
        yield from (workers, queued, answered, stopped, started)
        version, published = self._server.snapshot()
        info = GaugeMetricFamily("wenmai_snapshot_info", "The snapshot that was published last.", labels=("name",))
        age = GaugeMetricFamily("wenmai_snapshot_age_seconds", "How long ago it was published.")
        if version:
            info.add_metric((version,), 1)
            when = email.utils.parsedate_to_datetime(published).timestamp()
            age.add_metric((), max(0.0, time.time() - when))
        yield from (info, age)

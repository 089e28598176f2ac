"""Prometheus metrics of the process and their listener."""

from __future__ import annotations

from functools import cache

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector


class GatewayMetrics:
    """All metrics; labels have few values and never hold user data."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "oxdav_requests_total", "Answered requests", ("method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "oxdav_request_seconds", "Time to answer a request", ("method",), registry=self.registry
        )
        self.upstream = Counter(
            "oxdav_upstream_calls_total", "Calls to OX", ("module", "action", "outcome"), registry=self.registry
        )
        self.upstream_seconds = Histogram(
            "oxdav_upstream_seconds", "Time OX took", ("module", "action"), registry=self.registry
        )
        self.unreadable = Counter(
            "oxdav_unreadable_objects_total",
            "Objects of OX that could not be shown",
            ("module",),
            registry=self.registry,
        )

        # Checking and finding labels costs more than counting.
        self._requests, self._seconds = cache(self.requests.labels), cache(self.seconds.labels)
        self._upstream, self._upstream_seconds = cache(self.upstream.labels), cache(self.upstream_seconds.labels)

    def upstream_call(self, module: str, action: str, outcome: str, seconds: float) -> None:
        self._upstream(module, action, outcome).inc()
        self._upstream_seconds(module, action).observe(seconds)

    def unreadable_object(self, module: str) -> None:
        self.unreadable.labels(module).inc()

    def answered(self, method: str, status: int, seconds: float) -> None:
        self._requests(method, status).inc()
        self._seconds(method).observe(seconds)


def metrics_app(metrics: GatewayMetrics) -> web.Application:
    """``GET /metrics`` on a listener of its own."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", show)
    return app

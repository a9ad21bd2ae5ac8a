"""`GET /metrics`, for whom `TROTH_METRICS_FROM` names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response

from models.kernel.shared_limits import SharedWindows
from troth.metrics.registry import CONTENT_TYPE, Metrics
from troth.proxies import Proxies

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from troth.runtime import Runtime

METRICS, PATH = "metrics", "/metrics"
FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-real-ip")


def measure(runtime: Runtime) -> None:
    """Begin to count what a runtime's server and dispatcher do; call it before the first request."""
    metrics = runtime.services[METRICS] = Metrics(runtime)
    runtime.watchers += (metrics.served,)
    runtime.breached = metrics.breached
    runtime.credential_failed = metrics.credential_failed
    if isinstance(runtime.limiter, SharedWindows):
        runtime.limiter.on_away = metrics.store_unavailable
    runtime.services["dispatcher"].deliveries.watch = metrics.sent


class MetricsPage:
    """An ASGI application in front of another one, for one address."""

    def __init__(self, app: ASGIApp, *, runtime: Runtime, documents: dict[str, dict[str, Any]]) -> None:  # noqa: ARG002  as all pages
        self._app, self._runtime = app, runtime
        self._readers = Proxies(runtime.settings.metrics_from)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or not self._may_read(scope):
            await self._app(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            await PlainTextResponse("GET only\n", 405, {"Allow": "GET, HEAD"})(scope, receive, send)
            return
        page = Response(
            await self._runtime.services[METRICS].text(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"}
        )
        await page(scope, receive, send)

    def _may_read(self, scope: Scope) -> bool:
        """Whether the caller is one of the readers. Others get what an unknown address gets.

        A proxy that is not trusted hides who calls: it may run on this machine, whose own address is a reader's.
        """
        headers = dict(scope["headers"])
        peer = (scope.get("client") or (None,))[0]
        client = self._runtime.proxies.client_of(scope, headers).address
        if client is None or (client == peer and any(name in headers for name in FORWARDED)):
            return False
        return self._readers.holds(client)


def worker_page(runtime: Runtime) -> MetricsPage:
    """The same page where nothing else is served."""
    return MetricsPage(PlainTextResponse("Not found\n", 404), runtime=runtime, documents={})

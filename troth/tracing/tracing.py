"""Spans of requests, statements and deliveries, in OpenTelemetry's semantic conventions.

The trace context of a request (W3C Trace Context) is written with each event that it causes, so that the delivery,
which may be another process's and hours later, is a span of the same trace; receivers get it as `traceparent`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import event

from models.kernel import statement_observer
from models.outbox.outbox import TRACE_CONTEXT, TRACEPARENT
from troth import __version__

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from opentelemetry.sdk.trace import TracerProvider
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from troth.outbox.outgoing import Sender, SendResult
    from troth.runtime import Runtime
    from troth.served import Served

PROPAGATOR = TraceContextTextMapPropagator()
SYSTEMS = {"sqlite": "sqlite", "postgresql": "postgresql"}
FAILED, REFUSED = 500, 400
QUIET_PATHS = frozenset({"/metrics", "/_health/live", "/_health/ready"})
"""Addresses that machines poll every few seconds: not traced."""
_SPAN = "troth.span"


class _HeaderGetter(Getter[dict[bytes, bytes]]):
    """Reads headers as ASGI has them: bytes, in lower case."""

    def get(self, carrier: dict[bytes, bytes], key: str) -> list[str] | None:
        value = carrier.get(key.lower().encode())
        return None if value is None else [value.decode("latin-1")]

    def keys(self, carrier: dict[bytes, bytes]) -> list[str]:
        return [name.decode("latin-1") for name in carrier]


HEADERS = _HeaderGetter()


class Tracing:
    """Makes the spans of a runtime."""

    def __init__(self, runtime: Runtime, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("troth", __version__)
        self._system = SYSTEMS[runtime.storage.engine.dialect.name]

    def close(self) -> None:
        """Send what has been gathered; waits some seconds at most."""
        self._provider.shutdown()

    # Requests

    def request_span(self, scope: Scope) -> Span:
        """The span of a request, within the trace of its caller."""
        caller = PROPAGATOR.extract(dict(scope["headers"]), getter=HEADERS)
        return self._tracer.start_span(
            scope["method"],
            caller,
            SpanKind.SERVER,
            {
                "http.request.method": scope["method"],
                "url.path": scope["path"],
                "url.scheme": scope["scheme"],
                "network.protocol.version": scope["http_version"],
            },
        )

    def served(self, one: Served) -> None:
        """Name the present span after the operation that has answered; its path's parameters are in `url.path` only."""
        span = trace.get_current_span()
        if one.api is None:
            return
        span.update_name(f"{one.method} {one.path}")
        span.set_attribute("http.route", one.path)
        for name, value in (
            ("troth.api", one.api),
            ("troth.operation", one.operation),
            ("troth.tenant", one.tenant),
            ("troth.request_id", one.request_id),
        ):
            if value is not None:
                span.set_attribute(name, value)

    # Statements

    def statement_span(self, text: str) -> AbstractContextManager[Any]:
        """A context around a statement; what it is given is not recorded.

        Statements outside of any trace are not traced.
        """
        if not trace.get_current_span().is_recording():
            return nullcontext()
        return self._tracer.start_as_current_span(
            text.split(None, 1)[0].upper(),
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": self._system, "db.query.text": text},
        )

    def before_cursor_execute(self, _connection: Any, _cursor: Any, text: str, *arguments: Any) -> None:
        """Begin the span of a statement of the ORM."""
        execution = arguments[1]
        if execution is not None:
            manager = self.statement_span(text)
            manager.__enter__()
            setattr(execution, _SPAN, manager)

    def after_cursor_execute(self, _connection: Any, _cursor: Any, _text: str, *arguments: Any) -> None:
        """End it."""
        _end(arguments[1], None)

    def handle_error(self, failure: Any) -> None:
        """End the span of a statement that has failed."""
        _end(failure.execution_context, failure.original_exception)

    # Deliveries

    def present(self) -> str | None:
        """The present span as `traceparent`, for the events that are written within it; None outside of a trace that is
        recorded.
        """
        carrier: dict[str, str] = {}
        PROPAGATOR.inject(carrier)
        return carrier.get(TRACEPARENT)

    def delivery_span(self, url: str, headers: MutableMapping[str, str]) -> AbstractContextManager[Span]:
        """A context around a delivery, in the trace of the request that caused its event; `headers` get its
        `traceparent`.
        """
        parts = urlsplit(url)
        return self._tracer.start_as_current_span(
            "POST",
            PROPAGATOR.extract(headers),
            SpanKind.CLIENT,
            {
                "http.request.method": "POST",
                "server.address": parts.hostname or "",
                "url.full": parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl(),
            },
        )


def _end(execution: Any, error: BaseException | None) -> None:
    manager = getattr(execution, _SPAN, None)
    if manager is not None:
        delattr(execution, _SPAN)
        manager.__exit__(type(error) if error is not None else None, error, None)


class TracedApp:
    """An ASGI application whose requests are spans."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app, self._tracing = app, tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET_PATHS:
            await self._app(scope, receive, send)
            return
        with trace.use_span(self._tracing.request_span(scope), end_on_exit=True) as span:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= FAILED:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await self._app(scope, receive, noting)


class TracedSender:
    """A sender whose deliveries are spans."""

    def __init__(self, sender: Sender, tracing: Tracing) -> None:
        self._sender, self._tracing = sender, tracing

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        """Send, as the sender does."""
        carried = dict(headers)
        with self._tracing.delivery_span(url, carried) as span:
            if span.is_recording():
                PROPAGATOR.inject(carried)
            result = await self._sender.send(url, body, carried)
            if result.status is not None:
                span.set_attribute("http.response.status_code", result.status)
            if result.status is None or result.status >= REFUSED:
                span.set_status(Status(StatusCode.ERROR, result.error))
        return result

    async def close(self) -> None:
        await self._sender.close()


def install(runtime: Runtime, provider: TracerProvider) -> Tracing:
    """Trace what a runtime does; call it before the first request, and wrap the application in `TracedApp`."""
    tracing = Tracing(runtime, provider)
    runtime.services[TRACE_CONTEXT] = tracing.present
    runtime.watchers += (tracing.served,)
    dispatcher = runtime.services["dispatcher"]
    dispatcher.sender = TracedSender(dispatcher.sender, tracing)
    statement_observer.observe(tracing.statement_span)
    for name in ("before_cursor_execute", "after_cursor_execute", "handle_error"):
        event.listen(runtime.storage.engine, name, getattr(tracing, name))
    return tracing


def uninstall(tracing: Tracing) -> None:
    """End the tracing of statements, which is the process's."""
    statement_observer.observe(None)
    tracing.close()

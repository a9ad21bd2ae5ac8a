"""uvicorn's HTTP/1.1 protocol with a shorter way from the parser to the application and back.

uvicorn's own takes more time for a small request than all of Troth's validation and handlers. Here a request that has come
whole is begun at once, and goes on in a task only when it has to wait; one timer serves all requests of a kept connection.
Parsing (llhttp, through httptools), the answer to what is no request, shutdown and flow control stay uvicorn's.

An application therefore begins outside of a task: what needs one (`asyncio.timeout`, anyio) is to be reached through
`http_exchange.in_task`. docs/decisions/0007 says what that buys, and which of uvicorn's options it costs.
"""

from __future__ import annotations

from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from troth.http_exchange import Exchange, rest

if TYPE_CHECKING:
    from collections.abc import Coroutine

FRAMING = frozenset({b"content-length", b"transfer-encoding"})
"""Headers of a request that has a body (RFC 9112, section 6)."""

_ASGI = {"version": "3.0", "spec_version": "2.3"}


def _target(url: bytes) -> tuple[bytes, bytes]:
    """Path and query of a request's target, which may name the whole address (RFC 9112, section 3.2)."""
    if url.startswith(b"/") and b"#" not in url:
        path, _, query = url.partition(b"?")
        return path, query
    parsed = httptools.parse_url(url)
    return parsed.path or b"/", parsed.query or b""


async def _cannot_upgrade(_scope: Any, _receive: Any, send: Any) -> None:
    """Answers a request for another protocol that has a body, which the parser does not read."""
    text = b"A request with a body cannot ask for another protocol."
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": text})


class HttpProtocol(HttpToolsProtocol):
    """A connection: what httptools reads becomes exchanges, one after the other."""

    cycle: Exchange  # type: ignore[assignment]  # in the place of uvicorn's RequestResponseCycle
    _idle_since: float | None = None
    _default_headers: Any = None
    _prelude = b""
    _unbegun: Exchange | None = None
    """What has come in part; it is begun at the end of its packet."""
    _running: Exchange | None = None
    """What was begun last; `cycle` is what was read last."""
    prelude_lines = 0

    def prelude(self) -> bytes:
        """The header lines of every answer (the date), which uvicorn renews once a second."""
        headers = self.server_state.default_headers
        if headers is not self._default_headers:
            self._default_headers = headers
            self.prelude_lines = len(headers)
            self._prelude = b"".join([b"%b: %b\r\n" % pair for pair in headers])
        return self._prelude

    def connection_lost(self, exc: Exception | None) -> None:
        self.connections.discard(self)
        for exchange in (self._running, self.cycle):
            if exchange is not None:
                exchange.disconnected = not exchange.response_complete
                exchange.wake()
        self.pipeline.clear()
        self.cycle = self._running = self._unbegun = None  # type: ignore[assignment]  # as at the beginning; they know this connection
        self.flow.resume_writing()
        if exc is None:
            self.transport.close()
        self._unset_keepalive_if_required()
        self.parser = None  # type: ignore[assignment]  # as uvicorn's own

    def data_received(self, data: bytes) -> None:
        self._idle_since = None
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # nothing else is spoken here (RFC 9110, section 7.8); see `on_headers_complete`
        except httptools.HttpParserError:
            self._unbegun = None
            self.logger.warning("Invalid HTTP request received.")
            self.send_400_response("Invalid HTTP request received.")
        unbegun = self._unbegun
        if unbegun is not None:
            self._unbegun = None
            self._go_on(unbegun, unbegun.run())

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        """A request begins here. What is read of its headers later (trailers) is dropped: RFC 9110, section 6.5.1.

        One that asks for another protocol is answered, and is the last of its connection: the parser reads no body of it, and
        would take one for the next request.
        """
        self._idle_since = None
        parser = self.parser
        version = parser.get_http_version()
        raw_path, query = _target(self.url)
        path = raw_path.decode("ascii")
        headers, self.headers = self.headers, []
        scope = {
            "type": "http", "asgi": _ASGI, "http_version": version, "server": self.server, "client": self.client, "scheme": self.scheme,
            "method": parser.get_method().decode("ascii"), "root_path": "", "path": unquote(path) if "%" in path else path,
            "raw_path": raw_path, "query_string": query, "headers": headers, "state": self.app_state.copy(), "extensions": {},
        }
        app: Any = self.app
        keep_alive = version != "1.0" and parser.should_keep_alive()
        if parser.should_upgrade():
            keep_alive = False
            if any(name in FRAMING and value != b"0" for name, value in headers):
                app = _cannot_upgrade
        elif self.limit_concurrency is not None and max(len(self.connections), len(self.tasks)) >= self.limit_concurrency:
            self.logger.warning("Exceeded concurrency limit.")
            app = service_unavailable
        before = self.cycle
        exchange = Exchange(self, app, scope, keep_alive=keep_alive, expects_continue=self.expect_100_continue)
        self.cycle = exchange
        if before is None or before.response_complete:
            self._unbegun = exchange
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((exchange, app))  # type: ignore[arg-type]  # exchanges, as in `cycle`

    def _begin(self, exchange: Exchange) -> None:
        """Run an exchange as far as it comes without waiting; most are over then."""
        self._running = exchange
        running, context = exchange.run(), copy_context()
        try:
            awaited = context.run(running.send, None)
        except StopIteration:
            return
        self._go_on(exchange, running if awaited is None else rest(running, awaited), context)

    def _go_on(self, exchange: Exchange, running: Coroutine[Any, Any, None], context: Context | None = None) -> None:
        self._running = exchange
        task = self.loop.create_task(running, context=context)
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def on_body(self, body: bytes) -> None:
        exchange = self.cycle
        if exchange.response_complete:
            return
        exchange.body = exchange.body + body if exchange.body else body
        if len(exchange.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        exchange.wake()

    def on_message_complete(self) -> None:
        exchange = self.cycle
        if not exchange.response_complete:
            exchange.more_body = False
            exchange.wake()
            if exchange is self._unbegun:
                self._unbegun = None
                self._begin(exchange)

    def on_response_complete(self) -> None:
        """Go on with what the client has sent meanwhile, or wait for its next request for a while."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            self.flow.resume_reading()
        if self.pipeline:
            exchange: Exchange = self.pipeline.pop()[0]  # type: ignore[assignment]  # exchanges, as in `cycle`
            self._go_on(exchange, exchange.run())
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._watch(self.timeout_keep_alive)

    def _watch(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has been idle for the time; one timer serves many requests."""
        self.timeout_keep_alive_task = None
        if self._idle_since is None or self.transport.is_closing():
            return  # the next answer sets it again
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._watch(left)
        else:
            self.transport.close()

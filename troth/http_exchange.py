"""One request and its answer over HTTP/1.1, as ASGI has them: a scope, `receive` and `send`.

Unlike uvicorn's own it makes what few requests need when it is needed: an event to wait on, a head as a write of its own.
`respond` is an extension for answers that are there whole. See `http_protocol`, and docs/decisions/0007.

Sources: the ASGI specification's HTTP connection scope; RFC 9112 for messages.
"""

from __future__ import annotations

import asyncio
import re
import types
from collections.abc import Callable, Coroutine, Generator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HEADER_RE, STATUS_LINE

if TYPE_CHECKING:
    from troth.http_protocol import HttpProtocol

RESPOND = "troth.respond"
"""An ASGI extension: `scope["extensions"][RESPOND](status, headers, body) -> bool` sends a whole answer in one call.

`headers` have a Content-Length where the status allows one. False says that it cannot be sent now: use `send`, which waits.
"""

BODILESS = frozenset({204, 304})
"""Statuses whose answers have no body, besides those to HEAD (RFC 9110, section 6.4.1)."""

OVER: dict[str, Any] = {}
"""The scope of an exchange that is over."""

_CONTROLS = bytes(byte for byte in (*range(32), 127) if byte != ord("\t"))
_BAD_VALUE = re.compile(b"[\x00-\x08\x0a-\x1f\x7f]")
_FAILED: dict[str, Any] = {
    "type": "http.response.start", "status": 500,
    "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"21"), (b"connection", b"close")],
}
_FAILED_BODY: dict[str, Any] = {"type": "http.response.body", "body": b"Internal Server Error"}


async def in_task() -> None:
    """Go on in a task of one's own, if not in one already."""
    if asyncio.current_task() is None:
        await asyncio.sleep(0)


@types.coroutine
def _steps(begun: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    while True:
        try:
            value = yield awaited
        except BaseException as error:  # a cancellation, or what the future ended in
            step: Callable[[], Any] = partial(begun.throw, error)
        else:
            step = partial(begun.send, value)
        try:
            awaited = step()
        except StopIteration:
            return


async def rest(begun: Coroutine[Any, Any, None], awaited: Any) -> None:
    """Go on, in a task, with a coroutine that has begun outside of one and waits for a future."""
    await _steps(begun, awaited)


class Exchange:
    """One request and its answer, as an application sees them: a scope, `receive` and `send`."""

    __slots__ = (
        "_event", "_head", "_left", "app", "body", "chunked", "disconnected", "expects_continue", "keep_alive", "more_body",
        "news", "protocol", "response_complete", "scope", "started",
    )

    def __init__(self, protocol: HttpProtocol, app: Any, scope: dict[str, Any], *, keep_alive: bool, expects_continue: bool) -> None:
        self.protocol = protocol
        self.app = app
        self.scope = scope
        scope["extensions"][RESPOND] = self.respond
        self.keep_alive = keep_alive
        self.expects_continue = expects_continue
        self.body = b""
        self.more_body = True
        self.news = False
        self.disconnected = self.started = self.response_complete = self.chunked = False
        self._event: asyncio.Event | None = None
        self._head = b""
        self._left = 0

    def wake(self) -> None:
        """Something has come that `receive` may be waiting for."""
        self.news = True
        if self._event is not None:
            self._event.set()

    async def run(self) -> None:
        """Run the application; what it leaves undone ends in a 500, or in a closed connection once bytes have left."""
        protocol = self.protocol
        try:
            await self.app(self.scope, self.receive, self.send)
            if not self.response_complete and not self.disconnected:
                protocol.logger.error("The application returned without completing its answer.")
                await self._fail()
        except GeneratorExit:  # its task was cancelled before it began: nobody waits any more
            raise
        except BaseException as error:
            protocol.logger.exception("Exception in ASGI application")
            await self._fail()
            if not isinstance(error, Exception):
                raise
        finally:
            self.scope = OVER  # which holds `respond`, and so this exchange: nothing of a request is left to the garbage collector

    async def _fail(self) -> None:
        """Answer 500 where nothing has left yet, else close: the client must not take a part for the whole."""
        if self.response_complete or self.disconnected:
            return
        if self.started and not self._head:
            self.protocol.transport.close()
            return
        self.started = False
        await self.send(_FAILED)
        await self.send(_FAILED_BODY)

    async def receive(self) -> dict[str, Any]:
        """What has come of the body since the last call, or that the client has left (`http.disconnect`)."""
        protocol = self.protocol
        if self.expects_continue and not protocol.transport.is_closing():
            protocol.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.expects_continue = False
        if not self.disconnected and not self.response_complete:
            protocol.flow.resume_reading()
            if not self.news:
                await self._wait()
        self.news = False
        if self.disconnected or self.response_complete:
            return {"type": "http.disconnect"}
        body, self.body = self.body, b""
        return {"type": "http.request", "body": body, "more_body": self.more_body}

    async def _wait(self) -> None:
        if self._event is None:
            self._event = asyncio.Event()
        self._event.clear()
        await self._event.wait()

    async def send(self, message: dict[str, Any]) -> None:
        """Take the head of the answer, then its body, whose first piece leaves together with the head."""
        flow = self.protocol.flow
        if flow.write_paused and not self.disconnected:
            await flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if not self.started:
            if kind != "http.response.start":
                raise RuntimeError(f"Expected ASGI message 'http.response.start', but got '{kind}'.")
            self._start(message["status"], message.get("headers", ()))
        elif self.response_complete:
            raise RuntimeError(f"Unexpected ASGI message '{kind}' sent, after response already completed.")
        elif kind != "http.response.body":
            raise RuntimeError(f"Expected ASGI message 'http.response.body', but got '{kind}'.")
        else:
            self._write(message.get("body", b""), more=message.get("more_body", False))

    def respond(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
        """Send a whole answer (see RESPOND). Raises RuntimeError for control characters in a header."""
        protocol = self.protocol
        if protocol.flow.write_paused:
            return False
        if self.disconnected:
            return True
        lines = [STATUS_LINE[status], protocol.prelude()]
        for name, value in headers:
            lines += (name, b": ", value, b"\r\n")
        head = b"".join(lines)
        ends = len(headers) + 1 + protocol.prelude_lines
        if head.count(b"\r\n") != ends or len(head.translate(None, _CONTROLS)) != len(head) - 2 * ends:
            raise RuntimeError("Invalid HTTP header.")
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        protocol.transport.write(b"".join((head, end, body)))
        self.started = True
        self._complete()
        return True

    def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Put the head together; it waits for the first piece of the body, as the specification has it."""
        protocol = self.protocol
        parts = [STATUS_LINE[status], protocol.prelude()]
        framed = closes = self.chunked = False
        self._left = 0
        values = []
        for name, value in headers:
            prefix = _PREFIXES.get(name) or _prefix(name)
            if prefix is _LENGTH and not framed:
                framed, self._left = True, int(value)
            elif prefix is _ENCODING and value.lower() == b"chunked":
                framed = self.chunked = True
                self._left = 0
            elif prefix is _CONNECTION and b"close" in [token.strip() for token in value.lower().split(b",")]:
                closes, self.keep_alive = True, False
            values.append(value)
            parts += (prefix, value, b"\r\n")
        if _BAD_VALUE.search(b"\t".join(values)):
            raise RuntimeError("Invalid HTTP header value.")
        if not self.keep_alive and not closes:
            parts.append(b"connection: close\r\n")
        if not framed and self.scope["method"] != "HEAD" and status not in BODILESS:
            self.chunked = True
            parts.append(b"transfer-encoding: chunked\r\n")
        parts.append(b"\r\n")
        self._head = b"".join(parts)
        self.started = True
        self.expects_continue = False

    def _write(self, body: bytes, *, more: bool) -> None:
        data, self._head = self._head, b""
        if self.scope["method"] == "HEAD":
            self._left = 0
        elif self.chunked:
            if body:
                data = b"%b%x\r\n%b\r\n" % (data, len(body), body)
            if not more:
                data += b"0\r\n\r\n"
        else:
            self._left -= len(body)
            if self._left < 0:
                self._head = data
                raise RuntimeError("Response content longer than Content-Length")
            data += body
        if not more and self._left:
            self._head = data if len(data) > len(body) else b""
            raise RuntimeError("Response content shorter than Content-Length")
        self.protocol.transport.write(data)
        if not more:
            self._complete()

    def _complete(self) -> None:
        self.response_complete = True
        if self._event is not None:
            self._event.set()
        if not self.keep_alive:
            self.protocol.transport.close()
        self.protocol.on_response_complete()


_LENGTH, _ENCODING, _CONNECTION = b"content-length: ", b"transfer-encoding: ", b"connection: "
_PREFIXES = {prefix[:-2]: prefix for prefix in (_LENGTH, _ENCODING, _CONNECTION)}
_PREFIXES_MAX = 1_024


def _prefix(name: bytes) -> bytes:
    """A header's name as it is written, checked and remembered. Raises RuntimeError."""
    if HEADER_RE.search(name) or not name:
        raise RuntimeError("Invalid HTTP header name.")
    lower = name.lower()
    prefix = _PREFIXES.get(lower, lower + b": ")
    if len(_PREFIXES) < _PREFIXES_MAX:
        _PREFIXES[bytes(name)] = prefix
    return prefix

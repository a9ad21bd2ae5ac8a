"""uvicorn's HTTP/1.1 protocol with less work for each answer.

* Head and body leave in one write: uvicorn writes them one after the other, which costs a second system call and a second
  packet for nearly every answer.
* Headers are looked at once, as the block of bytes that they become; uvicorn runs two regular expressions on each.
* The timer that closes idle connections is set once in a while; uvicorn sets and cancels one for each request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_BODY = frozenset({204, 304})


class LeanCycle(RequestResponseCycle):
    """One request and its answer."""

    head: bytes | None = None
    """The head of an answer whose body has not begun yet."""

    async def send(self, message: Any) -> None:
        """Take a message of the application (ASGI, `http.response.start` and `http.response.body`)."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if not self.response_started:
            if kind != "http.response.start":
                raise RuntimeError(f"an answer begins with http.response.start, not with {kind}")
            self.response_started = True
            self.waiting_for_100_continue = False
            self.head = self._head(message["status"], message.get("headers", ()))
        elif self.response_complete:
            raise RuntimeError(f"{kind} came after the end of an answer")
        elif kind != "http.response.body":
            raise RuntimeError(f"an answer goes on with http.response.body, not with {kind}")
        else:
            self._write(message.get("body", b""), more=message.get("more_body", False))

    def _head(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
        """Status line and headers. Raises RuntimeError for a header that would be more than one."""
        content = [STATUS_LINE[status]]
        lines, closes = 2, False
        for name, value in (*self.default_headers, *headers):
            lowered, lines = name.lower(), lines + 1
            if lowered == b"content-length" and self.chunked_encoding is None:
                self.expected_content_length, self.chunked_encoding = int(value), False
            elif lowered == b"transfer-encoding" and value.lower() == b"chunked":
                self.expected_content_length, self.chunked_encoding = 0, True
            elif lowered == b"connection" and b"close" in [token.strip() for token in value.lower().split(b",")]:
                self.keep_alive, closes = False, True
            content += (lowered, b": ", value, b"\r\n")
        if not self.keep_alive and not closes:
            content.append(b"connection: close\r\n")
            lines += 1
        if self.chunked_encoding is None and self.scope["method"] != "HEAD" and status not in NO_BODY:
            self.chunked_encoding = True
            content.append(b"transfer-encoding: chunked\r\n")
            lines += 1
        content.append(b"\r\n")
        head = b"".join(content)
        if head.count(b"\n") != lines or head.count(b"\r") != lines or b"\0" in head:
            raise RuntimeError("a header of the answer holds a line break or a NUL")
        return head

    def _write(self, body: bytes, *, more: bool) -> None:
        """Write a piece of the body, the head before the first one. Raises RuntimeError for a body of another length."""
        if self.scope["method"] == "HEAD":
            self.expected_content_length, body = 0, b""
        elif self.chunked_encoding:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            if not more:
                body += b"0\r\n\r\n"
        else:
            self.expected_content_length -= len(body)
            if self.expected_content_length < 0:
                raise RuntimeError("the body is longer than its content-length")
        if self.head is not None:
            body, self.head = self.head + body, None
        if body:
            self.transport.write(body)
        if not more:
            self._end()

    def _end(self) -> None:
        if self.expected_content_length != 0:
            raise RuntimeError("the body is shorter than its content-length")
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


class LeanProtocol(HttpToolsProtocol):
    """One connection."""

    idle_since: float | None = None
    """When the last answer was complete, on the loop's clock; None while a request is under way."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        # uvicorn names the class of its cycles nowhere but where it makes them; nothing of this one has run yet.
        cycle.__class__ = LeanCycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Go on with a request that was sent before the last answer was complete, or begin to wait for the next one."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self.idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was idle for so long; look again later at one that was not."""
        self.timeout_keep_alive_task = None
        if self.idle_since is None or self.transport.is_closing():
            return
        left = self.idle_since + self.timeout_keep_alive - self.loop.time()
        if left <= 0:
            self.transport.close()
        else:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        """Something was received: the timer finds that out by itself."""
        self.idle_since = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and with it the timer."""
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None

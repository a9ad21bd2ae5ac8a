"""Calls that the mock makes to itself, in the process: replays, and what the dashboard reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from troth.request.middleware import CompiledMiddleware

LOCAL = ("127.0.0.1", 0)


class Answered(NamedTuple):
    """What a call was answered."""

    status: int
    body: bytes


class Caller:
    """Sends requests to one sandbox."""

    def __init__(self, app: CompiledMiddleware, sandbox_id: str) -> None:
        self._app, self._root = app, b"/sandbox/" + sandbox_id.encode()

    async def __call__(
        self, method: str, raw_path: bytes, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> int:
        """Send a request and wait for its answer; the status."""
        return (await self.send(method, raw_path, query, headers, body)).status

    async def send(
        self, method: str, raw_path: bytes, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> Answered:
        """Send a request and wait for its answer."""
        raw_path = self._root + raw_path
        statuses: list[int] = []
        parts: list[bytes] = []
        left = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return left.pop() if left else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            else:
                parts.append(message.get("body", b""))

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw_path.decode("latin-1")),
            "raw_path": raw_path,
            "root_path": "",
            "query_string": query,
            "headers": list(headers.items()),
            "client": LOCAL,
            "server": None,
        }
        await self._app(scope, receive, send)
        return Answered(statuses[0], b"".join(parts))

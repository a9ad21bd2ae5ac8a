"""Calls that the mock makes to itself, in the process: replays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from troth.request.middleware import CompiledMiddleware

LOCAL = ("127.0.0.1", 0)


class Caller:
    """Sends requests to one sandbox."""

    def __init__(self, app: CompiledMiddleware, sandbox_id: str) -> None:
        self._app, self._root = app, b"/sandbox/" + sandbox_id.encode()

    async def __call__(
        self, method: str, raw_path: bytes, query: bytes, headers: Mapping[bytes, bytes], body: bytes
    ) -> int:
        """Send a request and wait for its answer; the status."""
        raw_path = self._root + raw_path
        statuses: list[int] = []
        left = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return left.pop() if left else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

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
        return statuses[0]

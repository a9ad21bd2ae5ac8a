"""Raw ASGI calls, for what no well-behaved HTTP client sends."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson


@dataclass
class RawAnswer:
    """An answer as it was sent. Header names are lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return orjson.loads(self.body)


async def call(
    app: Any,
    method: str,
    target: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    chunks: Iterable[bytes] = (b"",),
    disconnect: bool = False,
) -> RawAnswer:
    """One request. `target` is the encoded path and query; `disconnect` ends the body by leaving, not by finishing."""
    raw_path, _, query = target.partition("?")
    pieces = list(chunks)
    messages = [
        {"type": "http.request", "body": piece, "more_body": disconnect or n < len(pieces) - 1}
        for n, piece in enumerate(pieces)
    ]
    answer = RawAnswer()

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "path": unquote_to_bytes(raw_path).decode("utf-8", "replace"),
        "raw_path": raw_path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "scheme": "http",
        "server": ("localhost", 8080),
        "client": ("203.0.113.9", 1234),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    }
    await app(scope, receive, send)
    return answer


def run(app: Any, *arguments: Any, **options: Any) -> RawAnswer:
    """`call` from a plain function."""
    return asyncio.run(call(app, *arguments, **options))

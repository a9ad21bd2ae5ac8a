"""Faults of a transport: answers that come slowly, in part, broken, or not at all."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from troth.request.exchange import Headers, Send, Transmit

EMPTY, TRUNCATED, MALFORMED, DROPPED = "empty", "truncated", "malformed", "dropped"
CHUNK_S = 0.05
"""Between two pieces of a throttled body."""


class ConnectionDropped(Exception):
    """The connection is to end without an answer."""


async def _start(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


def _with_length(headers: Headers, length: int) -> Headers:
    return [(name, value) for name, value in headers if name != b"content-length"] + [
        (b"content-length", b"%d" % length)
    ]


async def empty(send: Send, status: int, headers: Headers, _body: bytes) -> None:
    """The status and the headers of the answer, and no body."""
    await _start(send, status, _with_length(headers, 0))
    await send({"type": "http.response.body", "body": b""})


async def truncated(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """The length of the whole body, half of it, and the end of the connection."""
    await _start(send, status, _with_length(headers, max(1, len(body))))
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    raise ConnectionDropped


async def malformed(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Half of the body as if it were all: JSON that does not end."""
    half = body[: len(body) // 2]
    await _start(send, status, _with_length(headers, len(half)))
    await send({"type": "http.response.body", "body": half})


async def dropped(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """The headers, the first byte of the body, and the end of the connection: the HTTP server can only end one that it
    has begun to answer.
    """
    await _start(send, status, _with_length(headers, max(2, len(body))))
    await send({"type": "http.response.body", "body": body[:1] or b" ", "more_body": True})
    raise ConnectionDropped


async def throttled(send: Send, status: int, headers: Headers, body: bytes, *, bytes_per_s: int) -> None:
    """The whole body, so many bytes a second."""
    await _start(send, status, headers)
    size = max(1, round(bytes_per_s * CHUNK_S))
    for start in range(0, len(body), size):
        await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
        await asyncio.sleep(min(size, len(body) - start) / bytes_per_s)
    await send({"type": "http.response.body", "body": b""})


KINDS: dict[str, Transmit] = {EMPTY: empty, TRUNCATED: truncated, MALFORMED: malformed, DROPPED: dropped}


def transmit_of(kind: str | None, bytes_per_s: int | None) -> Transmit | None:
    """What sends an answer with a fault; None without one."""
    if kind is not None:
        return KINDS[kind]
    slow: Callable[..., Transmit] = partial
    return None if bytes_per_s is None else slow(throttled, bytes_per_s=bytes_per_s)

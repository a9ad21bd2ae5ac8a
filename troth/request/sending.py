"""Sending answers: what a body's headers say, compression, files."""

from __future__ import annotations

import asyncio
import gzip
import re
from typing import TYPE_CHECKING, Any

from starlette.responses import FileResponse

from handlers.http import plain
from models.kernel.problems import UnknownPath
from troth.log import logger
from troth.request.answers import serialise
from troth.request.browsers import VARY

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from starlette.types import Receive, Scope, Send

    from handlers.http import Answer

GZIP_BYTES_MIN = 1_024
LOOP_GZIP_BYTES_MAX = 256 << 10
"""A larger body is compressed in a thread: a list of a thousand users takes 40 ms."""

NO_CONTENT = 204
CACHE_CONTROL = "cache-control"
NOT_STORED = {CACHE_CONTROL: "no-store"}
"""Of answers that say nothing else. A shared cache may store what was answered to a credential in another header than
Authorization (RFC 9111, section 3.5), such as a user token of SaaSquatch; some store the others, too.
"""
_NOT_STORED = (CACHE_CONTROL.encode(), NOT_STORED[CACHE_CONTROL].encode())
_JSON_TYPE = (b"content-type", b"application/json")
_RANGE = rb"[ \t]*(?:[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})[ \t]*"
_RANGES = re.compile(rb"bytes=" + _RANGE + rb"(?:," + _RANGE + rb")*", re.IGNORECASE)
_BOUNDS = re.compile(rb"([0-9]+)-([0-9]*)")
_NO_GZIP = re.compile(rb"gzip *; *q=0(\.0*)? *(,|$)")


def takes_gzip(accept_encoding: bytes) -> bool:
    """Whether a client takes gzip: it names it, and not with a weight of zero (RFC 9110, section 12.5.3)."""
    return b"gzip" in accept_encoding and _NO_GZIP.search(accept_encoding) is None


async def content(
    method: str, headers: dict[bytes, bytes], answer: Answer, body: bytes, out: list[tuple[bytes, bytes]]
) -> bytes:
    """`_finish`; in a thread for a body that takes long to compress."""
    if len(body) <= LOOP_GZIP_BYTES_MAX:
        return _finish(method, headers, answer, body, out)
    return await asyncio.to_thread(_finish, method, headers, answer, body, out)


def _finish(
    method: str, headers: dict[bytes, bytes], answer: Answer, body: bytes, out: list[tuple[bytes, bytes]]
) -> bytes:
    """Add the headers of the body, and return it as it is sent: compressed when asked for, nothing for HEAD."""
    if not answer.headers or all(name.lower() != CACHE_CONTROL for name in answer.headers):
        out.append(_NOT_STORED)
    if answer.empty or len(body) <= GZIP_BYTES_MIN:
        out.append(VARY)
    if not answer.empty:
        out.append(
            _JSON_TYPE if answer.content_type == "application/json" else (b"content-type", answer.content_type.encode())
        )
        if len(body) > GZIP_BYTES_MIN:
            out.append((b"vary", b"Origin, Accept-Encoding"))
            if takes_gzip(headers.get(b"accept-encoding", b"")):
                body = gzip.compress(body, 5, mtime=0)
                out.append((b"content-encoding", b"gzip"))
    if answer.status != NO_CONTENT:
        out.append((b"content-length", b"%d" % len(body)))
    return b"" if method == "HEAD" else body


async def send_bytes(
    send: Send, method: str, headers: dict[bytes, bytes], answer: Answer, body: bytes, out: list[tuple[bytes, bytes]]
) -> None:
    """Send an answer whose body is in memory, compressed where the client takes that."""
    content = _finish(method, headers, answer, body, out)
    await send({"type": "http.response.start", "status": answer.status, "headers": out})
    await send({"type": "http.response.body", "body": content})


async def send_file(scope: Scope, receive: Receive, send: Send, answer: Answer, out: list[tuple[bytes, bytes]]) -> None:
    """Stream a file in pieces; ranges, also conditional ones (If-Range), are Starlette's."""
    if answer.file is None or not answer.file.is_file():
        logger.error("file is gone", file=str(answer.file))
        await send_bytes(send, "GET", {}, plain(UnknownPath()), serialise(plain(UnknownPath())), out)
        return
    response = FileResponse(answer.file, status_code=answer.status, media_type=answer.content_type)

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":  # also that of a 416, which is an answer of its own
            message["headers"] = [*message["headers"], *out, VARY]
        await send(message)

    await response(_with_usable_range(scope), receive, sending)


def _with_usable_range(scope: Scope) -> Scope:
    """The scope without a Range that is to be ignored (RFC 9110, section 14.2): one of HEAD, of another unit than
    bytes, or one that cannot be read. Starlette answers the first with 206, the others with 400.
    """
    ranges = [value for name, value in scope["headers"] if name == b"range"]
    if not ranges or (scope["method"] == "GET" and all(_is_usable(value) for value in ranges)):
        return scope
    return {**scope, "headers": [line for line in scope["headers"] if line[0] != b"range"]}


def _is_usable(ranges: bytes) -> bool:
    return _RANGES.fullmatch(ranges) is not None and all(
        not last or int(first) <= int(last) for first, last in _BOUNDS.findall(ranges)
    )

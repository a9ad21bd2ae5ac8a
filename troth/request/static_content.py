"""Content that stays the same while the server runs, for clients that keep it: with a validator, so that they need not
load it again (RFC 9110, section 13), and compressed once for all.
"""

from __future__ import annotations

import asyncio
import gzip
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from troth.request.sending import GZIP_BYTES_MIN, takes_gzip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

READING = ("GET", "HEAD")
"""The methods of pages and static content."""

CHECKED = {"Cache-Control": "no-cache"}
"""Kept by clients, who ask each time whether it is still current: it may change with the version of the server."""

TAG_DIGITS = 32
_STARLETTE = StaticFiles()


class StaticContent:
    """An ASGI application that answers GET and HEAD with the same bytes each time, or with 304 a client who has them.

    The entity tag is made of the bytes, so that all processes and restarts of a version agree on it. The compressed
    form has a tag of its own, since a strong one stands for the very bytes that are sent (RFC 9110, section 8.8.3.3).
    """

    def __init__(self, content: bytes, media_type: str, headers: Mapping[str, str]) -> None:
        self._content, self._media_type, self._headers = content, media_type, headers
        self._tag = sha256(content).hexdigest()[:TAG_DIGITS]
        self._has_forms = len(content) > GZIP_BYTES_MIN
        self._plain = self._response(content)
        self._gzipped: Response | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        response = self._plain
        if self._has_forms and takes_gzip(headers.get("accept-encoding", "").encode("latin-1")):
            response = await self._compressed()
        if _STARLETTE.is_not_modified(response.headers, headers):
            response = NotModifiedResponse(response.headers)
        await response(scope, receive, send)

    async def _compressed(self) -> Response:
        if self._gzipped is None:  # in a thread: a bundle of scripts takes longer than a request may
            compressed = await asyncio.to_thread(gzip.compress, self._content, mtime=0)
            self._gzipped = self._response(compressed, "gzip")
        return self._gzipped

    def _response(self, content: bytes, coding: str = "") -> Response:
        headers = {**self._headers, "ETag": f'"{self._tag}-{coding}"' if coding else f'"{self._tag}"'}
        if coding:
            headers["Content-Encoding"] = coding
        if self._has_forms:
            headers["Vary"] = "Accept-Encoding"
        return Response(content, media_type=self._media_type, headers=headers)

"""Connections of the sender that are kept between requests.

httpcore says when a connection can be used again, and so lets others keep them. Its own pool looks at all of its
connections at the begin and the end of each request, which is a third of the CPU time of a webhook.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpcore2
import httpx2

from models.kernel.clock import monotonic_s
from troth.outbox.guarded_network import GuardedBackend

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

Origin = tuple[bytes, bytes, int | None]
"""Scheme, host and port of a URL."""

KEPT_S = 5.0
"""How long a connection is kept without a request: shorter than most receivers keep theirs."""
KEPT_MAX = 100
"""Connections without a request, of all origins together."""


class Connections:
    """Connections over the guarded network, each for one request at a time.

    No redirects, cookies or proxies. For one event loop.
    """

    def __init__(self, *, private: bool) -> None:
        self._backend = GuardedBackend(private=private)
        self._context: ssl.SSLContext | None = None
        self._reading = asyncio.Lock()
        self._idle: OrderedDict[httpcore2.AsyncHTTPConnection, tuple[Origin, float]] = OrderedDict()
        """With its origin and the time from which it is not kept any more; who came first ends first."""
        self._of: dict[Origin, list[httpcore2.AsyncHTTPConnection]] = {}
        """The same ones by origin, the one that was used last at the end."""

    @asynccontextmanager
    async def lent(self, url: httpcore2.URL) -> AsyncIterator[httpcore2.AsyncHTTPConnection]:
        """A connection to where a URL leads; a new one is dialled by its first request.

        After the block it is kept if its answer was read to the end, and else closed.
        """
        origin = (url.scheme, url.host, url.port)
        connection = await self._taken(origin) or await self._new(url)
        try:
            yield connection
        finally:
            if connection.is_available():
                self._idle[connection] = origin, monotonic_s() + KEPT_S
                self._of.setdefault(origin, []).append(connection)
            elif not connection.is_closed():
                await connection.aclose()
            await self._close_oldest()

    async def _new(self, url: httpcore2.URL) -> httpcore2.AsyncHTTPConnection:
        context = await self._trusted() if url.scheme == b"https" else None
        return httpcore2.AsyncHTTPConnection(
            url.origin, ssl_context=context, keepalive_expiry=KEPT_S, network_backend=self._backend
        )

    async def _trusted(self) -> ssl.SSLContext:
        """With the certificates that are trusted.

        They are read for the first address that begins with https: they take 1.4 MB, which many mocks never need. In a
        thread: it takes a while, in which the loop can answer requests.
        """
        async with self._reading:
            if self._context is None:
                self._context = await asyncio.to_thread(httpx2.create_ssl_context, trust_env=False)
            return self._context

    async def _taken(self, origin: Origin) -> httpcore2.AsyncHTTPConnection | None:
        """The connection of an origin that was used last.

        One that the receiver has closed, or sent something on unasked, is closed.
        """
        while origin in self._of:
            connection = self._of[origin][-1]
            self._forget(connection)
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def _close_oldest(self) -> None:
        """Close what has been kept long enough, and what is too many."""
        now_s = monotonic_s()
        while self._idle:
            connection, (_, until_s) = next(iter(self._idle.items()))
            if until_s > now_s and len(self._idle) <= KEPT_MAX:
                return
            self._forget(connection)
            await connection.aclose()

    def _forget(self, connection: httpcore2.AsyncHTTPConnection) -> None:
        origin, _ = self._idle.pop(connection)
        self._of[origin].remove(connection)
        if not self._of[origin]:
            del self._of[origin]

    async def aclose(self) -> None:
        """Close those without a request."""
        while self._idle:
            connection = next(iter(self._idle))
            self._forget(connection)
            await connection.aclose()

"""The network that calls to addresses from users go through: no address that is out of bounds, and no endless answer.

The check is made on the address that is dialled, after the name was resolved, so that neither a name that points inside
nor one that changes between check and call gets through.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import select
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2

from models.outbox.addresses import may_call
from troth.outbox.name_lookups import NameLookups

RECEIVED_BYTES_MAX = 256 << 10
"""How much is received for one request: informational answers, headers and body."""


class ForbiddenAddress(httpcore2.ConnectError):
    """The name resolves to nothing but addresses that may not be called."""


class BoundedStream(httpcore2.AsyncNetworkStream):
    """A connection that fails when more than RECEIVED_BYTES_MAX come after a request.

    Informational answers (1xx) are skipped by the client, however many there are: without the limit, a receiver that
    sends nothing else keeps the event loop busy with parsing them until the timeout.
    """

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner
        self._received = 0
        self._unsent = bytearray()
        self._socket = inner.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  httpcore's
        await self._send(timeout)
        data = await self._inner.read(max_bytes, timeout)
        self._received += len(data)
        if self._received > RECEIVED_BYTES_MAX:
            raise httpcore2.ReadError(f"more than {RECEIVED_BYTES_MAX} bytes were received")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109  httpcore's
        # Head and body come apart, and are sent together when the answer is waited for: half the system calls and
        # packets.
        self._received = 0  # a request begins: connections are used again
        self._unsent += buffer

    async def _send(self, timeout: float | None) -> None:  # noqa: ASYNC109  httpcore's
        if self._unsent:
            data = bytes(self._unsent)
            self._unsent.clear()
            # As httpcore has it: a receiver may answer and close before it has read everything.
            with contextlib.suppress(httpcore2.WriteError):
                await self._inner.write(data, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        return BoundedStream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        # The pool asks each idle connection at each request whether it was closed. The inner stream collects all
        # attributes of the connection for it, with system calls: 7 % of a delivery.
        if info == "is_readable" and self._socket is not None and hasattr(select, "poll"):
            return _is_readable(self._socket.fileno())
        return self._inner.get_extra_info(info)


def _is_readable(descriptor: int) -> bool:
    """Whether a socket has something to read, or was closed. An idle connection that has is not used again."""
    if descriptor < 0:
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Resolves names itself and dials only addresses that may be called."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._inner = httpcore2.AnyIOBackend()
        self._lookups = NameLookups()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first of the host's allowed addresses that answers."""
        failure: Exception = ForbiddenAddress(f"{host} is not an address that may be called")
        for address in await self._resolve(host, port):
            if not may_call(address, private=self._private):
                continue
            try:
                return BoundedStream(
                    await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _resolve(self, host: str, port: int) -> list[str]:
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        try:
            return await self._lookups.addresses(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} cannot be resolved: {error}") from error

    async def connect_unix_socket(self, path: str, *_options: Any, **_more: Any) -> httpcore2.AsyncNetworkStream:
        raise ForbiddenAddress(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

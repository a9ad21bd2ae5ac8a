"""Calls to addresses that users have given: no proxies, no redirects, no cookies, and no address that is out of bounds.

The check is made on the address that is dialled, after the name was resolved, so that neither a name that points inside
nor one that changes its mind between check and call gets through.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpcore2
import httpx2

from models.clock import SECOND_MS, monotonic_s, wall_ms
from models.outbox import ANSWER_CHARACTERS_MAX
from troth import __version__

TIMEOUT_S = 15.0
ANSWER_BYTES_MAX = 64 << 10
RETRY_AFTER_DIGITS_MAX = 9
CONNECTIONS_MAX = 100
USER_AGENT = f"troth/{__version__}"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class ForbiddenAddress(httpcore2.ConnectError):
    """The name resolves to nothing but addresses that may not be called."""


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came of a call: a status with the start of the answer, or an error; `duration_ms` is wall time.

    `retry_after_s` is the answer's Retry-After, in whole seconds from now.
    """

    status: int | None
    answer: str | None = None
    error: str | None = None
    duration_ms: int = 0
    retry_after_s: int | None = None


class Sender(Protocol):
    """Sends a POST and never raises."""

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        """The endpoint's status and the first 2,048 characters of its answer, or why there is none."""

    async def close(self) -> None:
        """Close what is open."""


@dataclass
class NullSender:
    """Calls nobody, keeps what it was given, and answers with `status`. For tests."""

    status: int = 200
    calls: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        self.calls.append((url, body, headers))
        return SendResult(self.status, "")

    async def close(self) -> None:
        """Nothing is open."""


def _meanings(address: Address) -> list[Address]:
    """What is really reached: an IPv6 address may stand for an IPv4 one (mapped, NAT64) or lead to one (6to4, Teredo)."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)]
    return [address, *(inner for inner in (address.sixtofour, *(address.teredo or ())) if inner is not None)]


def may_call(text: str, *, private: bool) -> bool:
    """Whether an IP address may be dialled. Link-local ones (cloud metadata) never; others inside when `private`."""
    try:
        meanings = _meanings(ipaddress.ip_address(text))
    except ValueError:
        return False
    if any(meant.is_link_local for meant in meanings):
        return False
    return private or all(meant.is_global and not meant.is_multicast and not meant.is_reserved for meant in meanings)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Resolves names itself and dials only addresses that may be called."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,  # noqa: ASYNC109  httpcore's
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first of the host's allowed addresses that answers."""
        failure: Exception = ForbiddenAddress(f"{host} is not an address that may be called")
        for address in await self._resolve(host, port):
            if not may_call(address, private=self._private):
                continue
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _resolve(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} cannot be resolved: {error}") from error
        return list(dict.fromkeys(str(address[4][0]) for address in found))

    async def connect_unix_socket(self, path: str, *_options: Any, **_more: Any) -> httpcore2.AsyncNetworkStream:
        raise ForbiddenAddress(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's transport over a guarded network. A transport follows no redirects and keeps no cookies."""

    def __init__(self, *, private: bool, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context, max_connections=CONNECTIONS_MAX, max_keepalive_connections=20, keepalive_expiry=5.0,
            network_backend=GuardedBackend(private=private),
        )


class HttpSender:
    """Sends over the network. `private` allows loopback and private addresses (mock mode)."""

    def __init__(self, *, private: bool, timeout_s: float = TIMEOUT_S) -> None:
        self._private = private
        self._timeout_s = timeout_s
        self._transport: GuardedTransport | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()

    async def _open(self) -> GuardedTransport:
        """The transport of the running loop, made at the first call.

        The trusted certificates are read in a thread: it takes a while, in which the loop can answer requests.
        """
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._transport, self._loop, self._opening = None, loop, asyncio.Lock()
        async with self._opening:
            if self._transport is None:
                context = await asyncio.to_thread(httpx2.create_ssl_context, trust_env=False)
                self._transport = GuardedTransport(private=self._private, context=context)
            return self._transport

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        started = monotonic_s()
        status: int | None = None
        received = bytearray()
        error: str | None = None
        retry_after_s: int | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await (await self._open()).handle_async_request(self._request(url, body, headers))
                status = response.status_code
                retry_after_s = _retry_after_s(response.headers.get("retry-after"))
                try:
                    async for part in response.aiter_raw():
                        received += part
                        if len(received) >= ANSWER_BYTES_MAX:
                            break
                finally:
                    await response.aclose()
        except TimeoutError:
            error = f"no complete answer within {self._timeout_s:g} s"
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
        # The status is what counts: an answer that breaks off after it has been received all the same.
        answer = _text(received) if status is not None else None
        return SendResult(status, answer, error, round((monotonic_s() - started) * 1_000), retry_after_s)

    def _request(self, url: str, body: bytes, headers: dict[str, str]) -> httpx2.Request:
        return httpx2.Request(
            "POST", url, content=body, extensions={"timeout": httpx2.Timeout(self._timeout_s).as_dict()},
            headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **headers},
        )

    async def close(self) -> None:
        if self._transport is not None and self._loop is asyncio.get_running_loop():
            with contextlib.suppress(Exception):
                await self._transport.aclose()
        self._transport = None


def _retry_after_s(value: str | None) -> int | None:
    """Retry-After as seconds from now: a number of them or a date (RFC 9110, section 10.2.3); None for anything else."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return int(value[:RETRY_AFTER_DIGITS_MAX])
    try:
        at_ms = parsedate_to_datetime(value).timestamp() * SECOND_MS
    except (ValueError, OverflowError):
        return None
    return max(0, round((at_ms - wall_ms()) / SECOND_MS))


def _text(data: bytes | bytearray) -> str:
    """The start of an answer as text that any database takes: bytes that are not UTF-8, and NUL, are replaced."""
    return data.decode("utf-8", "replace").replace("\0", "\ufffd")[:ANSWER_CHARACTERS_MAX]

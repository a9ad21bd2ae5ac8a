"""Calls to addresses that users have given: no proxies, no redirects, no cookies, one deadline, over a guarded
network.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import httpx2

from models.kernel.clock import SECOND_MS, monotonic_s, wall_ms
from models.outbox.addresses import authorization
from models.outbox.outbox import ANSWER_CHARACTERS_MAX
from troth import __version__

if TYPE_CHECKING:
    import httpcore2

    from troth.outbox.connections import Connections

TIMEOUT_S = 15.0
"""For a whole call: looking up the name, connecting, TLS, sending, the answer's status and its body."""
BODY_TIMEOUT_S = 2.0
"""For the answer's body, whose start is only kept to be shown: the status is what counts."""
ANSWER_BYTES_MAX = 64 << 10
RETRY_AFTER_DIGITS_MAX = 9
TARGETS_KEPT = 1_024
"""Addresses whose parts are kept: parsing one costs as much as sending a small request."""
USER_AGENT = f"troth/{__version__}"


@dataclass(frozen=True, slots=True)
class SendResult:
    """The result of a call: a status with the start of the answer, or an error; `duration_ms` is wall time.

    `retry_after_s` is the answer's Retry-After, in whole seconds from now. `timed_out` says that there is no status
    because the time was over.
    """

    status: int | None
    answer: str | None = None
    error: str | None = None
    duration_ms: int = 0
    retry_after_s: int | None = None
    timed_out: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer."""


class Sender(Protocol):
    """Sends a POST and never raises."""

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        """The endpoint's status and the first 2,048 characters of its answer, or why there is none."""

    async def close(self) -> None:
        """Close what is open."""


@dataclass(slots=True)
class _Call:
    """What has come back so far."""

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    received: bytearray = field(default_factory=bytearray)
    error: str | None = None
    retry_after_s: int | None = None
    timed_out: bool = False


class HttpSender:
    """Sends over the network. `private` allows loopback and private addresses (mock mode)."""

    def __init__(self, *, private: bool, timeout_s: float = TIMEOUT_S, body_timeout_s: float = BODY_TIMEOUT_S) -> None:
        self._private = private
        self._timeout_s = timeout_s
        self._body_timeout_s = min(body_timeout_s, timeout_s)
        self._connections: Connections | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()

    async def _open(self) -> Connections:
        """The connections of the running loop, made at the first call.

        The client is imported in a thread: it takes a while, in which the loop can answer requests. Many servers never
        send anything.
        """
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._connections, self._loop, self._opening = None, loop, asyncio.Lock()
        async with self._opening:
            if self._connections is None:
                self._connections = await asyncio.to_thread(_connections, private=self._private)
            return self._connections

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        started = monotonic_s()
        call = _Call()
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._exchange(call, url, body, headers)
        except TimeoutError:
            call.error = f"no complete answer within {self._timeout_s:g} s"
            call.timed_out = call.status is None
        except Exception as failure:
            call.error = f"{type(failure).__name__}: {failure}"
        # The status is what counts: an answer that breaks off after it has been received all the same.
        answer = _text(call.received) if call.status is not None else None
        return SendResult(
            call.status,
            answer,
            call.error,
            round((monotonic_s() - started) * 1_000),
            call.retry_after_s,
            call.timed_out,
            call.headers,
        )

    async def _exchange(self, call: _Call, url: str, body: bytes, headers: dict[str, str]) -> None:
        """Send a request and note what comes back.

        Raises TimeoutError, and whatever the network and the client raise.
        """
        connections = await self._open()
        request = _request(url, body, headers)
        async with connections.lent(request.url) as connection:
            response = await connection.handle_async_request(request)
            try:
                await self._read(call, response)
            finally:
                await response.aclose()

    async def _read(self, call: _Call, response: httpcore2.Response) -> None:
        """Note the status and the headers of an answer, and the start of its body. Raises TimeoutError."""
        call.status = response.status
        call.headers = tuple(
            (name.lower().decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
        )
        call.retry_after_s = _retry_after_s(
            next((value for name, value in call.headers if name == "retry-after"), None)
        )
        try:
            async with asyncio.timeout(self._body_timeout_s) as body_time:
                async for part in response.aiter_stream():
                    call.received += part
                    if len(call.received) >= ANSWER_BYTES_MAX:
                        break
        except TimeoutError:
            if not body_time.expired():
                raise  # the whole call's time is over
            call.error = f"the body did not end within {self._body_timeout_s:g} s"

    async def close(self) -> None:
        if self._connections is not None and self._loop is asyncio.get_running_loop():
            with contextlib.suppress(Exception):
                await self._connections.aclose()
        self._connections = None


def _connections(*, private: bool) -> Connections:
    from troth.outbox.connections import Connections

    return Connections(private=private)


@lru_cache(maxsize=TARGETS_KEPT)
def _target(url: str) -> tuple[httpcore2.URL, tuple[tuple[bytes, bytes], ...]]:
    """Where an address leads, and the headers of all requests to it. Raises httpx2.InvalidURL."""
    import httpcore2

    url, basic = authorization(url)
    parsed = httpx2.URL(url)
    known = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    if basic is not None:
        known["Authorization"] = basic
    target = httpcore2.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path)
    return target, ((b"Host", parsed.netloc), *((name.encode(), value.encode()) for name, value in known.items()))


def _request(url: str, body: bytes, headers: dict[str, str]) -> httpcore2.Request:
    import httpcore2

    target, known = _target(url)
    own = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    names = {name.lower() for name, _value in own}
    # There is no timeout but the deadline of the whole call: one for each read would start again with every byte that
    # comes.
    return httpcore2.Request(
        b"POST",
        target,
        headers=[
            *(one for one in known if one[0].lower() not in names),
            *own,
            (b"Content-Length", str(len(body)).encode()),
        ],
        content=body,
    )


def _retry_after_s(value: str | None) -> int | None:
    """Retry-After as seconds from now: a number of them or a date (RFC 9110, section 10.2.3);
    None for anything else.
    """
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

"""Calls to addresses that users have given: no proxies, no redirects, no cookies, one deadline, over a guarded network."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlsplit

from models.kernel.clock import SECOND_MS, monotonic_s, wall_ms
from models.outbox.addresses import authorization, check_url
from models.outbox.outbox import ANSWER_CHARACTERS_MAX
from troth import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp
    from yarl import URL

TIMEOUT_S = 15.0
"""For a whole call: looking up the name, connecting, TLS, sending, the answer's status and its body."""
BODY_TIMEOUT_S = 2.0
"""For the answer's body, whose start is only kept to be shown: the status is what counts."""
ANSWER_BYTES_MAX = 64 << 10
RETRY_AFTER_DIGITS_MAX = 9
TARGETS_KEPT = 1_024
"""Addresses whose parts are kept: parsing one costs as much as sending a small request."""
USER_AGENT = f"troth/{__version__}"
WRITTEN = "!$%&'()*+,-./:;=?@[]_~"
"""What stands in a path or a query as it is written: of RFC 3986 the reserved characters, and `%`."""


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came of a call: a status with the start of the answer, or an error; `duration_ms` is wall time.

    `retry_after_s` is the answer's Retry-After, in whole seconds from now. `timed_out` says that there is no status because the
    time was over.
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
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()

    async def _open(self) -> aiohttp.ClientSession:
        """The client of the running loop, made at the first call.

        It is imported and the trusted certificates are read in a thread: it takes a while, in which the loop can answer
        requests. Many servers never send anything.
        """
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._session, self._loop, self._opening = None, loop, asyncio.Lock()
        async with self._opening:
            if self._session is None:
                open_session = await asyncio.to_thread(_prepare)
                self._session = open_session(private=self._private)
            return self._session

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
            call.error = _reason(failure)
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
        """Send a request and note what comes back. Raises TimeoutError, and whatever the network and the client raise."""
        session = await self._open()
        target, known = _target(url)
        names = {name.lower() for name in headers}
        sent = {**{name: value for name, value in known.items() if name.lower() not in names}, **headers}
        async with session.post(target, data=body, headers=sent, allow_redirects=False) as response:
            call.status = response.status
            call.headers = tuple(
                (name.lower().decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers
            )
            call.retry_after_s = _retry_after_s(
                next((value for name, value in call.headers if name == "retry-after"), None)
            )
            try:
                async with asyncio.timeout(self._body_timeout_s) as body_time:
                    async for part in response.content.iter_any():
                        call.received += part
                        if len(call.received) >= ANSWER_BYTES_MAX:
                            break
            except TimeoutError:
                if not body_time.expired():
                    raise  # the whole call's time is over
                call.error = f"the body did not end within {self._body_timeout_s:g} s"

    async def close(self) -> None:
        if self._session is not None and self._loop is asyncio.get_running_loop():
            with contextlib.suppress(Exception):
                await self._session.close()
        self._session = None


def _prepare() -> Callable[..., aiohttp.ClientSession]:
    """What makes a client, once its modules and the trusted certificates have been read."""
    from troth.outbox.guarded_network import guarded_session

    return partial(guarded_session, context=ssl.create_default_context())


@lru_cache(maxsize=TARGETS_KEPT)
def _target(url: str) -> tuple[URL, dict[str, str]]:
    """Where an address leads, and the headers of all requests to it. Path and query go out as they are written; characters that cannot
    stand in a request are encoded. Raises ValueError.
    """
    from yarl import URL

    url, basic = authorization(check_url(url))
    parts = urlsplit(url)
    origin = URL.build(scheme=parts.scheme, host=parts.hostname or "", port=parts.port)
    path = quote(parts.path or "/", safe=WRITTEN)
    query = f"?{quote(parts.query, safe=WRITTEN)}" if parts.query else ""
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    if basic is not None:
        headers["Authorization"] = basic
    return URL(f"{origin.scheme}://{origin.raw_authority}{path}{query}", encoded=True), headers


def _reason(failure: Exception) -> str:
    """Why a call failed: the error of the network where the client has wrapped one."""
    cause = getattr(failure, "os_error", None) or getattr(failure, "certificate_error", None) or failure
    return f"{type(cause).__name__}: {cause}"


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

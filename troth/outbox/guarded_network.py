"""The network that calls to addresses from users go through: no address that is out of bounds, and no endless answer.

The check is made on the address that is dialled, after the name was resolved, so that neither a name that points inside
nor one that changes between check and call gets through.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler

from models.outbox.addresses import may_call
from troth.outbox.name_lookups import NameLookups

if TYPE_CHECKING:
    from aiohttp.connector import AddrInfoType
    from aiohttp.http import RawResponseMessage
    from aiohttp.streams import StreamReader

CONNECTIONS_MAX = 100
KEPT_OPEN_S = 5.0
"""How long a connection without a request is kept."""
HEAD_BYTES_MAX = 256 << 10
"""How much is received for one request until the headers of its answer are complete, informational answers included. Of a body no more is
read from the network than a caller takes."""
HEADER_BYTES_MAX = 64 << 10
"""Of one header, and of the status line: what browsers take as well."""
INFORMATIONAL = range(100, 200)
SWITCHING_PROTOCOLS = 101
NO_LIMITS = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)
"""There is no timeout but the deadline of the whole call: one for each read would start again with every byte that comes."""


class ForbiddenAddress(OSError):
    """An address that may not be called, or a name that resolves to nothing else."""


class AnswerTooLong(aiohttp.ClientError):
    """More was received than may come before an answer."""


class BoundedHandler(ResponseHandler):
    """A connection that fails when more than HEAD_BYTES_MAX come after a request, and no answer among them.

    Informational answers (1xx) are skipped by the client, however many there are: without the limit, a receiver that sends nothing
    else keeps the event loop busy with parsing them until the timeout.
    """

    _received = 0
    _is_answered = False

    def set_response_params(self, **options: Any) -> None:
        """A request begins: connections are used again."""
        self._received, self._is_answered = 0, False
        super().set_response_params(**options)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """The head of an answer is complete."""
        code = data[0].code
        self._is_answered = code not in INFORMATIONAL or code == SWITCHING_PROTOCOLS
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._received += len(data)
        if not self._is_answered and self._received > HEAD_BYTES_MAX:
            if self.transport is not None:
                self.transport.pause_reading()  # whoever waits for the answer closes the connection
            self.set_exception(AnswerTooLong(f"more than {HEAD_BYTES_MAX} bytes were received, and no answer"))


class GuardedResolver(AbstractResolver):
    """Resolves names in threads of our own, to addresses that may be called."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._lookups = NameLookups()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  the client's own: it asks for any family
    ) -> list[ResolveResult]:
        """The host's addresses that may be called. Raises OSError where there are none."""
        try:
            found = await self._lookups.addresses(host, port)
        except UnicodeError as error:
            raise OSError(f"{host} cannot be resolved: {error}") from error
        allowed = [address for address in found if may_call(address, private=self._private)]
        if not allowed:
            raise ForbiddenAddress(f"{host} is not an address that may be called")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in allowed
        ]

    async def close(self) -> None:
        """Lookups end by themselves."""


def guarded_session(*, private: bool, context: ssl.SSLContext) -> aiohttp.ClientSession:
    """A client over the guarded network: no proxies, no cookies; connections are kept for a while. Needs the running loop."""

    def checked_socket(info: AddrInfoType) -> socket.socket:
        """A socket for an address; addresses that are written as numbers are not resolved, and are checked here only."""
        family, kind, protocol, _, address = info
        if not may_call(str(address[0]), private=private):
            raise ForbiddenAddress(f"{address[0]} is not an address that may be called")
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS_MAX,
        keepalive_timeout=KEPT_OPEN_S,
        resolver=GuardedResolver(private=private),
        use_dns_cache=False,
        ssl=context,
        socket_factory=checked_socket,
    )
    # The client has no public way to bound what comes before an answer. tests/unit/test_outgoing.py fails if this one ends.
    connector._factory = partial(BoundedHandler, loop=asyncio.get_running_loop())  # type: ignore[assignment]  # a subclass
    return aiohttp.ClientSession(
        connector=connector,
        timeout=NO_LIMITS,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        max_line_size=HEADER_BYTES_MAX,
        max_field_size=HEADER_BYTES_MAX,
        skip_auto_headers=("Content-Type",),
    )

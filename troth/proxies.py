"""Forwarded headers of trusted proxies: who the client is, and whether it came over HTTPS.

X-Forwarded-For is a list to which each proxy appends the address that it was called from, so only what trusted proxies
have written is to be believed: the list is read from its end until the first address that is not a trusted proxy's.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from starlette.types import Scope

FORWARDED_FOR, FORWARDED_PROTO = b"x-forwarded-for", b"x-forwarded-proto"
EVERYBODY = "*"
Headers = Iterable[tuple[bytes, bytes]]


class Client(NamedTuple):
    """Who called: the address, None where the server does not know it, and whether the call came over HTTPS."""

    address: str | None
    secure: bool


class Proxies:
    """The proxies whose headers are believed: addresses, networks (`10.0.0.0/8`), or `*` for every caller."""

    def __init__(self, trusted: Sequence[str]) -> None:
        """Raises ValueError for what is neither an address nor a network."""
        self._everybody = EVERYBODY in trusted
        self._networks = [ipaddress.ip_network(one, strict=False) for one in trusted if one != EVERYBODY]
        self._known: dict[str, bool] = {}

    def client_of(self, scope: Scope, headers: dict[bytes, bytes]) -> Client:
        """The client of a request, whose headers are also given by name."""
        client = scope.get("client")
        peer = client[0] if client else None
        if FORWARDED_FOR in headers or FORWARDED_PROTO in headers:
            return self.client(peer, scope["scheme"], scope["headers"])
        return Client(peer, scope["scheme"] == "https")

    def client(self, peer: str | None, scheme: str, headers: Headers) -> Client:
        """The client of a request that came from `peer`, by its headers where that is a trusted proxy."""
        secure = scheme == "https"
        if peer is None or not self.holds(peer):
            return Client(peer, secure)
        addresses, protocols = _values(headers, FORWARDED_FOR), _values(headers, FORWARDED_PROTO)
        place = len(addresses)
        while place > 0:
            place -= 1
            address = _address(addresses[place])
            if address is None:  # not an address: the proxy before it is the last that is known
                place += 1
                break
            peer = address
            if not self.holds(address):
                break
        return Client(peer, _secure(protocols, place, len(addresses), secure=secure))

    def holds(self, address: str) -> bool:
        """Whether an address is one of these, or in one of these networks."""
        if self._everybody:
            return True
        if not self._networks:
            return False
        known = self._known.get(address)
        if known is None:
            try:
                parsed = ipaddress.ip_address(address)
            except ValueError:  # a Unix socket's, or a test's
                return False
            known = any(parsed in network for network in self._networks)
            if len(self._known) < 1_024:
                self._known[address] = known
        return known


def _values(headers: Headers, name: bytes) -> list[str]:
    """The members of a list header, which may come in several lines (RFC 9110, section 5.3)."""
    joined = b",".join(value for given, value in headers if given == name)
    return [part for part in (part.strip() for part in joined.decode("latin-1").split(",")) if part]


def _address(text: str) -> str | None:
    """The IP address in a member: alone, with a port, or in brackets."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _secure(protocols: list[str], place: int, hops: int, *, secure: bool) -> bool:
    """Whether the client used HTTPS.

    With one protocol for each hop, the one beside the client's address counts; else the last, which the nearest proxy
    wrote.
    """
    if not protocols:
        return secure
    chosen = protocols[min(place, hops - 1)] if len(protocols) == hops else protocols[-1]
    return chosen.lower() in ("https", "wss")

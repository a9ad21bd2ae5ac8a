"""Addresses of webhook endpoints: which can be called, how a user and password in them are sent, and how they are
shown.

A user and a password in an address become Basic authorization (RFC 7617). The password is masked in all output; where a
caller sends an address back as it was masked, the stored one is used.
"""

import base64
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit, urlunsplit

from models.kernel.fault_words import quoted
from models.uow import UnitOfWork

URL_CHARACTERS_MAX = 2_048
QUOTED_CHARACTERS_MAX = 200
"""A refusal quotes an address up to this length, of a longer one it gives the length."""
HIDDEN = "***"
PRIVATE_TARGETS = "private_targets"
"""The service of a unit of work that says whether webhooks may go to private addresses; what has none leaves it to the
sender.
"""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)(?:([^/?#:@]*):)?[^/?#]*@")


def check_url(url: object) -> str:
    """An address that a POST can go to.

    Raises ValueError: not http, no host, a bad port, blanks or control characters, too long.
    """
    if not isinstance(url, str) or len(url) > URL_CHARACTERS_MAX or _UNPRINTABLE.search(url):
        raise ValueError(
            f"{_quoted_address(url)} is not an address of at most {URL_CHARACTERS_MAX} printable characters"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{_quoted_address(url)} is not an http address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(f"{_quoted_address(url)} is not an http address")
    return url


def check_target(uow: UnitOfWork, url: str) -> str:
    """An address that webhooks may go to, as far as that is known before its name is looked up; the sender checks again
    what it dials.

    Raises ValueError as `check_url`, and for this machine, private networks and link-local addresses.
    """
    host = _spelled(urlsplit(check_url(url)).hostname or "")
    private = bool(uow.services.get(PRIVATE_TARGETS, True))
    is_local_name = host == "localhost" or host.endswith(".localhost")
    address = _literal(host)
    if (is_local_name and not private) or (address is not None and not may_call(address, private=private)):
        raise ValueError(f"webhooks may not be sent to {host}")
    return url


def _spelled(host: str) -> str:
    """A host as it is looked up: characters of full width and ideographic full stops are those of ASCII (UTS #46), and
    none ends it.
    """
    return unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".").lower()


def _literal(host: str) -> str | None:
    """The IP address that a host is, also in the forms that only resolvers know (`0x7f.1`, `2130706433`); None for a
    name.
    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _reached(address: Address) -> list[Address]:
    """The addresses that packets are delivered to: those of IPv4 that an IPv6 address contains (mapped, NAT64, 6to4,
    Teredo), too.
    """
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
        reached = _reached(ipaddress.ip_address(text))
    except ValueError:
        return False
    if any(one.is_link_local for one in reached):
        return False
    return private or not any(_is_inside(one) for one in reached)


def _is_inside(address: Address) -> bool:
    """Whether an address is no host of the internet. Python takes site-local ones (fec0::/10) for global."""
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return site_local or not address.is_global or address.is_multicast or address.is_reserved


def masked(url: str) -> str:
    """An address as answers, events and logs have it: without its password, or without its user where that is all there
    is.
    """
    return _USER.sub(lambda found: f"{found[1]}{'' if found[2] is None else found[2] + ':'}{HIDDEN}@", url)


def unmasked(url: str, stored: Iterable[str]) -> str:
    """The stored address that is masked like a caller's, else the caller's address itself."""
    if HIDDEN not in url:
        return url
    return next((one for one in stored if one == url or masked(one) == url), url)


def authorization(url: str) -> tuple[str, str | None]:
    """The address without user and password, and the Authorization header that they become, None without any."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    name, _, password = user.partition(":")
    credentials = f"{unquote(name)}:{unquote(password)}".encode()
    return urlunsplit(parts._replace(netloc=host)), f"Basic {base64.b64encode(credentials).decode('ascii')}"


def _quoted_address(url: object) -> str:
    if isinstance(url, str):
        text = masked(url)
        return repr(text) if len(text) <= QUOTED_CHARACTERS_MAX else quoted(text)
    is_json = url is None or isinstance(url, bool | int | float | list | dict)
    return quoted(url) if is_json else repr(url)  # a scenario in YAML may have a date there

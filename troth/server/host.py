"""The Host header: a request of HTTP/1.1 has exactly one valid value (RFC 9112, section 3.2).

Granian passes on anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope, Send

HTTP_1_0 = ("1", "1.0")
_BODY = b"A request has exactly one Host header, and its value is a host with or without a port."
_HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", b"%d" % len(_BODY)),
    (b"connection", b"close"),
]

# uri-host [":" port] of RFC 3986, section 3.2.2: a name (an IPv4 address is one too), an IPv6 address or a future one
# in brackets. No two alternatives begin alike, so that matching takes time linear in the length.
_HOST = re.compile(
    rb"(?:(?:[A-Za-z0-9\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+"  # "," is a sub-delim too, but then a list of hosts would be one name
    rb"|\[(?:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*|[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\])"
    rb"(?::[0-9]*)?"
)


def has_one_host(scope: Scope) -> bool:
    """Whether a request has exactly one host, and a valid one.

    Intermediaries may each read another of several or of a broken one.
    """
    host: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"host":
            if host is not None:
                return False
            host = value
    return host is not None and _is_valid(host, scope["http_version"])


async def refuse_host(send: Send) -> None:
    """Answer 400, and close the connection."""
    await send({"type": "http.response.start", "status": 400, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _BODY})


def _is_valid(host: bytes, http_version: str) -> bool:
    """Granian adds an empty value where there is no header at all, which only HTTP/1.0 allows."""
    return _HOST.fullmatch(host) is not None if host else http_version in HTTP_1_0

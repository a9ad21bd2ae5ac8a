"""Heads of requests: headers that come in several lines (RFC 9110, sections 5.2 and 5.3), and what is too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.kernel.problems import HeadersTooLarge, RequestProblem, UriTooLong

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.http import Request

TARGET_BYTES_MAX = 8_192
HEADER_BYTES_MAX = 16_384

ONCE = frozenset({b"authorization", b"content-type", b"idempotency-key", b"troth-sandbox"})
"""Headers with one value. With two of them, a proxy and this server could each take another one."""


def combined(lines: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers by their lower-case names, the values of several lines joined as one list; those of a cookie by semicolons (RFC 6265,
    section 5.4). Raises RequestProblem for several lines of a header that has one value.
    """
    found: dict[bytes, bytes] = {}
    for name, value in lines:
        if name not in found:
            found[name] = value
        elif name in ONCE:
            raise RequestProblem(f"The header {name.decode('latin-1')} came more than once.")
        else:
            found[name] += (b"; " if name == b"cookie" else b", ") + value
    return found


def unreadable(raw_path: bytes, request: Request) -> RequestProblem | None:
    """What is wrong with the request's outside: an address or a header that is too long, a NUL in the path."""
    if len(raw_path) + len(request.query_string) > TARGET_BYTES_MAX:
        return UriTooLong()
    if "\0" in request.path:
        return RequestProblem("The path holds a NUL character.")
    for value in request.headers.values():
        if len(value) > HEADER_BYTES_MAX:
            return HeadersTooLarge()
    return None

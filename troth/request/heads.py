"""Heads of requests: targets that are no path (RFC 9112, section 3.2), transfer codings (section 6.1), headers that
come in several lines (RFC 9110, sections 5.2 and 5.3), and what is too long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.kernel.problems import HeadersTooLarge, NotImplementedProblem, RequestProblem, UriTooLong

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.http import Request
    from models.kernel.problems import Problem

TARGET_BYTES_MAX = 8_192
HEADER_BYTES_MAX = 16_384

SERVER = "*"
"""The target of an OPTIONS that asks about the server as a whole."""

TRANSFER_ENCODING, CHUNKED = b"transfer-encoding", "chunked"
_CLOSE = {"Connection": "close"}
ONCE = frozenset({b"authorization", b"content-type", b"idempotency-key", b"troth-sandbox"})
"""Headers with one value. With two of them, a proxy and this server could each take another one."""


def combined(lines: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers by their lower-case names, the values of several lines joined as one list; those of a cookie by
    semicolons (RFC 6265, section 5.4). Raises RequestProblem for several lines of a header that has one value, and as
    `_check_codings` does.
    """
    found: dict[bytes, bytes] = {}
    for name, value in lines:
        if name not in found:
            found[name] = value
        elif name in ONCE:
            raise RequestProblem(f"The header {name.decode('latin-1')} came more than once.")
        else:
            found[name] += (b"; " if name == b"cookie" else b", ") + value
    if TRANSFER_ENCODING in found:
        _check_codings(found[TRANSFER_ENCODING])
    return found


def _check_codings(transfer_encoding: bytes) -> None:
    """Raises NotImplementedProblem for any transfer coding beside `chunked`, which Granian would leave in the body, and
    RequestProblem for `chunked` twice.
    """
    codings = [
        name for name in (name.strip().lower() for name in transfer_encoding.decode("latin-1").split(",")) if name
    ]
    unknown = [name for name in codings if name != CHUNKED]
    if unknown:
        message = f"The transfer coding {', '.join(unknown)[:64]!r} is not supported: send the body chunked, or with its length."
        raise NotImplementedProblem(message, headers=_CLOSE)
    if len(codings) > 1:
        raise RequestProblem("The body is chunked more than once.", headers=_CLOSE)


def no_resource(method: str, path: str) -> Problem | None:
    """What is wrong with a request that no resource can be meant by; None for all others, and for `OPTIONS *`.

    Of an authority (`host:port`) Granian leaves nothing as the path.
    """
    if method == "CONNECT":
        return NotImplementedProblem("This server is no proxy: it opens no tunnels.", headers=_CLOSE)
    if path.startswith("/") or (method == "OPTIONS" and path == SERVER):
        return None
    return RequestProblem("The target of the request is no path.")


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

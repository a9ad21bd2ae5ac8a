"""Content codings of request bodies (RFC 9110, section 8.4): gzip is decoded, anything else refused."""

import zlib

from models.kernel.problems import BodyTooLarge, EncodingProblem, RequestProblem
from troth.request.bodies import BODY_BYTES_MAX

GZIP = frozenset({"gzip", "x-gzip"})
"""`x-gzip` is an old name of the same coding (RFC 9110, section 8.4.1.3)."""

_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def decoded(content_encoding: bytes | None, body: bytes, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """A body without its content coding.

    Raises EncodingProblem for a coding other than gzip, RequestProblem for what is not gzip or breaks off, and
    BodyTooLarge when the decoded body is larger than it may be (1 MiB); no more than that is ever decoded.
    """
    if content_encoding is None:
        return body
    names = [name.strip().lower() for name in content_encoding.decode("latin-1").split(",")]
    codings = [name for name in names if name not in ("", "identity")]
    if not codings:
        return body
    if len(codings) > 1 or codings[0] not in GZIP:
        raise EncodingProblem(f"The content encoding {', '.join(codings)[:64]!r} is not supported: send gzip or none.")
    return _gunzip(body, bytes_max) if body else body


def _gunzip(body: bytes, bytes_max: int) -> bytes:
    """All members of a gzip stream, one after the other (RFC 1952, section 2.2)."""
    parts, size, rest = list[bytes](), 0, body
    while rest:
        member = zlib.decompressobj(_GZIP_WINDOW)
        try:
            part = member.decompress(rest, bytes_max + 1 - size)
        except zlib.error as error:
            raise RequestProblem("The body is not gzip, as its Content-Encoding says.") from error
        size += len(part)
        if size > bytes_max:
            raise BodyTooLarge
        if not member.eof:
            raise RequestProblem("The gzip stream of the body breaks off.")
        parts.append(part)
        rest = member.unused_data
    return b"".join(parts)

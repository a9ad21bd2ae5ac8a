"""Headers of a request that come in several lines (RFC 9110, sections 5.2 and 5.3)."""

from collections.abc import Iterable

from models.kernel.problems import RequestProblem

ONCE = frozenset({b"authorization", b"content-type", b"idempotency-key", b"troth-sandbox"})
"""Which of two of these holds must not depend on who reads the request, a proxy or this server."""


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

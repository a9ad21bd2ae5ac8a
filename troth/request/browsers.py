"""CORS (the Fetch standard's protocol): which answers a page of another origin may read, and with credentials.

In mock mode any origin may read everything but the control plane; in production open endpoints, the contracts, and that
an address is unknown. Browsers of the vendor's own library send `credentials: "include"`, which `*` does not allow: the
origin is named each time, and every answer says that it varies with it. A password that the browser has stored for
Basic is sent along by itself, so in production no answer to one may be read with credentials, and none that a page of
another site sends counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, MutableMapping
    from typing import Any

    from starlette.types import Send

    from handlers.http import OperationInfo

    Header = tuple[bytes, bytes]

CONTROL = "control"
"""The API that no other origin may read."""

CONTRACTS = "/openapi/"
EXPOSED = (
    b"X-Request-Id, Location, Retry-After, Idempotency-Replayed, X-RateLimit-Limit, X-RateLimit-Remaining, "
    b"X-RateLimit-Reset"
)
PREFLIGHT_SECONDS = b"600"
VARY = (b"vary", b"Origin")
PREFLIGHT_VARY = (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
NOT_FOUND = 404

_ORIGIN = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*://[A-Za-z0-9._~\-\[\]:]+")
"""A scheme and an authority. `null` is none: documents of every kind without an origin share it."""
_METHOD = re.compile(rb"[A-Za-z]{1,32}")
_HEADER_NAME = re.compile(rb"[A-Za-z0-9!#$%&'+.^_`|~\-]+")
"""A token without `*`, which would stand for all headers."""
_OTHER_SITES = frozenset({b"cross-site", b"same-site"})


class Browsers:
    """What a server lets pages of other origins do. Header names are lower case."""

    def __init__(self, *, mock: bool) -> None:
        self._mock = mock

    def credentials_of(self, headers: dict[bytes, bytes]) -> dict[bytes, bytes]:
        """The headers of a request, in production without the password that a page of another site makes the browser
        send.
        """
        if not self._mock and headers.get(b"sec-fetch-site") in _OTHER_SITES and _is_basic(headers):
            return {name: value for name, value in headers.items() if name != b"authorization"}
        return headers

    def may_read(self, operation: OperationInfo | None) -> bool:
        """Whether another origin may read the answers of an operation; of None, that an address is unknown."""
        if operation is None:
            return True
        if operation.api == CONTROL:
            return False
        return self._mock or bool(operation.extensions.get("x-troth-open-endpoint"))

    def answer(self, headers: dict[bytes, bytes], *, may_read: bool) -> list[Header]:
        """What an answer says to the browser that sent the request; nothing to one without a usable Origin."""
        origin = headers.get(b"origin")
        if origin is None or not may_read or _ORIGIN.fullmatch(origin) is None:
            return []
        out = [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", EXPOSED)]
        if self._mock or not _is_basic(headers):
            out.append((b"access-control-allow-credentials", b"true"))
        return out

    def preflight(self, headers: dict[bytes, bytes], allowed: Collection[str], *, may_read: bool) -> list[Header]:
        """The answer to a preflight for an address with these methods.

        The method asked for is among those allowed even if the address has none of it: the page is to read the 404 or
        405.
        """
        out, requested = [PREFLIGHT_VARY], headers.get(b"access-control-request-method", b"")
        permission = [header for header in self.answer(headers, may_read=may_read) if header[1] is not EXPOSED]
        if not permission or _METHOD.fullmatch(requested) is None:
            return out
        methods = [*(method.encode() for method in allowed), *([] if requested.decode() in allowed else [requested])]
        out += [*permission, (b"access-control-allow-methods", b", ".join(methods))]
        names = [name.strip() for name in headers.get(b"access-control-request-headers", b"").split(b",")]
        names = [name for name in names if _HEADER_NAME.fullmatch(name)]
        if names:
            out.append((b"access-control-allow-headers", b", ".join(names)))
        return [*out, (b"access-control-max-age", PREFLIGHT_SECONDS)]

    def page(self, path: str, headers: dict[bytes, bytes], send: Send, added: list[Header]) -> Send:
        """`send` for what is no operation, with headers to be added: contracts may be read by every origin, and that
        there is nothing at an address.
        """

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                may_read = path.startswith(CONTRACTS) or message["status"] == NOT_FOUND
                permission = self.answer(headers, may_read=may_read)
                message["headers"] = [*added, *message.get("headers", ()), VARY, *permission]
            await send(message)

        return sending


def is_preflight(method: str, headers: dict[bytes, bytes]) -> bool:
    """Whether a request asks what a page of another origin may do."""
    return method == "OPTIONS" and b"origin" in headers and b"access-control-request-method" in headers


def _is_basic(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"authorization", b"")[:6].lower() == b"basic "

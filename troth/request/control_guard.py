"""Who may call the control plane, which asks for no credentials: clients that reach the mock by an address of its own,
and no page of another origin.

A page of another site can make a browser send requests here, though it cannot read the answers; and a host name of
its own that leads to this machine (DNS rebinding) would make it the same origin.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.kernel.problems import ForeignHost, ForeignOrigin, MediaTypeProblem

if TYPE_CHECKING:
    from collections.abc import Collection

    from handlers.http import OperationInfo
    from models.kernel.problems import Problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
JSON = frozenset({b"application/json", b"application/x-ndjson"})
"""Content types that no page of another site can send without asking first (Fetch standard, CORS-safelisted
request-header).
"""
LOCAL = "localhost"
INBOX = "receiveWebhook"
"""The operation that deliveries to the built-in inbox call."""


class ControlGuard:
    """Judges requests to the control plane by their headers."""

    def __init__(self, hosts: Collection[str], public_url: str) -> None:
        """`hosts` are names that it answers to beside `localhost`, `*.localhost` and addresses."""
        self._hosts = frozenset(host.lower() for host in hosts)
        self._public = urlsplit(public_url).hostname or ""

    @property
    def names(self) -> frozenset[str]:
        """The host names of the server that were configured."""
        return self._hosts | {self._public}

    def answers_to(self, host: bytes) -> bool:
        """Whether a Host header is one that the control plane answers to."""
        return self._is_own(host_name(host))

    def fault(
        self, operation: OperationInfo, method: str, headers: dict[bytes, bytes], body: bytes | None
    ) -> Problem | None:
        """Why a request is refused; None when it is not. `body` is None when it was too large to read."""
        host = headers.get(b"host", b"")
        name = host_name(host)
        # Deliveries to the inbox use the address that the server itself puts into its URLs.
        if not self._is_own(name) and not (operation.operation_id == INBOX and name == self._public):
            return ForeignHost(name[:255])
        if method in SAFE:
            return None
        origin = headers.get(b"origin")
        if headers.get(b"sec-fetch-site") == b"cross-site" or (
            origin is not None and origin.lower().partition(b"://")[2] != host.lower()
        ):
            return ForeignOrigin()
        content_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if _has_body(headers, body) and content_type not in JSON:
            return MediaTypeProblem("A body to the control plane needs the content type application/json.")
        return None

    def _is_own(self, name: str) -> bool:
        # A request without a host (HTTP/1.0) is no browser's.
        return not name or name == LOCAL or name.endswith(f".{LOCAL}") or name in self._hosts or _is_address(name)


def host_name(host: bytes) -> str:
    """The name in a Host header in lower case, without its port, the brackets of an IPv6 address, or a root's dot."""
    text = host.decode("latin-1").strip().lower()
    name = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0]
    return name.removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _has_body(headers: dict[bytes, bytes], body: bytes | None) -> bool:
    return bool(body is None or body or headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers)

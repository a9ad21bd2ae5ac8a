"""The Host header: a request of HTTP/1.1 has exactly one (RFC 9112, section 3.2). Granian passes on any number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HTTP_1_0 = ("1", "1.0")
_BODY = b"A request has exactly one Host header."
_HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", b"%d" % len(_BODY)),
    (b"connection", b"close"),
]


def one_host(app: ASGIApp) -> ASGIApp:
    """The application, with 400 for requests that name no host or several: intermediaries may each believe another one."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and (
            hosts[0] or scope["http_version"] in HTTP_1_0
        ):  # Granian adds an empty one where there is none
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 400, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _BODY})

    return checked

"""The application of the dashboard: which address shows what, and the headers of its answers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, QueryParams
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from models.kernel.whole_numbers import read_whole
from troth.docs import check_method
from troth.mock.dashboard import views
from troth.mock.dashboard.llms import llms_text
from troth.mock.dashboard.reading import ControlPlane, RefusedError
from troth.mock.dashboard.rendering import MEDIA_TYPES, render, static_file
from troth.mock.dashboard.stream import events
from troth.mock.dashboard.visit import Visit
from troth.mock.dashboard.webhook_stream import Filter, webhook_events
from troth.request.middleware import RUNTIME
from troth.request.static_content import StaticContent

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from troth.mock.attempts import Attempts
    from troth.runtime import Runtime

BASE = "/dashboard"
LLMS = "/llms.txt"
STATIC = f"{BASE}/static/"
STREAM = f"{BASE}/journal/stream"
WEBHOOK_STREAM = f"{BASE}/webhook-stream"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SAFE = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Content-Security-Policy": POLICY}
SAFE |= {"Referrer-Policy": "no-referrer"}
NOT_KEPT = {"Cache-Control": "no-store", **SAFE}
KEPT = {"Cache-Control": "max-age=86400", **SAFE}
NOT_FOUND = 404
EVENTS = "text/event-stream"


class Dashboard:
    """An ASGI application in front of another one, for `/`, `/llms.txt` and the addresses below `/dashboard`.

    In mock mode only: pages show credentials.
    """

    def __init__(self, app: ASGIApp, *, runtime: Runtime, documents: dict[str, dict[str, Any]]) -> None:
        self._app, self._runtime, self._documents = app, runtime, documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_page = path in ("/", BASE, LLMS) or path.startswith(f"{BASE}/")
        if scope["type"] != "http" or not is_page:
            await self._app(scope, receive, send)
            return
        check_method(scope)
        answer = await self._answer(scope, path.rstrip("/") or "/")
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, path: str) -> ASGIApp:
        if path.startswith(STATIC):
            return _static(path.removeprefix(STATIC))
        visit = self._visit(scope)
        if path == LLMS:
            return await _llms(visit)
        if path == BASE:
            return RedirectResponse(f"{visit.root}/")
        try:
            await visit.begin()
            if path == STREAM:
                return self._stream(visit, Headers(scope=scope))
            if path == WEBHOOK_STREAM:
                return self._webhook_stream(visit, Headers(scope=scope))
            name, _, rest = path.removeprefix(BASE).lstrip("/").partition("/")
            shown = await views.show(visit, name, rest)
        except RefusedError as refused:
            shown = views.refusal(visit, refused)
        return HTMLResponse(
            render(shown.template, visit=visit, **shown.values), status_code=shown.status, headers=NOT_KEPT
        )

    def _visit(self, scope: Scope) -> Visit:
        runtime: Runtime = scope.get(RUNTIME, self._runtime)
        host = Headers(scope=scope).get("host", "").encode("latin-1")
        return Visit(
            runtime,
            self._documents,
            root=scope.get("root_path", ""),
            query=QueryParams(scope["query_string"]),
            control=ControlPlane(runtime.services["caller"], host),
        )

    def _stream(self, visit: Visit, headers: Headers) -> Response:
        journal = visit.journal
        if journal is None:
            raise RefusedError(NOT_FOUND, "The mock keeps no journal.")
        after = _after(visit, headers, journal.seen)
        made = events(journal, after, visit.filters, visit.root, lambda: self._is_over(visit))
        return StreamingResponse(made, media_type=EVENTS, headers=NOT_KEPT)

    def _webhook_stream(self, visit: Visit, headers: Headers) -> Response:
        attempts: Attempts = visit.runtime.services["attempts"]
        after = _after(visit, headers, attempts.seen)
        made = webhook_events(attempts, after, Filter.of(visit.query), lambda: self._is_over(visit))
        return StreamingResponse(made, media_type=EVENTS, headers=NOT_KEPT)

    def _is_over(self, visit: Visit) -> bool:
        """Whether streams have to end: with the server, or with their sandbox."""
        return self._runtime.stopping or visit.runtime.ended


async def _llms(visit: Visit) -> Response:
    try:
        text, status = await llms_text(visit), 200
    except RefusedError as refused:
        text, status = refused.message, refused.status
    return PlainTextResponse(text, status, headers=NOT_KEPT)


def _after(visit: Visit, headers: Headers, newest: int) -> int:
    """After which number a stream begins: the one that a client had last, or the newest."""
    given = headers.get("last-event-id") or visit.query.get("after", "")
    after = read_whole(given, newest)
    return newest if after is None else after


@cache
def _kept(name: str) -> StaticContent | None:
    content = static_file(name)
    return None if content is None else StaticContent(content, MEDIA_TYPES[name], KEPT)


def _static(name: str) -> ASGIApp:
    return _kept(name) or Response("There is no such file.", NOT_FOUND, headers=SAFE, media_type="text/plain")

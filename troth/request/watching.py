"""Notifying watchers (the access log, metrics) of each request once it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.kernel.clock import monotonic_s
from troth.log import logger
from troth.served import Served

if TYPE_CHECKING:
    from starlette.types import Message, Scope, Send

    from handlers.http import Request
    from troth.request.operation import CompiledOperation
    from troth.request.replies import Reply
    from troth.runtime import Runtime


def notify_of_operation(
    runtime: Runtime, operation: CompiledOperation, request: Request, reply: Reply, request_id: str, started_s: float
) -> None:
    """Notify watchers of a request that an operation has answered."""
    _notify(
        runtime,
        Served(
            request_id,
            request.method,
            operation.info.path,
            reply.answer.status,
            operation.info.api,
            operation.info.operation_id,
            reply.tenant.alias if reply.tenant else None,
            reply.problem,
            request.client_ip,
            monotonic_s() - started_s,
        ),
    )


def notify_of_refusal(
    runtime: Runtime,
    scope: Scope,
    headers: dict[bytes, bytes],
    problem: Any,
    status: int,
    of: tuple[str | None, str | None],
    request_id: str,
    started_s: float | None,
) -> None:
    """Notify watchers of a request that was refused before an operation saw it; `of` is the API and operation that it
    was for.
    """
    now_s = monotonic_s()
    client = runtime.proxies.client_of(scope, headers).address
    duration_s = now_s - (now_s if started_s is None else started_s)
    _notify(runtime, Served(request_id, scope["method"], scope["path"], status, *of, None, problem, client, duration_s))


def notify_of_page(
    runtime: Runtime, scope: Scope, headers: dict[bytes, bytes], statuses: list[int], started_s: float
) -> None:
    """Notify watchers of a request to a page, or to an address that is none."""
    if runtime.watchers and statuses:
        client = runtime.proxies.client_of(scope, headers).address
        line = (runtime.next_request_id(), scope["method"], scope["path"], statuses[0], None, None, None, None, client)
        _notify(runtime, Served(*line, monotonic_s() - started_s))


def noting(statuses: list[int], send: Send) -> Send:
    """A `send` that adds the status of the answer to a list."""

    async def send_and_note(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        await send(message)

    return send_and_note


def _notify(runtime: Runtime, one: Served) -> None:
    """Call all watchers. Never raises: the request has been answered."""
    for watcher in runtime.watchers:
        try:
            watcher(one)
        except Exception as error:
            logger.error("a watcher of requests failed", exc_info=error)

"""The access log: one JSON line for each request, also for one that was for no operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troth.log import logger

if TYPE_CHECKING:
    from troth.served import Served


def log_request(one: Served) -> None:
    """Write the line of a request."""
    logger.info(
        "request",
        request_id=one.request_id,
        client=one.client,
        method=one.method,
        path=one.path,
        status=one.status,
        api=one.api,
        operation=one.operation,
        tenant=one.tenant,
        code=one.problem.code if one.problem else None,
        duration_ms=round(one.duration_s * 1_000, 2),
    )

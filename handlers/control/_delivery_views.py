"""Deliveries of webhooks, their attempts, and what was sent and answered, as JSON."""

from collections.abc import Sequence
from typing import Any

from handlers.control import _journal_views as journal
from handlers.control._ports import SentAttempt, senders
from handlers.control.problems import BadTarget
from models import inbox
from models.kernel.times import iso
from models.outbox.addresses import check_target, masked
from models.outbox.delivery_lists import DeliveryLine
from models.outbox.outbox import DeliveryAttempt
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

Row = dict[str, Any]


def summary(tenant: Tenant, row: DeliveryLine) -> Row:
    """A delivery without its attempts."""
    return {
        "id": row.id,
        "api": tenant.api,
        "tenant": tenant.key,
        "event": row.type,
        "event_id": row.event_id,
        "url": masked(row.url),
        "status": row.status,
        "attempts": row.attempts,
        "created": iso(row.created_ms),
        "created_ms": row.created_ms,
        "finished_ms": row.finished_ms,
    }


def attempts(
    uow: UnitOfWork, rows: Sequence[DeliveryAttempt], kept: Sequence[SentAttempt], url: str, *, secrets: bool
) -> list[Row]:
    """The attempts of a delivery, with request and answer of those that are kept."""
    by_number = {one.attempt: one for one in kept}
    return [_attempt(uow, row, by_number.get(row.number), url, secrets=secrets) for row in rows]


def _attempt(uow: UnitOfWork, row: DeliveryAttempt, kept: SentAttempt | None, url: str, *, secrets: bool) -> Row:
    view = {
        "number": row.number,
        "at": iso(row.at_ms),
        "at_ms": row.at_ms,
        "url": masked(url),
        "status": row.status,
        "error": row.error,
        "duration_ms": row.duration_ms,
    }
    if kept is not None:
        return {**view, **messages(uow, kept, secrets=secrets)}
    return {**view, "answer": _body({}, row.answer or "", secrets=secrets)} if row.answer else view


def elsewhere(uow: UnitOfWork, kept: Sequence[SentAttempt], *, secrets: bool) -> list[Row]:
    """What was sent of a delivery to other addresses than its own."""
    return [
        {
            "at": iso(one.at_ms),
            "at_ms": one.at_ms,
            "url": masked(one.call.url),
            "status": one.result.status,
            "error": one.result.error,
            "duration_ms": one.result.duration_ms,
            **messages(uow, one, secrets=secrets),
        }
        for one in kept
        if one.attempt == 0
    ]


def messages(uow: UnitOfWork, kept: SentAttempt, *, secrets: bool) -> Row:
    """The request of an attempt, whether the present secrets verify its signatures, and its answer where there was
    one.
    """
    call, result = kept.call, kept.result
    headers = _headers(call.headers.items(), secrets=secrets)
    received = {name.lower(): value for name, value in call.headers.items()}
    verified = inbox.without_time(inbox.verify(uow, senders(uow), received, call.body))
    view: Row = {
        "request": journal.message(headers, call.body, len(call.body), secrets=secrets),
        "verified": inbox.signatures_of(verified),
        "reasons": inbox.reasons_of(verified),
    }
    if result.status is not None:
        view["answer"] = _body(_headers(result.headers, secrets=secrets), result.answer or "", secrets=secrets)
    return view


def _headers(pairs: Any, *, secrets: bool) -> Row:
    raw = [(name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in pairs]
    return journal.headers_of(raw, secrets=secrets)


def _body(headers: Row, text: str, *, secrets: bool) -> Row:
    body = text.encode()
    return journal.message(headers, body, len(body), secrets=secrets)


def target(uow: UnitOfWork, url: str) -> str:
    """An address that webhooks may go to. Raises BadTarget."""
    try:
        return check_target(uow, url)
    except ValueError as error:
        raise BadTarget(f"url: {error}.") from error

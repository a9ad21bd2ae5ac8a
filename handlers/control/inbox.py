"""The webhook inbox: receive, list, clear; how it answers."""

import asyncio
from typing import Any

from handlers.control import _inbox_behaviors as behaviors
from handlers.control._inbox_behaviors import Behavior
from handlers.control._ports import senders
from handlers.http import Answer, no_content, ok
from models import inbox
from models.inbox import InboxMessage
from models.uow import UnitOfWork

Row = dict[str, Any]


def receive_webhook(uow: UnitOfWork, *, name: str, body: Any, raw_body: bytes, headers: dict[str, str]) -> Answer:  # noqa: ARG001  the contract's
    inbox.receive(uow, name, senders=senders(uow), headers=headers, body=raw_body)
    if not behaviors.is_set(uow, name):
        return ok({})

    async def later() -> Answer:
        # Counted after the commit: a transaction that meets a conflict is run again.
        behavior = behaviors.take(uow, name)
        await asyncio.sleep(behavior.delay_s)
        return behavior.answer

    return Answer(200, later=later)


def list_inboxes(uow: UnitOfWork) -> Answer:
    return ok({"inboxes": inbox.list_inboxes(uow)})


def list_inbox(uow: UnitOfWork, *, name: str, limit: int, offset: int) -> Answer:
    rows, total = inbox.list_messages(uow, name, limit=limit, offset=offset)
    return ok({"count": len(rows), "total": total, "messages": [_show(row) for row in rows]})


def _show(row: InboxMessage) -> Row:
    return {
        "received_ms": row.received_ms,
        "headers": row.headers,
        "body": row.body,
        "verified": row.signatures,
        "reasons": row.reasons,
    }


def clear_inbox(uow: UnitOfWork, *, name: str) -> Answer:
    inbox.clear(uow, name)
    return no_content()


def get_inbox_behavior(uow: UnitOfWork, *, name: str) -> Answer:
    return ok(behaviors.present(uow, name).show())


def set_inbox_behavior(uow: UnitOfWork, *, name: str, body: Row) -> Answer:
    chosen = Behavior(
        status=body.get("status", 200),
        delay_ms=body.get("delay_ms", 0),
        body=body.get("body"),
        has_body="body" in body,
        left=body.get("times"),
    )
    behaviors.set_behavior(uow, name, chosen)
    return ok(chosen.show())


def reset_inbox_behavior(uow: UnitOfWork, *, name: str) -> Answer:
    behaviors.forget(uow, name)
    return no_content()

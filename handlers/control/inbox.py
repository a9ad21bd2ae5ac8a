"""The webhook inbox: receive, list, clear."""

from typing import Any

from handlers.control._ports import senders
from handlers.http import Answer, no_content, ok
from models import inbox
from models.uow import UnitOfWork


def receive_webhook(uow: UnitOfWork, *, name: str, body: Any, raw_body: bytes, headers: dict[str, str]) -> Answer:  # noqa: ARG001  the contract's
    inbox.receive(uow, name, senders=senders(uow), headers=headers, body=raw_body)
    return ok({})


def list_inboxes(uow: UnitOfWork) -> Answer:
    return ok({"inboxes": inbox.list_inboxes(uow)})


def list_inbox(uow: UnitOfWork, *, name: str, limit: int, offset: int) -> Answer:
    rows, total = inbox.list_messages(uow, name, limit=limit, offset=offset)
    return ok(
        {
            "count": len(rows),
            "total": total,
            "messages": [
                {"received_ms": row.received_ms, "headers": row.headers, "body": row.body, "verified": row.verified}
                for row in rows
            ],
        }
    )


def clear_inbox(uow: UnitOfWork, *, name: str) -> Answer:
    inbox.clear(uow, name)
    return no_content()

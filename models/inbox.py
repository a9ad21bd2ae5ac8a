"""The webhook inbox of mock mode: a built-in receiver that keeps what it gets and checks the signatures."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import String, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.advocacy import webhooks as advocacy
from models.kernel.base import Base
from models.leat import webhooks as leat
from models.loyalty_core import webhooks as loyalty_core
from models.outbox import standard_webhooks
from models.saasquatch import webhooks as saasquatch
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

KEPT_MAX = 1_000
"""How many messages of one inbox are kept: the newest."""

_KEPT_HEADERS = ("content-type", "user-agent", "signature")
_KEPT_PREFIXES = ("x-hook-", "x-sentiments-", "webhook-")

Check = Callable[[UnitOfWork, Tenant | None, Mapping[str, str], bytes], dict[str, bool | None]]
_CHECKS: dict[str, Check] = {
    "x-sentiments-signature": advocacy.check_signatures,
    standard_webhooks.SIGNATURE_HEADER: loyalty_core.check_signatures,
    "signature": leat.check_signatures,
}
"""By the header that tells whose message it is. The first that is there decides: Advocacy sends the second one too, and what
a trigger of Loyalty Core sends may have any other header."""


class InboxMessage(Base):
    """A request as it came. `tenant_id` is the control plane's."""

    __tablename__ = "inbox_messages"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_ms: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[str] = mapped_column(Text)
    verified: Mapped[dict[str, Any]]


def receive(uow: UnitOfWork, name: str, *, headers: Mapping[str, str], raw_body: bytes, body: Any) -> None:
    """Keep a message, with whether its signatures are right, and drop the oldest beyond 1,000."""
    uow.session.add(
        InboxMessage(
            tenant_id=uow.tenant_id,
            name=name,
            number=uow.order_number(),
            received_ms=uow.now_ms,
            headers={
                key: value for key, value in headers.items() if key in _KEPT_HEADERS or key.startswith(_KEPT_PREFIXES)
            },
            body=raw_body.decode(),
            verified=_verified(uow, headers, raw_body, body),
        )
    )
    uow.session.flush()
    newest = uow.scoped(InboxMessage).with_only_columns(InboxMessage.number).where(InboxMessage.name == name)
    oldest_kept = uow.session.scalar(newest.order_by(InboxMessage.number.desc()).offset(KEPT_MAX - 1).limit(1))
    if oldest_kept is not None:
        uow.session.execute(
            delete(InboxMessage).where(
                InboxMessage.tenant_id == uow.tenant_id, InboxMessage.name == name, InboxMessage.number < oldest_kept
            )
        )


def _verified(uow: UnitOfWork, headers: Mapping[str, str], raw_body: bytes, body: Any) -> dict[str, bool | None]:
    """Whether each signature is right, of the API whose headers came.

    A SaaSquatch message names its tenant, and is held against its key; the others may be of any tenant of their API.
    """
    if any(key.startswith("x-hook-") for key in headers):
        tenant = saasquatch.tenant_named(uow, uow.directory, body)
        return saasquatch.check_signatures(uow, tenant, headers, raw_body)
    check = next((_CHECKS[header] for header in _CHECKS if header in headers), None)
    return check(uow, None, headers, raw_body) if check is not None else {}


def list_messages(uow: UnitOfWork, name: str, *, limit: int, offset: int) -> tuple[list[InboxMessage], int]:
    """A page of an inbox, newest first, and how many messages it holds."""
    total = (
        uow.session.scalar(
            select(func.count())
            .select_from(InboxMessage)
            .where(InboxMessage.tenant_id == uow.tenant_id, InboxMessage.name == name)
        )
        or 0
    )
    rows = uow.session.scalars(
        uow.scoped(InboxMessage)
        .where(InboxMessage.name == name)
        .order_by(InboxMessage.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return list(rows), total


def clear(uow: UnitOfWork, name: str) -> None:
    """Empty an inbox."""
    uow.session.execute(delete(InboxMessage).where(InboxMessage.tenant_id == uow.tenant_id, InboxMessage.name == name))

"""The webhook inbox of mock mode: a built-in receiver that keeps what it gets and checks the signatures."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import String, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.outbox.signature_faults import HEADER_MISSING, Fault
from models.outbox.standard_webhooks import TOO_NEW, TOO_OLD
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

KEPT_MAX = 1_000
"""How many messages of one inbox are kept: the newest."""
INBOXES_MAX = 200
"""How many inboxes are listed."""

_KEPT_HEADERS = ("content-type", "user-agent")


UNTIMELY = frozenset({TOO_OLD, TOO_NEW})
"""Codes of faults that are about when a message is verified, not about how it was signed."""
NOT_SIGNED = Fault(HEADER_MISSING, "No header holds a signature of any of the APIs.")


class Signatures(Protocol):
    """How an API signs its webhooks, as far as the inbox needs it: a part of `models/<api>/webhooks.py`.

    Names of received headers are lower case.
    """

    @property
    def KEPT_HEADERS(self) -> Sequence[str]:  # noqa: N802  a constant of the module
        """Names of the headers that the inbox keeps of a message, in lower case; one that ends in `-` is a prefix."""

    def is_signed(self, headers: Mapping[str, str], /) -> bool:
        """Whether a received message has a signature of the kind that this API sends."""

    def check_signatures(
        self, uow: UnitOfWork, tenant: Tenant | None, headers: Mapping[str, str], body: bytes, /
    ) -> dict[str, bool | None]:
        """Whether each signature of a received message is right, by header; None for one that is absent or cannot be
        checked.

        Without a `tenant`, the sender is whom the body names, or any tenant of the API.
        """

    def signing_secrets(self, uow: UnitOfWork, tenant: Tenant, /) -> list[str]:
        """The secrets that webhooks of a tenant are signed with, and receivers verify them with."""

    def faults(
        self, uow: UnitOfWork, tenant: Tenant | None, headers: Mapping[str, str], body: bytes, /
    ) -> Mapping[str, Fault]:
        """Why receivers refuse a message, by header; of those that they take there is none."""


class InboxMessage(Base):
    """A request as it came. `tenant_id` is the control plane's."""

    __tablename__ = "inbox_messages"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_ms: Mapped[int]
    headers: Mapped[dict[str, object]]
    body: Mapped[str] = mapped_column(Text)
    verified: Mapped[dict[str, Any]]
    """By header: true, or what is wrong (`right`: false, or null where it cannot be checked; `code`, `message`)."""

    @property
    def signatures(self) -> dict[str, bool | None]:
        """Whether each signature is right; None where there is none or it cannot be decided."""
        return signatures_of(self.verified)

    @property
    def reasons(self) -> dict[str, dict[str, str]]:
        """Why receivers refuse it, by header; under `signature` where no header holds one."""
        return reasons_of(self.verified)


def signatures_of(verified: Mapping[str, Any]) -> dict[str, bool | None]:
    """Of what `verify` has found: whether each signature is right; None where there is none or it cannot be checked."""
    return {header: one["right"] if isinstance(one, dict) else one for header, one in verified.items()}


def without_time(verified: Mapping[str, object]) -> dict[str, object]:
    """What `verify` has found, as a receiver has found it that got the message in time."""
    return {
        header: True if isinstance(one, dict) and one["code"] in UNTIMELY else one for header, one in verified.items()
    }


def reasons_of(verified: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """Of what `verify` has found: why receivers refuse the message, by header; under `signature` where no header holds
    one.
    """
    if not verified:
        return {"signature": NOT_SIGNED._asdict()}
    return {
        header: {"code": one["code"], "message": one["message"]}
        for header, one in verified.items()
        if isinstance(one, dict)
    }


def receive(
    uow: UnitOfWork, name: str, *, senders: Sequence[Signatures], headers: Mapping[str, str], body: bytes
) -> None:
    """Keep a message, with whether its signatures are right, and drop the oldest beyond 1,000.

    `senders` are all APIs.
    """
    kept = {*_KEPT_HEADERS, *(header for sender in senders for header in sender.KEPT_HEADERS)}
    beginnings = tuple(header for header in kept if header.endswith("-"))
    uow.session.add(
        InboxMessage(
            tenant_id=uow.tenant_id,
            name=name,
            number=uow.order_number(),
            received_ms=uow.now_ms,
            headers={key: value for key, value in headers.items() if key in kept or key.startswith(beginnings)},
            body=body.decode(),
            verified=verify(uow, senders, headers, body),
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


def verify(
    uow: UnitOfWork, senders: Sequence[Signatures], headers: Mapping[str, str], body: bytes
) -> dict[str, object]:
    """What is found of each signature of a message (header names in lower case), of the API that sent it, by header;
    read it with `signatures_of` and `reasons_of`.

    Several APIs may use one header (`webhook-signature`): the sender is the first of them with a right signature, or
    the first where none is right.
    """
    checked = [
        (sender, sender.check_signatures(uow, None, headers, body)) for sender in senders if sender.is_signed(headers)
    ]
    if not checked:
        return {}
    sender, found = next((pair for pair in checked if True in pair[1].values()), checked[0])
    faults = sender.faults(uow, None, headers, body)
    return {header: _verdict(right, faults.get(header)) for header, right in found.items()}


def _verdict(right: bool | None, fault: Fault | None) -> object:
    """A right signature with a fault, such as a time long ago, is refused nevertheless."""
    return right if fault is None else {"right": False if right else right, **fault._asdict()}


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


def list_inboxes(uow: UnitOfWork) -> list[dict[str, object]]:
    """The inboxes that hold messages, at most INBOXES_MAX, those that were used last first: `name`, `total`,
    `latest_ms`.
    """
    latest = func.max(InboxMessage.received_ms)
    rows = uow.session.execute(
        select(InboxMessage.name, func.count(), latest)
        .where(InboxMessage.tenant_id == uow.tenant_id)
        .group_by(InboxMessage.name)
        .order_by(latest.desc(), InboxMessage.name)
        .limit(INBOXES_MAX)
    )
    return [{"name": name, "total": total, "latest_ms": latest_ms} for name, total, latest_ms in rows]


def clear(uow: UnitOfWork, name: str) -> None:
    """Empty an inbox."""
    uow.session.execute(delete(InboxMessage).where(InboxMessage.tenant_id == uow.tenant_id, InboxMessage.name == name))

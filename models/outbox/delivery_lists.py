"""Deliveries as the control plane of a mock shows them: of all tenants, the newest event first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select

from models.kernel.statements import TENANT, Query
from models.outbox.outbox import DELIVERY_KIND, Delivery, DeliveryAttempt, Event, Job
from models.tenancy.tenants import Tenant, list_tenants
from models.uow import UnitOfWork


class DeliveryLine(NamedTuple):
    """A delivery with the type and the number of its event."""

    id: str
    event_id: str
    type: str
    number: int
    url: str
    status: str
    attempts: int
    created_ms: int
    finished_ms: int | None


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """A filter of deliveries; None means any value. `tenant` is an alias, or API and alias."""

    api: str | None = None
    tenant: str | None = None
    status: str | None = None
    event: str | None = None

    def tenants(self, uow: UnitOfWork) -> list[Tenant]:
        """The tenants whose deliveries the filter matches."""
        found = list_tenants(uow.session, self.api)
        return [one for one in found if self.tenant is None or self.tenant in (one.key, one.alias)]


_COLUMNS = (
    Delivery.id,
    Delivery.event_id,
    Event.type,
    Event.number,
    Delivery.url,
    Delivery.status,
    Delivery.attempts,
    Delivery.created_ms,
    Delivery.finished_ms,
)
_JOINED = (Delivery.tenant_id == TENANT, Event.tenant_id == TENANT, Delivery.event_id == Event.id)
DELIVERY = Query(select(*_COLUMNS).where(*_JOINED, Delivery.id == bindparam("delivery_id")), DeliveryLine)
ATTEMPTS = Query(
    select(DeliveryAttempt)
    .where(DeliveryAttempt.tenant_id == TENANT, DeliveryAttempt.delivery_id == bindparam("delivery_id"))
    .order_by(DeliveryAttempt.number)
)
DUE = Query(
    select(Job.due_at_ms).where(
        Job.tenant_id == TENANT, Job.kind == DELIVERY_KIND, Job.subject == bindparam("delivery_id")
    )
)


def _conditions(has_status: bool, has_event: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = list(_JOINED)
    if has_status:
        found.append(Delivery.status == bindparam("status"))
    if has_event:
        found.append(Event.type == bindparam("event"))
    return found


@cache
def _listing(has_status: bool, has_event: bool) -> Query[DeliveryLine]:
    return Query(
        select(*_COLUMNS)
        .where(*_conditions(has_status, has_event))
        .order_by(Event.number.desc(), Delivery.id)
        .limit(bindparam("limit")),
        DeliveryLine,
    )


@cache
def _counting(has_status: bool, has_event: bool) -> Query[int]:
    return Query(select(func.count()).select_from(Delivery, Event).where(*_conditions(has_status, has_event)))


def list_deliveries(
    uow: UnitOfWork, filters: DeliveryFilter, *, limit: int, offset: int = 0
) -> tuple[list[tuple[Tenant, DeliveryLine]], int]:
    """A page of the deliveries that a filter matches, the newest event first, and how many there are."""
    kinds = filters.status is not None, filters.event is not None
    given = {"status": filters.status, "event": filters.event}
    found: list[tuple[Tenant, DeliveryLine]] = []
    total = 0
    for tenant in filters.tenants(uow):
        bound = {**given, "tenant_id": tenant.id}
        total += uow.connection.first(_counting(*kinds), bound) or 0
        found += [(tenant, row) for row in uow.connection.rows(_listing(*kinds), {**bound, "limit": offset + limit})]
    found.sort(key=lambda pair: (-pair[1].created_ms, pair[0].id, -pair[1].number, pair[1].id))
    return found[offset : offset + limit], total


def find_delivery(uow: UnitOfWork, delivery_id: str) -> tuple[Tenant, DeliveryLine] | None:
    """A delivery of any tenant; None where there is none."""
    for tenant in list_tenants(uow.session):
        row = uow.connection.first(DELIVERY, {"tenant_id": tenant.id, "delivery_id": delivery_id})
        if row is not None:
            return tenant, row
    return None


def attempts_of(uow: UnitOfWork, tenant: Tenant, delivery_id: str) -> Sequence[DeliveryAttempt]:
    """The attempts of a delivery, the first one first."""
    return uow.connection.rows(ATTEMPTS, {"tenant_id": tenant.id, "delivery_id": delivery_id})


def next_attempt_ms(uow: UnitOfWork, tenant: Tenant, delivery_id: str) -> int | None:
    """When a delivery is sent next, on the sandbox's clock; None when it is over."""
    return uow.connection.first(DUE, {"tenant_id": tenant.id, "delivery_id": delivery_id})

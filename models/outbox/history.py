"""Delete old events that have no pending delivery, with their deliveries and attempts: after 30 days everywhere, and in
a mock also those beyond the newest `TROTH_EVENTS_KEPT` of a tenant.

No vendor's API reads them: only the control plane of a mock does, to list deliveries and to send them again.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, exists, func, select

from models.kernel.clock import DAY_MS
from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Query
from models.outbox.outbox import Delivery, DeliveryAttempt, Event
from models.uow import UnitOfWork

KEPT_MS = 30 * DAY_MS
"""How long events and their deliveries are kept."""
PRUNED_AT_ONCE = 200
"""Events that one unit of work forgets, with all their deliveries: about 10 ms."""
BOUNDED_EVERY = 100
"""Events of a tenant after which a mock forgets those beyond the number that it keeps."""
LOOKED_AT_MAX = 1_000
"""How many events beyond the kept ones are examined each time, newest first. Without this limit each run would read
every event that waits for a receiver that is down.
"""
EVENTS = "events"
"""The name of the running number of a tenant's events, and of the hook that forgets old ones."""

_WAITING = exists().where(Delivery.tenant_id == TENANT, Delivery.event_id == Event.id, Delivery.status == "pending")
OLD_EVENTS = Query(
    select(Event.id)
    .where(Event.tenant_id == TENANT, Event.created_ms < bindparam("before_ms"), ~_WAITING)
    .limit(bindparam("limit"))
)
_BEYOND = (
    select(Event.id)
    .where(Event.tenant_id == TENANT)
    .order_by(Event.number.desc())
    .offset(bindparam("kept"))
    .limit(bindparam("looked_at"))
)
EVENTS_BEYOND = Query(
    select(Event.id)
    .where(Event.tenant_id == TENANT, Event.id.in_(_BEYOND), ~_WAITING)
    .order_by(Event.number)
    .limit(bindparam("limit"))
)
COUNT_EVENTS = Query(select(func.count()).select_from(Event).where(Event.tenant_id == TENANT))
_OF_EVENTS = (Delivery.tenant_id == TENANT, among(Delivery.event_id, "event_ids"))
FORGET_ATTEMPTS = Change(
    delete(DeliveryAttempt).where(
        DeliveryAttempt.tenant_id == TENANT, DeliveryAttempt.delivery_id.in_(select(Delivery.id).where(*_OF_EVENTS))
    )
)
FORGET_DELIVERIES = Change(delete(Delivery).where(*_OF_EVENTS))
FORGET_EVENTS = Change(delete(Event).where(Event.tenant_id == TENANT, among(Event.id, "event_ids")))


def prune(uow: UnitOfWork) -> bool:
    """Forget some of the tenant's events that are older than 30 days and have no pending delivery, with their
    deliveries and attempts.

    They hold what was said of people, and must not outlive those who were deleted. Returns whether there may be more.
    """
    old = uow.rows(OLD_EVENTS, before_ms=uow.now_ms - KEPT_MS, limit=PRUNED_AT_ONCE)
    _forget(uow, old)
    return len(old) == PRUNED_AT_ONCE


class Bound:
    """What a unit of work does once at its end: forget the tenant's events beyond the newest `kept` that have no
    pending delivery.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._limit = 0

    def widen(self) -> None:
        """Forget twice as many as BOUNDED_EVERY more: a unit may write thousands of events."""
        self._limit += PRUNED_AT_ONCE

    def apply(self, uow: UnitOfWork) -> None:
        """Forget some: twice as many as have been written since the last time."""
        limit, self._limit = self._limit, 0
        if limit:
            looked_at = LOOKED_AT_MAX + limit - PRUNED_AT_ONCE
            _forget(uow, uow.rows(EVENTS_BEYOND, kept=self._kept, looked_at=looked_at, limit=limit))


def bound_events(kept: int, uow: UnitOfWork) -> None:
    """Note that an event is written, and with each hundredth of a tenant have those beyond the newest `kept` forgotten.

    It follows from the number of events alone, so that a sandbox with a seed forgets the same ones at each run.
    """
    number = uow.sandbox.number(uow.tenant_id, EVENTS, lambda: uow.one(COUNT_EVENTS))
    if number is not None and number % BOUNDED_EVERY == 0:
        hook = uow.flush_hooks.setdefault(EVENTS, Bound(kept))
        if isinstance(hook, Bound):
            hook.widen()


def _forget(uow: UnitOfWork, event_ids: Sequence[str]) -> None:
    if event_ids:
        for change in (FORGET_ATTEMPTS, FORGET_DELIVERIES, FORGET_EVENTS):
            uow.execute(change, event_ids=event_ids)

"""Attempts of deliveries: reading what is sent, and writing the results, for deliveries of any tenants in few
statements.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from models.kernel.connection import LazyConnection
from models.kernel.lists import among_keys
from models.kernel.statements import Change, Insertion, Query, replaced
from models.outbox.outbox import (
    AMONG_JOBS,
    ANSWER_CHARACTERS_MAX,
    Claim,
    Delivery,
    DeliveryAttempt,
    DeliveryKey,
    Event,
    Job,
)

EventKey = tuple[int, str]
"""A tenant's id, and the id of its event."""

ERROR_CHARACTERS_MAX = 255

_DELIVERY_KEY, _EVENT_KEY = (Delivery.tenant_id, Delivery.id), (Event.tenant_id, Event.id)
_AMONG_DELIVERIES = among_keys(_DELIVERY_KEY, "keys")
_SOME = select(Delivery).where(_AMONG_DELIVERIES)  # house-rule: the dispatcher works for all tenants
_DELIVERIES = Query(_SOME, of_all_tenants=True)
_LOCKED_DELIVERIES = Query(_SOME.order_by(*_DELIVERY_KEY).with_for_update(), of_all_tenants=True)
_SOME_EVENTS = select(Event).where(among_keys(_EVENT_KEY, "keys"))  # house-rule: the dispatcher works for all tenants
_EVENTS = Query(_SOME_EVENTS, of_all_tenants=True)
_INSERT_ATTEMPT = Insertion(DeliveryAttempt)
_CHANGE_DELIVERIES = Change(
    update(Delivery)
    .where(_AMONG_DELIVERIES)
    .values({name: bindparam(f"new_{name}") for name in ("status", "attempts", "finished_ms")}),
    of_all_tenants=True,
)
_REMOVE_JOBS = Change(delete(Job).where(AMONG_JOBS), of_all_tenants=True)
_PUT_OFF_JOB = Change(
    update(Job)
    .where(AMONG_JOBS)
    .values(due_at_ms=bindparam("new_due_ms"), attempts=bindparam("new_attempts"), leased_until_ms=None),
    of_all_tenants=True,
)


class Answered(NamedTuple):
    """The result of an attempt: the endpoint's status and the start of its answer, or why there was none; how long it
    took.
    """

    status: int | None
    answer: str | None
    error: str | None
    duration_ms: int


class Attempt(NamedTuple):
    """A try of a delivery, at a time on its tenant's clock.

    `delivery` is as it is afterwards: this attempt is counted.
    """

    delivery: Delivery
    at_ms: int
    answered: Answered


def find_deliveries(connection: LazyConnection, keys: Collection[DeliveryKey]) -> dict[DeliveryKey, Delivery]:
    """Those of some deliveries that exist."""
    rows = connection.rows(_DELIVERIES, {"keys": sorted(keys)}) if keys else []
    return {(row.tenant_id, row.id): row for row in rows}


def lock_deliveries(connection: LazyConnection, keys: Collection[DeliveryKey]) -> dict[DeliveryKey, Delivery]:
    """The same, locked until the transaction ends: what is not kept any longer may be deleted at this moment, with its
    attempts.
    """
    rows = connection.rows(_LOCKED_DELIVERIES, {"keys": sorted(keys)}, locks=True) if keys else []
    return {(row.tenant_id, row.id): row for row in rows}


def find_events(connection: LazyConnection, deliveries: Iterable[Delivery]) -> dict[EventKey, Event]:
    """The events that deliveries carry."""
    keys = {(row.tenant_id, row.event_id) for row in deliveries}
    rows = connection.rows(_EVENTS, {"keys": sorted(keys)}) if keys else []
    return {(row.tenant_id, row.id): row for row in rows}


def tried(delivery: Delivery) -> Delivery:
    """A delivery after one more attempt; not written."""
    return replaced(delivery, attempts=delivery.attempts + 1)


def closed(delivery: Delivery, status: str, now_ms: int) -> Delivery:
    """A delivery that is over; not written."""
    return replaced(delivery, status=status, finished_ms=now_ms)


def write_attempts(connection: LazyConnection, attempts: Sequence[Attempt]) -> None:
    """Insert attempts, and write of their deliveries what changes with one. Each delivery is among them once."""
    if not attempts:
        return
    connection.insert_many(_INSERT_ATTEMPT, [_columns(attempt) for attempt in attempts])
    changes = sorted(((_changes(one.delivery), one.delivery) for one in attempts), key=lambda pair: str(pair[0]))
    for (status, count, finished_ms), same in groupby(changes, key=lambda pair: pair[0]):
        keys = [(delivery.tenant_id, delivery.id) for _, delivery in same]
        parameters = {"new_status": status, "new_attempts": count, "new_finished_ms": finished_ms}
        connection.execute(_CHANGE_DELIVERIES, {"keys": keys, **parameters})


def _columns(attempt: Attempt) -> dict[str, object]:
    delivery, answered = attempt.delivery, attempt.answered
    return {
        "tenant_id": delivery.tenant_id,
        "delivery_id": delivery.id,
        "number": delivery.attempts,
        "at_ms": attempt.at_ms,
        "status": answered.status,
        "answer": None if answered.answer is None else answered.answer[:ANSWER_CHARACTERS_MAX],
        "error": None if answered.error is None else answered.error[:ERROR_CHARACTERS_MAX],
        "duration_ms": answered.duration_ms,
    }


def _changes(delivery: Delivery) -> tuple[str, int, int | None]:
    return delivery.status, delivery.attempts, delivery.finished_ms


def remove_jobs(connection: LazyConnection, jobs: Sequence[Claim]) -> None:
    """Remove jobs that are done."""
    if jobs:
        connection.execute(_REMOVE_JOBS, {"keys": [(job.tenant_id, job.id) for job in jobs]})


def put_off_job(connection: LazyConnection, job: Claim, due_ms: int) -> None:
    """Reschedule a job to an instant on its tenant's clock."""
    parameters = {"new_due_ms": due_ms, "new_attempts": job.attempts + 1}
    connection.execute(_PUT_OFF_JOB, {"keys": [(job.tenant_id, job.id)], **parameters})

"""The outbox: jobs, events and deliveries written in the transaction of the change that caused them.

A job is due at a time on its tenant's clock. A dispatcher claims due jobs under a lease, works, and removes or
reschedules them: at least once, never lost, never twice while a lease lives. Events are what webhooks carry; each
delivery of an event to an endpoint records every attempt.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Index,
    Select,
    String,
    Text,
    bindparam,
    delete,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.kernel.base import Base
from models.kernel.connection import LazyConnection
from models.kernel.lists import among, among_keys
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.outbox.long_jobs import LONG_KINDS
from models.uow import UnitOfWork

JobKey = tuple[int, int]
"""A tenant's id, and the id of its job."""

DeliveryKey = tuple[int, str]
"""A tenant's id, and the id of its delivery."""

LEASE_MS = 60_000
ANSWER_CHARACTERS_MAX = 2_048
TRACE_CONTEXT = "trace_context"
"""The service that says in which trace events are written: called without arguments, it returns a `traceparent` or
None.
"""
EVENT_WRITTEN = "event_written"
"""The service that is called with the unit of work for each event that it writes."""
TRACEPARENT = "traceparent"
"""The header and the format of W3C Trace Context."""
DELIVERY_KIND = "delivery"
"""Jobs of this kind call an outside address; all others are internal."""


def _where(condition: str) -> dict[str, Any]:
    """A partial index.

    Internal jobs and deliveries have their own: many due ones of one kind must not be read to find the other.
    """
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Job(Base):
    """Something to do at a time. `subject` names what it is about, so that it can be found and replaced."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_subject", "tenant_id", "kind", "subject"),
        Index("ix_jobs_internal", "sandbox_id", "due_at_ms", "tenant_id", "id", **_where("endpoint_id IS NULL")),
        Index("ix_jobs_tenant_internal", "tenant_id", "due_at_ms", "id", **_where("endpoint_id IS NULL")),
        Index("ix_jobs_deliveries", "sandbox_id", "due_at_ms", "tenant_id", "id", **_where("endpoint_id IS NOT NULL")),
        Index(
            "ix_jobs_endpoint",
            "sandbox_id",
            "tenant_id",
            "endpoint_id",
            "due_at_ms",
            "id",
            **_where("endpoint_id IS NOT NULL"),
        ),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sandbox_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    endpoint_id: Mapped[str | None] = mapped_column(String(64))
    """A delivery's endpoint, as in `Delivery.endpoint_id`; None for internal jobs."""
    due_at_ms: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until_ms: Mapped[int | None]


class Event(Base):
    """What happened, as webhooks report it. `body` is the exact JSON text that is sent and signed."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_number", "tenant_id", "number"),
        Index("ix_events_created", "tenant_id", "created_ms"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    """Grows within the tenant: the order in which events happened."""
    type: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    created_ms: Mapped[int]
    traceparent: Mapped[str | None] = mapped_column(String(55))
    """The span (W3C Trace Context) in which it was written; None without tracing."""


class Delivery(Base):
    """An event on its way to one endpoint; status is pending, delivered or failed."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_event", "tenant_id", "event_id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(64))
    endpoint_id: Mapped[str] = mapped_column(String(64))
    """Whose address it is, in the API's own terms: what the delivery policy looks up."""
    url: Mapped[str] = mapped_column(String(2048))
    status: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_ms: Mapped[int]
    finished_ms: Mapped[int | None]


class DeliveryAttempt(Base):
    """One try: the endpoint's status and the start of its answer, or why there was none."""

    __tablename__ = "delivery_attempts"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[int]
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(ANSWER_CHARACTERS_MAX))
    error: Mapped[str | None] = mapped_column(String(255))
    duration_ms: Mapped[int]


INSERT_JOB, INSERT_EVENT, INSERT_DELIVERY = Insertion(Job), Insertion(Event), Insertion(Delivery)
DELETE_JOBS = Change(
    delete(Job).where(Job.tenant_id == TENANT, Job.kind == bindparam("kind"), Job.subject == bindparam("subject"))
)

_JOBS_ABOUT = Query(
    select(Job.id)
    .where(Job.tenant_id == TENANT, Job.kind == bindparam("kind"), among(Job.subject, "subjects"))
    .order_by(Job.id)
)


PUT_OFF_DELIVERY = Change(
    update(Job)
    .where(Job.tenant_id == TENANT, Job.kind == DELIVERY_KIND, Job.subject == bindparam("subject_is"))
    .values(due_at_ms=bindparam("due"), attempts=Job.attempts + 1)
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one attempt: the endpoint's status, None when there was no answer, and its Retry-After in
    seconds.
    """

    status: int | None
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What an API's policy makes of an outcome: delivered, failed for good, or pending and due again at `next_ms`."""

    status: str
    next_ms: int = 0


DELIVERED = Settled("delivered")
FAILED = Settled("failed")


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased job, detached from its row."""

    tenant_id: int
    id: int
    kind: str
    subject: str
    due_at_ms: int
    attempts: int
    endpoint_id: str | None

    @property
    def endpoint(self) -> "EndpointKey":
        """The endpoint of a delivery."""
        return self.tenant_id, self.endpoint_id or ""


EndpointKey = tuple[int, str]
"""A tenant's id, and the id of its endpoint."""


def schedule(uow: UnitOfWork, kind: str, subject: str, due_at_ms: int) -> None:
    """Add a job of the tenant, due at a time on its clock."""
    uow.insert(INSERT_JOB, **_job(uow, kind, subject, due_at_ms, None))


def schedule_at_end(uow: UnitOfWork, kind: str, subject: str, due_at_ms: int) -> None:
    """Add a job of the tenant that nothing in the unit looks for or removes: it is written when the unit ends."""
    uow.insert_at_end(INSERT_JOB, **_job(uow, kind, subject, due_at_ms, None))


def _job(uow: UnitOfWork, kind: str, subject: str, due_at_ms: int, endpoint_id: str | None) -> dict[str, object]:
    """The columns of a new job."""
    uow.wakes = True
    return {
        "id": uow.order_number(),
        "sandbox_id": uow.sandbox.id,
        "kind": kind,
        "subject": subject,
        "endpoint_id": endpoint_id,
        "due_at_ms": due_at_ms,
    }


def unschedule(uow: UnitOfWork, kind: str, subject: str) -> None:
    """Remove the tenant's jobs of a kind about a subject."""
    uow.execute(DELETE_JOBS, kind=kind, subject=subject)


def lock_jobs(uow: UnitOfWork, kind: str, subjects: Sequence[str]) -> None:
    """Lock the tenant's jobs of a kind about subjects, before what they lock themselves: the dispatcher holds a job
    while it runs it.
    """
    uow.lock_rows(_JOBS_ABOUT, kind=kind, subjects=subjects)


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint that gets an event, and the id of the delivery."""

    delivery_id: str
    endpoint_id: str
    url: str


def publish(uow: UnitOfWork, event_id: str, event_type: str, payload: str, targets: Sequence[Target]) -> None:
    """Write an event and a delivery for each of its targets, due at once, when the unit ends; `payload` is the exact
    JSON text that is sent and signed.
    """
    add_event(uow, event_id, event_type, payload)
    for target in targets:
        deliver(uow, event_id, target.delivery_id, target.url, endpoint_id=target.endpoint_id)


def add_event(uow: UnitOfWork, event_id: str, event_type: str, payload: str) -> None:
    """Write an event when the unit ends; `payload` is the exact JSON text that is sent and signed."""
    trace_context = uow.services.get(TRACE_CONTEXT)
    uow.insert_at_end(
        INSERT_EVENT,
        id=event_id,
        number=uow.order_number(),
        type=event_type,
        body=payload,
        created_ms=uow.now_ms,
        traceparent=None if trace_context is None else trace_context(),
    )
    written = uow.services.get(EVENT_WRITTEN)
    if written is not None:
        written(uow)


def deliver(uow: UnitOfWork, event_id: str, delivery_id: str, url: str, *, endpoint_id: str) -> None:
    """Send an event to an endpoint as soon as possible."""
    uow.insert_at_end(
        INSERT_DELIVERY, id=delivery_id, event_id=event_id, endpoint_id=endpoint_id, url=url, created_ms=uow.now_ms
    )
    uow.insert_at_end(INSERT_JOB, **_job(uow, DELIVERY_KIND, delivery_id, uow.now_ms, endpoint_id))


def claim(
    session: Session,
    *,
    sandbox_id: int,
    now_ms: int,
    wall_now_ms: int,
    limit: int,
    deliveries: bool,
    tenant_id: int | None = None,
    condition: ColumnElement[bool] | None = None,
) -> list[Claim]:
    """Lease the due jobs that nobody holds, in due order: deliveries, or internal jobs, of the sandbox or of one tenant
    in it.

    Leases run on wall time, since they guard against a dispatcher that died.
    """
    statement = (
        select(Job)
        .where(Job.sandbox_id == sandbox_id, _is_delivery(deliveries), Job.due_at_ms <= now_ms, not_leased(wall_now_ms))
        .order_by(Job.due_at_ms, Job.tenant_id, Job.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if tenant_id is not None:
        statement = statement.where(Job.tenant_id == tenant_id)
    if condition is not None:
        statement = statement.where(condition)
    return _lease(session, session.scalars(statement).all(), wall_now_ms)


def not_leased(wall_now_ms: int | BindParameter[int]) -> ColumnElement[bool]:
    """The condition that nobody holds a job: it was never leased, or its lease is over."""
    return or_(Job.leased_until_ms.is_(None), Job.leased_until_ms < wall_now_ms)


_FREE = not_leased(bindparam("wall_now_ms"))
AMONG_JOBS = among_keys((Job.tenant_id, Job.id), "keys")  # house-rule: the dispatcher works for all tenants
"""The condition of jobs by their keys."""
_CHOSEN = Query(
    select(Job.tenant_id, Job.id, Job.kind, Job.subject, Job.due_at_ms, Job.attempts, Job.endpoint_id)
    .where(AMONG_JOBS, _FREE)
    .order_by(Job.due_at_ms, Job.tenant_id, Job.id)
    .with_for_update(skip_locked=True),
    of_all_tenants=True,
)
_LEASE_CHOSEN = Change(update(Job).where(AMONG_JOBS).values(leased_until_ms=bindparam("until_ms")), of_all_tenants=True)


def claim_chosen(session: Session, chosen: Collection[JobKey], *, wall_now_ms: int) -> list[Claim]:
    """Lease those of some jobs that nobody has locked, leased or finished since they were chosen, in due order."""
    if not chosen:
        return []
    connection = LazyConnection.of(session)
    rows = connection.rows(_CHOSEN, {"keys": sorted(chosen), "wall_now_ms": wall_now_ms}, locks=True)
    claims = [Claim(*row) for row in rows]
    if claims:
        keys = [(claim.tenant_id, claim.id) for claim in claims]
        connection.execute(_LEASE_CHOSEN, {"keys": keys, "until_ms": wall_now_ms + LEASE_MS})
    return claims


def _lease(session: Session, jobs: Sequence[Job], wall_now_ms: int) -> list[Claim]:
    for job in jobs:
        job.leased_until_ms = wall_now_ms + LEASE_MS
    session.flush()
    return [
        Claim(job.tenant_id, job.id, job.kind, job.subject, job.due_at_ms, job.attempts, job.endpoint_id)
        for job in jobs
    ]


def not_long(busy_tenants: Collection[int] | None) -> ColumnElement[bool]:
    """The condition that excludes long jobs of these tenants; with None, all long jobs."""
    condition = Job.kind.not_in(LONG_KINDS)
    if busy_tenants is None:
        return condition
    others = Job.tenant_id.not_in(busy_tenants)  # house-rule: the dispatcher claims jobs of all tenants
    return or_(condition, others)


def renew(session: Session, job: Claim, *, wall_now_ms: int) -> bool:
    """Lease a job for longer. False when its lease is over, which is when another dispatcher may have it."""
    leased = update(Job).where(Job.tenant_id == job.tenant_id, Job.id == job.id, Job.leased_until_ms >= wall_now_ms)
    return bool(
        cast("CursorResult[Any]", session.execute(leased.values(leased_until_ms=wall_now_ms + LEASE_MS))).rowcount
    )


def release(session: Session, job: Claim) -> None:
    """End the lease of a job that was not worked off: it is due as it was before."""
    session.execute(update(Job).where(Job.tenant_id == job.tenant_id, Job.id == job.id).values(leased_until_ms=None))


def finish(session: Session, job: Claim) -> None:
    """The job is done: remove it."""
    session.execute(delete(Job).where(Job.tenant_id == job.tenant_id, Job.id == job.id))


def retry(session: Session, job: Claim, due_at_ms: int) -> None:
    """The job is to be tried again at a time on its tenant's clock, unless another unit has removed it since."""
    again = {"due_at_ms": due_at_ms, "attempts": job.attempts + 1, "leased_until_ms": None}
    session.execute(update(Job).where(Job.tenant_id == job.tenant_id, Job.id == job.id).values(again))


def put_off_delivery(uow: UnitOfWork, delivery_id: str, due_at_ms: int) -> None:
    """A delivery was sent out of its turn, and is to be tried again at a time on its tenant's clock."""
    uow.execute(PUT_OFF_DELIVERY, subject_is=delivery_id, due=due_at_ms)


def _is_delivery(is_delivery: bool) -> ColumnElement[bool]:
    return Job.endpoint_id.is_not(None) if is_delivery else Job.endpoint_id.is_(None)


def _next_due(deliveries: bool) -> Select[int]:
    return (
        select(Job.due_at_ms)
        .where(Job.sandbox_id == bindparam("sandbox_id"), _is_delivery(deliveries), _FREE)
        .order_by(Job.due_at_ms)
        .limit(1)
    )


_NEXT_DUE = {kind: Query(_next_due(kind), of_all_tenants=True) for kind in (True, False)}
"""Of deliveries, and of internal jobs: when the first that nobody holds is due. The dispatcher asks in each of its
rounds.
"""


def next_due_ms(
    session: Session,
    sandbox_id: int,
    *,
    wall_now_ms: int,
    deliveries: bool,
    condition: ColumnElement[bool] | None = None,
) -> int | None:
    """When the sandbox's next job that nobody holds is due, on its clock: of deliveries, or of internal jobs, which may
    have to meet a condition.
    """
    values = {"sandbox_id": sandbox_id, "wall_now_ms": wall_now_ms}
    if condition is not None:
        return session.connection().execute(_next_due(deliveries).where(condition), values).scalars().first()
    return LazyConnection.of(session).first(_NEXT_DUE[deliveries], values)

"""The outbox's units of work: claiming, running, preparing and recording, each in a transaction of its own.

Everything here is synchronous and runs where the database wants it; `troth/outbox/dispatcher.py` decides when.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.kernel.clock import HOUR_MS, SECOND_MS, wall_ms
from models.kernel.connection import LazyConnection
from models.outbox import attempts, history, outbox
from models.outbox.addresses import masked
from models.outbox.attempts import Answered, Attempt
from models.outbox.delivery_claims import Due, Shares, Visits, claim_in_shares
from models.outbox.long_jobs import LONG_KINDS
from models.outbox.outbox import DELIVERED, Claim, Delivery, DeliveryKey, Event, Job, Outcome, Settled
from models.tenancy.tenants import Tenant, list_tenants
from models.uow import UnitOfWork
from troth.database.errors import is_conflict
from troth.database.timeouts import allow_long_work
from troth.log import logger
from troth.outbox.signing_clock import signing_ms
from troth.outbox.work import ELSEWHERE, Call, ClaimedLongJob, Fired, NextDue, Prepared, TenantGone, fired_of, text_of

if TYPE_CHECKING:
    from models.tenancy.sandboxes import Sandbox
    from troth.outbox.outgoing import SendResult
    from troth.runtime import Runtime

BACKOFF_MS = 10 * SECOND_MS
WORK_MAX = 10_000
"""How many jobs one call of `run_due` or `Dispatcher.advance` runs."""

CONFLICTS_MAX = 3
"""How often a job that lost a race in the database is tried again at once."""


def backoff_ms(attempts: int) -> int:
    """How long a job that has failed `attempts` times before waits: 10 s, doubled each time, an hour at most."""
    return min(BACKOFF_MS << min(attempts, 20), HOUR_MS)


class OutboxUnits:
    """Transactions on the outbox of a runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._storage = runtime.storage
        self._sandbox_ids: dict[int, int] = {}
        self._urgent = sorted(kind for api in runtime.apis if api.domain is not None for kind in api.domain.urgent_jobs)

    def prune(self, sandbox: Sandbox) -> None:
        """Forget in each tenant of a sandbox what is not kept any longer, all at once."""
        for tenant in self.tenants_of(sandbox):
            while self.prune_some(sandbox, tenant):
                pass

    def tenants_of(self, sandbox: Sandbox) -> list[Tenant]:
        """The tenants of a sandbox."""
        with self._storage.deferred_session() as session, session.begin():
            return [tenant for tenant in list_tenants(session) if tenant.sandbox_id == sandbox.id]

    def prune_some(self, sandbox: Sandbox, tenant: Tenant) -> bool:
        """Forget some of what a tenant does not keep any longer, in one transaction.

        Returns whether there may be more.
        """
        connection = LazyConnection(self._storage.writing)
        with connection.transaction():
            allow_long_work(connection.session)
            uow = UnitOfWork(
                tenant=tenant,
                sandbox=sandbox,
                connection=connection,
                request_number=0,
                random_name="prune",
                directory=self.runtime.directory,
                public_url=self.runtime.public_url,
            )
            more: list[bool] = [history.prune(uow), self.runtime.domain(tenant.api).prune(uow)]
            return any(more)

    # Internal jobs

    def run_internal(
        self,
        sandbox: Sandbox,
        now_ms: int,
        tenant_id: int | None,
        busy_tenants: Collection[int] | None = (),
        urgent_only: bool = False,
    ) -> Fired | ClaimedLongJob | None:
        """Run the next internal job that is due, in one transaction; one that raises is put off. None without a job.

        A long job is only leased and returned. Those of `busy_tenants` are left alone, and for None all of them. With
        `urgent_only` all jobs are left alone but those of the APIs' urgent kinds.
        """
        condition = Job.kind.in_(self._urgent) if urgent_only else _not_busy(busy_tenants)
        with self._storage.session() as session:
            job: Claim | None = None
            try:
                with session.begin():
                    claims = outbox.claim(
                        session,
                        sandbox_id=sandbox.id,
                        now_ms=now_ms,
                        wall_now_ms=wall_ms(),
                        limit=1,
                        tenant_id=tenant_id,
                        deliveries=False,
                        condition=condition,
                    )
                    if not claims:
                        return None
                    job = claims[0]
                    allow_long_work(session)
                    return self._handle(session, sandbox, job)
            except Exception as error:
                if job is None:
                    raise
                return self.failed(sandbox, job, error)

    def failed(self, sandbox: Sandbox, job: Claim, error: Exception) -> Fired:
        """Log that a job has raised, and put it off."""
        logger.error("job failed", kind=job.kind, subject=job.subject, attempts=job.attempts + 1, exc_info=error)
        with self._storage.session() as session:
            self._put_off(session, sandbox, job, error)
        return {**fired_of(job), "error": text_of(error)}

    def _handle(self, session: Session, sandbox: Sandbox, job: Claim) -> Fired | ClaimedLongJob:
        # On a fixed clock that has jumped, a job sees the time that it was due at.
        now_ms = job.due_at_ms if sandbox.clock.fixed else None
        try:
            uow = self._unit(
                session, sandbox, job, request_number=sandbox.next_request_number(job.tenant_id), now_ms=now_ms
            )
        except TenantGone as error:
            outbox.finish(session, job)
            return {**fired_of(job), "error": text_of(error)}
        if job.kind in LONG_KINDS:
            return ClaimedLongJob(job, uow.request_number, now_ms)
        self.runtime.domain(uow.tenant.api).jobs[job.kind](uow, job.subject)
        uow.finish()
        outbox.finish(session, job)
        return {**fired_of(job), "tenant": uow.tenant.key}

    def _put_off(self, session: Session, sandbox: Sandbox, job: Claim, error: Exception) -> None:
        """Try a failed job again later; one that only lost a race in the database, at once."""
        lost = isinstance(error, DBAPIError) and is_conflict(error) and job.attempts < CONFLICTS_MAX
        due_ms = job.due_at_ms if lost else sandbox.clock.now_ms() + backoff_ms(job.attempts)
        with session.begin():
            outbox.retry(session, job, due_ms)

    # Long jobs

    def unit(self, connection: LazyConnection, sandbox: Sandbox, begun: ClaimedLongJob) -> UnitOfWork:
        """The unit of work for the steps of a long job. Raises TenantGone."""
        return self._unit(
            connection.session,
            sandbox,
            begun.job,
            request_number=begun.request_number,
            now_ms=begun.now_ms,
            connection=connection,
        )

    def finish_long(self, sandbox: Sandbox, begun: ClaimedLongJob, result: Any) -> Fired:
        """Write the result of a long job and remove it, in one transaction."""
        job = begun.job
        with self._storage.session() as session, session.begin():
            session.connection()  # begins the transaction: what waits for another process's lock has moved no file yet
            uow = self._unit(session, sandbox, job, request_number=begun.request_number, now_ms=begun.now_ms)
            self.runtime.domain(uow.tenant.api).long_jobs[job.kind].finish(uow, job.subject, result)
            uow.finish()
            outbox.finish(session, job)
            return {**fired_of(job), "tenant": uow.tenant.key}

    def renew(self, job: Claim) -> bool:
        """Renew the lease of a job; False when another dispatcher has it."""
        with self._storage.session() as session, session.begin():
            return outbox.renew(session, job, wall_now_ms=wall_ms())

    def release(self, job: Claim) -> None:
        """Give up the lease of a job, which is then due again."""
        with self._storage.session() as session, session.begin():
            outbox.release(session, job)

    # Deliveries

    def put_off_delivery(self, sandbox: Sandbox, job: Claim, error: Exception) -> None:
        """Try a delivery again later that has failed on our side. Raises SQLAlchemyError without the database."""
        with self._storage.session() as session:
            self._put_off(session, sandbox, job, error)

    def begin_in_shares(
        self, sandbox: Sandbox, now_ms: int, limit: int, shares: Shares, visits: Visits
    ) -> list[Prepared]:
        """Lease due deliveries, as far as their endpoints' shares of the sending slots go, and prepare them, in one
        transaction.
        """
        with self._storage.session() as session, session.begin():
            claims = claim_in_shares(
                session, Due(sandbox.id, now_ms, wall_ms()), limit=limit, shares=shares, visits=visits
            )
            return self._prepare_all(session, sandbox, claims)

    def prepare(self, sandbox: Sandbox, claims: Sequence[Claim]) -> list[Prepared]:
        """What is to be sent of deliveries that have been claimed."""
        with self._storage.session() as session, session.begin():
            return self._prepare_all(session, sandbox, claims)

    def _prepare_all(self, session: Session, sandbox: Sandbox, claims: Sequence[Claim]) -> list[Prepared]:
        """An error of one delivery is its own; one of the database is that of all, and nothing has been leased."""
        connection = LazyConnection.of(session)
        deliveries = attempts.find_deliveries(connection, [(job.tenant_id, job.subject) for job in claims])
        events = attempts.find_events(connection, deliveries.values())
        found: list[Prepared] = []
        for job in claims:
            fired, delivery = fired_of(job), deliveries.get((job.tenant_id, job.subject))
            event = None if delivery is None else events.get((job.tenant_id, delivery.event_id))
            try:
                found.append(Prepared(job, fired, self._prepare(session, sandbox, job, delivery, event, fired)))
            except SQLAlchemyError:
                raise
            except Exception as error:
                found.append(Prepared(job, fired, None, error))
        return found

    def _prepare(
        self,
        session: Session,
        sandbox: Sandbox,
        job: Claim,
        delivery: Delivery | None,
        event: Event | None,
        fired: Fired,
    ) -> Call | None:
        """What is to be sent; None when nothing is, and then the delivery is over."""
        try:
            uow = self._unit(session, sandbox, job)
        except TenantGone:
            delivery = None
        if delivery is None or event is None:
            outbox.finish(session, job)
            return None
        fired.update(tenant=uow.tenant.key, url=masked(delivery.url), status=None)
        headers = self.runtime.domain(uow.tenant.api).webhooks.headers(
            uow, event, delivery, signing_ms(self.runtime, delivery.url, sandbox.clock.now_ms())
        )
        if headers is None:
            fired["error"] = "the address is not subscribed any more"
            ended = attempts.closed(attempts.tried(delivery), "failed", uow.now_ms)
            unsent = Attempt(ended, uow.now_ms, Answered(None, None, fired["error"], 0))
            attempts.write_attempts(uow.connection, [unsent])
            outbox.finish(session, job)
            return None
        return Call(
            delivery.url, event.body.encode(), _traced(headers, event), job.endpoint, uow.tenant.key, event.type
        )

    def record(self, sandbox: Sandbox, done: Sequence[tuple[Claim, SendResult]]) -> list[int]:
        """Note attempts, in one transaction; the vendor's policy says what comes next.

        Returns their numbers, 0 where a delivery is gone.
        """
        with self._storage.session() as session, session.begin():
            connection = LazyConnection.of(session)
            deliveries = attempts.lock_deliveries(connection, [(job.tenant_id, job.subject) for job, _result in done])
            made: list[Attempt] = []
            finished: list[Claim] = []
            numbers = []
            for job, result in done:
                delivery = deliveries.get((job.tenant_id, job.subject))
                settled = DELIVERED
                if delivery is not None:
                    attempt, settled = self._settle(self._unit(session, sandbox, job), delivery, result)
                    made.append(attempt)
                    delivery = attempt.delivery
                if settled.status == "pending":
                    attempts.put_off_job(connection, job, settled.next_ms)
                else:
                    finished.append(job)
                numbers.append(0 if delivery is None else delivery.attempts)
            attempts.write_attempts(connection, made)
            attempts.remove_jobs(connection, finished)
            return numbers

    def _settle(self, uow: UnitOfWork, delivery: Delivery, result: SendResult) -> tuple[Attempt, Settled]:
        """An attempt, and what the vendor's policy makes of it; its delivery is over unless it is pending.

        Nothing is written of them.
        """
        delivery = attempts.tried(delivery)
        settled = self.runtime.domain(uow.tenant.api).webhooks.settle(
            uow, delivery, Outcome(result.status, result.retry_after_s)
        )
        if settled.status != "pending":
            delivery = attempts.closed(delivery, settled.status, uow.now_ms)
        answered = Answered(result.status, result.answer, result.error, result.duration_ms)
        return Attempt(delivery, uow.now_ms, answered), settled

    # Deliveries that are sent again on request

    def prepare_again(self, sandbox: Sandbox, key: DeliveryKey, url: str | None) -> Call | None:
        """A delivery as it is sent again, to its own address or to another one, signed anew; None when there is nothing
        to send.
        """
        with self._storage.session() as session, session.begin():
            connection = LazyConnection.of(session)
            delivery = attempts.find_deliveries(connection, [key]).get(key)
            event = (
                None
                if delivery is None
                else attempts.find_events(connection, [delivery]).get((key[0], delivery.event_id))
            )
            if delivery is None or event is None:
                return None
            uow = self._unit(session, sandbox, _resending(delivery))
            target = delivery.url if url is None else url
            headers = self.runtime.domain(uow.tenant.api).webhooks.headers(
                uow, event, delivery, signing_ms(self.runtime, target, sandbox.clock.now_ms())
            )
            if headers is None:
                return None
            endpoint = (key[0], delivery.endpoint_id) if url is None else (ELSEWHERE, url)
            return Call(target, event.body.encode(), _traced(headers, event), endpoint, uow.tenant.key, event.type)

    def record_again(self, sandbox: Sandbox, key: DeliveryKey, result: SendResult) -> int:
        """Record an attempt that was requested.

        One that is pending goes on by the vendor's schedule, and one that failed can be delivered after all. Returns
        the attempt's number, 0 where the delivery is gone.
        """
        with self._storage.session() as session, session.begin():
            delivery = attempts.lock_deliveries(LazyConnection.of(session), [key]).get(key)
            if delivery is None:
                return 0
            uow = self._unit(session, sandbox, _resending(delivery))
            attempt, settled = self._settle(uow, delivery, result)
            if delivery.status == "pending" and settled.status == "pending":
                outbox.put_off_delivery(uow, delivery.id, settled.next_ms)
            elif delivery.status == "pending" or settled.status == "delivered":
                outbox.unschedule(uow, outbox.DELIVERY_KIND, delivery.id)
            else:  # it has failed before, and has failed again
                attempt = attempt._replace(delivery=attempts.tried(delivery))
            attempts.write_attempts(uow.connection, [attempt])
            uow.finish()
            return attempt.delivery.attempts

    # Rows

    def next_due(
        self,
        sandbox: Sandbox,
        busy_tenants: Collection[int] | None = (),
        *,
        internal: bool = True,
        deliveries: bool = True,
    ) -> NextDue:
        """When the next job is due, as far as it is asked for; of internal ones, but for the long ones of some tenants
        (None: of all).
        """
        # Committed, not rolled back: after a rollback psycopg sends DEALLOCATE ALL and prepares every statement again.
        with self._storage.deferred_session() as session, session.begin():
            look = partial(outbox.next_due_ms, session, sandbox.id, wall_now_ms=wall_ms())
            return NextDue(
                look(deliveries=False, condition=_not_busy(busy_tenants)) if internal else None,
                look(deliveries=True) if deliveries else None,
            )

    def claim_deliveries(self, sandbox: Sandbox, now_ms: int, limit: int) -> list[Claim]:
        """Lease due deliveries in due order, whatever their endpoints."""
        with self._storage.session() as session, session.begin():
            return outbox.claim(
                session, sandbox_id=sandbox.id, now_ms=now_ms, wall_now_ms=wall_ms(), limit=limit, deliveries=True
            )

    def _unit(
        self,
        session: Session,
        sandbox: Sandbox,
        job: Claim,
        *,
        request_number: int = 0,
        now_ms: int | None = None,
        connection: LazyConnection | None = None,
    ) -> UnitOfWork:
        """A unit of work for a job.

        A delivery has no request number: it may come at any time, and must not shift the numbers.
        """
        connection = connection or LazyConnection.of(session)
        tenant = self._tenant(session, connection, job.tenant_id)
        return UnitOfWork(
            tenant=tenant,
            sandbox=sandbox,
            connection=connection,
            directory=self.runtime.directory,
            public_url=self.runtime.public_url,
            request_number=request_number,
            random_name=f"job{job.id}",
            now_ms=now_ms,
            services=self.runtime.services,
        )

    def _tenant(self, session: Session, connection: LazyConnection, tenant_id: int) -> Tenant:
        """The tenant of a job, read once in a transaction: a group of deliveries is mostly of one tenant.

        Raises TenantGone.
        """
        transaction = session.get_transaction()
        known: dict[int, Tenant]
        read_in, known = session.info.get("tenants", (None, {}))
        if read_in is not transaction:
            known = {}
            session.info["tenants"] = (transaction, known)
        tenant = known.get(tenant_id)
        if tenant is None:
            tenant = self.runtime.directory.tenant_by_id(connection, tenant_id)
            if tenant is None:
                raise TenantGone(f"tenant {tenant_id} does not exist")
            known[tenant_id] = tenant
        return tenant

    def sandbox_of(self, tenant_id: int) -> Sandbox:
        """The sandbox of a tenant. Raises TenantGone."""
        known = self._sandbox_ids.get(tenant_id)
        if known is None:
            with self._storage.deferred_session() as session, session.begin():
                tenant = self.runtime.directory.tenant_by_id(LazyConnection.of(session), tenant_id)
            if tenant is None:
                raise TenantGone(f"tenant {tenant_id} does not exist")
            self._sandbox_ids[tenant_id] = known = tenant.sandbox_id
        return self.runtime.sandboxes[known]


def _not_busy(busy_tenants: Collection[int] | None) -> ColumnElement[bool] | None:
    """The condition of the jobs that may be claimed; None when all may."""
    return None if busy_tenants is not None and not busy_tenants else outbox.not_long(busy_tenants)


def _traced(headers: dict[str, str], event: Event) -> dict[str, str]:
    """The headers of a delivery, with the trace that its event belongs to."""
    return headers if event.traceparent is None else {**headers, outbox.TRACEPARENT: event.traceparent}


def _resending(delivery: Delivery) -> Claim:
    """What stands for the job of a delivery that is sent again: it may have none any more."""
    return Claim(delivery.tenant_id, 0, outbox.DELIVERY_KIND, delivery.id, 0, delivery.attempts, delivery.endpoint_id)

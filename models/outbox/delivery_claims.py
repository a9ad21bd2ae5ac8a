"""Which due deliveries are sent next, when endpoints have shares of the sending slots.

Deliveries are taken in due order, but a slow endpoint can have 10,000 of them in front of those of another one. So no more than
a window of the due order is read; if that is full of deliveries whose endpoints have used up their shares, the endpoints
themselves are visited one after another (an index leads from each to the next), and each claim goes on where the last one
stopped. A claim reads a bounded number of rows, whatever is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from models.kernel.clock import MAX_MS
from models.outbox import outbox
from models.outbox.outbox import Claim, EndpointKey, Job, JobKey, not_leased

WINDOW = 100
"""How many deliveries are read in due order."""
ENDPOINTS_MAX = 50
"""How many endpoints one claim visits."""


_NEXT = text(
    f"""SELECT tenant_id, endpoint_id, due_at_ms FROM jobs
    WHERE sandbox_id = :sandbox_id AND endpoint_id IS NOT NULL
    AND (tenant_id, endpoint_id, due_at_ms) > (:tenant_id, :endpoint_id, {MAX_MS})
    ORDER BY tenant_id, endpoint_id, due_at_ms LIMIT 1"""  # noqa: S608  a constant of ours
)
"""The due time, later than any, leads SQLite behind the rows of the last endpoint: by the first two it would read all of them."""


_DUE = (
    select(Job.tenant_id, Job.id, Job.endpoint_id)
    .where(
        Job.sandbox_id == bindparam("sandbox_id"),
        Job.endpoint_id.is_not(None),
        Job.due_at_ms <= bindparam("now_ms"),
        not_leased(bindparam("wall_now_ms")),
    )
    .order_by(Job.due_at_ms, Job.tenant_id, Job.id)
    .limit(bindparam("most"))
)
_DUE_OF_ENDPOINT = _DUE.where(Job.tenant_id == bindparam("tenant_id"), Job.endpoint_id == bindparam("endpoint_id"))


class Shares(Protocol):
    """How many deliveries each endpoint may have under way."""

    def room(self, endpoint: EndpointKey) -> bool:
        """Whether an endpoint may have one more now."""

    def take(self, endpoint: EndpointKey) -> bool:
        """Take a slot for a delivery to an endpoint; False when it has no room."""


@dataclass(slots=True)
class Visits:
    """Where the visits to the endpoints of a sandbox stand: after which endpoint they go on, None for the first."""

    after: EndpointKey | None = None
    complete: bool = True
    """Whether the last claim has seen all endpoints."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a claim chooses among: the due deliveries of a sandbox that nobody holds."""

    sandbox_id: int
    now_ms: int
    wall_now_ms: int

    def rows(
        self, session: Session, limit: int, endpoint: EndpointKey | None = None
    ) -> Sequence[tuple[JobKey, EndpointKey]]:
        """The first of them in due order, of all endpoints or of one."""
        values: dict[str, int | str] = {
            "sandbox_id": self.sandbox_id,
            "now_ms": self.now_ms,
            "wall_now_ms": self.wall_now_ms,
            "most": limit,
        }
        if endpoint is not None:
            values |= {"tenant_id": endpoint[0], "endpoint_id": endpoint[1]}
        rows = session.connection().execute(_DUE if endpoint is None else _DUE_OF_ENDPOINT, values)
        return [((tenant_id, job_id), (tenant_id, endpoint_id or "")) for tenant_id, job_id, endpoint_id in rows]


def claim_in_shares(session: Session, due: Due, *, limit: int, shares: Shares, visits: Visits) -> list[Claim]:
    """Lease up to `limit` due deliveries that nobody holds, as far as their endpoints' shares go."""
    window = due.rows(session, WINDOW)
    chosen: set[JobKey] = set()
    for job, endpoint in window:
        if len(chosen) < limit and shares.take(endpoint):
            chosen.add(job)
    visits.complete = True
    if len(chosen) < limit and len(window) == WINDOW:
        _visit(session, due, limit, shares, visits, chosen)
    return outbox.claim_chosen(session, chosen, wall_now_ms=due.wall_now_ms)


def _visit(session: Session, due: Due, limit: int, shares: Shares, visits: Visits, chosen: set[JobKey]) -> None:
    """Go from endpoint to endpoint, and choose what is due for those that have room."""
    first, wrapped = visits.after, visits.after is None
    for _ in range(ENDPOINTS_MAX):
        found = _next_endpoint(session, due.sandbox_id, visits.after)
        if found is None:
            visits.after = None
            if wrapped:
                return
            wrapped = True
            continue
        endpoint, first_due_ms = found
        visits.after = endpoint
        if first_due_ms <= due.now_ms and shares.room(endpoint):
            for job, _endpoint in due.rows(session, limit, endpoint):
                if len(chosen) < limit and job not in chosen and shares.take(endpoint):
                    chosen.add(job)
        if len(chosen) == limit or (wrapped and first is not None and endpoint >= first):
            return
    visits.complete = False


def _next_endpoint(session: Session, sandbox_id: int, after: EndpointKey | None) -> tuple[EndpointKey, int] | None:
    """The endpoint after another one that has deliveries, and when its first is due; None after the last.

    Endpoints come in the order of their keys.
    """
    tenant_id, endpoint_id = after or (0, "")
    row = (
        session.connection()
        .execute(_NEXT, {"sandbox_id": sandbox_id, "tenant_id": tenant_id, "endpoint_id": endpoint_id})
        .first()
    )
    return None if row is None else ((row[0], row[1]), row[2])

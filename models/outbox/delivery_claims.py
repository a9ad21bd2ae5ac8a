"""Which due deliveries are sent next, when endpoints have shares of the sending slots.

Deliveries are taken in due order, but a slow endpoint can have 10,000 of them in front of those of another one. So no
more than a window of the due order is read; if that is full of deliveries whose endpoints have used up their shares,
the endpoints themselves are visited one after another (an index leads from each to the next), and each claim goes on
where the last one stopped. A claim reads a bounded number of rows, whatever is due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
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
EACH_MAX = 4
"""How many deliveries are read of each endpoint that is visited. More than its share are read for nothing."""


_NEXT = text(
    f"""SELECT tenant_id, endpoint_id, due_at_ms FROM jobs
    WHERE sandbox_id = :sandbox_id AND endpoint_id IS NOT NULL
    AND (tenant_id, endpoint_id, due_at_ms) > (:tenant_id, :endpoint_id, {MAX_MS})
    ORDER BY tenant_id, endpoint_id, due_at_ms LIMIT 1"""  # noqa: S608  a constant of ours
)
"""The due time, later than any, leads SQLite behind the rows of the last endpoint: by the first two it would read all
of them.
"""


_FOLLOWING = text(
    f"""WITH RECURSIVE following (tenant_id, endpoint_id, place) AS (
        (SELECT tenant_id, endpoint_id, 1 FROM jobs
            WHERE sandbox_id = :sandbox_id AND endpoint_id IS NOT NULL AND (tenant_id, endpoint_id) > (:tenant_id, :endpoint_id)
            ORDER BY tenant_id, endpoint_id LIMIT 1)
        UNION ALL
        SELECT other.tenant_id, other.endpoint_id, following.place + 1 FROM following, LATERAL (
            SELECT tenant_id, endpoint_id FROM jobs
            WHERE sandbox_id = :sandbox_id AND endpoint_id IS NOT NULL
            AND (tenant_id, endpoint_id) > (following.tenant_id, following.endpoint_id)
            ORDER BY tenant_id, endpoint_id LIMIT 1) other
        WHERE following.place < :endpoints
    )
    SELECT following.tenant_id, following.endpoint_id, due.id FROM following LEFT JOIN LATERAL (
        SELECT id, due_at_ms FROM jobs
        WHERE sandbox_id = :sandbox_id AND tenant_id = following.tenant_id AND endpoint_id = following.endpoint_id
        AND due_at_ms <= :now_ms AND (leased_until_ms IS NULL OR leased_until_ms < :wall_now_ms)
        ORDER BY due_at_ms, id LIMIT {EACH_MAX}) due ON true
    ORDER BY following.place, due.due_at_ms, due.id"""  # noqa: S608  a constant of ours
)
"""PostgreSQL: the endpoints after another one, and what is due for each, in one round trip; SQLite, which has no
LATERAL, is asked for each.
"""

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
    """The position of the round robin over the endpoints of a sandbox: the next claim continues after this endpoint;
    None for the first.
    """

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
    first, wrapped, left = visits.after, visits.after is None, ENDPOINTS_MAX
    while left > 0:
        for endpoint, jobs in _following(session, due, visits.after, left, shares):
            visits.after = endpoint
            left -= 1
            for job in jobs:
                if len(chosen) < limit and job not in chosen and shares.take(endpoint):
                    chosen.add(job)
            if len(chosen) == limit or (wrapped and first is not None and endpoint >= first):
                return
        if left > 0:  # that was the last endpoint: go on with the first
            visits.after = None
            if wrapped:
                return
            wrapped = True
    visits.complete = False


def _following(
    session: Session, due: Due, after: EndpointKey | None, most: int, shares: Shares
) -> Iterator[tuple[EndpointKey, Sequence[JobKey]]]:
    """The endpoints after another one that have deliveries, in the order of their keys, and the first that are due for
    each.
    """
    if session.connection().dialect.name == "postgresql":
        yield from _following_at_once(session, due, after, most)
        return
    for _ in range(most):
        found = _next_endpoint(session, due.sandbox_id, after)
        if found is None:
            return
        after, first_due_ms = found
        has_room = first_due_ms <= due.now_ms and shares.room(after)
        yield after, [job for job, _endpoint in due.rows(session, EACH_MAX, after)] if has_room else []


def _following_at_once(
    session: Session, due: Due, after: EndpointKey | None, most: int
) -> Iterator[tuple[EndpointKey, Sequence[JobKey]]]:
    tenant_id, endpoint_id = after or (0, "")
    values = {
        "sandbox_id": due.sandbox_id,
        "tenant_id": tenant_id,
        "endpoint_id": endpoint_id,
        "endpoints": most,
        "now_ms": due.now_ms,
        "wall_now_ms": due.wall_now_ms,
    }
    rows = session.connection().execute(_FOLLOWING, values).all()
    for endpoint, found in groupby(rows, lambda row: (row[0], row[1])):
        yield endpoint, [(endpoint[0], row[2]) for row in found if row[2] is not None]


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

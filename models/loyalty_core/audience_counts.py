"""How many members an audience has: counted when its rule changes, and all of an organization's once a day.

A count goes in slices that hold nobody up: the first one at once, what is left of it as jobs. Where two jobs come to the same
audience, both go on with one count.
"""

from sqlalchemy import select

from models.clock import DAY_MS
from models.loyalty_core.audience_rules import NULL, fits
from models.loyalty_core.audience_tables import Audience
from models.loyalty_core.happenings import member_contexts
from models.loyalty_core.tables import Member
from models.outbox import Job, schedule, unschedule
from models.uow import UnitOfWork

COUNT_JOB, DAILY_JOB = "audience-count", "audience-counts"
SLICE_MEMBERS_MAX = 500
FRESH_MS = DAY_MS // 2
"""What was counted since is not counted again with the others of its day."""


def stop_count(uow: UnitOfWork, audience_id: int) -> None:
    """Call off the count that is under way, before the audience is locked: the dispatcher locks its job first."""
    unschedule(uow, COUNT_JOB, str(audience_id))


def begin_count(uow: UnitOfWork, row: Audience) -> None:
    """Count the members of a new or locked audience. What was counted last is told until the new count has ended."""
    row.counted = row.counted_to = 0
    _go_on(uow, row)


def continue_count(uow: UnitOfWork, subject: str) -> None:
    """The next slice of a count: what the dispatcher runs."""
    row = uow.lock(uow.scoped(Audience).where(Audience.id == int(subject)))
    assert row is not None, "audiences are not deleted"
    if row.counted_to > 0:
        _go_on(uow, row)


def count_daily(uow: UnitOfWork, subject: str) -> None:
    """Count the audiences behind the one whose number this is, as many as make a slice: what the dispatcher runs."""
    done, room = int(subject), SLICE_MEMBERS_MAX
    old = uow.scoped(Audience).where(Audience.matcher_type != NULL, Audience.refreshed_ms <= uow.now_ms - FRESH_MS)
    while room > 0:
        row = uow.lock(old.where(Audience.id > done).order_by(Audience.id).limit(1))
        if row is None:
            schedule(uow, DAILY_JOB, "0", uow.now_ms + DAY_MS)
            return
        room -= max(1, _count_slice(uow, row, room))
        if row.counted_to == 0:
            done = row.id
    schedule(uow, DAILY_JOB, str(done), uow.now_ms)


def keep_counting(uow: UnitOfWork) -> None:
    """Begin the daily counts of an organization, which is locked, unless they have begun."""
    begun = select(Job.id).where(Job.tenant_id == uow.tenant_id, Job.kind == DAILY_JOB).limit(1)
    if uow.session.scalar(begun) is None:
        schedule(uow, DAILY_JOB, "0", uow.now_ms + DAY_MS)


def _go_on(uow: UnitOfWork, row: Audience) -> None:
    _count_slice(uow, row, SLICE_MEMBERS_MAX)
    if row.counted_to > 0:
        schedule(uow, COUNT_JOB, str(row.id), uow.now_ms)


def _count_slice(uow: UnitOfWork, row: Audience, members_max: int) -> int:
    """Look at some members, and tell the count when these were the last. How many were looked at."""
    members: list[Member] = []
    if row.matcher_type != NULL:
        statement = uow.scoped(Member).where(Member.id > row.counted_to).order_by(Member.id).limit(members_max)
        members = list(uow.session.scalars(statement))
    row.counted += sum(fits(row.matcher_type, row.matcher, member, uow.now_ms) for member in member_contexts(uow, members))
    if len(members) == members_max:
        row.counted_to = members[-1].id
    else:
        row.member_count, row.refreshed_ms = row.counted, uow.now_ms
        row.counted = row.counted_to = 0
    return len(members)

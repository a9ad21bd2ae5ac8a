"""How many members an audience has: counted when its rule changes, and within a day of a change to members.

A count looks at the members in slices that hold nobody up, the first one at once where a rule changed, what is left of it
as jobs. All audiences that are being counted go on together, so that a member is looked up once for all of them. Nothing
is counted while nothing changes.
"""

from collections.abc import Sequence

from sqlalchemy import Select, exists, select

from models.clock import DAY_MS, MINUTE_MS
from models.loyalty_core.audience_rules import NULL, fits
from models.loyalty_core.audience_tables import Audience
from models.loyalty_core.happenings import member_contexts
from models.loyalty_core.tables import Member
from models.outbox import Job, schedule
from models.uow import UnitOfWork

COUNT_JOB, DAILY_JOB = "audience-count", "audience-counts"
SLICE_MEMBERS_MAX = 500
UNIT_MS_MAX = MINUTE_MS
"""Longer than any unit of work lasts: a job that is due later cannot have run when the unit is committed."""


def begin_count(uow: UnitOfWork, row: Audience) -> None:
    """Count the members of a new or locked audience. What was counted last is told until the new count has ended."""
    row.counted = row.counted_to = 0
    _go_on(uow, [row])


def members_changed(uow: UnitOfWork) -> None:
    """See to it that all audiences are counted within a day, unless none needs to be or that is seen to already."""
    pending = exists().where(Job.tenant_id == uow.tenant_id, Job.kind == DAILY_JOB, Job.due_at_ms >= uow.now_ms + UNIT_MS_MAX)
    needed = select(Audience.id).where(Audience.tenant_id == uow.tenant_id, Audience.matcher_type != NULL, ~pending).limit(1)
    if uow.session.scalar(needed) is not None:
        schedule(uow, DAILY_JOB, str(uow.order_number()), uow.now_ms + DAY_MS)


def count_all(uow: UnitOfWork, subject: str) -> None:
    """Begin to count all audiences once more, those that are being counted included: what the dispatcher runs a day later.

    Members who change at once may each have found no job and made one: the last of these to be due does it for all.
    """
    soon = select(Job.subject).where(
        Job.tenant_id == uow.tenant_id, Job.kind == DAILY_JOB, Job.due_at_ms < uow.now_ms + UNIT_MS_MAX)
    if uow.session.scalar(soon.order_by(Job.due_at_ms.desc(), Job.id.desc()).limit(1)) != subject:
        return
    rows = _locked(uow, uow.scoped(Audience).where(Audience.matcher_type != NULL))
    for row in rows:
        row.counted = row.counted_to = 0
    _go_on(uow, rows)


def continue_count(uow: UnitOfWork, _subject: str) -> None:
    """The next slice of all that is being counted: what the dispatcher runs. Of two such jobs each does some."""
    _go_on(uow, _locked(uow, uow.scoped(Audience).where(Audience.counted_to > 0)))


def _locked(uow: UnitOfWork, statement: Select[Audience]) -> Sequence[Audience]:
    locking = statement.order_by(Audience.id).with_for_update().execution_options(populate_existing=True)
    return uow.session.scalars(locking).all()


def _go_on(uow: UnitOfWork, rows: Sequence[Audience]) -> None:
    """Look at the members behind the last one that all of these have seen, and tell the counts when they were the last."""
    if not rows:
        return
    begin = min(row.counted_to for row in rows)
    members: list[Member] = []
    if any(row.matcher_type != NULL for row in rows):
        statement = uow.scoped(Member).where(Member.id > begin).order_by(Member.id).limit(SLICE_MEMBERS_MAX)
        members = list(uow.session.scalars(statement))
    seen = member_contexts(uow, members)
    for row in rows:
        row.counted += sum(
            fits(row.matcher_type, row.matcher, member, uow.now_ms) for member in seen if member["memberId"] > row.counted_to)
    if len(members) == SLICE_MEMBERS_MAX:
        for row in rows:
            row.counted_to = max(row.counted_to, members[-1].id)
        schedule(uow, COUNT_JOB, "", uow.now_ms)
        return
    for row in rows:
        row.member_count, row.refreshed_ms = row.counted, uow.now_ms
        row.counted = row.counted_to = 0

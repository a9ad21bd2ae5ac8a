"""How many members an active audience has: counted when its rule changes or it becomes active, and within a day of a change to members.

A count looks at the members in slices, each a unit of work of its own that ends after a fixed number of steps or members: the
first one at once where a rule changed, what is left of it as jobs. Audiences that are being counted go on together, so that a
member is looked up once for all of them. Nothing is counted while nothing changes.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import Text, cast, exists, func, select, update
from sqlalchemy.orm import load_only

from models.kernel.clock import DAY_MS, MINUTE_MS
from models.loyalty_core.audiences.rules import NULL, characters_of, fits
from models.loyalty_core.audiences.tables import BEGUN, IDLE, Audience
from models.loyalty_core.expressions import Steps
from models.loyalty_core.expressions.metering import STEPS_PER_CHARACTER
from models.loyalty_core.members.event_context import member_contexts
from models.loyalty_core.members.tables import Member
from models.outbox.outbox import Job, schedule
from models.uow import UnitOfWork

COUNT_JOB, DAILY_JOB = "audience-count", "audience-counts"
SLICE_STEPS_MAX = 20_000
"""Steps after which a slice ends, about 20 ms. The evaluation that exceeds it is finished: it has a limit of its own."""
SLICE_MEMBERS_MAX = 200
"""Members that a slice looks up at most, about 10 ms."""
READ_AT_ONCE = 20
"""Members that one statement looks up: a slice of heavy rules may end after the first of them."""
AUDIENCES_MAX = 50
"""Audiences that a slice goes on with; others that are being counted have their turn in the next slices."""
MATCHERS_MAX = 40_000
"""Characters of their matchers, of which one alone may have a million. So few that what is parsed of them for the first member is still
remembered for the next (`parser.compile_expression`)."""
UNIT_MS_MAX = MINUTE_MS
"""Longer than any unit of work lasts: a job that is due later cannot have run when the unit is committed."""


def begin_count(uow: UnitOfWork, row: Audience) -> None:
    """Count the members of a new or locked audience. The last count is shown until the new one has ended.

    An audience that is not active is not counted, and a count of it that is under way ends.
    """
    row.counted, row.counted_to = 0, BEGUN if row.active else IDLE
    if row.active and not _go_on(uow, [row]):
        schedule(uow, COUNT_JOB, "", uow.now_ms)


def members_changed(uow: UnitOfWork) -> None:
    """See to it that all active audiences are counted within a day, unless none needs to be or a job for that is there already."""
    pending = exists().where(
        Job.tenant_id == uow.tenant_id, Job.kind == DAILY_JOB, Job.due_at_ms >= uow.now_ms + UNIT_MS_MAX
    )
    needed = select(Audience.id).where(Audience.tenant_id == uow.tenant_id, *_COUNTABLE, ~pending).limit(1)
    if uow.session.scalar(needed) is not None:
        schedule(uow, DAILY_JOB, str(uow.order_number()), uow.now_ms + DAY_MS)


def count_all(uow: UnitOfWork, subject: str) -> None:
    """A job: begin to count all active audiences once more, those that are being counted included.

    Members who change at once may each have found no job and made one: the last of these to be due does it for all.
    """
    soon = select(Job.subject).where(
        Job.tenant_id == uow.tenant_id, Job.kind == DAILY_JOB, Job.due_at_ms < uow.now_ms + UNIT_MS_MAX
    )
    if uow.session.scalar(soon.order_by(Job.due_at_ms.desc(), Job.id.desc()).limit(1)) != subject:
        return
    # An UPDATE locks rows in no certain order, and a slice that runs on another server locks them by their numbers: the two
    # would deadlock. So they are locked by their numbers here too.
    countable = uow.scoped(Audience).where(*_COUNTABLE).order_by(Audience.id)
    if uow.lock_all(countable.options(load_only(Audience.id))):
        uow.session.execute(
            update(Audience)
            .where(Audience.tenant_id == uow.tenant_id, *_COUNTABLE)
            .values(counted=0, counted_to=BEGUN),
            execution_options={"synchronize_session": False},
        )
        schedule(uow, COUNT_JOB, "", uow.now_ms)


def continue_count(uow: UnitOfWork, _subject: str) -> None:
    """A job: the next slice of what is being counted. Of two such jobs each does some."""
    length = func.length(cast(Audience.matcher, Text))
    counting = select(Audience.id, length).where(Audience.tenant_id == uow.tenant_id, Audience.counted_to != IDLE)
    waiting = uow.session.execute(counting.order_by(Audience.counted_to, Audience.id).limit(AUDIENCES_MAX)).all()
    read = accumulate(length for _, length in waiting)
    numbers = [number for (number, _), sum_of in zip(waiting, read, strict=True) if sum_of <= MATCHERS_MAX]
    numbers = numbers or [number for number, _ in waiting[:1]]
    # What ended between the two statements is not counted again.
    rows = uow.lock_all(
        uow.scoped(Audience).where(Audience.id.in_(numbers), Audience.counted_to != IDLE).order_by(Audience.id)
    )
    if rows and (not _go_on(uow, rows) or len(numbers) < len(waiting) or len(waiting) == AUDIENCES_MAX):
        schedule(uow, COUNT_JOB, "", uow.now_ms)


_COUNTABLE = (Audience.active.is_(True), Audience.matcher_type != NULL)


def _go_on(uow: UnitOfWork, rows: Sequence[Audience]) -> bool:
    """A slice: look at members behind the last one that all of these have seen. Returns whether their counts have ended."""
    if any(row.matcher_type != NULL for row in rows) and not _look(uow, rows):
        return False
    for row in rows:
        row.member_count, row.refreshed_ms = row.counted, uow.now_ms
        row.counted, row.counted_to = 0, IDLE
    return True


def _look(uow: UnitOfWork, rows: Sequence[Audience]) -> bool:
    """Hold members against audiences until the slice is full. Returns whether there are no more members.

    It may end between two audiences of one member: each audience knows which members it has seen.
    """
    left, parsed = SLICE_STEPS_MAX, set[int]()
    for member in _members_behind(uow, min(row.counted_to for row in rows)):
        if member is None:
            return True
        for row in rows:
            if member["memberId"] <= row.counted_to:
                continue
            if left <= 0:
                return False
            steps = Steps(uow.budget.limits.member_steps)
            if row.id not in parsed:  # behind the first evaluation of a slice: each slice looks at one member at least
                parsed.add(row.id)
                left -= STEPS_PER_CHARACTER * characters_of(row.matcher)
            row.counted += fits(row.matcher_type, row.matcher, member, uow.now_ms, steps)
            row.counted_to = member["memberId"]
            left -= 1 + steps.used
    return False


def _members_behind(uow: UnitOfWork, number: int) -> Iterator[dict[str, Any] | None]:
    """The members behind one, as rules see them, up to the most that a slice looks up; None behind the last of all."""
    at_once = min(READ_AT_ONCE, SLICE_MEMBERS_MAX)
    for _ in range(0, SLICE_MEMBERS_MAX, at_once):
        members = uow.session.scalars(
            uow.scoped(Member).where(Member.id > number).order_by(Member.id).limit(at_once)
        ).all()
        yield from member_contexts(uow, members)
        if len(members) < at_once:
            yield None
            return
        number = members[-1].id

"""How many members an active audience has: counted when its rule changes or it becomes active, and within a day of a
change to members.

A count looks at the members in slices, each a unit of work of its own that ends after a fixed number of steps or
members: the first one at once where a rule changed, what is left of it as jobs. Audiences that are being counted go on
together, so that a member is looked up once for all of them. Nothing is counted while nothing changes.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from models.kernel.clock import DAY_MS, MINUTE_MS
from models.kernel.statements import columns_of, replaced
from models.loyalty_core.audiences.queries import (
    BEGIN_COUNTS,
    COUNTABLE,
    COUNTING,
    LAST_DAILY_JOB,
    LAST_DUE,
    MEMBERS_BEHIND,
    UPDATE_AUDIENCE,
    WAITING,
)
from models.loyalty_core.audiences.rules import NULL, characters_of, fits, is_readable
from models.loyalty_core.audiences.tables import BEGUN, COUNT_JOB, DAILY_JOB, IDLE, Audience
from models.loyalty_core.expressions import Steps
from models.loyalty_core.expressions.metering import STEPS_PER_CHARACTER
from models.loyalty_core.members.event_context import SeenMember, member_contexts
from models.outbox.outbox import schedule
from models.uow import UnitOfWork

SLICE_STEPS_MAX = 20_000
"""Steps after which a slice ends, about 20 ms. The evaluation that exceeds it is finished:
it has a limit of its own.
"""
SLICE_MEMBERS_MAX = 200
"""Members that a slice looks up at most, about 10 ms."""
READ_AT_ONCE = 20
"""Members that one statement looks up: a slice of heavy rules may end after the first of them."""
AUDIENCES_MAX = 50
"""Audiences that a slice goes on with; others that are being counted have their turn in the next slices."""
MATCHERS_MAX = 40_000
"""Characters of their matchers, of which one alone may have a million. So few that what is parsed of them for the first
member is still remembered for the next (`parser.compile_expression`).
"""
CALL_SLICES_MAX = 100
"""Slices that a call waits for, so that its answer has the count: up to two seconds, in which others are served."""
COUNTS_PART = "audience-counts"
"""The part of the tenant's configuration that has when a job will count all audiences: until then, changes to members
do not look for it.
"""
UNIT_MS_MAX = MINUTE_MS
"""Longer than any unit of work lasts: a job that is due later cannot have run when the unit is committed."""


def begin_count(uow: UnitOfWork, row: Audience) -> Audience:
    """Count the members of a new or locked audience; its row as it is now.

    The last count is shown until the new one has ended.

    An audience that is not active is not counted, and a count of it that is under way ends.
    """
    row = replaced(row, counted=0, counted_to=BEGUN if row.active else IDLE)
    if not row.active:
        _write(uow, [row])
        return row
    rows, ended = _go_on(uow, [row])
    if not ended:
        schedule(uow, COUNT_JOB, "", uow.now_ms)
    return rows[0]


def is_counting(row: Audience) -> bool:
    """Whether a count of an audience is under way."""
    return row.counted_to != IDLE


def count_further(uow: UnitOfWork, audience_id: int) -> Audience | None:
    """The next slice of the count of one audience; its row after that, None where nothing is being counted any more."""
    rows = uow.lock_rows(COUNTING, ids=[audience_id])
    return _go_on(uow, rows)[0][0] if rows else None


def members_changed(uow: UnitOfWork) -> None:
    """See to it that all active audiences are counted within a day, unless none needs to be or a job for that exists
    already.
    """
    due_ms = uow.configured(COUNTS_PART, [DAILY_JOB], _read_due, keeps=bool).get(DAILY_JOB)
    if due_ms is not None and due_ms < uow.now_ms + UNIT_MS_MAX:
        schedule(uow, DAILY_JOB, str(uow.order_number()), uow.now_ms + DAY_MS)
        uow.configuration_changed(COUNTS_PART)


def _read_due(uow: UnitOfWork, _keys: list[str]) -> dict[str, int]:
    """When the last job is due that counts audiences, 0 without one; nothing where there is no audience to count."""
    due_ms = uow.first(LAST_DUE)
    return {} if due_ms is None else {DAILY_JOB: due_ms}


def count_all(uow: UnitOfWork, subject: str) -> None:
    """A job: begin to count all active audiences once more, those that are being counted included.

    Members who change at once may each have found no job and made one: the last of these to be due does it for all.
    """
    if uow.first(LAST_DAILY_JOB, due_before_ms=uow.now_ms + UNIT_MS_MAX) != subject:
        return
    # An UPDATE locks rows in no certain order, and a slice that runs on another server locks them by their numbers: the
    # two would deadlock. So they are locked by their numbers here too.
    if uow.lock_rows(COUNTABLE):
        uow.execute(BEGIN_COUNTS)
        schedule(uow, COUNT_JOB, "", uow.now_ms)


def continue_count(uow: UnitOfWork, _subject: str) -> None:
    """A job: the next slice of what is being counted. Of two such jobs each does some."""
    waiting = uow.rows(WAITING, limit=AUDIENCES_MAX)
    read = accumulate(length for _, length in waiting)
    numbers = [number for (number, _), sum_of in zip(waiting, read, strict=True) if sum_of <= MATCHERS_MAX]
    numbers = numbers or [number for number, _ in waiting[:1]]
    rows = uow.lock_rows(COUNTING, ids=numbers)  # what ended between the two statements is not counted again
    if not rows:
        return
    _, ended = _go_on(uow, rows)
    if not ended or len(numbers) < len(waiting) or len(waiting) == AUDIENCES_MAX:
        schedule(uow, COUNT_JOB, "", uow.now_ms)


def _go_on(uow: UnitOfWork, rows: Sequence[Audience]) -> tuple[list[Audience], bool]:
    """A slice: look at members behind the last one that all of these have seen.

    Returns the audiences after it, and whether their counts have ended.
    """
    seen, ended = _look(uow, rows) if any(row.matcher_type != NULL for row in rows) else (list(rows), True)
    if ended:
        seen = [
            replaced(row, member_count=row.counted, refreshed_ms=uow.now_ms, counted=0, counted_to=IDLE) for row in seen
        ]
    _write(uow, seen)
    return seen, ended


def _write(uow: UnitOfWork, rows: Sequence[Audience]) -> None:
    uow.execute_many(UPDATE_AUDIENCE, [columns_of(row) for row in rows])


def _look(uow: UnitOfWork, rows: Sequence[Audience]) -> tuple[list[Audience], bool]:
    """Hold members against audiences until the slice is full.

    Returns the audiences with what was counted, and whether there are no more members.

    It may end between two audiences of one member: each audience knows which members it has seen.
    """
    counted = {row.id: row.counted for row in rows}
    counted_to = {row.id: row.counted_to for row in rows}
    ended = _count(uow, rows, counted, counted_to)
    return [replaced(row, counted=counted[row.id], counted_to=counted_to[row.id]) for row in rows], ended


def _count(uow: UnitOfWork, rows: Sequence[Audience], counted: dict[int, int], counted_to: dict[int, int]) -> bool:
    """Count in `counted` and `counted_to`, both by audience, until the slice is full.

    Returns whether there are no more members.
    """
    left, parsed = SLICE_STEPS_MAX, set[int]()
    readable = {row.id for row in rows if is_readable(uow, row.id, row.matcher_type, row.matcher)}
    for member in _members_behind(uow, min(counted_to.values())):
        if member is None:
            return True
        for row in rows:
            if member["memberId"] <= counted_to[row.id]:
                continue
            if left <= 0:
                return False
            counted_to[row.id] = member["memberId"]
            if row.id not in readable:
                left -= 1
                continue
            steps = Steps(uow.budget.limits.member_steps)
            if row.id not in parsed:  # behind the first evaluation of a slice: each slice looks at one member at least
                parsed.add(row.id)
                left -= STEPS_PER_CHARACTER * characters_of(row.matcher)
            counted[row.id] += fits(row.matcher_type, row.matcher, member, uow.now_ms, steps)
            left -= 1 + steps.used
    return False


def _members_behind(uow: UnitOfWork, number: int) -> Iterator[SeenMember | None]:
    """The members behind one, as rules see them, up to the most that a slice looks up; None behind the last of all."""
    at_once = min(READ_AT_ONCE, SLICE_MEMBERS_MAX)
    for _ in range(0, SLICE_MEMBERS_MAX, at_once):
        members = uow.rows(MEMBERS_BEHIND, number=number, limit=at_once)
        yield from member_contexts(uow, members)
        if len(members) < at_once:
            yield None
            return
        number = members[-1].id

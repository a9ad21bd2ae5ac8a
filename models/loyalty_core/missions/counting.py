"""Counting towards missions: by calls, by campaigns and by the events of members.

The member is locked before anything of a mission is read, so that limits hold whatever comes at once.
"""

from collections.abc import Collection
from contextlib import suppress

from models import ledger
from models.kernel.fingerprints import fingerprint
from models.kernel.json_values import Shown
from models.kernel.problems import Conflict, NotFound
from models.kernel.statements import replaced, row_of
from models.loyalty_core.audiences.audiences import read_ahead
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.log import emit
from models.loyalty_core.events.subscriptions import MISSION, subscribers
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.expressions.metering import MISSION_STEPS
from models.loyalty_core.ledger.posting import Note
from models.loyalty_core.members.event_context import EventContext, counts_in
from models.loyalty_core.members.payouts import pay, payout_account
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.missions.finding import mission_rules, no_mission
from models.loyalty_core.missions.matchers import matches
from models.loyalty_core.missions.present import achieved_in_period, present_period_ms
from models.loyalty_core.missions.problems import MissionPointsTooMany
from models.loyalty_core.missions.progress import Outcome, advance
from models.loyalty_core.missions.queries import (
    COUNT_WITH_KEY,
    INSERT_COUNT,
    INSERT_STATE,
    SET_STATE,
    STATES,
    MissionRule,
)
from models.loyalty_core.missions.tables import MemberMission, MissionCount
from models.loyalty_core.missions.takers import Taker, room_of
from models.loyalty_core.problems import SystemUniqueKeyReused
from models.numbers import new_number
from models.uow import UnitOfWork

STATUS_UPDATED, DEACTIVATED = "mission-status-updated", "member-profile-deactivated"
NO_NOTE = Note()


def increment(uow: UnitOfWork, member_id: int, mission_id: int, amount: int, note: Note) -> MissionCount:
    """Count towards a mission; the count, with the member's counters after it.

    A repeated key gets its first answer again.

    Raises NotFound; Conflict for a mission that the member cannot count towards now, or a key that was used with other
    input; RuleViolation for more points than a transaction may have; and what a payment does.
    """
    member = lock_member(uow, member_id)
    missions = mission_rules(uow, [mission_id])
    if not missions:
        raise no_mission(mission_id)
    mission, hashed = missions[0], _fingerprint(member_id, mission_id, amount, note)
    before = _replayed(uow, note.unique_key, hashed)
    if before is not None:
        return before
    taker, state = Taker(uow, member), _states(uow, member_id, [mission_id]).get(mission_id)
    obstacle = taker.obstacle(mission, state) if amount else None
    if obstacle is not None:
        raise obstacle
    return _count(uow, taker, mission, state, amount, note, fingerprint=hashed)


def count_event(uow: UnitOfWork, context: EventContext) -> list[Shown]:
    """Count an event of a member by 1 towards each mission that it matches; returns the effects. The member is locked.

    Raises what a payment does, and LimitExceeded: the evaluation of the event then undoes all its effects.
    """
    mission_ids = missions_of_event(uow, context)
    if not mission_ids or (not context.member.active and context.type != DEACTIVATED):
        return []
    uow.budget.spend_steps(MISSION_STEPS * len(mission_ids))
    taker = Taker(uow, context.member, context.context["member"])
    states = _states(uow, context.member.id, mission_ids)
    missions = mission_rules(uow, mission_ids)
    read_ahead(uow, ids=(mission.audience_id for mission in missions if mission.audience_id is not None))
    effects: list[Shown] = []
    for mission in missions:
        state = states.get(mission.id)
        if _is_for(uow, taker, mission, state, context):
            effects += _count_one(uow, taker, mission, state, context)
    return effects


def missions_of_event(uow: UnitOfWork, context: EventContext) -> list[int]:
    """The ids of the missions that count events of this type, for whomever they are."""
    return subscribers(uow, MISSION, [context.type])


def mission_accounts(uow: UnitOfWork, mission_ids: Collection[int]) -> set[int]:
    """The accounts of the points that missions give.

    One whose account does not exist is left out: it is refused when it pays.

    More missions than the request has steps for are not read: `count_event` refuses them.
    """
    accounts: set[int] = set()
    if MISSION_STEPS * len(mission_ids) > uow.budget.limits.steps - uow.budget.steps:
        return accounts
    for mission in mission_rules(uow, sorted(mission_ids)):
        if mission.points_accrual:
            with suppress(NotFound, Conflict):
                accounts.add(_account(uow, mission)[1])
    return accounts


def _is_for(
    uow: UnitOfWork, taker: Taker, mission: MissionRule, state: MemberMission | None, context: EventContext
) -> bool:
    if _cause(mission) in context.causes:
        return False  # else a mission of one count would achieve itself until its last repetition
    return (
        taker.may_take(mission, context.at_ms) is None
        and counts_in(uow, context, mission.program_id)
        and room_of(uow, mission, state) > 0
        and (mission.matcher_id is None or matches(uow, mission.matcher_id, context.items))
    )


def _count_one(
    uow: UnitOfWork, taker: Taker, mission: MissionRule, state: MemberMission | None, context: EventContext
) -> list[Shown]:
    uow.budget.spend_effects()
    row = _count(uow, taker, mission, state, 1, NO_NOTE, event_id=context.event_id)
    effects = [
        show_effect(
            "increment-mission",
            MISSION,
            mission.id,
            {
                "missionId": mission.id,
                "amount": row.amount,
                "achieved": row.achieved,
                "counterCount": row.counter_count,
                "timesAchieved": row.times_achieved,
            },
        )
    ]
    if row.points:
        uow.budget.spend_effects()
        effects.append(show_effect("mint-points", MISSION, mission.id, {"missionId": mission.id, "amount": row.points}))
    return effects


def _count(
    uow: UnitOfWork,
    taker: Taker,
    mission: MissionRule,
    state: MemberMission | None,
    amount: int,
    note: Note,
    *,
    fingerprint: str | None = None,
    event_id: int | None = None,
) -> MissionCount:
    """Count for a locked member, pay for what is achieved, and emit an event of it; the record, which is inserted when
    the unit ends.

    Raises RuleViolation, and what a payment does.
    """
    outcome = advance(
        0 if state is None else state.progress, amount, goal=mission.goal_count, room=room_of(uow, mission, state)
    )
    points = outcome.achieved * mission.points_accrual
    if points > ledger.AMOUNT_MAX:
        raise MissionPointsTooMany(f"{points} points are more than one transaction may have.")
    with causing(uow, _cause(mission)):
        if points:
            pay(uow, [(taker.member, points, _account(uow, mission))], Note(description=f"Mission {mission.code}"))
        state = _write_state(uow, taker.member.id, mission, state, outcome)
        values = {
            "id": new_number(uow, MissionCount),
            "mission_id": mission.id,
            "member_id": taker.member.id,
            "amount": outcome.counted,
            "achieved": outcome.achieved,
            "points": points,
            "event_id": event_id,
            "unique_key": note.unique_key,
            "fingerprint": None if note.unique_key is None else fingerprint,
            "external_id": note.external_id,
            "external_ms": note.external_ms,
            "description": note.description,
            "tags": note.tags,
            "counter_count": state.counter_count,
            "progress": state.progress,
            "times_achieved": state.times_achieved,
            "period_achieved": achieved_in_period(uow, mission, state),
            "available": taker.obstacle(mission, state) is None,
            "created_ms": uow.now_ms,
        }
        uow.insert_at_end(INSERT_COUNT, **values)
        row = row_of(MissionCount, tenant_id=uow.tenant_id, **values)
        if outcome.achieved:
            _emit_achieved(uow, mission, row)
    return row


def _account(uow: UnitOfWork, mission: MissionRule) -> tuple[int, int]:
    """(ledger, account) of a mission's points. Raises NotFound, Conflict."""
    return payout_account(
        uow, program_id=mission.program_id, ledger_id=mission.ledger_id, account_id=mission.account_id
    )


def _write_state(
    uow: UnitOfWork, member_id: int, mission: MissionRule, before: MemberMission | None, outcome: Outcome
) -> MemberMission:
    """Write how far a member is after a count; nothing is written where nothing was counted."""
    state = before or row_of(
        MemberMission,
        tenant_id=uow.tenant_id,
        member_id=member_id,
        mission_id=mission.id,
        counter_count=0,
        progress=0,
        times_achieved=0,
        period_start_ms=None,
        period_achieved=0,
        updated_ms=uow.now_ms,
    )
    if not outcome.counted:
        return state
    period = mission.repetition_period
    changed = {
        "counter_count": state.counter_count + outcome.counted,
        "progress": outcome.progress,
        "times_achieved": state.times_achieved + outcome.achieved,
        "period_start_ms": state.period_start_ms if period is None else present_period_ms(uow, period, state),
        "period_achieved": state.period_achieved
        if period is None
        else achieved_in_period(uow, mission, state) + outcome.achieved,
        "updated_ms": uow.now_ms,
    }
    if before is None:
        uow.insert(INSERT_STATE, member_id=member_id, mission_id=mission.id, **changed)
    else:
        uow.execute(SET_STATE, of_member=member_id, of_mission=mission.id, **changed)
    return replaced(state, **changed)


def _emit_achieved(uow: UnitOfWork, mission: MissionRule, row: MissionCount) -> None:
    emit(
        uow,
        STATUS_UPDATED,
        {
            "missionId": mission.id,
            "missionKey": mission.mission_key,
            "code": mission.code,
            "name": mission.name,
            "loyaltyProgramId": mission.program_id,
            "status": "achieved",
            "achieved": row.achieved,
            "points": row.points,
            "counterCount": row.counter_count,
            "progressCount": row.progress,
            "timesAchieved": row.times_achieved,
            "available": row.available,
        },
        member_id=row.member_id,
    )


def _cause(mission: MissionRule) -> str:
    return f"{MISSION}/{mission.id}"


def _replayed(uow: UnitOfWork, unique_key: str | None, fingerprint: str) -> MissionCount | None:
    """The count that a key came with before. Raises Conflict when that was something else."""
    row = None if unique_key is None else uow.first(COUNT_WITH_KEY, unique_key=unique_key)
    if row is not None and row.fingerprint != fingerprint:
        raise SystemUniqueKeyReused(f"The systemUniqueKey {unique_key} was used before with other input.")
    return row


def _fingerprint(member_id: int, mission_id: int, amount: int, note: Note) -> str:
    content = [member_id, mission_id, amount, note.external_id, note.external_ms, note.description, note.tags]
    return fingerprint(content)


def _states(uow: UnitOfWork, member_id: int, mission_ids: list[int]) -> dict[int, MemberMission]:
    """How far a member is with missions, by mission."""
    return {row.mission_id: row for row in uow.rows(STATES, member_id=member_id, mission_ids=mission_ids)}

"""Counting towards missions: by calls, by campaigns and by the events of members.

The member is locked before anything of a mission is read, so that limits hold whatever comes at once.
"""

from typing import Any

from sqlalchemy.orm import defer

from models import ledger
from models.kernel.fingerprints import fingerprint
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.log import emit
from models.loyalty_core.events.subscriptions import MISSION, listening
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.expressions.metering import MISSION_STEPS
from models.loyalty_core.ledger.posting import Note
from models.loyalty_core.members.event_context import EventContext
from models.loyalty_core.members.payouts import pay, payout_account
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.missions.matchers import matches
from models.loyalty_core.missions.progress import Outcome, advance
from models.loyalty_core.missions.tables import MemberMission, Mission, MissionCount
from models.loyalty_core.missions.takers import Taker, room_of
from models.loyalty_core.missions.views import achieved_in_period, find_mission, present_period_ms, show_counters
from models.loyalty_core.problems import Conflict, RuleViolation
from models.numbers import new_number
from models.uow import UnitOfWork

STATUS_UPDATED, DEACTIVATED = "mission-status-updated", "member-profile-deactivated"


def increment(uow: UnitOfWork, member: Member, mission_id: int, amount: int, note: Note) -> dict[str, Any]:
    """Count towards a mission; the member's counters after it. A key that came before gets its first answer again.

    Raises NotFound; Conflict for a mission that the member cannot count towards now, or a key that came with other input;
    RuleViolation for more points than a transaction may have; and what a payment does.
    """
    member, mission = lock_member(uow, member.id), find_mission(uow, mission_id)
    fingerprint = _fingerprint(member.id, mission_id, amount, note)
    before = _replayed(uow, note.unique_key, fingerprint)
    if before is None:
        taker, state = Taker(uow, member), _state(uow, member.id, mission_id)
        reason = taker.obstacle(mission, state) if amount else None
        if reason is not None:
            raise Conflict(f"The mission {mission_id} {reason}.")
        before = _count(uow, taker, mission, amount, note, fingerprint=fingerprint)
    return show_counters(
        mission_id,
        member.id,
        counter_count=before.counter_count,
        progress=before.progress,
        times_achieved=before.times_achieved,
        period_achieved=before.period_achieved,
        available=before.available,
    )


def count_event(uow: UnitOfWork, context: EventContext) -> list[dict[str, Any]]:
    """Let an event of a member count by 1 towards each mission that it is one for; the effects.

    Raises what a payment does, and LimitExceeded: the evaluation of the event then undoes all that came of it.
    """
    mission_ids = listening(uow, MISSION, [context.type])
    if not mission_ids:
        return []
    member = lock_member(uow, context.member.id)
    if not member.active and context.type != DEACTIVATED:
        return []
    taker = Taker(uow, member)
    uow.budget.spend_steps(MISSION_STEPS * len(mission_ids))
    effects: list[dict[str, Any]] = []
    for mission in uow.session.scalars(
        uow.scoped(Mission)
        .where(Mission.id.in_(mission_ids))
        .order_by(Mission.id)
        .options(defer(Mission.custom_attributes), defer(Mission.description))
    ).all():
        if _is_for(uow, taker, mission, context):
            effects += _count_one(uow, taker, mission, context)
    return effects


def _is_for(uow: UnitOfWork, taker: Taker, mission: Mission, context: EventContext) -> bool:
    if _cause(mission) in context.causes:
        return False  # else a mission of one count would achieve itself until its last repetition
    return (
        taker.may_take(mission) is None
        and room_of(uow, mission, _state(uow, taker.member.id, mission.id)) > 0
        and (mission.matcher_id is None or matches(uow, mission.matcher_id, context.items))
    )


def _count_one(uow: UnitOfWork, taker: Taker, mission: Mission, context: EventContext) -> list[dict[str, Any]]:
    uow.budget.spend_effects()
    row = _count(uow, taker, mission, 1, Note(), event_id=context.event_id)
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
    mission: Mission,
    amount: int,
    note: Note,
    *,
    fingerprint: str | None = None,
    event_id: int | None = None,
) -> MissionCount:
    """Count for a locked member, pay and tell of what is achieved; the record. Raises RuleViolation, and what a payment does."""
    state = _state(uow, taker.member.id, mission.id)
    outcome = advance(
        0 if state is None else state.progress, amount, goal=mission.goal_count, room=room_of(uow, mission, state)
    )
    points = outcome.achieved * mission.points_accrual
    if points > ledger.AMOUNT_MAX:
        raise RuleViolation(f"{points} points are more than one transaction may have.")
    with causing(uow, _cause(mission)):
        if points:
            account = payout_account(
                uow, program_id=mission.program_id, ledger_id=mission.ledger_id, account_id=mission.account_id
            )
            pay(uow, [(taker.member, points, account)], Note(description=f"Mission {mission.code}"))
        state = _write_state(uow, taker.member.id, mission, state, outcome)
        row = MissionCount(
            tenant_id=uow.tenant_id,
            id=new_number(uow, MissionCount),
            mission_id=mission.id,
            member_id=taker.member.id,
            amount=outcome.counted,
            achieved=outcome.achieved,
            points=points,
            event_id=event_id,
            unique_key=note.unique_key,
            fingerprint=None if note.unique_key is None else fingerprint,
            external_id=note.external_id,
            external_ms=note.external_ms,
            description=note.description,
            tags=note.tags,
            counter_count=state.counter_count,
            progress=state.progress,
            times_achieved=state.times_achieved,
            period_achieved=achieved_in_period(uow, mission, state),
            available=taker.obstacle(mission, state) is None,
            created_ms=uow.now_ms,
        )
        uow.session.add(row)
        uow.session.flush()
        if outcome.achieved:
            _tell(uow, mission, row)
    return row


def _write_state(
    uow: UnitOfWork, member_id: int, mission: Mission, state: MemberMission | None, outcome: Outcome
) -> MemberMission:
    if state is None:
        state = MemberMission(
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
    uow.session.add(state)
    if mission.repetition_period is not None:
        in_period = achieved_in_period(uow, mission, state)
        state.period_start_ms = present_period_ms(uow, mission.repetition_period, state)
        state.period_achieved = in_period + outcome.achieved
    state.counter_count += outcome.counted
    state.progress = outcome.progress
    state.times_achieved += outcome.achieved
    state.updated_ms = uow.now_ms
    return state


def _tell(uow: UnitOfWork, mission: Mission, row: MissionCount) -> None:
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


def _cause(mission: Mission) -> str:
    return f"{MISSION}/{mission.id}"


def _replayed(uow: UnitOfWork, unique_key: str | None, fingerprint: str) -> MissionCount | None:
    """What the key came with before. Raises Conflict when that was something else."""
    if unique_key is None:
        return None
    row = uow.session.scalars(uow.scoped(MissionCount).where(MissionCount.unique_key == unique_key)).first()
    if row is not None and row.fingerprint != fingerprint:
        raise Conflict(f"The systemUniqueKey {unique_key} came before with other input.")
    return row


def _fingerprint(member_id: int, mission_id: int, amount: int, note: Note) -> str:
    asked = [member_id, mission_id, amount, note.external_id, note.external_ms, note.description, note.tags]
    return fingerprint(asked)


def _state(uow: UnitOfWork, member_id: int, mission_id: int) -> MemberMission | None:
    return uow.session.get(MemberMission, (uow.tenant_id, member_id, mission_id))

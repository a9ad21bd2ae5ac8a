"""Missions as the API shows them, and finding them."""

from typing import Any

from models.kernel.times import iso
from models.loyalty_core.missions.tables import MemberMission, Mission
from models.loyalty_core.periods import Period, period_start_ms
from models.loyalty_core.problems import NotFound
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def find_mission(uow: UnitOfWork, mission_id: int) -> Mission:
    """A mission, active or not. Raises NotFound."""
    row = uow.session.get(Mission, (uow.tenant_id, mission_id))
    if row is None:
        raise NotFound(f"There is no mission {mission_id}.")
    return row


def achieved_in_period(uow: UnitOfWork, mission: Mission, state: MemberMission | None) -> int:
    """How often a member has achieved a mission in its present period; in all, for one without periods."""
    if state is None:
        return 0
    if mission.repetition_period is None:
        return state.times_achieved
    is_present = state.period_start_ms == present_period_ms(uow, mission.repetition_period, state)
    return state.period_achieved if is_present else 0


def present_period_ms(uow: UnitOfWork, period: Period, state: MemberMission) -> int:
    """When the period began that counts now: the one of the clock, or the one that was counted in last where that is later.

    Another server whose clock is ahead may have counted in the next period already. Going back to the earlier one would
    forget what was achieved in the next, and allow it once more.
    """
    return max(period_start_ms(uow.now_ms, period), state.period_start_ms or 0)


def show_mission(uow: UnitOfWork, row: Mission) -> dict[str, Any]:
    """A mission as answers show it."""
    return {
        "missionId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramId": row.program_id,
        "missionKey": row.mission_key,
        "code": row.code,
        "name": row.name,
        "shortDescription": row.short_description,
        "description": row.description,
        "pictureUrl": row.picture_url,
        "customAttributes": row.custom_attributes,
        "type": row.type,
        "audienceId": row.audience_id,
        "tags": row.tags,
        "active": row.active,
        "validFrom": instant(row.valid_from_ms),
        "validTo": instant(row.valid_to_ms),
        "repetitionPeriod": row.repetition_period,
        "periodLimit": row.period_limit,
        "pointsAccrual": row.points_accrual,
        "ledgerId": row.ledger_id,
        "ledgerAccountId": row.account_id,
        "eventType": row.event_type,
        "maxRepetitions": row.max_repetitions,
        "goalCount": row.goal_count,
        "matcherId": row.matcher_id,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_counters(
    mission_id: int,
    member_id: int,
    *,
    counter_count: int,
    progress: int,
    times_achieved: int,
    period_achieved: int,
    available: bool,
) -> dict[str, Any]:
    """How far a member is with a mission, as answers show it."""
    return {
        "memberId": member_id,
        "missionId": mission_id,
        "counterCount": counter_count,
        "progressCount": progress,
        "timesAchieved": times_achieved,
        "timesAchievedInPeriod": period_achieved,
        "available": available,
        "inProgress": progress > 0,
    }


def instant(at_ms: int | None) -> str | None:
    """An instant as answers show it, or none."""
    return None if at_ms is None else iso(at_ms)

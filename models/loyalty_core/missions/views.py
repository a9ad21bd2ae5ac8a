"""Missions, matchers and counters as answers show them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.missions.members import Standing
from models.loyalty_core.missions.present import achieved_in_period
from models.loyalty_core.missions.tables import Matcher, Mission, MissionCount
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_mission(uow: UnitOfWork, row: Mission) -> Shown:
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


def show_count(row: MissionCount) -> Shown:
    """The counters of a member's mission after a count, as answers show them."""
    return show_counters(
        row.mission_id,
        row.member_id,
        counter_count=row.counter_count,
        progress=row.progress,
        times_achieved=row.times_achieved,
        period_achieved=row.period_achieved,
        available=row.available,
    )


def show_standing(uow: UnitOfWork, standing: Standing) -> Shown:
    """A mission with how far a member is, as answers show it."""
    mission, state = standing.mission, standing.state
    return {
        **show_counters(
            mission.id,
            standing.taker.member.id,
            counter_count=0 if state is None else state.counter_count,
            progress=0 if state is None else min(state.progress, mission.goal_count - 1),
            times_achieved=0 if state is None else state.times_achieved,
            period_achieved=achieved_in_period(uow, mission, state),
            available=standing.is_available,
        ),
        "lastCountedAt": None if state is None else instant(state.updated_ms),
        "mission": show_mission(uow, mission),
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
) -> Shown:
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


def show_matcher(uow: UnitOfWork, row: Matcher) -> Shown:
    """A matcher as answers show it."""
    return {
        "matcherId": row.id,
        "matcherKey": row.matcher_key,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "name": row.name,
        "type": row.type,
        "matcher": row.matcher,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }

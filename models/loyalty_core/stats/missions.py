"""Stats of missions: what was counted, and what was achieved."""

from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from models.loyalty_core.members.tables import Member
from models.loyalty_core.missions.tables import MemberMission, Mission, MissionCount, MissionTag
from models.loyalty_core.stats.spans import within
from models.uow import UnitOfWork

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])
_COUNTED = func.coalesce(func.sum(MissionCount.amount), 0)
_ACHIEVED = func.coalesce(func.sum(MissionCount.achieved), 0)
_POINTS = func.coalesce(func.sum(MissionCount.points), 0)
_MEMBERS = func.count(func.distinct(MissionCount.member_id))


def top_members(
    uow: UnitOfWork, since_from: str | None, since_to: str | None, tag: str | None, *, limit: int
) -> list[dict[str, Any]]:
    """The members who achieved missions most often, and of these who counted most. Raises InvalidInput."""
    of = MissionCount.member_id
    sums = select(of, _ACHIEVED.label("achieved"), _COUNTED.label("counted")).where(
        MissionCount.tenant_id == uow.tenant_id
    )
    # The ranking comes first: only its members are looked up.
    best = (
        _counted(uow, sums, since_from, since_to, tag)
        .group_by(of)
        .order_by(_ACHIEVED.desc(), _COUNTED.desc(), of)
        .limit(limit)
        .subquery()
    )
    found = uow.session.execute(
        select(Member.id, Member.loyalty_member_id, best.c.achieved, best.c.counted)
        .join_from(best, Member, Member.id == best.c.member_id)
        .where(Member.tenant_id == uow.tenant_id)
        .order_by(best.c.achieved.desc(), best.c.counted.desc(), Member.id)
    )
    return [
        {"memberId": member_id, "loyaltyMemberId": key, "timesAchieved": int(achieved), "counterCount": int(counted)}
        for member_id, key, achieved, counted in found
    ]


def by_mission(uow: UnitOfWork, since_from: str | None, since_to: str | None, tag: str | None) -> list[dict[str, Any]]:
    """What each mission that was counted came to. Raises InvalidInput."""
    of = MissionCount.mission_id
    sums = select(
        of, _COUNTED.label("counted"), _ACHIEVED.label("achieved"), _POINTS.label("points"), _MEMBERS.label("members")
    ).where(MissionCount.tenant_id == uow.tenant_id)
    each = _counted(uow, sums, since_from, since_to, tag).group_by(of).subquery()
    found = uow.session.execute(
        select(Mission.id, Mission.code, Mission.name, each.c.counted, each.c.achieved, each.c.points, each.c.members)
        .join_from(each, Mission, Mission.id == each.c.mission_id)
        .where(Mission.tenant_id == uow.tenant_id)
        .order_by(Mission.id)
    )
    return [
        {
            "missionId": mission_id,
            "code": code,
            "name": name,
            "counterCount": int(counted),
            "timesAchieved": int(achieved),
            "points": int(points),
            "memberCount": members,
        }
        for mission_id, code, name, counted, achieved, points, members in found
    ]


def totals(uow: UnitOfWork, since_from: str | None, since_to: str | None, tag: str | None) -> dict[str, Any]:
    """What all missions came to. Raises InvalidInput."""
    missions = func.count(func.distinct(MissionCount.mission_id))
    statement = select(_COUNTED, _ACHIEVED, _POINTS, _MEMBERS, missions).where(MissionCount.tenant_id == uow.tenant_id)
    counted, achieved, points, members, mission_count = uow.session.execute(
        _counted(uow, statement, since_from, since_to, tag)
    ).one()
    return {
        "counterCount": int(counted),
        "timesAchieved": int(achieved),
        "points": int(points),
        "memberCount": members,
        "missionCount": mission_count,
    }


def completions(uow: UnitOfWork, *, limit: int) -> list[dict[str, Any]]:
    """The members who have achieved missions most often of all."""
    of, achieved = MemberMission.member_id, func.sum(MemberMission.times_achieved)
    best = (
        select(of, achieved.label("achieved"))
        .where(MemberMission.tenant_id == uow.tenant_id, MemberMission.times_achieved > 0)
        .group_by(of)
        .order_by(achieved.desc(), of)
        .limit(limit)
        .subquery()
    )
    found = uow.session.execute(
        select(Member.id, Member.loyalty_member_id, best.c.achieved)
        .join_from(best, Member, Member.id == best.c.member_id)
        .where(Member.tenant_id == uow.tenant_id)
        .order_by(best.c.achieved.desc(), Member.id)
    )
    return [
        {"memberId": member_id, "loyaltyMemberId": key, "completions": int(count)} for member_id, key, count in found
    ]


def _counted(
    uow: UnitOfWork, statement: Statement, since_from: str | None, since_to: str | None, tag: str | None
) -> Statement:
    """A statement with the span and the tag as its conditions; the tenant is one of its own."""
    counted = statement.where(*within(MissionCount.created_ms, since_from, since_to))
    if tag is None:
        return counted
    return counted.where(
        MissionCount.mission_id.in_(
            select(MissionTag.mission_id).where(MissionTag.tenant_id == uow.tenant_id, MissionTag.tag == tag)
        )
    )

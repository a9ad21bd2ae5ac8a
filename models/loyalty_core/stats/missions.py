"""Stats of missions: what was counted, and what was achieved."""

from models.kernel.json_values import Shown
from models.loyalty_core.stats import queries
from models.loyalty_core.stats.spans import Span
from models.uow import UnitOfWork


def top_members(uow: UnitOfWork, span: Span, tag: str | None, *, limit: int) -> list[Shown]:
    """The members who achieved missions most often, and of these who counted most."""
    query = queries.top_members(span.ends, is_tagged=tag is not None)
    return [
        {"memberId": member_id, "loyaltyMemberId": key, "timesAchieved": int(achieved), "counterCount": int(counted)}
        for member_id, key, achieved, counted in uow.rows(query, tag=tag, limit=limit, **span.values)
    ]


def by_mission(uow: UnitOfWork, span: Span, tag: str | None) -> list[Shown]:
    """The sums of each mission that was counted."""
    query = queries.sums_by_mission(span.ends, is_tagged=tag is not None)
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
        for mission_id, code, name, counted, achieved, points, members in uow.rows(query, tag=tag, **span.values)
    ]


def totals(uow: UnitOfWork, span: Span, tag: str | None) -> Shown:
    """The sums of all missions."""
    found = uow.one(queries.sums_of_missions(span.ends, is_tagged=tag is not None), tag=tag, **span.values)
    return {
        "counterCount": int(found.counted),
        "timesAchieved": int(found.achieved),
        "points": int(found.points),
        "memberCount": found.members,
        "missionCount": found.missions,
    }


def completions(uow: UnitOfWork, *, limit: int) -> list[Shown]:
    """The members who have achieved missions most often of all time."""
    return [
        {"memberId": member_id, "loyaltyMemberId": key, "completions": int(count)}
        for member_id, key, count in uow.rows(queries.COMPLETIONS, limit=limit)
    ]

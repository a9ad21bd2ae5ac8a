"""Statements of stats.

Each is made once for each combination of a span's ends (`Ends`) and of the filters that are used.
"""

from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, or_, select

from models.kernel.statements import TENANT, Query
from models.loyalty_core.coupons.states import ASSIGNMENT, TAG, USE
from models.loyalty_core.coupons.tables import CouponBook, CouponBookLabel, CouponUsage
from models.loyalty_core.events.tables import EventType, LoggedEvent
from models.loyalty_core.ledger.tables import PointAccount, PointTransaction
from models.loyalty_core.members.tables import Enrolment, Member, Tier
from models.loyalty_core.missions.tables import MemberMission, Mission, MissionCount, MissionTag
from models.loyalty_core.organization.tables import SurveyAnswer
from models.loyalty_core.stats.spans import Ends, day_of, within

# Coupons

_ASSIGNED = func.coalesce(func.sum(case((CouponUsage.type == ASSIGNMENT, CouponUsage.amount_assigned), else_=0)), 0)
_USED = func.coalesce(func.sum(case((CouponUsage.type == USE, CouponUsage.amount_used), else_=0)), 0)


def _usages(ends: Ends) -> list[ColumnElement[bool]]:
    """Conditions of assignments and uses of a span that are not reverted."""
    return [
        or_(CouponUsage.type == ASSIGNMENT, CouponUsage.type == USE),
        CouponUsage.reverted_ms.is_(None),
        *within(CouponUsage.created_ms, ends),
    ]


@cache
def usages_by_day(ends: Ends) -> Query[tuple[int, int, int]]:
    """Day, uses assigned, uses made."""
    day = day_of(CouponUsage.created_ms)
    return Query(
        select(day, _ASSIGNED.label("assigned"), _USED.label("used"))
        .where(CouponUsage.tenant_id == TENANT, *_usages(ends))
        .group_by(day)
        .order_by(day)
    )


@cache
def best_books(ends: Ends, *, by_usage: bool) -> Query[tuple[int, str, int, int]]:
    """Book, name, uses assigned, uses made, of the `limit` books with the most of one of them."""
    of, ranked = CouponUsage.book_id, (_USED if by_usage else _ASSIGNED).desc()
    best = (
        select(of, _ASSIGNED.label("assigned"), _USED.label("used"))
        .where(CouponUsage.tenant_id == TENANT, *_usages(ends))
        .group_by(of)
        .order_by(ranked, of)
        .limit(bindparam("limit"))
        .subquery()
    )
    ranked = (best.c.used if by_usage else best.c.assigned).desc()
    return Query(
        select(CouponBook.id, CouponBook.name, best.c.assigned, best.c.used)
        .join_from(best, CouponBook, CouponBook.id == best.c.book_id)
        .where(CouponBook.tenant_id == TENANT)
        .order_by(ranked, CouponBook.id)
    )


@cache
def usages_by_book(ends: Ends, *, is_tagged: bool) -> Query[tuple[int, int, str, int, int]]:
    """Day, book, name, uses assigned, uses made; with `is_tagged` of books with the tag `tag`."""
    day, of = day_of(CouponUsage.created_ms), CouponUsage.book_id
    counted = (
        select(day, of, _ASSIGNED.label("assigned"), _USED.label("used"))
        .where(CouponUsage.tenant_id == TENANT, *_usages(ends))
        .group_by(day, of)
    )
    if is_tagged:
        counted = counted.where(
            of.in_(
                select(CouponBookLabel.book_id).where(
                    CouponBookLabel.tenant_id == TENANT,
                    CouponBookLabel.kind == TAG,
                    CouponBookLabel.label == bindparam("tag"),
                )
            )
        )
    # Books are joined to the sums, not to every usage.
    each = counted.subquery()
    return Query(
        select(each.c.day, CouponBook.id, CouponBook.name, each.c.assigned, each.c.used)
        .join_from(each, CouponBook, CouponBook.id == each.c.book_id)
        .where(CouponBook.tenant_id == TENANT)
        .order_by(each.c.day, CouponBook.id)
    )


@cache
def discounts(ends: Ends, *, of_type: bool) -> Query[tuple[str | None, int, int | None]]:
    """Discount type, uses, sum in ten-thousandths; with `of_type` of the type `discount_type` alone."""
    statement = (
        select(
            CouponUsage.discount_type,
            func.count().label("uses"),
            func.coalesce(func.sum(CouponUsage.discount), 0).label("amount"),
        )
        .where(
            CouponUsage.tenant_id == TENANT, *_usages(ends), CouponUsage.type == USE, CouponUsage.discount.is_not(None)
        )
        .group_by(CouponUsage.discount_type)
    )
    if of_type:
        statement = statement.where(CouponUsage.discount_type == bindparam("discount_type"))
    return Query(statement)


# Events

_EVENT_DAY = day_of(LoggedEvent.created_ms)
_EVENTS = (
    select(_EVENT_DAY, func.count().label("number"))
    .where(
        LoggedEvent.tenant_id == TENANT,
        LoggedEvent.type == bindparam("type"),
        LoggedEvent.created_ms >= bindparam("first_ms"),
        LoggedEvent.created_ms < bindparam("end_ms"),
    )
    .group_by(_EVENT_DAY)
    .order_by(_EVENT_DAY)
)
_TOPICS = (
    select(EventType.api_code)
    .where(EventType.tenant_id == TENANT)
    .union_all(select(literal_column("''", EventType.api_code.type)))
)
EVENTS_OF_TOPIC = Query(_EVENTS.where(LoggedEvent.topic == bindparam("topic")))
"""Day, events of a type and topic."""
EVENTS_OF_ANY_TOPIC = Query(_EVENTS.where(LoggedEvent.topic.in_(_TOPICS)))
"""Day, events of a type. All topics are named, so that the index on type, topic and time answers alone."""
EVENT_TYPE = Query(
    select(EventType.id).where(EventType.tenant_id == TENANT, EventType.api_code == bindparam("api_code"))
)

# Ledgers

ACCOUNT_ID = Query(
    select(PointAccount.id).where(PointAccount.tenant_id == TENANT, PointAccount.id == bindparam("account_id"))
)


@cache
def sums_of_account(ends: Ends, carried_out: tuple[str, ...]) -> Query[tuple[str, int, int | None]]:
    """Type, transactions, points of an account's transactions whose status is one of `carried_out`."""
    row = PointTransaction
    return Query(
        select(row.type, func.count().label("number"), func.coalesce(func.sum(row.captured_amount), 0).label("amount"))
        .where(
            row.tenant_id == TENANT,
            row.account_id == bindparam("account_id"),
            or_(*(row.status == status for status in carried_out)),
            *within(row.created_ms, ends),
        )
        .group_by(row.type)
    )


# Members


@cache
def members_by_day(ends: Ends) -> Query[tuple[int, int]]:
    """Day, members created."""
    day = day_of(Member.created_ms)
    return Query(
        select(day, func.count().label("number"))
        .where(Member.tenant_id == TENANT, *within(Member.created_ms, ends))
        .group_by(day)
        .order_by(day)
    )


MEMBERS_BY_TIER = Query(
    select(Enrolment.tier_id, func.count().label("number"))
    .where(Enrolment.tenant_id == TENANT, Enrolment.program_id == bindparam("program_id"))
    .group_by(Enrolment.tier_id)
)
TIERS = Query(
    select(Tier.id, Tier.tier_key, Tier.name)
    .where(Tier.tenant_id == TENANT, Tier.program_id == bindparam("program_id"))
    .order_by(Tier.tier_order, Tier.id)
)

# Missions

_COUNTED = func.coalesce(func.sum(MissionCount.amount), 0)
_ACHIEVED = func.coalesce(func.sum(MissionCount.achieved), 0)
_POINTS = func.coalesce(func.sum(MissionCount.points), 0)
_MEMBERS = func.count(func.distinct(MissionCount.member_id))
_MISSIONS = func.count(func.distinct(MissionCount.mission_id))


def _counts(ends: Ends, *, is_tagged: bool) -> list[ColumnElement[bool]]:
    """Conditions of counts of a span, with `is_tagged` of missions with the tag `tag`; a count of 0 is only kept for
    its key.
    """
    conditions = [MissionCount.amount > 0, *within(MissionCount.created_ms, ends)]
    if is_tagged:
        tagged = select(MissionTag.mission_id).where(MissionTag.tenant_id == TENANT, MissionTag.tag == bindparam("tag"))
        conditions.append(MissionCount.mission_id.in_(tagged))
    return conditions


@cache
def top_members(ends: Ends, *, is_tagged: bool) -> Query[tuple[int, str, int, int]]:
    """Member, the organization's own id, achievements, sum of counts, of the `limit` best members."""
    of = MissionCount.member_id
    # The ranking comes first: only its members are looked up.
    best = (
        select(of, _ACHIEVED.label("achieved"), _COUNTED.label("counted"))
        .where(MissionCount.tenant_id == TENANT, *_counts(ends, is_tagged=is_tagged))
        .group_by(of)
        .order_by(_ACHIEVED.desc(), _COUNTED.desc(), of)
        .limit(bindparam("limit"))
        .subquery()
    )
    return Query(
        select(Member.id, Member.loyalty_member_id, best.c.achieved, best.c.counted)
        .join_from(best, Member, Member.id == best.c.member_id)
        .where(Member.tenant_id == TENANT)
        .order_by(best.c.achieved.desc(), best.c.counted.desc(), Member.id)
    )


@cache
def sums_by_mission(ends: Ends, *, is_tagged: bool) -> Query[tuple[int, str, str, int, int, int, int]]:
    """Mission, code, name, sum of counts, achievements, points, members."""
    of = MissionCount.mission_id
    each = (
        select(
            of,
            _COUNTED.label("counted"),
            _ACHIEVED.label("achieved"),
            _POINTS.label("points"),
            _MEMBERS.label("members"),
        )
        .where(MissionCount.tenant_id == TENANT, *_counts(ends, is_tagged=is_tagged))
        .group_by(of)
        .subquery()
    )
    return Query(
        select(Mission.id, Mission.code, Mission.name, each.c.counted, each.c.achieved, each.c.points, each.c.members)
        .join_from(each, Mission, Mission.id == each.c.mission_id)
        .where(Mission.tenant_id == TENANT)
        .order_by(Mission.id)
    )


class MissionSums(NamedTuple):
    """What all missions together were counted."""

    counted: int
    achieved: int
    points: int
    members: int
    missions: int


@cache
def sums_of_missions(ends: Ends, *, is_tagged: bool) -> Query[MissionSums]:
    """The sums of all missions."""
    columns = [_COUNTED, _ACHIEVED, _POINTS, _MEMBERS, _MISSIONS]
    return Query(
        select(*columns).where(MissionCount.tenant_id == TENANT, *_counts(ends, is_tagged=is_tagged)), MissionSums
    )


def _completions() -> Query[tuple[int, str, int]]:
    of, achieved = MemberMission.member_id, func.sum(MemberMission.times_achieved)
    best = (
        select(of, achieved.label("achieved"))
        .where(MemberMission.tenant_id == TENANT, MemberMission.times_achieved > 0)
        .group_by(of)
        .order_by(achieved.desc(), of)
        .limit(bindparam("limit"))
        .subquery()
    )
    return Query(
        select(Member.id, Member.loyalty_member_id, best.c.achieved)
        .join_from(best, Member, Member.id == best.c.member_id)
        .where(Member.tenant_id == TENANT)
        .order_by(best.c.achieved.desc(), Member.id)
    )


COMPLETIONS = _completions()
"""Member, the organization's own id, achievements of all time, of the `limit` best members."""

# Surveys

ANSWERS_BY_SCORE = Query(
    select(SurveyAnswer.score, func.count().label("number"))
    .where(SurveyAnswer.tenant_id == TENANT, SurveyAnswer.survey_id == bindparam("survey_id"))
    .group_by(SurveyAnswer.score)
)

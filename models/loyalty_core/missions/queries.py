"""Statements on missions, what members have achieved of them, and matchers."""

from typing import NamedTuple

from sqlalchemy import Boolean, and_, bindparam, case, delete, func, not_, or_, select, update

from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query, RowUpdate
from models.loyalty_core.missions.tables import Matcher, MemberMission, Mission, MissionCount, MissionTag
from models.loyalty_core.paging import Listing
from models.loyalty_core.periods import PERIODS, Period

MISSIONS_PART, MATCHERS_PART = "missions", "matchers"
"""Parts of the tenant's configuration (`UnitOfWork.configured`)."""


class MissionRule(NamedTuple):
    """What counting needs of a mission: its custom attributes may have a megabyte."""

    id: int
    program_id: int
    mission_key: str
    code: str
    name: str
    audience_id: int | None
    matcher_id: int | None
    active: bool
    valid_from_ms: int | None
    valid_to_ms: int | None
    repetition_period: Period | None
    period_limit: int | None
    points_accrual: int
    ledger_id: int | None
    account_id: int | None
    event_type: str
    max_repetitions: int
    goal_count: int


MISSION_RULES = Query(
    select(*(getattr(Mission, name) for name in MissionRule._fields)).where(
        Mission.tenant_id == TENANT, among(Mission.id, "ids")
    ),
    MissionRule,
)
MISSION = Query(select(Mission).where(Mission.tenant_id == TENANT, Mission.id == bindparam("id")))
MISSION_WITH_CODE = Query(
    select(Mission.id).where(
        Mission.tenant_id == TENANT, Mission.code == bindparam("code"), Mission.id != bindparam("other_than")
    )
)
"""Another mission that has a code."""
AUDIENCES_OF_MISSIONS = Query(
    select(Mission.audience_id).where(Mission.tenant_id == TENANT, Mission.audience_id.is_not(None)).distinct()
)
INSERT_MISSION, UPDATE_MISSION = Insertion(Mission), RowUpdate(Mission)
INSERT_TAG = Insertion(MissionTag)
DELETE_TAGS = Change(
    delete(MissionTag).where(MissionTag.tenant_id == TENANT, MissionTag.mission_id == bindparam("of_mission"))
)

STATES = Query(
    select(MemberMission).where(
        MemberMission.tenant_id == TENANT,
        MemberMission.member_id == bindparam("member_id"),
        among(MemberMission.mission_id, "mission_ids"),
    )
)
"""How far a member is with missions."""
INSERT_STATE = Insertion(MemberMission)
_CHANGING = ("counter_count", "progress", "times_achieved", "period_start_ms", "period_achieved", "updated_ms")
SET_STATE = Change(
    update(MemberMission)
    .where(
        MemberMission.tenant_id == TENANT,
        MemberMission.member_id == bindparam("of_member"),
        MemberMission.mission_id == bindparam("of_mission"),
    )
    .values({name: bindparam(name) for name in _CHANGING})
)
COUNT_WITH_KEY = Query(
    select(MissionCount).where(MissionCount.tenant_id == TENANT, MissionCount.unique_key == bindparam("unique_key"))
)
INSERT_COUNT = Insertion(MissionCount)

_TAGGED = select(MissionTag.mission_id).where(MissionTag.tenant_id == TENANT, among(MissionTag.tag, "tags"))
_ORDERS = {
    "missionId": Mission.id,
    "name": Mission.name,
    "code": Mission.code,
    "missionKey": Mission.mission_key,
    "type": Mission.type,
    "validFrom": Mission.valid_from_ms,
    "validTo": Mission.valid_to_ms,
    "createdAt": Mission.created_ms,
    "updatedAt": Mission.updated_ms,
}
_FILTERS = {
    "program_id": Mission.program_id == bindparam("program_id"),
    "mission_type": Mission.type == bindparam("mission_type"),
    "codes": among(Mission.code, "codes"),
    "tags": Mission.id.in_(_TAGGED),
}
MISSIONS = Listing(select(Mission).where(Mission.tenant_id == TENANT), _ORDERS, _FILTERS)

_BEGUN = case({period: bindparam(f"{period}_start_ms") for period in PERIODS}, value=Mission.repetition_period)
_IN_PERIOD = case((MemberMission.period_start_ms >= _BEGUN, MemberMission.period_achieved), else_=0)
"""What was achieved in the present period: the one that was counted in last is that, or a later one
(`present.present_period_ms`).
"""
_AVAILABLE = and_(
    bindparam("is_active", type_=Boolean()),
    Mission.active,
    or_(Mission.valid_from_ms.is_(None), Mission.valid_from_ms <= bindparam("now_ms")),
    or_(Mission.valid_to_ms.is_(None), Mission.valid_to_ms >= bindparam("now_ms")),
    among(Mission.program_id, "program_ids"),
    or_(Mission.audience_id.is_(None), among(Mission.audience_id, "audience_ids")),
    func.coalesce(MemberMission.times_achieved, 0) < Mission.max_repetitions,
    or_(Mission.period_limit.is_(None), Mission.period_limit > _IN_PERIOD),
)
"""The same as `takers.Taker.obstacle` is None; its parameters are `Taker.parameters`."""
_IN_PROGRESS = and_(func.coalesce(MemberMission.progress, 0) > 0, Mission.goal_count > 1)
"""Of what counted before the goal was lowered to 1 nothing is left (`progress.advance`)."""
_OF_MEMBER = and_(
    MemberMission.tenant_id == Mission.tenant_id,
    MemberMission.mission_id == Mission.id,
    MemberMission.member_id == bindparam("member_id"),
)
MISSIONS_OF_MEMBER = Listing(
    select(Mission).outerjoin(MemberMission, _OF_MEMBER).where(Mission.tenant_id == TENANT),
    _ORDERS,
    {
        **_FILTERS,
        "min_times_achieved": func.coalesce(MemberMission.times_achieved, 0) >= bindparam("min_times_achieved"),
        "min_counter_count": func.coalesce(MemberMission.counter_count, 0) >= bindparam("min_counter_count"),
        "available": _AVAILABLE,
        "unavailable": not_(_AVAILABLE),
        "in_progress": _IN_PROGRESS,
        "not_in_progress": not_(_IN_PROGRESS),
        "active": Mission.active == bindparam("active"),
        "valid_from_ms": Mission.valid_from_ms >= bindparam("valid_from_ms"),
        "valid_to_ms": Mission.valid_to_ms <= bindparam("valid_to_ms"),
        "mission_key": Mission.mission_key == bindparam("mission_key"),
    },
)
"""All missions, beside how far a member is with each."""

MATCHER = Query(select(Matcher).where(Matcher.tenant_id == TENANT, Matcher.id == bindparam("id")))
MATCHER_WITH_KEY = Query(
    select(Matcher).where(Matcher.tenant_id == TENANT, Matcher.matcher_key == bindparam("matcher_key"))
)
MATCHER_RULES = Query(select(Matcher.id, Matcher.matcher).where(Matcher.tenant_id == TENANT, among(Matcher.id, "ids")))
INSERT_MATCHER, UPDATE_MATCHER = Insertion(Matcher), RowUpdate(Matcher)
MATCHERS = Listing(
    select(Matcher).where(Matcher.tenant_id == TENANT),
    {
        "matcherId": Matcher.id,
        "matcherKey": Matcher.matcher_key,
        "name": Matcher.name,
        "type": Matcher.type,
        "createdAt": Matcher.created_ms,
        "updatedAt": Matcher.updated_ms,
    },
    {"type": Matcher.type == bindparam("type"), "matcher_key": Matcher.matcher_key == bindparam("matcher_key")},
)

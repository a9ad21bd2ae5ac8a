"""What a member has achieved of missions, and counting towards one by a call."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_

from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.ledger.transaction_input import read_note
from models.loyalty_core.members.views import find_member
from models.loyalty_core.missions.counting import increment
from models.loyalty_core.missions.missions import ORDERS, mission_filters
from models.loyalty_core.missions.tables import MemberMission, Mission
from models.loyalty_core.missions.takers import Taker
from models.loyalty_core.missions.views import achieved_in_period, instant, show_counters, show_mission
from models.loyalty_core.paging import page_of, show_page
from models.uow import UnitOfWork

_IN_PROGRESS = and_(func.coalesce(MemberMission.progress, 0) > 0, Mission.goal_count > 1)
"""Of what counted before the goal was lowered to 1 nothing is left (`mission_progress.advance`)."""


def list_member_missions(
    uow: UnitOfWork, member_id: int, *, filters: Mapping[str, Any], page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of all missions, each with how far the member is.

    `filters` (each may be None): those of `mission_filters`, min_times_achieved, min_counter_count, available, in_progress,
    active, valid_from and valid_to (text), mission_key. Raises NotFound, InvalidInput for an unknown order.
    """
    taker = Taker(uow, find_member(uow, member_id))
    mine = and_(
        MemberMission.tenant_id == Mission.tenant_id,
        MemberMission.mission_id == Mission.id,
        MemberMission.member_id == member_id,
    )
    matching = uow.scoped(Mission).outerjoin(MemberMission, mine).where(*_conditions(uow, taker, filters))
    missions, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    states = {
        state.mission_id: state
        for state in uow.session.scalars(
            uow.scoped(MemberMission).where(
                MemberMission.member_id == member_id, MemberMission.mission_id.in_([mission.id for mission in missions])
            )
        )
    }
    return show_page([_show(uow, taker, mission, states.get(mission.id)) for mission in missions], total, page, limit)


def increment_counter(uow: UnitOfWork, member_id: int, mission_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Count what a body says towards a mission; the counters after it. Raises as `increment`, and NotFound for the member."""
    return increment(uow, find_member(uow, member_id), mission_id, body["amount"], read_note(body))


def _conditions(uow: UnitOfWork, taker: Taker, filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    asked = {name: value for name, value in filters.items() if value is not None}
    found = mission_filters(uow, **{name: asked.get(name) for name in ("program_id", "mission_type", "codes", "tags")})
    if "min_times_achieved" in asked:
        found.append(func.coalesce(MemberMission.times_achieved, 0) >= asked["min_times_achieved"])
    if "min_counter_count" in asked:
        found.append(func.coalesce(MemberMission.counter_count, 0) >= asked["min_counter_count"])
    if "available" in asked:
        found.append(taker.available() if asked["available"] else not_(taker.available()))
    if "in_progress" in asked:
        found.append(_IN_PROGRESS if asked["in_progress"] else not_(_IN_PROGRESS))
    if "active" in asked:
        found.append(Mission.active.is_(asked["active"]))
    if "valid_from" in asked:
        found.append(Mission.valid_from_ms >= bounded_ms(asked["valid_from"]))
    if "valid_to" in asked:
        found.append(Mission.valid_to_ms <= bounded_ms(asked["valid_to"]))
    if "mission_key" in asked:
        found.append(Mission.mission_key == asked["mission_key"])
    return found


def _show(uow: UnitOfWork, taker: Taker, mission: Mission, state: MemberMission | None) -> dict[str, Any]:
    return {
        **show_counters(
            mission.id,
            taker.member.id,
            counter_count=0 if state is None else state.counter_count,
            progress=0 if state is None else min(state.progress, mission.goal_count - 1),
            times_achieved=0 if state is None else state.times_achieved,
            period_achieved=achieved_in_period(uow, mission, state),
            available=taker.obstacle(mission, state) is None,
        ),
        "lastCountedAt": None if state is None else instant(state.updated_ms),
        "mission": show_mission(uow, mission),
    }

"""Who may count towards which mission now, and why not."""

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from models.loyalty_core.audiences.audiences import is_in
from models.loyalty_core.members.event_context import member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.missions.tables import MemberMission, Mission
from models.loyalty_core.missions.views import achieved_in_period
from models.loyalty_core.periods import PERIODS, period_start_ms
from models.uow import UnitOfWork


class Taker:
    """A member as missions look at one; audiences are asked once each."""

    def __init__(self, uow: UnitOfWork, member: Member) -> None:
        self._uow, self.member = uow, member
        self._context = member_context(uow, member)
        self._audiences: dict[int, bool] = {}

    @property
    def program_ids(self) -> list[int]:
        """The programs that the member is in."""
        found: list[int] = self._context["loyaltyPrograms"]
        return found

    def may_take(self, mission: Mission) -> str | None:
        """None, or why the mission is not for this member at present."""
        now_ms = self._uow.now_ms
        if not mission.active:
            return "is not active"
        if mission.valid_from_ms is not None and now_ms < mission.valid_from_ms:
            return "has not begun"
        if mission.valid_to_ms is not None and now_ms > mission.valid_to_ms:
            return "is over"
        if mission.program_id not in self.program_ids:
            return f"is for members of the loyalty program {mission.program_id}"
        return None if self.is_in(mission.audience_id) else "is for members of another audience"

    def obstacle(self, mission: Mission, state: MemberMission | None) -> str | None:
        """None, or why the member can count nothing towards the mission at present."""
        if not self.member.active:
            return "is for active members"
        reason = self.may_take(mission)
        if reason is None and room_of(self._uow, mission, state) <= 0:
            return "has been achieved as often as it may be" + (" in this period" if _repeats(mission, state) else "")
        return reason

    def available(self) -> ColumnElement[bool]:
        """The same as `obstacle` is None, for a statement on missions that is outer joined with the member's states."""
        if not self.member.active:
            return false()
        uow, now_ms = self._uow, self._uow.now_ms
        asked = uow.session.scalars(
            select(Mission.audience_id)
            .where(Mission.tenant_id == uow.tenant_id, Mission.audience_id.is_not(None))
            .distinct()
        )
        mine = [audience_id for audience_id in asked if self.is_in(audience_id)]
        begun = case({period: period_start_ms(now_ms, period) for period in PERIODS}, value=Mission.repetition_period)
        # A period that was counted in last is the present one, or a later one (`mission_views.present_period_ms`).
        in_period = case((MemberMission.period_start_ms >= begun, MemberMission.period_achieved), else_=0)
        return and_(
            Mission.active,
            or_(Mission.valid_from_ms.is_(None), Mission.valid_from_ms <= now_ms),
            or_(Mission.valid_to_ms.is_(None), Mission.valid_to_ms >= now_ms),
            Mission.program_id.in_(self.program_ids),
            or_(Mission.audience_id.is_(None), Mission.audience_id.in_(mine)),
            func.coalesce(MemberMission.times_achieved, 0) < Mission.max_repetitions,
            or_(Mission.period_limit.is_(None), in_period < Mission.period_limit),
        )

    def is_in(self, audience_id: int | None) -> bool:
        """Whether the member is in an audience; everybody is in none."""
        if audience_id is None:
            return True
        if audience_id not in self._audiences:
            self._audiences[audience_id] = is_in(self._uow, audience_id, self._context)
        return self._audiences[audience_id]


def room_of(uow: UnitOfWork, mission: Mission, state: MemberMission | None) -> int:
    """How many more achievements of a mission a member may have at present."""
    room = mission.max_repetitions - (0 if state is None else state.times_achieved)
    if mission.period_limit is not None:
        room = min(room, mission.period_limit - achieved_in_period(uow, mission, state))
    return room


def _repeats(mission: Mission, state: MemberMission | None) -> bool:
    return state is not None and state.times_achieved < mission.max_repetitions

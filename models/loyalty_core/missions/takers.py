"""Who may count towards which mission now, and why not."""

from models.loyalty_core.audiences.audiences import is_in, read_ahead
from models.loyalty_core.members.event_context import SeenMember, member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.missions.present import achieved_in_period
from models.loyalty_core.missions.problems import (
    MissionAchieved,
    MissionNotActive,
    MissionNotBegun,
    MissionNotForMember,
    MissionOver,
)
from models.loyalty_core.missions.queries import AUDIENCES_OF_MISSIONS, MissionRule
from models.loyalty_core.missions.tables import MemberMission, Mission
from models.loyalty_core.organization.programs import is_running
from models.loyalty_core.periods import PERIODS, period_start_ms
from models.loyalty_core.problems import Conflict, LoyaltyProgramNotActive, MemberNotActive
from models.uow import UnitOfWork


class Taker:
    """A member whose counts towards missions are checked; each audience is evaluated once.

    `described` is the member as expressions see one, where that is known.
    """

    def __init__(self, uow: UnitOfWork, member: Member, described: SeenMember | None = None) -> None:
        self._uow, self.member = uow, member
        self._described = member_context(uow, member) if described is None else described
        self._audiences: dict[int, bool] = {}

    @property
    def program_ids(self) -> list[int]:
        """The programs that the member is in."""
        return self._described["loyaltyPrograms"]

    def may_take(self, mission: Mission | MissionRule, at_ms: int | None = None) -> Conflict | None:
        """None, or why the mission is not for this member at present.

        Its dates are held against `at_ms`, where that is given.
        """
        at_ms, named = self._uow.now_ms if at_ms is None else at_ms, f"The mission {mission.id}"
        if not mission.active:
            return MissionNotActive(f"{named} is not active.")
        if mission.valid_from_ms is not None and at_ms < mission.valid_from_ms:
            return MissionNotBegun(f"{named} has not begun.")
        if mission.valid_to_ms is not None and at_ms > mission.valid_to_ms:
            return MissionOver(f"{named} is over.")
        if mission.program_id not in self.program_ids:
            return MissionNotForMember(f"{named} is for members of the loyalty program {mission.program_id}.")
        if not is_running(self._uow, mission.program_id):
            return LoyaltyProgramNotActive(
                f"{named} is of the loyalty program {mission.program_id}, which is not active."
            )
        return (
            None
            if self.is_in(mission.audience_id)
            else MissionNotForMember(f"{named} is for members of another audience.")
        )

    def obstacle(self, mission: Mission | MissionRule, state: MemberMission | None) -> Conflict | None:
        """None, or why the member can count nothing towards the mission at present."""
        if not self.member.active:
            return MemberNotActive(f"The mission {mission.id} is for active members.")
        obstacle = self.may_take(mission)
        if obstacle is None and room_of(self._uow, mission, state) <= 0:
            period = " in this period" if _repeats(mission, state) else ""
            return MissionAchieved(f"The mission {mission.id} has been achieved as often as it may be{period}.")
        return obstacle

    def parameters(self) -> dict[str, object]:
        """The parameters of the condition that `obstacle` is None, in statements on missions
        (`queries.MISSIONS_OF_MEMBER`).
        """
        now_ms = self._uow.now_ms
        found = self._uow.rows(AUDIENCES_OF_MISSIONS) if self.member.active else []
        audience_ids = [audience_id for audience_id in found if audience_id is not None]
        read_ahead(self._uow, ids=audience_ids)
        return {
            "is_active": self.member.active,
            "now_ms": now_ms,
            "program_ids": [one for one in self.program_ids if is_running(self._uow, one)],
            "audience_ids": [audience_id for audience_id in audience_ids if self.is_in(audience_id)],
            **{f"{period}_start_ms": period_start_ms(now_ms, period) for period in PERIODS},
        }

    def is_in(self, audience_id: int | None) -> bool:
        """Whether the member is in an audience; everybody is in none."""
        if audience_id is None:
            return True
        if audience_id not in self._audiences:
            self._audiences[audience_id] = is_in(self._uow, audience_id, self._described)
        return self._audiences[audience_id]


def room_of(uow: UnitOfWork, mission: Mission | MissionRule, state: MemberMission | None) -> int:
    """How many more achievements of a mission a member may have at present."""
    room = mission.max_repetitions - (0 if state is None else state.times_achieved)
    if mission.period_limit is not None:
        room = min(room, mission.period_limit - achieved_in_period(uow, mission, state))
    return room


def _repeats(mission: Mission | MissionRule, state: MemberMission | None) -> bool:
    return state is not None and state.times_achieved < mission.max_repetitions

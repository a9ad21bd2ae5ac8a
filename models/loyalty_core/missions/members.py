"""What a member has achieved of missions."""

from dataclasses import dataclass

from models.loyalty_core.audiences.audiences import read_ahead
from models.loyalty_core.members.views import find_member
from models.loyalty_core.missions.queries import MISSIONS_OF_MEMBER, STATES
from models.loyalty_core.missions.tables import MemberMission, Mission
from models.loyalty_core.missions.takers import Taker
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class MissionFilters:
    """Which missions a list of a member's shows; None for what does not matter. Of `codes` and `tags` one is enough."""

    program_id: int | None
    mission_type: str | None
    codes: list[str] | None
    tags: list[str] | None
    min_times_achieved: int | None
    min_counter_count: int | None
    available: bool | None
    in_progress: bool | None
    active: bool | None
    valid_from_ms: int | None
    valid_to_ms: int | None
    mission_key: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A mission, and how far a member is with it; `state` is None before the first count."""

    mission: Mission
    state: MemberMission | None
    taker: Taker

    @property
    def is_available(self) -> bool:
        """Whether the member can count towards it at present."""
        return self.taker.obstacle(self.mission, self.state) is None


def list_member_missions(
    uow: UnitOfWork, member_id: int, paging: Paging, filters: MissionFilters
) -> tuple[list[Standing], int]:
    """A page of all missions, each with how far the member is, and how many match.

    Raises NotFound, InvalidInput for an unknown order.
    """
    taker = Taker(uow, find_member(uow, member_id))
    missions, total = MISSIONS_OF_MEMBER.page(
        uow,
        paging,
        member_id=member_id,
        program_id=filters.program_id,
        mission_type=filters.mission_type,
        codes=filters.codes,
        tags=filters.tags,
        min_times_achieved=filters.min_times_achieved,
        min_counter_count=filters.min_counter_count,
        available=filters.available or None,
        unavailable=filters.available is False or None,
        in_progress=filters.in_progress or None,
        not_in_progress=filters.in_progress is False or None,
        active=filters.active,
        valid_from_ms=filters.valid_from_ms,
        valid_to_ms=filters.valid_to_ms,
        mission_key=filters.mission_key,
        **({} if filters.available is None else taker.parameters()),
    )
    read_ahead(uow, ids=(mission.audience_id for mission in missions if mission.audience_id is not None))
    mission_ids = [mission.id for mission in missions]
    states = {state.mission_id: state for state in uow.rows(STATES, member_id=member_id, mission_ids=mission_ids)}
    return [Standing(mission, states.get(mission.id), taker) for mission in missions], total

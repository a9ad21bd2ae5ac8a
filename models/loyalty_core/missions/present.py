"""The present period of a mission, and what a member has achieved in it."""

from models.loyalty_core.missions.queries import MissionRule
from models.loyalty_core.missions.tables import MemberMission, Mission
from models.loyalty_core.periods import Period, period_start_ms
from models.uow import UnitOfWork


def achieved_in_period(uow: UnitOfWork, mission: Mission | MissionRule, state: MemberMission | None) -> int:
    """How often a member has achieved a mission in its present period; in all, for one without periods."""
    if state is None:
        return 0
    if mission.repetition_period is None:
        return state.times_achieved
    is_present = state.period_start_ms == present_period_ms(uow, mission.repetition_period, state)
    return state.period_achieved if is_present else 0


def present_period_ms(uow: UnitOfWork, period: Period, state: MemberMission) -> int:
    """When the period began that counts now: the one of the clock, or the one that was counted in last where that is
    later.

    Another server whose clock is ahead may have counted in the next period already. Going back to the earlier one would
    forget what was achieved in the next, and allow it once more.
    """
    return max(period_start_ms(uow.now_ms, period), state.period_start_ms or 0)

"""Refusals of missions and matchers."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class ConditionInvalid(RuleViolation):
    """A condition of a matcher has no values or bounds, those of another kind, or a min above its max."""

    code = "CONDITION_INVALID"


class MatcherNotFound(NotFound):
    """The organization has no such matcher."""

    code = "MATCHER_NOT_FOUND"


class MissionAchieved(Conflict):
    """The member has achieved the mission as often as one may, in all or in this period."""

    code = "MISSION_ACHIEVED"


class MissionCodeTaken(Conflict):
    """Another mission has the code."""

    code = "MISSION_CODE_TAKEN"


class MissionNotActive(Conflict):
    """The mission is not active."""

    code = "MISSION_NOT_ACTIVE"


class MissionNotBegun(Conflict):
    """The time of validity of the mission has not begun."""

    code = "MISSION_NOT_BEGUN"


class MissionNotForMember(Conflict):
    """The mission is for members of another loyalty program or audience."""

    code = "MISSION_NOT_FOR_MEMBER"


class MissionOver(Conflict):
    """The time of validity of the mission is over."""

    code = "MISSION_OVER"


class MissionPointsTooMany(RuleViolation):
    """The mission would give more points than one transaction may have."""

    code = "MISSION_POINTS_TOO_MANY"


class RepetitionPeriodMissing(RuleViolation):
    """A periodLimit needs a repetitionPeriod."""

    code = "REPETITION_PERIOD_MISSING"

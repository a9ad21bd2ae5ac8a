"""Refusals of audiences and their matchers."""

from models.loyalty_core.problems import Conflict, RuleViolation


class AttributePathInvalid(RuleViolation):
    """The attribute of a condition is no path such as profile.country."""

    code = "ATTRIBUTE_PATH_INVALID"


class ConditionValueMissing(RuleViolation):
    """The operator of a condition needs a value, and there is none."""

    code = "CONDITION_VALUE_MISSING"


class ConditionValueUnfit(RuleViolation):
    """The operator of a condition takes a list, or one value, and the other is given."""

    code = "CONDITION_VALUE_UNFIT"


class MatcherAmbiguous(RuleViolation):
    """A matcher has conditions and an expression, of which it takes one."""

    code = "MATCHER_AMBIGUOUS"


class SegmentKeyTaken(Conflict):
    """Another audience of the organization has the segmentKey."""

    code = "SEGMENT_KEY_TAKEN"

"""Refusals of campaigns and effects."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class ActionNotFound(NotFound):
    """The campaign has no such action."""

    code = "ACTION_NOT_FOUND"


class AttributeLimitReached(RuleViolation):
    """An effect would give a member a larger attribute, or more of them, than it may have."""

    code = "ATTRIBUTE_LIMIT_REACHED"


class CampaignCodeTaken(Conflict):
    """Another campaign has the code."""

    code = "CAMPAIGN_CODE_TAKEN"


class EffectNotFound(NotFound):
    """The catalogue has no such effect."""

    code = "EFFECT_NOT_FOUND"


class EffectParametersInvalid(RuleViolation):
    """The parameters of an effect are not those that the catalogue of effects allows."""

    code = "EFFECT_PARAMETERS_INVALID"


class EffectUnknown(RuleViolation):
    """A rule names an effect that the catalogue does not have."""

    code = "EFFECT_UNKNOWN"


class ExpressionsTooLong(RuleViolation):
    """The expressions of an action have too many characters together."""

    code = "EXPRESSIONS_TOO_LONG"


class TooManyActions(RuleViolation):
    """The campaign has as many actions as it may."""

    code = "TOO_MANY_ACTIONS"

"""Refusals of event types and triggers."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class EventTypeCodeTaken(Conflict):
    """Another event type has the code."""

    code = "EVENT_TYPE_CODE_TAKEN"


class EventTypeReserved(RuleViolation):
    """The codes of built-in events have the schemaType builtin, and no other code has it."""

    code = "EVENT_TYPE_RESERVED"


class HeaderInvalid(RuleViolation):
    """A header of a trigger has a name or a value that cannot be sent."""

    code = "HEADER_INVALID"


class HeaderRepeated(RuleViolation):
    """A trigger has the same header twice."""

    code = "HEADER_REPEATED"


class HeaderReserved(RuleViolation):
    """A trigger names a header that the sender sets."""

    code = "HEADER_RESERVED"


class PayloadInvalid(RuleViolation):
    """The payload of an event is not what its event type wants."""

    code = "PAYLOAD_INVALID"


class TooManyTriggers(RuleViolation):
    """The organization has as many active triggers as it may."""

    code = "TOO_MANY_TRIGGERS"


class TriggerNotFound(NotFound):
    """The organization has no such event trigger."""

    code = "TRIGGER_NOT_FOUND"


class TriggerSettingsInvalid(RuleViolation):
    """The settings of a trigger cannot be used, its address for instance."""

    code = "TRIGGER_SETTINGS_INVALID"

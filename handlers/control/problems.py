"""What the control plane refuses."""

from typing import Any

from models.kernel.problems import Problem


class SandboxTaken(Problem):
    """The mock has a sandbox of that name."""

    status = 409
    code = "SANDBOX_EXISTS"
    default_message = "There is a sandbox of this name already."


class MainStays(Problem):
    """The sandbox that the mock starts with cannot be deleted."""

    status = 409
    code = "SANDBOX_IS_MAIN"
    default_message = "The main sandbox cannot be deleted; it can be reset."


class NoSandboxes(Problem):
    """The mock's database is a file or a server."""

    status = 409
    code = "SANDBOXES_NEED_MEMORY"
    default_message = (
        "Sandboxes, resets and snapshots need a mock that keeps its data in memory: start it without --db."
    )


class SandboxesFull(Problem):
    """The databases of the sandboxes would take more memory than they may."""

    status = 507
    code = "SANDBOXES_FULL"

    def __init__(self, limit_mb: int) -> None:
        super().__init__(f"The sandboxes would take more than {limit_mb} MB: delete some, or raise TROTH_SANDBOXES_MB.")


class BadScenario(Problem):
    """The scenario is not known, or cannot be loaded."""

    status = 400
    code = "SCENARIO_INVALID"


class SnapshotTaken(Problem):
    """The sandbox has a snapshot of that name."""

    status = 409
    code = "SNAPSHOT_EXISTS"
    default_message = "There is a snapshot of this name already."


class UnknownSnapshot(Problem):
    """The sandbox has no snapshot of that name."""

    status = 404
    code = "SNAPSHOT_NOT_FOUND"
    default_message = "There is no such snapshot."


class TooManySnapshots(Problem):
    """The sandbox has as many snapshots as it may."""

    status = 409
    code = "SNAPSHOTS_FULL"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A sandbox keeps {limit} snapshots at most: delete one.")


class NoJournal(Problem):
    """The mock keeps no journal."""

    status = 409
    code = "JOURNAL_OFF"
    default_message = "The mock keeps no journal: TROTH_JOURNAL_MB is 0."


class UnknownCall(Problem):
    """The journal has no call of that number, or does not have it any more."""

    status = 404
    code = "CALL_NOT_FOUND"
    default_message = "The journal has no such call, or does not have it any more."


class UnknownOperation(Problem):
    """No API has an operation of that id."""

    status = 400
    code = "OPERATION_UNKNOWN"


class UnknownApi(Problem):
    """The mock has no API of that name."""

    status = 400
    code = "API_UNKNOWN"


class JournalDiffers(Problem):
    """Fewer or more calls match than were expected; the nearest ones are in the answer."""

    status = 409
    code = "JOURNAL_DIFFERS"

    def __init__(self, message: str, nearest: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.details = {"nearest": nearest}


class PreferenceNotMet(Problem):
    """The Prefer header or a rule asks for an answer that the contract does not have."""

    status = 400
    code = "PREFERENCE_NOT_MET"


class HeaderInvalid(Problem):
    """A header of a rule's answer has a name or a value that cannot be sent."""

    status = 400
    code = "HEADER_INVALID"


class HeaderRepeated(Problem):
    """A rule's answer has the same header twice."""

    status = 400
    code = "HEADER_REPEATED"


class HeaderReserved(Problem):
    """A rule's answer has a header that the server sets:
    of the connection, or of the length or the coding of the body.
    """

    status = 400
    code = "HEADER_RESERVED"


class UnknownRule(Problem):
    """The sandbox has no rule of that id."""

    status = 404
    code = "RULE_NOT_FOUND"
    default_message = "There is no such rule."


class RulesFull(Problem):
    """The sandbox has as many rules as it may."""

    status = 409
    code = "RULES_FULL"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A sandbox has {limit} rules at most: delete some.")


class BodyNotKept(Problem):
    """The journal has kept only the beginning of the call's body, so that it cannot be sent again."""

    status = 409
    code = "BODY_NOT_KEPT"
    default_message = "The journal has kept only the beginning of the body: the call cannot be sent again."


class UnknownDelivery(Problem):
    """No tenant of the sandbox has a delivery of that id, or does not have it any more."""

    status = 404
    code = "DELIVERY_NOT_FOUND"

    def __init__(self, delivery_id: str = "") -> None:
        super().__init__(
            f"There is no delivery {delivery_id!r}. A mock keeps events and their deliveries for 30 days on the sandbox's clock, and only the "
            "newest TROTH_EVENTS_KEPT of each tenant."
        )


class BadTarget(Problem):
    """The address cannot be called."""

    status = 400
    code = "TARGET_INVALID"


class BehaviorsFull(Problem):
    """As many inboxes answer otherwise than usual as may."""

    status = 409
    code = "BEHAVIORS_FULL"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} inboxes at most answer otherwise than usual: let some answer as usual again.")


class BadExport(Problem):
    """What is to be imported is no export of a sandbox."""

    status = 400
    code = "EXPORT_INVALID"


class ExportDiffers(Problem):
    """The export is of another schema, other tenants or another secret key."""

    status = 409
    code = "EXPORT_DIFFERS"


class RecordingTaken(Problem):
    """A recording of that name is under way in the sandbox."""

    status = 409
    code = "RECORDING_EXISTS"
    default_message = "A recording of this name is under way already."


class RecordingsFull(Problem):
    """As many recordings are under way as may be."""

    status = 409
    code = "RECORDINGS_FULL"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} recordings at most are under way at once: end one.")


class UnknownRecording(Problem):
    """No recording of that name is under way in the sandbox."""

    status = 404
    code = "RECORDING_NOT_FOUND"
    default_message = "There is no such recording under way."


class BadRecording(Problem):
    """What is to be replayed is no recording that this version plays."""

    status = 400
    code = "RECORDING_INVALID"

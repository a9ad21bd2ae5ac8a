"""What callers say of missions and matchers, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.loyalty_core.columns import read_columns
from models.loyalty_core.ledger.posting import Note
from models.loyalty_core.ledger.transaction_input import NoteBody, read_note
from models.loyalty_core.periods import Period

_COLUMNS = {
    "loyaltyProgramId": "program_id",
    "code": "code",
    "name": "name",
    "eventType": "event_type",
    "maxRepetitions": "max_repetitions",
    "goalCount": "goal_count",
    "shortDescription": "short_description",
    "description": "description",
    "pictureUrl": "picture_url",
    "customAttributes": "custom_attributes",
    "type": "type",
    "audienceId": "audience_id",
    "matcherId": "matcher_id",
    "tags": "tags",
    "active": "active",
    "pointsAccrual": "points_accrual",
    "ledgerId": "ledger_id",
    "ledgerAccountId": "account_id",
}
_INSTANTS = {"validFrom": "valid_from_ms", "validTo": "valid_to_ms"}


@dataclass(frozen=True, slots=True)
class MissionInput:
    """A mission as it is asked for."""

    columns: Mapping[str, Any]
    """All that is said of it, by column; what is left out is not there."""
    repetition_period: Period | None = None
    """Of a new mission only, as its limit: both stay as they are made."""
    period_limit: int | None = None
    limits_without_period: bool = False


@dataclass(frozen=True, slots=True)
class MatcherInput:
    """A matcher as it is asked for. `organization_id` is the one that the body names, if it does."""

    name: str
    type: str
    matcher: dict[str, Any]
    organization_id: int | None


@dataclass(frozen=True, slots=True)
class CountInput:
    """So much is to be counted towards a mission."""

    amount: int
    note: Note


class CountBody(NoteBody):
    """What a request adds to a member's counter of a mission."""

    amount: int


def read_mission(body: Mapping[str, Any]) -> MissionInput:
    """A mission of a request. Raises InvalidInput for a date that cannot be read."""
    return MissionInput(
        read_columns(body, _COLUMNS, _INSTANTS),
        body.get("repetitionPeriod"),
        body.get("periodLimit"),
        "periodLimit" in body and "repetitionPeriod" not in body,
    )


def read_matcher(body: Mapping[str, Any]) -> MatcherInput:
    """A matcher of a request."""
    return MatcherInput(body["name"], body["type"], body["matcher"], body.get("organizationId"))


def read_count(body: CountBody) -> CountInput:
    """A count of a request. Raises InvalidInput for a date that cannot be read."""
    return CountInput(body["amount"], read_note(body))

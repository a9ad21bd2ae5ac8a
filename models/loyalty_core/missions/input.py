"""What callers say of missions and matchers, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm
from models.loyalty_core.columns import read_columns
from models.loyalty_core.ledger.posting import Note
from models.loyalty_core.ledger.transaction_input import read_note
from models.loyalty_core.missions.tables import ItemMatcher
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


class MissionBody(TypedDict):
    """A mission of a request; period and limit are of a new one only."""

    loyaltyProgramId: int
    code: str
    name: str
    eventType: str
    maxRepetitions: int
    goalCount: int
    shortDescription: NotRequired[str | None]
    description: NotRequired[str | None]
    pictureUrl: NotRequired[str | None]
    customAttributes: NotRequired[FreeForm]
    type: NotRequired[str | None]
    audienceId: NotRequired[int | None]
    matcherId: NotRequired[int | None]
    tags: NotRequired[list[str]]
    active: NotRequired[bool]
    validFrom: NotRequired[str | None]
    validTo: NotRequired[str | None]
    pointsAccrual: NotRequired[int]
    ledgerId: NotRequired[int | None]
    ledgerAccountId: NotRequired[int | None]
    repetitionPeriod: NotRequired[Period]
    periodLimit: NotRequired[int]


class MatcherBody(TypedDict):
    """A matcher of a request."""

    organizationId: NotRequired[int]
    name: str
    type: str
    matcher: ItemMatcher


class CountBody(TypedDict):
    """A count of a request, and what it notes of it."""

    amount: int
    systemUniqueKey: NotRequired[str]
    externalId: NotRequired[str]
    externalEventDate: NotRequired[str]
    description: NotRequired[str]
    tags: NotRequired[list[str]]


@dataclass(frozen=True, slots=True)
class MissionInput:
    """A mission of a request."""

    name: str
    columns: Mapping[str, object]
    """All that is said of it, by column; what is left out is not there."""
    repetition_period: Period | None = None
    """Of a new mission only, as its limit: both stay as they are made."""
    period_limit: int | None = None
    limits_without_period: bool = False


@dataclass(frozen=True, slots=True)
class MatcherInput:
    """A matcher of a request. `organization_id` is the one that the body names, if it does."""

    name: str
    type: str
    matcher: ItemMatcher
    organization_id: int | None


@dataclass(frozen=True, slots=True)
class CountInput:
    """So much is to be counted towards a mission."""

    amount: int
    note: Note


def read_mission(body: MissionBody) -> MissionInput:
    """A mission of a request. Raises InvalidInput for a date that cannot be read."""
    return MissionInput(
        body["name"],
        read_columns(body, _COLUMNS, _INSTANTS),
        body.get("repetitionPeriod"),
        body.get("periodLimit"),
        "periodLimit" in body and "repetitionPeriod" not in body,
    )


def read_matcher(body: MatcherBody) -> MatcherInput:
    """A matcher of a request."""
    return MatcherInput(body["name"], body["type"], body["matcher"], body.get("organizationId"))


def read_count(body: CountBody) -> CountInput:
    """A count of a request. Raises InvalidInput for a date that cannot be read."""
    return CountInput(body["amount"], read_note(body))

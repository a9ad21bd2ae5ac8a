"""The parameters of an export, read once: dates as ms, conditions by column, wishes for more columns."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from models.kernel.fault_words import quoted
from models.saasquatch.problems import BadExport

DATES = (
    "createdSince",
    "createdBefore",
    "updatedSince",
    "updatedBefore",
    "createdOrUpdatedSince",
    "createdOrUpdatedBefore",
)
FILTERS = {
    "type_eq": "type",
    "unit_eq": "unit",
    "userId_eq": "user_id",
    "accountId_eq": "account_id",
    "programId_eq": "program_id",
    "rewardSource_eq": "source",
}
"""Members of `filter` that count, and the columns of a reward that they are compared with."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Params:
    """The contents of a report. Dates are ms; each type reads what applies to it and ignores the rest."""

    dates: dict[str, int]
    """By name, only those given. Since includes its instant, Before does not."""
    program_id: str | None
    conditions: dict[str, str]
    """Columns of a reward and the values they must have."""
    at_ms: int | None
    stats: bool
    user: bool
    referral: bool


def parse_params(raw: dict[str, Any] | None) -> Params:
    """The parameters as they were sent (the contract has checked their form). Raises BadExport."""
    given = {name: value for name, value in (raw or {}).items() if value is not None}
    fields = given.get("fields", {})
    return Params(
        dates={name: to_ms(name, given[name]) for name in DATES if name in given},
        program_id=given.get("programId"),
        conditions=_conditions(given.get("filter", {})),
        at_ms=given.get("at"),
        stats=fields.get("includeUserStatsFields", False),
        user=fields.get("includeUserFields", False),
        referral=fields.get("includeReferralFields", False),
    )


def _conditions(given: dict[str, Any]) -> dict[str, str]:
    found = {}
    for name, column in FILTERS.items():
        value = given.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise BadExport(f"/params/filter/{name}: must be a string")
        found[column] = value
    return found


def to_ms(name: str, value: int | str) -> int:
    """A date as ms since 1970: a number, or ISO 8601 text, in UTC unless it says otherwise. Raises BadExport."""
    if isinstance(value, int):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadExport(f"/params/{name}: must be a date of ISO 8601 or ms since 1970, not {quoted(value)}") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)

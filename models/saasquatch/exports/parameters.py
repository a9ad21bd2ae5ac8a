"""The parameters of an export, read once: dates as ms, conditions by column, requests for more columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from models.kernel.fault_words import quoted
from models.kernel.times import names_part_of_ms, parse_any_instant_ms
from models.saasquatch.problems import BadExport
from models.saasquatch.tables import ExportParams

DateName = Literal[
    "createdSince", "createdBefore", "updatedSince", "updatedBefore", "createdOrUpdatedSince", "createdOrUpdatedBefore"
]
DATES: tuple[DateName, ...] = get_args(DateName)
FILTERS = {
    "type_eq": "type",
    "unit_eq": "unit",
    "userId_eq": "user_id",
    "accountId_eq": "account_id",
    "programId_eq": "program_id",
    "rewardSource_eq": "source",
}
"""Members of `filter` that count, and the columns of a reward that they are compared with."""


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


def parse_params(raw: ExportParams | None) -> Params:
    """The parameters as they were sent (the contract has checked their form). Raises BadExport."""
    given: ExportParams = raw or {}
    fields = given.get("fields") or {}
    return Params(
        dates={name: to_ms(name, date) for name in DATES if (date := given.get(name)) is not None},
        program_id=given.get("programId"),
        conditions=_conditions(given.get("filter") or {}),
        at_ms=given.get("at"),
        stats=fields.get("includeUserStatsFields", False),
        user=fields.get("includeUserFields", False),
        referral=fields.get("includeReferralFields", False),
    )


def _conditions(given: Mapping[str, object]) -> dict[str, str]:
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
    """A date as ms since 1970: a number, or ISO 8601 text, in UTC unless it says otherwise.

    Of a text between two milliseconds the later one: Since includes it, Before does not. Raises BadExport.
    """
    if isinstance(value, int):
        return value
    try:
        return parse_any_instant_ms(value) + (1 if names_part_of_ms(value) else 0)
    except ValueError as error:
        raise BadExport(f"/params/{name}: must be a date of ISO 8601 or ms since 1970, not {quoted(value)}") from error

"""Requests on rewards, read from bodies."""

from dataclasses import dataclass
from typing import NotRequired, Required, TypedDict

from models.kernel.json_values import FreeForm
from models.saasquatch.rewards.states import CREDIT, FUELTANK, PCT_DISCOUNT


class RewardBody(TypedDict, total=False):
    """The body of a reward's creation, without the nulls that the contract ignores; what its type needs is there."""

    type: Required[str]
    name: str | None
    unit: str
    dateScheduledFor: int | None
    dateExpires: int | None
    cancellable: bool | None
    currency: str
    description: str
    discountPercent: int
    assignedCredit: int
    amount: int | str
    fuelTankCode: str
    fuelTankType: str
    valueInCents: int | str
    integrationSettings: FreeForm


class DebitBody(TypedDict):
    """The body of a debit of one reward."""

    amount: int
    unit: str


class BalanceDebitBody(TypedDict):
    """The body of a debit of an account's credit, without the nulls that the contract ignores."""

    accountId: str
    userId: NotRequired[str]
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class RewardInput:
    """A reward to be given; members of other types are None."""

    type: str
    unit: str
    name: str | None = None
    scheduled_ms: int | None = None
    """When it becomes available; None for at once."""
    expires_ms: int | None = None
    cancellable: bool = True
    currency: str | None = None
    description: str | None = None
    assigned: int | None = None
    """CREDIT: the credit."""
    percent: int | None = None
    """PCT_DISCOUNT: the discount."""
    amount: int | None = None
    """FUELTANK: the amount; INTEGRATION: the value in cents."""
    fuel_tank_code: str | None = None
    fuel_tank_type: str | None = None
    integration: FreeForm | None = None
    """INTEGRATION: settings of the other system, kept as they are."""


@dataclass(frozen=True, slots=True)
class BalanceDebit:
    """Credit to be taken from an account, or from one of its users."""

    account_id: str
    user_id: str | None
    amount: int
    unit: str


class _Common(TypedDict):
    """What the input has of rewards of all types, and of some a currency."""

    type: str
    name: str | None
    scheduled_ms: int | None
    expires_ms: int | None
    cancellable: bool
    currency: NotRequired[str | None]


def read_reward(body: RewardBody) -> RewardInput:
    """A reward from the body of its creation. The amounts of FUELTANK and INTEGRATION may be text of digits."""
    common: _Common = {
        "type": body["type"],
        "name": body.get("name"),
        "scheduled_ms": body.get("dateScheduledFor"),
        "expires_ms": body.get("dateExpires"),
        "cancellable": body.get("cancellable") is not False,
    }
    if body["type"] == PCT_DISCOUNT:
        return RewardInput(unit="%", percent=body["discountPercent"], **common)
    common["currency"] = body.get("currency")
    if body["type"] == CREDIT:
        return RewardInput(unit=body["unit"], assigned=body["assignedCredit"], **common)
    if body["type"] == FUELTANK:
        return RewardInput(
            unit=body.get("unit") or ("%" if body["fuelTankType"] == PCT_DISCOUNT else "CENTS"),
            amount=int(body["amount"]),
            fuel_tank_code=body["fuelTankCode"],
            fuel_tank_type=body["fuelTankType"],
            **common,
        )
    return RewardInput(
        unit=body["unit"],
        amount=int(body["valueInCents"]),
        description=body.get("description"),
        integration=body["integrationSettings"],
        **common,
    )


def read_balance_debit(body: BalanceDebitBody) -> BalanceDebit:
    """A debit of an account's credit from its body."""
    return BalanceDebit(body["accountId"], body.get("userId"), body["amount"], body["unit"])

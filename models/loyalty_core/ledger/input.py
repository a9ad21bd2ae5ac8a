"""Ledgers and accounts as callers describe them, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.loyalty_core.columns import read_columns

ACCOUNT_COLUMNS = {
    "name": "name",
    "active": "active",
    "isRevolving": "is_revolving",
    "syncAlgorand": "sync_algorand",
    "isCurrency": "is_currency",
    "decimals": "decimals",
    "formatString": "format_string",
    "pointTrackingEnabled": "tracked",
    "expiresInMonths": "expires_in_months",
}
"""Members of an account that go to a column as they are."""


class LedgerBody(TypedDict):
    """A ledger of a request."""

    name: str
    description: NotRequired[str | None]
    defaultAccountId: NotRequired[int]
    """Of an existing ledger only."""


class AccountBody(TypedDict):
    """An account of a request."""

    name: str
    active: bool
    isRevolving: bool
    syncAlgorand: bool
    isCurrency: NotRequired[bool]
    decimals: NotRequired[int]
    formatString: NotRequired[str | None]
    pointTrackingEnabled: NotRequired[bool]
    expiresInMonths: NotRequired[int]
    isDefaultAccount: NotRequired[bool]
    maxSupply: NotRequired[int]
    """Of a new account only."""


@dataclass(frozen=True, slots=True)
class LedgerInput:
    """The members of a ledger; those that are left out are not in `columns`, or None."""

    name: str
    columns: Mapping[str, object]
    default_account_id: int | None


@dataclass(frozen=True, slots=True)
class AccountInput:
    """The members of an account; those that are left out are not in `columns`, or None."""

    name: str
    columns: Mapping[str, object]
    is_default: bool | None
    max_supply: int | None
    """Of a new account only."""


def read_ledger(body: LedgerBody) -> LedgerInput:
    """A ledger of a request."""
    columns = read_columns(body, {"name": "name", "description": "description"})
    return LedgerInput(body["name"], columns, body.get("defaultAccountId"))


def read_account(body: AccountBody) -> AccountInput:
    """An account of a request."""
    return AccountInput(
        body["name"], read_columns(body, ACCOUNT_COLUMNS), body.get("isDefaultAccount"), body.get("maxSupply")
    )

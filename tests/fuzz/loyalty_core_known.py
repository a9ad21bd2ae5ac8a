"""What the Loyalty Core API holds for the fuzzer:
some of everything to keep, and some that may be changed or deleted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tests.fuzz.loyalty_core_engagement_known import Engagement, learn_engagement

Call = Callable[..., Any]

NOW = datetime(2026, 1, 15, 12)
"""About the server's present; times in the future are days after it."""
KEPT_PEOPLE, SPARE_PEOPLE = 12, 12
SPARE_ACCOUNTS = 4
KEPT_EACH, SPARE_EACH = 2, 12
PENDING_EACH = 100
"""Transactions for each kept account that wait for their capture, and as many to take back."""
PENDING_POINTS = 1_000
RICH_POINTS = 1_000_000_000
SUPPLY = 18_446_744_073_709
CODES = ("fuzz-1", "fuzz-2")
KINDS = {
    "locations": "location",
    "order-locations": "orderLocation",
    "categories": "category",
    "product-categories": "productCategory",
}
"""Lists of things with codes, and how the fields of each begin."""
TEXTS = (
    "{}",
    '{"type": "object", "properties": {"headline": {"type": "string", "pattern": "^[A-Z]"}}}',
    '{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": true}, "$ref": "#/definitions/a"}',
)
"""Which are JSON Schemas."""


class Person(NamedTuple):
    """A member: number, the organization's own id, wallet."""

    id: int
    own_id: str
    wallet: int


class Account(NamedTuple):
    """A ledger and an account of it."""

    ledger: int
    id: int


@dataclass
class Known:
    """What there is. What is `spare` may be changed or deleted, so that other cases do not miss it.

    People have points to spend in `accounts`; `pending` and `reverted` are ids and keys by account; `tiers` are
    programs with their active tiers, and `schemas` content schemas with a version.
    """

    people: list[Person] = field(default_factory=lambda: [Person(42, "HC-000042", 142), Person(43, "HC-000043", 143)])
    spare_people: list[Person] = field(default_factory=lambda: [Person(44, "HC-000044", 144)])
    accounts: list[Account] = field(default_factory=lambda: [Account(1, 1)])
    spare_accounts: list[Account] = field(default_factory=lambda: [Account(1, 2)])
    pending: dict[int, list[str]] = field(default_factory=dict)
    reverted: dict[int, list[str]] = field(default_factory=dict)
    tiers: list[tuple[int, int]] = field(default_factory=lambda: [(1, 1)])
    spare_tiers: list[tuple[int, int]] = field(default_factory=lambda: [(1, 2)])
    users: list[str] = field(default_factory=lambda: ["7b0f4f7e-3c1d-4f5a-9e2b-6a1c8d0e4f11"])
    spare_users: list[str] = field(default_factory=lambda: ["7b0f4f7e-3c1d-4f5a-9e2b-6a1c8d0e4f11"])
    portals: list[tuple[int, str]] = field(default_factory=lambda: [(1, "harbour-club")])
    spare_portals: list[tuple[int, str]] = field(default_factory=lambda: [(2, "")])
    schemas: list[tuple[int, int]] = field(default_factory=lambda: [(1, 1)])
    spare_schemas: list[tuple[int, int]] = field(default_factory=lambda: [(2, 2)])
    engagement: Engagement = field(default_factory=Engagement)


def learn(call: Call) -> Known:
    """Add to a server what the fuzzer needs. `call` as for the other APIs."""
    people = [_person(call, number) for number in range(KEPT_PEOPLE + SPARE_PEOPLE)]
    kept, spare = people[:KEPT_PEOPLE], people[KEPT_PEOPLE:]
    fuzzed = _ledger(
        call,
        "Fuzzed",
        [{"isRevolving": True, "pointTrackingEnabled": True, "expiresInMonths": 12, "maxSupply": SUPPLY}],
    )
    accounts = [Account(1, 1), *fuzzed]
    spare_accounts = _ledger(call, "Changed", [{}] * SPARE_ACCOUNTS)
    tiers = _program(call, "Fuzzed", fuzzed[0])
    for account in accounts:
        _make_rich(call, account, kept)
    for path, kind in KINDS.items():
        for code in CODES:
            call("POST", f"/{path}", {f"{kind}Code": code, f"{kind}Label": code})
    users = [_user(call, number) for number in range(KEPT_EACH + SPARE_EACH)]
    portals = [_portal(call, number) for number in range(KEPT_EACH + SPARE_EACH)]
    schemas = [_schema(call, number) for number in range(KEPT_EACH + SPARE_EACH)]
    return Known(
        people=kept,
        spare_people=spare,
        accounts=accounts,
        spare_accounts=spare_accounts,
        pending={account.id: _transfers(call, account, kept, "pending", "manual") for account in accounts},
        reverted={account.id: _transfers(call, account, kept, "reverted", "auto") for account in accounts},
        tiers=[(1, 1), *tiers],
        spare_tiers=_program(call, "Changed", fuzzed[0]),
        users=users[:KEPT_EACH],
        spare_users=users[KEPT_EACH:],
        portals=portals[:KEPT_EACH],
        spare_portals=portals[KEPT_EACH:],
        schemas=schemas[:KEPT_EACH],
        spare_schemas=schemas[KEPT_EACH:],
        engagement=learn_engagement(call, [person.id for person in kept]),
    )


def _person(call: Call, number: int) -> Person:
    made = call(
        "POST", "/members", {"loyaltyMemberId": f"fuzz-{number}", "profile": {"email": f"fuzz-{number}@example.org"}}
    )
    return Person(made["loyalMember"]["memberId"], f"fuzz-{number}", made["loyalMember"]["walletId"])


def _ledger(call: Call, name: str, accounts: Iterable[dict[str, Any]]) -> list[Account]:
    ledger = call("POST", "/ledgers", {"name": name})["ledger"]["ledgerId"]
    needed = {"name": name, "active": True, "isRevolving": False, "syncAlgorand": False}
    return [
        Account(
            ledger,
            call("POST", f"/ledgers/{ledger}/accounts", {**needed, **members})["ledgerAccount"]["ledgerAccountId"],
        )
        for members in accounts
    ]


def _program(call: Call, name: str, account: Account) -> list[tuple[int, int]]:
    """A new program with two tiers: the program with each of them."""
    program = call(
        "POST",
        "/loyalty-programs",
        {
            "name": name,
            "active": True,
            "description": "",
            "setAsDefault": False,
            "ledgerId": account.ledger,
            "mainLedgerAccountId": account.id,
        },
    )["loyaltyProgram"]["loyaltyProgramId"]
    return [
        (
            program,
            call(
                "POST",
                f"/loyalty-programs/{program}/tiers",
                {
                    "name": f"{name} {place}",
                    "active": True,
                    "minRequiredPoints": place * RICH_POINTS,
                    "tierOrder": place,
                },
            )["tier"]["loyaltyTierId"],
        )
        for place in range(2)
    ]


def _make_rich(call: Call, account: Account, people: Iterable[Person]) -> None:
    for person in people:
        call(
            "POST",
            f"/ledgers/{account.ledger}/accounts/{account.id}/wallets/{person.wallet}/mint",
            {"amount": RICH_POINTS},
        )


def _transfers(call: Call, account: Account, people: list[Person], kind: str, method: str) -> list[str]:
    """Make transfers; ids of those that are pending, keys of those that are done."""
    made = call(
        "POST",
        f"/ledgers/{account.ledger}/transaction-sets",
        {
            "create": [
                {
                    "ledgerAccountId": account.id,
                    "amount": PENDING_POINTS,
                    "captureMethod": method,
                    "externalId": f"fuzz-{kind}-{account.id}-{number}",
                    "systemUniqueKey": f"fuzz-{kind}-{account.id}-{number}",
                    "fromWalletId": people[number % len(people)].wallet,
                    "toWalletId": people[(number + 1) % len(people)].wallet,
                }
                for number in range(PENDING_EACH)
            ]
        },
    )["transactions"]
    return [one["ledgerTransactionId" if method == "manual" else "systemUniqueKey"] for one in made]


def _user(call: Call, number: int) -> str:
    made: str = call(
        "POST",
        "/users",
        {
            "active": True,
            "name": "Fuzzed",
            "nickname": "Fuzzed",
            "profilePictureUrl": "",
            "isSystemAdmin": False,
            "isAdmin": False,
            "pendingProvisioning": False,
            "customAttributes": {},
            "roles": [],
            "userName": f"fuzz-{number}",
            "email": f"fuzz-user-{number}@example.org",
            "authClientId": "fuzz",
        },
    )["user"]["userId"]
    return made


def _portal(call: Call, number: int) -> tuple[int, str]:
    made = call("POST", "/portals", {"name": f"Fuzzed {number}", "active": True})["portal"]
    return made["portalId"], made["publicId"]


def _schema(call: Call, number: int) -> tuple[int, int]:
    made = call("POST", "/content-schemas", {"name": f"Fuzzed {number}", "type": 1, "active": True, "schema": TEXTS[0]})
    return made["contentSchemaId"], made["contentSchemaVersionId"]

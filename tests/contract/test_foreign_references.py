"""Generated from the contracts: what a body names is looked for in the caller's tenant only.

For each member of a body that names something, an id that only another tenant has is answered like one that nobody has,
byte for byte, and no row of the other tenant is written. A name that callers choose is held to the same rule: what
another tenant has taken is free.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import BigInteger, Connection, Table, select, text, update
from sqlalchemy.exc import IntegrityError

from models.kernel.base import Base
from models.tenancy.removal import tables_of_tenants
from tests.contract.probes import RAW, VENDORS, Call, Path_, Site, body_members, site, with_member
from tests.recording.contracts import all_operations

FURTHER = 1_000_000
"""What is added to the numbers of the neighbour's objects: nobody else has as many."""
NOBODYS = 500_000
"""What makes a number of one of those one that nobody has."""
CALLS_MAX = 3
"""How many calls of an operation are tried with each member."""
NAMING = re.compile(r"(id|ids|uuid|uuids|code|codes|key)$", re.IGNORECASE)
"""The names of members that name something."""
LEDGER, ACCOUNT, PROGRAM, TIER = "lc_ledgers.id", "lc_accounts.id", "lc_programs.id", "lc_tiers.id"
MEMBER, WALLET, ITEM = "lc_members.id", "lc_members.wallet_id", "lc_coded_items.code"
NAMED: dict[str, dict[str, str]] = {
    "saasquatch": {
        "accountId": "sq_users.account_id",
        "userId": "sq_users.id",
        "id": "sq_users.id",
        "code": "sq_codes.code",
        "referralCode": "sq_codes.code",
        "referredByCodes": "sq_codes.code",
        "programId": "sq_programs.id",
        "idempotencyKey": "sq_idempotency_keys.key",
    },
    "advocacy": {
        "advocateId": "advocacy_advocates.id",
        "taskId": "advocacy_tasks.id",
        "code": "advocacy_advocates.referral_code",
        "externalCustomerId": "advocacy_mappings.external_customer_id",
        "orderId": "advocacy_conversions.order_id",
        "visitorId": "advocacy_referral_clicks.visitor_id",
    },
    "leat": {
        "contact_uuid": "leat_contacts.uuid",
        "referral_code": "leat_contacts.referral_code",
        "pos_transaction_id": "leat_credit_receptions.pos_transaction_id",
    },
    "loyalty_core": {
        "audienceId": "lc_audiences.id",
        "audienceIds": "lc_audiences.id",
        **dict.fromkeys(("ledgerId", "referrerLedgerId", "referredLedgerId"), LEDGER),
        **dict.fromkeys(
            ("ledgerAccountId", "mainLedgerAccountId", "tierPointsLedgerAccountId", "defaultAccountId"), ACCOUNT
        ),
        **dict.fromkeys(("referrerLedgerAccountId", "referredLedgerAccountId"), ACCOUNT),
        **dict.fromkeys(("loyaltyProgramId", "defaultLoyaltyProgramId"), PROGRAM),
        **dict.fromkeys(("loyaltyTierId", "defaultTierId"), TIER),
        **dict.fromkeys(("memberId", "memberIds"), MEMBER),
        "loyaltyMemberId": "lc_members.loyalty_member_id",
        "publicLoyaltyMemberId": "lc_members.public_loyalty_member_id",
        **dict.fromkeys(("walletId", "fromWalletId", "toWalletId"), WALLET),
        "matcherId": "lc_matchers.id",
        "partnershipId": "lc_partnerships.id",
        "offeredCouponBookId": "lc_coupon_books.id",
        "contentSchemaId": "lc_content_schemas.id",
        "contentSchemaVersionId": "lc_content_schema_versions.id",
        "mainPortalId": "lc_portals.id",
        "publicId": "lc_portals.public_id",
        **dict.fromkeys(("ledgerTransactionId", "pendingCaptureLedgerTransactionId"), "lc_transactions.id"),
        **dict.fromkeys(("locationCode", "locationCodes", "orderLocationCode"), ITEM),
        **dict.fromkeys(("categoryCode", "productCategoryCode"), ITEM),
        "code": "lc_coupons.code",
        "codes": "lc_coupons.code",
        "referralCode": "lc_referral_codes.code",
        "externalId": "lc_purchase_orders.external_id",
        "systemUniqueKey": "lc_transactions.unique_key",
        "segmentKey": "lc_audiences.segment_key",
        "apiCode": "lc_event_types.api_code",
        "authClientId": "lc_users.auth_client_id",
    },
}
"""By API and member: the column that it names."""
OWN_NAMES = {
    "advocacy_conversions.order_id",
    "advocacy_mappings.external_customer_id",
    "advocacy_referral_clicks.visitor_id",
    *(name for name in NAMED["loyalty_core"].values() if not name.endswith("id") or "loyalty_member_id" in name),
    "lc_purchase_orders.external_id",
    "lc_users.auth_client_id",
    "lc_portals.public_id",
}
"""Columns with names that callers have chosen alike in the demo and for the neighbour."""
GIVEN = {
    ("advocacy", "businessId"): ("biz_neighbour", "biz_nobodysss"),
    ("leat", "shop_uuid"): ("0b9f5d0e-6a11-4c43-9d0c-3e1f6a7b8c90", "0b9f5d0e-6a11-4c43-9d0c-3e1f6a7b8c99"),
    ("leat", "client_id"): (2002, 9009),
    ("loyalty_core", "organizationId"): (777_002, 777_999),
}
"""What stands in settings: the neighbour's, and one that nobody has."""
NAMES_NO_ROW = {
    "saasquatch": {
        "countryCode",
        "paymentProviderId",
        "utid",
        "giftId",
        "templateId",
        "fuelTankCode",
        "key",
        "checkout_id",
        "order_id",
        "product_id",
    },
    "loyalty_core": {
        *("effectId", "atomicSetId"),
        *("maxPerCode", "maxRedeemsPerReferredMemberPerCode", "numberOfCodes"),
    },
}
"""Members with such names that name nothing of a tenant:
names of other systems and of the server itself, and limits.
"""
OF_THE_CALL = re.compile(r'(?<=Id": )[0-9]+|(?<=[a-z0-9]-)[0-9]+(?=")|[0-9-]{10}T[0-9:.]{12}Z')
"""What differs between two calls that are not rolled back: new ids, the keys that are renewed for each, times."""
CAUSED = "evaluationResults"
"""What an order has caused differs from the first to the second order, too."""


def naming(name: str) -> Iterator[tuple[Path_, str]]:
    """(path, member) of what a body of an operation names."""
    for path, schema in body_members(name).items():
        member = next(step for step in reversed(path) if isinstance(step, str))
        if NAMING.search(member) and schema.get("type") in ("string", "integer") and "enum" not in schema:
            yield path, member


class Probe:
    """Puts the neighbour's ids, and then nobody's, where a body names something."""

    def __init__(self, place: Site) -> None:
        self.tried: Counter[tuple[str, Path_]] = Counter()
        self.faults: list[str] = []
        self._place = place
        self._ids = _ids(place)

    def __call__(self, call: Call) -> None:
        if call.body is None:
            return
        api = call.operation.api
        for path, member in naming(call.name):
            pair = self._ids.get((api, member))
            if pair is None or self.tried[call.name, path] >= CALLS_MAX:
                continue
            try:
                bodies = [with_member(call.body, path, _shaped(value, call.name, path)) for value in pair]
            except LookupError:
                continue  # another member of the example is where it would have to be
            self.tried[call.name, path] += 1
            self._compare(call, path, pair, bodies)

    def _compare(self, call: Call, path: Path_, pair: tuple[Any, Any], bodies: list[Any]) -> None:
        sandbox = self._place.server.runtime.main
        answers = []
        for value, body in zip(pair, bodies, strict=True):
            numbers = sandbox.numbers()
            with guarded(self._place):
                answer = call.with_body(body)
            if not call.is_lasting:
                sandbox.count_from(numbers)  # both are to be given the same ids
            shown = _comparable(answer.json()) if call.is_lasting else answer.text
            answers.append((answer.status_code, _without_id(shown, value)))
        what = f"{call.name} {'.'.join(map(str, path))}"
        if answers[0] != answers[1] or answers[0][0] >= 500:
            self.faults.append(f"{what}: {pair[0]!r} of the neighbour {answers[0]}, {pair[1]!r} of nobody {answers[1]}")


def _shaped(value: Any, name: str, path: Path_) -> Any:
    """An id as the contract has it there: some numbers are texts in bodies."""
    return str(value) if body_members(name)[path]["type"] == "string" else value


def _without_id(text: str, value: Any) -> str:
    """The text of an answer, with `<id>` in the place of the id."""
    return re.sub(rf"(?<![0-9A-Za-z]){re.escape(str(value))}(?![0-9A-Za-z])", "<id>", text)


def _comparable(answer: Any) -> str:
    """The text of an answer without what differs from one call to the next."""

    def kept(value: Any) -> Any:
        if isinstance(value, list):
            return [kept(one) for one in value]
        return {name: kept(one) for name, one in value.items() if name != CAUSED} if isinstance(value, dict) else value

    return OF_THE_CALL.sub("-", json.dumps(kept(answer)))


def _ids(place: Site) -> dict[tuple[str, str], tuple[Any, Any]]:
    """By API and member: an id that only the neighbour has, and one that nobody has."""
    found: dict[tuple[str, str], tuple[Any, Any]] = dict(GIVEN)
    with place.engine.connect() as connection:
        for api, columns in NAMED.items():
            for member, name in columns.items():
                found[api, member] = _pair(connection, name, place.neighbours[api].id)
    return found


def _pair(connection: Connection, name: str, tenant_id: int) -> tuple[Any, Any]:
    named = _column(name)
    owner = named.table.c.tenant_id
    theirs = set(connection.scalars(select(named).where(owner == tenant_id, named.is_not(None))))
    others = set(connection.scalars(select(named).where(owner != tenant_id)))
    value = min(theirs - others, default=None)
    assert value is not None, f"the neighbour has no {name} of its own"
    return value, value + NOBODYS if isinstance(value, int) else _nobodys(value, theirs | others)


def _nobodys(value: str, taken: set[str]) -> str:
    """A text of the same form that nobody has: its last letters and digits are others."""
    kept, end = value[:-3], value[-3:]
    for digit in "7391":
        made = kept + re.sub("[a-z]", "f", re.sub("[A-Z]", "Q", re.sub("[0-9]", digit, end)))
        if made not in taken:
            return made
    raise AssertionError(value)


def _column(name: str) -> Any:
    owner, _, member = name.partition(".")
    return Base.metadata.tables[owner].c[member]


def set_apart(place: Site) -> None:
    """Give what the neighbour has ids of its own: the demo's numbers begin at 1, too, and callers have chosen the same
    names.
    """
    _track_event(place)
    ids = [tenant.id for tenant in place.neighbours.values()]
    with place.engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for one in tables_of_tenants():
            changes: dict[str, Any] = {c.name: c + FURTHER for c in one.columns if _is_number(one, c)}
            changes |= {c.name: "n-" + c for c in one.columns if f"{one.name}.{c.name}" in OWN_NAMES}
            if changes:
                connection.execute(update(one).where(one.c.tenant_id.in_(ids)).values(changes))
    place.server.runtime.directory.forget()


def _track_event(place: Site) -> None:
    """Have the neighbour use a key."""
    who = {"accountId": "next-door", "userId": "next-door"}
    for name, body in (
        ("openUserUpsert", {"id": "next-door", "accountId": "next-door"}),
        ("trackEvent", {**who, "idempotencyKey": "next-door-1", "events": [{"key": "purchase"}]}),
    ):
        operation = all_operations()[f"saasquatch.{name}"]
        target = operation.target({**who, "tenant_alias": "neighbour"})
        answer = place.client.request(
            operation.method, target, auth=("", "LIVE_NEIGHBOUR0KEY0SAASQUATCH0TROTH"), json=body
        )
        assert answer.status_code < 300, answer.text


def _is_number(owner: Table, one: Any) -> bool:
    is_id = one.name == "id" or one.name.endswith("_id")
    elsewhere = "tenant" in one.name or "organization" in one.name
    return owner.name.startswith("lc_") and isinstance(one.type, BigInteger) and is_id and not elsewhere


def add_guards(place: Site) -> None:
    """Make the database able to refuse every change of a row of a neighbour: see `guarded`."""
    ids = ", ".join(str(tenant.id) for tenant in place.neighbours.values())
    with place.engine.begin() as connection:
        connection.execute(text("CREATE TABLE guards (is_on INTEGER)"))
        for one in tables_of_tenants():
            for change, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
                connection.execute(
                    text(
                        f"CREATE TRIGGER guard_{one.name}_{change}_{row} BEFORE {change} ON {one.name}"
                        f" WHEN {row}.tenant_id IN ({ids}) AND EXISTS (SELECT 1 FROM guards)"
                        f" BEGIN SELECT RAISE(ABORT, 'a row of the neighbour'); END"
                    )
                )


@contextmanager
def guarded(place: Site) -> Iterator[None]:
    """Meanwhile a change of a row of a neighbour is an error, and so the answer a 500.

    Its own jobs go on at other times.
    """
    with place.engine.begin() as connection:
        connection.execute(text("INSERT INTO guards VALUES (1)"))
    try:
        yield
    finally:
        with place.engine.begin() as connection:
            connection.execute(text("DELETE FROM guards"))


@pytest.fixture(scope="module")
def probe() -> Iterator[Probe]:
    with site() as place:
        set_apart(place)
        made = Probe(place)
        add_guards(place)
        place.play(made)
        yield made


def test_what_another_tenant_has_is_answered_like_what_nobody_has(probe: Probe) -> None:
    assert not probe.faults, f"{len(probe.faults)} of {len(probe.tried)}:\n" + "\n".join(probe.faults)


def test_every_member_that_names_something_was_tried(probe: Probe) -> None:
    named = {
        (name, path)
        for name in RAW
        for path, member in naming(name)
        if member not in NAMES_NO_ROW.get(name.partition(".")[0], ())
    }
    assert named - set(probe.tried) == set()
    assert len(named) > 150
    assert {name.partition(".")[0] for name, _ in probe.tried} == set(VENDORS)


def test_a_change_of_a_row_of_a_neighbour_is_seen() -> None:
    change = text("UPDATE leat_contacts SET uuid = uuid WHERE tenant_id = :owner")
    with site() as place:
        add_guards(place)
        with guarded(place), place.engine.begin() as connection:
            owner = place.neighbours["leat"].id
            with pytest.raises(IntegrityError, match="a row of the neighbour"):
                connection.execute(change, {"owner": owner})

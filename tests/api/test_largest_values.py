"""What a contract allows at most can be kept: what is created with one member at its limit, on both databases.

A limit that is raised above what a column or a calculation holds is a 500 for requests that come near it.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.api.advocacy.conftest import make_business
from tests.api.leat.conftest import HARBOUR, make_account
from tests.api.loyalty_core.conftest import LEDGER, make_club
from tests.api.saasquatch.conftest import make_tenant
from tests.api.test_examples import OPERATIONS
from tests.api.test_round_trips import LOYALTY_CORE, new_body
from tests.support.client import Client
from troth.app import Server

Json = dict[str, Any]
TEXT_MAX = 5_000
"""Longer texts than that are as good as this long."""
UNIQUE = ("code", "name", "loyaltyMemberId", "publicLoyaltyMemberId", "userName", "apiCode", "segmentKey", "matcherKey")
UNIQUE += ("locationCode", "categoryCode", "orderLocationCode", "productCategoryCode", "orderId", "externalCustomerId")
"""Members that are another text in each body, where the operation has them: else the second would be refused as being
there.
"""
_numbers = itertools.count(1)


def properties(name: str) -> Json:
    """The members of an operation's body, with their schemas."""
    operation = OPERATIONS[name]
    content = operation.resolve(operation.raw["requestBody"])["content"]
    schema = operation.resolve((content.get("application/json") or next(iter(content.values())))["schema"])
    parts = [operation.resolve(part) for part in schema.get("allOf", ())] + [schema]
    return {member: operation.resolve(inner) for part in parts for member, inner in part.get("properties", {}).items()}


def largest(schema: Json) -> list[Any]:
    """The longest text that a member may be, or both ends of the number."""
    kind = schema.get("type")
    if kind == "string" and not {"format", "enum", "pattern"} & schema.keys():
        return ["日" * min(schema.get("maxLength", TEXT_MAX), TEXT_MAX)]
    if kind == "integer":
        return [schema.get("maximum", 2**63 - 1), schema.get("minimum", -(2**63))]
    if kind == "number":
        return [schema.get("maximum", 1e15), schema.get("minimum", -1e15)]
    return []


def bodies(name: str, base: Json, kept: Sequence[str] = ()) -> Iterator[tuple[str, Json]]:
    """A body for each limit of each member; `kept` are members that have to stay."""
    members = properties(name)
    for member, schema in members.items():
        for value in largest(schema):
            number = next(_numbers)
            yield (
                member,
                {**base, **{one: f"x{number}" for one in UNIQUE if one in members and one not in kept}, member: value},
            )


def hold(tenant: Any, name: str, method: str, path: str, base: Json, kept: Sequence[str] = ()) -> int:
    """Send each body; how many were taken. Fails where one is a defect."""
    taken = 0
    for member, body in bodies(name, base, kept):
        answer = tenant.call(method, path, json=body)
        assert answer.status_code < 500, f"{name}: {member} = {str(body[member])[:30]}: {answer.text}"
        taken += answer.is_success
    return taken


@pytest.mark.parametrize("kind", sorted(LOYALTY_CORE))
def test_a_resource_of_loyalty_core_holds_the_largest_values(server: Server, client: Client, kind: str) -> None:
    club, made = make_club(server, client), LOYALTY_CORE[kind]
    made.prepare(club)
    name = f"loyalty_core.{made.create}"
    assert hold(club, name, "POST", made.collection, new_body(club, made, "sparse")) or kind == "updateCoupon"


def test_points_and_orders_of_loyalty_core_hold_the_largest_values(server: Server, client: Client) -> None:
    club = make_club(server, client)
    member = club.member(points=10)
    wallet, number = member["walletId"], member["memberId"]
    account = f"/ledgers/{LEDGER}/accounts/1"
    assert hold(club, "loyalty_core.mintWalletPoints", "POST", f"{account}/wallets/{wallet}/mint", {"amount": 1})
    assert hold(club, "loyalty_core.burnWalletPoints", "POST", f"{account}/wallets/{wallet}/burn", {"amount": 1})
    assert hold(club, "loyalty_core.updateLedgerAccountSupply", "PUT", f"{account}/supply", {})
    order = {"externalId": "o", "type": "sale", "total": 1, "status": "confirmed"}
    orders = f"/members/{number}/purchase-orders"
    taken = 0
    for member_name, body in bodies("loyalty_core.upsertMemberPurchaseOrder", order):
        answer = club.post(orders, json={"externalId": f"o{next(_numbers)}", **body})
        assert answer.status_code < 500, f"{member_name}: {answer.text}"
        taken += answer.is_success
    assert taken
    event = {
        "memberId": number,
        "organizationId": club.id,
        "eventType": "member-generic-event",
        "systemUniqueKey": "key",
    }
    assert hold(club, "loyalty_core.trackLoyaltyEvent", "POST", "/loyalty-events", event)


def test_saasquatch_holds_the_largest_values(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    tenant.user("ana")
    user = tenant.user_path("ana")
    assert hold(tenant, "saasquatch.openUserUpsert", "PUT", user, {"id": "ana", "accountId": "ana"})
    credit = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 1}
    assert hold(tenant, "saasquatch.createReward", "POST", "/rewards/account/ana/user/ana", credit)
    debit = {"accountId": "ana", "unit": "CENTS", "amount": 1}
    hold(tenant, "saasquatch.debitRewardBalance", "POST", "/credit/bulkredeem", debit)
    event = {"userId": "ana", "accountId": "ana", "events": [{"key": "purchase"}]}
    hold(tenant, "saasquatch.trackEvent", "POST", f"{user}/events", event)
    assert hold(tenant, "saasquatch.createExport", "POST", "/export", {"type": "USER", "format": "CSV", "name": "x"})


def test_advocacy_holds_the_largest_values(server: Server, client: Client) -> None:
    business = make_business(server, client)
    ana = business.advocate(points=100)
    code = business.get("/referrals").json()["referrals"][0]["code"]
    made = {
        "createAdvocate": ("/advocates", {"email": "ben@example.org"}),
        "changeAdvocatePoints": (f"/advocates/{ana['id']}/points", {"amount": 1}),
        "createReward": ("/rewards", {"name": "Mug", "pointsCost": 5}),
        "createQuest": ("/quests", {"title": "Q", "tasks": [{"title": "T"}]}),
        "trackReferralClick": ("/referrals/track", {"code": code, "visitorId": "v"}),
        "convertReferral": ("/referrals/convert", {"code": code, "orderId": "o", "orderValue": 1}),
        "createCustomerMapping": ("/sso/mappings", {"advocateId": ana["id"], "externalCustomerId": "c"}),
    }
    for name, (path, base) in made.items():
        kept = ("code",) if "/referrals/" in path else ()
        assert hold(business, f"advocacy.{name}", "POST", path, base, kept), name


def test_leat_holds_the_largest_values(server: Server, client: Client) -> None:
    account = make_account(server, client)
    ana = account.create("ana@example.org")
    received = {"contact_uuid": ana, "shop_uuid": HARBOUR["uuid"], "credits": 1}
    assert hold(account, "leat.createCreditReception", "POST", "/credit-receptions", received)
    hook = {"name": "n", "event_type": "contact_created", "url": "https://hooks.example.org/"}
    assert hold(account, "leat.createWebhookSubscription", "POST", "/webhook-subscriptions", hook)

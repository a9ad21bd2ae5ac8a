"""Each reference in a body must exist: the refusal of one that does not has the pointer of its member, and one answer
reports all of them.

Which members of bodies are references is read from the contract by their names; a new name has to be put into one of
the lists here.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from models.kernel.pointers import unescape
from models.loyalty_core.campaigns.effect_catalogue import CATALOGUE
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club
from tests.api.loyalty_core.engine import CONFIRMED, campaign, effect
from tests.api.loyalty_core.test_partnership_coupon_books_offerings import befriend
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

Json = dict[str, Any]
GONE, NOWHERE = 987_654, "gone"
"""What nothing is called by number, and by text."""

NAMED = {
    "audienceId": GONE,
    "audienceKeys": NOWHERE,
    "badgeKey": NOWHERE,
    "contentSchemaId": GONE,
    "contentSchemaVersionId": GONE,
    "couponBookId": GONE,
    "defaultAccountId": GONE,
    "defaultLoyaltyProgramId": GONE,
    "defaultTierId": GONE,
    "enabledTopics": NOWHERE,
    "events": NOWHERE,
    "eventType": NOWHERE,
    "fromWalletId": GONE,
    "ledgerAccountId": GONE,
    "ledgerId": GONE,
    "ledgerTransactionId": "987654",
    "locationCodes": NOWHERE,
    "loyaltyProgramId": GONE,
    "loyaltyTierId": GONE,
    "loyaltyTierKeys": NOWHERE,
    "mainLedgerAccountId": GONE,
    "mainPortalId": GONE,
    "matcherId": GONE,
    "memberId": GONE,
    "missionId": GONE,
    "offeredCouponBookId": GONE,
    "organizationId": GONE,
    "partnershipId": GONE,
    "pendingCaptureLedgerTransactionId": "987654",
    "referralCode": NOWHERE,
    "referredLedgerAccountId": GONE,
    "referredLedgerId": GONE,
    "referrerLedgerAccountId": GONE,
    "referrerLedgerId": GONE,
    "tierPointsLedgerAccountId": GONE,
    "tiers": NOWHERE,
    "toWalletId": GONE,
}
"""References by the names of their members, and what each is set to."""

OWN = {
    "apiCode": "its own code",
    "atomicSetId": "groups the items of one request",
    "audienceIds": "an id that is no audience has no members",
    "authClientId": "is of the identity provider",
    "categoryCode": "its own code; of a line of an order, free text",
    "code": "its own code",
    "codes": "codes that are made",
    "effectId": "is of the catalogue of effects, and refused as such",
    "externalId": "the caller's own",
    "locationCode": "its own code",
    "loyaltyMemberId": "the organization's own id of a member",
    "maxPerCode": "a number of times",
    "maxRedeemsPerReferredMemberPerCode": "a number of times",
    "memberIds": "the answer lists those that do not exist; a list of an audience may name future members",
    "numberOfCodes": "a number of coupons",
    "orderLocationCode": "its own code",
    "productCategoryCode": "its own code; of a line of an order, free text",
    "publicId": "its own id",
    "publicLoyaltyMemberId": "the organization's own id of a member",
    "segmentKey": "its own key",
    "systemUniqueKey": "the key of the call",
    "systemUniqueKeys": "the keys of the call",
    "walletId": "of a member who is described, not named",
}
"""Names that look like references and are none, and why."""

OTHERWISE = {
    "assignCouponFromCouponBook": {"/codes/0": NOWHERE},
    "useCouponFromCouponBook": {"/code": NOWHERE},
    "revertLedgerTransaction": {"/systemUniqueKey": NOWHERE},
    "importPurchaseOrders": {"/orders/0/loyaltyMemberId": NOWHERE},
}
"""References that are none by their name, by operation."""

EXCEPT = {
    ("matchAudiences", "/member/memberId"): "describes a member",
    ("matchAudiences", "/member/organizationId"): "describes a member",
    ("matchAudiences", "/member/referralCode"): "describes a member",
    ("matchAudiences", "/member/tiers/0"): "describes a member",
    ("processLedgerTransactionBatch", "/items/0/organizationId"): "changes nothing",
    ("createMission", "/eventType"): "is one of those that the contract lists",
    ("updateMission", "/eventType"): "is one of those that the contract lists",
    ("updatePortal", "/organizationId"): "is shown by answers and not read",
}
"""Members with the name of a reference that are none."""

LOOKS_NAMED = re.compile(r"(Ids?|Keys?|Codes?|eventType|events|Topics|tiers)$")
RULES = {400: "an id of another organization, a code that cannot be used", 404: "nothing has the name"}


def _pointers(schema: Any, resolve: Any, pointer: str = "", above: tuple[str, ...] = ()) -> Iterator[str]:
    """The pointers of all members of a request, 0 for the place in a list."""
    if isinstance(schema, dict) and "$ref" in schema:
        if schema["$ref"] in above:
            return
        above = (*above, schema["$ref"])
    schema = resolve(schema)
    for keyword in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(keyword, ()):
            yield from _pointers(part, resolve, pointer, above)
    for name, part in schema.get("properties", {}).items():
        if not resolve(part).get("readOnly"):
            yield f"{pointer}/{name}"
            yield from _pointers(part, resolve, f"{pointer}/{name}", above)
    if isinstance(schema.get("items"), dict):
        if not resolve(schema["items"]).get("properties"):
            yield f"{pointer}/0"
        yield from _pointers(schema["items"], resolve, f"{pointer}/0", above)


def _name(pointer: str) -> str:
    """The name of a member, or of the list that it is in."""
    return unescape(pointer.removesuffix("/0").rpartition("/")[2])


def _written() -> dict[str, tuple[str, str, list[str]]]:
    """Method, path below the organization, and the pointers of the body, of each operation with a body."""
    document = store.load("loyalty_core")[0]
    resolve, found = resolver(document), {}
    for path, method, raw in operations(document):
        if "requestBody" in raw:
            schema = raw["requestBody"]["content"]["application/json"]["schema"]
            pointers = list(dict.fromkeys(_pointers(schema, resolve)))
            found[raw["operationId"]] = method.upper(), path.partition("{organizationId}")[2], pointers
    return found


WRITTEN = _written()


def _references(operation: str) -> Json:
    """The references in the body of an operation, by pointer, each with what nothing is called."""
    pointers = WRITTEN[operation][2]
    named = {
        pointer: NAMED[_name(pointer)]
        for pointer in pointers
        if _name(pointer) in NAMED and f"{pointer}/0" not in pointers and (operation, pointer) not in EXCEPT
    }
    return {**named, **OTHERWISE.get(operation, {})}


BOOK = {"name": "b", "type": "t", "publishingStatus": "published", "requiredPointsConfig": {}}
MISSION = {"loyaltyProgramId": PROGRAM, "name": "m", "eventType": CONFIRMED, "maxRepetitions": 1, "goalCount": 1}
REFERRALS = {"name": "r", "active": True, "maxPerCode": 9, "maxReferralsPerMember": 9, "eventType": "member-created"}
TRIGGER = {"type": "WebHook", "name": "t", "settings": {"url": "https://hooks.example.org/", "events": ["*"]}}
ORDER = {"externalId": "o", "type": "sale", "status": "created", "total": 1}
LOYALTY_PROGRAM = {"active": True, "name": "p", "ledgerId": LEDGER, "description": "", "setAsDefault": False}
ORGANIZATION = {
    "name": "Harbour",
    "description": "",
    "pictureUrl": "",
    "locales": ["en-US"],
    "defaultLocale": "en-US",
    "defaultLoyaltyProgramId": PROGRAM,
    "customAttributes": {},
}
TRANSFER = {"amount": 1, "fromWalletId": 1, "toWalletId": 2}
WALLET = f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/1"


@dataclass(frozen=True)
class Case:
    """A body that is fine, and the numbers in the path where they are not 1."""

    body: Json
    path: Json = field(default_factory=dict)
    below: str = ""
    """The pointer of the part whose answer is its own, which pointers in it do not repeat."""


CASES = {
    "createCampaign": Case({"name": "c", "code": "new"}),
    "updateCampaign": Case({"name": "c", "code": "c"}),
    "trackLoyaltyEvent": Case({"systemUniqueKey": "key", "memberId": 1, "eventType": "member-generic-event"}),
    "createEventTrigger": Case(TRIGGER),
    "updateEventTrigger": Case(TRIGGER),
    "importPurchaseOrders": Case({"orders": [{**ORDER, "loyaltyMemberId": "ana"}]}, below="/orders/0"),
    "upsertMemberPurchaseOrder": Case(ORDER),
    "createMission": Case({**MISSION, "code": "new"}),
    "updateMission": Case({**MISSION, "code": "m"}),
    "createReferralProgram": Case({**REFERRALS, "code": "NEW"}),
    "updateReferralProgram": Case({**REFERRALS, "code": "R"}),
    "createReferralCodes": Case({"memberId": 1, "codes": ["NEW"]}),
    "createMember": Case({"loyaltyMemberId": "new"}),
    "setMemberTier": Case({}),
    "setLoyaltyMemberTier": Case({"loyaltyProgramId": PROGRAM}, {"loyaltyMemberId": "ana"}),
    "mintLoyaltyMemberPoints": Case({"amount": 1}, {"loyaltyMemberId": "ana"}),
    "burnLoyaltyMemberPoints": Case({"amount": 1}, {"loyaltyMemberId": "ana"}),
    "createMatcher": Case({"name": "m", "type": "item-matcher", "matcher": {}}),
    "updateMatcher": Case({"name": "m", "type": "item-matcher", "matcher": {}}),
    "createAudience": Case({"active": False, "name": "a", "matcherType": "null-matcher"}),
    "updateAudience": Case({}),
    "updateLedger": Case({"name": "l"}),
    "transferPoints": Case(TRANSFER),
    "createLedgerTransactionSet": Case({"create": [{**TRANSFER, "ledgerAccountId": ACCOUNT}]}),
    "revertLedgerTransaction": Case({"systemUniqueKey": "k"}),
    "captureLedgerTransactions": Case({"transactions": [{"ledgerTransactionId": "1"}]}),
    "processLedgerTransactionBatch": Case(
        {"items": [{**TRANSFER, "ledgerId": LEDGER, "ledgerAccountId": ACCOUNT}]}, below="/items/0"
    ),
    "updateOrganization": Case(ORGANIZATION),
    "createLoyaltyProgram": Case(LOYALTY_PROGRAM),
    "updateLoyaltyProgram": Case(LOYALTY_PROGRAM),
    "createPortal": Case({"name": "p", "active": False}),
    "updatePortal": Case({"name": "p", "active": False, "publicId": "harbour"}),
    "createCouponBook": Case(BOOK),
    "updateCouponBook": Case(BOOK),
    "useCouponFromCouponBook": Case({"memberId": 1}),
    "assignCouponFromCouponBook": Case({"memberId": 1}),
    "useCoupon": Case({"memberId": 1}),
    "assignCoupon": Case({"memberId": 1}, {"couponId": 2}),
    "createCouponBookOffering": Case({"partnershipId": 1, "offeredCouponBookId": 1, "status": "pending"}),
}
"""A body of each operation that has references, beside actions."""
ACTIONS = ("createCampaignAction", "updateCampaignAction")
EFFECTS: dict[str, Json] = {
    "assign-coupon": {"couponBookId": GONE},
    "burn-points": {"ledgerId": GONE, "ledgerAccountId": GONE},
    "increment-mission": {"missionId": GONE},
    "mint-badge": {"badgeKey": NOWHERE},
    "mint-points": {"ledgerId": GONE, "ledgerAccountId": GONE},
    "set-member-attribute": {},
    "set-tier": {"loyaltyProgramId": GONE, "loyaltyTierId": GONE},
    "track-event": {"eventType": NOWHERE},
}
"""References among the parameters of effects, which are free-form in the contract."""


@pytest.fixture
def furnished(club: Club, other_club: Club) -> Club:
    """An organization with one of each, whose number is 1."""
    befriend(club, other_club)
    for name in ("ana", "ben"):
        club.member(name, points=5)
    campaign(club, CONFIRMED, code="c")
    club.made("/campaigns/1/actions", name="a", status="draft", effects={"items": []})
    club.made("/missions", **MISSION, code="m")
    club.made("/matchers", name="m", type="item-matcher", matcher={})
    club.made("/audiences", organizationId=club.id, active=False, name="a", matcherType="null-matcher")
    club.made("/event-triggers", **TRIGGER)
    club.made("/portals", name="p", active=False)
    club.made("/coupon-books", **BOOK)
    club.made("/coupon-books/1/coupons", codes=["A", "B"])
    club.made("/coupon-books/1/coupons/1/assign", memberId=1, amount=9)
    club.made("/referral-programs", **REFERRALS, code="R")
    return club


def call(club: Club, operation: str, case: Case, bad: Json) -> httpx2.Response:
    """The operation with its good body, in which references are set to what is not there."""
    body = deepcopy(case.body)
    if f"{case.below}/organizationId" in WRITTEN[operation][2]:
        set_at(body, f"{case.below}/organizationId", club.id)
    for pointer, value in bad.items():
        set_at(body, pointer, value)
    path = re.sub(r"{(\w+)}", lambda found: str(case.path.get(found[1], 1)), WRITTEN[operation][1])
    return club.call(WRITTEN[operation][0], path, json=body)


def set_at(body: Any, pointer: str, value: Any) -> None:
    """Set the value at a pointer, in objects and lists that are made where they are missing."""
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    for step, further in zip(path, [*path, last][1:], strict=True):
        if isinstance(body, list) and len(body) <= step:
            body.append([] if isinstance(further, int) else {})
        elif isinstance(body, dict):
            body.setdefault(step, [] if isinstance(further, int) else {})
        body = body[step]
    if isinstance(body, list) and len(body) <= last:
        body.append(value)
    else:
        body[last] = value


def messages_of(answer: httpx2.Response, case: Case) -> list[str]:
    """The messages of a refusal.

    Where a call answers for each of its items, those of the first item that failed, with the pointer of the item.
    """
    body = answer.json()
    if not case.below:
        assert answer.status_code in RULES, answer.text
        return [body["message"]] if isinstance(body["message"], str) else list(body["message"])
    assert answer.status_code == 200, answer.text
    text = body["failed"][0]["error"]["message"] if "failed" in body else body["results"][0]["error"]
    return [f"{case.below}{line}" for line in text.split("; ")]


def test_each_name_in_a_body_is_a_reference_or_is_none() -> None:
    names = {_name(pointer) for _, _, pointers in WRITTEN.values() for pointer in pointers}
    assert {name for name in names if LOOKS_NAMED.search(name)} <= NAMED.keys() | OWN.keys()
    assert not NAMED.keys() & OWN.keys()
    effects = {name for parameters in EFFECTS.values() for name in parameters}
    assert NAMED.keys() | OWN.keys() <= names | effects, "names that no body has any more"


def test_each_operation_with_references_is_tried() -> None:
    assert {name for name in WRITTEN if _references(name)} == CASES.keys()
    assert CATALOGUE.keys() == EFFECTS.keys()


@pytest.mark.parametrize("operation", sorted(CASES))
def test_a_reference_that_does_not_exist_is_refused_with_its_pointer(furnished: Club, operation: str) -> None:
    case = CASES[operation]
    for pointer, value in _references(operation).items():
        lines = messages_of(call(furnished, operation, case, {pointer: value}), case)
        assert [line.partition(": ")[0] for line in lines] == [pointer], lines


@pytest.mark.parametrize("operation", sorted(CASES))
def test_all_missing_references_are_reported(furnished: Club, operation: str) -> None:
    case, bad = CASES[operation], _references(operation)
    lines = messages_of(call(furnished, operation, case, bad), case)
    assert [line.partition(": ")[0] for line in sorted(lines)] == sorted(bad)


@pytest.mark.parametrize("operation", ACTIONS)
def test_missing_references_of_effects_are_reported_with_their_pointers(furnished: Club, operation: str) -> None:
    good = {"amount": 1, "name": "n", "value": 1}
    items = [
        effect(name, **{key: good[key] for key in CATALOGUE[name].required if key in good}, **parameters)
        for name, parameters in EFFECTS.items()
    ]
    case = Case({"name": "a", "status": "draft", "effects": {"items": items}})
    expected = {
        f"/effects/items/{place}/parameters/{name}"
        for place, parameters in enumerate(EFFECTS.values())
        for name in parameters
    }
    lines = messages_of(call(furnished, operation, case, {}), case)
    assert {line.partition(": ")[0] for line in lines} == expected


def test_rules_that_do_not_depend_on_each_other_are_reported_together(furnished: Club) -> None:
    body = {
        "name": "m",
        "code": "c",
        "loyaltyTierKeys": [NOWHERE],
        "validFrom": "2027-01-01T00:00:00Z",
        "validTo": "2026-01-01T00:00:00Z",
    }
    answer = furnished.post("/campaigns", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "CAMPAIGN_CODE_TAKEN")
    assert answer.json()["message"] == [
        "/code: Another campaign has the code c.",
        f"/loyaltyTierKeys/0: There is no tier with the key {NOWHERE}.",
        "/validTo: validTo must be after validFrom.",
    ]


def test_one_fault_is_a_text_and_not_a_list(furnished: Club) -> None:
    answer = furnished.post("/campaigns", json={"name": "m", "code": "c"})
    assert answer.json()["message"] == "/code: Another campaign has the code c."

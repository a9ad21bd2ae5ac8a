"""Members and operators that nobody knows, in everything that says for whom or for what something is."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import update

from models.loyalty_core.audiences import rules
from models.loyalty_core.audiences.tables import Audience
from models.loyalty_core.campaigns.tables import CampaignAction
from models.loyalty_core.missions import matcher_rules
from models.loyalty_core.missions.matchers import matches
from models.loyalty_core.missions.tables import Matcher
from models.loyalty_core.stored_rules import _warn
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, TIER, Club, refusal
from tests.api.loyalty_core.engine import CONFIRMED, action, bought, campaign, ids, mint
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

CONDITION = {"attribute": "profile.age", "operator": "greaterThan", "value": 18}
AUDIENCE = {"active": True, "name": "n", "matcherType": "attribute-matcher", "organizationId": 0}
MATCHER = {"name": "n", "type": "item-matcher"}
ITEMS = {
    "items": "any",
    "match": "all",
    "conditions": [{"attribute": "sku", "values": ["A"]}, {"attribute": "price", "min": 1, "max": 2}],
}
BOOK = {"name": "n", "type": "t", "publishingStatus": "draft", "requiredPointsConfig": {}}
ACTION = {"name": "n", "status": "running", "effects": {"items": []}}
ASKING = {
    "audience with conditions": (
        "/audiences",
        AUDIENCE,
        "matcher",
        {"match": "any", "conditions": [CONDITION, CONDITION]},
    ),
    "audience with an expression": ("/audiences", AUDIENCE, "matcher", {"expression": "true"}),
    "audience with a list": ("/audiences", {**AUDIENCE, "matcherType": "list-matcher"}, "matcher", {"memberIds": [1]}),
    "matcher of items": ("/matchers", MATCHER, "matcher", ITEMS),
    "coupon book": ("/coupon-books", BOOK, "condition", {"expression": "true"}),
    "campaign action": ("/campaigns/1/actions", ACTION, "rules", {"expression": "true"}),
}
UPDATES = {"/audiences": "patch", "/matchers": "put", "/coupon-books": "put", "/campaigns/1/actions": "put"}
"""How what a collection has is changed."""
CHOICES = ("operator", "attribute", "match", "items")


def _with_unknown_members(asked: Any) -> Iterator[Any]:
    """The same with an unknown member in one of its objects, in each of them in turn."""
    if isinstance(asked, list):
        for number, item in enumerate(asked):
            for changed in _with_unknown_members(item):
                yield [*asked[:number], changed, *asked[number + 1 :]]
    elif isinstance(asked, dict):
        yield {**asked, "expresion": "true"}
        for name, member in asked.items():
            for changed in _with_unknown_members(member):
                yield {**asked, name: changed}


def _with_unknown_choices(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same with an unknown word where one of a few is asked for."""
    for name in ("match", "items"):
        if name in asked:
            yield {**asked, name: "unheardOf"}
    for number, condition in enumerate(asked.get("conditions", [])):
        for name in ("operator", "attribute"):
            if name in condition and (name == "operator" or "operator" not in condition):
                changed = deepcopy(asked)
                changed["conditions"][number][name] = "unheardOf"
                yield changed


@pytest.fixture(params=ASKING.values(), ids=ASKING)
def asking(request: pytest.FixtureRequest, club: Club) -> tuple[str, str, dict[str, Any], str, Any]:
    """Where something is made and changed (with method), a body without what is asked for, the member for that, and
    what it may be.
    """
    path, body, name, asked = request.param
    campaign(club, CONFIRMED)
    body = {**body, "organizationId": club.id} if "organizationId" in body else body
    club.made(path, **body, **{name: asked})
    return path, f"{path}/1", body, name, asked


class TestRequests:
    def test_an_unknown_member_is_refused_by_name_at_any_depth(self, club: Club, asking: Any) -> None:
        path, there, body, name, asked = asking
        before, cases = club.get(there).json(), list(_with_unknown_members(asked))
        assert cases
        for wrong in cases:
            for answer in (
                club.post(path, json={**body, name: wrong}),
                club.call(UPDATES[path].upper(), there, json={**body, name: wrong}),
            ):
                status, message = refusal(answer)
                assert (status, "expresion" in message) == (400, True), wrong
        assert club.get(there).json() == before
        assert club.get(path).json()["totalCount"] == 1

    def test_an_unknown_word_is_refused_with_its_place(self, club: Club, asking: Any) -> None:
        path, there, body, name, asked = asking
        for wrong in _with_unknown_choices(asked):
            for answer in (
                club.post(path, json={**body, name: wrong}),
                club.call(UPDATES[path].upper(), there, json={**body, name: wrong}),
            ):
                status, message = refusal(answer)
                assert (status, any(choice in message for choice in CHOICES)) == (400, True), wrong
        assert club.get(path).json()["totalCount"] == 1

    def test_what_is_known_is_what_the_contract_has(self) -> None:
        schemas = store.load("loyalty_core")[0]["components"]["schemas"]
        assert {
            name: schemas[name]["properties"].keys()
            for name in ("AudienceMatcherInput", "AudienceConditionInput", "ItemMatcherInput", "ItemConditionInput")
        } == {
            "AudienceMatcherInput": rules._KNOWN,
            "AudienceConditionInput": rules._CONDITION,
            "ItemMatcherInput": set(matcher_rules._KNOWN),
            "ItemConditionInput": matcher_rules._CONDITION,
        }
        operators = schemas["AudienceConditionInput"]["properties"]["operator"]["enum"]
        attributes = schemas["ItemConditionInput"]["properties"]["attribute"]["enum"]
        assert (set(operators), set(attributes)) == (
            rules._TESTS.keys(),
            {*matcher_rules.TEXTS, *matcher_rules.NUMBERS},
        )


def _store(club: Club, model: Any, **columns: Any) -> None:
    """Write what no request can have written, into all rows of the organization."""
    unit = club.unit()
    with unit.transaction() as session:
        session.execute(update(model).where(model.tenant_id == club.tenant.id).values(**columns))
    club.server.runtime.directory.configuration.forget()


STORED = [
    {"conditions": [{**CONDITION, "operator": "unheardOf"}]},
    {"conditions": [{**CONDITION, "unless": "x"}]},
    {"conditions": [CONDITION], "unheardOf": True},
    {"match": "most", "conditions": [CONDITION]},
    {"conditions": [{"operator": "exists"}]},
]


class TestStoredRules:
    @pytest.fixture(autouse=True)
    def _fresh_log(self) -> None:
        _warn.cache_clear()

    @pytest.mark.parametrize("matcher", STORED)
    def test_an_audience_with_an_unknown_member_has_nobody_and_is_logged_once(
        self, club: Club, caplog: pytest.LogCaptureFixture, matcher: dict[str, Any]
    ) -> None:
        club.member(profile={"age": 30})
        club.made("/audiences", **{**AUDIENCE, "organizationId": club.id}, matcher={"conditions": [CONDITION]})
        assert club.get("/loyalty-members/ana/audiences/1/match").json()["match"]
        _store(club, Audience, matcher=matcher)
        for _ in range(2):
            assert not club.get("/loyalty-members/ana/audiences/1/match").json()["match"]
        assert club.get("/audiences/1").json()["audience"]["matcher"] == matcher
        [line] = caplog.records
        assert (line.levelname, line.message, line.members["rule"]) == (
            "WARNING",
            "stored rule matches nobody",
            "audience 1",
        )

    def test_an_audience_with_an_unknown_member_counts_nobody(self, club: Club) -> None:
        club.member(profile={"age": 30})
        club.made("/audiences", **{**AUDIENCE, "organizationId": club.id}, matcher={"conditions": [CONDITION]})
        assert club.get("/audiences/1").json()["audience"]["memberCount"] == 1
        _store(club, Audience, matcher=STORED[0], active=False)
        answer = club.patch("/audiences/1", json={"active": True})
        assert answer.json()["audience"]["memberCount"] == 0

    @pytest.mark.parametrize(
        "matcher",
        [
            {"unheardOf": 1},
            {"conditions": [{"attribute": "colour", "values": ["red"]}], "match": "any"},
            {"conditions": [{"attribute": "sku", "values": ["A"], "unless": "x"}]},
            {"items": "most"},
        ],
    )
    def test_a_matcher_with_an_unknown_member_matches_no_order_and_is_logged(
        self, club: Club, caplog: pytest.LogCaptureFixture, matcher: dict[str, Any]
    ) -> None:
        number = club.made("/matchers", **MATCHER, matcher={})["matcherId"]
        _store(club, Matcher, matcher=matcher)
        unit = club.unit()
        with unit.transaction():
            assert not matches(unit, number, [{"sku": "A"}])
        assert club.get(f"/matchers/{number}").json()["matcher"]["matcher"] == matcher
        assert [line.members["rule"] for line in caplog.records] == [f"matcher {number}"]

    def test_an_action_whose_rules_have_an_unknown_member_gives_nothing_and_is_logged(
        self, club: Club, caplog: pytest.LogCaptureFixture
    ) -> None:
        member, of = club.member(), campaign(club, CONFIRMED)
        action(club, of, mint(5))
        _store(club, CampaignAction, rules={"expresion": "member.vip"})
        assert ids(bought(club, member)["evaluationResults"]["effects"]) == []
        assert [line.members["fault"] for line in caplog.records] == ["the unknown member expresion"]


OPEN = {
    "/orders/0/items/0": "lines of orders: the documentation does not list their members, and what is sent is kept",
    "/items/0": "the same, of one order",
    "/member": "of matchAudiences: describes a member, who may have any",
    "/inputs/0/node": "nodes of expressions: those that were parsed say more, such as their position",
}
"""Objects of requests that take other members than are listed, by their pointers."""


def _objects(schema: Any, resolve: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a request that list their members, down to the first that takes others, with their pointers."""
    schema = resolve(schema)
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())) if "properties" not in schema else ():
        yield from _objects(choice, resolve, pointer)
    if "properties" in schema:
        yield pointer, schema
        if schema["additionalProperties"] is False:
            for name, part in schema["properties"].items():
                yield from _objects(part, resolve, f"{pointer}/{name}")
    if "items" in schema:
        yield from _objects(schema["items"], resolve, f"{pointer}/0")


def _closed() -> dict[str, tuple[str, str, dict[str, Any], list[str]]]:
    """Method, path, an example of the body, and the pointers of the objects that take no unknown members, of each
    operation with a body.
    """
    contract = store.load("loyalty_core")[0]
    resolve, found = resolver(contract), {}
    for path, method, operation in operations(contract):
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]["application/json"]
            examples = content.get("examples") or {"": {"value": content.get("example", {})}}
            objects = dict(_objects(content["schema"], resolve))
            closed = [pointer for pointer, one in objects.items() if one["additionalProperties"] is False]
            assert {pointer for pointer in objects if pointer not in closed} <= OPEN.keys(), operation["operationId"]
            found[operation["operationId"]] = method.upper(), path, next(iter(examples.values()))["value"], closed
    return found


CLOSED = _closed()


def _at(value: Any, pointer: str) -> Any:
    """The value at a pointer; None where the example has none."""
    for step in pointer.split("/")[1:]:
        if isinstance(value, list):
            value = value[int(step)] if value else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize("operation", sorted(CLOSED))
def test_an_unknown_member_of_a_body_is_refused_by_its_name(club: Club, operation: str) -> None:
    method, path, example, closed = CLOSED[operation]
    address = re.sub(r"{\w+}", "1", path.partition("{organizationId}")[2])
    for pointer in closed:
        body = deepcopy(example)
        there = _at(body, pointer)
        if isinstance(there, dict):
            there["unheardOf"] = 1
            status, message = refusal(club.call(method, address, json=body))
            assert (status, f"{pointer}/unheardOf: is not a known member" in message) == (400, True), message
    status, message = refusal(club.call(method, address, json={"unheardOf": 1}))
    assert (status, "/unheardOf: is not a known member" in message) == (400, True), message


MISSPELT = {
    "/campaigns": {"conditons": "x", "loyaltyTierKey": ["gold"], "startsAt": "2027-01-01T00:00:00Z", "minSpend": 1},
    "/missions": {"matcher": 1, "audience": 1, "startsAt": "2027-01-01T00:00:00Z"},
    "/referral-programs": {"audienceKeys": ["a"], "validTo": "2027-01-01T00:00:00Z"},
    "/ledgers/1/wallets/1/mint": {"ledgerAccountId": 2, "ledgerAcountId": 2, "amout": 5},
    "/ledgers/1/accounts/1/wallets/1/burn": {"captureMethode": "manual", "amout": 5},
    "/ledgers/1/accounts/1/transactions": {"ledgerAccountId": 2, "amout": 5},
    "/members/1/purchase-orders": {"discountTotal": 1, "loyaltyProgramID": 1},
}
"""Members that would restrict something, or aim it elsewhere, had they their right names."""


@pytest.mark.parametrize(
    ("path", "member"), [(path, member) for path, members in MISSPELT.items() for member in members]
)
def test_a_member_that_would_restrict_is_not_ignored_for_its_name(club: Club, path: str, member: str) -> None:
    body = {member: MISSPELT[path][member]}
    status, message = refusal(club.post(path, json=body))
    assert (status, f"/{member}: is not a known member" in message) == (400, True), message


def test_a_condition_of_an_effect_is_refused(club: Club) -> None:
    of = campaign(club, CONFIRMED)
    body = {**ACTION, "effects": {"items": [{**mint(5), "condition": "order.total > 100"}]}}
    assert refusal(club.post(f"/campaigns/{of['campaignId']}/actions", json=body))[0] == 400


def test_a_misspelt_tier_leaves_the_member_where_it_is(club: Club) -> None:
    member = club.member()
    path = f"/loyalty-members/{member['loyaltyMemberId']}/tier"
    body = {"loyaltyProgramId": PROGRAM, "loyaltyTierKey": "gold"}
    assert refusal(club.put(path, json=body))[0] == 400
    [program] = club.get(f"/members/{member['memberId']}").json()["loyalMember"]["loyaltyPrograms"]
    assert program["loyaltyTierId"] == TIER
    assert club.put(path, json={"loyaltyProgramId": PROGRAM}).status_code == 200, "leaving it out means no tier"


@pytest.mark.parametrize("amount", ["captureAmmount", "amount"])
def test_a_misspelt_amount_to_capture_captures_nothing(club: Club, amount: str) -> None:
    member = club.member(points=100)
    path = f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/{member['walletId']}/burn"
    held = club.made(path, amount=50, captureMethod="manual")[0]["ledgerTransactionId"]
    body = {"transactions": [{"ledgerTransactionId": held, amount: 10}]}
    assert refusal(club.post(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions/capture", json=body))[0] == 400
    assert club.points(member["walletId"]) == (100, 50)


def test_a_misspelt_account_is_no_free_coupon(club: Club) -> None:
    body = {**BOOK, "requiredPointsConfig": {"ledgerAccount": 2}}
    assert refusal(club.post("/coupon-books", json=body))[0] == 400

"""Numbers as clients write them, in each API that takes them, on both databases."""

import json
from typing import Any

import pytest

from tests.api.advocacy.conftest import make_business
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, make_club
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server

HUGE = [2**63, -(2**63) - 1, 2**64, 123456789012345678901234567890, -(10**300)]
"""Integers beyond 64 bits."""
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def club(server: Server, client: Client) -> Club:
    return make_club(server, client)


@pytest.fixture
def tenant(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(server, client)


def test_points_take_whole_numbers_as_doubles_and_refuse_fractions(club: Club) -> None:
    wallet = club.member()["walletId"]
    path = f"/ledgers/{LEDGER}/wallets/{wallet}/mint"
    for text in (b"5.0", b"4.2e1"):
        minted = club.post(path, content=b'{"amount":%s}' % text, headers=JSON)
        assert minted.status_code == 200, minted.text
    assert club.points(wallet, ACCOUNT) == (47, 47)
    refused = club.post(path, content=b'{"amount":5.5}', headers=JSON)
    assert (refused.status_code, refused.json()["message"]) == (400, ["/amount: must be an integer, not 5.5"])


def test_a_query_takes_a_whole_number_as_a_double(club: Club) -> None:
    assert club.get("/members?limit=5.0").json()["limit"] == 5
    assert_refused(club.get("/members?limit=5.5"), 400, "query parameter limit: must be an integer")


def test_advocacy_points_take_whole_numbers_as_doubles(server: Server, client: Client) -> None:
    business = make_business(server, client)
    advocate = business.advocate()["id"]
    moved = business.post(f"/advocates/{advocate}/points", content=b'{"amount":5.0}', headers=JSON)
    assert moved.status_code == 200, moved.text
    assert business.points(advocate) == 5
    assert_refused(
        business.post(f"/advocates/{advocate}/points", content=b'{"amount":5.5}', headers=JSON), 400, "VALIDATION_ERROR"
    )


def test_saasquatch_rewards_take_whole_numbers_as_doubles(tenant: SaasquatchTenant) -> None:
    tenant.user("ana")
    body = b'{"accountId":"ana","userId":"ana","type":"CREDIT","unit":"CENTS","assignedCredit":500.0}'
    given = tenant.post("/rewards/account/ana/user/ana", content=body, headers=JSON)
    assert given.status_code in (200, 201), given.text
    body = b'{"accountId":"ana","amount":2e2,"unit":"CENTS"}'
    taken = tenant.post("/credit/bulkredeem", content=body, headers=JSON)
    assert taken.status_code in (200, 201), taken.text
    assert taken.json()["creditRedeemed"] == 200


@pytest.mark.parametrize("number", HUGE)
def test_free_form_integers_beyond_64_bits_come_back_as_they_came(
    tenant: SaasquatchTenant, club: Club, number: int
) -> None:
    user = tenant.put(
        tenant.user_path("ana"),
        content=_text({"id": "ana", "accountId": "ana", "customFields": {"n": number}}),
        headers=JSON,
    )
    assert user.status_code == 200, user.text
    shown = tenant.get(tenant.user_path("ana"))
    assert _same(shown.json()["customFields"], {"n": number})
    free = {"n": number, "list": [number, 1.0, {"deep": number}]}
    body = _text({"loyaltyMemberId": "ana", "profile": free, "customAttributes": free})
    made = club.post("/members", content=body, headers=JSON)
    assert made.status_code in (200, 201), made.text
    for answer in (made, club.get("/members")):
        member = answer.json()["results"][0] if "results" in answer.json() else next(iter(answer.json().values()))
        assert _same(member["profile"], free)
        assert _same(member["customAttributes"], free)


def test_events_and_kept_answers_carry_integers_beyond_64_bits(
    server: Server, client: Client, tenant: SaasquatchTenant
) -> None:
    fields = {"n": HUGE[3]}
    tenant.user("ana")
    body = {
        "userId": "ana",
        "accountId": "ana",
        "idempotencyKey": "once-and-again",
        "events": [{"key": "x", "fields": fields}],
    }
    logged = tenant.post("/open/account/ana/user/ana/events", content=_text(body), headers=JSON)
    assert logged.status_code in (200, 201), logged.text
    assert _same(logged.json()["events"][0]["fields"], fields)
    business = make_business(server, client)
    content = _text({"email": "ana@example.org", "metadata": {"n": HUGE[3]}})
    answers = [
        business.post("/advocates", content=content, headers={**JSON, "Idempotency-Key": "k1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert _same(*(answer.json()["advocate"] for answer in answers))
    assert _same(answers[1].json()["advocate"]["metadata"], {"n": HUGE[3]})


@pytest.mark.parametrize(
    ("sent", "kept"), [(3.3000000000000003, 3.3), (1.1 + 2.2, 3.3), (0.1 + 0.2, 0.3), (12.5, 12.5)]
)
def test_money_off_by_less_than_a_billionth_is_the_value_with_four_places(club: Club, sent: float, kept: float) -> None:
    campaign = club.made("/campaigns", name="c", code="c", minSpendValue=sent)
    assert campaign["minSpendValue"] == kept


def test_money_with_more_places_is_refused(club: Club) -> None:
    refused = club.post("/campaigns", json={"name": "c", "code": "c", "minSpendValue": 3.33333})
    assert (refused.status_code, "four decimal places" in refused.text) == (400, True)


def test_an_order_value_off_by_less_than_a_billionth_is_taken(server: Server, client: Client) -> None:
    business = make_business(server, client)
    code = business.advocate()["referralCode"]
    taken = business.post("/referrals/convert", json={"code": code, "orderId": "1", "orderValue": 3.3000000000000003})
    assert taken.status_code in (200, 201), taken.text
    assert_refused(
        business.post("/referrals/convert", json={"code": code, "orderId": "2", "orderValue": 3.333}),
        400,
        "VALIDATION_ERROR",
    )


def _text(value: Any) -> bytes:
    return json.dumps(value).encode()


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same, 1 and 1.0 being different."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_integers_beyond_64_bits_where_any_number_is_taken_break_nothing(club: Club, tenant: SaasquatchTenant) -> None:
    node = _text({"inputs": [{"node": {"type": "literal", "value": HUGE[3]}}], "annotate": True})
    assert club.post("/rules/expressions/from-ast", content=node, headers=JSON).status_code in (200, 400)
    text = _text({"inputs": [{"expression": f"payload.n > {HUGE[3]}"}]})
    assert club.post("/rules/expressions/parse", content=text, headers=JSON).status_code in (200, 400)
    club.member(profile={"n": 1})
    matcher = {"match": "all", "conditions": [{"attribute": "profile.n", "operator": "lessThan", "value": HUGE[3]}]}
    audience = {
        "organizationId": club.id,
        "active": True,
        "name": "a",
        "matcherType": "attribute-matcher",
        "matcher": matcher,
    }
    made = club.post("/audiences", content=_text(audience), headers=JSON)
    assert made.status_code == 201, made.text
    club.advance(60_000)
    assert _same(club.get("/audiences/1").json()["audience"]["matcher"]["conditions"], matcher["conditions"])
    tenant.user("ana")
    items = [{"sku": "a", "price": HUGE[3], "quantity": 1}]
    events = [{"key": "purchase", "fields": {"total": HUGE[3], "currency": "USD", "items": items}}]
    body = _text({"userId": "ana", "accountId": "ana", "events": events})
    logged = tenant.post("/open/account/ana/user/ana/events", content=body, headers=JSON)
    assert logged.status_code in (200, 201, 400), logged.text

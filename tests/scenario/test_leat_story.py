"""The story of a Leat referral over real HTTP, sent as the vendor's own clients do: forms, a bearer token, a webhook.

The server is `troth mock` on a fixed clock with a scenario of its own; the receiver is a real HTTP server.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import yaml

from tests.support.live import Received, Receiver, receiver, troth

TOKEN, CLIENT_ID, CLIENT_SECRET = "pat_STORY0TOKEN0OF0THE0TESTS", "77", "secret_STORY0CLIENT0OF0THE0TESTS"
WEBHOOK_SECRET = "a-long-random-text"
SHOP = {"uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11", "name": "Harbour Street"}
HOUR_MS = 3_600_000
SCENARIO = {
    "projects": [
        {
            "api": "leat",
            "project": "bakery",
            "name": "Bakery",
            "live": {
                "alias": "bakery",
                "credentials": {"personal_access_token": TOKEN, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
            },
            "settings": {
                "shops": [SHOP],
                "credits_per_unit": 2,
                "referral_program": {
                    "completion_event": {"type": "loyalty_transaction", "number_of_transactions": 3},
                    "limit_per_contact": 1,
                    "referred_incentive": {"type": "loyalty_points", "points": 50, "business_profile": SHOP},
                    "referring_incentive": {"type": "prepaid_credit", "amount_in_cents": 750},
                },
            },
        }
    ]
}


class Bakery:
    """What an integrator has: the address and a token."""

    def __init__(self, url: str) -> None:
        self.root = url
        headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}
        self.base = f"{url}/leat/api/v3/oauth/clients"
        self.http = httpx2.Client(headers=headers, timeout=30)

    def get(self, path: str, **query: Any) -> Any:
        # As the vendor's PHP library sends it: a form, but without one.
        answer = self.http.get(
            self.base + path, params=query, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def post(self, path: str, **members: str) -> Any:
        answer = self.http.post(self.base + path, data=members)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def refused(self, path: str, **members: str) -> int:
        answer = self.http.post(self.base + path, data=members)
        assert answer.status_code == 400, answer.text
        return answer.json()["code"]

    def buy(self, contact: str, amount: str) -> dict[str, Any]:
        return self.post("/credit-receptions", contact_uuid=contact, shop_uuid=SHOP["uuid"], unit_value=amount)

    def advance(self, milliseconds: int) -> None:
        httpx2.post(f"{self.root}/_troth/clock/advance", json={"by_ms": milliseconds}, timeout=60).raise_for_status()


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bakery]:
    file = tmp_path_factory.mktemp("leat") / "bakery.yaml"
    file.write_text(yaml.safe_dump(SCENARIO))
    with troth("mock", "--clock", "fixed", "--scenario", str(file), ready="/_troth/clock") as url:
        made = Bakery(url)
        with made.http:
            yield made


@pytest.fixture(scope="module")
def hooks() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def verified(call: Received) -> dict[str, Any]:
    """Check the signature over the bytes as they came; the event."""
    expected = hmac.new(WEBHOOK_SECRET.encode(), call.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(call.headers["signature"], expected)
    return json.loads(call.body)


def test_the_story(bakery: Bakery, hooks: Receiver) -> None:
    # The connection is right, and the program is known.
    assert bakery.get("") == {}
    program = bakery.get("/referrals/settings")
    assert program["completion_event"] == {"type": "loyalty_transaction", "data": {"number_of_transactions": 3}}

    # The shop wants to know when a referral is complete, and when somebody is new.
    for kind in ("contact_created", "referral_completed"):
        bakery.post("/webhook-subscriptions", name="Story", event_type=kind, url=hooks.url, secret=WEBHOOK_SECRET)
    assert [row["event_type"] for row in bakery.get("/webhook-subscriptions", status="ACTIVE")] == [
        "contact_created",
        "referral_completed",
    ]

    # Lena signs up and finds her code; her address cannot be taken again.
    lena = bakery.post("/contacts", email="Lena@example.org")["uuid"]
    code = bakery.get(f"/contacts/{lena}")["current_values"]["referral_code"]
    assert bakery.refused("/contacts", email="lena@example.org") == 60005

    # Kim signs up with it, after a mistyped one.
    assert bakery.refused("/contacts", email="kim@example.net", referral_code="WRONGX99") == 1003
    kim = bakery.post("/contacts", email="kim@example.net", referral_code=code.lower())["uuid"]
    [referral] = bakery.get("/referrals", referring_contact_uuid=lena)
    assert (referral["referred_contact"]["uuid"], referral["status"]) == (kim, "pending")
    events = [verified(call) for call in hooks.wait_for(2)]
    # Two deliveries may be under way to one endpoint at once: which of them arrives first is not promised.
    assert sorted(event["data"]["contact"]["email"] for event in events) == ["Lena@example.org", "kim@example.net"]

    # Kim buys twice, which is not enough, and a third time, which is.
    assert bakery.buy(kim, "12.25")["credits"] == 24
    bakery.buy(kim, "0.50")
    assert bakery.get("/referrals", status="completed") == []
    bakery.buy(kim, "3")
    assert bakery.get("/referrals", status="completed") == [{**referral, "status": "completed"}]
    assert bakery.get(f"/contacts/{kim}")["credit_balance"]["balance"] == 24 + 1 + 6 + 50
    assert bakery.get("/contacts/find-one-by", email="LENA@EXAMPLE.ORG")["prepaid_balance"] == {"balance_in_cents": 750}
    completed = verified(hooks.wait_for(3)[2])
    assert completed == {"type": "referral_completed", "data": {"referral": {**referral, "status": "completed"}}}

    # Nothing is given twice, and the program's limit holds: the next friend's referral has failed from the start.
    bakery.buy(kim, "100")
    max_ = bakery.post("/contacts", email="max@example.com", referral_code=code)["uuid"]
    assert [row["referred_contact"]["uuid"] for row in bakery.get("/referrals", status="failed")] == [max_]
    assert bakery.get(f"/contacts/{lena}")["prepaid_balance"] == {"balance_in_cents": 750}
    assert len(hooks.wait_for(4)) == 4


def test_an_endpoint_that_is_down_gets_it_later(bakery: Bakery, hooks: Receiver) -> None:
    before = len(hooks.received)
    hooks.statuses[:] = [500, 503]
    bakery.post("/contacts", email="later@example.org")
    hooks.wait_for(before + 1)
    bakery.advance(2 * HOUR_MS)
    calls = hooks.wait_for(before + 3)[before:]
    assert len({call.body for call in calls}) == 1
    assert verified(calls[-1])["data"]["contact"]["email"] == "later@example.org"
    bakery.advance(48 * HOUR_MS)
    assert len(hooks.received) == before + 3


def test_an_access_token_lives_for_an_hour(bakery: Bakery) -> None:
    request = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    answer = httpx2.post(f"{bakery.root}/leat/oauth/token", data=request)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert httpx2.get(bakery.base, headers=headers).status_code == 200
    bakery.advance(HOUR_MS)
    expired = httpx2.get(bakery.base, headers=headers)
    assert (expired.status_code, expired.json()["error"]) == (401, "invalid_token")
    refused = httpx2.post(f"{bakery.root}/leat/oauth/token", data={**request, "client_secret": "wrong"})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")

"""The story of an advocate over real HTTP: signup, referral, quest, reward, single sign-on, signed webhooks and
retries.

The server is `troth mock` on a fixed clock with a scenario of its own; the receiver is a real HTTP server.
"""

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from tests.support.live import Received, Receiver, receiver, troth

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SSO_SECRET = "sso_test_secret"
KEY = "sk_live_STORY0KEY0ADVOCACY0TROTH0MOCK"
DAY_MS = 86_400_000


class Integration:
    """What an integrator has: the base URL and the key."""

    def __init__(self, url: str, hooks: Receiver) -> None:
        self.root, self.hooks = url, hooks
        base_url = httpx2.get(f"{url}/_troth/info").json()["apis"]["advocacy"]["base_url"]
        self.http = httpx2.Client(base_url=f"{base_url}/api/v1", headers={"Authorization": f"Bearer {KEY}"}, timeout=30)

    def post(self, path: str, **body: Any) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refused(self, path: str, **body: Any) -> tuple[int, str, str | None]:
        answer = self.http.post(path, json=body)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error.get("field")

    def now_s(self) -> int:
        now: int = httpx2.get(f"{self.root}/_troth/clock").json()["now_ms"] // 1_000
        return now

    def advance(self, milliseconds: int) -> Any:
        return httpx2.post(f"{self.root}/_troth/clock/advance", json={"by_ms": milliseconds}, timeout=60).json()

    def event(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The data of the event of a type that came as number `count`, its signatures checked."""
        for total in range(1, 200):
            found = [call for call in self.hooks.received if call.headers["x-sentiments-event"] == kind]
            if len(found) >= count:
                return verified(found[count - 1])["data"]
            self.hooks.wait_for(max(total, len(self.hooks.received) + 1))
        raise AssertionError(f"no {kind}")


def verified(call: Received) -> dict[str, Any]:
    """Check both signatures as receivers do; the event."""
    expected = hmac.new(SECRET.encode(), call.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(call.headers["x-sentiments-signature"], expected)
    body: dict[str, Any] = json.loads(call.body)
    assert call.headers["webhook-id"] == body["id"]
    assert call.headers["webhook-timestamp"] == call.headers["x-sentiments-timestamp"]
    signed = f"{body['id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    digest = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert call.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    return body


@pytest.fixture(scope="module")
def integration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Integration]:
    with receiver() as hooks:
        path: Path = tmp_path_factory.mktemp("story") / "story.yaml"
        path.write_text(
            yaml.safe_dump(
                {
                    "projects": [
                        {
                            "api": "advocacy",
                            "project": "story",
                            "name": "Story",
                            "settings": {
                                "rate_limits": "count",
                                "business_id": "biz_xyz789",
                                "site_url": "https://shop.example.org/?lang=en",
                            },
                            "live": {
                                "alias": "story",
                                "credentials": {"api_key": KEY, "sso_secret": SSO_SECRET},
                                "subscriptions": [{"url": hooks.url, "secret": SECRET}],
                                "content": {
                                    "testimonials": [{"author_name": "Lena Moor", "content": "Good.", "rating": 5}],
                                    "boards": [{"name": "Wishes", "ideas": [{"title": "A mobile app", "votes": 3}]}],
                                    "reviews": [{"rating": 4, "content": "Fine.", "platform": "g2"}],
                                    "survey_answers": [{"survey_id": "srv_1", "score": 9}],
                                },
                            },
                        }
                    ]
                }
            )
        )
        with troth("mock", "--clock", "fixed", "--scenario", str(path)) as url:
            made = Integration(url, hooks)
            with made.http:
                yield made


def test_the_story(integration: Integration) -> None:
    it, http = integration, integration.http

    # What no call can create has come from the scenario, with its events.
    assert it.event("review.received")["rating"] == 4
    assert it.event("survey.responded")["score"] == 9

    # An advocate signs up and gets a code and a link.
    lena = it.post("/advocates", email="Lena@Example.org", name="Lena Moor", metadata={"city": "Leeds"})["advocate"]
    assert it.event("advocate.joined")["advocate_id"] == lena["id"]
    code = lena["referralCode"]
    (row,) = http.get("/referrals").json()["referrals"]
    assert row["url"] == f"https://shop.example.org/?lang=en&ref={code}"

    # A friend clicks, comes back, and buys; the order is reported twice.
    for visitor in ("v1", "v1", "v2"):
        assert it.post("/referrals/track", code=code.lower(), visitorId=visitor) == {"tracked": True}
    first = it.post("/referrals/convert", code=code, orderId="o-1", orderValue=49.9)
    assert first["pointsAwarded"] == 100
    again = it.post("/referrals/convert", code=code, orderId="o-1", orderValue=49.90)
    assert (again["pointsAwarded"], again["conversion"]) == (0, first["conversion"])
    assert it.refused("/referrals/convert", code=code, orderId="o-1", orderValue=50) == (409, "CONFLICT", "orderId")
    assert http.get(f"/referrals/{code}/stats").json() == {"clicks": 2, "conversions": 1, "revenue": 49.9}
    assert it.event("referral.converted")["order_value"] == 49.9

    # A quest of two tasks pays each task, and its bonus with the last.
    quest = it.post(
        "/quests", title="Tell the world", tasks=[{"title": "Review", "points": 30}, {"title": "Share"}], reward=70
    )["quest"]
    tasks = http.get(f"/quests/{quest['id']}").json()["tasks"]
    paid = [
        it.post(f"/quests/{quest['id']}/complete", advocateId=lena["id"], taskId=task["id"])["pointsAwarded"]
        for task in (*tasks, tasks[0])
    ]
    assert paid == [30, 70, 0]
    assert it.event("quest.completed")["points_awarded"] == 70

    # Points are spent on the last reward there is; nobody gets another.
    reward = it.post("/rewards", name="Mug", pointsCost=150, type="product", stock=1)["reward"]
    redeemed = it.post(f"/rewards/{reward['id']}/redeem", advocateId=lena["id"])["redemption"]
    assert (redeemed["status"], redeemed["pointsSpent"]) == ("pending", 150)
    assert it.refused(f"/rewards/{reward['id']}/redeem", advocateId=lena["id"])[:2] == (400, "OUT_OF_STOCK")
    dear = it.post("/rewards", name="Trip", pointsCost=51)["reward"]
    assert it.refused(f"/rewards/{dear['id']}/redeem", advocateId=lena["id"])[:2] == (400, "INSUFFICIENT_POINTS")
    shown = http.get(f"/advocates/{lena['id']}").json()["advocate"]
    assert (shown["points"], shown["lifetimePoints"]) == (50, 200)
    assert it.event("reward.redeemed")["redemption_id"] == redeemed["id"]
    assert it.event("points.changed", 4)["balance_after"] == 50

    # The shop's own customer is recognised by a signature that works once.
    it.post("/sso/mappings", advocateId=lena["id"], externalCustomerId="cust_42")

    def recognise(at_s: int) -> httpx2.Response:
        signature = hmac.new(SSO_SECRET.encode(), f"biz_xyz789.cust_42.{at_s}".encode(), hashlib.sha256).hexdigest()
        return http.post(
            "/sso/recognize",
            json={
                "businessId": "biz_xyz789",
                "externalCustomerId": "cust_42",
                "timestamp": at_s,
                "signature": signature,
            },
        )

    at_s = it.now_s()
    assert recognise(at_s).json()["advocateId"] == lena["id"]
    assert [recognise(at).status_code for at in (at_s, at_s - 301, at_s + 302, at_s - 200)] == [401, 401, 401, 200]

    # The team reviews what customers say and want.
    (testimonial,) = http.get("/testimonials?status=pending").json()["testimonials"]
    assert http.patch(f"/testimonials/{testimonial['id']}", json={"status": "approved"}).status_code == 200
    (board,) = http.get("/feedback/boards").json()["boards"]
    (idea,) = http.get(f"/feedback/boards/{board['id']}/ideas").json()["ideas"]
    assert http.patch(f"/feedback/ideas/{idea['id']}", json={"status": "planned"}).json()["idea"]["status"] == "planned"
    assert it.event("testimonial.approved")["rating"] == 5
    assert (it.event("idea.status_changed")["from"], it.event("idea.status_changed")["to"]) == ("open", "planned")


def test_a_failing_receiver_is_tried_again_by_the_schedule(integration: Integration) -> None:
    it = integration
    it.advance(0)
    it.hooks.received.clear()
    it.hooks.statuses[:] = [500, 503]
    bo = it.post("/advocates", email="bo@example.org")["advocate"]["id"]
    it.hooks.wait_for(1)
    begun_ms = httpx2.get(f"{it.root}/_troth/clock").json()["now_ms"]
    fired = it.advance(DAY_MS)["fired"]
    calls = [call for call in it.hooks.received if json.loads(call.body)["data"].get("advocate_id") == bo]
    assert len(calls) == 3
    assert len({call.headers["x-sentiments-delivery-id"] for call in calls}) == 3
    assert len({call.headers["webhook-id"] for call in calls}) == 1
    # On the sandbox's clock: the signatures, which leave the server, carry wall time.
    retries_ms = [one["due_at_ms"] for one in fired if one["kind"] == "delivery" and one["url"] == it.hooks.url]
    waits_ms = [b - a for a, b in itertools.pairwise([begun_ms, *retries_ms])]
    assert len(waits_ms) == 2
    assert 5_000 <= waits_ms[0] <= 5_501
    assert 300_000 <= waits_ms[1] <= 330_001
    it.post("/advocates", email="cy@example.org")
    assert verified(it.hooks.wait_for(4)[3])["data"]["email"] == "cy@example.org"


def test_gone_ends_deliveries(integration: Integration) -> None:
    it = integration
    it.advance(0)
    it.hooks.received.clear()
    it.hooks.statuses[:] = [410]
    it.post("/advocates", email="dee@example.org")
    it.hooks.wait_for(1)
    it.advance(DAY_MS)
    it.post("/advocates", email="eva@example.org")
    it.advance(DAY_MS)
    assert len(it.hooks.received) == 1

"""User events: recording, idempotency, limits."""

import re
from typing import Any

import httpx2
import pytest

from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.support.refusals import assert_refused

DAY_MS = 86_400_000


def track(tenant: SaasquatchTenant, *events: dict[str, Any], user: str = "u", **members: Any) -> httpx2.Response:
    return tenant.post(
        f"{tenant.user_path(user)}/events", json={"userId": user, "accountId": user, "events": list(events), **members}
    )


@pytest.fixture(autouse=True)
def _user(tenant: SaasquatchTenant) -> None:
    tenant.user("u")


class TestRecording:
    def test_events_come_back_in_the_order_sent_with_ids_and_dates(self, tenant: SaasquatchTenant) -> None:
        sent = [
            {
                "key": "visited",
                "fields": {"page": "/pricing", "n": 1.5, "tags": ["a", "b"]},
                "dateTriggered": 1_700_000_000_123,
            },
            {"key": "left"},
        ]
        answer = track(tenant, *sent)
        events = answer.json()["events"]
        assert [event["key"] for event in events] == ["visited", "left"]
        assert events[0]["fields"] == sent[0]["fields"]
        assert events[0]["dateTriggered"] == 1_700_000_000_123
        assert events[1]["dateTriggered"] == events[1]["dateReceived"] <= events[1]["dateProcessed"]
        assert len({event["id"] for event in events}) == 2

    def test_purchases_feed_the_computed_custom_fields(self, tenant: SaasquatchTenant) -> None:
        track(
            tenant,
            {"key": "purchase", "fields": {"total": 5}, "dateTriggered": 2_000},
            {"key": "purchase", "dateTriggered": 1_000},
            {"key": "purchase", "dateTriggered": 1_500},
        )
        fields = tenant.get(tenant.user_path("u")).json()["customFields"]
        assert fields == {"firstPurchaseDate": 1_000, "lastPurchaseDate": 2_000, "totalPurchaseCount": 3}

    @pytest.mark.parametrize(
        ("member", "event"),
        [
            ("key", {"key": ""}),
            ("key", {"key": "k" * 256}),
            ("key", {"key": 1}),
            ("key", {}),
            ("colour", {"key": "purchase", "fields": {"colour": "red"}}),
            ("total", {"key": "purchase", "fields": {"total": -1}}),
            ("currency", {"key": "purchase", "fields": {"currency": "usd"}}),
            ("products", {"key": "purchase", "fields": {"products": [{"name": "no id"}]}}),
            ("coupon", {"key": "refund", "fields": {"coupon": "X"}}),
            ("fields", {"key": "x", "fields": []}),
            ("dateTriggered", {"key": "x", "dateTriggered": -1}),
            ("dateTriggered", {"key": "x", "dateTriggered": 1e18}),
            ("dateTriggered", {"key": "x", "dateTriggered": "1700000000000"}),
            ("a", {"key": "x", "fields": {"a": "é" * 751}}),
            ("a", {"key": "x", "fields": {"a": [["nested"]]}}),
            ("a", {"key": "x", "fields": {"a": {"b": [[1]]}}}),
        ],
    )
    def test_a_bad_event_refuses_the_whole_call(
        self, tenant: SaasquatchTenant, member: str, event: dict[str, Any]
    ) -> None:
        answer = track(tenant, {"key": "purchase"}, event, idempotencyKey="key-12345678")
        assert_refused(answer, 400, "/events/1/")
        assert re.search(rf"\b{member}\b", answer.json()["message"]), answer.text
        assert tenant.get(tenant.user_path("u")).json()["customFields"] == {}
        assert track(tenant, {"key": "good"}, idempotencyKey="key-12345678").status_code == 200

    def test_text_may_have_1500_bytes(self, tenant: SaasquatchTenant) -> None:
        assert track(tenant, {"key": "x", "fields": {"a": "é" * 750}}).status_code == 200

    def test_the_user_must_exist_and_be_the_paths(self, tenant: SaasquatchTenant) -> None:
        assert track(tenant, {"key": "x"}, user="nobody").json()["rsCode"] == "RS041"
        wrong = tenant.post(
            f"{tenant.user_path('u')}/events", json={"userId": "v", "accountId": "u", "events": [{"key": "x"}]}
        )
        assert (wrong.status_code, "must be the one in the path" in wrong.json()["message"]) == (400, True), wrong.text


class TestIdempotency:
    def test_a_key_works_once_within_a_day_in_the_whole_tenant(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        tenant.user("v")
        assert track(tenant, {"key": "purchase"}, idempotencyKey="order-1.A_b").status_code == 200
        again = track(tenant, {"key": "purchase"}, user="v", idempotencyKey="order-1.A_b")
        assert_refused(again, 409, "IDEMPOTENCY_KEY_USED")
        assert tenant.get(tenant.user_path("v")).json()["customFields"] == {}
        other_tenant.user("u")
        assert track(other_tenant, {"key": "purchase"}, idempotencyKey="order-1.A_b").status_code == 200

    def test_a_key_is_free_again_after_24_hours(self, tenant: SaasquatchTenant) -> None:
        received_ms = track(tenant, {"key": "x"}, idempotencyKey="order-00002").json()["events"][0]["dateReceived"]
        tenant.advance(received_ms + DAY_MS - 1 - tenant.now_ms)
        assert_refused(track(tenant, {"key": "x"}, idempotencyKey="order-00002"), 409, "IDEMPOTENCY_KEY_USED")
        tenant.advance(received_ms + DAY_MS - tenant.now_ms)
        again = track(tenant, {"key": "x"}, idempotencyKey="order-00002")
        assert again.json()["events"][0]["dateReceived"] == received_ms + DAY_MS
        assert_refused(track(tenant, {"key": "x"}, idempotencyKey="order-00002"), 409, "IDEMPOTENCY_KEY_USED")

    @pytest.mark.parametrize("key", ["short77", "k" * 65, "with space", "slash/12345", "ümlaut12345", ""])
    def test_keys_have_8_to_64_of_the_allowed_characters(self, tenant: SaasquatchTenant, key: str) -> None:
        answer = track(tenant, {"key": "x"}, idempotencyKey=key)
        assert (answer.status_code, "idempotencyKey" in answer.json()["message"]) == (400, True), answer.text

"""Webhooks of the advocacy API: who gets what, both signatures, retries."""

import hashlib
import hmac
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from models.advocacy import webhooks
from models.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS
from models.outbox import endpoints
from models.outbox.outbox import Delivery, Event, Outcome, Settled
from tests.api.advocacy.conftest import Business

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
URL = "https://hooks.example.org/troth"
BODY = (
    '{"id":"evt_abc123def456","type":"advocate.joined","created":"2024-01-15T10:30:00.000Z","business_id":"biz_xyz789",'
    '"data":{"advocate_id":"adv_123","email":"john@example.com","name":"John Doe","tier":"bronze","source":"invite"}}'
)


def add_endpoint(
    business: Business, types: list[str] | None = None, secret: str | None = SECRET, url: str = URL
) -> dict[str, Any]:
    unit = business.unit()
    with unit.transaction():
        return webhooks.configure_endpoint(unit, url=url, types=types or ["*"], secret=secret)


def deliveries(business: Business) -> list[tuple[str, str]]:
    """(event type, address) of each delivery, in the order of their events."""
    unit = business.unit()
    with unit.transaction() as session:
        events = {row.id: row for row in session.scalars(unit.scoped(Event))}
        rows = session.scalars(unit.scoped(Delivery)).all()
        return [
            (events[row.event_id].type, row.url)
            for row in sorted(rows, key=lambda row: (events[row.event_id].number, row.url))
        ]


def attempt(business: Business, outcome: Outcome, attempts: int = 1) -> Settled:
    """What the policy makes of an outcome of the first delivery, as its attempt of this number."""
    unit = business.unit()
    with unit.transaction() as session:
        row = session.scalars(unit.scoped(Delivery)).first()
        assert row is not None
        row.attempts = attempts
        return webhooks.settle(unit, row, outcome)


class TestEndpoints:
    def test_get_what_they_ask_for(self, business: Business) -> None:
        add_endpoint(business, ["advocate.joined"])
        add_endpoint(business, ["*"], None, "https://hooks.example.org/all")
        add_endpoint(business, ["idea.status_changed"], None, "https://hooks.example.org/ideas")
        business.advocate(points=5)
        assert deliveries(business) == [
            ("advocate.joined", "https://hooks.example.org/all"),
            ("advocate.joined", URL),
            ("points.changed", "https://hooks.example.org/all"),
        ]

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"types": ["nothing.happened"]}, "nothing.happened"),
            ({"url": "ftp://x"}, "http"),
            ({"secret": "short"}, "whsec_"),
            ({"secret": "whsec_AAECAwQF"}, "24 to 64"),
            ({"secret": "whsec_???"}, "Base64"),
        ],
    )
    def test_a_bad_one_is_refused(self, business: Business, given: dict[str, Any], reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            webhooks.configure_endpoint(business.unit(), **{"url": URL, "types": ["*"], **given})

    def test_the_secret_is_kept_sealed_and_shown_once(self, business: Business) -> None:
        made = add_endpoint(business, secret=None)
        unit = business.unit()
        with unit.transaction():
            (row,) = endpoints.list_endpoints(unit)
            assert made["secret"].encode() not in row.sealed
            assert endpoints.secret_of(unit, row) == made["secret"]
            assert "secret" not in webhooks.configured_endpoints(unit)[0]


class TestSignatures:
    def test_the_vector(self) -> None:
        made = webhooks.signatures(SECRET, "evt_abc123def456", 1_705_314_600, BODY)
        assert made["X-Sentiments-Signature"] == "fdd5f4bd3d1cb949b8b3947d7fc2eb22f532981e0c8d0f9d47fc8c32ee2f7016"
        assert made["webhook-signature"] == "v1,Y3fIWCwoxu8w3gd1lQJ5f+Fxz08njG6WHAvVId8nR+c="
        assert (made["webhook-id"], made["webhook-timestamp"]) == ("evt_abc123def456", "1705314600")

    def test_each_attempt_has_a_delivery_id_of_its_own(self, business: Business) -> None:
        add_endpoint(business)
        business.advocate()
        unit = business.unit()
        with unit.transaction() as session:
            row = session.scalars(unit.scoped(Delivery)).one()
            event = session.get_one(Event, (unit.tenant_id, row.event_id))
            first = webhooks.headers(unit, event, row, unit.now_ms)
            row.attempts = 1
            second = webhooks.headers(unit, event, row, unit.now_ms)
        assert first is not None
        assert second is not None
        assert first["X-Sentiments-Event"] == "advocate.joined"
        assert first["webhook-id"] == second["webhook-id"] == orjson.loads(event.body)["id"]
        assert first["X-Sentiments-Delivery-Id"] != second["X-Sentiments-Delivery-Id"]
        wanted = hmac.new(SECRET.encode(), event.body.encode(), hashlib.sha256).hexdigest()
        assert first["X-Sentiments-Signature"] == wanted

    def test_a_receiver_can_check_both(self, business: Business) -> None:
        add_endpoint(business)
        sent = {
            name.lower(): value for name, value in webhooks.signatures(SECRET, "evt_1", 1_705_314_600, BODY).items()
        }
        unit = business.unit()
        with unit.transaction():

            def check(headers: dict[str, str], body: bytes) -> list[bool | None]:
                return list(webhooks.check_signatures(unit, business.tenant, headers, body).values())

            assert check(sent, BODY.encode()) == [True, True]
            assert check(sent, BODY.encode() + b" ") == [False, False]
            assert check({**sent, "webhook-timestamp": "1705314601"}, BODY.encode()) == [True, False]
            assert check({**sent, "webhook-timestamp": "soon"}, BODY.encode()) == [True, False]
            assert check({}, BODY.encode()) == [None, None]

    def test_the_library_agrees(self) -> None:
        import time

        now_s = int(time.time())  # noqa: TID251  the library reads wall time
        made = webhooks.signatures(SECRET, "evt_1", now_s, BODY)
        Webhook(SECRET).verify(BODY, made)
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(BODY + " ", made)


class TestRetries:
    @pytest.fixture(autouse=True)
    def delivery(self, business: Business) -> None:
        add_endpoint(business)
        business.advocate()

    @pytest.mark.parametrize("status", [200, 201, 204, 299])
    def test_any_2xx_is_success(self, business: Business, status: int) -> None:
        assert attempt(business, Outcome(status)).status == "delivered"

    def test_the_schedule_with_a_tenth_of_jitter(self, business: Business) -> None:
        for number, wait_s in enumerate((5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400), start=1):
            settled = attempt(business, Outcome(500), number)
            assert settled.status == "pending"
            assert wait_s * SECOND_MS <= settled.next_ms - business.now_ms <= wait_s * 1_100
        assert attempt(business, Outcome(None), 10).status == "failed"

    def test_a_later_retry_after_is_honoured_up_to_a_day(self, business: Business) -> None:
        assert attempt(business, Outcome(503, 120)).next_ms == business.now_ms + 120 * SECOND_MS
        assert attempt(business, Outcome(503, 1)).next_ms >= business.now_ms + 5 * SECOND_MS
        assert attempt(business, Outcome(503, 10**9)).next_ms == business.now_ms + DAY_MS

    def test_gone_disables_the_endpoint(self, business: Business) -> None:
        assert attempt(business, Outcome(410)).status == "failed"
        unit = business.unit()
        with unit.transaction() as session:
            assert [row["active"] for row in webhooks.configured_endpoints(unit)] == [False]
            row = session.scalars(unit.scoped(Delivery)).one()
            event = session.get_one(Event, (unit.tenant_id, row.event_id))
            assert webhooks.headers(unit, event, row, unit.now_ms) is None
        business.advocate("bo@example.org")
        assert len(deliveries(business)) == 1

    def test_five_days_of_failures_disable_it_and_a_success_between_does_not(self, business: Business) -> None:
        for between in (Outcome(200), None):
            attempt(business, Outcome(500), 1)
            business.advance(3 * DAY_MS)
            if between is not None:
                attempt(business, between, 2)
                attempt(business, Outcome(500), 3)
            business.advance(2 * DAY_MS + MINUTE_MS)
            assert attempt(business, Outcome(500), 10).status == "failed"
            unit = business.unit()
            with unit.transaction():
                assert [row["active"] for row in webhooks.configured_endpoints(unit)] == [between is not None]
            if between is not None:
                attempt(business, Outcome(200), 1)

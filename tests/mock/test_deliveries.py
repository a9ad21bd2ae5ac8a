"""Deliveries: what was sent and answered, which are listed, what is sent again and where."""

from collections.abc import Iterator
from typing import Any

import pytest
import standardwebhooks

from models.kernel.clock import HOUR_MS
from tests.mock.conftest import empty_mock
from tests.mock.test_sandboxes import MAIN_KEY, add_user, base_of, create, key_of
from tests.support.client import BASE_URL, Client, segment
from tests.support.refusals import assert_refused
from tests.support.senders import NullSender
from troth.mock.attempts import Attempts
from troth.outbox.outgoing import SendResult

INBOX = f"{BASE_URL}/_troth/inbox/saasquatch"
OUTSIDE = "http://127.0.0.1:9/hooks"
SECRET = "whsec_REVNTzBLRVkwQURWT0NBQ1kwVFJPVEgwTU9DSw=="
"""Of the scenario's advocacy endpoint."""
OTHER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
ADVOCACY = {"Authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}


class Receiver(NullSender):
    """Answers with headers and a body."""

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        await super().send(url, body, headers)
        if self.status == 0:
            return SendResult(None, error="no complete answer within 15 s", duration_ms=15_000, timed_out=True)
        return SendResult(
            self.status, '{"taken": true, "token": "t"}', duration_ms=3, headers=(("Content-Type", "application/json"),)
        )


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    with empty_mock(Receiver()) as client:
        yield client


@pytest.fixture
def mock(server: Client) -> Client:
    """The module's mock, as it was at first; its receiver answers 200."""
    receiver(server).status = 200
    receiver(server).calls.clear()
    assert server.request("POST", "/_troth/reset").status_code == 200
    return server


def receiver(mock: Client) -> Receiver:
    found: Receiver = mock.server.runtime.services["dispatcher"].sender.sender
    return found


def advance(mock: Client, by_ms: int = 0) -> None:
    assert mock.request("POST", "/_troth/clock/advance", json={"by_ms": by_ms}).status_code == 200


def listed(mock: Client, **query: Any) -> dict[str, Any]:
    answer = mock.request("GET", "/_troth/deliveries", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(mock: Client, **query: Any) -> list[str]:
    return [one["id"] for one in listed(mock, **query)["deliveries"]]


def shown(mock: Client, delivery: str, **query: Any) -> dict[str, Any]:
    answer = mock.request("GET", f"/_troth/deliveries/{delivery}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def resend(mock: Client, **body: Any) -> list[dict[str, Any]]:
    answer = mock.request("POST", "/_troth/deliveries/resend", json=body)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["resent"]
    return found


def user_created(mock: Client) -> str:
    """Add a user whose webhook has not been sent yet; the id of its delivery."""
    add_user(mock, "/saasquatch", MAIN_KEY)
    return ids(mock, event="user.created")[0]


class TestList:
    def test_the_newest_event_is_the_first_and_pages_go_on(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY, "ana")
        add_user(mock, "/saasquatch", MAIN_KEY, "ben")
        whole = listed(mock)
        assert (whole["count"], whole["total"]) == (6, 6)
        assert [one["event"] for one in whole["deliveries"]] == ["user.created", "coupon.created", "coupon.created"] * 2
        assert whole["deliveries"][0]["created_ms"] > whole["deliveries"][3]["created_ms"]
        pages = [ids(mock, limit=4), ids(mock, limit=4, offset=4), ids(mock, limit=4, offset=6)]
        assert pages[0] + pages[1] == [one["id"] for one in whole["deliveries"]]
        assert pages[2] == []

    def test_filters_combine(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY)
        mock.request("POST", "/advocacy/api/v1/advocates", headers=ADVOCACY, json={"email": "a@b.org", "name": "A"})
        assert listed(mock)["total"] == 4
        assert {one["tenant"] for one in listed(mock, api="advocacy")["deliveries"]} == {"advocacy/demo"}
        assert listed(mock, tenant="saasquatch/demo")["total"] == 3
        assert listed(mock, tenant="demo", event="user.created")["total"] == 1
        assert listed(mock, status="delivered")["total"] == 0
        advance(mock)
        assert listed(mock, status="delivered", api="saasquatch")["total"] == 3
        assert listed(mock, api="leat")["deliveries"] == []

    def test_an_unknown_status_is_refused(self, mock: Client) -> None:
        assert_refused(
            mock.request("GET", "/_troth/deliveries?status=lost"), 400, "query parameter status: must be one of"
        )

    def test_each_sandbox_has_its_own(self, mock: Client) -> None:
        made = create(mock, name="apart")
        add_user(mock, base_of(made), key_of(made))
        assert listed(mock)["total"] == 0
        inside = mock.request("GET", "/_troth/sandboxes/apart/deliveries").json()
        assert inside["deliveries"][0]["url"] == f"{BASE_URL}/sandbox/apart/_troth/inbox/saasquatch"
        assert mock.request("DELETE", "/_troth/sandboxes/apart").status_code == 204


class TestShow:
    def test_each_attempt_with_request_and_answer(self, mock: Client) -> None:
        delivery = user_created(mock)
        receiver(mock).status = 500
        advance(mock)
        receiver(mock).status = 200
        advance(mock, HOUR_MS)
        found = shown(mock, delivery)
        assert (found["status"], found["attempts"], found["next_ms"]) == ("delivered", 2, None)
        first, second = found["tries"]
        assert (first["status"], second["status"]) == (500, 200)
        assert second["at_ms"] - first["at_ms"] == HOUR_MS
        _, body, headers = receiver(mock).calls[-1]
        assert second["request"]["headers"]["x-hook-signature"] == headers["X-Hook-Signature"]
        assert second["request"]["size"] == len(body)
        assert second["request"]["json"]["type"] == "user.created"
        assert second["answer"]["headers"] == {"content-type": "application/json"}
        assert second["answer"]["json"] == {"taken": True, "token": "***"}
        assert shown(mock, delivery, secrets=True)["tries"][1]["answer"]["json"]["token"] == "t"

    def test_it_says_whether_the_present_secrets_verify_it_and_why_not(self, mock: Client) -> None:
        triggers = "/loyalty-core/api/v1/organizations/1/event-triggers"
        core = {"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
        wanted = {"type": "WebHook", "name": "Till", "settings": {"url": OUTSIDE, "events": ["*"], "secret": SECRET}}
        made = mock.request("POST", triggers, headers=core, json=wanted).json()["trigger"]
        member = {"loyaltyMemberId": "m-1", "memberType": "customer", "profile": {"name": "Ana"}}
        answer = mock.request("POST", "/loyalty-core/api/v1/organizations/1/members", headers=core, json=member)
        assert answer.status_code == 201, answer.text
        advance(mock)
        sent = next(one["id"] for one in listed(mock, api="loyalty_core")["deliveries"] if one["url"] == OUTSIDE)
        [attempt] = shown(mock, sent)["tries"]
        assert (attempt["verified"], attempt["reasons"]) == ({"webhook-signature": True}, {})
        advance(mock, HOUR_MS)  # what was sent in time stays right
        assert shown(mock, sent)["tries"][0]["reasons"] == {}
        wanted["settings"] = {**wanted["settings"], "secret": OTHER_SECRET}
        assert mock.request("PUT", f"{triggers}/{made['triggerId']}", headers=core, json=wanted).status_code == 200
        [attempt] = shown(mock, sent)["tries"]
        assert attempt["verified"] == {"webhook-signature": False}
        assert attempt["reasons"]["webhook-signature"]["code"] == "SECRET_WRONG"

    def test_one_that_is_pending_says_when_it_is_sent_next(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY)
        receiver(mock).status = 0
        advance(mock)
        found = shown(
            mock, ids(mock)[-1]
        )  # the first that was sent: nothing more is sent to an address that does not answer
        assert found["next_ms"] == found["tries"][0]["at_ms"] + HOUR_MS
        assert (found["tries"][0]["status"], found["tries"][0]["error"]) == (None, "no complete answer within 15 s")
        assert "answer" not in found["tries"][0]

    def test_when_memory_is_full_the_database_has_the_rest(self, mock: Client) -> None:
        attempts: Attempts = mock.server.runtime.services["attempts"]
        delivery = user_created(mock)
        advance(mock)
        attempts._limit_bytes, before = 1, attempts._limit_bytes
        add_user(mock, "/saasquatch", MAIN_KEY, "ben")
        advance(mock)
        attempts._limit_bytes = before
        assert len(list(attempts)) == 1
        [only] = shown(mock, delivery)["tries"]
        assert "request" not in only
        assert only["answer"]["json"] == {"taken": True, "token": "***"}

    def test_an_unknown_one_is_404(self, mock: Client) -> None:
        answer = mock.request("GET", "/_troth/deliveries/nobody")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "DELIVERY_NOT_FOUND")


class TestResend:
    def test_one_that_had_failed_is_delivered_when_its_address_takes_it(self, mock: Client) -> None:
        delivery = user_created(mock)
        receiver(mock).status = 500
        advance(mock, 100 * HOUR_MS)
        assert shown(mock, delivery)["status"] == "failed"
        assert resend(mock, ids=[delivery]) == [{"delivery": delivery, "url": INBOX, "status": 500}]
        assert shown(mock, delivery)["status"] == "failed"
        receiver(mock).status = 200
        resend(mock, ids=[delivery])
        found = shown(mock, delivery)
        assert (found["status"], found["attempts"], found["tries"][-1]["status"]) == ("delivered", 74, 200)

    def test_one_that_is_pending_goes_on_by_the_schedule(self, mock: Client) -> None:
        delivery = user_created(mock)
        receiver(mock).status = 500
        advance(mock)
        advance(mock, 1_000)
        resend(mock, ids=[delivery])
        found = shown(mock, delivery)
        assert (found["status"], found["attempts"]) == ("pending", 2)
        assert found["next_ms"] == found["tries"][1]["at_ms"] + HOUR_MS
        receiver(mock).status = 200
        assert resend(mock, ids=[delivery])[0]["status"] == 200
        assert shown(mock, delivery)["next_ms"] is None
        sent = len(receiver(mock).calls)
        advance(mock, 100 * HOUR_MS)
        assert delivery not in str(receiver(mock).calls[sent:])

    def test_many_by_a_filter_in_the_order_in_which_they_happened(self, mock: Client) -> None:
        for name in ("ana", "ben"):
            add_user(mock, "/saasquatch", MAIN_KEY, name)
        advance(mock)
        receiver(mock).calls.clear()
        resent = resend(mock, filter={"api": "saasquatch", "event": "user.created"})
        assert [one["delivery"] for one in resent] == ids(mock, event="user.created")[::-1]
        assert [b'"id":"ana"' in body for _, body, _ in receiver(mock).calls] == [True, False]

    def test_to_another_address_with_wall_time_and_the_delivery_stays_as_it_is(self, mock: Client) -> None:
        mock.request("POST", "/advocacy/api/v1/advocates", headers=ADVOCACY, json={"email": "a@b.org", "name": "A"})
        [delivery] = ids(mock, api="advocacy")
        receiver(mock).status = 404
        assert resend(mock, ids=[delivery], url=OUTSIDE) == [{"delivery": delivery, "url": OUTSIDE, "status": 404}]
        found = shown(mock, delivery)
        assert (found["status"], found["attempts"], found["tries"]) == ("pending", 0, [])
        assert [(one["url"], one["status"]) for one in found["elsewhere"]] == [(OUTSIDE, 404)]
        url, body, headers = receiver(mock).calls[-1]
        assert url == OUTSIDE
        standardwebhooks.Webhook(SECRET).verify(
            body, headers
        )  # raises for a time that is not the present of its own clock

    def test_an_address_whose_owner_has_unsubscribed_gets_nothing(self, mock: Client) -> None:
        delivery = user_created(mock)
        path = f"/saasquatch/api/v1/demo/subscription/{segment(INBOX)}"
        assert mock.request("DELETE", path, auth=("", MAIN_KEY)).status_code < 300
        [one] = resend(mock, ids=[delivery])
        assert (one["url"], one["error"]) == (None, "not sent: the address is not subscribed any more")

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({}, 400, "VALIDATION_FAILED"),
            ({"ids": ["a"], "filter": {}}, 400, "VALIDATION_FAILED"),
            ({"ids": []}, 400, "VALIDATION_FAILED"),
            ({"ids": ["nobody"]}, 404, "DELIVERY_NOT_FOUND"),
            ({"filter": {}, "url": "ftp://example.org/"}, 400, "TARGET_INVALID"),
        ],
    )
    def test_what_it_refuses(self, mock: Client, body: dict[str, Any], status: int, code: str) -> None:
        answer = mock.request("POST", "/_troth/deliveries/resend", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert receiver(mock).calls == []

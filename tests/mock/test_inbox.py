"""The inbox: why a signature fails, for each API's way of signing; how it answers when it was set to."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from models.kernel.clock import DAY_MS, HOUR_MS
from tests.mock.test_sandboxes import MAIN_KEY, add_user
from tests.mock.test_triggers import Stage
from tests.support.refusals import assert_refused
from tests.support.senders import LoopSender
from troth.mock.triggers import find_trigger

EVENTS = {
    "saasquatch": "user.created",
    "advocacy": "advocate.joined",
    "leat": "contact_created",
    "loyalty_core": "member-created",
}
HMAC, JWS = "X-Hook-Signature", "X-Hook-JWS-RFC-7797"
OWN, STANDARD, LEAT = "X-Sentiments-Signature", "webhook-signature", "Signature"
SIGNATURES = {"saasquatch": (HMAC, JWS), "advocacy": (OWN, STANDARD), "leat": (LEAT,), "loyalty_core": (STANDARD,)}
INBOX = "/_troth/inbox/why"
Sent = tuple[bytes, dict[str, str]]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.client.close()
    made.server.close()


@pytest.fixture(scope="module")
def sent(stage: Stage) -> dict[str, Sent]:
    """A webhook of each API, as a receiver gets it."""
    found: dict[str, Sent] = {}
    for api, event in EVENTS.items():
        stage.run(find_trigger(event, api))
        names = [(url, body, headers) for url, body, headers in stage.sender.calls if event.encode() in body]
        _, found_body, headers = names[0]
        found[api] = found_body, headers
    return found


def received(stage: Stage, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """What the inbox says of a message."""
    kept = {name: value for name, value in headers.items() if value}
    assert stage.client.request("POST", INBOX, content=body, headers=kept).status_code == 200
    message: dict[str, Any] = stage.client.request("GET", INBOX, params={"limit": 1}).json()["messages"][0]
    return message


def codes(stage: Stage, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    message = received(stage, body, headers)
    for header in message["reasons"]:
        assert message["verified"].get(header) is not True
    return {header: reason["code"] for header, reason in message["reasons"].items()}


@pytest.mark.parametrize("api", EVENTS)
def test_what_is_right_has_no_reason(stage: Stage, sent: dict[str, Sent], api: str) -> None:
    message = received(stage, *sent[api])
    assert (message["verified"], message["reasons"]) == (dict.fromkeys(SIGNATURES[api], True), {})


@pytest.mark.parametrize("api", EVENTS)
def test_a_body_that_was_changed_is_reported_with_the_event_that_was_signed(
    stage: Stage, sent: dict[str, Sent], api: str
) -> None:
    body, headers = sent[api]
    changed = body[:-1] + b', "more": 1}'
    assert codes(stage, changed, headers) == dict.fromkeys(SIGNATURES[api], "BODY_CHANGED")
    message = received(stage, changed, headers)["reasons"][SIGNATURES[api][0]]["message"]
    assert EVENTS[api] in message
    assert f"differs from character {len(body) - 1} on" in message


@pytest.mark.parametrize("api", EVENTS)
def test_json_that_was_written_again_is_reported_as_such(stage: Stage, sent: dict[str, Sent], api: str) -> None:
    body, headers = sent[api]
    again = json.dumps(json.loads(body), indent=2).encode()
    for reason in received(stage, again, headers)["reasons"].values():
        assert reason["code"] == "BODY_CHANGED"
        assert "Verify the bytes as they came" in reason["message"]


@pytest.mark.parametrize(
    ("api", "header", "signature"),
    [
        ("saasquatch", HMAC, base64.b64encode(b"x" * 20).decode()),
        ("advocacy", OWN, "0" * 64),
        ("advocacy", STANDARD, f"v1,{base64.b64encode(b'x' * 32).decode()}"),
        ("leat", LEAT, "0" * 64),
        ("loyalty_core", STANDARD, f"v1,{base64.b64encode(b'x' * 32).decode()}"),
    ],
)
def test_another_secret(stage: Stage, sent: dict[str, Sent], api: str, header: str, signature: str) -> None:
    body, headers = sent[api]
    assert codes(stage, body, {**headers, header: signature}) == {header: "SECRET_WRONG"}
    assert codes(stage, b'{"made": "up"}', {**headers, header: signature})[header] in (
        "NOT_SIGNED_HERE",
        "TENANT_UNKNOWN",
    )


@pytest.mark.parametrize(
    ("api", "header", "signature", "code"),
    [
        ("saasquatch", HMAC, "x", "SIGNATURE_MALFORMED"),
        ("saasquatch", HMAC, "", "HEADER_MISSING"),
        ("saasquatch", JWS, "a.b.c", "SIGNATURE_MALFORMED"),
        ("saasquatch", JWS, "", "HEADER_MISSING"),
        ("saasquatch", JWS, "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ..AAAA", "KEY_UNKNOWN"),
        ("advocacy", OWN, "X" * 64, "SIGNATURE_MALFORMED"),
        ("advocacy", STANDARD, "", "HEADER_MISSING"),
        ("leat", LEAT, "x", "SIGNATURE_MALFORMED"),
        ("loyalty_core", STANDARD, "v2,AAAA", "SIGNATURE_MALFORMED"),
    ],
)
def test_headers_that_are_missing_or_malformed(
    stage: Stage, sent: dict[str, Sent], api: str, header: str, signature: str, code: str
) -> None:
    body, headers = sent[api]
    assert codes(stage, body, {**headers, header: signature}) == {header: code}


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_what_standard_webhooks_need_beside_the_signature(stage: Stage, sent: dict[str, Sent], header: str) -> None:
    body, headers = sent["loyalty_core"]
    assert received(stage, body, {**headers, header: ""})["reasons"] == {
        STANDARD: {"code": "HEADER_MISSING", "message": f"The header {header} is missing."}
    }
    assert codes(stage, body, {**headers, header: "7"}) == {STANDARD: "SECRET_WRONG"}


def test_a_message_of_nobody_has_no_signature(stage: Stage) -> None:
    message = received(stage, b"{}", {"Content-Type": "application/json"})
    assert (message["verified"], message["reasons"]["signature"]["code"]) == ({}, "HEADER_MISSING")


def test_the_key_of_another_tenant(stage: Stage, sent: dict[str, Sent]) -> None:
    body, headers = sent["saasquatch"]
    other = body.replace(b'"tenantAlias":"demo"', b'"tenantAlias":"test_demo"')
    reasons = received(stage, other, headers)["reasons"]
    assert reasons[HMAC]["code"] == "NOT_SIGNED_HERE"
    assert "saasquatch/test_demo" in reasons[HMAC]["message"]


def test_a_timestamp_that_is_too_old_or_yet_to_come(stage: Stage, sent: dict[str, Sent]) -> None:
    """The last of this module's tests of signatures: it moves the clock."""
    body, headers = sent["loyalty_core"]
    stage.client.request("POST", "/_troth/clock/advance", json={"by_ms": 299_000})
    assert codes(stage, body, headers) == {}
    stage.client.request("POST", "/_troth/clock/advance", json={"by_ms": HOUR_MS})
    message = received(stage, body, headers)
    assert message["verified"] == {STANDARD: False}
    assert message["reasons"][STANDARD]["code"] == "TIMESTAMP_TOO_OLD"
    stage.client.request("POST", "/_troth/clock/advance", json={"by_ms": 10 * DAY_MS})
    assert codes(stage, *sent["advocacy"]) == {STANDARD: "TIMESTAMP_TOO_OLD"}  # its own signature holds no time


class TestBehavior:
    @pytest.fixture(autouse=True)
    def _from_the_beginning(self, stage: Stage) -> None:
        assert stage.client.request("POST", "/_troth/reset").status_code == 200

    def behave(self, stage: Stage, **body: Any) -> None:
        answer = stage.client.request("PUT", "/_troth/inbox/saasquatch/behavior", json=body)
        assert answer.status_code == 200, answer.text

    def post(self, stage: Stage) -> Any:
        return stage.client.request("POST", "/_troth/inbox/saasquatch", json={})

    def test_it_answers_so_for_some_messages_and_then_as_usual(self, stage: Stage) -> None:
        self.behave(stage, status=503, body={"later": True}, times=2)
        assert (self.post(stage).status_code, self.post(stage).json()) == (503, {"later": True})
        assert (self.post(stage).status_code, self.post(stage).json()) == (200, {})
        assert stage.client.request("GET", "/_troth/inbox/saasquatch").json()["total"] == 4

    def test_it_can_be_set_to_answer_as_usual(self, stage: Stage) -> None:
        self.behave(stage, status=410)
        path = "/_troth/inbox/saasquatch/behavior"
        assert stage.client.request("GET", path).json() == {"status": 410, "delay_ms": 0, "left": None}
        assert self.post(stage).json()["error"]["code"] == "INBOX_SET_TO_REFUSE"
        assert stage.client.request("POST", "/_troth/inbox/other", json={}).status_code == 200
        assert stage.client.request("DELETE", path).status_code == 204
        assert self.post(stage).status_code == 200
        assert stage.client.request("GET", path).json() == {"status": 200, "delay_ms": 0, "left": None}

    def test_a_reset_ends_it(self, stage: Stage) -> None:
        self.behave(stage, status=500)
        assert stage.client.request("POST", "/_troth/reset").status_code == 200
        assert self.post(stage).status_code == 200

    @pytest.mark.parametrize(
        ("behavior", "status", "text"),
        [({"status": 204}, 204, ""), ({"status": 302, "body": "there"}, 302, "there"), ({"body": None}, 200, "null")],
    )
    def test_any_status_and_body(self, stage: Stage, behavior: dict[str, Any], status: int, text: str) -> None:
        self.behave(stage, **behavior)
        answer = self.post(stage)
        assert (answer.status_code, answer.text) == (status, text)

    def test_it_can_be_slow(self, stage: Stage) -> None:
        self.behave(stage, delay_ms=60)
        assert self.post(stage).elapsed.total_seconds() >= 0.06

    def test_a_bad_behavior_is_refused(self, stage: Stage) -> None:
        path = "/_troth/inbox/saasquatch/behavior"
        refused: list[tuple[dict[str, int], str]] = [
            ({}, "the body: must not be empty"),
            ({"status": 199}, "/status: must be at least 200"),
            ({"status": 304}, "/status: must not be 205 or 304"),
            ({"delay_ms": 60_001}, "/delay_ms: must be at most 60000"),
            ({"times": 0}, "/times: must be at least 1"),
            ({"x": 1}, "/x: is not a known member"),
        ]
        for body, message in refused:
            assert_refused(stage.client.request("PUT", path, json=body), 400, message)
        for number in range(200):
            stage.client.request("PUT", f"/_troth/inbox/n{number}/behavior", json={"status": 500})
        answer = stage.client.request("PUT", path, json={"status": 500})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "BEHAVIORS_FULL")
        for method in ("GET", "DELETE"):
            assert_refused(
                stage.client.request(method, "/_troth/inbox/a%20b/behavior"),
                400,
                "path parameter name: must be 1 to 64 letters, digits, dots, dashes or underscores",
            )

    def test_senders_see_a_receiver_that_fails_and_then_works(self, stage: Stage) -> None:
        stage.server.runtime.services["dispatcher"].sender.sender = LoopSender(stage.server)
        self.behave(stage, status=500, times=1)
        add_user(stage.client, "/saasquatch", MAIN_KEY, "zed")
        fired = stage.client.request("POST", "/_troth/clock/advance", json={"by_ms": HOUR_MS}).json()["fired"]
        [refused] = [one["subject"] for one in fired if one.get("status") == 500]
        assert [one["status"] for one in fired if one["subject"] == refused] == [500, 200]

"""Triggers: every event type can be caused by calls of the API, or the list says why not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from models.advocacy.webhooks import EVENT_TYPES as ADVOCACY
from models.leat.webhooks import SENT_TYPES, TYPES
from models.loyalty_core.events.built_in import EVENT_TYPES as LOYALTY_CORE
from models.loyalty_core.events.log import ORGANIZATION_EVENT_TYPES
from tests.support.client import Client
from tests.support.senders import NullSender
from troth.mock.run import build_mock
from troth.mock.triggers import (
    FOLDER,
    Trigger,
    TriggerError,
    find_trigger,
    run_trigger,
    triggers,
    unique_text,
    with_overrides,
)
from troth.settings import Settings

LEAT = "/leat/api/v3/oauth/clients/webhook-subscriptions"
PAT = {"Authorization": "Bearer PAT_DEMO0KEY0LEAT0TROTH0MOCK"}
SAASQUATCH = (
    "user.created",
    "coupon.created",
    "reward.created",
    "user.reward.balance.changed",
    "referral.started",
    "referral.converted",
    "referral.ended",
    "referral.automoderation.complete",
    "email.referred.reward.earned",
    "email.referral.started",
    "email.referral.paid",
    "email.referral.rewardLimitReached",
    "theme.publish.finished",
    "export.created",
    "export.completed",
    "test",
)
"""The types that the publisher documents."""
EVENT_MEMBER = {"saasquatch": "type", "advocacy": "type", "leat": "type", "loyalty_core": "eventType"}
"""The member of a webhook's body that names its event."""


class Stage:
    """A mock of the demo, and what it sends."""

    def __init__(self) -> None:
        self.server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
        self.sender = self.server.runtime.services["dispatcher"].sender.sender = NullSender()
        self.client = Client(self.server)
        self.facts = self.client.request("GET", "/_troth/info").json()["apis"]
        for event in SENT_TYPES:
            body = {"name": event, "event_type": event, "url": "http://localhost:8080/_troth/inbox/leat"}
            assert self.client.request("POST", LEAT, json=body, headers=PAT).status_code == 200

    def run(self, trigger: Trigger) -> list[dict[str, Any]]:
        """Run a trigger and all that becomes due by it; the bodies of the webhooks of its API."""
        unique = unique_text(self.client.request("GET", "/_troth/clock").json()["now_ms"])
        facts = self.facts[trigger.api]

        def send(method: str, path: str, headers: Any, body: Any) -> tuple[int, Any]:
            options = {} if body is None else {"json": body}
            answer = self.client.request(method, facts["base_url"] + path, headers=headers, **options)
            return answer.status_code, answer.json() if answer.content else None

        self.sender.calls.clear()
        run_trigger(trigger, facts, unique, "http://localhost:8080/_troth", send)
        self.client.request("POST", "/_troth/clock/advance", json={"by_ms": 1_000}).raise_for_status()
        inbox = f"/_troth/inbox/{trigger.api.replace('_', '-')}"
        return [json.loads(body) for url, body, _ in self.sender.calls if url.endswith(inbox)]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.client.close()
    made.server.close()


@pytest.mark.parametrize("trigger", triggers(), ids=lambda trigger: f"{trigger.api}-{trigger.event}")
def test_a_trigger_leads_to_a_delivery_of_its_event_each_time(stage: Stage, trigger: Trigger) -> None:
    for _ in range(2):
        assert trigger.event in [body[EVENT_MEMBER[trigger.api]] for body in stage.run(trigger)]


def test_every_event_type_has_a_trigger_or_a_reason_why_not() -> None:
    types = {("saasquatch", event) for event in SAASQUATCH}
    types |= {("advocacy", event) for event in ADVOCACY} | {("leat", event) for event in TYPES}
    types |= {("loyalty_core", event) for event in (*LOYALTY_CORE, *ORGANIZATION_EVENT_TYPES)}
    missing = types - {(one.api, one.event) for one in triggers()}
    reasons = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {(api, event) for api, event in missing if f"| {api} | `{event}` |" not in reasons} == set()
    assert reasons.count("\n| ") - 2 == len(missing), "a reason for an event that has a trigger, or that does not exist"


class TestOverrides:
    def test_they_change_the_last_body_or_that_of_a_named_step(self, stage: Stage) -> None:
        given = {"events.0.fields.total": 12, "user:firstName": "Mia", "userAgent": "x"}
        changed = with_overrides(find_trigger("referral.converted", "saasquatch"), given)
        assert changed.steps[-1]["body"]["events"][0]["fields"]["total"] == 12
        assert changed.steps[0]["body"]["firstName"] == "Mia"
        assert changed.steps[-1]["body"]["userAgent"] == "x"
        found = with_overrides(find_trigger("user.created"), {"firstName": "Mia"})
        assert "Mia" in [body["data"].get("firstName") for body in stage.run(found)]
        assert find_trigger("user.created").steps[0]["body"]["firstName"] == "Ana"

    @pytest.mark.parametrize("path", ["nobody:firstName", "events.1.key", "events.x.key", "events.0.key.deeper.x"])
    def test_one_that_does_not_fit_is_refused(self, path: str) -> None:
        with pytest.raises(TriggerError, match="--override"):
            with_overrides(find_trigger("referral.converted", "saasquatch"), {path: 1})


class TestRefusals:
    def test_an_unknown_event_is_refused_with_those_that_are_alike(self) -> None:
        with pytest.raises(TriggerError, match=r"did you mean user\.created"):
            find_trigger("user.craeted")

    def test_an_event_of_two_apis_needs_its_api(self) -> None:
        with pytest.raises(TriggerError, match="advocacy and saasquatch"):
            find_trigger("referral.converted")

    def test_a_call_that_is_refused_ends_the_trigger_with_the_answer(self, stage: Stage) -> None:
        with pytest.raises(TriggerError, match="answered 400"):
            stage.run(with_overrides(find_trigger("user.created"), {"firstName": 5}))

    def test_what_the_mock_does_not_have_is_named(self, stage: Stage) -> None:
        trigger = Trigger("leat", "x", "", [{"method": "GET", "path": "/{shops.99.uuid}"}])
        with pytest.raises(TriggerError, match=r"\{shops\.99\.uuid\}"):
            stage.run(trigger)

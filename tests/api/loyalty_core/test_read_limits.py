"""What is read and parsed for an event: counted before it is, and no more than rules need."""

from collections.abc import Callable, Iterator

import pytest

from models.loyalty_core.campaigns import actions
from models.loyalty_core.events import triggers
from models.loyalty_core.events.tables import EventTrigger
from models.loyalty_core.expressions import compile_expression, metering
from models.loyalty_core.ledger import batches
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, coded, refusal
from tests.api.loyalty_core.engine import action, campaign, expression, log, mint, tracked
from tests.api.loyalty_core.test_audiences import new_audience
from tests.api.loyalty_core.test_missions import NEW as NEW_MISSION
from tests.support.statements import noted

GENERIC, MINTED = "member-generic-event", "ledger-transaction-created"


PARSES = "false and [" + ",".join(["(1==2)"] * 150) + ",{}] == 1"
"""A rule that is long to parse and takes two steps."""


@pytest.fixture(autouse=True)
def _leave_nothing_behind(club: Club) -> Iterator[None]:
    """What waits to be sent is not sent in another test."""
    yield
    unit = club.unit()
    with unit.transaction() as session:
        for row in session.scalars(unit.scoped(EventTrigger)):
            row.active = False


@pytest.fixture
def statements(club: Club) -> Iterator[list[str]]:
    """The statements that the server runs."""
    with noted(club.server.runtime.storage.engine) as seen:
        yield seen


class TestWhatIsReadAndParsed:
    def test_a_campaign_has_only_so_many_actions(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "ACTIONS_MAX", 2)
        of, other = campaign(club, GENERIC), campaign(club, GENERIC)
        first = action(club, of, mint(1), status="draft")
        action(club, of, mint(1))
        body = {"name": "Step", "status": "running", "effects": {"items": []}}
        assert refusal(club.post(f"/campaigns/{of['campaignId']}/actions", json=body)) == (
            400,
            "A campaign has at most 2 actions.",
        )
        changed = club.put(f"/campaigns/{of['campaignId']}/actions/{first['actionId']}", json=body)
        assert changed.status_code == 200, changed.text
        action(club, other, mint(1))

    def test_expressions_of_an_action_have_only_so_many_characters(self, club: Club) -> None:
        path = f"/campaigns/{campaign(club, GENERIC)['campaignId']}/actions"
        body = {"name": "Step", "status": "running", "effects": {"items": [mint(expression(f"{'1':>4096}"))] * 4}}
        assert club.post(path, json=body).status_code == 201
        answer = club.post(path, json={**body, "rules": expression("true")})
        assert refusal(answer) == (
            400,
            "/effects/items: The expressions of an action have at most 16384 characters together.",
        )

    def test_rules_count_before_they_are_parsed(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        """A hundred rules that no cache knows took 0.4 s for each event."""
        member, of = club.member(), campaign(club, GENERIC)
        for number in range(40):
            action(club, of, mint(1), rules=PARSES.format(number))
        parsed: list[str] = []
        plain = metering.compile_expression
        monkeypatch.setattr(metering, "compile_expression", lambda text: parsed.append(text) or plain(text))
        assert tracked(club, member) == []
        assert "steps of evaluation" in log(club, member, status="failed")[0]["error"]
        assert parsed == []

    def test_parsing_counts_whether_or_not_the_server_knows_the_text(
        self, club: Club, limit: Callable[..., None]
    ) -> None:
        text = PARSES.format(-1)
        member, of = club.member(), campaign(club, GENERIC)
        action(club, of, rules=text)
        for known in (False, True):
            compile_expression.cache_clear()
            if known:
                compile_expression(text)
            limit(steps=len(text) * metering.STEPS_PER_CHARACTER)
            tracked(club, member)
            limit()
            tracked(club, member)
        assert [row["status"] for row in log(club, member, eventType=GENERIC)].count("failed") == 2
        assert [row["status"] for row in log(club, member, eventType=GENERIC)].count("success") == 2

    def test_actions_count_before_they_are_read(
        self, club: Club, limit: Callable[..., None], statements: list[str]
    ) -> None:
        limit(steps=metering.CAMPAIGN_STEPS + 3 * metering.ACTION_STEPS)
        member, of = club.member(), campaign(club, GENERIC)
        for _ in range(4):
            action(club, of, mint(1))
        statements.clear()
        assert tracked(club, member) == []
        assert [one for one in statements if "lc_campaign_actions" in one and "count(" in one]
        assert not [one for one in statements if "lc_campaign_actions.rules" in one]

    def test_columns_that_rules_do_not_need_stay_unread(self, club: Club, statements: list[str]) -> None:
        member, of = club.member(), campaign(club, GENERIC, customAttributes={"large": "x" * 1_000})
        action(club, of, mint(1))
        club.made("/missions", **{**NEW_MISSION, "eventType": GENERIC, "customAttributes": {"large": "x" * 1_000}})
        statements.clear()
        assert len(tracked(club, member)) >= 1
        asked = [one for one in statements if "custom_attributes" in one.partition("FROM")[0]]
        assert not [one for one in asked if "FROM lc_campaigns" in one or "FROM lc_missions" in one]
        assert [one for one in statements if "FROM lc_campaigns" in one]

    def test_location_codes_count(self, club: Club, limit: Callable[..., None]) -> None:
        limit(steps=metering.CAMPAIGN_STEPS + 400)
        member = club.member()
        codes = [f"l{number}" for number in range(401)]
        club.know(locations=codes)
        campaign(club, GENERIC, locationCodes=codes)
        assert tracked(club, member) == []
        assert "steps of evaluation" in log(club, member, status="failed")[0]["error"]

    def test_matchers_count_before_they_are_read(
        self, club: Club, limit: Callable[..., None], statements: list[str]
    ) -> None:
        """All audiences of an organization, each with a megabyte of values, were read for one call."""
        club.member()
        condition = {"attribute": "profile.name", "operator": "equals", "value": "x" * 4_000}
        for _ in range(4):
            new_audience(club, {"conditions": [condition] * 5})
        limit(steps=600)
        statements.clear()
        assert coded(club.get("/loyalty-members/ana/audiences")) == (400, "LIMIT_EXCEEDED")
        assert not [one for one in statements if "lc_audiences.name" in one]

    def test_deliveries_of_what_effects_cause_count(self, club: Club, limit: Callable[..., None]) -> None:
        member = club.member()
        for number in range(3):
            settings = {"url": f"https://example.org/{number}", "events": [MINTED]}
            club.made("/event-triggers", type="WebHook", name="t", settings=settings)
        action(club, campaign(club, GENERIC), *[mint(1)] * 4)
        limit(steps=1_500)
        assert tracked(club, member) == []
        assert "steps of evaluation" in log(club, member, status="failed")[0]["error"]
        limit(steps=2_500)
        assert len(tracked(club, member)) == 4
        limit(steps=10)
        path = f"/ledgers/{LEDGER}/wallets/{member['walletId']}/mint"
        assert club.post(path, json={"amount": 1}).status_code == 200, "a caller is not refused for deliveries"

    def test_active_triggers_are_limited(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(triggers, "ACTIVE_MAX", 2)
        body = {"type": "WebHook", "name": "t", "settings": {"url": "https://example.org/", "events": [MINTED]}}
        made = [club.post("/event-triggers", json=body) for _ in range(3)]
        assert [one.status_code for one in made] == [201, 201, 400]
        assert refusal(made[2]) == (400, "An organization has at most 2 active triggers.")
        resting = club.post("/event-triggers", json={**body, "active": False})
        assert resting.status_code == 201
        number = club.get("/event-triggers").json()["results"][-1]["triggerId"]
        assert coded(club.put(f"/event-triggers/{number}", json={**body, "active": True})) == (400, "TOO_MANY_TRIGGERS")
        assert club.put("/event-triggers/1", json={**body, "active": True}).status_code == 200
        assert club.put("/event-triggers/1", json={**body, "active": False}).status_code == 200
        assert club.put(f"/event-triggers/{number}", json={**body, "active": True}).status_code == 200

    def test_sets_of_a_batch_are_limited(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batches, "SET_ITEMS_MAX", 2)
        ana, ben = club.member("ana", points=10), club.member("ben")
        item = {
            "ledgerId": LEDGER,
            "ledgerAccountId": ACCOUNT,
            "fromWalletId": ana["walletId"],
            "toWalletId": ben["walletId"],
            "amount": 1,
        }
        for sets, status in (([1, 1, 2, 2], 200), ([1, 2, 1, 1], 400)):
            items = [{**item, "atomicSetId": number} for number in sets]
            answer = club.post("/ledger-transactions/batch", json={"items": items})
            assert answer.status_code == status, answer.text
        assert refusal(answer)[1] == "A set has at most 2 items with the same atomicSetId."
        assert club.points(ana["walletId"])[0] == 6

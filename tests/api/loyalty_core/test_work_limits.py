"""What one request may cause: steps of evaluation, effects and events, in its own unit of work and in all that
follow.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from models.kernel.budgets import Limits
from models.kernel.clock import DAY_MS
from models.kernel.times import iso
from models.loyalty_core.audiences import counts
from models.loyalty_core.campaigns.campaigns import create_campaign
from models.loyalty_core.campaigns.input import read_campaign
from models.loyalty_core.coupons import expiry
from models.loyalty_core.coupons.tables import CouponUsage
from models.loyalty_core.events.tables import LoggedEvent
from models.loyalty_core.expressions import Steps, metering
from models.loyalty_core.ledger import batches, lots
from models.loyalty_core.ledger.tables import Lot
from models.loyalty_core.members.tables import Member
from models.numbers import new_number
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, coded, refusal
from tests.api.loyalty_core.engine import (
    CONFIRMED,
    action,
    balance,
    bought,
    campaign,
    effect,
    expression,
    log,
    mint,
    track,
    tracked,
)
from tests.api.loyalty_core.test_audiences import ADULT, LIST, get, jobs, new_audience, patched
from tests.api.loyalty_core.test_coupon_books import new_book
from tests.support import asgi
from troth.outbox.units import OutboxUnits

GENERIC, MINTED = "member-generic-event", "ledger-transaction-created"
TEN = "[1,2,3,4,5,6,7,8,9,10]"
HEAVY = (
    f"any(map({TEN}, a => map({TEN}, b => map({TEN}, c => map({TEN}, d => map({TEN}, e => a*b*c*d*e))))), x => x > 0)"
)
"""More than a million steps."""
LIGHT = f"count({TEN}, a => count({TEN}, b => a == b)) == 10"
"""About 800 steps."""


@pytest.fixture
def units(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps that expressions took in each internal job."""
    taken: list[int] = []
    plain_spend, plain_run = Steps.spend, OutboxUnits.run_internal

    def spend(self: Steps, count: int = 1) -> None:
        if taken:
            taken[-1] += count
        plain_spend(self, count)

    def run_internal(self: OutboxUnits, *arguments: Any) -> Any:
        taken.append(0)
        return plain_run(self, *arguments)

    monkeypatch.setattr(Steps, "spend", spend)
    monkeypatch.setattr(OutboxUnits, "run_internal", run_internal)
    return taken


def rows(club: Club) -> list[LoggedEvent]:
    unit = club.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(LoggedEvent).order_by(LoggedEvent.id)))


def many_members(club: Club, count: int) -> None:
    """Members without events, wallets or programs."""
    unit = club.unit()
    with unit.transaction():
        unit.session.add_all(
            [
                Member(
                    tenant_id=unit.tenant_id,
                    id=new_number(unit, Member),
                    loyalty_member_id=f"many-{number}",
                    wallet_id=10_000 + number,
                    active=True,
                    on_chain={},
                    profile={},
                    custom_attributes={},
                    created_ms=unit.now_ms,
                    updated_ms=unit.now_ms,
                )
                for number in range(count)
            ]
        )


def many_campaigns(club: Club, count: int) -> None:
    """Campaigns that look at generic events and need an order."""
    unit = club.unit()
    with unit.transaction():
        for number in range(count):
            body = {"name": "n", "code": f"many-{number}", "eventType": GENERIC, "minSpendValue": 5}
            create_campaign(unit, read_campaign(body))


class TestEffects:
    def test_a_flood_of_effects_ends(self, club: Club) -> None:
        """Five campaigns of 20 mints each that look at mints:
        8,101 points and 8,000 failed events, but for the limit.
        """
        member = club.member()
        for _ in range(5):
            action(club, campaign(club, MINTED), *[mint(1)] * 20)
        assert club.post(f"/ledgers/{LEDGER}/wallets/{member['walletId']}/mint", json={"amount": 1}).status_code == 200
        assert balance(club, member) == 101
        minted = [row for row in rows(club) if row.type == MINTED]
        assert len(minted) == 101
        assert [row.status for row in minted] == ["success"] + ["failed"] * 100
        assert {row.error for row in minted[1:]} == {
            "One request causes at most 100 effects: this is beyond that limit."
        }
        assert club.get(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions").json()["totalCount"] == 101

    def test_what_exceeds_the_limit_fails_whole(self, club: Club, limit: Callable[..., None]) -> None:
        limit(effects=3)
        member, of = club.member(), campaign(club, GENERIC)
        action(club, of, *[mint(1)] * 3)
        assert len(tracked(club, member)) == 3
        action(club, of, effect("set-member-attribute", name="a", value=1))
        answer = track(club, member)
        assert (answer.status_code, answer.json()["effects"]) == (201, [])
        [failed] = log(club, member, status="failed")
        assert (failed["error"], failed["effects"]) == (
            "One request causes at most 3 effects: this is beyond that limit.",
            [],
        )
        assert balance(club, member) == 3

    def test_what_comes_of_an_event_counts_with_it(self, club: Club, limit: Callable[..., None]) -> None:
        limit(effects=5)
        member = club.member()
        action(club, campaign(club, GENERIC), *[mint(1)] * 2)
        action(club, campaign(club, MINTED), *[mint(10)] * 2)
        assert len(tracked(club, member)) == 2
        # 2 of the event, 2 of the first of its mints, and 2 more would be 6: nothing that comes of the event is
        # evaluated any more.
        assert balance(club, member) == 22
        assert [row.status for row in rows(club) if row.type == MINTED] == ["success", "failed", "failed", "failed"]
        root = next(row for row in rows(club) if row.type == GENERIC)
        assert (root.used_effects, root.used_events) == (6, 5), "what was undone was work too"

    def test_the_next_request_has_a_budget_of_its_own(self, club: Club, limit: Callable[..., None]) -> None:
        limit(effects=2)
        member = club.member()
        action(club, campaign(club, GENERIC), mint(1), mint(1))
        for _ in range(3):
            assert len(tracked(club, member)) == 2

    def test_each_code_of_an_assignment_counts(self, club: Club, limit: Callable[..., None]) -> None:
        limit(effects=5)
        member = club.member()
        book = new_book(club, codes=12)["couponBookId"]
        of = campaign(club, GENERIC)
        action(club, of, effect("assign-coupon", couponBookId=book, numberOfCodes=5))
        assert len(tracked(club, member)) == 1
        action(club, of, effect("assign-coupon", couponBookId=book, numberOfCodes=1))
        assert tracked(club, member) == []


class TestSteps:
    def test_a_rule_beyond_its_own_limit_is_passed_over(self, club: Club) -> None:
        member, of = club.member(), campaign(club, GENERIC)
        action(club, of, mint(1), rules=HEAVY)
        action(club, of, mint(5))
        [done] = tracked(club, member)
        assert (done["data"]["amount"], balance(club, member)) == (5, 5)
        [row] = log(club, member, eventType=GENERIC)
        assert (row["status"], row["ruleErrors"][0]["message"]) == ("success", "map: this takes more than 20000 steps")

    def test_many_rules_together_fail_the_event(self, club: Club) -> None:
        member, of = club.member(), campaign(club, GENERIC)
        action(club, of, mint(1))
        for _ in range(5):
            action(club, of, mint(1), rules=HEAVY)
        assert tracked(club, member) == []
        [row] = log(club, member, eventType=GENERIC)
        assert (row["status"], row["error"]) == (
            "failed",
            "One request causes at most 100000 steps of evaluation: this is beyond that limit.",
        )
        assert balance(club, member) == 0

    def test_parameters_count_too(self, club: Club, limit: Callable[..., None]) -> None:
        limit(steps=1_000)
        member = club.member()
        action(
            club,
            campaign(club, GENERIC),
            mint(expression(f"if {LIGHT} then 1 else 0")),
            mint(expression(f"if {LIGHT} then 1 else 0")),
        )
        assert tracked(club, member) == []
        assert "at most 1000 steps" in log(club, member, status="failed")[0]["error"]

    def test_steps_of_what_comes_of_an_event_count_with_it(self, club: Club, limit: Callable[..., None]) -> None:
        limit(steps=2_700)
        member = club.member()
        action(club, campaign(club, GENERIC), mint(1), mint(1), rules=LIGHT)
        action(club, campaign(club, MINTED), mint(10), rules=LIGHT)
        tracked(club, member)
        assert [row.status for row in rows(club) if row.type == MINTED] == ["success", "failed", "failed"]
        assert balance(club, member) == 12

    @pytest.mark.parametrize("count", [11, 300])
    def test_campaigns_that_are_looked_at_count(self, club: Club, limit: Callable[..., None], count: int) -> None:
        limit(steps=metering.CAMPAIGN_STEPS * (count - 1))
        member = club.member()
        many_campaigns(club, count)
        assert tracked(club, member) == []
        assert "steps of evaluation" in log(club, member, status="failed")[0]["error"]

    def test_an_order_stays_when_its_event_fails(self, club: Club, limit: Callable[..., None]) -> None:
        limit(steps=1_000)
        member = club.member()
        action(club, campaign(club, CONFIRMED), mint(1), rules=f"{LIGHT} and {LIGHT}")
        done = bought(club, member)
        assert (done["order"]["status"], done["evaluationResults"]["status"]) == ("confirmed", "failed")
        assert "at most 1000 steps" in done["evaluationResults"]["error"]


class TestCalls:
    """Calls that evaluate by themselves are refused as a whole."""

    def test_matching_audiences(self, club: Club, limit: Callable[..., None]) -> None:
        limit(steps=4_000)
        club.member()
        numbers = [new_audience(club, {"expression": LIGHT})["audienceId"] for _ in range(4)]
        assert club.post("/audiences/match", json={"audienceIds": numbers[:2], "member": {}}).json() == {
            "audienceIds": numbers[:2]
        }
        answer = club.post("/audiences/match", json={"audienceIds": numbers, "member": {}})
        assert refusal(answer) == (
            400,
            "One request causes at most 4000 steps of evaluation: this is beyond that limit.",
        )
        assert coded(club.get("/loyalty-members/ana/audiences")) == (400, "LIMIT_EXCEEDED")
        assert club.get(f"/loyalty-members/ana/audiences/{numbers[0]}/match").json() == {"match": True}

    def test_a_heavy_audience_matches_nobody(self, club: Club) -> None:
        club.member()
        number = new_audience(club, {"expression": HEAVY})["audienceId"]
        assert club.post("/audiences/match", json={"audienceIds": [number], "member": {}}).json() == {"audienceIds": []}
        assert club.get(f"/loyalty-members/ana/audiences/{number}/match").json() == {"match": False}

    def test_an_import_is_done_order_by_order(self, club: Club, limit: Callable[..., None]) -> None:
        limit(effects=1)
        member = club.member()
        action(club, campaign(club, CONFIRMED), mint(1))
        orders = [
            {"externalId": f"o{number}", "loyaltyMemberId": "ana", "type": "t", "total": 1, "status": "confirmed"}
            for number in range(5)
        ]
        results = club.post("/purchase-orders/import", json={"orders": orders}).json()["results"]
        assert [one["evaluationResults"]["status"] for one in results] == ["success"] * 5
        assert balance(club, member) == 5
        assert len({row.created_ms for row in rows(club) if row.type == CONFIRMED}) == 5, "each is committed by itself"


class TestCounts:
    def test_a_heavy_rule_is_counted_in_slices(self, club: Club, units: list[int]) -> None:
        """500 members took 500 evaluations of 100,000 steps in one unit."""
        many_members(club, 40)
        made = new_audience(club, {"expression": HEAVY})
        assert (made["memberCount"], made["refreshedAt"] >= made["createdAt"]) == (0, True)
        assert (get(club, made["audienceId"]), jobs(club)) == (made, [])
        assert len(units) > 5
        assert max(units) <= counts.SLICE_STEPS_MAX + 2 * Limits().member_steps

    def test_a_slice_may_end_between_two_audiences_of_one_member(
        self, club: Club, units: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counts, "SLICE_STEPS_MAX", 10)
        many_members(club, 7)
        numbers = [new_audience(club, ADULT)["audienceId"]]
        numbers += [
            new_audience(club, {"expression": f"member.memberId > {number}"})["audienceId"] for number in range(5)
        ]
        numbers += [new_audience(club, {"memberIds": [1, 2, 9]}, matcherType=LIST)["audienceId"]]
        expected = [get(club, number)["memberCount"] for number in numbers]
        assert expected == [0, 7, 6, 5, 4, 3, 2]
        unit = club.unit()
        with unit.transaction():
            counts.members_changed(unit)
        units.clear()
        club.advance(2 * DAY_MS)
        assert [get(club, number)["memberCount"] for number in numbers] == expected
        assert (jobs(club), max(units) < 100) == ([], True)

    def test_many_audiences_have_their_turns(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counts, "AUDIENCES_MAX", 2)
        monkeypatch.setattr(counts, "SLICE_MEMBERS_MAX", 3)
        numbers = [new_audience(club, {"expression": "true"})["audienceId"] for _ in range(5)]
        many_members(club, 7)
        unit = club.unit()
        with unit.transaction():
            counts.members_changed(unit)
        club.advance(2 * DAY_MS)
        assert [get(club, number)["memberCount"] for number in numbers] == [7] * 5
        assert jobs(club) == []
        assert patched(club, numbers[0], name="still there")["memberCount"] == 7


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)  # each unit of work holds up the event loop there
class TestTurns:
    """Other requests are served while a call with many items is under way."""

    def first_to_end(self, club: Club, path: str, body: dict[str, Any]) -> str:
        """What ends first: a long call, or one of another caller that comes right after it."""
        ended: list[str] = []
        headers = [("authorization", f"Bearer {club.token}"), ("content-type", "application/json")]

        async def call(name: str, method: str, target: str, content: bytes = b"") -> None:
            answer = await asgi.call(club.server.app, method, target, headers=headers, chunks=[content])
            assert answer.status == 200, answer.body
            ended.append(name)

        async def both() -> None:
            long = asyncio.create_task(call("long", "POST", f"{club.base}{path}", orjson.dumps(body)))
            await asyncio.sleep(0)
            await asyncio.gather(long, call("other", "GET", "/_troth/info"))

        asyncio.run(both())
        return ended[0]

    def test_an_import(self, club: Club) -> None:
        club.member()
        orders = [
            {"externalId": f"o{number}", "loyaltyMemberId": "ana", "type": "t", "total": 1, "status": "confirmed"}
            for number in range(20)
        ]
        assert self.first_to_end(club, "/purchase-orders/import", {"orders": orders}) == "other"

    def test_others_are_served_while_many_expressions_are_parsed(self, club: Club) -> None:
        text = "[" + ",".join(["a.b"] * 240) + "]"
        assert self.first_to_end(club, "/rules/expressions/parse", {"inputs": [{"expression": text}] * 10}) == "other"
        node = {"type": "list", "items": [{"type": "literal", "value": 1}] * 240}
        assert self.first_to_end(club, "/rules/expressions/from-ast", {"inputs": [{"node": node}] * 10}) == "other"

    def test_on_a_fixed_clock_the_same_tenant_waits(self, club: Club) -> None:
        """Else the numbers of the units, and with them ids, would depend on which of two requests was quicker."""
        member = club.member()
        orders = [
            {"externalId": f"o{number}", "loyaltyMemberId": "ana", "type": "t", "total": 1, "status": "confirmed"}
            for number in range(20)
        ]
        headers = [("authorization", f"Bearer {club.token}"), ("content-type", "application/json")]

        async def both() -> int:
            long = asyncio.create_task(
                asgi.call(
                    club.server.app,
                    "POST",
                    f"{club.base}/purchase-orders/import",
                    headers=headers,
                    chunks=[orjson.dumps({"orders": orders})],
                )
            )
            await asyncio.sleep(0)
            seen = await asgi.call(
                club.server.app, "GET", f"{club.base}/members/{member['memberId']}/purchase-orders", headers=headers
            )
            await long
            count: int = seen.json()["totalCount"]
            return count

        assert asyncio.run(both()) == 20

    def test_a_batch_of_transfers(self, club: Club) -> None:
        ana, ben = club.member("ana", points=500), club.member("ben")
        items = [
            {
                "ledgerId": LEDGER,
                "ledgerAccountId": ACCOUNT,
                "fromWalletId": ana["walletId"],
                "toWalletId": ben["walletId"],
                "amount": 1,
            }
        ] * 200
        assert self.first_to_end(club, "/ledger-transactions/batch", {"items": items}) == "other"
        assert (club.points(ana["walletId"])[0], club.points(ben["walletId"])[0]) == (300, 200)


class TestBatches:
    def test_sets_stay_together_and_places_are_those_of_the_batch(
        self, club: Club, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "SLICE_ITEMS_MAX", 2)
        ana, ben = club.member("ana", points=10), club.member("ben")

        def item(amount: int, **members: Any) -> dict[str, Any]:
            return {
                "ledgerId": LEDGER,
                "ledgerAccountId": ACCOUNT,
                "fromWalletId": ana["walletId"],
                "toWalletId": ben["walletId"],
                "amount": amount,
                **members,
            }

        items = [
            item(1),
            item(2, atomicSetId=1),
            item(100),
            item(3, atomicSetId=2),
            item(1, systemUniqueKey="once"),
            item(50, atomicSetId=2),
            item(1, atomicSetId=1),
            item(1, systemUniqueKey="once"),
        ]
        answer = club.post("/ledger-transactions/batch", json={"items": items}).json()
        assert [one["itemIndex"] for one in answer["processed"]] == [0, 1, 4, 6, 7]
        assert [one["itemIndex"] for one in answer["failed"]] == [2, 3, 5]
        assert answer["processed"][2]["transactions"] == answer["processed"][4]["transactions"]
        assert club.points(ana["walletId"])[0] == 5
        assert len({row.created_ms for row in rows(club) if row.type == "ledger-transaction-created"}) > 3, (
            "several units"
        )

    def test_an_item_of_a_bad_form_refuses_the_whole(self, club: Club) -> None:
        ana, ben = club.member("ana", points=100), club.member("ben")
        good = {
            "ledgerId": LEDGER,
            "ledgerAccountId": ACCOUNT,
            "fromWalletId": ana["walletId"],
            "toWalletId": ben["walletId"],
            "amount": 1,
        }
        answer = club.post(
            "/ledger-transactions/batch",
            json={"items": [good] * 50 + [{**good, "externalEventDate": "2016-12-31T23:59:60Z"}]},
        )
        assert (answer.status_code, club.points(ana["walletId"])[0]) == (400, 100)


class TestExpiry:
    """Jobs over many rows end after some of them, and leave the rest to the next job."""

    @pytest.fixture
    def fired(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        kinds: list[str] = []
        plain = OutboxUnits.run_internal

        def run_internal(self: OutboxUnits, *arguments: Any) -> Any:
            done = plain(self, *arguments)
            if done is not None:
                assert "error" not in done, done
                kinds.append(done["kind"])
            return done

        monkeypatch.setattr(OutboxUnits, "run_internal", run_internal)
        return kinds

    def test_coupons(self, club: Club, fired: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(expiry, "EXPIRED_AT_ONCE", 2)
        member = club.member()
        new_book(club, codes=5)
        answer = club.post(
            "/coupon-books/1/assign",
            json={"memberId": member["memberId"], "numberOfCodes": 5, "expiredAt": iso(club.now_ms + 60_000)},
        )
        assert answer.status_code == 200, answer.text
        club.advance(120_000)
        assert fired.count(expiry.COUPON_EXPIRY_JOB) == 3
        unit = club.unit()
        with unit.transaction() as session:
            assert {row.status for row in session.scalars(unit.scoped(CouponUsage))} == {"expired"}

    def test_points(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lots, "EXPIRED_AT_ONCE", 2)
        unit = club.unit()
        with unit.transaction():
            unit.session.add_all(
                [
                    Lot(tenant_id=unit.tenant_id, place="a1/w1", number=number, amount=10, expires_ms=1)
                    for number in range(1, 6)
                ]
            )
            assert [lots.take_due(unit, "a1/w1") for _ in range(4)] == [20, 20, 10, 0]
            unit.session.add(Lot(tenant_id=unit.tenant_id, place="a1/w1", number=9, amount=10, expires_ms=1))
            assert lots.next_expiry(unit, "a1/w1") == 1, "what is left is due at once"
            lots.take_due(unit, "a1/w1")

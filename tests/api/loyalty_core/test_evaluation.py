"""Events in, effects out: which campaigns an event is for, what they do, and what holds when something fails."""

from typing import Any

import pytest

from models.kernel.budgets import LIMITS, Limits
from models.kernel.clock import DAY_MS, FIXED_START_MS, HOUR_MS
from models.kernel.times import iso
from models.loyalty_core.members.badges import put_badge
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club
from tests.api.loyalty_core.engine import (
    CONFIRMED,
    action,
    balance,
    bought,
    campaign,
    effect,
    event_type,
    expression,
    ids,
    log,
    mint,
    track,
    tracked,
)
from tests.api.loyalty_core.test_programs import new_program
from tests.api.loyalty_core.test_tiers import new_tier

GENERIC = "member-generic-event"


def put_campaign(club: Club, of: dict[str, Any], **members: Any) -> None:
    answer = club.put(f"/campaigns/{of['campaignId']}", json={"name": of["name"], "code": of["code"], **members})
    assert answer.status_code == 200, answer.text


def _main_account(club: Club) -> int:
    """Another account of the ledger, made the main one of the default program."""
    rules = {"active": True, "isRevolving": True, "syncAlgorand": False}
    number: int = club.made(f"/ledgers/{LEDGER}/accounts", name="Main", **rules)["ledgerAccountId"]
    program = {"active": True, "name": "Club", "ledgerId": LEDGER, "description": "Ours", "setAsDefault": True}
    answer = club.put(f"/loyalty-programs/{PROGRAM}", json={**program, "mainLedgerAccountId": number})
    assert answer.status_code == 200, answer.text
    return number


class TestConditions:
    """Each condition of a campaign by itself: with it the campaign gives 5 points, or it does not."""

    @pytest.fixture(autouse=True)
    def _known(self, club: Club) -> None:
        club.know(audiences=["nobody-knows"], tiers=["captain"], locations=["pier-3", "pier-4", "x"])

    def gives(self, club: Club, member: dict[str, Any], **conditions: Any) -> bool:
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5}, **conditions)
        before = balance(club, member)
        bought(club, member, 10, customAttributes={"locationCode": "pier-3"})
        return balance(club, member) == before + 5

    @pytest.mark.parametrize(
        ("conditions", "gives"),
        [
            ({}, True),
            ({"active": False}, False),
            ({"validFrom": iso(FIXED_START_MS)}, True),
            ({"validFrom": iso(FIXED_START_MS + DAY_MS)}, False),
            ({"validTo": iso(FIXED_START_MS + 10_000 * DAY_MS)}, True),
            ({"validTo": iso(FIXED_START_MS - DAY_MS)}, False),
            ({"locationCodes": ["pier-3", "x"]}, True),
            ({"locationCodes": ["pier-4"]}, False),
            ({"minSpendValue": 10}, True),
            ({"minSpendValue": 10.0001}, False),
            ({"loyaltyTierKeys": ["member"]}, True),
            ({"loyaltyTierKeys": ["captain"]}, False),
            ({"audienceKeys": ["nobody-knows"]}, False),
        ],
    )
    def test_one_by_one(self, club: Club, conditions: dict[str, Any], *, gives: bool) -> None:
        if "validFrom" in conditions or "validTo" in conditions:  # the clock is shared: relative to now
            shift = club.now_ms - FIXED_START_MS
            name, at = next(iter(conditions.items()))
            conditions = {
                name: iso(
                    {
                        iso(FIXED_START_MS): 0,
                        iso(FIXED_START_MS + DAY_MS): DAY_MS,
                        iso(FIXED_START_MS + 10_000 * DAY_MS): 10_000 * DAY_MS,
                        iso(FIXED_START_MS - DAY_MS): -DAY_MS,
                    }[at]
                    + FIXED_START_MS
                    + shift
                )
            }
        assert self.gives(club, club.member(), **conditions) is gives

    def test_days_of_the_week_are_those_of_the_clock(self, club: Club) -> None:
        member = club.member()
        days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        for day in days:
            campaign(club, CONFIRMED, code=day, smartRewards={"fixedPoints": 1}, daysOfWeek=[day])
        seen = []
        for _ in range(7):
            [effect_] = bought(club, member)["evaluationResults"]["effects"]
            seen.append(club.get(f"/campaigns/{effect_['sourceId']}").json()["campaign"]["code"])
            club.advance(DAY_MS)
        first = days.index(seen[0])
        assert seen == days[first:] + days[:first]
        weekday = (club.now_ms // DAY_MS + 3) % 7
        assert days[weekday] == seen[0]

    def test_only_members_of_its_program(self, club: Club) -> None:
        other = new_program(club)
        assert not self.gives(club, club.member(), loyaltyProgramId=other["loyaltyProgramId"])

    def test_the_end_of_validity_is_part_of_it(self, club: Club) -> None:
        member = club.member()
        until = club.now_ms + HOUR_MS
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5}, validTo=iso(until))
        club.advance(until - club.now_ms)
        bought(club, member)
        assert balance(club, member) == 5
        assert club.now_ms > until
        bought(club, member)
        assert balance(club, member) == 5

    def test_audiences_and_tiers_by_what_the_member_is_now(self, club: Club) -> None:
        member = club.member(memberType="vip")
        club.made(
            "/audiences",
            active=True,
            organizationId=club.id,
            name="VIPs",
            matcherType="attribute-matcher",
            segmentKey="vips",
            matcher={"expression": 'member.memberType == "vip"'},
        )
        assert self.gives(club, member, audienceKeys=["vips"])
        club.patch(f"/members/{member['memberId']}", json={"memberType": "plain"})
        bought(club, member)
        assert balance(club, member) == 5

    def test_a_type_and_topics_are_all_looked_at(self, club: Club) -> None:
        member, code = club.member(), event_type(club)
        campaign(club, CONFIRMED, enabledTopics=[code], smartRewards={"fixedPoints": 1})
        campaign(club, GENERIC, smartRewards={"fixedPoints": 10})
        campaign(club, None, smartRewards={"fixedPoints": 100})
        tracked(club, member, code)
        assert balance(club, member) == 11
        bought(club, member)
        assert balance(club, member) == 12
        tracked(club, member)
        assert balance(club, member) == 22

    def test_an_updated_campaign_looks_at_other_events(self, club: Club) -> None:
        member = club.member()
        made = campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5})
        put_campaign(club, made, eventType=GENERIC)
        bought(club, member)
        assert balance(club, member) == 0
        tracked(club, member)
        assert balance(club, member) == 5
        put_campaign(club, made, active=False)
        tracked(club, member)
        assert balance(club, member) == 5

    def test_the_place_of_a_tracked_event_is_in_its_payload(self, club: Club) -> None:
        member = club.member()
        campaign(club, GENERIC, locationCodes=["pier-3"], smartRewards={"fixedPoints": 5})
        tracked(club, member, payload={"locationCode": "pier-4"})
        assert balance(club, member) == 0
        tracked(club, member, payload={"locationCode": "pier-3"})
        assert balance(club, member) == 5


class TestSmartRewards:
    @pytest.mark.parametrize(
        ("rewards", "order", "points"),
        [
            ({"fixedPoints": 7}, {"total": 0}, 7),
            ({"pointsPerCurrencyUnit": 10}, {"total": 12.5}, 125),
            ({"pointsPerCurrencyUnit": 0.1}, {"total": 30}, 3),
            ({"pointsPerCurrencyUnit": 0.1}, {"total": 29.9}, 2),
            ({"pointsPerCurrencyUnit": 1, "multiplier": 1.5}, {"total": 3}, 4),
            ({"fixedPoints": 3, "pointsPerCurrencyUnit": 2, "multiplier": 2}, {"total": 5}, 26),
            ({"pointsPerCurrencyUnit": 10}, {"total": 12.5, "discountedTotal": 10}, 100),
            ({"multiplier": 3}, {"total": 5}, 0),
            ({}, {"total": 5}, 0),
        ],
    )
    def test_points(self, club: Club, rewards: dict[str, Any], order: dict[str, Any], points: int) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards=rewards)
        effects = bought(club, member, **order)["evaluationResults"]["effects"]
        assert balance(club, member) == points
        assert [one["data"]["amount"] for one in effects] == ([points] if points else [])

    def test_another_account(self, club: Club) -> None:
        member = club.member()
        stamps = club.made(
            f"/ledgers/{LEDGER}/accounts",
            name="Stamps",
            active=True,
            isCurrency=False,
            decimals=0,
            isRevolving=False,
            pointTrackingEnabled=False,
            syncAlgorand=False,
            expiresInMonths=0,
        )["ledgerAccountId"]
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 2, "ledgerId": LEDGER, "ledgerAccountId": stamps})
        bought(club, member)
        assert club.points(member["walletId"], stamps) == (2, 2)
        assert balance(club, member) == 0

    def test_without_a_program_the_account_is_the_main_one_of_the_default_program(self, club: Club) -> None:
        member, main = club.member(), _main_account(club)
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 2}, loyaltyProgramId=None)
        action(club, campaign(club, CONFIRMED, loyaltyProgramId=None), mint(3))
        bought(club, member)
        assert (club.points(member["walletId"], main)[0], balance(club, member)) == (5, 0)

    def test_of_a_ledger_that_is_named_it_is_the_ledgers_own(self, club: Club) -> None:
        member, main = club.member(), _main_account(club)
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 2, "ledgerId": LEDGER}, loyaltyProgramId=None)
        bought(club, member)
        assert (club.points(member["walletId"], main)[0], balance(club, member)) == (0, 2)


class TestActions:
    def test_rules_and_effects_in_the_order_of_the_index(self, club: Club) -> None:
        member = club.member()
        of = campaign(club, CONFIRMED)
        third = action(club, of, mint(3), actionIndex=9)
        first = action(club, of, mint(expression("order.total * 2")), actionIndex=1, rules="order.total > 5")
        action(club, of, mint(1000), actionIndex=2, rules="order.total > 500")
        action(club, of, mint(2000), actionIndex=3, status="draft")
        action(club, of, mint(2000), actionIndex=4, status="disabled")
        effects = bought(club, member, 12.75)["evaluationResults"]["effects"]
        assert [(one["actionId"], one["data"]["amount"]) for one in effects] == [
            (first["actionId"], 25),
            (third["actionId"], 3),
        ]
        assert all(one["source"] == "campaign" and one["sourceId"] == of["campaignId"] for one in effects)
        assert balance(club, member) == 28

    def test_a_false_rule_can_end_the_campaign_but_no_other(self, club: Club) -> None:
        member, of, other = club.member(), campaign(club, CONFIRMED), campaign(club, CONFIRMED)
        action(club, of, mint(1))
        action(club, of, mint(10), rules="false", abortEvaluationIfFalse=True)
        action(club, of, mint(100))
        action(club, other, mint(1000))
        bought(club, member)
        assert balance(club, member) == 1001

    def test_a_rule_without_a_value_is_passed_over_and_reported(self, club: Club) -> None:
        member, of = club.member(), campaign(club, CONFIRMED)
        broken = action(club, of, mint(10), rules="member.profile * 2 > 1")
        action(club, of, mint(100))
        results = bought(club, member)["evaluationResults"]
        assert results["status"] == "success"
        assert [(one["campaignId"], one["actionId"]) for one in results["ruleErrors"]] == [
            (of["campaignId"], broken["actionId"])
        ]
        assert balance(club, member) == 100
        assert log(club, member, eventType=CONFIRMED)[0]["ruleErrors"] == results["ruleErrors"]

    def test_a_rule_without_a_value_can_end_the_campaign(self, club: Club) -> None:
        member, of = club.member(), campaign(club, CONFIRMED)
        action(club, of, mint(1))
        action(club, of, mint(10), rules="member.profile * 2 > 1", abortEvaluationOnError=True)
        action(club, of, mint(100))
        assert bought(club, member)["evaluationResults"]["status"] == "success"
        assert balance(club, member) == 1


class TestEffects:
    def done(self, club: Club, member: dict[str, Any], *effects: dict[str, Any]) -> list[dict[str, Any]]:
        of = campaign(club, GENERIC)
        action(club, of, *effects)
        return tracked(club, member, payload={"points": 4, "city": "Split"})

    def test_burn(self, club: Club) -> None:
        member = club.member(points=10)
        [done] = self.done(
            club, member, effect("burn-points", amount=expression("event.payload.points"), description="A fee")
        )
        assert (done["effectId"], done["data"]["amount"], balance(club, member)) == ("burn-points", 4, 6)
        assert self.done_nothing(club, member)

    def done_nothing(self, club: Club, member: dict[str, Any]) -> bool:
        of = campaign(club, CONFIRMED)
        action(club, of, effect("burn-points", amount=0), mint(0))
        before = balance(club, member)
        effects = bought(club, member)["evaluationResults"]["effects"]
        return [one["data"]["amount"] for one in effects] == [0, 0] and balance(club, member) == before

    def test_mint_says_which_campaign_it_was(self, club: Club) -> None:
        member = club.member()
        [done] = self.done(club, member, mint(3, tags=["gift"], description="For you"))
        rows = club.get(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions").json()["results"]
        assert [(row["ledgerTransactionId"], row["amount"], row["tags"], row["description"]) for row in rows] == [
            (done["data"]["ledgerTransactionId"], 3, ["gift"], "For you")
        ]
        assert rows[0]["externalId"].startswith("campaign/")

    def test_set_a_tier_for_some_days(self, club: Club) -> None:
        tier, member = new_tier(club), club.member()
        [done] = self.done(
            club, member, effect("set-tier", loyaltyProgramId=PROGRAM, loyaltyTierId=tier["loyaltyTierId"], days=2)
        )
        until = iso(club.now_ms - 1 + 2 * DAY_MS)
        assert done["data"] == {"loyaltyProgramId": PROGRAM, "loyaltyTierId": tier["loyaltyTierId"], "expiresAt": until}
        [program] = club.get(f"/members/{member['memberId']}").json()["loyalMember"]["loyaltyPrograms"]
        assert (program["loyaltyTierId"], program["tierExpiresAt"]) == (tier["loyaltyTierId"], until)
        club.advance(2 * DAY_MS)
        [program] = club.get(f"/members/{member['memberId']}").json()["loyalMember"]["loyaltyPrograms"]
        assert program["loyaltyTierId"] == 1

    def test_set_an_attribute_and_leave_the_others(self, club: Club) -> None:
        member = club.member(customAttributes={"size": "large"})
        self.done(
            club,
            member,
            effect("set-member-attribute", name="city", value=expression("event.payload.city")),
            effect("set-member-attribute", name="vip", value=True),
        )
        assert club.get(f"/members/{member['memberId']}").json()["loyalMember"]["customAttributes"] == {
            "size": "large",
            "city": "Split",
            "vip": True,
        }

    def test_attributes_have_bounds(self, club: Club) -> None:
        member = club.member(customAttributes={str(number): number for number in range(100)})
        assert self.done(club, member, effect("set-member-attribute", name="7", value="changed"))
        _, failed = self.done(club, member, effect("set-member-attribute", name="one more", value=1))
        assert failed["data"]["applied"] is False
        assert "at most 100" in failed["data"]["reason"]
        other = club.member("ben")
        action(club, campaign(club, CONFIRMED), effect("set-member-attribute", name="order", value=expression("order")))
        [failed] = bought(club, other, customAttributes={"note": "x" * 2_000})["evaluationResults"]["effects"]
        assert failed["data"]["applied"] is False

    def test_amounts_are_what_is_meant_and_not_what_is_near_in_binary(self, club: Club) -> None:
        member = club.member()
        action(club, campaign(club, CONFIRMED), mint(expression("order.total * 1.15")))
        for total, points in ((100, 115), (33.3, 38), (0.86, 0)):
            assert bought(club, member, total)["evaluationResults"]["effects"][0]["data"]["amount"] == points

    def test_the_whole_part_of_an_amount_is_that_of_the_decimal_number(self, club: Club) -> None:
        member = club.member()
        action(
            club,
            campaign(club, CONFIRMED),
            mint(expression("floor(order.total * 100)")),
            mint(expression("order.total * 100 - 0.0000001")),
        )
        for total, points in ((1.15, 115), (2.3, 230), (0.29, 29)):
            exact, below = bought(club, member, total)["evaluationResults"]["effects"]
            assert (exact["data"]["amount"], below["data"]["amount"]) == (points, points - 1)

    def test_a_badge_is_minted_once(self, club: Club) -> None:
        unit = club.unit()
        with unit.transaction():
            put_badge(unit, "explorer", "Explorer")
        member = club.member()
        first, second = self.done(
            club, member, effect("mint-badge", badgeKey="explorer"), effect("mint-badge", badgeKey="explorer")
        )
        assert (first["data"]["minted"], second["data"]["minted"]) == (True, False)
        assert [row["data"]["badgeKey"] for row in log(club, member, eventType="badge-minted")] == ["explorer"]

    def test_assign_a_coupon(self, club: Club) -> None:
        book = club.made(
            "/coupon-books", name="Free coffee", type="free", publishingStatus="published", requiredPointsConfig={}
        )
        club.made(f"/coupon-books/{book['couponBookId']}/coupons", codes=["A1", "A2"])
        member = club.member()
        [done] = self.done(club, member, effect("assign-coupon", couponBookId=book["couponBookId"]))
        assert [usage["memberId"] for usage in done["data"]["couponUsages"]] == [member["memberId"]]
        club.advance(0)
        assert len(log(club, member, eventType="coupon-code-assigned")) == 1

    def test_increment_a_mission(self, club: Club) -> None:
        mission = club.made(
            "/missions",
            loyaltyProgramId=PROGRAM,
            name="Reviews",
            code="reviews",
            eventType="badge-minted",
            maxRepetitions=5,
            goalCount=2,
            pointsAccrual=50,
        )
        member = club.member()
        [done] = self.done(club, member, effect("increment-mission", missionId=mission["missionId"], amount=5))
        assert done["data"]["balance"]["timesAchieved"] == 2
        assert balance(club, member) == 100

    def test_track_an_event_that_is_evaluated_in_turn(self, club: Club) -> None:
        member, code = club.member(), event_type(club, "second")
        campaign(club, code, smartRewards={"fixedPoints": 9})
        [done] = self.done(club, member, effect("track-event", eventType=code, payload={"a": 1}))
        assert done["data"]["eventType"] == code
        assert balance(club, member) == 9
        [_, caused] = log(club, member, eventType=GENERIC)
        assert (caused["topic"], caused["status"], caused["data"]["payload"], caused["eventId"]) == (
            code,
            "success",
            {"a": 1},
            done["data"]["eventId"],
        )
        assert caused["causes"] == ["campaign/2"]


class TestNothingLeftToGive:
    """How a promotion ends: what has nothing left to give must not cost the member what else the event brings."""

    def test_a_coupon_book_at_its_limits(self, club: Club) -> None:
        book = club.made(
            "/coupon-books",
            name="Free coffee",
            type="free",
            publishingStatus="published",
            requiredPointsConfig={},
            maxAssignedPerMember=1,
        )["couponBookId"]
        club.made(f"/coupon-books/{book}/coupons", codes=["A1", "A2"])
        member = club.member()
        campaign(club, GENERIC, smartRewards={"fixedPoints": 5})
        action(club, campaign(club, GENERIC), effect("assign-coupon", couponBookId=book))
        assert [one["data"].get("applied") for one in tracked(club, member)] == [None, True]
        second = tracked(club, member)[1]["data"]
        assert (second["couponUsages"], second["applied"]) == ([], False)
        assert "may have 0 more coupons" in second["reason"]
        assert balance(club, member) == 10
        assert len(log(club, member, eventType="coupon-code-assigned")) == 1

    def test_a_coupon_that_costs_more_points_than_there_are(self, club: Club) -> None:
        book = club.made(
            "/coupon-books",
            name="Mug",
            type="gift",
            publishingStatus="published",
            requiredPointsConfig={},
            assignmentRequiredPoints=50,
        )["couponBookId"]
        club.made(f"/coupon-books/{book}/coupons", codes=["A1"])
        member = club.member(points=20)
        action(club, campaign(club, GENERIC), effect("assign-coupon", couponBookId=book), mint(1))
        assert [one["data"].get("applied") for one in tracked(club, member)] == [False, None]
        assert balance(club, member) == 21
        assert club.get(f"/coupon-books/{book}").json()["couponBook"]["assignedCount"] == 0

    def test_a_mission_that_is_over(self, club: Club) -> None:
        mission = club.made(
            "/missions",
            loyaltyProgramId=PROGRAM,
            name="Once",
            code="once",
            eventType="badge-minted",
            maxRepetitions=1,
            goalCount=1,
        )["missionId"]
        member = club.member()
        action(club, campaign(club, GENERIC), effect("increment-mission", missionId=mission), mint(1))
        assert [one["data"].get("applied") for one in tracked(club, member)] == [True, None]
        incremented, _ = tracked(club, member)
        assert incremented["data"] == {
            "missionId": mission,
            "balance": None,
            "applied": False,
            "reason": f"The mission {mission} has been achieved as often as it may be.",
        }
        assert balance(club, member) == 2


class TestTogether:
    def failing(self, club: Club) -> dict[str, Any]:
        first, second = campaign(club, GENERIC), campaign(club, GENERIC)
        action(
            club,
            first,
            mint(5),
            effect("set-member-attribute", name="seen", value=1),
            effect("track-event", eventType=GENERIC),
        )
        action(club, second, effect("burn-points", amount=1_000))
        return club.member()

    def test_effects_of_one_event_stand_or_fall_together(self, club: Club) -> None:
        member = self.failing(club)
        answer = track(club, member, systemUniqueKey="once")
        assert answer.status_code == 201
        assert answer.json() == {"systemUniqueKey": "once", "effects": []}
        [row] = log(club, member, eventType=GENERIC)
        assert (row["status"], row["effects"]) == ("failed", [])
        assert "points" in row["error"]
        assert balance(club, member) == 0
        assert club.get(f"/members/{member['memberId']}").json()["loyalMember"]["customAttributes"] == {}
        assert club.get(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions").json()["totalCount"] == 0
        assert len(log(club, member)) == 3, "the member, the tier and the event: what effects caused is gone with them"

    def test_a_failed_event_is_answered_again_and_not_evaluated_again(self, club: Club) -> None:
        member = self.failing(club)
        track(club, member, systemUniqueKey="once")
        club.post(f"/ledgers/{LEDGER}/wallets/{member['walletId']}/mint", json={"amount": 5_000})
        assert track(club, member, systemUniqueKey="once").json() == {"systemUniqueKey": "once", "effects": []}
        assert balance(club, member) == 5_000
        assert ids(tracked(club, member, systemUniqueKey="twice")) == [
            "mint-points",
            "set-member-attribute",
            "track-event",
            "burn-points",
        ]
        assert balance(club, member) == 3_005, (
            "5 more; 1,000 less for the event, and for the one that the first campaign caused"
        )

    def test_a_parameter_without_a_value_fails_its_effect(self, club: Club) -> None:
        member, of = club.member(), campaign(club, GENERIC)
        action(club, of, mint(expression("event.payload.missing")))
        [failed] = tracked(club, member)
        assert failed["data"]["reason"].startswith("mint-points/parameters/amount")

    def test_what_a_caller_did_stays_when_what_it_leads_to_fails(self, club: Club) -> None:
        of = campaign(club, "member-created")
        action(club, of, effect("burn-points", amount=5))
        member = club.member()
        [row] = log(club, member, eventType="member-created")
        assert row["status"] == "failed"
        assert club.get(f"/members/{member['memberId']}").status_code == 200


class TestChains:
    def test_events_of_the_platform_are_evaluated_before_the_answer(self, club: Club) -> None:
        campaign(club, "member-created", smartRewards={"fixedPoints": 50}, loyaltyProgramId=PROGRAM)
        member = club.member()
        assert balance(club, member) == 50
        created = log(club, member, eventType="member-created")[0]
        assert (created["status"], ids(created["effects"]), created["causes"]) == ("success", ["mint-points"], [])
        minted = log(club, member, eventType="ledger-transaction-created")[0]
        assert minted["causes"] == ["campaign/1"]

    def test_a_campaign_does_not_look_at_what_it_caused(self, club: Club) -> None:
        campaign(club, "ledger-transaction-created", smartRewards={"fixedPoints": 1})
        member = club.member(points=10)
        assert balance(club, member) == 11
        assert [row["causes"] for row in log(club, member, eventType="ledger-transaction-created")] == [
            [],
            ["campaign/1"],
        ]

    def test_two_campaigns_do_not_chase_each_other(self, club: Club) -> None:
        campaign(club, "ledger-transaction-created", smartRewards={"fixedPoints": 1})
        campaign(club, "ledger-transaction-created", smartRewards={"fixedPoints": 2})
        member = club.member(points=100)
        # 1 and 2 for the mint; then 2 for the 1, and 1 for the 2, and nobody is left.
        assert balance(club, member) == 106

    def test_a_flood_ends_at_its_number(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(club.server.runtime.services, LIMITS, Limits(effects=10_000))
        member, code = club.member(), event_type(club, "flood")
        for _ in range(5):
            action(
                club, campaign(club, code), effect("track-event", eventType=code), effect("track-event", eventType=code)
            )
        tracked(club, member, code)
        failed = log(club, member, eventType=GENERIC, status="failed", order="eventId,desc")
        assert failed[0]["error"] == "One request causes at most 100 events to evaluate: this is beyond that limit."
        done = club.get(
            f"/members/{member['memberId']}/events", params={"status": "success", "eventType": GENERIC}
        ).json()["totalCount"]
        assert done == 101, "the first one, and the first hundred that came of it"

    def test_a_chain_ends_at_its_depth(self, club: Club) -> None:
        member = club.member()
        codes = [event_type(club, f"step-{number:02}") for number in range(12)]
        for one, following in zip(codes, [*codes[1:], None], strict=True):
            of = campaign(club, one, smartRewards={"fixedPoints": 1})
            if following is not None:
                action(club, of, effect("track-event", eventType=following))
        tracked(club, member, codes[0])
        rows = log(club, member, eventType=GENERIC)
        assert [row["status"] for row in rows] == ["success"] * 9 + ["failed"]
        assert [len(row["causes"]) for row in rows] == list(range(10))
        assert "causes" in rows[-1]["error"]
        assert balance(club, member) == 9


class TestMonthlyLimit:
    def test_no_more_than_the_limit_in_a_month_of_the_clock(self, club: Club) -> None:
        member, other = club.member(), club.member("ben")
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 40}, pointsMonthlyLimitPerMember=100)
        for _ in range(3):
            effects = bought(club, member)["evaluationResults"]["effects"]
        assert balance(club, member) == 80
        assert effects[0]["data"] == {
            "amount": 0,
            "ledgerTransactionId": None,
            "requestedAmount": 40,
            "limitReached": True,
        }
        bought(club, other)
        assert balance(club, other) == 40
        club.advance(31 * DAY_MS)
        bought(club, member)
        assert balance(club, member) == 120

    def test_what_was_given_before_there_was_a_limit_counts(self, club: Club) -> None:
        member = club.member()
        of = campaign(club, CONFIRMED, smartRewards={"fixedPoints": 40})
        for key in "abc":
            bought(club, member, key=key)
        put_campaign(club, of, pointsMonthlyLimitPerMember=150)
        bought(club, member)
        assert balance(club, member) == 120
        bought(club, member, status="cancelled", key="a")
        bought(club, member)
        assert balance(club, member) == 120

    def test_all_that_one_event_brings_counts_before_there_is_a_limit(self, club: Club) -> None:
        member = club.member()
        of = campaign(club, CONFIRMED, smartRewards={"fixedPoints": 40})
        action(club, of, mint(30), mint(20))
        bought(club, member, key="a")
        bought(club, member, key="b")
        assert balance(club, member) == 180
        put_campaign(club, of, pointsMonthlyLimitPerMember=185, allowPartialApplicationOnLimit=True)
        bought(club, member)
        assert balance(club, member) == 185

    def test_a_part_where_the_campaign_allows_it(self, club: Club) -> None:
        member = club.member()
        campaign(
            club,
            CONFIRMED,
            smartRewards={"fixedPoints": 40},
            pointsMonthlyLimitPerMember=100,
            allowPartialApplicationOnLimit=True,
        )
        amounts = [bought(club, member)["evaluationResults"]["effects"][0]["data"]["amount"] for _ in range(4)]
        assert amounts == [40, 40, 20, 0]
        assert balance(club, member) == 100

    def test_each_campaign_has_its_own_and_failed_events_use_nothing_of_it(self, club: Club) -> None:
        member = club.member()
        first = campaign(club, CONFIRMED, smartRewards={"fixedPoints": 60}, pointsMonthlyLimitPerMember=60)
        second = campaign(club, CONFIRMED, smartRewards={"fixedPoints": 7}, pointsMonthlyLimitPerMember=7)
        broken = action(club, second, effect("burn-points", amount=10_000))
        assert bought(club, member)["evaluationResults"]["status"] == "failed"
        club.put(
            f"/campaigns/{second['campaignId']}/actions/{broken['actionId']}",
            json={"name": "Step", "status": "disabled", "effects": {"items": []}},
        )
        bought(club, member)
        assert balance(club, member) == 67
        assert first["campaignId"] != second["campaignId"]

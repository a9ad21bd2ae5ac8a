"""A confirmed order that is sent again with another sum adjusts its points; its mints are found by its external id."""

from typing import Any

import pytest

from models.loyalty_core.orders.tables import OrderPoints
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club
from tests.api.loyalty_core.engine import (
    CONFIRMED,
    ORDER,
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
)
from tests.api.loyalty_core.test_missions import new_mission, standing

PER_UNIT = {"smartRewards": {"pointsPerCurrencyUnit": 2}}


def sums(club: Club, member: dict[str, Any], *totals: float, **order: Any) -> list[int]:
    """The member's balance after a confirmed order and its amendments."""
    balances = []
    for total in totals:
        bought(club, member, total, key="o", **order)
        balances.append(balance(club, member))
    return balances


@pytest.fixture
def member(club: Club) -> dict[str, Any]:
    return club.member()


class TestAmendedOrders:
    @pytest.mark.parametrize(
        ("totals", "balances"),
        [
            ((100, 60), [200, 120]),
            ((100, 150), [200, 300]),
            ((100, 150, 100, 30.5), [200, 300, 200, 61]),
            ((100, 50, 100, 50, 75), [200, 100, 200, 100, 150]),
            ((100, 0, 100), [200, 0, 200]),
            ((0, 100, 0), [0, 200, 0]),
            ((100, 100), [200, 200]),
        ],
    )
    def test_points_follow_what_the_order_comes_to(
        self, club: Club, member: dict[str, Any], totals: tuple[float, ...], balances: list[int]
    ) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        assert sums(club, member, *totals) == balances

    def test_a_cancelled_order_takes_back_what_its_amendments_gave(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100, 50, 150)
        bought(club, member, 150, "partially-returned", key="o", discountedTotal=75)
        assert balance(club, member) == 150
        bought(club, member, 150, "returned", key="o")
        assert balance(club, member) == 0

    def test_fixed_points_are_given_once_and_a_threshold_that_is_reached_now_counts(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 10})
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 7}, minSpendValue=100)
        assert sums(club, member, 50, 99, 100, 1000) == [10, 10, 17, 17]

    def test_two_mints_of_one_campaign_are_told_apart_by_their_account_and_sum(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        other = {"name": "Other", "active": True, "isRevolving": False, "syncAlgorand": False}
        number = club.made(f"/ledgers/{LEDGER}/accounts", **other, pointTrackingEnabled=False, expiresInMonths=0)[
            "ledgerAccountId"
        ]
        of = campaign(club, CONFIRMED, **PER_UNIT)
        action(club, of, mint(expression("order.total")), mint(expression("order.total * 3"), ledgerAccountId=number))
        assert sums(club, member, 10, 20) == [30, 60]
        assert club.points(member["walletId"], number)[0] == 60

    def test_nothing_but_points_is_done_again(self, club: Club, member: dict[str, Any]) -> None:
        new_mission(club, eventType=CONFIRMED, maxRepetitions=9)
        of = campaign(club, CONFIRMED)
        action(club, of, effect("set-member-attribute", name="n", value=1), mint(expression("order.total")))
        bought(club, member, 10, key="o")
        again = bought(club, member, 15, key="o")["evaluationResults"]
        assert [(one["effectId"], one["data"]["amount"]) for one in again["effects"]] == [("mint-points", 5)]
        assert standing(club, member)[0] == 1
        assert [row["eventId"] for row in log(club, member, eventType=CONFIRMED)] == [again["eventId"]]

    def test_what_is_taken_back_has_events(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100)
        [burn] = bought(club, member, 90, key="o")["evaluationResults"]["effects"]
        assert (burn["effectId"], burn["data"]["amount"]) == ("burn-points", 20)

    def test_the_limit_of_the_month_holds(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT, pointsMonthlyLimitPerMember=250, allowPartialApplicationOnLimit=True)
        assert sums(club, member, 100, 150, 100, 110) == [200, 250, 200, 220]

    def test_a_campaign_that_has_ended_gives_nothing_more_and_keeps_what_it_gave(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        of = campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100)
        club.put(f"/campaigns/{of['campaignId']}", json={"name": "n", "code": of["code"], "active": False})
        assert sums(club, member, 150, 75) == [200, 150]

    def test_a_campaign_that_was_made_after_the_order_gives_nothing_for_it(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        sums(club, member, 100)
        campaign(club, CONFIRMED, **PER_UNIT)
        assert sums(club, member, 150) == [0]
        bought(club, member, 10)
        assert (balance(club, member), sums(club, member, 100)) == (20, [20])

    def test_an_order_that_is_not_confirmed_yet_has_no_points(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        for total in (10, 20):
            assert bought(club, member, total, "created", key="o")["evaluationResults"] in (None, ANY_WITHOUT_EFFECTS)
        assert ids(bought(club, member, 30, key="o")["evaluationResults"]["effects"]) == ["mint-points"]
        assert balance(club, member) == 60


class TestJudgedAgain:
    """What campaigns would not give for the order as it is now is taken back; what they give beyond what they gave is
    given.
    """

    def test_a_minimum_that_is_not_met_any_more_pays_nothing(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 7}, minSpendValue=100)
        campaign(club, CONFIRMED, **PER_UNIT, minSpendValue=100)
        assert sums(club, member, 120, 99.99, 120, 100, 0) == [247, 0, 247, 207, 0]

    def test_so_does_a_rule_that_does_not_hold_any_more(self, club: Club, member: dict[str, Any]) -> None:
        of = campaign(club, CONFIRMED)
        action(club, of, mint(10), rules="order.total >= 100")
        action(club, of, mint(3), rules="order.total < 100")
        assert sums(club, member, 100, 50, 100) == [10, 3, 10]

    def test_amounts_follow_lines_and_quantities(self, club: Club, member: dict[str, Any]) -> None:
        action(club, campaign(club, CONFIRMED), mint(expression("sum(order.items, item => item.quantity * 5)")))
        for quantity, expected in ((3, 15), (1, 5), (4, 20), (0, 0)):
            sums(club, member, 100, items=[{"sku": "BEANS", "price": 25, "quantity": quantity}])
            assert balance(club, member) == expected, quantity

    def test_a_place_that_is_another_one(self, club: Club, member: dict[str, Any]) -> None:
        club.know(locations=["OSLO", "BERGEN"])
        campaign(club, CONFIRMED, **PER_UNIT, locationCodes=["OSLO"])
        for place, expected in (("OSLO", 20), ("BERGEN", 0), ("OSLO", 20)):
            sums(club, member, 10, customAttributes={"locationCode": place})
            assert balance(club, member) == expected

    def test_points_that_were_spent_stay_due(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100)
        wallet = f"/ledgers/{LEDGER}/wallets/{member['walletId']}"
        assert club.post(f"{wallet}/burn", json={"amount": 150}).status_code == 200
        [burn] = bought(club, member, 50, key="o")["evaluationResults"]["effects"]
        assert (burn["data"]["amount"], balance(club, member)) == (50, 0)
        club.post(f"{wallet}/mint", json={"amount": 500})
        bought(club, member, 50, "partially-returned", key="o", discountedTotal=25)
        assert balance(club, member) == 400, "50 for the half that came back, and 50 that could not be taken before"

    def test_what_could_not_be_taken_is_not_given_twice(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100)
        club.post(f"/ledgers/{LEDGER}/wallets/{member['walletId']}/burn", json={"amount": 150})
        assert sums(club, member, 50, 100, 50) == [0, 50, 0]

    def test_members_who_have_left_the_audience_keep_what_the_order_brings(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        matcher = {"conditions": [{"attribute": "customAttributes.vip", "operator": "equals", "value": True}]}
        club.made(
            "/audiences",
            organizationId=club.id,
            name="v",
            segmentKey="vip",
            active=True,
            matcherType="attribute-matcher",
            matcher=matcher,
        )
        club.patch(f"/members/{member['memberId']}", json={"customAttributes": {"vip": True}})
        campaign(club, CONFIRMED, **PER_UNIT, audienceKeys=["vip"], minSpendValue=20)
        sums(club, member, 100)
        club.patch(f"/members/{member['memberId']}", json={"customAttributes": {"vip": False}})
        assert sums(club, member, 90, 120, 19, 100) == [180, 180, 0, 0]

    def test_a_campaign_that_has_ended_is_judged_for_less(self, club: Club, member: dict[str, Any]) -> None:
        of = campaign(club, CONFIRMED, smartRewards={"fixedPoints": 7}, minSpendValue=50)
        sums(club, member, 100)
        club.put(f"/campaigns/{of['campaignId']}", json={"name": "n", "code": of["code"], "active": False})
        assert sums(club, member, 60, 40, 60) == [7, 0, 0]

    def test_campaigns_of_the_created_order_too(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, ORDER + "created", **PER_UNIT, minSpendValue=50)
        bought(club, member, 100, "created", key="o")
        assert sums(club, member, 100, 75, 49, 60) == [200, 150, 0, 120]

    def test_a_created_order_adjusts_what_it_brought_before_it_is_confirmed(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        campaign(club, ORDER + "created", **PER_UNIT, minSpendValue=50)
        balances = []
        for total in (100, 60, 40, 80):
            done = bought(club, member, total, "created", key="o")
            balances.append(balance(club, member))
        assert balances == [200, 120, 0, 160]
        assert (done["evaluationResults"]["eventType"], ids(done["evaluationResults"]["effects"])) == (
            ORDER + "created",
            ["mint-points"],
        )

    def test_so_does_one_that_is_confirmed_with_another_sum(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, ORDER + "created", **PER_UNIT)
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 7})
        given = []
        for key, total in (("less", 60), ("more", 130), ("same", 100)):
            bought(club, member, 100, "created", key=key)
            before = balance(club, member)
            results = bought(club, member, total, key=key)["evaluationResults"]
            given.append((results["eventType"], ids(results["effects"]), balance(club, member) - before))
        assert given == [
            (CONFIRMED, ["burn-points", "mint-points"], 7 - 80),
            (CONFIRMED, ["mint-points", "mint-points"], 7 + 60),
            (CONFIRMED, ["mint-points"], 7),
        ]
        for key in ("less", "more", "same"):
            bought(club, member, 1, "cancelled", key=key)
        assert balance(club, member) == 0

    def test_each_event_is_judged_again_with_the_status_that_it_was_about(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        action(
            club, campaign(club, ORDER + "created"), mint(expression("order.total")), rules="order.status == 'created'"
        )
        bought(club, member, 100, "created", key="o")
        assert sums(club, member, 100, 70) == [100, 70]

    def test_what_further_events_brought_follows_in_proportion(self, club: Club, member: dict[str, Any]) -> None:
        code = event_type(club, "bonus")
        action(club, campaign(club, CONFIRMED), effect("track-event", eventType=code))
        both = campaign(club, code, smartRewards={"fixedPoints": 50})
        assert sums(club, member, 100, 60) == [50, 30]
        club.put(
            f"/campaigns/{both['campaignId']}",
            json={"name": "n", "code": both["code"], "enabledTopics": [CONFIRMED], "minSpendValue": 1_000},
        )
        assert sums(club, member, 50) == [25], "the minimum is of the campaign's other event"

    def test_an_evaluation_that_fails_changes_nothing(self, club: Club, member: dict[str, Any]) -> None:
        scarce = {"name": "Scarce", "active": True, "isRevolving": False, "syncAlgorand": False, "maxSupply": 100}
        number = club.made(f"/ledgers/{LEDGER}/accounts", **scarce, pointTrackingEnabled=False, expiresInMonths=0)[
            "ledgerAccountId"
        ]
        action(club, campaign(club, CONFIRMED), mint(10), rules="order.total <= 100")
        action(club, campaign(club, CONFIRMED), mint(expression("order.total"), ledgerAccountId=number))
        sums(club, member, 100)
        results = bought(club, member, 150, key="o")["evaluationResults"]
        assert (results["status"], results["effects"]) == ("failed", [])
        assert (balance(club, member), club.points(member["walletId"], number)[0]) == (10, 100)
        assert sums(club, member, 90) == [10]
        assert club.points(member["walletId"], number)[0] == 90

    def test_what_fails_of_an_earlier_event_is_said_as_the_order_is_confirmed(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        campaign(club, ORDER + "created", **PER_UNIT)
        bought(club, member, 10, status="created", key="o")
        path = f"/ledgers/{LEDGER}/accounts/{ACCOUNT}"
        account = club.get(path).json()["ledgerAccount"]
        kept = ("name", "isRevolving", "syncAlgorand")
        club.put(path, json={**{name: account[name] for name in kept}, "active": False})
        results = bought(club, member, 20, key="o")["evaluationResults"]
        assert (results["eventType"], results["status"]) == (CONFIRMED, "failed")
        assert results["error"] == f"The account {ACCOUNT} is not active."
        assert balance(club, member) == 20

    def test_faults_of_rules_of_an_earlier_event_are_said_as_the_order_is_confirmed(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        of = campaign(club, ORDER + "created")
        action(club, of, mint(1), rules="1 / order.customAttributes.x > 0")
        bought(club, member, status="created", key="o", customAttributes={"x": 2})
        results = bought(club, member, key="o", customAttributes={"x": 0})["evaluationResults"]
        assert (results["status"], ids(results["effects"]), balance(club, member)) == ("success", ["burn-points"], 0)
        assert [one["campaignId"] for one in results["ruleErrors"]] == [of["campaignId"]]

    def test_the_new_event_has_a_budget_of_its_own(self, club: Club, member: dict[str, Any]) -> None:
        for kind in ("created", "confirmed"):
            of = campaign(club, ORDER + kind)
            for _ in range(3):
                action(club, of, *(mint(1) for _ in range(20)))
        bought(club, member, 10, status="created", key="o")
        results = bought(club, member, 20, key="o")["evaluationResults"]
        assert (results["status"], balance(club, member)) == ("success", 120)

    def test_an_amount_that_is_none_any_more_pays_nothing_and_says_why(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        action(club, campaign(club, CONFIRMED), mint(expression("100 / count(order.items)")))
        assert sums(club, member, 10, items=[{"sku": "A", "price": 10}]) == [100]
        burn, failed = bought(club, member, 10, key="o", items=[])["evaluationResults"]["effects"]
        assert (burn["data"]["amount"], failed["data"]["applied"], balance(club, member)) == (100, False, 0)

    def test_rows_from_before_the_event_was_kept(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 7}, minSpendValue=100)
        sums(club, member, 100)
        unit = club.unit()
        with unit.transaction() as session:
            for row in session.scalars(unit.scoped(OrderPoints)):
                row.event_id = None
        assert sums(club, member, 99, 100) == [0, 7]

    def test_what_campaigns_do_not_look_at_changes_nothing(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100)
        answer = bought(club, member, 100, key="o", description="A correction")
        assert (answer["evaluationResults"], balance(club, member)) == (None, 200)


class _WithoutEffects:
    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and other["effects"] == []

    __hash__ = None  # type: ignore[assignment]


ANY_WITHOUT_EFFECTS = _WithoutEffects()


class TestMintsOfOrders:
    def test_they_are_reverted_by_the_external_id_of_the_order(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 1})
        sums(club, member, 10, 20)
        reverted = club.post(
            f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions/revert", json={"externalId": "o"}
        ).json()["transactions"]
        assert sorted(row["amount"] for row in reverted) == [1, 20, 20]
        assert balance(club, member) == 0

    def test_their_description_names_the_campaign(self, club: Club, member: dict[str, Any]) -> None:
        of = campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 10)
        [row] = club.get(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions").json()["results"]
        assert (row["externalId"], row["description"]) == ("o", f"campaign/{of['code']}")

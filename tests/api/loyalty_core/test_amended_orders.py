"""A confirmed order that is sent again with another sum adjusts its points; its mints are found by its external id."""

from typing import Any

import pytest

from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club
from tests.api.loyalty_core.engine import (
    CONFIRMED,
    action,
    balance,
    bought,
    campaign,
    effect,
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

    def test_what_is_taken_back_is_told(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100)
        [burn] = bought(club, member, 90, key="o")["evaluationResults"]["effects"]
        assert (burn["effectId"], burn["data"]["amount"]) == ("burn-points", 20)

    def test_the_limit_of_the_month_holds(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT, pointsMonthlyLimitPerMember=250, allowPartialApplicationOnLimit=True)
        assert sums(club, member, 100, 150, 100, 110) == [200, 250, 167, 220]

    def test_a_campaign_that_has_ended_gives_nothing_more_and_keeps_what_it_gave(
        self, club: Club, member: dict[str, Any]
    ) -> None:
        of = campaign(club, CONFIRMED, **PER_UNIT)
        sums(club, member, 100)
        club.put(f"/campaigns/{of['campaignId']}", json={"name": "n", "code": of["code"], "active": False})
        assert sums(club, member, 150, 75) == [200, 100]

    def test_an_order_that_is_not_confirmed_yet_has_no_points(self, club: Club, member: dict[str, Any]) -> None:
        campaign(club, CONFIRMED, **PER_UNIT)
        for total in (10, 20):
            assert bought(club, member, total, "created", key="o")["evaluationResults"] in (None, ANY_WITHOUT_EFFECTS)
        assert ids(bought(club, member, 30, key="o")["evaluationResults"]["effects"]) == ["mint-points"]
        assert balance(club, member) == 60


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

"""The second of something, where other tests have one: coupons of which one can be paid, campaigns that pay for one
order, lots, organizations.
"""

from typing import Any

import pytest

from models.kernel.clock import DAY_MS
from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, Club, coded, refusal
from tests.api.loyalty_core.engine import CONFIRMED, action, balance, bought, campaign, effect, mint, tracked
from tests.api.loyalty_core.test_tiers import new_tier

GENERIC = "member-generic-event"
COSTS = 50
TRACKED = {
    "name": "Stamps",
    "active": True,
    "isCurrency": False,
    "decimals": 0,
    "isRevolving": False,
    "pointTrackingEnabled": True,
    "syncAlgorand": False,
    "expiresInMonths": 1,
}


def book_of_two(club: Club, **members: Any) -> int:
    """A book of two coupons, each for 50 points."""
    kept = {"name": "Mug", "type": "gift", "publishingStatus": "published", "requiredPointsConfig": {}}
    number: int = club.made("/coupon-books", **kept, assignmentRequiredPoints=COSTS, **members)["couponBookId"]
    club.made(f"/coupon-books/{number}/coupons", codes=["A1", "A2"])
    return number


def spend(club: Club, member: dict[str, Any], amount: int) -> None:
    answer = club.post(f"/ledgers/{LEDGER}/wallets/{member['walletId']}/burn", json={"amount": amount})
    assert answer.status_code == 200, answer.text


def taken(club: Club, member: dict[str, Any], key: str, **order: Any) -> list[int]:
    """Return an order; how many points each of its mints lost."""
    effects = bought(club, member, status="returned", key=key, **order)["evaluationResults"]["effects"]
    return [one["data"]["amount"] for one in effects]


class TestTwoCouponsOfWhichOneCanBePaid:
    def test_an_effect_gives_and_costs_nothing(self, club: Club) -> None:
        book, member = book_of_two(club), club.member(points=70)
        action(club, campaign(club, GENERIC), effect("assign-coupon", couponBookId=book, numberOfCodes=2), mint(1))
        assigned, _ = tracked(club, member)
        assert (assigned["data"]["applied"], assigned["data"]["couponUsages"]) == (False, [])
        assert balance(club, member) == 70 + 1
        assert club.get(f"/coupon-books/{book}").json()["couponBook"]["assignedCount"] == 0

    def test_a_strict_assignment_is_refused_and_costs_nothing(self, club: Club) -> None:
        book, member = book_of_two(club), club.member(points=70)
        body = {"memberId": member["memberId"], "numberOfCodes": 2, "strictMode": True}
        status, message = refusal(club.post(f"/coupon-books/{book}/assign", json=body))
        assert (status, "points" in message) == (400, True)
        assert balance(club, member) == 70
        assert club.get(f"/coupon-books/{book}").json()["couponBook"]["assignedCount"] == 0

    def test_any_other_assignment_gives_and_costs_one(self, club: Club) -> None:
        book, member = book_of_two(club), club.member(points=70)
        body = {"memberId": member["memberId"], "numberOfCodes": 2}
        assert len(club.post(f"/coupon-books/{book}/assign", json=body).json()["couponUsages"]) == 1
        assert balance(club, member) == 70 - COSTS

    def test_what_an_effect_before_it_has_paid_stays_paid(self, club: Club) -> None:
        book, member = book_of_two(club), club.member(points=70)
        of = campaign(club, GENERIC)
        action(club, of, *(effect("assign-coupon", couponBookId=book) for _ in range(2)))
        assert [one["data"]["applied"] for one in tracked(club, member)] == [True, False]
        assert balance(club, member) == 70 - COSTS
        assert club.get(f"/coupon-books/{book}").json()["couponBook"]["assignedCount"] == 1


class TestTwoCampaignsThatPayForOneOrder:
    @pytest.fixture
    def member(self, club: Club) -> dict[str, Any]:
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 100})
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 50})
        member = club.member()
        bought(club, member, key="r")
        assert balance(club, member) == 150
        return member

    @pytest.mark.parametrize(
        ("spent", "expected"), [(0, [100, 50]), (30, [100, 20]), (50, [100]), (80, [70]), (150, [])]
    )
    def test_a_return_takes_what_is_left_of_both_once(
        self, club: Club, member: dict[str, Any], spent: int, expected: list[int]
    ) -> None:
        if spent:
            spend(club, member, spent)
        assert taken(club, member, "r") == expected
        assert balance(club, member) == 0

    def test_points_of_another_order_pay_for_what_was_spent(self, club: Club, member: dict[str, Any]) -> None:
        bought(club, member, key="other")
        spend(club, member, 200)
        assert taken(club, member, "r") == [100]
        assert balance(club, member) == 0

    def test_what_a_partial_return_has_taken_is_not_taken_again(self, club: Club, member: dict[str, Any]) -> None:
        spend(club, member, 60)
        bought(club, member, 5, "partially-returned", key="r")
        assert balance(club, member) == 150 - 60 - 75
        assert taken(club, member, "r") == [15]
        assert balance(club, member) == 0


class TestATrackedAccountWithOlderLots:
    @pytest.fixture
    def stamps(self, club: Club) -> int:
        number: int = club.made(f"/ledgers/{LEDGER}/accounts", **TRACKED)["ledgerAccountId"]
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5, "ledgerAccountId": number})
        return number

    def held(self, club: Club, member: dict[str, Any], stamps: int) -> int:
        return club.points(member["walletId"], stamps)[0]

    def test_a_return_takes_the_orders_own_points_and_leaves_the_older_ones(self, club: Club, stamps: int) -> None:
        member = club.member()
        club.made(f"/ledgers/{LEDGER}/accounts/{stamps}/wallets/{member['walletId']}/mint", amount=50)
        club.advance(20 * DAY_MS)
        bought(club, member, key="r")
        assert taken(club, member, "r") == [5]
        assert self.held(club, member, stamps) == 50
        club.advance(12 * DAY_MS)
        assert self.held(club, member, stamps) == 0, "the fifty expire all together"

    def test_of_two_orders_the_older_one_keeps_its_points(self, club: Club, stamps: int) -> None:
        member = club.member()
        bought(club, member, key="older")
        club.advance(20 * DAY_MS)
        bought(club, member, key="newer")
        assert taken(club, member, "newer") == [5]
        club.advance(12 * DAY_MS)
        assert self.held(club, member, stamps) == 0
        assert taken(club, member, "older") == []

    def test_the_points_that_are_left_expire_with_their_own_lot(self, club: Club, stamps: int) -> None:
        member = club.member()
        bought(club, member, key="older")
        club.advance(20 * DAY_MS)
        bought(club, member, key="newer")
        assert taken(club, member, "older") == [5]
        club.advance(12 * DAY_MS)
        assert self.held(club, member, stamps) == 5
        club.advance(20 * DAY_MS)
        assert self.held(club, member, stamps) == 0


class TestTwoOrganizationsWithOneTierKey:
    """`gold` is tier 2 in one and tier 3 in the other; each has a member in tier 3."""

    @pytest.fixture
    def clubs(self, club: Club, other_club: Club) -> tuple[Club, Club]:
        order = {club.id: ("Gold", "Silver"), other_club.id: ("Silver", "Gold")}
        for one in (club, other_club):
            for number, name in enumerate(order[one.id], 2):
                made = new_tier(one, name=name, tierOrder=number, minRequiredPoints=10**6 * number)
                assert (made["loyaltyTierId"], made["loyaltyTierKey"]) == (number, name.lower())
            member = one.member("ana")
            choice = {"loyaltyTierId": 3}
            assert (
                one.put(f"/members/{member['memberId']}/loyalty-programs/{PROGRAM}/tier", json=choice).status_code
                == 200
            )
        return club, other_club

    def test_a_search_finds_the_members_of_its_own(self, clubs: tuple[Club, Club]) -> None:
        found = [one.get("/search/members", params={"loyaltyTierKey": "gold"}).json()["totalCount"] for one in clubs]
        assert found == [0, 1]

    def test_campaigns_look_at_their_own(self, clubs: tuple[Club, Club]) -> None:
        for one in clubs:
            campaign(one, GENERIC, smartRewards={"fixedPoints": 3}, loyaltyTierKeys=["gold"])
        assert [len(tracked(one, {"memberId": 1})) for one in clubs] == [0, 1]

    def test_coupon_books_are_for_their_own(self, clubs: tuple[Club, Club]) -> None:
        for one in clubs:
            book_of_two(one, tiers=["gold"])
        listed = [self.books_for(one, tier) for one in clubs for tier in (2, 3)]
        assert listed == [1, 0, 0, 1]
        assigned = [one.post("/coupon-books/1/assign", json={"memberId": 1}) for one in clubs]
        assert ["is not for the member" in answer.json()["message"] for answer in assigned] == [True, False]

    def books_for(self, club: Club, tier: int) -> int:
        """How many books the program has for the members of a tier."""
        path = f"/loyalty-programs/{PROGRAM}/members/1/coupon-books"
        count: int = club.get(path, params={"tiers": tier}).json()["totalCount"]
        return count

    def test_tiers_are_listed_by_their_own(self, clubs: tuple[Club, Club]) -> None:
        path, key = f"/loyalty-programs/{PROGRAM}/tiers", {"loyaltyTierKey": "gold"}
        found = [one.get(path, params=key).json()["results"] for one in clubs]
        assert [[tier["loyaltyTierId"] for tier in tiers] for tiers in found] == [[2], [3]]


class TestTwoMembersOfWhichOneHasLeft:
    def test_who_left_has_no_coupon_books_though_another_is_in_the_program(self, club: Club) -> None:
        book_of_two(club)
        ana, ben = club.member("ana")["memberId"], club.member("ben")["memberId"]
        assert club.delete(f"/members/{ben}/loyalty-programs/{PROGRAM}").status_code == 200
        path = f"/loyalty-programs/{PROGRAM}/members"
        for what in ("coupon-books", "coupons", "coupon-usages/count"):
            assert club.get(f"{path}/{ana}/{what}").status_code == 200, what
            assert coded(club.get(f"{path}/{ben}/{what}")) == (404, "ENROLMENT_NOT_FOUND"), what

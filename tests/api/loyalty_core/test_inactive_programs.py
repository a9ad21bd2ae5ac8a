"""A program that is not active runs nothing, and an order that names a program counts in no other."""

from typing import Any

import pytest

from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, TIER, Club, refusal
from tests.api.loyalty_core.engine import CONFIRMED, action, bought, campaign, effect, ids, log, tracked
from tests.api.loyalty_core.test_coupon_books import add, new_book
from tests.api.loyalty_core.test_coupons import assign, counts, given, revert, used
from tests.api.loyalty_core.test_missions import add as count
from tests.api.loyalty_core.test_missions import new_mission, standing
from tests.api.loyalty_core.test_partnership_coupon_books_offerings import befriend, offered
from tests.api.loyalty_core.test_referrals import come, give, new_referrals, referrer

POINTS = {"smartRewards": {"fixedPoints": 7}}


def switch(club: Club, *, active: bool, program: int = PROGRAM) -> None:
    """Let a program run, or not."""
    answer = club.put(
        f"/loyalty-programs/{program}",
        json={
            "name": "Main",
            "active": active,
            "ledgerId": LEDGER,
            "description": "",
            "setAsDefault": program == PROGRAM,
        },
    )
    assert answer.status_code == 200, answer.text


@pytest.fixture
def other(club: Club) -> int:
    """Another program of the ledger that runs."""
    made = club.made(
        "/loyalty-programs", name="Other", active=True, ledgerId=LEDGER, description="", setAsDefault=False
    )
    number: int = made["loyaltyProgramId"]
    return number


def counted(club: Club, member: dict[str, Any], **order: Any) -> list[str]:
    return ids(bought(club, member, **order)["evaluationResults"]["effects"])


class TestAProgramThatIsNotActive:
    def test_its_campaigns_give_nothing_until_it_is_active_again(self, club: Club) -> None:
        member = club.member(points=1)
        campaign(club, CONFIRMED, **POINTS)
        campaign(club, "member-generic-event", **POINTS)
        for active, effects in ((False, []), (True, ["mint-points"])):
            switch(club, active=active)
            assert counted(club, member) == ids(tracked(club, member)) == effects

    def test_its_missions_count_nothing_by_events_nor_by_calls(self, club: Club) -> None:
        member = club.member(points=1)
        new_mission(club, eventType=CONFIRMED, maxRepetitions=5)
        switch(club, active=False)
        assert counted(club, member) == []
        assert refusal(count(club, member)) == (
            409,
            f"The mission 1 is of the loyalty program {PROGRAM}, which is not active.",
        )
        assert standing(club, member) == (0, 0, 0)
        switch(club, active=True)
        assert counted(club, member) == ["increment-mission"]
        assert count(club, member).status_code == 200

    def test_its_missions_are_not_available_in_the_list_either(self, club: Club) -> None:
        member = club.member(points=1)
        new_mission(club)
        where = f"/members/{member['memberId']}/missions"
        for active in (False, True):
            switch(club, active=active)
            shown = {
                wanted: [row["available"] for row in club.get(where, params={"available": wanted}).json()["results"]]
                for wanted in ("true", "false")
            }
            assert shown == {"true": [True] * active, "false": [False] * (not active)}

    def test_its_referral_programs_take_nobody_and_pay_nobody(self, club: Club) -> None:
        new_referrals(club, loyaltyProgramId=PROGRAM, eventType=CONFIRMED, referredPointsAccrual=5)
        referrer(club, "ANA", "BEN")
        assert come(club, "first", "ANA").status_code == 201
        first = club.get("/loyalty-members/first").json()["loyalMember"]
        switch(club, active=False)
        assert refusal(come(club, "second", "BEN")) == (
            400,
            f"/referralCode: The referral code BEN cannot be used: the loyalty program {PROGRAM} is not active.",
        )
        assert counted(club, first) == []
        switch(club, active=True)
        assert counted(club, first) == ["mint-points"]

    def test_nobody_is_given_coupons_of_its_books_and_those_given_before_stay(self, club: Club) -> None:
        club.member(points=9)
        new_book(club, loyaltyProgramId=PROGRAM, usageRequiredPoints=2)
        add(club, "A", "B", "C")
        first, second = (given(club, systemUniqueKeys=[key])[0] for key in ("key-1", "key-2"))
        switch(club, active=False)
        reason = f"The coupon book 1 is of the loyalty program {PROGRAM}, which is not active."
        for answer in (
            assign(club),
            assign(club, codes=["C"]),
            club.post("/coupon-books/1/coupons/3/assign", json={"memberId": 1}),
        ):
            assert (*refusal(answer), answer.json()["code"]) == (409, reason, "LOYALTY_PROGRAM_NOT_ACTIVE")
        assert given(club, systemUniqueKeys=["key-1"]) == [first], "the same call again is answered as before"
        assert used(club, code="A")["points"] == 2
        assert revert(club, second["couponUsageId"]).status_code == 200
        assert counts(club) == (1, 1)
        switch(club, active=True)
        assert len(given(club)) == 1

    def test_a_campaign_of_no_program_gives_no_coupons_of_it(self, club: Club) -> None:
        member = club.member(points=1)
        new_book(club, loyaltyProgramId=PROGRAM)
        add(club, "A")
        action(club, campaign(club, CONFIRMED, loyaltyProgramId=None), effect("assign-coupon", couponBookId=1))
        switch(club, active=False)
        [done] = bought(club, member)["evaluationResults"]["effects"]
        assert (done["data"]["applied"], done["data"]["reason"]) == (
            False,
            f"The coupon book 1 is of the loyalty program {PROGRAM}, which is not active.",
        )
        assert counts(club) == (0, 0)

    def test_books_of_no_program_and_of_another_are_given_as_before(self, club: Club, other: int) -> None:
        club.member()
        for number, program in enumerate((None, other), 1):
            new_book(club, loyaltyProgramId=program)
            add(club, f"A{number}", book=number)
        switch(club, active=False)
        assert [len(given(club, book=number)) for number in (1, 2)] == [1, 1]

    def test_what_a_call_sets_itself_is_set_and_what_is_for_later_is_made(self, club: Club, other_club: Club) -> None:
        member = club.member()
        befriend(club, other_club)
        new_referrals(club, loyaltyProgramId=PROGRAM)
        switch(club, active=False)
        where = f"/members/{member['memberId']}/loyalty-programs/{PROGRAM}/tier"
        for body, tier in (({}, None), ({"loyaltyTierId": TIER}, TIER)):
            assert club.put(where, json=body).json() == {"loyaltyTierId": tier}
        assert club.post("/loyalty-members/ana/mint", json={"amount": 5}).status_code == 200
        assert club.points(member["walletId"]) == (5, 5)
        assert give(club, member, "LATER").status_code == 201
        new_book(club, loyaltyProgramId=PROGRAM)
        add(club, "A")
        assert offered(club, other_club)["status"] == "pending"

    def test_what_is_of_no_program_goes_on(self, club: Club) -> None:
        member = club.member(points=1)
        campaign(club, CONFIRMED, loyaltyProgramId=None, **POINTS)
        switch(club, active=False)
        assert counted(club, member) == ["mint-points"]

    def test_its_orders_are_kept_and_count_for_nothing(self, club: Club, other: int) -> None:
        member = club.member(points=1)
        campaign(club, CONFIRMED, loyaltyProgramId=None, **POINTS)
        campaign(club, CONFIRMED, loyaltyProgramId=other, **POINTS)
        campaign(club, CONFIRMED, loyaltyProgramId=PROGRAM, **POINTS)
        new_mission(club, eventType=CONFIRMED, loyaltyProgramId=other)
        switch(club, active=False)
        assert counted(club, member, loyaltyProgramId=PROGRAM) == []
        assert log(club, member, eventType=CONFIRMED)[0]["status"] == "success"


class TestOrdersOfAProgram:
    def test_an_order_counts_only_in_campaigns_and_missions_of_its_program_and_of_none(
        self, club: Club, other: int
    ) -> None:
        member = club.member(points=1)
        for program in (None, PROGRAM, other):
            campaign(club, CONFIRMED, loyaltyProgramId=program, **POINTS)
        for program in (PROGRAM, other):
            new_mission(club, eventType=CONFIRMED, loyaltyProgramId=program, code=str(program), maxRepetitions=9)
        assert counted(club, member, loyaltyProgramId=other) == ["mint-points"] * 2 + ["increment-mission"]
        assert [standing(club, member, number)[0] for number in (1, 2)] == [0, 1]
        assert counted(club, member) == ["mint-points"] * 3 + ["increment-mission"] * 2

    def test_an_order_of_another_program_pays_no_referral(self, club: Club, other: int) -> None:
        new_referrals(club, loyaltyProgramId=PROGRAM, eventType=CONFIRMED, referredPointsAccrual=5)
        referrer(club, "ANA")
        come(club, "first", "ANA")
        first = club.get("/loyalty-members/first").json()["loyalMember"]
        assert counted(club, first, loyaltyProgramId=other) == []
        assert counted(club, first, loyaltyProgramId=PROGRAM) == ["mint-points"]

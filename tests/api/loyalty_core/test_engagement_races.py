"""Races of missions and referrals: their limits hold when many calls come at the same moment.

Every thread has a connection of its own, on a SQLite file as on PostgreSQL.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.api.loyalty_core import test_missions, test_referrals
from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.test_missions import new_mission, standing
from tests.api.loyalty_core.test_referrals import give, new_referrals, path, report
from tests.support.races import at_once, calling, racing

CALLS = 16


server, client = racing("engagement_races", CALLS, fixed_clock=True)


def status_of(club: Club, method: str, where: str, **body: Any) -> Callable[[], int]:
    """A call through the compiled operation; its status."""
    call = calling(club, club.token, method, where, body)
    return lambda: call()[0]


def increment(club: Club, member: dict[str, Any], **body: Any) -> Callable[[], int]:
    return status_of(club, "POST", f"/members/{member['memberId']}/missions/1/increment", **{"amount": 1, **body})


def come(club: Club, name: str, code: str) -> Callable[[], int]:
    return status_of(club, "POST", "/members", loyaltyMemberId=name, referralCode=code)


def test_a_mission_is_achieved_as_often_as_it_may_be(club: Club) -> None:
    ana = club.member()
    new_mission(club, goalCount=2, maxRepetitions=3, pointsAccrual=5)
    assert Counter(at_once([increment(club, ana) for _ in range(CALLS)])) == {200: 6, 409: CALLS - 6}
    assert (standing(club, ana), club.points(ana["walletId"])[0]) == ((6, 0, 3), 15)
    assert [event["data"]["timesAchieved"] for event in club.events("mission-status-updated")] == [1, 2, 3]


def test_a_period_has_its_limit(club: Club) -> None:
    ana = club.member()
    new_mission(club, goalCount=1, maxRepetitions=99, repetitionPeriod="year", periodLimit=4, pointsAccrual=5)
    assert Counter(at_once([increment(club, ana) for _ in range(CALLS)])) == {200: 4, 409: CALLS - 4}
    assert club.points(ana["walletId"])[0] == 20


def test_one_key_counts_once(club: Club) -> None:
    ana, ben = club.member(), club.member("ben")
    new_mission(club, goalCount=1, maxRepetitions=99)
    works = [increment(club, (ana, ben)[n % 2], systemUniqueKey="k") for n in range(CALLS)]
    assert Counter(at_once(works)) == {200: CALLS // 2, 409: CALLS // 2}
    assert standing(club, ana)[0] + standing(club, ben)[0] == 1


def test_of_many_missions_with_one_code_one_is_made(club: Club) -> None:
    works = [status_of(club, "POST", "/missions", **test_missions.NEW) for _ in range(CALLS)]
    assert Counter(at_once(works)) == {201: 1, 409: CALLS - 1}
    works = [status_of(club, "POST", "/referral-programs", **test_referrals.NEW) for _ in range(CALLS)]
    assert Counter(at_once(works)) == {201: 1, 409: CALLS - 1}
    [program] = club.get("/referral-programs").json()["results"]
    number, ana = program["referralProgramId"], club.member()
    works = [
        status_of(club, "POST", path(number, "referral-codes"), memberId=ana["memberId"], codes=["A"])
        for _ in range(CALLS)
    ]
    assert Counter(at_once(works)) == {201: 1, 409: CALLS - 1}
    assert report(club, number)[0]["codeCount"] == 1


def test_a_code_lets_as_many_come_as_it_may(club: Club) -> None:
    new_referrals(club, maxPerCode=5, referrerPointsAccrual=10, referredPointsAccrual=1)
    ana = club.member()
    give(club, ana, "A")
    assert Counter(at_once([come(club, f"m{n}", "A") for n in range(CALLS)])) == {201: 5, 400: CALLS - 5}
    assert club.points(ana["walletId"])[0] == 50
    assert (
        report(club)[0].items()
        >= {"referredCount": 5, "paidCount": 5, "referrerPoints": 50, "referredPoints": 5}.items()
    )
    assert club.get(path()).json()["referralProgram"]["referredCount"] == 5


def test_a_member_refers_as_many_as_one_may(club: Club) -> None:
    new_referrals(club, maxReferralsPerMember=3)
    ana = club.member()
    give(club, ana, *(f"A{n}" for n in range(CALLS)))
    assert Counter(at_once([come(club, f"m{n}", f"A{n}") for n in range(CALLS)])) == {201: 3, 400: CALLS - 3}
    assert report(club)[0]["referredCount"] == 3


def test_both_sides_are_paid_once(club: Club) -> None:
    """Events of the referred member at once, while others come by the same code."""
    new_referrals(
        club,
        eventType="member-updated",
        maxPerCode=99,
        maxReferralsPerMember=99,
        referrerPointsAccrual=10,
        referredPointsAccrual=1,
    )
    ana = club.member()
    give(club, ana, "A")
    ben = club.made("/members", loyaltyMemberId="ben", referralCode="A")
    works: list[Callable[[], int]] = []
    for n in range(CALLS // 2):
        works += [
            status_of(club, "PATCH", f"/members/{ben['memberId']}", customAttributes={"n": n}),
            come(club, f"m{n}", "A"),
        ]
    assert Counter(at_once(works)) == {200: CALLS // 2, 201: CALLS // 2}
    club.advance(0)
    assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [10, 1]
    assert (
        report(club)[0].items() >= {"referredCount": 1 + CALLS // 2, "paidCount": 1, "pendingCount": CALLS // 2}.items()
    )

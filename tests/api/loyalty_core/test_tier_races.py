"""Races of effects that set a tier with transfers of the same member, whose points decide on it.

Both lock balances before enrolments. Each test gives the other unit time to take its first lock before the second is
taken, so that a wrong order ends in a deadlock every time.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from models.loyalty_core.campaigns import effects
from models.loyalty_core.members import tier_rules
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club
from tests.api.loyalty_core.engine import action, campaign, effect, mint
from tests.api.loyalty_core.test_coupon_books import new_book
from tests.api.loyalty_core.test_evaluation_races import GENERIC, tracking
from tests.api.loyalty_core.test_missions import new_mission
from tests.api.loyalty_core.test_programs import new_program
from tests.api.loyalty_core.test_tiers import new_tier
from tests.support.races import Reply, at_once, calling, racing
from troth.request import operation

CALLS = 16
PAUSE_S = 0.4
NEEDED = 100
"""Points that the tier needs, and that the member has."""

server, client = racing("tier_races", CALLS, fixed_clock=True)


@pytest.fixture
def conflicts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database has ended, in its words."""
    seen: list[str] = []
    decide = operation.is_conflict

    def noted(error: Any) -> bool:
        seen.append(str(error.orig))
        return decide(error)

    monkeypatch.setattr(operation, "is_conflict", noted)
    return seen


def pausing(work: Callable[..., Any], *, before_s: float = 0, after_s: float = 0) -> Callable[..., Any]:
    def paused(*arguments: Any, **named: Any) -> Any:
        time.sleep(before_s)
        done = work(*arguments, **named)
        time.sleep(after_s)
        return done

    return paused


def moving(club: Club, giver: dict[str, Any], taker: dict[str, Any]) -> Callable[[], Reply]:
    """A transfer of a point."""
    body = {"amount": 1, "fromWalletId": giver["walletId"], "toWalletId": taker["walletId"]}
    return calling(club, club.token, "POST", f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions", body)


def in_a_mission(club: Club, to_tier: dict[str, Any]) -> int:
    action(club, campaign(club, GENERIC), to_tier)
    new_mission(club, eventType=GENERIC, goalCount=1, pointsAccrual=7)
    return 7


def in_the_same_campaign(club: Club, to_tier: dict[str, Any]) -> int:
    action(club, campaign(club, GENERIC), to_tier, mint(7))
    return 7


def by_a_mission_that_an_effect_counts(club: Club, to_tier: dict[str, Any]) -> int:
    new_mission(club, eventType="member-updated", goalCount=1, pointsAccrual=7)
    action(club, campaign(club, GENERIC), to_tier, effect("increment-mission", missionId=1))
    return 7


def for_a_coupon(club: Club, to_tier: dict[str, Any]) -> int:
    paid = {"ledgerId": LEDGER, "ledgerAccountId": ACCOUNT}
    new_book(club, 1, assignmentRequiredPoints=7, requiredPointsConfig=paid)
    action(club, campaign(club, GENERIC), to_tier, effect("assign-coupon", couponBookId=1))
    return -7


def with_a_tier_of_another_program(club: Club, to_tier: dict[str, Any]) -> int:
    """The points decide on the tiers of both programs, the later of which is set first."""
    second = new_program(club, ledgerId=LEDGER, tierPointsLedgerAccountId=ACCOUNT)["loyaltyProgramId"]
    new_tier(club, second, minRequiredPoints=NEEDED)
    other = new_tier(club, second, name="Other", tierOrder=3, minRequiredPoints=10 * NEEDED)["loyaltyTierId"]
    action(club, campaign(club, GENERIC), effect("set-tier", loyaltyProgramId=second, loyaltyTierId=other), to_tier)
    return 0


@pytest.mark.parametrize(
    "gives",
    [
        in_a_mission,
        in_the_same_campaign,
        by_a_mission_that_an_effect_counts,
        for_a_coupon,
        with_a_tier_of_another_program,
    ],
)
def test_points_that_move_behind_a_tier_that_is_set(
    club: Club, monkeypatch: pytest.MonkeyPatch, conflicts: list[str], gives: Callable[[Club, dict[str, Any]], int]
) -> None:
    new_tier(club, minRequiredPoints=NEEDED)
    other = new_tier(club, name="Other", tierOrder=3, minRequiredPoints=10 * NEEDED)["loyaltyTierId"]
    points = gives(club, effect("set-tier", loyaltyProgramId=PROGRAM, loyaltyTierId=other))
    ana, ben = (club.member(name, points=NEEDED) for name in ("ana", "ben"))
    monkeypatch.setitem(effects._PERFORMERS, "set-tier", pausing(effects._set_tier, after_s=1.5 * PAUSE_S))
    monkeypatch.setattr(tier_rules, "_judge", pausing(tier_rules._judge, before_s=PAUSE_S))
    event, transfer = at_once([tracking(club, ana, "key"), moving(club, ana, ben)])
    assert (event[0], transfer[0]) == (201, 201), (event, transfer)
    assert [one for one in conflicts if "deadlock" in one] == []
    assert all(one["data"].get("applied", True) for one in event[1]["effects"]), event
    assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [NEEDED + points - 1, NEEDED + 1]


def test_many_of_them_at_once(club: Club, conflicts: list[str]) -> None:
    """Events that set tiers and give points between and behind them, beside transfers of the same members."""
    second = new_program(club, ledgerId=LEDGER, tierPointsLedgerAccountId=ACCOUNT)["loyaltyProgramId"]
    tiers = {}
    for program in (PROGRAM, second):
        new_tier(club, program, minRequiredPoints=NEEDED)
        tiers[program] = new_tier(club, program, name="Other", tierOrder=3, minRequiredPoints=10 * NEEDED)
    to_tiers = [
        effect("set-tier", loyaltyProgramId=program, loyaltyTierId=tier["loyaltyTierId"])
        for program, tier in tiers.items()
    ]
    action(club, campaign(club, GENERIC), to_tiers[1], mint(1), to_tiers[0], mint(1))
    new_mission(club, eventType=GENERIC, goalCount=1, maxRepetitions=100, pointsAccrual=1)
    rounds = 6
    for number in range(rounds):
        members = [club.member(f"m{number}-{one}", points=NEEDED) for one in range(CALLS // 2)]
        works = [tracking(club, member, f"key-{number}-{member['memberId']}") for member in members]
        works += [moving(club, giver, taker) for giver, taker in zip(members, members[1:] + members[:1], strict=True)]
        assert Counter(status for status, _ in at_once(works)) == {201: CALLS}
        assert {club.points(one["walletId"])[0] for one in members} == {NEEDED + 3}
    assert [one for one in conflicts if "deadlock" in one] == []

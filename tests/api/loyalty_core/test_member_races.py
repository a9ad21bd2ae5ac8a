"""Races of members: many calls at the same moment leave what the same calls one after another would have left.

Every thread has a connection of its own, on a SQLite file as on PostgreSQL.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from models.kernel.clock import DAY_MS
from models.kernel.times import iso
from models.loyalty_core.members.tables import Enrolment, Member, MemberTerm, TierChange
from models.loyalty_core.members.tier_rules import expire_tier
from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, TIER, Club
from tests.api.loyalty_core.test_member_tiers import SECOND, add_account, add_program, add_tier, tiers, unit_of
from tests.support.races import at_once, calling, racing

CALLS = 16


server, client = racing("member_races", CALLS, fixed_clock=True)


def status_of(club: Club, method: str, path: str, **body: Any) -> Callable[[], int]:
    """A call through the compiled operation; its status."""
    call = calling(club, club.token, method, path, body)
    return lambda: call()[0]


def rows(club: Club, model: Any) -> list[Any]:
    with unit_of(club) as unit:
        return list(unit.session.scalars(unit.scoped(model)))


def mint(club: Club, member: dict[str, Any], amount: int, account: int | None = None) -> Callable[[], int]:
    where = f"/ledgers/{LEDGER}" if account is None else f"/ledgers/{LEDGER}/accounts/{account}"
    return status_of(club, "POST", f"{where}/wallets/{member['walletId']}/mint", amount=amount)


def test_of_many_with_one_id_one_is_made(club: Club) -> None:
    body = {"loyaltyMemberId": "ana", "publicLoyaltyMemberId": "card"}
    works = [
        status_of(club, "POST", "/members", **{**body, **({"loyaltyMemberId": f"m{n}"} if n % 2 else {})})
        for n in range(CALLS)
    ]
    assert Counter(at_once(works)) == {201: 1, 409: CALLS - 1}
    assert len(rows(club, Member)) == len(rows(club, Enrolment)) == len(club.events("member-created")) == 1
    assert {row.term for row in rows(club, MemberTerm)} >= {"=card", "card"}
    assert len({row.member_id for row in rows(club, MemberTerm)}) == 1


def test_of_many_who_take_one_id_one_gets_it(club: Club) -> None:
    made = [club.member(f"m{n}") for n in range(CALLS)]
    works = [status_of(club, "PATCH", f"/members/{one['memberId']}", publicLoyaltyMemberId="card") for one in made]
    assert Counter(at_once(works)) == {200: 1, 409: CALLS - 1}
    assert len(club.events("member-updated")) == 1


def test_points_from_all_sides_lead_to_one_tier(club: Club) -> None:
    """First points in two accounts at once: one enrolment in the second program, and all points count in the first."""
    gold, ana = add_tier(club, 7, CALLS), club.member()
    add_account(club)
    add_program(club, default_tier_id=add_tier(club, 8, 0, program=SECOND))
    works = [mint(club, ana, 2, account=(1, SECOND)[n % 2]) for n in range(CALLS)]
    assert Counter(at_once(works)) == {200: CALLS}
    assert tiers(club, ana) == {PROGRAM: gold, SECOND: 8}
    assert len(rows(club, Enrolment)) == 2
    assert [row.tier_id for row in rows(club, TierChange) if row.program_id == PROGRAM] == [TIER, gold]


def test_a_tier_that_is_set_by_hand_stays(club: Club) -> None:
    add_tier(club, 7, 5)
    crowd = [club.member(f"m{n}") for n in range(CALLS // 2)]
    works: list[Callable[[], int]] = []
    for one in crowd:
        path = f"/members/{one['memberId']}/loyalty-programs/{PROGRAM}/tier"
        works += [mint(club, one, 10), status_of(club, "PUT", path, loyaltyTierId=TIER)]
    assert Counter(at_once(works)) == {200: CALLS}
    assert [tiers(club, one) for one in crowd] == [{PROGRAM: TIER}] * len(crowd)


def test_first_points_that_come_when_a_tier_ends_are_not_lost(club: Club) -> None:
    """The wallet has no balance yet that both could lock."""
    gold, low = add_tier(club, 7, 1000), add_tier(club, 8, 5)
    crowd = [club.member(f"m{n}") for n in range(CALLS // 2)]
    works: list[Callable[[], int]] = []
    for one in crowd:
        path = f"/members/{one['memberId']}/loyalty-programs/{PROGRAM}/tier"
        assert status_of(club, "PUT", path, loyaltyTierId=gold, expiresAt=iso(club.now_ms + DAY_MS))() == 200
    club.server.runtime.sandboxes[club.tenant.sandbox_id].clock.at_ms += 2 * DAY_MS

    def expire(member: dict[str, Any]) -> None:
        with unit_of(club) as unit:
            expire_tier(unit, f"{member['memberId']}/{PROGRAM}")

    for one in crowd:
        works += [mint(club, one, 10), lambda one=one: expire(one)]
    assert Counter(at_once(works)) == {200: len(crowd), None: len(crowd)}
    assert [tiers(club, one) for one in crowd] == [{PROGRAM: low}] * len(crowd)

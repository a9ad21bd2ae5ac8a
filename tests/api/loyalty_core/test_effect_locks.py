"""The effects of an event lock what they change in the one order of `models/loyalty_core/engine/locks.py`, whatever
theirs is.
"""

import itertools
from typing import Any

import pytest

from models.uow import UnitOfWork
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club
from tests.api.loyalty_core.engine import CONFIRMED, action, bought, campaign, effect, mint, tracked
from tests.api.loyalty_core.test_coupon_books import add, new_book
from tests.api.loyalty_core.test_evaluation_races import GENERIC, scarce_account
from tests.api.loyalty_core.test_missions import new_mission
from tests.api.loyalty_core.test_referrals import give, new_referrals
from tests.api.loyalty_core.test_tiers import new_tier

ORDER = ["jobs", "lc_coupon_books", "lc_referral_programs", "lc_accounts", "ledger_balances", "lc_enrolments"]


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Tables that were locked, with the parameters of each statement."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def noting(name: str) -> None:
        original = getattr(UnitOfWork, name)

        def noted(uow: UnitOfWork, query: Any, **parameters: Any) -> Any:
            (table,) = {column.table.name for column in query.statement.selected_columns}
            seen.append((table, parameters))
            return original(uow, query, **parameters)

        monkeypatch.setattr(UnitOfWork, name, noted)

    for name in ("lock_rows", "share_rows"):
        noting(name)
    return seen


def test_all_is_locked_in_one_order_before_the_first_effect(
    club: Club, locked: list[tuple[str, dict[str, Any]]]
) -> None:
    scarce = scarce_account(club, "Scarce")
    account = scarce["ledgerAccountId"]
    tier = new_tier(club)
    new_book(club, 1)
    new_book(club, 0, assignmentRequiredPoints=1, requiredPointsConfig=scarce)
    add(club, "other", book=2)
    new_referrals(
        club, eventType=GENERIC, referrerPointsAccrual=10, referrerLedgerId=LEDGER, referrerLedgerAccountId=ACCOUNT
    )
    ana = club.member()
    give(club, ana, "A")
    ben = club.made("/members", loyaltyMemberId="ben", referralCode="A")
    set_tier = effect("set-tier", loyaltyProgramId=PROGRAM, loyaltyTierId=tier["loyaltyTierId"], days=2)
    coupons = [effect("assign-coupon", couponBookId=book) for book in (2, 1)]
    action(club, campaign(club, GENERIC), mint(2, **scarce), *coupons, set_tier)
    campaign(club, GENERIC, smartRewards={"fixedPoints": 3})
    locked.clear()
    given = tracked(club, ben)
    assert [one["effectId"] for one in given] == [
        *("mint-points", "mint-points", "assign-coupon", "assign-coupon", "set-tier", "mint-points")
    ]
    seen = [(table, parameters) for table, parameters in locked if table in ORDER]
    first = list(dict.fromkeys(table for table, _ in seen))
    assert first == ORDER
    begun = [table for table, _ in seen].index("ledger_balances")
    assert all(table != "lc_accounts" for table, _ in seen[begun:])
    books = [parameters for table, parameters in seen if table == "lc_coupon_books"]
    assert books[0]["book_ids"] == [1, 2]
    held, *more = [parameters["accounts"] for table, parameters in seen if table == "ledger_balances"]
    assert not more, "all balances were locked with the first statement"
    supplies = [name for name in held if not name.startswith("a")]
    assert len(supplies) == 2, supplies
    wallets = {(which, one["walletId"]) for which, one in ((account, ben), (ACCOUNT, ben), (ACCOUNT, ana))}
    assert {name for name in held if "/w" in name} == {f"a{which}/w{wallet}" for which, wallet in wallets}


def balances_locked(locked: list[tuple[str, dict[str, Any]]]) -> list[set[str]]:
    """Which balances were locked, statement by statement."""
    return [set(parameters["accounts"]) for table, parameters in locked if table == "ledger_balances"]


@pytest.mark.parametrize("is_by_event", [True, False], ids=["an event", "an effect"])
def test_a_supply_that_a_mission_pays_from_is_locked_with_that_of_a_campaign(
    club: Club, locked: list[tuple[str, dict[str, Any]]], is_by_event: bool
) -> None:
    one, other = scarce_account(club, "One"), scarce_account(club, "Other")
    counted = GENERIC if is_by_event else "member-updated"
    new_mission(club, eventType=counted, goalCount=1, pointsAccrual=4, **one)
    count = [] if is_by_event else [effect("increment-mission", missionId=1)]
    action(club, campaign(club, GENERIC), mint(2, **other), *count)
    ana = club.member()
    locked.clear()
    tracked(club, ana)
    held, *more = balances_locked(locked)
    assert not more
    assert {f"s{account['ledgerAccountId']}" for account in (one, other)} <= held
    assert [club.points(ana["walletId"], account["ledgerAccountId"])[0] for account in (one, other)] == [4, 2]


def test_what_a_mission_pays_is_locked_before_the_tiers_that_are_set(
    club: Club, locked: list[tuple[str, dict[str, Any]]]
) -> None:
    scarce = scarce_account(club, "Scarce")
    tier = new_tier(club)["loyaltyTierId"]
    new_mission(club, eventType=GENERIC, goalCount=1, pointsAccrual=4, **scarce)
    action(club, campaign(club, GENERIC), effect("set-tier", loyaltyProgramId=PROGRAM, loyaltyTierId=tier))
    ana = club.member(points=5)
    locked.clear()
    tracked(club, ana)
    assert club.points(ana["walletId"], scarce["ledgerAccountId"])[0] == 4
    (held,) = balances_locked(locked)
    assert f"s{scarce['ledgerAccountId']}" in held
    tables = [table for table, _ in locked if table in ("ledger_balances", "lc_enrolments")]
    assert tables[:2] == ["ledger_balances", "lc_enrolments"]


@pytest.mark.parametrize("missions", [1, 2])
def test_the_supplies_of_two_missions_are_locked_together_and_that_of_one_only_when_it_pays(
    club: Club, locked: list[tuple[str, dict[str, Any]]], missions: int
) -> None:
    accounts = [scarce_account(club, f"Scarce {number}") for number in range(missions)]
    for number, account in enumerate(reversed(accounts)):
        new_mission(club, code=f"m{number}", eventType=GENERIC, goalCount=2, pointsAccrual=4, **account)
    campaign(club, GENERIC, smartRewards={"fixedPoints": 3})
    ana = club.member()
    supplies = {f"s{account['ledgerAccountId']}" for account in accounts}
    locked.clear()
    tracked(club, ana)
    assert any(supplies <= held for held in balances_locked(locked)) == (missions > 1)
    locked.clear()
    tracked(club, ana)
    assert [held & supplies for held in balances_locked(locked) if held & supplies] == [supplies]


def test_an_amended_order_locks_what_it_gives_and_takes_back_in_one_order(
    club: Club, locked: list[tuple[str, dict[str, Any]]]
) -> None:
    """The order gave points of the first account, and is now to give some of the other one instead."""
    one, other = scarce_account(club, "One"), scarce_account(club, "Other")
    action(club, campaign(club, CONFIRMED), mint(2, **one), rules="order.total > 5")
    action(club, campaign(club, CONFIRMED), mint(3, **other), rules="order.total < 5")
    ana = club.member()
    bought(club, ana, 10, key="order")
    locked.clear()
    bought(club, ana, 1, key="order")
    assert [club.points(ana["walletId"], account["ledgerAccountId"])[0] for account in (one, other)] == [0, 3]
    assert_in_order(locked)


def test_a_cancelled_order_locks_what_it_takes_back_in_one_order(
    club: Club, locked: list[tuple[str, dict[str, Any]]]
) -> None:
    one, other = scarce_account(club, "One"), scarce_account(club, "Other")
    action(club, campaign(club, CONFIRMED), mint(2, **one), mint(3, **other))
    ana = club.member()
    bought(club, ana, 10, key="order")
    locked.clear()
    bought(club, ana, 10, "cancelled", key="order")
    assert [club.points(ana["walletId"], account["ledgerAccountId"])[0] for account in (one, other)] == [0, 0]
    assert_in_order(locked)


def assert_in_order(locked: list[tuple[str, dict[str, Any]]]) -> None:
    """Each statement locks balances that come after all those of the statement before."""
    held = balances_locked(locked)
    assert held
    assert all(max(before) < min(after) for before, after in itertools.pairwise(held)), held


def test_ids_that_are_computed_to_lock_what_they_name_count_once_as_steps(club: Club) -> None:
    new_book(club, 9)
    text = f"1 + length('{'x' * 3_900}') * 0"
    for _ in range(5):
        action(club, campaign(club, GENERIC), effect("assign-coupon", couponBookId={"expression": text}))
    given = tracked(club, club.member())
    assert [one["data"]["applied"] for one in given] == [True] * 5

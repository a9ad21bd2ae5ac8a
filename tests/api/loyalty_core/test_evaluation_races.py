"""Races of the engine: events, orders and plain transfers of the same members at the same moment.

Every thread has a connection of its own, on a SQLite file as on PostgreSQL.
"""

import random  # noqa: TID251  who does what is the test's own dice
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club
from tests.api.loyalty_core.engine import CONFIRMED, action, balance, campaign, effect, log, mint
from tests.api.loyalty_core.test_coupon_books import new_book
from tests.support.races import Reply, at_once, calling, racing

CALLS = 16
GENERIC = "member-generic-event"


server, client = racing("evaluation_races", CALLS, fixed_clock=True)


def tracking(club: Club, member: dict[str, Any], key: str, **payload: Any) -> Callable[[], Reply]:
    return calling(
        club,
        club.token,
        "POST",
        "/loyalty-events",
        {
            "systemUniqueKey": key,
            "memberId": member["memberId"],
            "organizationId": club.id,
            "eventType": GENERIC,
            "payload": payload,
        },
    )


def buying(
    club: Club, member: dict[str, Any], key: str, status: str = "confirmed", total: int = 10
) -> Callable[[], Reply]:
    return calling(
        club,
        club.token,
        "POST",
        f"/members/{member['memberId']}/purchase-orders",
        {"externalId": key, "type": "counter", "total": total, "status": status},
    )


def test_one_key_is_evaluated_once(club: Club) -> None:
    ana = club.member()
    campaign(club, GENERIC, smartRewards={"fixedPoints": 5})
    replies = at_once([tracking(club, ana, "once") for _ in range(CALLS)])
    assert all(reply == replies[0] for reply in replies)
    assert replies[0][0] == 201
    assert len(replies[0][1]["effects"]) == 1
    assert balance(club, ana) == 5
    assert len(log(club, ana, eventType=GENERIC)) == 1


def test_a_monthly_limit_holds(club: Club) -> None:
    ana = club.member()
    campaign(
        club,
        GENERIC,
        smartRewards={"fixedPoints": 3},
        pointsMonthlyLimitPerMember=10,
        allowPartialApplicationOnLimit=True,
    )
    replies = at_once([tracking(club, ana, f"k-{number}") for number in range(CALLS)])
    assert Counter(reply[1]["effects"][0]["data"]["amount"] for reply in replies) == {3: 3, 1: 1, 0: CALLS - 4}
    assert balance(club, ana) == 10


def test_one_order_is_made_once_and_earns_once(club: Club) -> None:
    ana = club.member()
    campaign(club, CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 1})
    replies = at_once([buying(club, ana, "receipt") for _ in range(CALLS)])
    assert Counter(status for status, _ in replies) == {201: 1, 200: CALLS - 1}
    assert balance(club, ana) == 10


def test_an_order_is_taken_back_once(club: Club) -> None:
    ana = club.member(points=100)
    campaign(club, CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 1})
    assert buying(club, ana, "receipt")()[0] == 201
    replies = at_once(
        [buying(club, ana, "receipt", "cancelled" if number % 2 else "returned") for number in range(CALLS)]
    )
    statuses = Counter(status for status, _ in replies)
    assert statuses[200] == CALLS // 2, "one of the two statuses came first, and then was there already for its like"
    assert statuses[409] == CALLS // 2
    assert balance(club, ana) == 100


def scarce_account(club: Club, name: str) -> dict[str, int]:
    """A new account with a maximum supply, as bodies name it."""
    rules = {"active": True, "isRevolving": True, "syncAlgorand": False, "maxSupply": 10_000}
    made = club.made(f"/ledgers/{LEDGER}/accounts", name=name, **rules)
    return {"ledgerId": LEDGER, "ledgerAccountId": made["ledgerAccountId"]}


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
def test_points_beside_a_coupon_do_not_lock_the_supply_before_its_book(club: Club, is_first: bool) -> None:
    """Assignments lock a book and then the supply that it is paid into: orders whose campaigns assign a coupon lock
    them alike, whether they give points of this supply before the coupon or after it.
    """
    paid = scarce_account(club, "Scarce")
    new_book(club, 2 * CALLS, assignmentRequiredPoints=1, requiredPointsConfig=paid)
    members = [club.member(f"m{number}") for number in range(CALLS)]
    for member in members:
        path = f"/ledgers/{LEDGER}/accounts/{paid['ledgerAccountId']}/wallets/{member['walletId']}/mint"
        club.post(path, json={"amount": 10})
    if is_first:
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 2, **paid})
    coupon = effect("assign-coupon", couponBookId={"expression": "1"} if is_first else 1)
    action(club, campaign(club, CONFIRMED), *([mint(1, **paid)] if is_first else []), coupon)
    if not is_first:
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 3, **paid})
    campaign(club, CONFIRMED, smartRewards={"fixedPoints": 3})
    works = []
    for number, member in enumerate(members):
        assign = {"memberId": member["memberId"], "systemUniqueKeys": [f"assigned-{number}"]}
        works.append(calling(club, club.token, "POST", "/coupon-books/1/assign", assign))
        works.append(buying(club, members[-1 - number], f"order-{number}"))
    replies = at_once(works)
    assert Counter(status for status, _ in replies) == {200: CALLS, 201: CALLS}
    assert {balance(club, member) for member in members} == {3}
    assert {club.points(member["walletId"], paid["ledgerAccountId"])[0] for member in members} == {10 - 2 + 3}


def test_supplies_of_several_accounts_are_locked_in_one_order(club: Club) -> None:
    """Two kinds of event mint in the same two accounts with a supply, one after the other and the other way round."""
    one, other = scarce_account(club, "One"), scarce_account(club, "Other")
    action(club, campaign(club, CONFIRMED), mint(1, **one), mint(2, **other))
    action(club, campaign(club, GENERIC), mint(2, **other), mint(1, **one))
    members = [club.member(f"m{number}") for number in range(2 * CALLS)]
    works = [buying(club, member, f"order-{number}") for number, member in enumerate(members[:CALLS])]
    works += [tracking(club, member, f"event-{number}") for number, member in enumerate(members[CALLS:])]
    draw = random.Random(3)
    draw.shuffle(works)
    assert Counter(status for status, _ in at_once(works)) == {201: 2 * CALLS}
    for member in members:
        assert [club.points(member["walletId"], scarce["ledgerAccountId"])[0] for scarce in (one, other)] == [1, 2]


def test_effects_in_two_accounts_among_plain_transfers(club: Club) -> None:
    """Campaigns mint in two accounts in both orders while points are moved in them: nothing fails, and all adds up."""
    second = club.made(
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
    members = [club.member(f"m{number}", points=1_000) for number in range(4)]
    for one, other in ((ACCOUNT, second), (second, ACCOUNT)):
        action(club, campaign(club, GENERIC), mint(2, ledgerAccountId=one), mint(1, ledgerAccountId=other))
    action(
        club,
        campaign(club, GENERIC),
        effect("set-member-attribute", name="seen", value={"expression": "event.payload.number"}),
    )
    club.made(
        "/missions",
        loyaltyProgramId=PROGRAM,
        name="M",
        code="m",
        eventType=GENERIC,
        maxRepetitions=1_000,
        goalCount=2,
        pointsAccrual=7,
    )
    draw = random.Random(5)
    works: list[Callable[[], Reply]] = []
    tracked = Counter[int]()
    for number in range(6 * CALLS):
        who, friend = draw.sample(members, 2)
        if number % 3:
            works.append(tracking(club, who, f"key-{number}", number=number))
            tracked[who["memberId"]] += 1
        else:
            works.append(
                calling(
                    club,
                    club.token,
                    "POST",
                    f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions",
                    {"amount": 1, "fromWalletId": who["walletId"], "toWalletId": friend["walletId"]},
                )
            )
    for first in range(0, len(works), CALLS):
        replies = at_once(works[first : first + CALLS])
        assert {status for status, _ in replies} == {201}, replies
        assert all(len(body["effects"]) >= 6 for _, body in replies if "effects" in body)
    for who in members:
        count = tracked[who["memberId"]]
        assert club.points(who["walletId"], second)[0] == 3 * count
    total = sum(club.points(who["walletId"])[0] for who in members)
    assert total == 4_000 + 3 * sum(tracked.values()) + 7 * sum(count // 2 for count in tracked.values())

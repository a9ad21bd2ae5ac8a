"""Givers beside takers: what was acknowledged is what is stored, for each balance of each API.

Two servers on one database, on a SQLite file and on PostgreSQL. Their clocks differ, so that each sees rows of the
other that are dated after its own present; and a call that waits for a lock sees rows that were written while it
waited.
"""

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from models.advocacy.tables import Redemption as AdvocacyRedemption
from models.leat.tables import CreditReception
from models.ledger import LedgerBalance, LedgerEntry
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponUsage
from models.loyalty_core.ledger.tables import Lot
from models.loyalty_core.missions.tables import MissionCount
from models.saasquatch.tables import Redemption, Reward
from tests.api.advocacy.conftest import make_business
from tests.api.advocacy.test_rewards import get_reward, make_reward
from tests.api.leat.conftest import BASE, HARBOUR, make_account
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, make_club
from tests.api.loyalty_core.test_missions import new_mission
from tests.api.saasquatch.conftest import make_tenant
from tests.support.client import Client
from tests.support.races import DATABASES, Reply, at_once, calling, racing_client, racing_pair
from tests.support.tenants import ApiTenant
from troth.app import Server

CALLS = 24
Pair = tuple[Server, Server]
Call = tuple[str, Any]


@pytest.fixture(scope="module", params=DATABASES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    yield from racing_pair(request.param, tmp_path_factory, "debit_races", 8)


@pytest.fixture(scope="module")
def server(pair: Pair) -> Server:
    return pair[0]


client = racing_client


def race(
    pair: Pair, tenant: ApiTenant, token: str, calls: Sequence[Call], *, kinds: int, scheme: str = "Bearer"
) -> list[Reply]:
    """POST all at the same moment: so many kinds that come by turns, the first of each to one server, the next to the
    other, and so on.
    """
    return at_once(
        [
            calling(tenant, token, "POST", path, body, server=pair[n // kinds % 2], scheme=scheme)
            for n, (path, body) in enumerate(calls)
        ]
    )


def mixed(*kinds: Call) -> list[Call]:
    """CALLS of each kind, one after the other."""
    return [call for _ in range(CALLS) for call in kinds]


def rows(tenant: Any, model: Any) -> list[Any]:
    unit = tenant.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(model)))


def succeeded(replies: Sequence[Reply]) -> list[Any]:
    """The bodies of what was acknowledged."""
    assert all(status < 500 for status, _ in replies), Counter(status for status, _ in replies)
    return [body for status, body in replies if status < 300]


def check_balances(tenant: Any) -> None:
    """Every balance is the sum of its entries, and nothing is below zero."""
    sums: Counter[str] = Counter()
    for entry in rows(tenant, LedgerEntry):
        sums[entry.account] += entry.amount
    held = {row.account: row.balance for row in rows(tenant, LedgerBalance)}
    assert held == {account: total for account, total in sums.items() if not account.startswith("@")}
    assert min(held.values()) >= 0


@pytest.mark.parametrize("scheduled", [False, True])
def test_credit_is_redeemed_while_rewards_are_given(pair: Pair, client: Client, scheduled: bool) -> None:
    """Rewards that are given at once, and some that become available while the race is on."""
    tenant = make_tenant(pair[0], client)
    tenant.user("u")
    key = base64.b64encode(f":{tenant.key}".encode()).decode()
    reward = {
        "type": "CREDIT",
        "unit": "POINT",
        "assignedCredit": 3,
        **({"dateScheduledFor": tenant.now_ms + 200} if scheduled else {}),
    }
    calls = mixed(
        ("/rewards/account/u/user/u", reward), ("/credit/bulkredeem", {"accountId": "u", "unit": "point", "amount": 2})
    )
    given = race(
        pair,
        tenant,
        key,
        mixed(("/rewards/account/u/user/u", {"type": "CREDIT", "unit": "POINT", "assignedCredit": 1}))[:6],
        kinds=1,
        scheme="Basic",
    )
    replies = race(pair, tenant, key, calls, kinds=2, scheme="Basic")
    taken = [body for body in succeeded(replies) if "creditRedeemed" in body]
    assert {body["creditRedeemed"] for body in taken} == {2}
    stored = rows(tenant, Reward)
    assert len(stored) == len(given) + CALLS
    assert (
        sum(row.redeemed for row in stored) == sum(row.quantity for row in rows(tenant, Redemption)) == 2 * len(taken)
    )
    assert all(0 <= row.redeemed <= row.assigned for row in stored)
    if not scheduled:
        changes = [event["data"] for event in tenant.events("user.reward.balance.changed")]
        newest = max(changes, key=lambda data: data["resourceVersion"])
        assert newest["availableValue"] == sum(row.assigned - row.redeemed for row in stored)


def test_points_are_spent_while_they_are_awarded(pair: Pair, client: Client) -> None:
    business = make_business(pair[0], client)
    ana, stock = business.advocate(points=9)["id"], 10
    mug = make_reward(business, 4, stock=stock)["id"]
    replies = race(
        pair,
        business,
        business.key,
        mixed(
            (f"/advocates/{ana}/points", {"amount": 3}),
            (f"/rewards/{mug}/redeem", {"advocateId": ana}),
            (f"/advocates/{ana}/points", {"amount": -2}),
        ),
        kinds=3,
    )
    done = succeeded(replies)
    changed = [body["transaction"]["amount"] for body in done if "transaction" in body]
    redeemed = [body["redemption"] for body in done if "redemption" in body]
    assert changed.count(3) == CALLS
    assert len({one["id"] for one in redeemed}) == len(redeemed) == len(rows(business, AdvocacyRedemption))
    assert sum(one["pointsSpent"] for one in redeemed) == 4 * len(redeemed)
    after = get_reward(business, mug)
    assert (after["stock"], after["redemptionCount"]) == (stock - len(redeemed), len(redeemed))
    assert business.points(ana) == 9 + sum(changed) - 4 * len(redeemed)
    check_balances(business)


def test_credits_are_received_on_two_servers(pair: Pair, client: Client) -> None:
    """Nothing takes credits in this part of the API: receptions and the incentives that they lead to meet instead."""
    account = make_account(pair[0], client)
    ana = account.create("ana@example.org")
    ben = account.create("ben@example.org", account.code(ana))
    replies = race(
        pair,
        ApiTenant(pair[0], client, account.tenant, BASE),
        account.token,
        mixed(
            *(
                ("/credit-receptions", {"contact_uuid": contact, "shop_uuid": HARBOUR["uuid"], "credits": credits_})
                for contact, credits_ in ((ana, 3), (ben, 2))
            )
        ),
        kinds=2,
    )
    done = [body["data"] for body in succeeded(replies)]
    assert len(done) == len(rows(account, CreditReception)) == 2 * CALLS
    received = Counter[str]()
    for one in done:
        received[one["contact"]["uuid"]] += one["credits"]
    assert (account.credits(ana), account.credits(ben)) == (received[ana], received[ben] + 50)
    assert account.cents(ana) == 500
    check_balances(account)


@pytest.mark.parametrize("tracked", [False, True])
def test_points_are_burned_moved_and_set_aside_while_they_are_made(pair: Pair, client: Client, tracked: bool) -> None:
    club = make_club(pair[0], client)
    account = club.made(
        f"/ledgers/{LEDGER}/accounts",
        name="Raced",
        active=True,
        isRevolving=False,
        syncAlgorand=False,
        maxSupply=10_000,
        pointTrackingEnabled=tracked,
        expiresInMonths=1,
    )["ledgerAccountId"]
    base = f"/ledgers/{LEDGER}/accounts/{account}"
    ana, ben = (club.member(name)["walletId"] for name in ("ana", "ben"))
    replies = race(
        pair,
        club,
        club.token,
        mixed(
            (f"{base}/wallets/{ana}/mint", {"amount": 3}),
            (f"{base}/wallets/{ana}/burn", {"amount": 2}),
            (f"{base}/transactions", {"fromWalletId": ana, "toWalletId": ben, "amount": 4}),
            (f"{base}/wallets/{ana}/burn", {"amount": 1, "captureMethod": "manual"}),
        ),
        kinds=4,
    )
    made = [one for body in succeeded(replies) for one in body["transactions"]]
    pending = [one["ledgerTransactionId"] for one in made if one["status"] == "pending"]
    capture = [
        (f"{base}/transactions/capture", {"transactions": [{"ledgerTransactionId": id_}]})
        for id_ in pending
        for _ in range(2)
    ]
    captured = succeeded(race(pair, club, club.token, capture, kinds=1)) if capture else []
    assert len(captured) == len(pending)
    minted = sum(one["amount"] for one in made if one["type"] == "mint")
    burned = sum(one["amount"] for one in made if one["type"] == "burn")
    moved = sum(one["amount"] for one in made if one["type"] == "transfer")
    assert minted == 3 * CALLS
    assert club.points(ana, account) == (minted - burned - moved,) * 2
    assert club.points(ben, account) == (moved, moved)
    in_lots = sum(lot.amount for lot in rows(club, Lot))
    assert in_lots == (minted - burned if tracked else 0)
    check_balances(club)


def free_book(club: Club, **members: Any) -> int:
    made = club.made(
        "/coupon-books", name="x", type="x", publishingStatus="published", requiredPointsConfig={}, **members
    )
    number: int = made["couponBookId"]
    return number


def test_coupons_are_assigned_and_used_while_codes_are_added(pair: Pair, client: Client) -> None:
    club = make_club(pair[0], client)
    book = free_book(club, maxAssignedPerCoupon=1, assignmentRequiredPoints=5)
    ana = club.member("ana", points=5 * CALLS - 10)
    who = ana["memberId"]
    calls = [
        call
        for n in range(CALLS)
        for call in (
            (f"/coupon-books/{book}/coupons", {"codes": [f"c{n}"]}),
            (f"/coupon-books/{book}/assign", {"memberId": who}),
            (f"/coupon-books/{book}/use", {"memberId": who}),
        )
    ]
    done = succeeded(race(pair, club, club.token, calls, kinds=3))
    shown = [one for body in done for one in body.get("couponUsages", ())]
    assigned = [one["couponCode"] for one in shown if one["type"] == "assignment"]
    used = [one["assignmentCouponUsageId"] for one in shown if one["type"] == "use"]
    assert len(set(assigned)) == len(assigned)
    assert len(set(used)) == len(used)
    assert club.points(ana["walletId"])[0] == 5 * (CALLS - len(assigned)) - 10
    usages = Counter(row.type for row in rows(club, CouponUsage))
    [stored] = rows(club, CouponBook)
    assert (stored.coupon_count, stored.assigned, stored.used) == (CALLS, len(assigned), len(used))
    assert (usages["assignment"], usages["use"]) == (len(assigned), len(used))
    assert sum(row.assigned for row in rows(club, Coupon)) == len(assigned)
    check_balances(club)


def test_missions_are_counted_while_their_points_are_spent(pair: Pair, client: Client) -> None:
    club = make_club(pair[0], client)
    mission = new_mission(club, goalCount=2, maxRepetitions=8, pointsAccrual=5)["missionId"]
    ana = club.member()
    replies = race(
        pair,
        club,
        club.token,
        mixed(
            (f"/members/{ana['memberId']}/missions/{mission}/increment", {"amount": 1}),
            (f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/{ana['walletId']}/burn", {"amount": 2}),
        ),
        kinds=2,
    )
    done = succeeded(replies)
    burned = sum(one["amount"] for body in done for one in body.get("transactions", ()))
    counted = [body for body in done if "transactions" not in body]
    stored = rows(club, MissionCount)
    assert len(counted) == len(stored) == sum(row.amount for row in stored) == 16
    assert sum(row.achieved for row in stored) == 8
    assert club.points(ana["walletId"])[0] == sum(row.points for row in stored) - burned == 40 - burned
    check_balances(club)

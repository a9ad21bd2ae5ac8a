"""Both ends of every validity, to the millisecond: what counts one before, at, and one after."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.kernel.clock import DAY_MS, HOUR_MS
from models.kernel.times import iso
from tests.api.leat.conftest import make_account
from tests.api.loyalty_core import engine
from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, Club, make_club
from tests.api.loyalty_core.test_coupon_books import new_book
from tests.api.loyalty_core.test_coupons import assign, given, use
from tests.api.loyalty_core.test_missions import add, new_mission, standing, touch
from tests.api.loyalty_core.test_referrals import come, give, new_referrals
from tests.api.loyalty_core.test_tiers import new_tier, tier_of
from tests.api.saasquatch.conftest import make_tenant
from tests.support.client import Client
from tests.support.serving import memory_server

GENERIC = "member-generic-event"
Probe = Callable[[], bool]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    made = Client(memory_server())
    yield made
    made.close()
    made.server.close()


def at(client: Client, now_ms: int, probe: Probe, tenant: Any) -> bool:
    """What a probe says at an instant, after what has become due by then in the tenant."""
    clock: Any = client.server.runtime.main.clock
    clock.at_ms = now_ms
    client.server.runtime.directory.forget()
    assert client.server.runtime.run_due is not None
    client.server.runtime.run_due(tenant.tenant.id)
    clock.at_ms = now_ms  # each write has moved it by a millisecond
    return probe()


# Validities, which begin with `since` and end with `until`


def campaign(club: Club, span: dict[str, str]) -> Probe:
    engine.campaign(club, GENERIC, smartRewards={"fixedPoints": 1}, **span)
    member = club.member()
    return lambda: bool(engine.tracked(club, member))


def mission_by_call(club: Club, span: dict[str, str]) -> Probe:
    new_mission(club, maxRepetitions=99, **span)
    member = club.member()
    return lambda: add(club, member).status_code == 200


def mission_by_event(club: Club, span: dict[str, str]) -> Probe:
    new_mission(club, maxRepetitions=99, **span)
    member = club.member()

    def probe() -> bool:
        before = standing(club, member)[0]
        touch(club, member)
        return standing(club, member)[0] > before

    return probe


def book_to_assign(club: Club, span: dict[str, str]) -> Probe:
    new_book(club, 9, **_dates(span))
    club.member()
    return lambda: assign(club).status_code == 200


def book_to_use(club: Club, span: dict[str, str]) -> Probe:
    new_book(club, 9)
    club.member()
    given(club, numberOfCodes=9)
    body = {"requiredPointsConfig": {}, **_dates(span)}
    assert club.put("/coupon-books/1", json=body).status_code == 200
    return lambda: use(club).status_code == 200


def referral_program(club: Club, span: dict[str, str]) -> Probe:
    new_referrals(club, maxPerCode=99, maxReferralsPerMember=99, **_dates(span))
    assert give(club, club.member(), "ANA").status_code == 201
    numbers = iter(range(99))
    return lambda: come(club, f"friend-{next(numbers)}", "ANA").status_code == 201


def _dates(span: dict[str, str]) -> dict[str, str]:
    return {f"{name}Date": date for name, date in span.items()}


@pytest.mark.parametrize(
    "prepare", [campaign, mission_by_call, mission_by_event, book_to_assign, book_to_use, referral_program]
)
def test_both_ends_of_a_validity_are_part_of_it(
    client: Client, prepare: Callable[[Club, dict[str, str]], Probe]
) -> None:
    club = make_club(client.server, client)
    since = club.now_ms + HOUR_MS
    until = since + HOUR_MS
    probe = prepare(club, {"validFrom": iso(since), "validTo": iso(until)})
    found = [at(client, now_ms, probe, club) for now_ms in (since - 1, since, since + 1, until - 1, until, until + 1)]
    assert found == [False, True, True, True, True, False]


# Ends, which are no part of what ends there


def assignment(club: Club, until: int) -> Probe:
    new_book(club, 9)
    club.member()
    given(club, numberOfCodes=9, expiredAt=iso(until))
    return lambda: use(club).status_code == 200


def tier(club: Club, until: int) -> Probe:
    gold = new_tier(club)["loyaltyTierId"]
    member = club.member()
    choice = {"loyaltyTierId": gold, "expiresAt": iso(until)}
    path = f"/members/{member['memberId']}/loyalty-programs/{PROGRAM}/tier"
    assert club.put(path, json=choice).status_code == 200
    return lambda: bool(tier_of(club, member) == gold)


@pytest.mark.parametrize("prepare", [assignment, tier])
def test_what_expires_is_over_at_its_instant(client: Client, prepare: Callable[[Club, int], Probe]) -> None:
    club = make_club(client.server, client)
    until = club.now_ms + HOUR_MS
    probe = prepare(club, until)
    assert [at(client, until + n, probe, club) for n in (-1, 0, 1)] == [True, False, False]


def test_points_are_gone_at_the_instant_a_month_after_they_were_made(client: Client) -> None:
    club = make_club(client.server, client)
    account = club.made(
        f"/ledgers/{LEDGER}/accounts",
        name="Stamps",
        active=True,
        isRevolving=False,
        syncAlgorand=False,
        pointTrackingEnabled=True,
        expiresInMonths=1,
    )["ledgerAccountId"]
    wallet = club.member()["walletId"]
    clock: Any = client.server.runtime.main.clock
    clock.at_ms = made_ms = (
        clock.at_ms // DAY_MS * DAY_MS + 40 * DAY_MS
    )  # of no month with 31 days before one with fewer
    club.made(f"/ledgers/{LEDGER}/accounts/{account}/wallets/{wallet}/mint", amount=10)
    [row] = club.get(f"/ledgers/{LEDGER}/accounts/{account}/transactions").json()["results"]
    assert row["createdAt"] == iso(made_ms)
    month = iso(made_ms)[:7]
    until = next(made_ms + n * DAY_MS for n in range(27, 32) if iso(made_ms + n * DAY_MS)[7:] == iso(made_ms)[7:])
    assert iso(until)[:7] != month
    found = [at(client, until + n, lambda: club.points(wallet, account)[0] == 10, club) for n in (-1, 0, 1)]
    assert found == [True, False, False]


def test_a_reward_can_be_spent_from_its_scheduled_instant_until_before_it_expires(client: Client) -> None:
    tenant = make_tenant(client.server, client)
    tenant.user("ana")
    since = tenant.now_ms + HOUR_MS
    until = since + HOUR_MS
    dated = {"dateScheduledFor": since, "dateExpires": until}
    body = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 700, **dated}
    assert tenant.post("/rewards/account/ana/user/ana", json=body).status_code == 201
    spent = {"accountId": "ana", "unit": "CENTS", "amount": 1}

    def available() -> bool:
        return tenant.post("/credit/bulkredeem", json=spent).status_code == 200

    instants = (since - 1, since, since + 1, until - 1, until, until + 1)
    found = [at(client, now_ms, available, tenant) for now_ms in instants]
    assert found == [False, True, True, True, False, False]


def test_an_access_token_holds_until_before_its_time_is_over(client: Client) -> None:
    account = make_account(client.server, client)
    form = {"grant_type": "client_credentials"} | {
        name: account.credentials[name] for name in ("client_id", "client_secret")
    }
    before = account.now_ms
    answer = client.request("POST", "/leat/oauth/token", data=form)
    assert answer.status_code == 200, answer.text
    token, until = answer.json()["access_token"], before + answer.json()["expires_in"] * 1_000
    found = [
        at(client, until + n, lambda: account.get("", token=token).status_code == 200, account) for n in (-1, 0, 1)
    ]
    assert found == [True, False, False]


def test_an_exports_file_is_there_until_before_it_expires(client: Client) -> None:
    tenant = make_tenant(client.server, client)
    export = tenant.post("/export", json={"type": "USER", "format": "CSV", "name": "x"}).json()["id"]
    at(client, tenant.now_ms + HOUR_MS, lambda: True, tenant)
    until = tenant.get(f"/export/{export}").json()["dateExpires"]
    found = [
        at(client, until + n, lambda: bool(tenant.get(f"/export/{export}").json()["status"] == "COMPLETED"), tenant)
        for n in (-1, 0, 1)
    ]
    assert found == [True, False, False]

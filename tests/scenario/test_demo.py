"""The demo scenario: a newcomer's first GET of anything shows something that belongs together."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from models.kernel.connection import LazyConnection
from models.loyalty_core.coupons.tables import CouponUsage
from models.loyalty_core.events.tables import EventTrigger, LoggedEvent
from models.loyalty_core.ledger.tables import PointTransaction
from models.loyalty_core.members.tables import Member, MemberTerm, TierChange
from models.loyalty_core.missions.tables import MissionCount
from models.loyalty_core.orders.tables import PurchaseOrder
from models.loyalty_core.organization.tables import Partnership
from models.loyalty_core.referrals.tables import Referral as ClubReferral
from models.saasquatch.rewards.states import statuses
from models.saasquatch.tables import Account, Code, Referral, Reward, User
from models.tenancy.tenants import list_tenants
from tests.support.client import Client
from troth.app import Server
from troth.mock.run import build_mock
from troth.mock.scenarios import find_scenario, load_scenario, unit_of
from troth.settings import Settings

KEYS = {"demo": "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK", "test_demo": "TEST_DEMO0KEY0SAASQUATCH0TROTH0MOCK"}


@pytest.fixture(scope="module")
def demo() -> Iterator[Client]:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    made = Client(server)
    yield made
    made.close()
    server.close()


def get(demo: Client, path: str, alias: str = "demo") -> Any:
    answer = demo.request("GET", f"/saasquatch/api/v1/{alias}{path}", auth=("", KEYS[alias]))
    assert answer.status_code == 200, answer.text
    return answer.json()


TOKENS = {1: "lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK", 2: "lc_DEMO0ROASTERY0LOYALTY0CORE0TROTH0"}


def loyalty(demo: Client, path: str, method: str = "GET", *, by: int = 1, **options: Any) -> Any:
    answer = demo.request(
        method, f"/loyalty-core/api/v1{path}", headers={"Authorization": f"Bearer {TOKENS[by]}"}, **options
    )
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def rows(server: Server, table: Any, alias: str = "demo", api: str = "saasquatch") -> list[Any]:
    with server.runtime.storage.session() as session:
        tenant = server.runtime.directory.tenant(LazyConnection.of(session), api, alias)
        assert tenant is not None
        return list(session.scalars(unit_of(server.runtime, session, tenant, "look").scoped(table)))


def test_there_are_enough_people(demo: Client) -> None:
    assert len(rows(demo.server, User)) >= 200
    assert len(rows(demo.server, Account)) >= 150
    assert get(demo, "/users?limit=1", "test_demo")["totalCount"] == 20


def test_rewards_of_every_type_and_status(demo: Client) -> None:
    rewards = rows(demo.server, Reward)
    now = demo.server.runtime.main.clock.now_ms()
    assert {reward.type for reward in rewards} == {"CREDIT", "PCT_DISCOUNT", "FUELTANK", "INTEGRATION"}
    seen = {(reward.type, status) for reward in rewards for status in statuses(reward, now)}
    for kind in ("CREDIT", "PCT_DISCOUNT", "FUELTANK"):
        assert {("PENDING"), "AVAILABLE", "EXPIRED", "CANCELLED"} - {
            status for found, status in seen if found == kind
        } <= ({"PENDING"} if kind == "FUELTANK" else set()), kind
    assert {("CREDIT", "REDEEMED"), ("INTEGRATION", "AVAILABLE"), ("INTEGRATION", "PENDING")} <= seen
    assert any(statuses(reward, now) == ["CANCELLED"] for reward in rewards)
    assert any(0 < reward.redeemed < (reward.assigned or 0) for reward in rewards)


def test_referrals_in_every_state(demo: Client) -> None:
    referrals = rows(demo.server, Referral)
    states = Counter((referral.referrer_status, referral.converted_ms is not None) for referral in referrals)
    assert set(states) == {("APPROVED", True), ("APPROVED", False), ("PENDING", False), ("DENIED", False)}
    assert len({referral.referred_account_id for referral in referrals}) == len(referrals) >= 80
    by_code = {code.folded: code for code in rows(demo.server, Code)}
    for referral in referrals:
        code = by_code[referral.code_used]
        assert (code.account_id, code.user_id) == (referral.referrer_account_id, referral.referrer_user_id)
        assert referral.referrer_account_id != referral.referred_account_id


def test_nothing_happens_before_its_cause(demo: Client) -> None:
    users = {(user.account_id, user.id): user for user in rows(demo.server, User)}
    now = demo.server.runtime.main.clock.now_ms()
    for referral in rows(demo.server, Referral):
        assert users[referral.referred_account_id, referral.referred_user_id].created_ms <= referral.started_ms <= now
        assert referral.converted_ms is None or referral.started_ms <= referral.converted_ms <= now
    for reward in rows(demo.server, Reward):
        assert users[reward.account_id, reward.user_id].created_ms <= reward.created_ms <= now
        assert reward.redeemed <= (reward.assigned or 0) or reward.type != "CREDIT"


def test_users_are_dated_by_their_latest_change(demo: Client) -> None:
    users = {(user.account_id, user.id): user for user in rows(demo.server, User)}
    for user in users.values():
        assert user.modified_ms >= max(user.blocked_ms or 0, user.custom_fields.get("lastPurchaseDate", 0))
        assert ("lastSeenDate" in user.custom_fields) == (user.last_seen_ip is not None)
        assert user.created_ms <= user.custom_fields.get("lastSeenDate", user.created_ms) <= user.modified_ms
    for referral in rows(demo.server, Referral):
        assert users[referral.referred_account_id, referral.referred_user_id].modified_ms >= referral.started_ms


def test_every_page_of_every_list_keeps_the_contract(demo: Client) -> None:
    for alias in KEYS:
        for path, member in (("/users", "users"), ("/referrals", "referrals"), ("/export/history/list", "data")):
            seen, total = 0, 1
            while seen < total:
                page = get(demo, f"{path}?limit=50&offset={seen}", alias)
                total = page["totalCount"]
                seen += len(page[member])
                assert page[member] or total == 0
    for account in {user.account_id for user in rows(demo.server, User)}:
        get(demo, f"/reward?accountId={account}")
        get(demo, f"/reward/balance?accountId={account}")


def test_the_examples_of_the_contract_exist(demo: Client) -> None:
    ana = get(demo, "/account/acme/user/ana%40example.org/pii")
    assert ana["referralCodes"]["referral-program"] == "ANASTONE"
    assert get(demo, "/referrals/5f00000000000000000000a1")["referredUser"]["id"] == "ben@example.org"
    assert get(demo, "/reward/5f00000000000000000000b1")["assignedCredit"] == 1500
    assert get(demo, "/export/5f00000000000000000000c1")["status"] == "COMPLETED"
    assert get(demo, "/subscription")[0]["endpointUrl"] == "http://localhost:8080/_troth/inbox/saasquatch"


def test_the_club_has_as_many_as_it_says(demo: Client) -> None:
    club = "/organizations/1"
    assert loyalty(demo, f"{club}/members?limit=1")["totalCount"] == 500
    assert len(loyalty(demo, f"{club}/loyalty-programs?default=false")["loyaltyPrograms"]) == 2
    assert loyalty(demo, f"{club}/loyalty-programs/1/tiers")["totalCount"] == 4
    accounts = [
        account for ledger in (1, 2) for account in loyalty(demo, f"{club}/ledgers/{ledger}/accounts")["results"]
    ]
    assert [account["ledgerAccountKey"] for account in accounts] == ["points", "status-points", "stamps"]
    counts = [
        loyalty(
            demo, f"{club}/ledgers/{account['ledgerId']}/accounts/{account['ledgerAccountId']}/transactions?limit=1"
        )["totalCount"]
        for account in accounts
    ]
    assert sum(counts) == 5_000
    assert min(counts) > 500


def test_the_examples_of_loyalty_core_exist(demo: Client) -> None:
    club = "/organizations/1"
    ana = loyalty(demo, f"{club}/members/42")["loyalMember"]
    assert ana == loyalty(demo, f"{club}/loyalty-members/HC-000042")["loyalMember"]
    assert (ana["walletId"], ana["publicLoyaltyMemberId"], ana["memberType"]) == (142, "CARD-7731", "customer")
    assert ana["loyaltyPrograms"] == [
        {
            "loyaltyProgramId": 1,
            "loyaltyTierId": 2,
            "loyaltyTierKey": "mate",
            "tierExpiresAt": "2027-01-15T12:00:00.000Z",
        }
    ]
    balances = loyalty(demo, f"{club}/ledgers/1/wallets/142/balances")["wallets"]
    assert [(wallet["balance"], wallet["availableBalance"], wallet["formattedBalance"]) for wallet in balances] == [
        (1220, 1040, "1220 points"),
        (1400, 1400, "1400"),
    ]
    assert loyalty(demo, f"{club}/users/7b0f4f7e-3c1d-4f5a-9e2b-6a1c8d0e4f11")["user"]["userName"] == "mara"
    assert loyalty(demo, "/portals/by-public-id/harbour-club")["portal"] == loyalty(demo, f"{club}/portals/1")["portal"]
    assert (
        loyalty(demo, f"{club}/content-schemas/1/versions/1")["schema"]
        == '{"type": "object", "properties": {"headline": {"type": "string"}}}'
    )
    for path in (
        "order-locations/webshop",
        "product-categories/coffee-beans",
        "locations/pier-3",
        "categories/tastings",
        "ledgers/1/accounts/1",
        "loyalty-programs/1/tiers/2",
        "members/43",
        "ledgers/1/accounts/1/wallets/143/balance",
    ):
        loyalty(demo, f"{club}/{path}")
    assert loyalty(demo, club)["organization"]["name"] == "Harbour Coffee"


def test_every_section_of_loyalty_core_shows_something(demo: Client) -> None:
    club = "/organizations/1"
    for path, least in (
        ("campaigns", 5),
        ("campaigns/3/actions", 3),
        ("missions", 4),
        ("coupon-books", 5),
        ("coupon-books/1/coupons", 100),
        ("matchers", 2),
        ("audiences", 3),
        ("referral-programs", 1),
        ("referral-programs/1/members-report", 50),
        ("loyalty-event-types", 3),
        ("event-triggers", 1),
        ("coupon-book-offerings", 2),
        ("rules/effects", 8),
        ("members/42/events", 15),
        ("members/42/purchase-orders", 3),
        ("members/42/missions", 4),
        ("loyalty-programs/1/members/42/coupon-books", 3),
        ("loyalty-programs/1/members/42/coupons", 2),
    ):
        assert loyalty(demo, f"{club}/{path}")["totalCount"] >= least, path
    assert {book["publishingStatus"] for book in loyalty(demo, f"{club}/coupon-books")["results"]} == {
        "published",
        "draft",
        "archived",
    }
    assert loyalty(demo, f"{club}/coupon-books/1?locale=it")["couponBook"]["content"] == {
        "headline": "Questa la offriamo noi"
    }
    assert (
        loyalty(demo, f"{club}/loyalty-members/HC-000042/audiences")["audiences"][0]["segmentKey"]
        == "flat-white-lovers"
    )


def test_every_measure_of_loyalty_core_has_something_to_measure(demo: Client) -> None:
    club = "/organizations/1/stats"
    for path in (
        "members/creation",
        "benefits/usages",
        "benefits/performance",
        "coupon-books/usages",
        "missions/top-members",
        "missions",
        "missions/completions",
        "loyalty-programs/1/tiers",
    ):
        assert next(iter(loyalty(demo, f"{club}/{path}").values())), path
    assert loyalty(demo, f"{club}/coupon-books/discount-amounts")["result"]["usageCount"] > 100
    assert loyalty(demo, f"{club}/missions/totals")["result"]["timesAchieved"] > 50
    assert loyalty(demo, f"{club}/ledger-accounts/1")["result"]["minted"]["amount"] > 100_000
    assert loyalty(demo, f"{club}/events/member-purchase-order-confirmed")["result"]["count"] > 500
    assert loyalty(demo, "/stats/surveys/1/nps")["result"]["answerCount"] == 60


def test_both_sides_show_the_same_of_what_they_offer_each_other(demo: Client) -> None:
    harbour, roastery = (
        loyalty(demo, f"/organizations/{number}/coupon-book-offerings", by=number)["results"] for number in (1, 2)
    )
    for one, other in zip(harbour, roastery, strict=True):
        times = {"createdAt": None, "updatedAt": None}
        assert {**one, **times} == {**other, **times}
    assert [(row["status"], row["organizationId"], row["partnerOrganization"]["name"]) for row in harbour] == [
        ("pending", 2, "Harbour Coffee"),
        ("accepted", 1, "Old Town Roastery"),
    ]
    for row, by in ((harbour[0], 2), (harbour[1], 1), (harbour[1], 2)):
        offered = row["offeredCouponBook" if by == row["organizationId"] else "acceptedCouponBook"]
        book = loyalty(demo, f"/organizations/{by}/coupon-books/{offered['couponBookId']}", by=by)["couponBook"]
        assert {name: book[name] for name in offered if name != "contents"} == {
            name: value for name, value in offered.items() if name != "contents"
        }
        assert {"locale": "en", "content": book["content"], "extraFields": {}} in offered["contents"]


def test_the_roastery_is_small_and_whole(demo: Client) -> None:
    roastery = "/organizations/2"
    assert loyalty(demo, f"{roastery}/members", by=2)["totalCount"] == 20
    assert loyalty(demo, f"{roastery}/search/members?query=RF-0007", by=2)["totalCount"] == 1
    assert loyalty(demo, f"{roastery}/ledgers/1/accounts/1/transactions", by=2)["totalCount"] == 20
    assert loyalty(demo, f"{roastery}/ledgers/1/wallets/107/balances", by=2)["wallets"][0]["balance"] == 1
    events = loyalty(demo, f"{roastery}/members/7/events", by=2)["results"]
    assert [event["eventType"] for event in events] == [
        "member-created",
        "member-tier-set",
        "ledger-transaction-created",
    ]
    with demo.server.runtime.storage.session() as session:
        aliases = [tenant.alias for tenant in list_tenants(session, "loyalty_core")]
    assert aliases == ["demo", "roastery"]


def test_loading_the_demo_again_adds_nothing_to_the_club() -> None:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    before = rows(server, EventTrigger, api="loyalty_core")
    with server.runtime.storage.session() as session, session.begin():
        assert not any(
            shown["rows"]
            for shown in load_scenario(server.runtime, session, find_scenario("demo"), fixed_keys=True).tenants
        )
    after = rows(server, EventTrigger, api="loyalty_core")
    assert (
        [(row.id, row.url, row.event_types) for row in after]
        == [(row.id, row.url, row.event_types) for row in before]
        == [(1, f"{server.runtime.public_url}/_troth/inbox/loyalty-core", ["*"])]
    )
    assert len(rows(server, Partnership, api="loyalty_core")) == 1
    server.close()


def test_what_is_on_offer_can_be_accepted() -> None:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    client = Client(server)
    loyalty(client, "/organizations/1/coupon-book-offerings/1/approval", "PUT", json={"approved": True})
    book = loyalty(client, "/organizations/1/coupon-books?search=kilo")["results"][0]
    assert (book["couponBookId"], book["name"], book["publishingStatus"]) == (
        6,
        "Half a kilo for the price of a quarter",
        "draft",
    )
    assert loyalty(client, "/organizations/2/coupon-book-offerings", by=2)["results"][0]["status"] == "accepted"
    client.close()
    server.close()


def test_two_tenants_of_a_seed_are_alike_and_apart(demo: Client) -> None:
    again = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    other = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=2), "demo")
    names = [[user.id for user in rows(server, User)] for server in (demo.server, again, other)]
    assert names[0] == names[1] != names[2]
    for table in (
        Member,
        MemberTerm,
        PointTransaction,
        TierChange,
        LoggedEvent,
        PurchaseOrder,
        CouponUsage,
        MissionCount,
        ClubReferral,
    ):
        columns = table.__table__.columns.keys()
        clubs = [
            [[getattr(row, name) for name in columns] for row in rows(server, table, api="loyalty_core")]
            for server in (demo.server, again, other)
        ]
        assert clubs[0] == clubs[1] != clubs[2]
    for server in (again, other):
        server.close()


@pytest.mark.parametrize("alias", sorted(KEYS))
def test_every_user_can_be_sent_back_and_nothing_changes(demo: Client, alias: str) -> None:
    pages = [get(demo, f"/users?limit=100&offset={offset}", alias) for offset in (0, 100, 200)]
    users = [user for page in pages for user in page["users"]]
    assert len(users) == pages[0]["totalCount"] > 0
    for user in users:
        path = f"/open/account/{user['accountId']}/user/{user['id']}"
        before = get(demo, path, alias)
        sent = demo.request("PUT", f"/saasquatch/api/v1/{alias}{path}", auth=("", KEYS[alias]), json=before)
        assert (sent.status_code, sent.json()) == (200, before), sent.text
        assert get(demo, path, alias) == before

"""The demo scenario: a newcomer's first GET of anything shows something that belongs together."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from models.loyalty_core.ledger_tables import PointTransaction
from models.loyalty_core.tables import Member, MemberTerm, TierChange
from models.saasquatch.reward_states import statuses
from models.saasquatch.tables import Account, Code, Referral, Reward, User
from tests.support.client import Client
from troth.app import Server
from troth.mock import build_mock
from troth.scenarios import unit_of
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


def loyalty(demo: Client, path: str, method: str = "GET", **options: Any) -> Any:
    answer = demo.request(method, f"/loyalty-core/api/v1{path}", headers={"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}, **options)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def rows(server: Server, table: Any, alias: str = "demo", api: str = "saasquatch") -> list[Any]:
    with server.runtime.storage.session() as session:
        tenant = server.runtime.directory.tenant(session, api, alias)
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
        assert {("PENDING"), "AVAILABLE", "EXPIRED", "CANCELLED"} - {status for found, status in seen if found == kind} <= (
            {"PENDING"} if kind == "FUELTANK" else set()), kind
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
    accounts = [account for ledger in (1, 2) for account in loyalty(demo, f"{club}/ledgers/{ledger}/accounts")["results"]]
    assert [account["ledgerAccountKey"] for account in accounts] == ["points", "status-points", "stamps"]
    counts = [loyalty(demo, f"{club}/ledgers/{account['ledgerId']}/accounts/{account['ledgerAccountId']}/transactions?limit=1")["totalCount"]
              for account in accounts]
    assert sum(counts) == 5_000
    assert min(counts) > 500


def test_the_examples_of_loyalty_core_exist(demo: Client) -> None:
    club = "/organizations/1"
    ana = loyalty(demo, f"{club}/members/42")["loyalMember"]
    assert ana == loyalty(demo, f"{club}/loyalty-members/HC-000042")["loyalMember"]
    assert (ana["walletId"], ana["publicLoyaltyMemberId"], ana["memberType"]) == (142, "CARD-7731", "customer")
    assert ana["loyaltyPrograms"] == [{"loyaltyProgramId": 1, "loyaltyTierId": 2, "loyaltyTierKey": "mate",
                                       "tierExpiresAt": "2027-01-15T12:00:00.000Z"}]
    balances = loyalty(demo, f"{club}/ledgers/1/wallets/142/balances")["wallets"]
    assert [(wallet["balance"], wallet["availableBalance"], wallet["formattedBalance"]) for wallet in balances] == [
        (1220, 1040, "1220 points"), (1400, 1400, "1400")]
    assert loyalty(demo, f"{club}/users/7b0f4f7e-3c1d-4f5a-9e2b-6a1c8d0e4f11")["user"]["userName"] == "mara"
    assert loyalty(demo, "/portals/by-public-id/harbour-club")["portal"] == loyalty(demo, f"{club}/portals/1")["portal"]
    assert loyalty(demo, f"{club}/content-schemas/1/versions/1")["schema"] == '{"type": "object", "properties": {"headline": {"type": "string"}}}'
    for path in ("order-locations/webshop", "product-categories/coffee-beans", "locations/pier-3", "categories/tastings", "ledgers/1/accounts/1",
                 "loyalty-programs/1/tiers/2", "members/43", "ledgers/1/accounts/1/wallets/143/balance"):
        loyalty(demo, f"{club}/{path}")
    assert loyalty(demo, club)["organization"]["name"] == "Harbour Coffee"


def test_two_tenants_of_a_seed_are_alike_and_apart(demo: Client) -> None:
    again = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    other = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=2), "demo")
    names = [[user.id for user in rows(server, User)] for server in (demo.server, again, other)]
    assert names[0] == names[1] != names[2]
    for table in (Member, MemberTerm, PointTransaction, TierChange):
        columns = table.__table__.columns.keys()
        clubs = [[[getattr(row, name) for name in columns] for row in rows(server, table, api="loyalty_core")] for server in (demo.server, again, other)]
        assert clubs[0] == clubs[1] != clubs[2]
    for server in (again, other):
        server.close()

"""The dashboard's people: found over all APIs, and one of them with timeline, balances, referrals and coupons."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock.test_dashboard import HOSTILE, page
from tests.mock.test_sandboxes import MAIN_KEY, add_user, create
from tests.support.client import Client
from troth.mock.dashboard.people.drawing import step_line, tree_of
from troth.mock.dashboard.people.facts import Balance, Person, Relation
from troth.mock.dashboard.people.history import backwards, running_total
from troth.mock.run import build_mock
from troth.settings import Settings

PEOPLE = "/dashboard/people"
USER = f"{PEOPLE}/saasquatch/demo?account=acme&id=ana%40example.org"
ADVOCATE = f"{PEOPLE}/advocacy/demo?id=adv_demo0000000000000001"
CONTACT = f"{PEOPLE}/leat/demo?id=6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01"
MEMBER = f"{PEOPLE}/loyalty_core/demo?id=42"
CORE = {"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
ADVOCACY = {"Authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}


@pytest.fixture(scope="module")
def demo() -> Iterator[Client]:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    client = Client(server)
    yield client
    client.close()
    server.close()


def words(shown: str) -> str:
    """The text of a page, with one space between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", shown.partition("<main")[2]).split())


def done(mock: Client, method: str, path: str, **options: Any) -> Any:
    answer = mock.request(method, path, **options)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


class TestSearch:
    def test_a_text_finds_people_of_all_apis_in_any_case(self, demo: Client) -> None:
        shown = page(demo, f"{PEOPLE}?text=aNa+sTone")
        for address in (USER, ADVOCATE, CONTACT, MEMBER):
            assert f'href="{address.replace("&", "&amp;")}"' in shown
        assert "Ben Okafor" not in shown

    def test_without_a_text_the_newest_of_each_live_tenant_are_shown_with_how_many_there_are(
        self, demo: Client
    ) -> None:
        shown = page(demo, PEOPLE)
        assert "test_demo" not in shown
        assert re.findall(r"demo · 6 of [\d,]+", words(shown)) == [
            "demo · 6 of 220",
            "demo · 6 of 300",
            "demo · 6 of 120",
            "demo · 6 of 500",
        ]

    def test_what_nobody_is_called_says_so_and_is_text_in_the_page(self, demo: Client) -> None:
        shown = page(demo, PEOPLE, params={"text": f'"{HOSTILE}%_'})
        assert HOSTILE not in shown
        assert "Nobody is called like this." in shown

    def test_a_sandbox_shows_its_own_people(self, mock: Client) -> None:
        create(mock, name="one", scenario="empty")
        add_user(mock, "/saasquatch", MAIN_KEY, "ana")
        assert "account=ana" in page(mock, f"{PEOPLE}?text=ana")
        assert "Nobody is called like this." in page(mock, f"/sandbox/one{PEOPLE}?text=ana")
        unknown = mock.request("GET", f"/sandbox/one{PEOPLE}/saasquatch/demo?account=ana&id=ana")
        assert (unknown.status_code, "There is no such person." in unknown.text) == (404, True)


class TestPerson:
    def test_a_user_has_rewards_and_referrals(self, demo: Client) -> None:
        shown = page(demo, USER)
        text = words(shown)
        assert "The referral of Ben Okafor converted" in text
        assert "Reward of 1500 CENTS +1,500" in text
        assert (
            'aria-label="Credit in CENTS from 2026-01-15 to 2026-01-15: 1 changes, at most $15.00, now $15.00"' in shown
        )
        assert f'<a href="{PEOPLE}/saasquatch/demo?account=birch&amp;id=ben%40example.org">' in shown

    def test_credit_that_is_spent_is_on_the_timeline_and_in_the_line_at_once(self, demo: Client) -> None:
        path = "/saasquatch/api/v1/demo"
        reward = {"type": "CREDIT", "unit": "POINT", "assignedCredit": 70}
        user = {"id": "pat", "accountId": "pat"}
        done(demo, "PUT", f"{path}/open/account/pat/user/pat", auth=("", MAIN_KEY), json=user)
        done(demo, "POST", f"{path}/rewards/account/pat/user/pat", auth=("", MAIN_KEY), json=reward)
        debit = {"accountId": "pat", "unit": "POINT", "amount": 30}
        done(demo, "POST", f"{path}/credit/bulkredeem", auth=("", MAIN_KEY), json=debit)
        shown = page(demo, f"{PEOPLE}/saasquatch/demo?account=pat&id=pat")
        assert "Spent 30 POINT -30" in words(shown)
        assert "2 changes, at most 70 POINT, now 40 POINT" in shown

    def test_an_advocate_has_points_orders_and_redemptions(self, demo: Client) -> None:
        points = {"amount": 25, "type": "award", "description": "Well done"}
        done(demo, "POST", "/advocacy/api/v1/advocates/adv_demo0000000000000001/points", headers=ADVOCACY, json=points)
        text = words(page(demo, ADVOCATE))
        assert "Award +25 Well done" in text
        assert "Points 2,725" in text
        assert "Order by the code ANAST2NE order-2001" in text
        assert "fulfilled Coffee gift card" in text

    def test_a_contact_has_credits_a_voucher_and_a_referral(self, demo: Client) -> None:
        text = words(page(demo, CONTACT))
        assert "Credits 320" in text
        assert "Credit reception +40" in text
        assert "Voucher of Free coffee" in text
        assert "Ben Okafor completed" in text
        ben = words(page(demo, f"{PEOPLE}/leat/demo?id=6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02"))
        assert "Referred by Ana Stone" in ben

    def test_a_member_has_points_tiers_orders_and_coupons(self, demo: Client) -> None:
        mint = "/loyalty-core/api/v1/organizations/1/loyalty-members/HC-000042/mint"
        done(demo, "POST", mint, headers=CORE, json={"amount": 7, "description": "A smile"})
        text = words(page(demo, MEMBER))
        assert "Mint of points +7 A smile" in text
        assert "Member tier set from member to mate" in text
        assert "Member purchase order confirmed receipt-20593 · 20.00" in text
        assert "Burn of points, pending A bag of beans" in text
        balances = done(
            demo, "GET", "/loyalty-core/api/v1/organizations/1/ledgers/1/wallets/142/balances", headers=CORE
        )
        for wallet in balances["wallets"]:
            assert f"now {wallet['formattedBalance']}" in page(demo, MEMBER)
        assert "COOKIE 1 of 2 used Book 3, 2025-07-03" in text

    def test_an_event_of_a_type_of_ones_own_is_an_event_whatever_it_is_called(self, demo: Client) -> None:
        club = "/loyalty-core/api/v1/organizations/1"
        kind = {"name": "Kiosk", "apiCode": "kiosk-transaction-order", "schemaType": "custom"}
        done(demo, "POST", f"{club}/loyalty-event-types", headers=CORE, json=kind)
        event = {"memberId": 42, "organizationId": 1, "eventType": kind["apiCode"], "systemUniqueKey": "kiosk-1"}
        done(demo, "POST", f"{club}/loyalty-events", headers=CORE, json={**event, "payload": {"type": 5}})
        assert "Kiosk transaction order" in words(page(demo, MEMBER))

    def test_a_member_who_was_referred_by_another_is_drawn_below_that_one(self, demo: Client) -> None:
        shown = page(demo, f"{PEOPLE}/loyalty_core/demo?id=80")
        tree = shown.partition('<svg class="tree"')[2].partition("</svg>")[0]
        assert tree.index(f'<a href="{PEOPLE}/loyalty_core/demo?id=5">') < tree.index('<g class="chosen">')

    def test_a_long_timeline_folds_what_is_older(self, demo: Client) -> None:
        shown = page(demo, f"{PEOPLE}/loyalty_core/demo?id=5")
        newest, older = shown.split('<details id="older">')
        assert newest.count("<time") - newest.partition("<main")[0].count("<time") == 20
        assert older.count("<time") == int(re.findall(r"<summary>(\d+) older", older)[0]) > 20

    @pytest.mark.parametrize(
        "path",
        [
            "saasquatch/demo?account=acme&id=nobody",
            "saasquatch/demo?id=ana%40example.org",
            "saasquatch/nowhere?account=acme&id=ana%40example.org",
            "advocacy/demo?id=adv_nobody",
            "leat/demo?id=x",
            "loyalty_core/demo?id=999999",
            "loyalty_core/demo?id=five",
            "loyalty_core/demo",
            "nothing/demo?id=1",
        ],
    )
    def test_nobody_is_a_404_that_says_so(self, demo: Client, path: str) -> None:
        answer = demo.request("GET", f"{PEOPLE}/{path}")
        assert answer.status_code == 404
        assert "There is no such person." in answer.text


def test_looking_at_people_is_in_no_journal_and_changes_no_id(mock: Client) -> None:
    other = Client(build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "empty"))
    try:
        made = []
        for client in (mock, other):
            add_user(client, "/saasquatch", MAIN_KEY, "ana")
            if client is mock:
                assert "account=ana" in page(client, f"{PEOPLE}?text=ana")
                assert "Signed up" in page(client, f"{PEOPLE}/saasquatch/demo?account=ana&id=ana")
            event = {"userId": "ana", "accountId": "ana", "events": [{"key": "purchase"}]}
            path = "/saasquatch/api/v1/demo/open/account/ana/user/ana/events"
            made.append(done(client, "POST", path, auth=("", MAIN_KEY), json=event))
        assert made[0] == made[1]
        assert done(mock, "GET", "/_troth/journal")["seen"] == 2
    finally:
        other.close()
        other.server.close()


def test_a_person_is_found_by_each_tenant_alone(demo: Client) -> None:
    unknown = demo.request("GET", f"{PEOPLE}/loyalty_core/roastery?id=42")
    assert (unknown.status_code, "There is no such person." in unknown.text) == (404, True)
    assert "RF-0001" in page(demo, f"{PEOPLE}?text=mike+hunter")


class TestDrawing:
    def test_a_line_goes_up_and_down_in_steps_until_now(self) -> None:
        line = step_line(Balance("Points", "5", [(100, 10), (200, 5)]), 300)
        assert line is not None
        assert (line.begin_ms, line.end_ms, line.top) == (100, 300, "10")
        assert line.line == "M0 100H0V0H500V50H1000"
        assert line.area == "M0 100H0V0H500V50H1000V100Z"

    def test_what_never_changed_has_no_line_and_one_instant_has_one(self) -> None:
        assert step_line(Balance("Points", "0", []), 300) is None
        line = step_line(Balance("Points", "0", [(300, 0)]), 300)
        assert line is not None
        assert line.line == "M0 100H0V100H1000"

    def test_a_tree_has_who_brought_a_person_above_and_whom_it_brought_below(self) -> None:
        one = Relation("Ana", "")
        person = Person(
            "Ana", "", referred_by=Relation("Ben", "paid"), brought=[Relation("C" * 40, "paid")], brought_total=3
        )
        tree = tree_of(person, one)
        assert tree is not None
        assert [(node.short, node.x, node.y) for node in tree.nodes] == [
            ("Ben", 8, 19),
            ("Ana", 36, 57),
            ("C" * 21 + "…", 64, 95),
        ]
        assert [node.line for node in tree.nodes] == [None, "M8 25V57H30", "M36 63V95H58"]
        assert (tree.height, tree.left_out) == (114, 2)
        assert tree_of(Person("Ana", ""), one) is None

    def test_histories_lead_to_what_is_held(self) -> None:
        changes = [(3, -2), (1, 5), (2, 4)]
        assert running_total(changes) == [(1, 5), (2, 9), (3, 7)]
        assert backwards(7, changes) == [(1, 5), (2, 9), (3, 7)]

"""Referrals: how they begin, complete and fail, what they give, and how they are listed."""

from typing import Any

import pytest

from models.leat.tables import Referral, Voucher
from models.ledger import LedgerBalance, LedgerEntry
from models.tenancy.tenants import change_settings
from tests.api.leat.conftest import (
    AT_CREATION,
    COFFEE,
    HARBOUR,
    NOBODY,
    POINTS,
    PREPAID,
    PROGRAM,
    VOUCHER,
    Account,
    assert_refused,
    done,
    make_account,
)
from tests.support.client import Client
from troth.app import Server


def refer(account: Account, count: int = 1) -> tuple[str, list[str]]:
    """A contact, and so many that signed up with its code."""
    ana = account.create("ana@example.org")
    code = account.code(ana)
    return ana, [account.create(f"friend{n}@example.org", code) for n in range(count)]


class TestLife:
    def test_a_code_begins_a_pending_referral(self, account: Account) -> None:
        ana, [ben] = refer(account)
        [row] = account.referrals()
        assert row == {
            "uuid": row["uuid"],
            "referring_contact": {"uuid": ana, "email": "ana@example.org"},
            "referred_contact": {"uuid": ben, "email": "friend0@example.org"},
            "status": "pending",
        }

    def test_a_code_counts_in_any_case(self, account: Account) -> None:
        ana = account.create("ana@example.org")
        account.create("ben@example.org", account.code(ana).lower())
        assert len(account.referrals()) == 1

    def test_without_a_code_there_is_no_referral(self, account: Account) -> None:
        account.create("ana@example.org")
        assert account.referrals() == []

    def test_the_nth_transaction_completes_it_and_gives_both_incentives_once(self, account: Account) -> None:
        ana, [ben] = refer(account)
        account.buy(ben)
        assert account.statuses() == {ben: "pending"}
        assert (account.cents(ana), account.credits(ben)) == (0, 10)
        account.buy(ben)
        assert account.statuses() == {ben: "completed"}
        assert (account.cents(ana), account.credits(ana), account.credits(ben)) == (500, 0, 70)
        account.buy(ben, 3)
        assert (account.cents(ana), account.credits(ben)) == (500, 100)
        assert account.statuses() == {ben: "completed"}

    def test_transactions_of_the_referring_contact_do_not_count(self, account: Account) -> None:
        ana, [ben] = refer(account)
        account.buy(ana, 5)
        assert account.statuses() == {ben: "pending"}

    def test_its_event_has_the_completion_as_the_list_does(self, account: Account) -> None:
        _, [ben] = refer(account)
        account.buy(ben, 3)
        assert account.events("referral_completed") == [
            {"type": "referral_completed", "data": {"referral": account.referrals()[0]}}
        ]
        kinds = [event["type"] for event in account.events()]
        assert kinds == ["contact_created"] * 2 + ["credit_reception_created"] * 2 + [
            "prepaid_transaction_created",
            "referral_completed",
            "credit_reception_created",
        ]

    def test_at_the_limit_the_next_one_to_complete_fails(self, account: Account) -> None:
        ana, friends = refer(account, 4)
        for friend in friends:
            account.buy(friend, 2)
        assert list(account.statuses().values()).count("completed") == 3
        assert account.statuses()[friends[3]] == "failed"
        assert (account.cents(ana), account.credits(friends[3])) == (1500, 20)
        assert len(account.events("referral_completed")) == 3

    def test_at_the_limit_a_new_one_begins_as_failed_and_stays_so(self, account: Account) -> None:
        ana, friends = refer(account, 3)
        for friend in friends:
            account.buy(friend, 2)
        late = account.create("late@example.org", account.code(ana))
        assert account.statuses()[late] == "failed"
        account.buy(late, 4)
        assert account.statuses()[late] == "failed"
        assert account.cents(ana) == 1500

    def test_the_limit_is_each_contacts_own(self, account: Account) -> None:
        _, friends = refer(account, 3)
        for friend in friends:
            account.buy(friend, 2)
        eve = account.create("eve@example.org")
        guest = account.create("guest@example.org", account.code(eve))
        account.buy(guest, 2)
        assert (account.statuses()[guest], account.cents(eve)) == ("completed", 500)

    def test_a_referred_contact_may_refer_others(self, account: Account) -> None:
        _, [ben] = refer(account)
        cleo = account.create("cleo@example.org", account.code(ben))
        account.buy(cleo, 2)
        assert account.statuses() == {ben: "pending", cleo: "completed"}
        assert account.cents(ben) == 500


class TestPrograms:
    def test_creation_completes_at_once(self, server: Server, client: Client) -> None:
        account = make_account(server, client, program=AT_CREATION)
        ana, [ben] = refer(account)
        assert account.statuses() == {ben: "completed"}
        assert (account.cents(ana), account.credits(ben)) == (500, 50)
        assert [event["type"] for event in account.events()] == [
            "contact_created",
            "contact_created",
            "prepaid_transaction_created",
            "referral_completed",
        ]
        assert account.events("contact_created")[1]["data"]["contact"]["credit_balance"]["balance"] == 0

    def test_creation_at_the_limit_fails(self, server: Server, client: Client) -> None:
        account = make_account(server, client, program={**AT_CREATION, "limit_per_contact": 1})
        ana, [ben, cleo] = refer(account, 2)
        assert account.statuses() == {ben: "completed", cleo: "failed"}
        assert (account.cents(ana), account.credits(cleo)) == (500, 0)

    def test_without_a_limit_any_number_completes(self, server: Server, client: Client) -> None:
        account = make_account(server, client, program={**AT_CREATION, "limit_per_contact": None})
        ana, _ = refer(account, 6)
        assert set(account.statuses().values()) == {"completed"}
        assert account.cents(ana) == 3000

    def test_vouchers_are_kept(self, server: Server, client: Client) -> None:
        account = make_account(
            server, client, program={**AT_CREATION, "referring_incentive": VOUCHER, "referred_incentive": VOUCHER}
        )
        ana, [ben] = refer(account)
        kept = account.rows(Voucher)
        assert {row.contact_uuid for row in kept} == {ana, ben}
        assert {(row.promotion_uuid, row.promotion_name, row.referral_uuid) for row in kept} == {
            (COFFEE["uuid"], COFFEE["name"], account.referrals()[0]["uuid"])
        }
        assert (account.cents(ana), account.credits(ben)) == (0, 0)

    def test_a_side_without_incentive_gets_nothing(self, server: Server, client: Client) -> None:
        account = make_account(
            server, client, program={**AT_CREATION, "referring_incentive": None, "referred_incentive": None}
        )
        ana, [ben] = refer(account)
        assert account.statuses() == {ben: "completed"}
        assert account.credits(ana) == account.credits(ben) == account.cents(ana) == account.cents(ben) == 0
        assert account.rows(Voucher) == []

    def test_one_transaction_may_be_enough(self, server: Server, client: Client) -> None:
        once = {**PROGRAM, "completion_event": {"type": "loyalty_transaction", "number_of_transactions": 1}}
        account = make_account(server, client, program=once)
        _, [ben] = refer(account)
        account.buy(ben)
        assert account.statuses() == {ben: "completed"}

    def test_without_a_program_a_code_is_known_and_begins_nothing(self, server: Server, client: Client) -> None:
        account = make_account(server, client, program=None)
        _, [ben] = refer(account)
        account.buy(ben, 5)
        assert account.rows(Referral) == []
        assert_refused(
            account.post("/contacts", json={"email": "x@example.org", "referral_code": "NOBODYSX"}),
            1003,
            "referral_code",
        )

    def test_a_program_that_changes_holds_for_what_is_pending(self, account: Account) -> None:
        _, friends = refer(account, 2)
        account.buy(friends[0])
        easier = {**PROGRAM, "completion_event": {"type": "loyalty_transaction", "number_of_transactions": 1}}
        configure(account, referral_program=easier)
        assert set(account.statuses().values()) == {"pending"}
        account.buy(friends[0])
        configure(account, referral_program=None)
        account.buy(friends[1], 3)
        assert account.statuses() == {friends[0]: "completed", friends[1]: "pending"}

    def test_points_are_provable_from_the_ledger(self, account: Account) -> None:
        _, friends = refer(account, 4)
        for friend in friends:
            account.buy(friend, 3)
        entries = account.rows(LedgerEntry)
        assert sum(entry.amount for entry in entries) == 0
        for held in account.rows(LedgerBalance):
            assert held.balance == sum(entry.amount for entry in entries if entry.account == held.account)


def configure(account: Account, **settings: Any) -> None:
    """Change an account's settings, as its administrator does."""
    runtime = account.server.runtime
    with runtime.storage.session() as session, session.begin():
        change_settings(session, account.tenant, settings)
    runtime.directory.forget()


class TestList:
    def test_newest_first_and_two_pages_are_the_whole(self, account: Account) -> None:
        _, friends = refer(account, 5)
        pages = [
            [row["referred_contact"]["uuid"] for row in account.referrals(limit=2, page=page)] for page in (1, 2, 3, 4)
        ]
        assert pages == [friends[:2:-1], friends[2:0:-1], friends[:1], []]

    def test_the_default_page_has_30(self, server: Server, client: Client) -> None:
        account = make_account(server, client)
        refer(account, 31)
        assert len(done(account.get("/referrals"))) == 30
        assert len(done(account.get("/referrals?page=2"))) == 1

    def test_filters_combine(self, account: Account) -> None:
        ana, friends = refer(account, 2)
        account.buy(friends[0], 2)
        cleo = account.create("cleo@example.org", account.code(friends[0]))

        def found(**query: Any) -> list[str]:
            return [row["referred_contact"]["uuid"] for row in account.referrals(**query)]

        assert found(status="completed") == [friends[0]]
        assert found(status="pending") == [cleo, friends[1]]
        assert found(status="failed") == []
        assert (
            found(referring_contact_uuid=ana) == found(referring_contact_uuid=ana.upper()) == [friends[1], friends[0]]
        )
        assert found(referring_contact_uuid=ana, status="pending") == [friends[1]]
        assert found(referring_contact_uuid=friends[0]) == [cleo]

    @pytest.mark.parametrize("uuid", [NOBODY, "nonsense", "", "x" * 64, "%25"])
    def test_an_unknown_or_malformed_contact_gives_an_empty_page(self, account: Account, uuid: str) -> None:
        refer(account)
        answer = account.get(f"/referrals?referring_contact_uuid={uuid}")
        assert (answer.status_code, answer.json()) == (200, {"data": [], "meta": []})

    @pytest.mark.parametrize(
        "query",
        [
            "limit=1",
            "limit=100",
            "page=1",
            "page=2",
            "page=9223372036854775807",
            "colour=red",
            "limit=30&page=9223372036854775807",
            "limit=100&page=90071992547410",
        ],
    )
    def test_the_limits_themselves_are_fine(self, account: Account, query: str) -> None:
        assert done(account.get(f"/referrals?{query}")) == []

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=ten", "limit"),
            ("limit=", "limit"),
            ("limit=1.5", "limit"),
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=9223372036854775808", "page"),
            ("page=x", "page"),
            ("status=in_progress", "status"),
            ("status=COMPLETED", "status"),
            ("status=", "status"),
            ("status=pending&status=failed", "status"),
            ("referring_contact_uuid=" + "x" * 65, "referring_contact_uuid"),
        ],
    )
    def test_bad_parameters_are_named(self, account: Account, query: str, parameter: str) -> None:
        assert_refused(account.get(f"/referrals?{query}"), 1003, parameter)

    def test_another_account_sees_none_of_them(self, account: Account, other_account: Account) -> None:
        ana, _ = refer(account)
        assert other_account.referrals() == other_account.referrals(referring_contact_uuid=ana) == []


class TestSettings:
    def test_they_are_shown_as_the_vendor_prints_them(self, server: Server, client: Client) -> None:
        account = make_account(server, client, program={**PROGRAM, "referring_incentive": VOUCHER})
        assert account.get("/referrals/settings").json() == {
            "data": {
                "completion_event": {"type": "loyalty_transaction", "data": {"number_of_transactions": 2}},
                "limit_per_contact": 3,
                "referred_contact_incentive": {
                    "type": "loyalty_points",
                    "data": {"points": 50, "business_profile": HARBOUR},
                },
                "referring_contact_incentive": {"type": "voucher", "data": {"promotion": COFFEE}},
            },
            "meta": {},
        }

    def test_creation_has_no_data_and_no_limit_and_no_incentive_are_null(self, server: Server, client: Client) -> None:
        program = {"completion_event": {"type": "contact_creation"}, "referring_incentive": PREPAID}
        data = done(make_account(server, client, program=program).get("/referrals/settings"))
        assert data == {
            "completion_event": {"type": "contact_creation", "data": {}},
            "limit_per_contact": None,
            "referred_contact_incentive": None,
            "referring_contact_incentive": {"type": "prepaid_credit", "data": {"amount_in_cents": 500}},
        }

    def test_without_a_program_it_is_null(self, server: Server, client: Client) -> None:
        answer = make_account(server, client, program=None).get("/referrals/settings")
        assert answer.json() == {"data": None, "meta": {}}

    def test_the_most_that_a_program_may_give_can_be_given(self, server: Server, client: Client) -> None:
        most = 18_446_744_073_709
        program = {
            **AT_CREATION,
            "referred_incentive": {**POINTS, "points": most},
            "referring_incentive": {**PREPAID, "amount_in_cents": most},
        }
        account = make_account(server, client, program=program)
        ana, [ben] = refer(account)
        assert (account.cents(ana), account.credits(ben)) == (most, most)

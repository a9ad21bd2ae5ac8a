"""Credit receptions: what they record, what they give, what they refuse."""

from typing import Any

import pytest
from sqlalchemy import update

from models.kernel.times import iso_seconds
from models.leat.tables import Contact, CreditReception
from models.ledger import BALANCE_MAX, LedgerBalance, LedgerEntry, LedgerTransaction
from tests.api.leat.conftest import HARBOUR, MARKET, NOBODY, PROGRAM, Account, assert_refused, done, make_account
from tests.support.client import Client
from troth.app import Server

GOOD = {"shop_uuid": HARBOUR["uuid"], "credits": 5}


@pytest.fixture
def ana(account: Account) -> str:
    return account.create("ana@example.org")


def receive(account: Account, contact: str, **members: Any) -> Any:
    return account.post("/credit-receptions", json={"contact_uuid": contact, **GOOD, **members})


def assert_nothing_recorded(account: Account) -> None:
    assert account.rows(CreditReception) == account.rows(LedgerEntry) == account.rows(LedgerBalance) == []
    assert account.events("credit_reception_created") == []


class TestRecord:
    def test_everything_that_was_said_is_answered(self, account: Account, ana: str) -> None:
        now_ms = account.now_ms
        shown = account.buy(
            ana, shop_uuid=MARKET["uuid"], unit_value=24.5, unit_name="nights", pos_transaction_id="till-4-000731"
        )
        assert shown == {
            "type": "credit_reception",
            "uuid": shown["uuid"],
            "credits": 24,
            "unit_value": 24.5,
            "unit_name": "nights",
            "unit": {"name": "nights", "label": "Nights", "prefix": None, "is_default": False},
            "channel": "OAUTH_API",
            "contact": {"uuid": ana, "email": "ana@example.org"},
            "contact_identifier": None,
            "shop": MARKET,
            "pos_transaction_id": "till-4-000731",
            "created_at": iso_seconds(now_ms),
        }

    def test_what_was_not_said_is_null_or_the_accounts_own(self, account: Account, ana: str) -> None:
        plain = account.buy(ana, credits=7, unit_name="nights")
        assert (plain["credits"], plain["unit_value"], plain["unit_name"], plain["pos_transaction_id"]) == (
            7,
            None,
            None,
            None,
        )
        assert account.buy(ana, unit_value=3)["unit_name"] == "purchase_amount"

    def test_the_unit_is_an_object_even_where_no_purchase_was_named(self, account: Account, ana: str) -> None:
        """The vendor's PHP library throws on a unit of null after the booking is made, and a retry would pay twice."""
        own = {"name": "purchase_amount", "label": "Purchase amount", "prefix": None, "is_default": True}
        assert account.buy(ana, credits=7)["unit"] == account.buy(ana, unit_value=3)["unit"] == own

    def test_the_contact_holds_the_credits_and_counts_the_transaction(self, account: Account, ana: str) -> None:
        account.advance(1_000)
        now_ms = account.now_ms
        account.buy(ana, 3)
        shown = account.contact(ana)
        values = shown["current_values"]
        assert shown["credit_balance"]["balance"] == values["loyalty_balance"] == 30
        assert values["loyalty_number_of_transactions"] == 3
        assert values["updated_at"] == iso_seconds(now_ms) > values["created_at"]
        assert len(account.rows(LedgerTransaction)) == len(account.rows(CreditReception)) == 3

    def test_the_same_call_again_gives_credits_again(self, account: Account, ana: str) -> None:
        first, second = (account.buy(ana, credits=5, pos_transaction_id="till-1") for _ in range(2))
        assert first["uuid"] != second["uuid"]
        assert account.credits(ana) == 10

    def test_its_event_is_what_it_answers(self, account: Account, ana: str) -> None:
        shown = account.buy(ana, unit_value=2)
        assert account.events("credit_reception_created") == [
            {"type": "credit_reception_created", "data": {"credit_reception": shown}}
        ]

    def test_uuids_count_in_capitals(self, account: Account, ana: str) -> None:
        shown = account.buy(ana.upper(), shop_uuid=HARBOUR["uuid"].upper())
        assert (shown["contact"]["uuid"], shown["shop"]) == (ana, HARBOUR)


class TestCredits:
    @pytest.mark.parametrize(
        ("unit_value", "credits_per_unit", "expected"),
        [
            (24.99, 1, 24),
            (0.29, 100, 29),
            (0.01, 1, 0),
            (3, 0, 0),
            (3, 0.5, 1),
            (5e-324, 1, 0),
            (1_000_000_000, 10_000, 10**13),
            (1.1, 10, 11),
        ],
    )
    def test_they_are_what_the_program_makes_of_the_purchase(
        self, server: Server, client: Client, unit_value: float, credits_per_unit: float, expected: int
    ) -> None:
        account = make_account(server, client, credits_per_unit=credits_per_unit)
        ana = account.create("ana@example.org")
        assert account.buy(ana, unit_value=unit_value)["credits"] == expected
        shown = account.contact(ana)
        assert shown["credit_balance"]["balance"] == expected
        assert shown["current_values"]["loyalty_number_of_transactions"] == 1

    def test_given_credits_count_whatever_the_purchase(self, account: Account, ana: str) -> None:
        shown = account.buy(ana, credits=3, unit_value=99)
        assert (shown["credits"], shown["unit_value"]) == (3, 99)

    def test_a_transaction_without_credits_counts_towards_the_referral(self, account: Account, ana: str) -> None:
        ben = account.create("ben@example.org", account.code(ana))
        account.buy(ben, 2, unit_value=0.01)
        assert account.statuses() == {ben: "completed"}

    def test_a_balance_beyond_the_exact_numbers_of_json_is_refused(self, account: Account, ana: str) -> None:
        account.buy(ana)
        unit = account.unit()
        with unit.transaction() as session:
            session.execute(
                update(LedgerBalance).where(LedgerBalance.tenant_id == unit.tenant_id).values(balance=BALANCE_MAX - 5)
            )
        assert_refused(receive(account, ana, credits=6), 60000)
        assert account.contact(ana)["current_values"]["loyalty_number_of_transactions"] == 1
        assert done(receive(account, ana, credits=5))["credits"] == 5
        assert account.credits(ana) == BALANCE_MAX


class TestIdentifier:
    @pytest.fixture
    def card(self, account: Account, ana: str) -> str:
        unit = account.unit()
        with unit.transaction() as session:
            session.get_one(Contact, (unit.tenant_id, ana)).identifier = "4006381333931"
        return "4006381333931"

    def test_the_contacts_own_card_is_fine(self, account: Account, ana: str, card: str) -> None:
        shown = account.buy(ana, credits=5, contact_identifier_value=card)
        assert shown["contact_identifier"] == {"value": card, "name": None, "active": True}
        assert account.rows(CreditReception)[0].identifier == card

    def test_any_other_is_not_found(self, account: Account, ana: str, card: str) -> None:
        ben = account.create("ben@example.org")
        assert_refused(receive(account, ana, contact_identifier_value="x" * 255), 60003)
        assert_refused(receive(account, ben, contact_identifier_value=card), 60003)
        assert_nothing_recorded(account)


class TestRefusals:
    @pytest.mark.parametrize("uuid", [NOBODY, "nonsense", "x" * 64, "日本"])
    def test_an_unknown_contact_or_shop(self, account: Account, ana: str, uuid: str) -> None:
        assert_refused(receive(account, uuid), 55031)
        assert_refused(receive(account, ana, shop_uuid=uuid), 1008)
        assert_nothing_recorded(account)

    def test_the_contact_is_refused_before_the_shop_and_the_shop_before_the_card(
        self, account: Account, ana: str
    ) -> None:
        wrong = {"shop_uuid": NOBODY, "contact_identifier_value": "x"}
        assert_refused(receive(account, NOBODY, **wrong), 55031)
        assert_refused(receive(account, ana, **wrong), 1008)

    def test_another_accounts_contact_and_shop(
        self, server: Server, client: Client, account: Account, ana: str
    ) -> None:
        other = make_account(server, client, shops=[{"uuid": NOBODY, "name": "Other"}])
        assert_refused(receive(other, ana, shop_uuid=NOBODY), 55031)
        assert_refused(receive(account, ana, shop_uuid=NOBODY), 1008)
        assert_nothing_recorded(account)

    @pytest.mark.parametrize(
        ("members", "parameter"),
        [
            ({"contact_uuid": None}, "contact_uuid"),
            ({"contact_uuid": ""}, "contact_uuid"),
            ({"contact_uuid": "x" * 65}, "contact_uuid"),
            ({"contact_uuid": 5}, "contact_uuid"),
            ({"shop_uuid": None}, "shop_uuid"),
            ({"shop_uuid": ""}, "shop_uuid"),
            ({"shop_uuid": "x" * 65}, "shop_uuid"),
            ({"credits": 0}, "credits"),
            ({"credits": -1}, "credits"),
            ({"credits": 1_000_000_001}, "credits"),
            ({"credits": "5"}, "credits"),
            ({"credits": 1.5}, "credits"),
            ({"credits": True}, "credits"),
            ({"unit_value": 0}, "unit_value"),
            ({"unit_value": -0.01}, "unit_value"),
            ({"unit_value": 1_000_000_001}, "unit_value"),
            ({"unit_value": "24.5"}, "unit_value"),
            ({"unit_name": ""}, "unit_name"),
            ({"unit_name": "x" * 65}, "unit_name"),
            ({"pos_transaction_id": ""}, "pos_transaction_id"),
            ({"pos_transaction_id": "x" * 256}, "pos_transaction_id"),
            ({"contact_identifier_value": ""}, "contact_identifier_value"),
            ({"contact_identifier_value": "x" * 256}, "contact_identifier_value"),
        ],
    )
    def test_members_out_of_bounds_are_named(
        self, account: Account, ana: str, members: dict[str, Any], parameter: str
    ) -> None:
        assert_refused(receive(account, ana, **members), 1003, parameter)
        assert_nothing_recorded(account)

    @pytest.mark.parametrize("missing", ["contact_uuid", "shop_uuid"])
    def test_missing_members_are_named(self, account: Account, ana: str, missing: str) -> None:
        body = {name: value for name, value in {"contact_uuid": ana, **GOOD}.items() if name != missing}
        assert_refused(account.post("/credit-receptions", json=body), 1003, missing)

    def test_neither_credits_nor_a_purchase(self, account: Account, ana: str) -> None:
        body = {"contact_uuid": ana, "shop_uuid": HARBOUR["uuid"]}
        assert_refused(account.post("/credit-receptions", json=body), 1003, "body")

    def test_the_limits_themselves_are_fine(self, account: Account, ana: str) -> None:
        shown = account.buy(
            ana, credits=1_000_000_000, unit_value=1_000_000_000, unit_name="日" * 64, pos_transaction_id="ä" * 255
        )
        assert (shown["credits"], shown["unit_value"]) == (10**9, 10**9)
        assert (shown["unit_name"], shown["pos_transaction_id"]) == ("日" * 64, "ä" * 255)

    @pytest.mark.parametrize(("loyalty_program", "code"), [("none", 1103), ("inactive", 55018)])
    def test_without_a_loyalty_program_nothing_can_be_given(
        self, server: Server, client: Client, loyalty_program: str, code: int
    ) -> None:
        account = make_account(server, client, loyalty_program=loyalty_program, program=PROGRAM)
        assert_refused(receive(account, account.create("ana@example.org")), code)
        assert_nothing_recorded(account)


def test_an_account_without_shops_of_its_own_has_one(server: Server, client: Client) -> None:
    account = make_account(server, client, shops=[], account_name="Corner bakery")
    from models.leat.settings import shops_of

    [shop] = shops_of(account.unit())
    shown = account.buy(account.create("ana@example.org"), shop_uuid=shop.uuid)
    assert shown["shop"] == {"uuid": shop.uuid, "name": "Corner bakery"}

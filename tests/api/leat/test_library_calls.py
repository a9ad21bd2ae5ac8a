"""The calls of the vendor's PHP library on contacts, shops and receptions, in the form that it puts on the wire.

It sends forms, GETs with the content type of a form and no body, and reads `data` of every answer, which it maps member
by member.
"""

from typing import Any

import httpx2
import pytest

from models.leat.tables import Contact, CreditReception, Voucher
from tests.api.leat.conftest import (
    HARBOUR,
    MARKET,
    NOBODY,
    PROGRAM,
    VOUCHER,
    Account,
    assert_refused,
    done,
    make_account,
)
from tests.support.client import Client
from troth.app import Server

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
CARD = "4006381333931"


@pytest.fixture
def ana(account: Account) -> str:
    return account.create("ana@example.org")


def get(account: Account, path: str, **query: Any) -> httpx2.Response:
    return account.get(path, params=query, headers=FORM)


class TestFindOrCreate:
    def test_it_creates_the_contact_once_and_finds_it_in_any_case(self, account: Account) -> None:
        made = done(get(account, "/contacts/find-or-create", email="kim@example.org"))
        assert made == account.contact(made["uuid"])
        assert done(get(account, "/contacts/find-or-create", email="KIM@example.org")) == made
        assert done(get(account, "/contacts/find-or-create/async", email="kim@example.org")) == {"uuid": made["uuid"]}
        assert len(account.events("contact_created")) == 1

    @pytest.mark.parametrize("query", [{}, {"email": ""}, {"email": "nobody"}])
    @pytest.mark.parametrize("path", ["/contacts/find-or-create", "/contacts/find-or-create/async"])
    def test_without_an_address_nothing_is_created(self, account: Account, path: str, query: dict[str, str]) -> None:
        assert_refused(get(account, path, **query), 1003, "email")
        assert account.rows(Contact) == []


class TestCreateQuickly:
    def test_the_contact_and_its_referral_are_there(self, account: Account, ana: str) -> None:
        form = {"email": "ben@example.org", "referral_code": account.code(ana)}
        ben = done(account.post("/contacts/async", data=form))["uuid"]
        assert account.contact(ben)["email"] == "ben@example.org"
        assert account.statuses() == {ben: "pending"}
        assert_refused(account.post("/contacts/async", data=form), 60005)


class TestAnonymous:
    def test_a_contact_with_a_card_is_given_credits_by_it(self, account: Account) -> None:
        uuid = done(account.post("/contacts/anonymous", data={"contact_identifier_value": CARD}))["uuid"]
        assert account.contact(uuid)["email"] is None
        assert account.contact(uuid)["current_values"]["is_anonymous"] is True
        assert account.buy(uuid, credits=5, contact_identifier_value=CARD)["contact_identifier"]["value"] == CARD

    def test_none_needs_a_card_and_a_card_belongs_to_one(self, account: Account) -> None:
        for _ in range(2):
            done(account.post("/contacts/anonymous", headers=FORM))
        done(account.post("/contacts/anonymous", json={"contact_identifier_value": CARD}))
        assert_refused(account.post("/contacts/anonymous", data={"contact_identifier_value": CARD}), 60014)
        assert len(account.rows(Contact)) == 3

    def test_a_claim_gives_the_address_and_keeps_the_credits(self, account: Account) -> None:
        uuid = done(account.post("/contacts/anonymous", data={"contact_identifier_value": CARD}))["uuid"]
        account.buy(uuid, credits=5)
        claimed = done(account.put(f"/contacts/{uuid}/claim", data={"email": "Kim@example.org"}))
        assert (claimed["uuid"], claimed["email"], claimed["credit_balance"]["balance"]) == (uuid, "Kim@example.org", 5)
        assert claimed["current_values"]["is_anonymous"] is False
        assert done(get(account, "/contacts/find-one-by", email="kim@example.org"))["uuid"] == uuid
        assert [event["data"]["contact"]["uuid"] for event in account.events("contact_updated")] == [uuid]

    def test_a_contact_with_an_address_and_the_address_of_another_cannot_be_claimed(
        self, account: Account, ana: str
    ) -> None:
        uuid = done(account.post("/contacts/anonymous"))["uuid"]
        assert_refused(account.put(f"/contacts/{ana}/claim", data={"email": "new@example.org"}), 60016)
        assert_refused(account.put(f"/contacts/{uuid}/claim", data={"email": "ANA@example.org"}), 60005)
        assert_refused(account.put(f"/contacts/{uuid}/claim", data={"email": "nobody"}), 1003, "email")
        assert_refused(account.put(f"/contacts/{NOBODY}/claim", data={"email": "new@example.org"}), 55031)
        assert account.contact(uuid)["email"] is None


class TestUpdate:
    def test_values_are_shown_to_people_as_json_writes_them(self, account: Account, ana: str) -> None:
        attributes = {"vegan": True, "far": False, "cups": 3, "litres": 2.5, "grams": 1e-7, "drink": "True"}
        shown = done(account.put(f"/contacts/{ana}", json={"attributes": attributes}))["current_display_values"]
        assert shown == {
            "vegan": "true",
            "far": "false",
            "cups": "3",
            "litres": "2.5",
            "grams": "1e-7",
            "drink": "True",
        }

    def test_what_is_named_is_set_and_the_rest_stays(self, account: Account, ana: str) -> None:
        form = {"attributes[firstname]": "Ana", "attributes[lastname]": "Stone", "attributes[drink]": "Flat white"}
        shown = done(account.put(f"/contacts/{ana}", data=form))
        assert shown == account.contact(ana)
        assert shown["current_display_values"] == {"firstname": "Ana", "lastname": "Stone", "drink": "Flat white"}
        body = {"attributes": {"lastname": None, "cups": 3, "vegan": True}}
        values = done(account.put(f"/contacts/{ana}", json=body))["current_values"]
        assert {name: values.get(name) for name in ("firstname", "lastname", "drink", "cups", "vegan")} == {
            "firstname": "Ana",
            "lastname": None,
            "drink": "Flat white",
            "cups": 3,
            "vegan": True,
        }
        assert "drink" not in done(account.put(f"/contacts/{ana}", data={"attributes[drink]": ""}))["current_values"]
        assert len(account.events("contact_updated")) == 3

    @pytest.mark.parametrize(
        ("attributes", "parameter"),
        [
            ({"email": "b@example.org"}, "email"),
            ({"loyalty_balance": 5}, "loyalty_balance"),
            ({"referral_code": "ABCD2345"}, "referral_code"),
            ({"firstname": 5}, "firstname"),
            ({"firstname": "x" * 256}, "firstname"),
            ({"x" * 65: 1}, "attributes"),
            ({"": 1}, "attributes"),
            ({"drink": "x" * 1025}, "drink"),
            ({"drink": ["tea"]}, "drink"),
        ],
    )
    def test_what_cannot_be_set_is_named_and_nothing_changes(
        self, account: Account, ana: str, attributes: dict[str, Any], parameter: str
    ) -> None:
        before = account.contact(ana)
        body = {"attributes": {"lastname": "Stone", **attributes}}
        assert_refused(account.put(f"/contacts/{ana}", json=body), 1003, parameter)
        assert account.contact(ana) == before

    def test_a_contact_has_at_most_a_hundred_attributes(self, account: Account, ana: str) -> None:
        hundred = {f"a{n}": n for n in range(100)}
        done(account.put(f"/contacts/{ana}", json={"attributes": hundred}))
        done(account.put(f"/contacts/{ana}", json={"attributes": {"a5": 7}}))
        assert_refused(account.put(f"/contacts/{ana}", json={"attributes": {"b": 1}}), 1003, "attributes")

    def test_an_unknown_contact_is_refused_and_no_attributes_change_nothing(self, account: Account, ana: str) -> None:
        assert_refused(account.put(f"/contacts/{NOBODY}", json={"attributes": {}}), 55031)
        before = account.contact(ana)
        assert done(account.put(f"/contacts/{ana}", json={})) == before

    @pytest.mark.parametrize(
        "body",
        [
            {"attributes": {"firstname": "Ana", "cups": 3, "vegan": True}},
            {"attributes": {"lastname": None, "tea": None, "milk": ""}},
            {"attributes": {}},
            {"attributes": []},
            {"attributes": None},
            {},
        ],
    )
    def test_what_the_contact_has_already_is_no_change(self, account: Account, ana: str, body: dict[str, Any]) -> None:
        before = done(
            account.put(f"/contacts/{ana}", json={"attributes": {"firstname": "Ana", "cups": 3, "vegan": True}})
        )
        account.advance(60_000)
        assert done(account.put(f"/contacts/{ana}", json=body)) == before
        assert len(account.events("contact_updated")) == 1
        one = done(account.put(f"/contacts/{ana}", json={"attributes": {"vegan": 1}}))
        assert one["current_values"]["vegan"] == 1
        assert one["current_values"]["updated_at"] > before["current_values"]["updated_at"]

    @pytest.mark.parametrize("attributes", [[{}], "", "x", 5])
    def test_attributes_that_are_no_group_are_refused(self, account: Account, ana: str, attributes: Any) -> None:
        assert_refused(account.put(f"/contacts/{ana}", json={"attributes": attributes}), 1003, "attributes")


class TestList:
    def test_pages_are_newest_first_and_say_where_they_stand(self, account: Account) -> None:
        uuids = [account.create(f"u{n}@example.org") for n in range(5)][::-1]
        first = get(account, "/contacts", page=1, limit=2).json()
        assert [row["uuid"] for row in first["data"]] == uuids[:2]
        assert first["data"][0] == account.contact(uuids[0])
        assert first["meta"] == {"page": 1, "limit": 2, "viewing_from": 1, "viewing_to": 2, "last_page": 3, "total": 5}
        last = get(account, "/contacts", page=3, limit=2).json()
        assert [row["uuid"] for row in last["data"]] == uuids[4:]
        assert (last["meta"]["viewing_from"], last["meta"]["viewing_to"]) == (5, 5)

    @pytest.mark.parametrize("page", [4, 10**15])
    def test_a_page_past_the_end_is_empty(self, account: Account, ana: str, page: int) -> None:
        answer = get(account, "/contacts", page=page, limit=1).json()
        assert (answer["data"], answer["meta"]["viewing_from"], answer["meta"]["total"]) == ([], 0, 1)

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"page": 0}])
    def test_limits_of_pages(self, account: Account, query: dict[str, int]) -> None:
        assert_refused(get(account, "/contacts", **query), 1003, next(iter(query)))


class TestDelete:
    def test_the_contact_is_gone_and_its_address_and_card_are_free(self, account: Account, ana: str) -> None:
        answer = account.post(f"/contacts/{ana}/delete", data={"type": "GDPR"})
        assert (answer.status_code, answer.json()) == (200, {"data": [], "meta": []})
        assert_refused(account.get(f"/contacts/{ana}"), 55031)
        assert_refused(account.post(f"/contacts/{ana}/delete"), 55031)
        again = account.create("ana@example.org")
        assert again != ana
        assert account.credits(again) == 0

    def test_nothing_of_the_contact_remains(self, server: Server, client: Client) -> None:
        program = {**PROGRAM, "referring_incentive": VOUCHER, "referred_incentive": VOUCHER}
        account = make_account(server, client, shops=[HARBOUR], program=program)
        ana = account.create("ana@example.org")
        ben = account.create("ben@example.org", account.code(ana))
        account.buy(ben, 2)
        account.buy(ana)
        done(account.post(f"/contacts/{ana}/delete"))
        assert {row.contact_uuid for row in account.rows(CreditReception)} == {ben}
        assert {row.contact_uuid for row in account.rows(Voucher)} == {ben}

    @pytest.mark.parametrize("side", ["referring", "referred"])
    def test_pending_referrals_fail_on_both_sides_and_the_others_stay(self, account: Account, side: str) -> None:
        ana = account.create("ana@example.org")
        ben, cas, dan = (account.create(f"{name}@example.org", account.code(ana)) for name in ("ben", "cas", "dan"))
        account.buy(ben, 2)
        done(account.post(f"/contacts/{ana if side == 'referring' else cas}/delete"))
        dans = "failed" if side == "referring" else "pending"
        assert account.statuses() == {ben: "completed", cas: "failed", dan: dans}
        gone = ana if side == "referring" else cas
        sides = [one for row in account.referrals() for one in (row["referring_contact"], row["referred_contact"])]
        assert {one["email"] for one in sides if one["uuid"] == gone} == {None}
        if side == "referring":
            account.buy(dan, 5)
            assert account.statuses()[dan] == "failed"


class TestBalances:
    def test_credits_and_prepaid_money(self, account: Account) -> None:
        ana = account.create("ana@example.org")
        account.buy(account.create("ben@example.org", account.code(ana)), 2)
        account.buy(ana, credits=7)
        assert done(get(account, f"/contacts/{ana}/credit-balance"))["balance"] == 7
        assert done(get(account, f"/contacts/{ana}/prepaid-balance")) == {"balance_in_cents": 500}

    @pytest.mark.parametrize("kind", ["credit", "prepaid"])
    def test_of_an_unknown_contact(self, account: Account, kind: str) -> None:
        assert_refused(get(account, f"/contacts/{NOBODY}/{kind}-balance"), 55031)


class TestShops:
    def test_they_are_listed_and_found_by_uuid(self, account: Account) -> None:
        shops = done(get(account, "/shops"))
        assert shops == [
            {"id": 1, **HARBOUR, "type": "physical", "reference": None},
            {"id": 2, **MARKET, "type": "physical", "reference": None},
        ]
        assert done(get(account, f"/shops/{MARKET['uuid'].upper()}")) == shops[1]
        assert_refused(get(account, f"/shops/{NOBODY}"), 1008)

    def test_the_shop_that_is_listed_takes_transactions(self, server: Server, client: Client) -> None:
        account = make_account(server, client, shops=[], account_name="Corner bakery")
        (shop,) = done(get(account, "/shops"))
        assert shop["name"] == "Corner bakery"
        account.buy(account.create("ana@example.org"), shop_uuid=shop["uuid"])

    def test_lists_of_another_account_are_its_own(self, server: Server, client: Client, account: Account) -> None:
        other = make_account(server, client, shops=[{"uuid": NOBODY, "name": "Other"}])
        account.create("ana@example.org")
        assert [shop["uuid"] for shop in done(get(other, "/shops"))] == [NOBODY]
        assert get(other, "/contacts").json()["data"] == []
        assert_refused(get(other, f"/shops/{HARBOUR['uuid']}"), 1008)


class TestCalculate:
    def test_it_says_what_a_purchase_gives_and_gives_nothing(self, account: Account, ana: str) -> None:
        query = {"shop_uuid": HARBOUR["uuid"], "unit_value": "24.5", "contact_uuid": ana}
        assert done(get(account, "/credit-receptions/calculate", **query)) == {"credits": 24}
        assert account.credits(ana) == 0
        assert account.buy(ana, unit_value=24.5)["credits"] == 24

    def test_what_is_unknown_is_refused_as_by_the_purchase(self, account: Account, ana: str) -> None:
        path, good = "/credit-receptions/calculate", {"shop_uuid": HARBOUR["uuid"], "unit_value": "1"}
        assert_refused(get(account, path, **{**good, "shop_uuid": NOBODY}), 1008)
        assert_refused(get(account, path, **good, contact_uuid=NOBODY), 55031)
        assert_refused(get(account, path, **{**good, "unit_value": "0"}), 1003, "unit_value")
        assert_refused(get(account, path, unit_value="1"), 1003, "shop_uuid")

"""Contacts: created once for each address, found by uuid and by address, with a code of their own."""

import asyncio
import re

import pytest

from models.kernel.times import iso_seconds
from tests.api.leat.conftest import NOBODY, Account, assert_refused, done
from troth.mock.dashboard import people

CODE = re.compile(r"[A-HJ-NP-Z2-9]{8}")


class TestCreate:
    def test_the_answer_is_the_uuid_and_the_contact_is_there(self, account: Account) -> None:
        now_ms = account.now_ms
        answer = account.post("/contacts", json={"email": "Ana@Example.org"})
        uuid = done(answer)["uuid"]
        assert answer.json() == {"data": {"uuid": uuid}, "meta": []}
        shown = account.contact(uuid)
        code = shown["current_values"]["referral_code"]
        assert CODE.fullmatch(code)
        assert shown == {
            "id": shown["id"],
            "uuid": uuid,
            "email": "Ana@Example.org",
            "attributes": [],
            "tier": None,
            "subscriptions": [],
            "credit_balance": {"balance": 0, "id": shown["id"]},
            "prepaid_balance": {"balance_in_cents": 0},
            "current_values": {
                "uuid": uuid,
                "email": "Ana@Example.org",
                "firstname": None,
                "lastname": None,
                "status": "ACTIVE",
                "channel": "OAUTH_API",
                "referral_code": code,
                "is_anonymous": False,
                "loyalty_balance": 0,
                "loyalty_number_of_transactions": 0,
                "created_at": iso_seconds(now_ms),
                "updated_at": iso_seconds(now_ms),
            },
            "current_display_values": {},
        }

    def test_every_contact_has_its_own_id_uuid_and_code(self, account: Account) -> None:
        shown = [account.contact(account.create(f"u{n}@example.org")) for n in range(5)]
        assert len({one["id"] for one in shown}) == len({one["uuid"] for one in shown}) == 5
        assert len({one["current_values"]["referral_code"] for one in shown}) == 5

    @pytest.mark.parametrize("again", ["ana@example.org", "ANA@EXAMPLE.ORG", "  ana@example.org ", "Ana@example.Org"])
    def test_an_address_again_is_refused_in_any_case_and_with_spaces(self, account: Account, again: str) -> None:
        account.create("Ana@example.org")
        assert_refused(account.post("/contacts", json={"email": again}), 60005)
        assert len(account.events("contact_created")) == 1

    def test_an_address_again_is_refused_whatever_the_code(self, account: Account) -> None:
        ana = account.create("ana@example.org")
        for code in (account.code(ana), "NOBODYSX"):
            assert_refused(account.post("/contacts", json={"email": "ana@example.org", "referral_code": code}), 60005)
        assert account.referrals() == []

    def test_spaces_around_an_address_are_dropped(self, account: Account) -> None:
        uuid = account.create("  ana@example.org ")
        assert account.contact(uuid)["email"] == "ana@example.org"

    @pytest.mark.parametrize("code", ["NOBODYSX", "", "x" * 65, "nobody", "ß" * 4, "%%%%%%%%", "日本語"])
    def test_a_code_of_nobody_is_refused_and_creates_nothing(self, account: Account, code: str) -> None:
        answer = account.post("/contacts", json={"email": "ana@example.org", "referral_code": code})
        assert_refused(answer, 1003, "referral_code")
        assert_refused(account.get("/contacts/find-one-by?email=ana@example.org"), 55031)
        assert account.events() == []

    def test_a_code_of_another_account_is_nobodys(self, account: Account, other_account: Account) -> None:
        code = other_account.code(other_account.create("ana@example.org"))
        assert_refused(
            account.post("/contacts", json={"email": "b@example.org", "referral_code": code}), 1003, "referral_code"
        )

    @pytest.mark.parametrize(
        "email",
        [
            "ana",
            "ana@",
            "@example.org",
            "a na@example.org",
            "",
            " ",
            None,
            5,
            ["ana@example.org"],
            {"a": "b"},
            "x" * 320 + "@example.org",
            "ana@example..org",
            "ana@exa mple.org",
        ],
    )
    def test_what_is_no_address_is_refused(self, account: Account, email: object) -> None:
        assert_refused(account.post("/contacts", json={"email": email}), 1003, "email")

    @pytest.mark.parametrize("body", [{}, {"mail": "ana@example.org"}])
    def test_without_an_address_it_is_refused(self, account: Account, body: dict[str, str]) -> None:
        assert_refused(account.post("/contacts", json=body), 1003, "email")

    def test_unknown_members_are_ignored(self, account: Account) -> None:
        uuid = done(account.post("/contacts", json={"email": "ana@example.org", "firstname": "Eve", "x": [1]}))["uuid"]
        assert account.contact(uuid)["current_values"]["firstname"] is None

    def test_its_event_has_the_contact_as_it_is_read(self, account: Account) -> None:
        uuid = account.create("ana@example.org")
        assert account.events() == [{"type": "contact_created", "data": {"contact": account.contact(uuid)}}]

    def test_the_longest_address_is_kept(self, account: Account) -> None:
        email = "x" * 64 + "@" + ".".join(["d" * 61] * 3) + ".org"
        assert account.contact(account.create(email))["email"] == email


class TestGet:
    @pytest.mark.parametrize("uuid", [NOBODY, "not-a-uuid", "0", "x" * 64, "日本", "%2F", "a%20b"])
    def test_an_unknown_or_malformed_uuid_is_not_found(self, account: Account, uuid: str) -> None:
        assert_refused(account.get(f"/contacts/{uuid}"), 55031)

    def test_a_uuid_is_found_in_capitals(self, account: Account) -> None:
        uuid = account.create("ana@example.org")
        assert account.contact(uuid.upper())["uuid"] == uuid

    def test_one_that_is_too_long_is_refused(self, account: Account) -> None:
        assert_refused(account.get(f"/contacts/{'x' * 65}"), 1003, "contact_uuid")

    def test_another_accounts_contact_is_not_found(self, account: Account, other_account: Account) -> None:
        uuid = account.create("ana@example.org")
        assert_refused(other_account.get(f"/contacts/{uuid}"), 55031)
        assert_refused(other_account.get("/contacts/find-one-by?email=ana@example.org"), 55031)

    def test_two_accounts_may_have_the_same_address(self, account: Account, other_account: Account) -> None:
        assert account.create("ana@example.org") != other_account.create("ana@example.org")


class TestFind:
    @pytest.mark.parametrize("email", ["ana@example.org", "ANA%40EXAMPLE.ORG", "aNa@example.org"])
    def test_an_address_is_found_in_any_case(self, account: Account, email: str) -> None:
        uuid = account.create("Ana@example.org")
        assert done(account.get(f"/contacts/find-one-by?email={email}")) == account.contact(uuid)

    def test_only_the_whole_address_is_found(self, account: Account) -> None:
        account.create("ana@example.org")
        for email in ("na@example.org", "ana@example.or", "an_@example.org"):
            assert_refused(account.get(f"/contacts/find-one-by?email={email}"), 55031)

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?email=",
            "?email=ana",
            "?email=" + "x" * 400 + "@example.org",
            "?mail=ana@example.org",
            "?email=a@example.org&email=b@example.org",
            "?email[]=a@example.org",
        ],
    )
    def test_a_missing_or_malformed_address_is_refused(self, account: Account, query: str) -> None:
        assert_refused(account.get(f"/contacts/find-one-by{query}"), 1003, "email")


class TestDashboard:
    """How the mock's dashboard finds contacts, whatever the database."""

    def test_a_contact_is_found_by_a_part_of_its_name_or_address(self, account: Account) -> None:
        ana = done(account.post("/contacts", json={"email": "Ana_100%@example.org"}))["uuid"]
        names = {"attributes": {"firstname": "Ana", "lastname": "O'Stone"}}
        done(account.call("PUT", f"/contacts/{ana}", json=names))
        ben = done(account.post("/contacts", json={"email": "ben@example.org"}))["uuid"]

        def found(text: str) -> list[str]:
            groups = asyncio.run(people.search(account.server.runtime, text, 20))
            return [one.key["id"] for group in groups if group.alias == account.tenant.alias for one in group.found]

        assert found("ana o'st") == found("NA_100%@") == [ana]
        assert found("example.org") == [ben, ana]
        assert found("a_o") == []

    def test_what_a_contact_received_is_on_its_timeline(self, account: Account) -> None:
        ana = done(account.post("/contacts", json={"email": "ana@example.org"}))["uuid"]
        account.buy(ana, credits=12)
        shown = asyncio.run(people.person(account.server.runtime, "leat", account.tenant.alias, {"id": ana}))
        assert [(one.kind, one.amount) for one in shown.moments] == [("points", 12), ("event", None)]
        assert [(one.name, one.now, [held for _, held in one.points]) for one in shown.balances] == [
            ("Credits", "12", [12])
        ]

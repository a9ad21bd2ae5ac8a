"""Requests as real clients send them, forms among them, and broken ones:
refused as JSON objects, and nothing changes.
"""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.leat.conftest import HARBOUR, Account, assert_refused, done, make_account
from tests.support.client import Client
from troth.app import Server

FORM = "application/x-www-form-urlencoded"


def post(account: Account, path: str, content: bytes, kind: str) -> Any:
    return account.post(path, content=content, headers={"Content-Type": kind})


class TestForms:
    """What the vendor's PHP library puts on the wire."""

    def test_a_contact(self, account: Account) -> None:
        ana = done(account.post("/contacts", data={"email": "ana@example.org"}))["uuid"]
        ben = done(account.post("/contacts", data={"email": "ben@example.org", "referral_code": account.code(ana)}))[
            "uuid"
        ]
        assert account.statuses() == {ben: "pending"}

    def test_digits_are_numbers_and_stay_text_where_text_is_wanted(self, account: Account) -> None:
        ana = account.create("ana@example.org")
        shown = done(
            account.post(
                "/credit-receptions",
                data={
                    "contact_uuid": ana,
                    "shop_uuid": HARBOUR["uuid"],
                    "credits": "30",
                    "unit_value": "24.50",
                    "pos_transaction_id": "000731",
                },
            )
        )
        assert (shown["credits"], shown["unit_value"], shown["pos_transaction_id"]) == (30, 24.5, "000731")

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("credits", "abc"),
            ("credits", ""),
            ("credits", "1.5"),
            ("credits", "1e-2"),
            ("credits", " 5"),
            ("credits", "0"),
            ("credits", "9" * 30),
            ("unit_value", "1,5"),
            ("unit_value", "nan"),
            ("unit_value", "-1"),
            ("unit_value", "0x10"),
            ("unit_value", "٣"),
        ],
    )
    def test_what_is_no_number_is_refused(self, account: Account, member: str, value: str) -> None:
        body = {"contact_uuid": account.create("ana@example.org"), "shop_uuid": HARBOUR["uuid"], member: value}
        assert_refused(account.post("/credit-receptions", data=body), 1003, member)

    def test_members_in_brackets_are_groups(self, account: Account) -> None:
        body = urlencode({"email": "ana@example.org", "attributes[firstname]": "Ana", "list[]": "1", "list[1][x]": "2"})
        assert post(account, "/contacts", body.encode(), FORM).status_code == 200
        assert_refused(post(account, "/contacts", b"email[a]=ben@example.org", FORM), 1003, "email")
        assert_refused(post(account, "/contacts", b"email=b@example.org&email[a]=c", FORM), 1003, "request")

    def test_a_subscription_and_its_change(self, account: Account) -> None:
        made = done(
            account.post(
                "/webhook-subscriptions",
                data={
                    "name": "Thänks & co",
                    "event_type": "contact_created",
                    "url": "https://hooks.example.org/?a=b&c=d",
                    "secret": "s p",
                },
            )
        )
        assert (made["name"], made["url"], made["secret"]) == (
            "Thänks & co",
            "https://hooks.example.org/?a=b&c=d",
            "s p",
        )
        changed = done(account.put(f"/webhook-subscriptions/{made['uuid']}", data={"status": "INACTIVE"}))
        assert (changed["status"], changed["name"]) == ("INACTIVE", "Thänks & co")
        done(account.delete(f"/webhook-subscriptions/{made['uuid']}", headers={"Content-Type": FORM}))

    @pytest.mark.parametrize("path", ["", "/referrals?limit=30", "/referrals/settings", "/webhook-subscriptions"])
    def test_a_get_without_a_body_may_say_it_is_a_form(self, account: Account, path: str) -> None:
        for kind in (FORM, "application/json", "text/plain", "nonsense"):
            assert account.get(path, headers={"Content-Type": kind, "Accept": "application/json"}).status_code == 200

    @pytest.mark.parametrize(
        "body",
        [
            b"email=%FF",
            b"email=a%00b@example.org",
            b"a%00=1&email=ana@example.org",
            "email=ä@example.org".encode("latin-1"),
            b"&".join([b"a=1"] * 1001),
            b"a[b][c][d][e][f][g][h][i]=1&email=ana@example.org",
        ],
    )
    def test_forms_that_cannot_be_read(self, account: Account, body: bytes) -> None:
        assert_refused(post(account, "/contacts", body, FORM), 1003, "request")
        assert account.events() == []


class TestBodies:
    @pytest.mark.parametrize(
        "content",
        [
            b"{",
            b"nul",
            b'"text"',
            b"42",
            b"null",
            b"[]",
            b'{"email": NaN}',
            b"\xff\xfe{}",
            b'{"email": "\\ud800@example.org"}',
            b'{"email": "a\\u0000b@example.org"}',
            b'{"email": "ana@example.org", "x": ' + b"[" * 80 + b"]" * 80 + b"}",
        ],
    )
    def test_what_is_no_json_is_refused(self, account: Account, content: bytes) -> None:
        assert_refused(post(account, "/contacts", content, "application/json"), 1003)
        assert account.events() == []

    def test_a_body_that_is_missing(self, account: Account) -> None:
        assert_refused(post(account, "/contacts", b"", "application/json"), 1003, "body")
        assert_refused(post(account, "/contacts", b"", FORM), 1003, "email")

    def test_a_body_that_is_too_large(self, account: Account) -> None:
        content = json.dumps({"email": "ana@example.org", "x": "x" * (1 << 20)}).encode()
        assert_refused(post(account, "/contacts", content, "application/json"), 1003, "request")

    @pytest.mark.parametrize(
        "kind",
        ["text/plain", "multipart/form-data; boundary=x", "application/xml", "", "application/json; charset=latin-1"],
    )
    def test_another_content_type(self, account: Account, kind: str) -> None:
        assert_refused(post(account, "/contacts", b'{"email": "ana@example.org"}', kind), 1003, "request")

    @pytest.mark.parametrize(
        "kind",
        ["application/json", "APPLICATION/JSON; charset=utf-8", "Application/X-WWW-Form-URLEncoded; charset=UTF-8"],
    )
    def test_every_spelling_is_fine(self, account: Account, kind: str) -> None:
        content = b'{"email": "ana@example.org"}' if "json" in kind.lower() else b"email=ana@example.org"
        assert post(account, "/contacts", content, kind).status_code == 200


class TestAddresses:
    def test_an_unknown_path_and_a_wrong_method_are_objects_too(self, account: Account) -> None:
        unknown = account.get("/nothing/here")
        assert (unknown.status_code, unknown.json()["status_code"]) == (404, 404)
        assert isinstance(unknown.json()["code"], int)
        wrong = account.delete("/contacts")
        assert (wrong.status_code, wrong.json()["status_code"], wrong.headers["allow"]) == (405, 405, "GET, HEAD, POST")

    @pytest.mark.parametrize(
        "path",
        ["/contacts/a%00b", "/contacts/" + "x" * 9_000, "/referrals?status=%00", "/contacts/find-one-by?email=%FF"],
    )
    def test_what_cannot_be_read_of_an_address(self, account: Account, path: str) -> None:
        assert_refused(account.get(path), 1003)

    def test_an_over_long_header(self, account: Account) -> None:
        assert_refused(account.get(headers={"X-Long": "x" * 20_000}), 1003, "request")

    def test_the_apis_own_host(self, account: Account) -> None:
        answer = account.client.request(
            "GET",
            "http://leat.localhost:8080/api/v3/oauth/clients/referrals",
            headers={"Authorization": f"Bearer {account.token}"},
        )
        assert (answer.status_code, answer.json()) == (200, {"data": [], "meta": []})


def test_a_defect_of_ours_is_an_object_with_1000(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account(server, client)
    operation = server.compiled.tree.find("GET", ["leat", "api", "v3", "oauth", "clients"])
    assert operation is not None

    def broken(_uow: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(operation[0], "function", broken)
    answer = account.get()
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal error", "code": 1000, "status_code": 500})


def test_plain_http_is_refused_where_only_https_is_served(
    server: Server, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.runtime, "https_only", True)
    answer = account.get()
    assert (answer.status_code, answer.json()) == (400, {"message": "Use HTTPS.", "code": 1003, "status_code": 400})
    refused = account.client.request("POST", "/leat/oauth/token", data={})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")

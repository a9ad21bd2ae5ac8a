"""Bad input is refused with the vendor's error body, and nothing changes."""

import json
from typing import Any

import pytest

from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.support.client import segment

GOOD = {"id": "u", "accountId": "u", "firstName": "Ana"}


def put(tenant: SaasquatchTenant, content: bytes, **headers: str):
    return tenant.put(tenant.user_path("u"), content=content, headers={"Content-Type": "application/json", **headers})


def assert_refused(tenant: SaasquatchTenant, answer: Any, status: int = 400, rs_code: str | None = None) -> None:
    """The vendor's shape, and no user was made."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["statusCode"] == status
    assert body["message"]
    assert set(body) <= {"statusCode", "message", "apiErrorCode", "rsCode", "validationErrors"}
    if rs_code is not None:
        assert body["rsCode"] == rs_code
    assert tenant.get("/users").json()["totalCount"] == 0


class TestBodies:
    @pytest.mark.parametrize(
        "content",
        [
            b"{",
            b"",
            b"nul",
            b"[]",
            b'"text"',
            b"null",
            b"42",
            b'{"id": "u", "accountId": "u"',
            b'{"id": "u", "accountId": "u",}',
            b"{'id': 'u'}",
            b'{"id": NaN}',
            b"\xff\xfe{}",
            b'{"id": "\xff", "accountId": "u"}',
            b'{"id": "\\ud800", "accountId": "u"}',
            b'{"id": "u", "accountId": "u", "firstName": "a\\u0000b"}',
            b'{"id": "u", "accountId": "u", "fir\\u0000st": "x"}',
            b"\xef\xbb\xbf{}",
            b'{"id": "u", "accountId": "u", "a": ' + b"[" * 80 + b"]" * 80 + b"}",
        ],
    )
    def test_what_is_no_json_is_refused(self, tenant: SaasquatchTenant, content: bytes) -> None:
        assert_refused(tenant, put(tenant, content))

    def test_brackets_inside_text_are_not_nesting(self, tenant: SaasquatchTenant) -> None:
        assert put(tenant, json.dumps({**GOOD, "lastName": "[" * 200}).encode()).status_code == 200

    def test_an_escaped_backslash_is_not_a_nul(self, tenant: SaasquatchTenant) -> None:
        assert put(tenant, json.dumps({**GOOD, "lastName": "\\u0000"}).encode()).json()["lastName"] == "\\u0000"

    def test_a_body_of_two_mebibytes(self, tenant: SaasquatchTenant) -> None:
        assert_refused(tenant, put(tenant, json.dumps({**GOOD, "lastName": "x" * (2 << 20)}).encode()), 413)

    @pytest.mark.parametrize(
        "kind",
        [
            "text/plain",
            "application/xml",
            "multipart/form-data; boundary=x",
            "application/jsonp",
            "application/x-www-form-urlencoded",
            "json",
            "",
        ],
    )
    def test_a_wrong_content_type(self, tenant: SaasquatchTenant, kind: str) -> None:
        assert_refused(tenant, put(tenant, json.dumps(GOOD).encode(), **{"Content-Type": kind}), 400, "RS046")

    @pytest.mark.parametrize(
        "kind",
        ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
    )
    def test_every_spelling_of_json_is_fine(self, tenant: SaasquatchTenant, kind: str) -> None:
        assert put(tenant, json.dumps(GOOD).encode(), **{"Content-Type": kind}).status_code == 200

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("firstName", 1),
            ("firstName", "x" * 256),
            ("referable", "true"),
            ("segments", "vip"),
            ("segments", [1]),
            ("segments", [""]),
            ("customFields", []),
            ("customFields", {"a": {"b": 1}}),
            ("customFields", {"a": [1]}),
            ("customFields", {"a": "x" * 1025}),
            ("customFields", {"bad name": 1}),
            ("customFields", {"": 1}),
            ("customFields", {"n" * 65: 1}),
            ("customFields", {f"f{n}": n for n in range(101)}),
            ("countryCode", "usa"),
            ("countryCode", "us"),
            ("dateUsTaxFormSubmitted", -1),
            ("dateUsTaxFormSubmitted", 10**18),
            ("dateUsTaxFormSubmitted", 1.5),
            ("dateUsTaxFormSubmitted", "1700000000000"),
            ("imageUrl", "not a url"),
            ("referredByCodes", "ANA"),
            ("referralCodes", []),
            ("referralCodes", {"referral-program": None}),
            ("cookies", 5),
            ("email", "x" * 400 + "@example.org"),
        ],
    )
    def test_members_out_of_range(self, tenant: SaasquatchTenant, member: str, value: object) -> None:
        assert_refused(tenant, put(tenant, json.dumps({**GOOD, member: value}).encode()))

    def test_unknown_members_are_ignored(self, tenant: SaasquatchTenant) -> None:
        user = put(tenant, json.dumps({**GOOD, "nonsense": {"deep": [1, 2]}, "lastInitial": "Q"}).encode()).json()
        assert "nonsense" not in user
        assert user["firstName"] == "Ana"

    def test_numbers_of_any_size_stay_readable(self, tenant: SaasquatchTenant) -> None:
        fields = {"large": 1e22, "larger": 1e300, "small": 1e-300, "whole": 9_007_199_254_740_991}
        assert put(tenant, json.dumps({**GOOD, "customFields": fields}).encode()).status_code == 200
        assert tenant.get(tenant.user_path("u")).json()["customFields"] == fields

    def test_the_limits_themselves_are_fine(self, tenant: SaasquatchTenant) -> None:
        fields = {f"f{n}": n for n in range(99)} | {"n" * 64: "x" * 1024}
        user = put(
            tenant,
            json.dumps(
                {
                    **GOOD,
                    "firstName": "x" * 255,
                    "customFields": fields,
                    "locale": "de",
                    "dateUsTaxFormSubmitted": 253_402_300_799_999,
                }
            ).encode(),
        )
        assert user.json()["customFields"] == fields


class TestAddresses:
    @pytest.mark.parametrize("path", ["/open/account//user/u", "/open/account/u/user/"])
    def test_empty_ids_are_no_address(self, tenant: SaasquatchTenant, path: str) -> None:
        assert_refused(tenant, tenant.put(path, json={"id": "", "accountId": ""}), 404)

    @pytest.mark.parametrize(
        ("ids", "code"),
        [
            ({"id": "", "accountId": "u"}, "RS043"),
            ({"id": "u", "accountId": ""}, "RS044"),
            ({"accountId": "u"}, "RS043"),
            ({"id": "u"}, "RS044"),
        ],
    )
    def test_empty_and_missing_ids_in_the_body(self, tenant: SaasquatchTenant, ids: dict[str, str], code: str) -> None:
        assert_refused(tenant, tenant.put(tenant.user_path("u"), json=ids), 400, code)

    @pytest.mark.parametrize("user_id", ["a\0b", "\ud800".encode("utf-8", "surrogatepass")])
    def test_nul_and_lone_surrogates_in_ids(self, tenant: SaasquatchTenant, user_id: str | bytes) -> None:
        assert_refused(tenant, tenant.put(f"/open/account/u/user/{segment(user_id)}", json=GOOD))

    def test_ids_longer_than_255(self, tenant: SaasquatchTenant) -> None:
        assert_refused(tenant, tenant.put(tenant.user_path("x" * 256), json={"id": "x" * 256, "accountId": "x" * 256}))

    def test_an_over_long_address(self, tenant: SaasquatchTenant) -> None:
        assert_refused(tenant, tenant.get("/users?query=" + "x" * 9_000), 414)

    def test_an_over_long_header(self, tenant: SaasquatchTenant) -> None:
        assert_refused(tenant, tenant.get("/users", headers={"X-Long": "x" * 20_000}), 431)

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=-5",
            "limit=1001",
            "limit=9" * 40,
            "limit=1.5",
            "limit=ten",
            "limit=",
            "limit=1e-1",
            "limit=10&limit=20",
            "offset=-1",
            "query=%FF",
            "query=a%00b",
            "query=" + "x" * 256,
        ],
    )
    def test_a_parameter_that_cannot_be_read_is_refused(self, tenant: SaasquatchTenant, query: str) -> None:
        assert_refused(tenant, tenant.get(f"/users?{query}"))

    def test_unknown_query_parameters_are_ignored(self, tenant: SaasquatchTenant) -> None:
        assert tenant.get("/users?colour=red&colour=blue").status_code == 200

    def test_an_unknown_path_and_a_wrong_method(self, tenant: SaasquatchTenant) -> None:
        assert_refused(tenant, tenant.get("/nothing/here"), 404)
        wrong = tenant.call("PATCH", "/users")
        assert_refused(tenant, wrong, 405)
        assert wrong.headers["allow"] == "GET, HEAD"
        assert_refused(tenant, tenant.post("/users"), 405)


class TestSearch:
    @pytest.mark.parametrize("query", ["%", "_", "\\", "'", "%%"])
    def test_wildcards_of_sql_are_plain_text(self, tenant: SaasquatchTenant, query: str) -> None:
        tenant.user("plain", firstName="Ana")
        assert tenant.get(f"/users?query={segment(query)}").json()["totalCount"] == 0
        tenant.user(f"x{query}y")
        assert tenant.get(f"/users?query={segment(query)}").json()["totalCount"] == 1

    def test_a_part_of_mail_name_or_id_in_any_case(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u-77", firstName="Ana", lastName="Stone", email="mail@example.org")
        tenant.user("other")
        for query in ("ANA", "a sto", "U-77", "mail@EX"):
            assert [u["id"] for u in tenant.get(f"/users?query={segment(query)}").json()["users"]] == ["u-77"]
        assert tenant.get("/users?query=").json()["totalCount"] == 2

    def test_a_text_is_within_one_of_them(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u-77", firstName="Ana", lastName="Stone", email="mail@example.org")
        tenant.user("u-88", firstName="Ben\nMaria", email="ben@example.org")
        for query, found in {
            "example.org\nana": [],
            "g\na": [],
            "Stone\nu-77": [],
            "mail@example.org\n": [],
            "\nana": [],
            "Ben\nMaria": ["u-88"],
        }.items():
            shown = tenant.get(f"/users?query={segment(query)}").json()["users"]
            assert [u["id"] for u in shown] == found, query

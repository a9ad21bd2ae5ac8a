"""Who may call: API keys, user tokens, open endpoints, tenants of their own."""

import asyncio
import base64
import hmac
import json
import math
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server

IDS = json.dumps({"user": {"id": "u", "accountId": "a"}}).encode()
DEEP: list[Any] = json.loads("[" * 400 + "]" * 400)
"""Nested deeper than any body may be."""


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def token(key: str, claims: dict[str, Any], **header: str) -> str:
    """A user token; text that is no Unicode is written with escapes, which `jwt.encode` does not do."""
    payload = json.dumps(claims).encode()
    return jws.serialize_compact({"alg": "HS256", "typ": "JWT", **header}, payload, OctKey.import_key(key))


def signed(key: str, header: bytes, payload: bytes = IDS) -> bytes:
    """A token of a header and a payload that may be anything, with a signature (HS256) that is right."""
    first = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload))
    mark = hmac.digest(key.encode(), first, "sha256")
    return first + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")


SCALARS: list[Any] = [None, True, False, 0, 1.5, "", "x", [], ["b64"], ["x"], [1], {}, {"b64": 1}]
HEADERS = st.fixed_dictionaries(
    {"alg": st.sampled_from(["HS256"] * 6 + ["none", "HS512", "hs256", "RS256", None, 1, [], {}])},
    optional={
        "typ": st.sampled_from(["JWT", "jwt", "at+jwt", "JWE", 1, None]),
        "crit": st.sampled_from([*SCALARS, ["alg"], ["crit"], ["b64", "b64"], ["exp", "x"]]),
        "b64": st.sampled_from([*SCALARS]),
        "x": st.sampled_from(SCALARS),
        "zip": st.sampled_from(["DEF", "", 1]),
        "kid": st.sampled_from(SCALARS),
        "cty": st.sampled_from(["JWT", "x", 1]),
        "jwk": st.sampled_from([{"kty": "oct", "k": "YWJj"}, {}, "x", None]),
        "jku": st.sampled_from(["https://keys.example/", "x", 1]),
        "x5c": st.sampled_from([[], ["x"], "x"]),
    },
)


class TestApiKey:
    def test_the_key_is_the_password_whatever_the_name(self, tenant: SaasquatchTenant) -> None:
        for name in ("", "ApiKey", "notused", "AccountSID"):
            assert tenant.get("/users", auth=None, headers=basic(name, tenant.key)).status_code == 200

    def test_the_key_is_the_name_when_there_is_no_password(self, tenant: SaasquatchTenant) -> None:
        assert tenant.get("/users", auth=None, headers=basic(tenant.key, "")).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Basic !!!"},
            {"Authorization": "Basic"},
            {"Authorization": "Digest x"},
            basic("", "WRONG"),
            basic("", ""),
            basic("\x00", "\x00"),
            {"Authorization": "Basic /w=="},
        ],
    )
    def test_anything_else_is_401(self, tenant: SaasquatchTenant, headers: dict[str, str]) -> None:
        answer = tenant.get("/users", auth=None, headers=headers)
        assert (answer.status_code, answer.json()["rsCode"]) == (401, "RS045")
        assert "Basic" in answer.headers["www-authenticate"]

    def test_another_tenants_key_is_401(self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant) -> None:
        assert_refused(tenant.get("/users", auth=("", other_tenant.key)), 401, "UNAUTHORIZED")

    def test_a_revoked_key_dies(self, tenant: SaasquatchTenant) -> None:
        from models.tenancy.tenants import revoke_credential

        with tenant.server.runtime.storage.session() as session, session.begin():
            revoke_credential(session, tenant.tenant, tenant.key[-4:], now_ms=2)
        tenant.server.runtime.directory.forget()
        assert_refused(tenant.get("/users"), 401, "UNAUTHORIZED")

    def test_an_unknown_tenant_is_404_whatever_the_key(self, client: Client) -> None:
        for auth in (None, ("", "x")):
            answer = client.request("GET", "/saasquatch/api/v1/nobody/users", **({"auth": auth} if auth else {}))
            assert (answer.status_code, answer.json()["rsCode"]) == (404, "RS038")


class TestUserToken:
    def call(
        self,
        tenant: SaasquatchTenant,
        claims: dict[str, Any],
        *,
        how: str = "header",
        key: str | None = None,
        method: str = "GET",
        path: str | None = None,
        **options: Any,
    ) -> httpx2.Response:
        made = token(key or tenant.key, claims)
        headers = {"X-SaaSquatch-User-Token": made} if how == "header" else {"Authorization": f"Bearer {made}"}
        return tenant.call(method, path or tenant.user_path("u", "a"), auth=None, headers=headers, **options)

    @pytest.fixture(autouse=True)
    def _user(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", "a", firstName="Ana")

    @pytest.mark.parametrize("how", ["header", "bearer"])
    def test_both_headers_and_both_claims_work(self, tenant: SaasquatchTenant, how: str) -> None:
        assert self.call(tenant, {"user": {"id": "u", "accountId": "a"}}, how=how).status_code == 200
        assert self.call(tenant, {"sub": f"a:u@{tenant.alias}:users"}, how=how).status_code == 200
        assert self.call(tenant, {"sub": f"a:u@{tenant.alias}/users"}, how=how).status_code == 200

    def test_a_token_speaks_for_its_own_user_only(self, tenant: SaasquatchTenant) -> None:
        assert_refused(self.call(tenant, {"user": {"id": "v", "accountId": "a"}}), 403, "FORBIDDEN")
        assert_refused(self.call(tenant, {"user": {"id": "u", "accountId": "b"}}), 403, "FORBIDDEN")

    def test_a_read_token_may_not_write(self, tenant: SaasquatchTenant) -> None:
        read, body = {"user": {"id": "u", "accountId": "a"}}, {"id": "u", "accountId": "a", "firstName": "Eve"}
        for method in ("PUT", "POST"):
            assert_refused(self.call(tenant, read, method=method, json=body), 403, "FORBIDDEN")
        path = f"/open/code/NOBODY{tenant.user_path('u', 'a').removeprefix('/open')}"
        assert_refused(self.call(tenant, read, method="POST", path=path), 403, "FORBIDDEN")
        assert tenant.get(tenant.user_path("u", "a")).json()["firstName"] == "Ana"

    def test_a_token_with_more_than_ids_and_a_sub_token_may_write(self, tenant: SaasquatchTenant) -> None:
        body = {"id": "u", "accountId": "a", "firstName": "Eve"}
        write = {"user": {"id": "u", "accountId": "a", "firstName": "Eve"}}
        assert self.call(tenant, write, method="PUT", json=body).status_code == 200
        ids = {"id": "u", "accountId": "a"}
        assert self.call(tenant, {"sub": f"a:u@{tenant.alias}:users"}, method="PUT", json=ids).status_code == 200

    @pytest.mark.parametrize("method", ["PUT", "POST"])
    @pytest.mark.parametrize(
        ("claim", "body"),
        [
            ({"email": "a@example.org"}, {"email": "b@example.org"}),
            ({"email": "a@example.org"}, {"email": "a@example.org", "segments": ["VIP"]}),
            ({"email": "a@example.org"}, {"customFields": {"plan": "gold"}}),
            ({"customFields": {"plan": 1}}, {"customFields": {"plan": True}}),
            ({"segments": ["A"]}, {"segments": ["A", "B"]}),
            ({"firstName": "Ana"}, {"paymentProviderId": "p"}),
            ({"firstName": "Ana"}, {"referable": False}),
            ({"firstName": "Ana"}, {"referralCodes": {"referral-program": "MINE"}}),
            ({"firstName": "Ana"}, {"dateCreated": 1}),
            ({"firstName": "\ud800"}, {"firstName": "Eve"}),
            ({"firstName": "\ud800"}, {"firstName": "?"}),
            ({"customFields": {"plan": DEEP}}, {"customFields": {"plan": "x"}}),
            ({"segments": DEEP}, {"segments": ["A"]}),
            (None, {"firstName": "Eve"}),
        ],
    )
    def test_a_token_writes_only_what_it_carries(
        self, tenant: SaasquatchTenant, method: str, claim: dict[str, Any] | None, body: dict[str, Any]
    ) -> None:
        before = tenant.get(tenant.user_path("u", "a")).json()
        ids = {"id": "u", "accountId": "a"}
        claims = {"user": {**ids, **claim}} if claim is not None else {"sub": f"a:u@{tenant.alias}:users"}
        refused = self.call(tenant, claims, method=method, json={**ids, **body})
        assert (refused.status_code, refused.json()["apiErrorCode"]) == (403, "USER_TOKEN_DOES_NOT_CARRY")
        assert tenant.get(tenant.user_path("u", "a")).json() == before

    def test_what_a_token_carries_is_written_and_what_the_browser_remembers_is_taken(
        self, tenant: SaasquatchTenant
    ) -> None:
        tenant.user("eve", firstName="Eve")
        member = {"email": "a@example.org", "customFields": {"b": 1, "a": "x"}, "segments": ["VIP", "~OLD"]}
        ids = {"id": "u", "accountId": "a"}
        body = {**ids, **member, "customFields": {"a": "x", "b": 1}, "referredByCodes": ["EVE"]}
        shown = self.call(tenant, {"user": {**ids, **member}}, method="PUT", json=body)
        assert shown.status_code == 200
        assert (shown.json()["email"], shown.json()["segments"]) == ("a@example.org", ["VIP"])
        fields = shown.json()["customFields"]
        del fields["lastSeenDate"]
        assert (fields, shown.json()["referredByCodes"]) == ({"a": "x", "b": 1}, ["EVE"])

    @pytest.mark.parametrize(
        ("claimed", "sent", "stored"),
        [
            ({"dateUsTaxFormSubmitted": 5.0}, {"dateUsTaxFormSubmitted": 5.0}, {"dateUsTaxFormSubmitted": 5}),
            ({"customFields": {"a": 4.0}}, {"customFields": {"a": 4}}, {"customFields": {"a": 4}}),
        ],
    )
    def test_whole_numbers_are_the_same_in_either_form(
        self, tenant: SaasquatchTenant, claimed: dict[str, Any], sent: dict[str, Any], stored: dict[str, Any]
    ) -> None:
        ids = {"id": "u", "accountId": "a"}
        written = self.call(tenant, {"user": {**ids, **claimed}}, method="PUT", json={**ids, **sent})
        assert written.status_code == 200, written.text
        shown = written.json()
        del shown["customFields"]["lastSeenDate"]
        assert stored.items() <= shown.items()

    def test_a_token_call_counts_as_seen_and_a_key_call_does_not(self, tenant: SaasquatchTenant) -> None:
        assert tenant.user("u", "a")["firstSeenIP"] is None
        write = {"user": {"id": "u", "accountId": "a", "firstName": "Ana"}}
        seen = self.call(tenant, write, method="PUT", json={"id": "u", "accountId": "a"}).json()
        assert seen["firstSeenIP"] == seen["lastSeenIP"] == "203.0.113.9"

    def test_the_date_of_the_latest_token_call_is_a_custom_field(self, tenant: SaasquatchTenant) -> None:
        ids = {"id": "u", "accountId": "a"}
        assert tenant.user("u", "a", customFields={"plan": "gold"})["customFields"] == {"plan": "gold"}
        own = {"lastSeenDate": 5, "seats": 4}
        for fields in ({"firstName": "Ana"}, {"customFields": own}):
            tenant.advance(1_000)
            before = tenant.now_ms
            seen = self.call(tenant, {"user": {**ids, **fields}}, method="PUT", json={**ids, **fields}).json()
            assert before <= seen["customFields"].pop("lastSeenDate") <= tenant.now_ms
        assert seen["customFields"] == {"plan": "gold", "seats": 4}
        kept = tenant.user("u", "a", firstName="Ana")["customFields"]
        assert before <= kept["lastSeenDate"] <= tenant.now_ms

    def test_events_take_either_kind(self, tenant: SaasquatchTenant) -> None:
        body = {"userId": "u", "accountId": "a", "events": [{"key": "visited"}]}
        path = tenant.user_path("u", "a") + "/events"
        assert (
            self.call(tenant, {"user": {"id": "u", "accountId": "a"}}, method="POST", path=path, json=body).status_code
            == 200
        )

    @pytest.mark.parametrize(
        "claims",
        [
            {},
            {"user": {"id": "u"}},
            {"user": "u"},
            {"sub": "u"},
            {"sub": "a:u@elsewhere:users"},
            {"user": {"id": "u", "accountId": "a"}, "sub": "a:u@x:users"},
            {"user": {"id": 1, "accountId": "a"}},
            {"user": {"id": "u", "accountId": "a"}, "exp": "tomorrow"},
            {"user": {"id": "u", "accountId": "a"}, "exp": True},
            {"user": {"id": "u", "accountId": "a"}, "exp": math.nan},
            {"user": {"id": "u", "accountId": "a"}, "exp": math.inf},
            {"user": {"id": "u", "accountId": "a"}, "nbf": "yesterday"},
            {"user": {"id": "u", "accountId": "a"}, "nbf": -math.inf},
            {"user": {"id": "u", "accountId": "a"}, "nbf": 10**400},
            {"user": {"id": "u", "accountId": "a"}, "exp": -(10**400)},
        ],
    )
    def test_claims_that_name_no_user_are_401(self, tenant: SaasquatchTenant, claims: dict[str, Any]) -> None:
        assert_refused(self.call(tenant, claims), 401, "UNAUTHORIZED")

    def test_a_wrong_signature_or_algorithm_is_401(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        claims = {"user": {"id": "u", "accountId": "a"}}
        assert_refused(self.call(tenant, claims, key=other_tenant.key), 401, "UNAUTHORIZED")
        unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=") + ".e30."
        rsa = jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))
        longer = jwt.encode({"alg": "HS512"}, claims, OctKey.import_key(tenant.key), algorithms=["HS512"])
        for made in (unsigned, rsa, longer, "x", "a.b.c", "é"):
            answer = tenant.get(
                tenant.user_path("u", "a"), auth=None, headers={"X-SaaSquatch-User-Token": made.encode()}
            )
            assert_refused(answer, 401, "UNAUTHORIZED")

    def status(self, tenant: SaasquatchTenant, made: bytes) -> int:
        headers = {"X-SaaSquatch-User-Token": made}
        status = tenant.get(tenant.user_path("u", "a"), auth=None, headers=headers).status_code
        assert (
            tenant.get(tenant.user_path("u", "a"), auth=None, headers={"Authorization": b"Bearer " + made}).status_code
            == status
        )
        return status

    @pytest.mark.parametrize(
        ("header", "status"),
        [
            (b'{"alg":"HS256"}', 200),
            (b' {"alg" : "HS256", "typ": "JWT"}\n', 200),
            (b'{"alg":"HS256","typ":"JWT","kid":"one","ver":2,"zip":"DEF"}', 200),
            (b'{"alg":"HS256","jwk":{"kty":"oct","k":"YWJj"}}', 200),
            (b'{"alg":"HS256","b64":true}', 200),
            (b'{"alg":"none","alg":"HS256"}', 200),
            (b'{"alg":"HS256","alg":"none"}', 401),
            (b'{"alg":"HS256","crit":[]}', 401),
            (b'{"alg":"HS256","crit":["x"]}', 401),
            (b'{"alg":"HS256","crit":["x"],"x":1}', 401),
            (b'{"alg":"HS256","crit":["alg"]}', 401),
            (b'{"alg":"HS256","crit":["kid"],"kid":"one"}', 401),
            (b'{"alg":"HS256","crit":["b64"],"b64":true}', 401),
            (b'{"alg":"HS256","crit":["b64"],"b64":false}', 401),
            (b'{"alg":"HS256","b64":false}', 401),
            (b'{"alg":"HS256","crit":null}', 401),
            (b'{"alg":"HS256","crit":5}', 401),
            (b'{"alg":"HS256","crit":"x"}', 401),
            (b'{"alg":"HS256","crit":{"x":1}}', 401),
            (b'{"alg":"HS256","crit":[1]}', 401),
            (b'{"alg":"HS256","kid":1}', 401),
            (b'{"alg":"HS256","crit":' + b"[" * 300 + b"]" * 300 + b"}", 401),
            (b'["alg"]', 401),
            (b'"alg"', 401),
            (b"null", 401),
            (b"", 401),
            (b'{"alg":"HS256"', 401),
        ],
    )
    def test_a_header_demands_nothing_that_is_not_understood(
        self, tenant: SaasquatchTenant, header: bytes, status: int
    ) -> None:
        """Critical extensions are refused, other parameters that are not known are ignored (RFC 7515, section 4)."""
        assert self.status(tenant, signed(tenant.key, header)) == status

    def test_an_unencoded_payload_is_401(self, tenant: SaasquatchTenant) -> None:
        first = base64.urlsafe_b64encode(b'{"alg":"HS256","crit":["b64"],"b64":false}').rstrip(b"=") + b"." + IDS
        mark = base64.urlsafe_b64encode(hmac.digest(tenant.key.encode(), first, "sha256")).rstrip(b"=")
        assert self.status(tenant, first + b"." + mark) == 401

    def test_what_is_not_base64url_is_401(self, tenant: SaasquatchTenant) -> None:
        made = signed(tenant.key, b'{"alg":"HS256"}')
        head, payload, mark = made.split(b".")
        assert self.status(tenant, b" " + made + b" ") == 200
        for other in (
            made + b"=",
            made + b"*",
            head + b"=." + payload + b"." + mark,
            made.replace(b".", b" ."),
            made + b".",
        ):
            assert self.status(tenant, other) == 401, other

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(header=HEADERS)
    def test_a_generated_header_is_a_200_or_a_401(self, tenant: SaasquatchTenant, header: dict[str, Any]) -> None:
        status = self.status(tenant, signed(tenant.key, json.dumps(header).encode()))
        assert status == 401 or (
            status == 200 and header["alg"] == "HS256" and "crit" not in header and header.get("b64", True) is True
        )
        plain = header.keys() <= {"alg", "x", "zip", "typ", "cty"} and isinstance(header.get("typ", ""), str)
        if plain and header["alg"] == "HS256" and isinstance(header.get("cty", ""), str):
            assert status == 200

    def test_a_token_is_no_credential_for_server_calls(self, tenant: SaasquatchTenant) -> None:
        assert_refused(self.call(tenant, {"sub": f"a:u@{tenant.alias}:users"}, path="/users"), 401, "UNAUTHORIZED")
        assert_refused(self.call(tenant, {"sub": f"a:u@{tenant.alias}:users"}, method="DELETE"), 401, "UNAUTHORIZED")


class TestTenants:
    def test_live_and_test_data_are_apart(self, server: Server, client: Client) -> None:
        live, test = make_tenant(server, client), make_tenant(server, client, live=False)
        live.user("u", firstName="Live")
        assert_refused(test.get(test.user_path("u")), 404, "ACCOUNT_NOT_FOUND")
        test.user("u", firstName="Test")
        assert live.get(live.user_path("u")).json()["firstName"] == "Live"

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/open/account/u/user/u"),
            ("GET", "/open/user?referralCode=ANA"),
            ("GET", "/open/code/ANA"),
            ("POST", "/open/code/ANA/account/u/user/u"),
            ("GET", "/open/referrals?referringAccountId=u&referringUserId=u"),
        ],
    )
    def test_five_operations_are_off_by_default_for_everybody(
        self, server: Server, client: Client, method: str, path: str
    ) -> None:
        closed = make_tenant(server, client, settings={"openEndpointsEnabled": False})
        body = {"json": {}} if method == "POST" else {}
        refused = closed.call(method, path, **body)
        assert (refused.status_code, "switched off" in refused.json()["message"]) == (403, True)
        assert closed.call(method, path, auth=None, **body).status_code in (401, 403)

    def test_the_other_open_endpoints_always_answer_the_api_key_and_tokens_only_when_they_are_on(
        self, server: Server, client: Client
    ) -> None:
        closed = make_tenant(server, client, settings={"openEndpointsEnabled": False})
        path, body = closed.user_path("u"), {"id": "u", "accountId": "u"}
        event = {**body, "userId": "u", "events": [{"key": "visited"}]}
        token_ = token(closed.key, {"user": {**body, "firstName": "Ana"}})
        calls: list[tuple[str, str, dict[str, Any]]] = [
            ("PUT", path, {"json": body}),
            ("POST", path, {"json": body}),
            ("POST", f"{path}/events", {"json": event}),
            ("GET", f"{path}/shareurls", {}),
        ]
        for method, where, options in calls:
            headers = {"X-SaaSquatch-User-Token": token_}
            assert_refused(
                closed.call(method, where, auth=None, headers=headers, **options), 403, "OPEN_ENDPOINTS_DISABLED"
            )
            assert closed.call(method, where, **options).status_code in (200, 201), where
        assert closed.delete(path).status_code == 204
        assert closed.delete("/open/account/u").status_code == 204

    def test_the_limit_counts_an_ipv6_network_as_one_caller(self, server: Server, client: Client) -> None:
        limited = make_tenant(server, client, settings={"rateLimitsEnabled": True, "rateLimitMultiplier": 0.02})

        def status(address: str) -> int:
            transport = httpx2.ASGITransport(app=server.app, client=(address, 1))

            async def call() -> int:
                async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
                    return (await http.get(f"{limited.base}/open/code/X")).status_code

            return asyncio.run(call())

        assert [status(f"2001:db8:1:2::{n}") for n in range(1, 4)] == [404, 404, 429]
        assert status("2001:db8:1:3::1") == 404

    def test_a_call_with_the_api_key_is_not_counted_where_no_credential_is_needed(
        self, server: Server, client: Client
    ) -> None:
        limited = make_tenant(server, client, settings={"rateLimitsEnabled": True, "rateLimitMultiplier": 0.02})
        assert [limited.get("/open/code/X").status_code for _ in range(5)] == [404] * 5
        wrong = {"auth": ("", "WRONG")}
        assert [limited.get("/open/code/X", **wrong).status_code for _ in range(3)] == [404, 404, 429]
        assert_refused(limited.get("/open/user?referralCode=X"), 404, "REFERRAL_CODE_NOT_FOUND")

    def test_address_limits_hold_for_callers_without_a_key(self, server: Server, client: Client) -> None:
        limited = make_tenant(server, client, settings={"rateLimitsEnabled": True, "rateLimitMultiplier": 0.02})
        limited.user("u")
        assert [limited.get("/open/code/X", auth=None).status_code for _ in range(3)] == [404, 404, 429]
        refused = limited.get("/open/code/X", auth=None)
        assert refused.json()["rsCode"] == "RS033"
        assert "The clock of this mock stands still" in refused.json()["message"]
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        assert limited.get(limited.user_path("u")).status_code == 200
        made = token(limited.key, {"user": {"id": "u", "accountId": "u"}})
        for headers in (
            {"Authorization": "Bearer x"},
            {"Authorization": f"Bearer {made}"},
            {"X-SaaSquatch-User-Token": made},
        ):
            assert_refused(limited.get("/open/code/X", auth=None, headers=headers), 429, "RATE_LIMITED")
        limited.advance(3_600_000)
        assert_refused(limited.get("/open/code/X", auth=None), 404, "REFERRAL_CODE_NOT_FOUND")

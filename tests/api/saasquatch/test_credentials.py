"""Who may call: API keys, user tokens, open endpoints, tenants of their own."""

import base64
import math
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from troth.app import Server


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def token(key: str, claims: dict[str, Any], **header: str) -> str:
    return jwt.encode({"alg": "HS256", "typ": "JWT", **header}, claims, OctKey.import_key(key))


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
        assert tenant.get("/users", auth=("", other_tenant.key)).status_code == 401

    def test_a_revoked_key_dies(self, tenant: SaasquatchTenant) -> None:
        from models.tenancy.tenants import revoke_credential

        with tenant.server.runtime.storage.session() as session, session.begin():
            revoke_credential(session, tenant.tenant, tenant.key[-4:], now_ms=2)
        tenant.server.runtime.directory.forget()
        assert tenant.get("/users").status_code == 401

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
        assert self.call(tenant, {"user": {"id": "v", "accountId": "a"}}).status_code == 403
        assert self.call(tenant, {"user": {"id": "u", "accountId": "b"}}).status_code == 403

    def test_a_read_token_may_not_write(self, tenant: SaasquatchTenant) -> None:
        read, body = {"user": {"id": "u", "accountId": "a"}}, {"id": "u", "accountId": "a", "firstName": "Eve"}
        for method in ("PUT", "POST"):
            assert self.call(tenant, read, method=method, json=body).status_code == 403
        path = f"/open/code/NOBODY{tenant.user_path('u', 'a').removeprefix('/open')}"
        assert self.call(tenant, read, method="POST", path=path).status_code == 403
        assert tenant.get(tenant.user_path("u", "a")).json()["firstName"] == "Ana"

    def test_a_token_with_more_than_ids_and_a_sub_token_may_write(self, tenant: SaasquatchTenant) -> None:
        body = {"id": "u", "accountId": "a", "firstName": "Eve"}
        write = {"user": {"id": "u", "accountId": "a", "firstName": "Eve"}}
        assert self.call(tenant, write, method="PUT", json=body).status_code == 200
        assert self.call(tenant, {"sub": f"a:u@{tenant.alias}:users"}, method="PUT", json=body).status_code == 200

    def test_a_token_call_counts_as_seen_and_a_key_call_does_not(self, tenant: SaasquatchTenant) -> None:
        assert tenant.user("u", "a")["firstSeenIP"] is None
        write = {"user": {"id": "u", "accountId": "a", "firstName": "Ana"}}
        seen = self.call(tenant, write, method="PUT", json={"id": "u", "accountId": "a"}).json()
        assert seen["firstSeenIP"] == seen["lastSeenIP"] == "203.0.113.9"

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
        ],
    )
    def test_claims_that_name_no_user_are_401(self, tenant: SaasquatchTenant, claims: dict[str, Any]) -> None:
        assert self.call(tenant, claims).status_code == 401

    def test_a_wrong_signature_or_algorithm_is_401(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        claims = {"user": {"id": "u", "accountId": "a"}}
        assert self.call(tenant, claims, key=other_tenant.key).status_code == 401
        unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=") + ".e30."
        rsa = jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))
        longer = jwt.encode({"alg": "HS512"}, claims, OctKey.import_key(tenant.key), algorithms=["HS512"])
        for made in (unsigned, rsa, longer, "x", "a.b.c", "é"):
            answer = tenant.get(
                tenant.user_path("u", "a"), auth=None, headers={"X-SaaSquatch-User-Token": made.encode()}
            )
            assert answer.status_code == 401, made

    def test_a_token_is_no_credential_for_server_calls(self, tenant: SaasquatchTenant) -> None:
        assert self.call(tenant, {"sub": f"a:u@{tenant.alias}:users"}, path="/users").status_code == 401
        assert self.call(tenant, {"sub": f"a:u@{tenant.alias}:users"}, method="DELETE").status_code == 401


class TestTenants:
    def test_live_and_test_data_are_apart(self, server: Server, client: Client) -> None:
        live, test = make_tenant(server, client), make_tenant(server, client, live=False)
        live.user("u", firstName="Live")
        assert test.get(test.user_path("u")).status_code == 404
        test.user("u", firstName="Test")
        assert live.get(live.user_path("u")).json()["firstName"] == "Live"

    def test_open_endpoints_can_be_off(self, server: Server, client: Client) -> None:
        closed = make_tenant(server, client, settings={"openEndpointsEnabled": False})
        body = {"id": "u", "accountId": "u"}
        assert closed.put(closed.user_path("u"), json=body).status_code == 403
        assert closed.get("/open/code/X", auth=None).status_code == 403
        assert closed.get("/users").status_code == 200

    def test_address_limits_hold_for_callers_without_a_key(self, server: Server, client: Client) -> None:
        limited = make_tenant(server, client, settings={"rateLimitsEnabled": True, "rateLimitMultiplier": 0.02})
        limited.user("u")
        assert [limited.get("/open/code/X", auth=None).status_code for _ in range(3)] == [404, 404, 429]
        refused = limited.get("/open/code/X", auth=None)
        assert refused.json()["rsCode"] == "RS033"
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        assert limited.get(limited.user_path("u")).status_code == 200
        made = token(limited.key, {"user": {"id": "u", "accountId": "u"}})
        for headers in (
            {"Authorization": "Bearer x"},
            {"Authorization": f"Bearer {made}"},
            {"X-SaaSquatch-User-Token": made},
        ):
            assert limited.get("/open/code/X", auth=None, headers=headers).status_code == 429
        limited.advance(3_600_000)
        assert limited.get("/open/code/X", auth=None).status_code == 404

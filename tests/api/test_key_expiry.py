"""Credentials with an end date: valid until it, refused from it on, wherever they are used."""

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from models.leat.provision import CLIENT_KIND
from models.leat.tokens import default_client_id
from models.provisioning import KeyKind, new_key
from models.saasquatch.webhooks import HMAC_HEADER, _hmac, signed_headers
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant, list_credentials
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from tests.support.tenants import fresh_alias
from troth.apis import domain_of
from troth.app import Server

MINUTE_MS = 60_000
CALLS = {
    "advocacy": "/advocacy/api/v1/advocates",
    "leat": "/leat/api/v3/oauth/clients",
    "loyalty_core": "/loyalty-core/api/v1/organizations/1/stats/members/creation",
}


def key_of(server: Server, tenant: Tenant, kind: KeyKind, lasts_ms: int | None = MINUTE_MS) -> str:
    """A further key of a tenant that ends in a minute of the sandbox's clock."""
    runtime = server.runtime
    now_ms = runtime.main.clock.now_ms()
    with runtime.storage.session() as session, session.begin():
        return new_key(
            session,
            runtime.directory.vault,
            tenant,
            kind,
            now_ms=now_ms,
            scopes=["admin"] if tenant.api == "loyalty_core" else (),
            expires_ms=None if lasts_ms is None else now_ms + lasts_ms,
        )


def made(server: Server, api: str) -> Tenant:
    alias = fresh_alias()
    with server.runtime.storage.session() as session, session.begin():
        return (
            domain_of(api)
            .provision.create(
                session,
                server.runtime.directory.vault,
                given={},
                settings={"organization_id": 1} if api == "loyalty_core" else {},
                alias=alias,
                name=alias,
                live=True,
                project=alias,
                sandbox_id=MAIN,
                now_ms=1,
            )
            .tenant
        )


def advance(server: Server, milliseconds: int) -> None:
    server.runtime.main.clock.at_ms += milliseconds  # type: ignore[attr-defined]  # a fixed clock
    server.runtime.directory.forget()


@pytest.fixture
def tenant(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(server, client)


@pytest.fixture
def ending(server: Server, tenant: SaasquatchTenant) -> str:
    """A SaaSquatch API key that ends in a minute."""
    return key_of(server, tenant.tenant, domain_of("saasquatch").provision.KEY_KINDS[0])


@pytest.mark.parametrize("api", CALLS)
def test_a_bearer_key_ends(server: Server, client: Client, api: str) -> None:
    key = key_of(server, made(server, api), domain_of(api).provision.KEY_KINDS[0])

    def status() -> int:
        return client.request("GET", CALLS[api], headers={"Authorization": f"Bearer {key}"}).status_code

    assert status() not in (401, 404)
    advance(server, MINUTE_MS - 1)
    assert status() != 401
    advance(server, 1)
    assert status() == 401


def test_an_api_key_of_saasquatch_ends(server: Server, tenant: SaasquatchTenant, ending: str) -> None:
    assert tenant.get("/users", auth=("", ending)).status_code == 200
    advance(server, MINUTE_MS)
    answer = tenant.get("/users", auth=("", ending))
    assert (answer.status_code, answer.json()["apiErrorCode"]) == (401, "UNAUTHORIZED")
    assert tenant.get("/users").status_code == 200, "the other key of the tenant goes on"


def test_a_user_token_that_an_expired_key_has_signed_is_refused(
    server: Server, tenant: SaasquatchTenant, ending: str
) -> None:
    tenant.user("me")
    token = jwt.encode({"alg": "HS256"}, {"user": {"id": "me", "accountId": "me"}}, OctKey.import_key(ending))

    def read() -> httpx2.Response:
        return tenant.get(tenant.user_path("me"), auth=None, headers={"X-SaaSquatch-User-Token": token})

    assert read().status_code == 200
    advance(server, MINUTE_MS)
    assert read().status_code == 401


def test_webhooks_are_signed_by_a_key_that_is_valid_still(server: Server, client: Client) -> None:
    alone = made(server, "saasquatch")
    kind = domain_of("saasquatch").provision.KEY_KINDS[0]
    holder = SaasquatchTenant(server, client, alone, "")
    first = holder.unit()
    with first.transaction():
        before = signed_headers(first, b"x")[HMAC_HEADER]
    key_of(server, alone, kind)
    lasting = key_of(server, alone, kind, lasts_ms=None)
    with server.runtime.storage.session() as session, session.begin():
        list_credentials(session, alone)[0].expires_ms = server.runtime.main.clock.now_ms() + 1
    advance(server, MINUTE_MS)
    unit = holder.unit()
    with unit.transaction():
        after = signed_headers(unit, b"x")[HMAC_HEADER]
    assert before != after == _hmac(lasting, b"x")


def test_a_client_secret_of_leat_ends(server: Server, client: Client) -> None:
    account = made(server, "leat")
    body = {
        "grant_type": "client_credentials",
        "client_id": int(default_client_id(account.id)),
        "client_secret": key_of(server, account, CLIENT_KIND),
    }
    assert client.request("POST", "/leat/oauth/token", json=body).status_code == 200
    advance(server, MINUTE_MS)
    assert client.request("POST", "/leat/oauth/token", json=body).status_code == 401


def test_a_secret_that_signs_single_sign_on_ends(server: Server, client: Client) -> None:
    business = made(server, "advocacy")
    kind = next(kind for kind in domain_of("advocacy").provision.KEY_KINDS if kind.name == "sso_secret")
    secret = key_of(server, business, kind)
    unit = SaasquatchTenant(server, client, business, "").unit()
    with unit.transaction():
        assert secret in unit.directory.secrets(unit.connection, business, kind.name)
    advance(server, MINUTE_MS)
    unit = SaasquatchTenant(server, client, business, "").unit()
    with unit.transaction():
        assert secret not in unit.directory.secrets(unit.connection, business, kind.name)

"""Generated from the contracts: no operation is reached without its own tenant's valid credential."""

from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from models.kernel.vault import digest
from models.outbox.signing import base64url
from models.provisioning import new_key
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import revoke_credential
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.contract import test_access_bearer
from tests.contract.test_documented import TOKENS
from tests.support.client import Client, segment
from tests.support.tenants import fresh_alias
from troth.apis import APIS, domain_of
from troth.app import Server
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

DOCUMENT, _ = store.load("saasquatch")
resolve = resolver(DOCUMENT)
OPERATIONS = [pytest.param(path, method, raw, id=raw["operationId"]) for path, method, raw in operations(DOCUMENT)]
FREE = {("saasquatch", "openGetUserByCode"), ("saasquatch", "openValidateCode"), ("leat", "issueAccessToken")}
"""Operations that anybody may call, which the contracts say with `security: []`."""
GUARDED = [case for case in OPERATIONS if case.values[2]["security"]]


def example_request(
    tenant: SaasquatchTenant, path: str, method: str, raw: dict[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """The contract's own example of a call, in a tenant."""
    query = []
    for parameter in map(resolve, raw.get("parameters", ())):
        example = parameter.get("example", resolve(parameter["schema"]).get("example", "x"))
        if parameter["in"] == "path":
            value = tenant.alias if parameter["name"] == "tenant_alias" else str(example)
            path = path.replace("{" + parameter["name"] + "}", segment(value))
        elif parameter.get("required"):
            query.append(f"{parameter['name']}={segment(str(example))}")
    options: dict[str, Any] = {}
    if "requestBody" in raw:
        options["json"] = resolve(raw["requestBody"])["content"]["application/json"]["example"]
    return method.upper(), f"/saasquatch{path}" + ("?" + "&".join(query) if query else ""), options


@pytest.fixture(scope="module")
def mine(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(server, client)


@pytest.fixture(scope="module")
def theirs(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(server, client)


@pytest.mark.parametrize(("path", "method", "raw"), GUARDED)
def test_without_a_valid_credential_of_the_tenant_it_is_401(
    mine: SaasquatchTenant, theirs: SaasquatchTenant, path: str, method: str, raw: dict[str, Any]
) -> None:
    verb, address, options = example_request(mine, path, method, raw)
    for auth in (None, ("", "WRONG_KEY"), ("", theirs.key)):
        answer = mine.client.request(verb, address, **options, **({"auth": auth} if auth else {}))
        assert answer.status_code == 401, (auth, answer.text)
    for headers in ({"Authorization": "Bearer nonsense"}, {"X-SaaSquatch-User-Token": "nonsense"}):
        assert mine.client.request(verb, address, headers=headers, **options).status_code == 401


@pytest.fixture(scope="module")
def others(server: Server) -> list[str]:
    """A key of each other API."""
    found: list[str] = []
    for api, kind in test_access_bearer.APIS.items():
        alias = fresh_alias()
        with server.runtime.storage.session() as session, session.begin():
            made = domain_of(api).provision.create(
                session,
                server.runtime.directory.vault,
                given={},
                settings=test_access_bearer.SETTINGS.get(api, {}),
                alias=alias,
                name=alias,
                live=True,
                project=alias,
                sandbox_id=MAIN,
                now_ms=1,
            )
        found.append(made.credentials[kind])
    return found


@pytest.fixture(scope="module")
def over(server: Server, mine: SaasquatchTenant) -> list[str]:
    """API keys of the tenant that are over: one whose end date has come, and one that was revoked."""
    runtime, kind = server.runtime, domain_of("saasquatch").provision.KEY_KINDS[0]
    with runtime.storage.session() as session, session.begin():
        keys = [
            new_key(session, runtime.directory.vault, mine.tenant, kind, now_ms=1, expires_ms=end) for end in (2, None)
        ]
        revoke_credential(session, mine.tenant, digest(keys[1]), now_ms=2)
    return keys


@pytest.fixture(scope="module")
def forged(server: Server, mine: SaasquatchTenant, theirs: SaasquatchTenant, over: list[str]) -> dict[str, str]:
    """Tokens of the user of the contracts' examples that are not valid, by what is wrong with each."""
    user = {"user": {"id": "ana@example.org", "accountId": "acme", "email": "ana@example.org"}}
    now_s = server.runtime.main.clock.now_ms() // 1_000

    def signed(claims: dict[str, Any], key: str = mine.key, algorithm: str = "HS256") -> str:
        return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(key), algorithms=[algorithm])

    def part(value: Any) -> str:
        return base64url(orjson.dumps(value))

    valid = signed(user)
    head, payload, signature = valid.split(".")
    swapped = part({"user": {"id": "eve", "accountId": "eve", "email": "x"}})
    centuries_s = 10_000_000_000
    return {
        "without a signature": f"{part({'alg': 'none', 'typ': 'JWT'})}.{payload}.",
        "none in other letters": f"{part({'alg': 'nOnE'})}.{payload}.{signature}",
        "signed with HS384": signed(user, algorithm="HS384"),
        "signed with HS512": signed(user, algorithm="HS512"),
        "says RS256": f"{part({'alg': 'RS256'})}.{payload}.{signature}",
        "another payload under the signature": f"{head}.{swapped}.{signature}",
        "a signature cut off": f"{head}.{payload}.{signature[:-8]}",
        "not valid yet": signed({**user, "nbf": now_s + centuries_s}),
        "expired": signed({**user, "exp": 1}),
        "an end that is a text": signed({**user, "exp": "never"}),
        "user and subject": signed({**user, "sub": f"{mine.alias}:acme:ana@example.org"}),
        "the user is a text": signed({"user": "ana@example.org"}),
        "no user": signed({"iss": "x"}),
        "an id that is a list": signed({"user": {"id": ["ana@example.org"], "accountId": "acme"}}),
        "signed by another tenant": signed(user, theirs.key),
        "signed by an expired key": signed(user, over[0]),
        "signed by a revoked key": signed(user, over[1]),
    }


@pytest.mark.parametrize(("path", "method", "raw"), GUARDED)
def test_with_a_key_that_is_over_or_a_token_that_is_forged_it_is_401(
    mine: SaasquatchTenant,
    others: list[str],
    over: list[str],
    forged: dict[str, str],
    path: str,
    method: str,
    raw: dict[str, Any],
) -> None:
    verb, address, options = example_request(mine, path, method, raw)
    for key in (*over, *others):
        answer = mine.client.request(verb, address, auth=("", key), **options)
        assert answer.status_code == 401, (key, answer.text)
    for fault, token in forged.items():
        for headers in ({"Authorization": f"Bearer {token}"}, {"X-SaaSquatch-User-Token": token}):
            answer = mine.client.request(verb, address, headers=headers, **options)
            assert answer.status_code == 401, (fault, answer.text)


def test_every_operation_that_wants_a_credential_is_in_one_of_the_matrices() -> None:
    """All APIs with tenants, and no operation left out: a new one is met by every column by itself."""
    in_bearer = {(case.values[0], case.values[3]["operationId"]) for case in test_access_bearer.OPERATIONS}
    here = {("saasquatch", case.values[2]["operationId"]) for case in GUARDED}
    wanted, free = set(), set()
    for api in APIS:
        if api.domain is None:
            continue
        document, _ = store.load(api.name)
        for _, _, raw in operations(document):
            (free if raw.get("security") == [] else wanted).add((api.name, raw["operationId"]))
    assert in_bearer | here == wanted
    assert free == FREE
    assert len(wanted | free) > 200


@pytest.mark.parametrize(("path", "method", "raw"), GUARDED)
def test_with_its_own_key_it_is_not_401(mine: SaasquatchTenant, path: str, method: str, raw: dict[str, Any]) -> None:
    verb, address, options = example_request(mine, path, method, raw)
    assert mine.client.request(verb, address, auth=("", mine.key), **options).status_code not in (401, 500)


@pytest.mark.parametrize(("path", "method", "raw"), OPERATIONS)
def test_a_token_of_another_tenant_or_user_is_refused(
    mine: SaasquatchTenant, theirs: SaasquatchTenant, path: str, method: str, raw: dict[str, Any]
) -> None:
    if not raw["security"]:
        pytest.skip("needs no credential")
    verb, address, options = example_request(mine, path, method, raw)
    foreign = jwt.encode(
        {"alg": "HS256"},
        {"user": {"id": "ana@example.org", "accountId": "acme", "email": "x"}},
        OctKey.import_key(theirs.key),
    )
    stranger = jwt.encode(
        {"alg": "HS256"}, {"user": {"id": "eve", "accountId": "eve", "email": "x"}}, OctKey.import_key(mine.key)
    )
    assert (
        mine.client.request(verb, address, headers={"Authorization": f"Bearer {foreign}"}, **options).status_code == 401
    )
    allowed = raw["operationId"] in TOKENS
    answer = mine.client.request(verb, address, headers={"X-SaaSquatch-User-Token": stranger}, **options)
    if raw["operationId"] == "openListReferrals":
        assert answer.status_code in (400, 403)
    else:
        assert answer.status_code == (403 if allowed else 401)

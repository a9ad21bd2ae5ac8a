"""Generated from the contracts: no operation is reached without its own tenant's valid credential."""

from typing import Any

import pytest

from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.contract.test_documented import TOKENS
from tests.support.client import Client, segment
from troth.app import Server
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

DOCUMENT, _ = store.load("saasquatch")
resolve = resolver(DOCUMENT)
OPERATIONS = [pytest.param(path, method, raw, id=raw["operationId"]) for path, method, raw in operations(DOCUMENT)]
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


@pytest.mark.parametrize(("path", "method", "raw"), GUARDED)
def test_with_its_own_key_it_is_not_401(mine: SaasquatchTenant, path: str, method: str, raw: dict[str, Any]) -> None:
    verb, address, options = example_request(mine, path, method, raw)
    assert mine.client.request(verb, address, auth=("", mine.key), **options).status_code not in (401, 500)


@pytest.mark.parametrize(("path", "method", "raw"), OPERATIONS)
def test_a_token_of_another_tenant_or_user_is_refused(
    mine: SaasquatchTenant, theirs: SaasquatchTenant, path: str, method: str, raw: dict[str, Any]
) -> None:
    from joserfc import jwt
    from joserfc.jwk import OctKey

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

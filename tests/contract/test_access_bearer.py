"""Generated from the contracts with bearer keys: no operation is reached without a credential that is valid there."""

from typing import Any

import httpx2
import pytest

from models.kernel.vault import digest
from models.loyalty_core.organization import roles
from models.provisioning import Provisioned, new_key
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import revoke_credential
from tests.contract.documented import role_of
from tests.support.client import Client, segment
from tests.support.tenants import fresh_alias
from troth.apis import api_named, domain_of
from troth.app import Server
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

APIS = {"advocacy": "api_key", "leat": "personal_access_token", "loyalty_core": "api_token"}
"""With the credential that opens each."""
SETTINGS: dict[str, dict[str, Any]] = {"loyalty_core": {"organization_id": 1}}
"""So that the contracts' examples name the tenant."""
ABSENT = {"advocacy": 404, "leat": 400}
"""What an API answers for an id that is nobody's here; those without handlers answer from their contracts."""
DOCUMENTS = {api: store.load(api)[0] for api in APIS}
OPERATIONS = [
    pytest.param(api, path, method, raw, id=f"{api}.{raw['operationId']}")
    for api, document in DOCUMENTS.items()
    for path, method, raw in operations(document)
    if raw.get("security") != []
]


def example_request(api: str, path: str, method: str, raw: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """The contract's own example of a call."""
    resolve = resolver(DOCUMENTS[api])
    query = []
    for parameter in map(resolve, raw.get("parameters", ())):
        example = parameter.get("example", resolve(parameter["schema"]).get("example", "x"))
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", segment(str(example)))
        elif parameter["in"] == "query" and parameter.get("required"):
            query.append(f"{parameter['name']}={segment(str(example))}")
    options: dict[str, Any] = {}
    if "requestBody" in raw:
        content = resolve(raw["requestBody"])["content"]["application/json"]
        options["json"] = (
            content["example"] if "example" in content else next(iter(content["examples"].values()))["value"]
        )
    return method.upper(), f"{api_named(api).prefix}{path}" + ("?" + "&".join(query) if query else ""), options


@pytest.fixture(scope="module")
def tenants(server: Server) -> dict[str, Provisioned]:
    """A tenant in each API."""
    made = {}
    for api in APIS:
        alias = fresh_alias()
        with server.runtime.storage.session() as session, session.begin():
            made[api] = domain_of(api).provision.create(
                session,
                server.runtime.directory.vault,
                given={},
                settings=SETTINGS.get(api, {}),
                alias=alias,
                name=alias,
                live=True,
                project=alias,
                sandbox_id=MAIN,
                now_ms=1,
            )
    return made


@pytest.fixture(scope="module")
def over(server: Server, tenants: dict[str, Provisioned]) -> dict[str, list[str]]:
    """By API: a key whose end date has come, and one that was revoked. Each may do everything otherwise."""
    runtime, made = server.runtime, {}
    for api, kind_name in APIS.items():
        kind = next(kind for kind in domain_of(api).provision.KEY_KINDS if kind.name == kind_name)
        scopes = [roles.ADMIN] if api == "loyalty_core" else ()
        with runtime.storage.session() as session, session.begin():
            made[api] = [
                new_key(
                    session, runtime.directory.vault, tenants[api].tenant, kind, now_ms=1, scopes=scopes, expires_ms=end
                )
                for end in (2, None)
            ]
            revoke_credential(session, tenants[api].tenant, digest(made[api][1]), now_ms=2)
    return made


@pytest.mark.parametrize(("api", "path", "method", "raw"), OPERATIONS)
def test_without_a_valid_credential_it_is_401_and_with_one_it_is_not(
    tenants: dict[str, Provisioned],
    over: dict[str, list[str]],
    client: Client,
    api: str,
    path: str,
    method: str,
    raw: dict[str, Any],
) -> None:
    verb, address, options = example_request(api, path, method, raw)

    def call(authorization: str | None) -> httpx2.Response:
        headers = {} if authorization is None else {"Authorization": authorization}
        return client.request(verb, address, headers=headers, **options)

    own = tenants[api].credentials
    others = [secret for name, made in tenants.items() if name != api for secret in made.credentials.values()]
    no_keys = [own[name] for name in ("sso_secret", "client_secret", "client_id") if name in own]
    wrong = [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic eDp5",
        own[APIS[api]],
        f"Bearer {own[APIS[api]]}x",
        *(f"Bearer {secret}" for secret in (*others, *no_keys, *over[api])),
    ]
    for authorization in wrong:
        answer = call(authorization)
        assert answer.status_code == 401, (authorization, answer.text)
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert call(f"Bearer {own[APIS[api]]}").status_code not in (401, 500)


@pytest.mark.parametrize(
    ("api", "path", "method", "raw"),
    [case for case in OPERATIONS if "{" in case.values[1] and case.values[0] in ABSENT],
)
def test_what_is_another_tenants_is_not_there(
    tenants: dict[str, Provisioned], client: Client, api: str, path: str, method: str, raw: dict[str, Any]
) -> None:
    """The examples' ids are nobody's in a fresh tenant: the answer is a plain refusal."""
    verb, address, options = example_request(api, path, method, raw)
    key = tenants[api].credentials[APIS[api]]
    answer = client.request(verb, address, headers={"Authorization": f"Bearer {key}"}, **options)
    assert answer.status_code == ABSENT[api], answer.text


ROLES = [case for case in OPERATIONS if case.values[0] == "loyalty_core"]


def token_of(server: Server, made: Provisioned, *held: str) -> str:
    """A further token with exactly these roles."""
    kind = domain_of("loyalty_core").provision.KEY_KINDS[0]
    with server.runtime.storage.session() as session, session.begin():
        return new_key(session, server.runtime.directory.vault, made.tenant, kind, now_ms=1, scopes=held)


@pytest.fixture(scope="module")
def tokens(server: Server, tenants: dict[str, Provisioned]) -> dict[str, str]:
    """A token for each single role."""
    return {role: token_of(server, tenants["loyalty_core"], role) for role in (*roles.ROLES, roles.ADMIN)}


@pytest.mark.parametrize(("api", "path", "method", "raw"), ROLES)
def test_each_operation_takes_its_role_and_no_other(
    tokens: dict[str, str], client: Client, api: str, path: str, method: str, raw: dict[str, Any]
) -> None:
    needed = role_of()[raw["operationId"]]
    assert needed in (*roles.ROLES, roles.ANY, roles.ADMIN_ONLY)
    assert needed.endswith(":read") or needed == roles.ANY or method != "get"
    verb, address, options = example_request(api, path, method, raw)
    for role, token in tokens.items():
        answer = client.request(verb, address, headers={"Authorization": f"Bearer {token}"}, **options)
        admitted = role in (needed, roles.ADMIN) or needed == roles.ANY
        lacks_the_role = answer.status_code == 403 and answer.json()["code"] == "ROLE_MISSING"
        assert lacks_the_role != admitted, (role, answer.text)


@pytest.mark.parametrize(
    ("api", "path", "method", "raw"), [case for case in ROLES if "{organizationId}" in case.values[1]]
)
def test_another_organization_is_refused(
    tokens: dict[str, str], client: Client, api: str, path: str, method: str, raw: dict[str, Any]
) -> None:
    verb, address, options = example_request(api, path.replace("{organizationId}", "2"), method, raw)
    answer = client.request(verb, address, headers={"Authorization": f"Bearer {tokens[roles.ADMIN]}"}, **options)
    assert (answer.status_code, answer.json()["error"]) == (403, "Forbidden")

"""Generated from the contracts: members that only answers have change nothing when a caller sends them."""

from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import select

from models.provisioning import Provisioned
from models.tenancy.removal import tables_of_tenants
from models.tenancy.sandboxes import MAIN
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.contract import test_access_bearer, test_access_matrix
from tests.contract.test_access_bearer import APIS, SETTINGS
from tests.contract.test_documented import TOKENS
from tests.support.client import Client
from tests.support.refusals import assert_refused
from tests.support.tenants import fresh_alias
from troth.apis import domain_of
from troth.app import Server
from troth.database.storage import import_tables
from troth.spec.references import resolver

SAASQUATCH = "saasquatch"
DOCUMENTS = {**test_access_bearer.DOCUMENTS, SAASQUATCH: test_access_matrix.DOCUMENT}
OPERATIONS = [
    *test_access_bearer.OPERATIONS,
    *(pytest.param(SAASQUATCH, *case.values, id=f"{SAASQUATCH}.{case.id}") for case in test_access_matrix.OPERATIONS),
]
TEXT, NUMBER = "assigned-by-the-caller", 918_273_645
FREE_FORM = {"customAttributes", "metadata", "attributes", "custom_attributes", "profile", "customFields"}
"""Members in which callers keep what they like: what is sent there is theirs."""
MEMBERS_MAX = 60


def members(api: str, schema: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every member of an object and of the objects in it, however it is put together."""
    resolve = resolver(DOCUMENTS[api])
    schema = resolve(schema)
    if depth > 4:
        return
    for name, one in schema.get("properties", {}).items():
        yield name, resolve(one)
        yield from members(api, one, depth + 1)
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from members(api, part, depth + 1)
    if "items" in schema:
        yield from members(api, schema["items"], depth + 1)


def only_in_answers(api: str, raw: dict[str, Any]) -> dict[str, Any]:
    """Members of the operation's good answers that its request does not have, each with a value that nobody would
    choose.
    """
    resolve = resolver(DOCUMENTS[api])
    sent = {name for name, _ in members(api, _schema(resolve, resolve(raw["requestBody"])))}
    found: dict[str, Any] = {}
    for status, answer in raw["responses"].items():
        body = _schema(resolve, resolve(answer))
        if str(status).startswith("2") and body is not None:
            for name, schema in members(api, body):
                if name not in sent and name not in FREE_FORM and len(found) < MEMBERS_MAX:
                    found[name] = NUMBER if schema.get("type") in ("integer", "number") else TEXT
    return found


def _schema(resolve: Any, part: dict[str, Any]) -> dict[str, Any]:
    content = part.get("content", {}).get("application/json")
    return resolve(content["schema"]) if content else {}


WRITES = [
    case
    for case in OPERATIONS
    if "application/json"
    in resolver(DOCUMENTS[case.values[0]])(case.values[3].get("requestBody", {})).get("content", {})
    and case.values[2] in ("post", "put", "patch")
]


@pytest.fixture(scope="module")
def tenants(server: Server) -> dict[str, Provisioned]:
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
def shop(server: Server, client: Client) -> SaasquatchTenant:
    """A tenant of SaaSquatch with the user of the contract's examples."""
    made = make_tenant(server, client)
    made.user(ANA["id"], ANA["accountId"], firstName="Ana")
    return made


def request_of(
    tenants: dict[str, Provisioned], shop: SaasquatchTenant, api: str, path: str, method: str, raw: dict[str, Any]
) -> tuple[str, str, Any, dict[str, Any], int]:
    """The contract's example of a call: method, address, body, what identifies the caller, and the id of its tenant."""
    if api == SAASQUATCH:
        verb, address, options = test_access_matrix.example_request(shop, path, method, raw)
        return verb, address, options["json"], {"auth": ("", shop.key)}, shop.tenant.id
    verb, address, options = test_access_bearer.example_request(api, path, method, raw)
    key = tenants[api].credentials[APIS[api]]
    return verb, address, options["json"], {"headers": {"Authorization": f"Bearer {key}"}}, tenants[api].tenant.id


@pytest.mark.parametrize(("api", "path", "method", "raw"), WRITES)
def test_members_that_only_answers_have_change_nothing(
    server: Server,
    tenants: dict[str, Provisioned],
    shop: SaasquatchTenant,
    client: Client,
    api: str,
    path: str,
    method: str,
    raw: dict[str, Any],
) -> None:
    """A body with all of them is refused, or answered as one without them, and their values are in no row of the
    tenant.
    """
    extra = only_in_answers(api, raw)
    verb, address, body, caller, tenant_id = request_of(tenants, shop, api, path, method, raw)
    if not isinstance(body, dict) or not extra:
        pytest.skip("the body is no object, or the answer has no member of its own")
    answer = client.request(verb, address, **caller, json={**extra, **body})
    assert answer.status_code < 500, answer.text
    if answer.status_code < 300:
        assert TEXT not in answer.text
        assert str(NUMBER) not in answer.text
    assert_nowhere(server, tenant_id)


def assert_nowhere(server: Server, tenant_id: int) -> None:
    """No row of the tenant holds a value of those members."""
    import_tables()
    with server.runtime.storage.session() as session:
        for table in tables_of_tenants():
            for row in session.execute(select(table).where(table.c.tenant_id == tenant_id)):
                shown = str(row)
                assert TEXT not in shown, (table.name, shown)
                assert str(NUMBER) not in shown, (table.name, shown)


def test_saasquatch_keeps_its_own_of_a_user_that_is_sent_back_changed(server: Server, shop: SaasquatchTenant) -> None:
    """A user as it was read, with every member that the server makes changed: each is as before."""
    path = shop.user_path(ANA["id"], ANA["accountId"])
    before = shop.get(path).json()
    own = {name: value for name, value in before.items() if name not in USER_INPUT}
    changed = {name: NUMBER if isinstance(value, int) else TEXT for name, value in own.items()}
    answer = shop.put(path, json={**before, **changed, **NEVER_READ})
    assert answer.status_code == 200, answer.text
    assert shop.get(path).json() == before
    assert {"cookieId", "programShareLinks"} <= own.keys()
    assert_nowhere(server, shop.tenant.id)


ANA = {"id": "ana@example.org", "accountId": "acme"}
USER_INPUT: dict[str, Any] = DOCUMENTS[SAASQUATCH]["components"]["schemas"]["OpenUserInput"]["properties"]
ANYBODYS = {"referredBy", "referredByCodes", "cookies"}
"""Members that a user's token may write without carrying them: with which code a friend came."""
NEVER_READ = {"tenantId": TEXT, "dateBlocked": NUMBER, "emailHash": TEXT, "dateCreated": NUMBER, "balances": [NUMBER]}
"""Members that a body might try; `dateCreated` counts for a user who is being created only."""
IGNORED = {"referralCode", "imageUrl"}
"""Members that are taken and change nothing."""
WRITING_USERS = {"openUserUpsert", "openCreateUser"}
VALUES: dict[str, Any] = {
    "email": "eve@example.org",
    "referable": False,
    "referralCode": "EVE1",
    "referralCodes": {"referral-program": "EVE1"},
    "shareLinks": {"referral-program": "https://eve.example.org/"},
    "locale": "fr_FR",
    "countryCode": "FR",
    "dateUsTaxFormSubmitted": 1,
    "dateCreated": 1,
    "segments": ["vip"],
    "customFields": {"plan": "gold"},
}
"""A valid value for the members of a user that are no plain texts."""


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("member", sorted(USER_INPUT.keys() - ANA.keys() - ANYBODYS - IGNORED))
def test_the_token_of_a_user_writes_no_member_that_it_does_not_carry(
    shop: SaasquatchTenant, method: str, member: str
) -> None:
    """Only who holds the API key may: the token names the user, and the browser that holds it is not trusted with
    more.
    """
    who = ANA if method == "PUT" else {"id": f"new-{member}", "accountId": "new"}
    path = shop.user_path(who["id"], who["accountId"])
    before = shop.get(path)
    token = jwt.encode({"alg": "HS256"}, {"user": {**who, "firstName": "A"}}, OctKey.import_key(shop.key))
    body = {**who, member: VALUES.get(member, "Eve")}
    headers = {"X-SaaSquatch-User-Token": token}
    assert_refused(shop.call(method, path, auth=None, headers=headers, json=body), 403, "USER_TOKEN_DOES_NOT_CARRY")
    after = shop.get(path)
    assert (after.status_code, after.text) == (before.status_code, before.text)
    if method == "PUT":
        assert shop.put(path, json=body).status_code == 200  # with the API key


def test_the_operations_that_take_the_token_of_a_user_with_a_body_are_those() -> None:
    takes_body = {case.values[3]["operationId"] for case in WRITES if case.values[0] == SAASQUATCH}
    assert TOKENS.keys() & takes_body == {*WRITING_USERS, "trackEvent", "openApplyCode"}


def test_the_search_for_such_members_finds_some() -> None:
    found = {case.id: only_in_answers(case.values[0], case.values[3]) for case in WRITES}
    assert len(found) > 50
    assert sum(bool(one) for one in found.values()) > 40, found
    assert {"memberId"} <= {name for one in found.values() for name in one}

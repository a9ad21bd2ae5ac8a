"""Generated from the contracts: members that only answers have change nothing when a caller sends them."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models.provisioning import Provisioned
from models.tenancy.removal import tables_of_tenants
from models.tenancy.sandboxes import MAIN
from tests.contract.test_access_bearer import APIS, DOCUMENTS, OPERATIONS, SETTINGS, example_request
from tests.support.client import Client
from tests.support.tenants import fresh_alias
from troth.apis import domain_of
from troth.app import Server
from troth.database.storage import import_tables
from troth.spec.references import resolver

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
    """Members of the operation's good answers that its request does not have, each with a value that nobody would choose."""
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


@pytest.mark.parametrize(("api", "path", "method", "raw"), WRITES)
def test_members_that_only_answers_have_change_nothing(
    server: Server,
    tenants: dict[str, Provisioned],
    client: Client,
    api: str,
    path: str,
    method: str,
    raw: dict[str, Any],
) -> None:
    """A body with all of them is refused, or answered as one without them, and their values are in no row of the tenant."""
    extra = only_in_answers(api, raw)
    verb, address, options = example_request(api, path, method, raw)
    body = options["json"]
    if not isinstance(body, dict) or not extra:
        pytest.skip("the body is no object, or the answer has no member of its own")
    key = tenants[api].credentials[APIS[api]]
    answer = client.request(verb, address, headers={"Authorization": f"Bearer {key}"}, json={**extra, **body})
    assert answer.status_code < 500, answer.text
    if answer.status_code < 300:
        assert TEXT not in answer.text
        assert str(NUMBER) not in answer.text
    import_tables()
    with server.runtime.storage.session() as session:
        for table in tables_of_tenants():
            for row in session.execute(select(table).where(table.c.tenant_id == tenants[api].tenant.id)):
                shown = str(row)
                assert TEXT not in shown, (table.name, shown)
                assert str(NUMBER) not in shown, (table.name, shown)


def test_the_search_for_such_members_finds_some() -> None:
    found = {case.id: only_in_answers(case.values[0], case.values[3]) for case in WRITES}
    assert len(found) > 50
    assert sum(bool(one) for one in found.values()) > 40, found
    assert {"memberId"} <= {name for one in found.values() for name in one}

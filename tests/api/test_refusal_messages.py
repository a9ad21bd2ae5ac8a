"""The refusal of a request that breaks one rule of its contract: the member, the rule in words, in the vendor's shape,
and nothing else.

For each operation of all contracts one fault of each kind that its schemas know (missing, unknown, type, enumeration,
pattern, format, limits, alternatives) is sent, in the body and in each place of parameters.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import httpx2
import pytest

from tests.api.test_examples import OPERATIONS, Operation, examples_of
from tests.recording.callers import BEARERS, SAASQUATCH_KEY, bearer
from tests.support.client import Client
from tests.support.contracts import contract
from tests.support.schema_faults import ECHOED, Broken, broken
from troth.mock.run import build_mock
from troth.request.forms import FORM
from troth.request.schemas import SchemaSet
from troth.settings import Settings
from troth.spec import store

APIS = {one.api for one in OPERATIONS.values()}
PATTERNS = {
    pattern
    for api in APIS
    for pattern in re.findall(r'"pattern":"((?:[^"\\]|\\.)*)"', store.dump(contract(api)).decode())
}
SCHEMAS = {api: SchemaSet(contract(api)) for api in APIS}
ECHO_MAX = 40
"""Characters of what was sent that an answer may quote."""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=1), "demo")
    made = Client(server)
    yield made
    made.close()
    server.close()


def credentials(api: str) -> dict[str, Any]:
    if api == "saasquatch":
        return {"auth": ("", SAASQUATCH_KEY)}
    return {"headers": bearer(BEARERS[api])} if api in BEARERS else {}


def messages_of(api: str, answer: httpx2.Response) -> list[str]:
    """The message of a refusal, taken from the vendor's shape."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    match api:
        case "saasquatch":
            assert (body["statusCode"], body["apiErrorCode"]) == (400, "VALIDATION_FAILED")
            assert body["message"] == body["validationErrors"][0]
            return list(body["validationErrors"])
        case "loyalty_core":
            assert (body["statusCode"], body["error"], body["code"]) == (400, "Bad Request", "VALIDATION_FAILED")
            assert isinstance(body["message"], list)
            return list(body["message"])
        case "leat" if "error_description" in body:
            return [body["error_description"]]
        case "leat":
            assert (body["code"], body["status_code"], body["message"]) == (1003, 400, "Invalid input.")
            return list(body["errors"].values())
        case "advocacy":
            assert body["error"]["code"] == "VALIDATION_ERROR"
            return [body["error"]["message"]]
    assert body["error"]["code"] == "VALIDATION_FAILED"
    return [body["error"]["message"]]


def assert_reported(api: str, fault: Broken, where: str, answer: httpx2.Response) -> None:
    """One of the messages names the member and the rule;
    none has a pattern, a list of schemas or what was sent in it.
    """
    messages = messages_of(api, answer)
    assert any(where in text and all(phrase in text for phrase in fault.phrases) for text in messages), (
        fault,
        messages,
    )
    for text in messages:
        assert "schemas listed" not in text
        assert ECHOED[: ECHO_MAX + 1] not in text
        assert not [pattern for pattern in PATTERNS if pattern in text]


def one_of_each_kind(faults: Iterator[Broken], is_valid: Any) -> list[Broken]:
    found: dict[str, Broken] = {}
    for fault in faults:
        if fault.kind not in found and not is_valid(fault.value):
            found[fault.kind] = fault
    return list(found.values())


@cache
def body_faults(name: str) -> tuple[str, list[Broken]]:
    """The media type of a body, and a value with each kind of fault that an example of it can have."""
    operation = OPERATIONS[name]
    content = operation.resolve(operation.raw.get("requestBody", {})).get("content", {})
    media, described = next(iter(content.items()), ("", {}))
    if media not in ("application/json", FORM):
        return media, []
    schema = described["schema"]
    validator = SCHEMAS[operation.api].validator(schema, write=True)
    found: dict[str, Broken] = {}
    for example in examples_of(described, operation.resolve):
        assert validator.is_valid(example)
        for fault in one_of_each_kind(broken(schema, example, operation.resolve), validator.is_valid):
            found.setdefault(fault.kind, fault)
    return media, list(found.values())


def with_bodies(name: str) -> bool:
    return "requestBody" in OPERATIONS[name].raw and bool(body_faults(name)[1])


def request_of(operation: Operation) -> tuple[str, dict[str, Any]]:
    """A request whose parameters are right: the first that the examples make, with the first body."""
    *_, (address, options) = list(operation.requests())
    return address, options


@pytest.mark.parametrize("name", [name for name in OPERATIONS if with_bodies(name)])
def test_each_kind_of_fault_of_a_body_is_reported_by_member_and_rule(client: Client, name: str) -> None:
    operation = OPERATIONS[name]
    address, _ = request_of(operation)
    media, faults = body_faults(name)
    for fault in faults:
        if media == FORM and not isinstance(fault.value, dict):
            continue
        body = {"json": fault.value}
        answer = client.request(operation.method, address, **credentials(operation.api), **body)
        assert_reported(operation.api, fault, fault.name, answer)


def test_faults_of_every_kind_are_sent() -> None:
    kinds = {fault.kind for name in OPERATIONS if with_bodies(name) for fault in body_faults(name)[1]}
    assert kinds == {
        *("missing", "unknown", "type", "enum", "pattern", "format", "branch"),
        *("minimum", "maximum", "short", "long", "few", "many"),
    }


BEFORE_THE_CONTRACT = {
    "saasquatch": {"tenant_alias"},
    "loyalty_core": {"organizationId"},
    "public": {"code", "token", "tenant", "file"},
}
"""Path parameters that lead to the tenant: what leads to none is a 404 or 403, whatever it looks like."""


def parameter_faults(operation: Operation, one: dict[str, Any]) -> list[Broken]:
    """One value of each kind that breaks the parameter's schema, or its items' where it is a list."""
    schema = operation.resolve(one["schema"])
    if schema.get("type") == "array":
        schema = operation.resolve(schema["items"])
    validator = SCHEMAS[operation.api].validator(schema, write=True)
    found = one_of_each_kind(
        broken(schema, (examples_of(one, operation.resolve) or ["1"])[0], operation.resolve), validator.is_valid
    )
    texts = [fault for fault in found if not isinstance(fault.value, dict | list)]
    required = one["in"] == "query" and one.get("required")
    return [*texts, *([Broken("missing", None, (), ("is required",))] if required else [])]


def call_with(client: Client, operation: Operation, one: dict[str, Any], value: Any) -> httpx2.Response:
    """A call whose other parameters are right; a parameter of the query is left out for None."""
    address, options = request_of(operation)
    path, _, query = address.partition("?")
    headers = dict(credentials(operation.api).get("headers", {}))
    given = dict(parse_qsl(query))
    if one["in"] == "query":
        given = {name: text for name, text in {**given, one["name"]: value}.items() if text is not None}
    elif one["in"] == "header":
        headers[one["name"]] = str(value)
    else:
        path = operation.address({}, {one["name"]: value})
    login = {name: part for name, part in credentials(operation.api).items() if name == "auth"}
    target = f"{path}?{urlencode(given, quote_via=quote)}" if given else path
    return client.request(operation.method, target, headers=headers, **login, **options)


@pytest.mark.parametrize("name", [name for name, operation in OPERATIONS.items() if operation.parameters])
def test_each_kind_of_fault_of_a_parameter_is_reported_by_parameter_and_rule(client: Client, name: str) -> None:
    operation = OPERATIONS[name]
    for one in operation.parameters:
        if one["in"] == "cookie" or one["name"] in BEFORE_THE_CONTRACT.get(operation.api, ()):
            continue
        for fault in parameter_faults(operation, one):
            if one["in"] == "path" and (fault.kind == "type" or fault.value == ""):
                continue  # such an address is no operation's: 404
            if one["in"] == "header" and not str(fault.value).isascii():
                continue
            answer = call_with(client, operation, one, fault.value)
            assert_reported(operation.api, fault, f"{one['in']} parameter {one['name']}", answer)


def test_faults_of_parameters_and_body_are_reported_together(client: Client) -> None:
    answer = client.request(
        "POST",
        "/loyalty-core/api/v1/organizations/1/ledgers/99999999999999999999/wallets/1/mint",
        json={"amount": -1, "systemUniqueKey": 5, "tags": "new"},
        **credentials("loyalty_core"),
    )
    assert messages_of("loyalty_core", answer) == [
        "path parameter ledgerId: must be at most 9223372036854775807",
        "/amount: must be at least 1",
        "/systemUniqueKey: must be a string or null, not 5",
        '/tags: must be an array or null, not "new"',
    ]

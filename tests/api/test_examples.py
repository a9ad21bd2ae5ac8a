"""Every example of the contracts is sent to a server with the demo's data: none is refused as not matching its
contract.

An example may name something that is not there, or be refused by a rule: what counts is that it can be sent.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from models.kernel.problems import InvalidInput, MediaTypeProblem, Problem, RequestProblem
from models.saasquatch.problems import BadFields, PairNeeded
from tests.recording.callers import BEARERS, PATHS, SAASQUATCH_KEY, bearer
from tests.support.client import Client, segment
from tests.support.contracts import contract
from troth.apis import api_names
from troth.mock.run import build_mock
from troth.request.answers import JSON
from troth.request.forms import FORM
from troth.request.operation import CompiledOperation
from troth.settings import Settings
from troth.spec.operations import operations
from troth.spec.references import resolver

Parameter = dict[str, Any]
UNSENDABLE = (InvalidInput, MediaTypeProblem, RequestProblem, BadFields, PairNeeded)
LEFT_OUT = {"public.getReadiness": "says 503 where no dispatcher runs"}
"""Operations that are not called, each with its reason."""

PAIRS = {"referringAccountId": ["referringUserId"], "referringUserId": ["referringAccountId"]}
"""Parameters that are given together."""


def examples_of(node: dict[str, Any], resolve: Any) -> list[Any]:
    """All examples of a parameter or a body's content."""
    if "example" in node:
        return [node["example"]]
    return [resolve(example)["value"] for example in node.get("examples", {}).values()]


class Operation:
    """An operation, and the requests that its examples make."""

    def __init__(self, api: str, path: str, method: str, raw: dict[str, Any]) -> None:
        document = contract(api)
        self.api, self.method, self.raw = api, method.upper(), raw
        self.path = document["servers"][0]["url"].rstrip("/") + path
        self.resolve = resolver(document)
        self.parameters: list[Parameter] = [self.resolve(one) for one in raw.get("parameters", ())]

    def requests(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Addresses and options: each example of each parameter, all of them together, each example of the body."""
        queries = [one for one in self.parameters if one["in"] == "query"]
        first = {one["name"]: examples_of(one, self.resolve) for one in self.parameters}
        needed = {one["name"]: first[one["name"]][0] for one in queries if one.get("required")}
        bodies = self.bodies() or [{}]
        for one in queries:
            for example in first[one["name"]]:
                pair = {name: first[name][0] for name in PAIRS.get(one["name"], ())}
                yield self.address({**needed, **pair, one["name"]: example}), bodies[0]
        yield self.address({one["name"]: first[one["name"]][0] for one in queries if first[one["name"]]}), bodies[0]
        if self.bodies():
            yield from ((self.address(needed), body) for body in bodies)

    def bodies(self) -> list[dict[str, Any]]:
        content = self.resolve(self.raw.get("requestBody", {})).get("content", {})
        return [
            _sent(media, example)
            for media, described in content.items()
            for example in examples_of(described, self.resolve)
        ]

    def address(self, query: dict[str, Any], inside: dict[str, Any] | None = None) -> str:
        """The path and the query; `inside` are values of path parameters, which have those of the demo or their
        examples else.
        """
        path = self.path
        for one in self.parameters:
            if one["in"] == "path":
                known = {
                    one["name"]: (examples_of(one, self.resolve) or ["1"])[0],
                    **PATHS.get(self.api, {}),
                    **(inside or {}),
                }
                value = known[one["name"]]
                path = path.replace("{" + one["name"] + "}", segment(str(value)))
        shown = {name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in query.items()}
        text = urlencode(
            {name: str(value).lower() if isinstance(value, bool) else value for name, value in shown.items()}
        )
        return f"{path}?{text}" if text else path


def _sent(media: str, example: Any) -> dict[str, Any]:
    """An example as the options of a request."""
    if media == FORM:
        return {"data": _form(example)}
    if media == JSON:
        return {"json": example}
    return {"content": example.encode(), "headers": {"Content-Type": media}}


def _form(example: dict[str, Any]) -> dict[str, Any]:
    """A form as PHP's http_build_query writes it: members of an object in brackets."""
    flat: dict[str, Any] = {}
    for name, value in example.items():
        if isinstance(value, dict):
            flat.update({f"{name}[{member}]": part for member, part in value.items()})
        else:
            flat[name] = value
    return flat


OPERATIONS = {
    f"{api}.{raw['operationId']}": Operation(api, path, method, raw)
    for api in sorted(api_names(), key=lambda name: name == "control")  # which moves the clock
    for path, method, raw in operations(contract(api))
}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=1), "demo")
    made = Client(server)
    yield made
    made.close()
    server.close()


@pytest.fixture(scope="module")
def empty() -> Iterator[Client]:
    """For calls of the control plane: where nobody is, years of a clock that advances pass at once."""
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=1), "empty")
    made = Client(server)
    yield made
    made.close()
    server.close()


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    """What requests are refused for, in order."""
    found: list[Problem] = []
    refuse = CompiledOperation.refuse

    def noted(self: CompiledOperation, problem: Problem, request: Any) -> Any:
        found.append(problem)
        return refuse(self, problem, request)

    monkeypatch.setattr(CompiledOperation, "refuse", noted)
    return found


def test_every_order_is_an_enumeration_of_columns_and_directions() -> None:
    orders = {
        name: operation.resolve(one["schema"])["enum"]
        for name, operation in OPERATIONS.items()
        for one in operation.parameters
        if one["name"] == "order"
    }
    assert len(orders) == 35
    for name, values in orders.items():
        columns = values[::3]
        assert columns[0] == "id", name
        assert values == [f"{column}{way}" for column in columns for way in ("", ",asc", ",desc")], name


@pytest.mark.parametrize("name", [n for n, o in OPERATIONS.items() if any(p["name"] == "order" for p in o.parameters)])
def test_every_column_of_an_order_is_offered_by_its_list(client: Client, problems: list[Problem], name: str) -> None:
    operation = OPERATIONS[name]
    order = next(one for one in operation.parameters if one["name"] == "order")
    for value in operation.resolve(order["schema"])["enum"]:
        client.request("GET", operation.address({"order": value}), headers=bearer(BEARERS["loyalty_core"]))
    assert not [problem for problem in problems if type(problem) is InvalidInput]


def test_every_path_parameter_and_every_body_has_an_example() -> None:
    missing = [
        f"{name} {one['name']}"
        for name, operation in OPERATIONS.items()
        for one in operation.parameters
        if one["in"] == "path" and not examples_of(one, operation.resolve)
    ]
    missing += [name for name, one in OPERATIONS.items() if "requestBody" in one.raw and not one.bodies()]
    assert missing == []


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in LEFT_OUT])
def test_no_example_is_a_validation_error(client: Client, empty: Client, problems: list[Problem], name: str) -> None:
    operation = OPERATIONS[name]
    options: dict[str, Any] = {}
    if operation.api == "saasquatch":
        options = {"auth": ("", SAASQUATCH_KEY)}
    elif operation.api in BEARERS:
        options = {"headers": bearer(BEARERS[operation.api])}
    for address, body in operation.requests():
        caller = empty if operation.api == "control" else client
        answer = caller.request(operation.method, address, **options, **body)
        assert answer.status_code < 500, answer.text
        wrong = [problem for problem in problems if type(problem) in UNSENDABLE]
        assert not wrong, f"{operation.method} {address} {body}: {answer.text}"

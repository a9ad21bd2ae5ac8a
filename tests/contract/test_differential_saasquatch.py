"""The SaaSquatch contract and its handlers under stock Connexion and on the compiled path: the same statuses."""

import asyncio
import copy
import logging
import warnings
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pytest

from models.kernel.connection import LazyConnection
from models.kernel.ids import SeededRandom, text
from models.saasquatch.programs import add_program
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import add_credential, create_tenant
from models.uow import UnitOfWork
from tests.api.saasquatch.conftest import PROGRAM
from tests.contract.differences import SAASQUATCH
from tests.support.asgi import RawAnswer, call
from tests.support.stock import add_stock_api, stock_app
from troth.app import Server, build
from troth.connexion_app import HandlerResolver, find_handler
from troth.settings import Settings
from troth.spec import store
from troth.spec.operations import operations

API = "saasquatch"
DOCUMENT = store.load(API)[0]
OPERATIONS = {raw["operationId"]: (path, method, raw) for path, method, raw in operations(DOCUMENT)}
WRITTEN = [
    name
    for name, (_, _, raw) in OPERATIONS.items()
    if find_handler(f"handlers.{API}", raw["tags"][0], name) is not None
]
KEY = "TEST_KEY_DIFFERENTIAL_ABCDEFGHIJKLMNOPQRSTUVWX"
PATHS = {"openApplyCode": {"accountId": "newcomer", "userId": "newcomer"}}
"""Whom the example is about, where it cannot be about the example user (nobody applies their own code)."""
QUERIES = {"openListReferrals": {"referringAccountId": "acme", "referringUserId": "ana@example.org"}}
"""Parameters of which the contract's prose, not its schema, asks for some."""
BEFORE = {"unblockUser": "blockUser"}
ODD_VALUES = ["-1", "abc", "", "999999999999"]
Request = tuple[str, str, dict[str, str], bytes]


def resolve(node: Any) -> Any:
    while "$ref" in node:
        target: Any = DOCUMENT
        for token in node["$ref"].removeprefix("#/").split("/"):
            target = target[token]
        node = target
    return node


class Side:
    """One of the two servers, with a tenant for each operation. All that is drawn is drawn alike on both."""

    def __init__(self, *, stock: bool) -> None:
        self.server: Server = build(Settings(mock=True, database_url="sqlite://", fixed_clock=True), docs=False)
        self.app: Any = self.server.app
        if stock:
            self.app = stock_app()
            add_stock_api(
                self.app,
                copy.deepcopy(DOCUMENT),
                name=API,
                edge=self.server.compiled.edges[API],
                runtime=self.server.runtime,
                resolver=lambda adapt: HandlerResolver(
                    f"handlers.{API}", DOCUMENT, missing=lambda _raw: lambda *_: None, adapt=adapt
                ),
            )
        self.loop = asyncio.new_event_loop()

    def close(self) -> None:
        self.loop.close()
        self.server.close()

    def ask(self, request: Request) -> RawAnswer:
        method, target, headers, body = request
        given = {**headers, **({"Content-Length": str(len(body))} if body else {})}
        return self.loop.run_until_complete(call(self.app, method, target, headers=list(given.items()), chunks=(body,)))

    def tenant(self, alias: str) -> dict[str, str]:
        """A tenant with a referrer, a referred user, a reward, a webhook and an export; their ids by parameter."""
        runtime = self.server.runtime
        with runtime.storage.session() as session, session.begin():
            tenant = create_tenant(
                session,
                api=API,
                alias=alias,
                name=alias,
                live=True,
                project=alias,
                sandbox_id=MAIN,
                settings={"openEndpointsEnabled": True},
                now_ms=1,
            )
            add_credential(
                session, runtime.directory.vault, tenant, f"{KEY}{alias}", kind="api_key", now_ms=1, recoverable=True
            )
            add_program(
                UnitOfWork(
                    tenant=tenant,
                    sandbox=runtime.main,
                    connection=LazyConnection.of(session),
                    request_number=0,
                    directory=runtime.directory,
                    public_url=runtime.public_url,
                ),
                PROGRAM,
            )
        found = {"tenant_alias": alias}
        for operation_id, path, changes in (
            ("openUserUpsert", {}, {}),
            (
                "openUserUpsert",
                {"accountId": "friend", "userId": "friend"},
                {
                    "id": "friend",
                    "accountId": "friend",
                    "email": "friend@example.org",
                    "referralCodes": {},
                    "referredByCodes": ["ANASTONE"],
                },
            ),
            (
                "openUserUpsert",
                {"accountId": "newcomer", "userId": "newcomer"},
                {"id": "newcomer", "accountId": "newcomer", "email": "newcomer@example.org", "referralCodes": {}},
            ),
            ("createReward", {}, {"unit": "CENTS"}),
            ("createWebhook", {}, {}),
            ("createExport", {}, {}),
        ):
            if operation_id not in WRITTEN:
                continue
            request = example(operation_id, {**found, **path}, changes)
            answer = self.ask(request)
            assert 200 <= answer.status < 300, (operation_id, answer.status, answer.body)
            if operation_id == "createReward":
                found["id"] = answer.json()["id"]
            if operation_id == "createExport":
                found["exportId"] = answer.json()["id"]
        listed = self.ask(example("listReferrals", found)).json() if "listReferrals" in WRITTEN else {}
        if listed.get("referrals"):
            found["referralId"] = listed["referrals"][0]["id"]
        return found


def example(operation_id: str, path: dict[str, str], changes: dict[str, Any] | None = None) -> Request:
    """The documented request of an operation, for a tenant."""
    template, method, raw = OPERATIONS[operation_id]
    query = dict(QUERIES.get(operation_id, {}))
    for parameter in map(resolve, raw.get("parameters", ())):
        name = parameter["name"]
        if parameter["in"] == "path":
            template = template.replace(f"{{{name}}}", quote(path.get(name, str(parameter.get("example"))), safe="@"))
        elif parameter.get("required"):
            query[name] = parameter["example"]
    headers = {"Authorization": "Basic " + b64encode(f":{KEY}{path['tenant_alias']}".encode()).decode()}
    body = b""
    if "requestBody" in raw:
        headers["Content-Type"] = "application/json"
        body = orjson.dumps(
            {**resolve(raw["requestBody"])["content"]["application/json"]["example"], **(changes or {})}
        )
    target = f"/saasquatch{template}" + (f"?{urlencode(query)}" if query else "")
    return method.upper(), target, headers, body


def mutations(operation_id: str, path: dict[str, str]) -> Iterator[tuple[str, Request]]:
    """The documented request, bent in every systematic way;
    what is accepted comes last, and the example itself first.
    """
    method, target, headers, body = example(operation_id, path)
    _, _, raw = OPERATIONS[operation_id]
    plain = {k: v for k, v in headers.items() if k != "Authorization"}
    yield "no credentials", (method, target, plain, body)
    yield "wrong key", (method, target, {**headers, "Authorization": "Basic Ondyb25n"}, body)
    yield "unreadable key", (method, target, {**headers, "Authorization": "Basic ???"}, body)
    yield "wrong token", (method, target, {**plain, "Authorization": "Bearer a.b.c"}, body)
    yield "unknown tenant", (method, target.replace(path["tenant_alias"], "nobody", 1), headers, body)
    yield "wrong method", ("PATCH", target, headers, body)
    base, _, query = target.partition("?")
    for parameter in map(resolve, raw.get("parameters", ())):
        if parameter["in"] != "query":
            continue
        name = parameter["name"]
        kept = [pair for pair in query.split("&") if pair and not pair.startswith(f"{name}=")]
        for value in [None, *ODD_VALUES]:
            pairs = kept if value is None else [*kept, f"{name}={value}"]
            yield f"{name}={value}", (method, f"{base}?{'&'.join(pairs)}", headers, body)
    if body:
        yield from _bodies(operation_id, method, target, headers, orjson.loads(body))
    yield "example", (method, target, headers, body)
    yield "example again", (method, target, headers, body)


def _bodies(
    operation_id: str, method: str, target: str, headers: dict[str, str], body: Any
) -> Iterator[tuple[str, Request]]:
    schema = resolve(resolve(OPERATIONS[operation_id][2]["requestBody"])["content"]["application/json"]["schema"])
    for odd in (b"", b"{", b"[]", b"null", b'"a"', b"{}", orjson.dumps({**body, "unknownMember": 1})):
        yield f"body {odd[-20:]!r}", (method, target, headers, odd)
    yield "text/plain", (method, target, {**headers, "Content-Type": "text/plain"}, orjson.dumps(body))
    for name in schema.get("required", ()):
        yield f"without {name}", (method, target, headers, orjson.dumps({k: v for k, v in body.items() if k != name}))
    for name in schema.get("properties", {}):
        for odd_value in ({"x": 1}, "NOPE", -1, None):
            yield f"{name}={odd_value!r}", (method, target, headers, orjson.dumps({**body, name: odd_value}))


@pytest.fixture(scope="module")
def sides() -> Iterator[tuple[Side, Side]]:
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        stock, compiled = Side(stock=True), Side(stock=False)
        yield stock, compiled
    stock.close()
    compiled.close()
    logging.disable(logging.NOTSET)


def test_operations_without_a_handler_are_few_and_counted() -> None:
    missing = sorted(set(OPERATIONS) - set(WRITTEN))
    if missing:
        warnings.warn(pytest.PytestWarning(f"{len(missing)} operations have no handler yet: {missing}"), stacklevel=1)
    assert len(WRITTEN) >= len(OPERATIONS) // 2


SHOWN: set[str] = set()
"""Ids of the differences that have been seen, for the ratchet below, which runs last."""


@pytest.mark.parametrize("operation_id", list(OPERATIONS))
@pytest.mark.filterwarnings("ignore::pytest.PytestWarning")
def test_the_same_statuses(sides: tuple[Side, Side], operation_id: str) -> None:
    if operation_id not in WRITTEN:
        pytest.skip(f"no handler yet: {operation_id}")
    alias = "t" + text(SeededRandom(1, operation_id, ""), "alias", 10).lower()
    stock, compiled = sides
    paths = [{**side.tenant(alias), **PATHS.get(operation_id, {})} for side in sides]
    for side, path in zip(sides, paths, strict=True):
        if operation_id in BEFORE:
            assert side.ask(example(BEFORE[operation_id], path)).status < 300
    disagreements, statuses = [], set()
    for (name, theirs), (_, ours) in zip(
        mutations(operation_id, paths[0]), mutations(operation_id, paths[1]), strict=True
    ):
        first, second = stock.ask(theirs), compiled.ask(ours)
        statuses.add(second.status)
        assert first.status < 500 or second.status < 500, f"{name}: {second.status} {second.body!r}"
        if first.status != second.status:
            id_ = f"{operation_id}: {name}"
            verdict = (first.status, second.status)
            known = next((key for key, d in SAASQUATCH.items() if d.covers(id_, *verdict)), None)
            if known:
                SHOWN.add(known)
            else:
                disagreements.append(
                    f"  {id_:50} stock {verdict[0]}, compiled {verdict[1]} {second.body[:200]!r} / {first.body[:200]!r}"
                )
    assert not disagreements, "disagreements that tests/contract/differences.py does not name:\n" + "\n".join(
        disagreements
    )
    assert min(statuses) < 400, "nothing was accepted, so little was compared"


def test_every_named_difference_shows() -> None:
    if set(WRITTEN) == set(OPERATIONS) and SHOWN:
        assert sorted(set(SAASQUATCH) - SHOWN) == []

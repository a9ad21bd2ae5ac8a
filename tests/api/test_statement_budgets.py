"""How many statements an operation takes, on the demo scenario in a SQLite database: recorded, and only shrinking.

A list takes as many for many rows as for few: what its rows show is read for all of them together.
"""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from benchmarks.operations import ADVOCACY, LC, LEAT, LOYALTY, SAASQUATCH, SQ, Call, World, calls_of, traced
from models.tenancy.configuration import Configuration
from tests.support.client import segment
from troth.apis import APIS
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

BUDGETS = {
    "GET user": 1,
    "PUT same user": 2,
    "PUT new user": 12,
    "users?limit=10": 3,
    "users, 220": 3,
    "referrals?limit=10": 5,
    "referrals, 97": 5,
    "POST event": 4,
    "create reward": 8,
    "bulkredeem": 8,
    "advocacy create": 6,
    "advocacy convert": 10,
    "Leat reception": 8,
    "GET member": 2,
    "create member": 9,
    "mint": 11,
    "transfer": 11,
    "order with campaigns": 20,
    "event": 6,
    "coupon assign": 16,
    "batch of 10": 11,
}
"""Statements of a call whose credential and configuration are known already, without BEGIN and COMMIT. Lower a figure
when a change makes it smaller.
"""

CREDENTIALS = {"saasquatch": SAASQUATCH, "advocacy": ADVOCACY, "leat": LEAT, "loyalty_core": LOYALTY}
FEW = 2
CONDITIONAL_MAX = 2
"""Statements that a list needs only where one of its rows has something to show (redemptions of rewards, a second
user).
"""

PATH_VALUES: dict[str, Any] = {
    "tenant_alias": "demo",
    "organizationId": 1,
    "memberId": 42,
    "loyaltyMemberId": "HC-000042",
    "ledgerId": 1,
    "ledgerAccountId": 1,
    "walletId": 142,
    "couponBookId": 1,
    "loyaltyProgramId": 1,
    "missionId": 1,
    "campaignId": 1,
    "audienceKey": "regulars",
    "referralProgramId": 1,
    "contentSchemaId": 1,
    "partnershipId": 1,
    "referralCodeId": 1,
    "id": "brd_demo0000000000000001",
}
"""What the demo has at the places of paths."""

QUERIES = {"openListReferrals": ["referringAccountId={accountId}", "referringUserId={id}"]}
"""What a list needs beside its required parameters; of the user of the demo with the most referrals."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = World()
    directory = made.server.runtime.directory
    directory.configuration = Configuration(kept_s=3_600)
    directory._ttl_s = 3_600
    yield made
    made.close()


@pytest.fixture(scope="module")
def calls(world: World) -> dict[str, Call]:
    return {call.name: call for call in calls_of(world)}


def test_each_measured_call_has_a_budget(calls: dict[str, Call]) -> None:
    assert list(calls) == list(BUDGETS)


@pytest.mark.parametrize("name", BUDGETS)
def test_a_call_keeps_to_its_budget(world: World, calls: dict[str, Call], name: str) -> None:
    seen = world.statements(calls[name])
    assert len(seen) <= BUDGETS[name], "\n".join(seen)
    assert len(seen) == BUDGETS[name], f"{name} takes {len(seen)} statements now: lower its budget"


def lists() -> Iterator[Any]:
    """Every GET operation that takes a limit: API, path with the demo's values, the name and the maximum of the
    limit.
    """
    for api in APIS:
        if api.name not in CREDENTIALS:
            continue
        document, _ = store.load(api.name)
        resolve = resolver(document)
        for path, method, raw in operations(document):
            parameters = [resolve(parameter) for parameter in raw.get("parameters", ())]
            limit = next((p for p in parameters if p["in"] == "query" and p["name"] in ("limit", "per_page")), None)
            if method == "get" and limit is not None:
                maximum = resolve(limit["schema"]).get("maximum", 100)
                more = QUERIES.get(raw["operationId"], [])
                yield pytest.param(
                    api, path, parameters, more, limit["name"], maximum, id=f"{api.name}-{raw['operationId']}"
                )


@pytest.mark.parametrize(("api", "path", "parameters", "more", "name", "maximum"), list(lists()))
def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(
    world: World, api: Any, path: str, parameters: list[dict[str, Any]], more: list[str], name: str, maximum: int
) -> None:
    referrer = world.get(f"{SQ}/referrals?limit=1", SAASQUATCH)["referrals"][0]["referrerUser"] if more else {}
    address, query = f"{api.prefix}{path}", [part.format(**referrer) for part in more]
    for parameter in parameters:
        if parameter["in"] == "path":
            address = address.replace("{" + parameter["name"] + "}", segment(str(PATH_VALUES[parameter["name"]])))
        elif parameter.get("required") and parameter["name"] != name:
            query.append(f"{parameter['name']}={segment(str(parameter['example']))}")

    def counted(limit: int) -> tuple[int, int, list[str]]:
        target = f"{address}?{'&'.join([*query, f'{name}={limit}'])}"
        call = Call(path, "GET", target, CREDENTIALS[api.name])
        world.check(call)
        with traced(world.server) as seen:
            status, body = world.send(call, 0)
        assert status == 200
        return len(seen), rows_of(orjson.loads(body)), seen

    few, _, _ = counted(FEW)
    many, rows, seen = counted(min(maximum, 100))
    assert many <= few + CONDITIONAL_MAX, f"{rows} rows: {many} statements, {FEW} rows: {few}\n" + "\n".join(seen)


BATCHES = {
    "transfers": (
        "/ledger-transactions/batch",
        lambda count: {
            "items": [
                {"amount": 1, "fromWalletId": 142, "toWalletId": 143 + n % 7, "ledgerId": 1, "ledgerAccountId": 1}
                for n in range(count)
            ]
        },
    ),
    "a set of transfers": (
        "/ledgers/1/transaction-sets",
        lambda count: {
            "create": [
                {"amount": 1, "fromWalletId": 142, "toWalletId": 143 + n % 7, "ledgerAccountId": 1}
                for n in range(count)
            ]
        },
    ),
    "members by their numbers": ("/members/batch", lambda count: {"memberIds": list(range(1, count + 1))}),
}
"""Calls of Loyalty Core that do many things: path, and the body for so many."""


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_takes_as_many_statements_for_many_items_as_for_few(
    world: World, calls: dict[str, Call], name: str
) -> None:
    path, body = BATCHES[name]

    def counted(count: int) -> int:
        return len(world.statements(Call(name, "POST", f"{LC}{path}", LOYALTY, lambda _n: body(count))))

    assert counted(FEW) == counted(20)


def rows_of(answer: Any) -> int:
    """How many rows a list answers."""
    found = (
        answer
        if isinstance(answer, list)
        else max(answer.values(), key=lambda value: len(value) if isinstance(value, list) else -1)
    )
    return len(found) if isinstance(found, list) else 0

"""What an operation costs: CPU time in process, and statements, on the demo scenario.

`python -m benchmarks.operations [--url URL]`

The clock is the wall's, so that effects and deliveries are left to the dispatcher, which does not run here. Every call
is made through the ASGI application with validation of request and answer. Times are the median of several rounds of
the process's CPU time; they hold the work of this client too (about 15 us a call).
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import event

from troth.app import Server, build
from troth.mock.seeding import seed
from troth.paths import ROOT
from troth.settings import Settings

SAASQUATCH = {"authorization": "Basic " + base64.b64encode(b":LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK").decode()}
ADVOCACY = {"authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}
LEAT = {"authorization": "Bearer PAT_DEMO0KEY0LEAT0TROTH0MOCK"}
LOYALTY = {"authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
SQ, LC = "/saasquatch/api/v1/demo", "/loyalty-core/api/v1/organizations/1"
DEMO = ROOT / "fixtures" / "scenarios" / "demo.yaml"
ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Call:
    """A request; `body` makes that of the n-th call."""

    name: str
    method: str
    path: str | Callable[[int], str]
    headers: dict[str, str]
    body: Callable[[int], Any] | None = None
    times: int = 60
    """Calls in a round."""

    def target(self, n: int) -> str:
        return self.path if isinstance(self.path, str) else self.path(n)


class World:
    """A server with the data of a scenario, called in process."""

    def __init__(self, url: str = "sqlite://", scenario: Path = DEMO) -> None:
        self.server: Server = build(Settings(mock=True, database_url=url, access_log=False, seed=1), docs=False)
        seed(self.server.runtime, scenario)
        self.loop = asyncio.new_event_loop()
        self.numbers: Iterator[int] = iter(range(1, 10**9))
        gc.freeze()

    def close(self) -> None:
        self.loop.close()
        self.server.close()

    def send(self, call: Call, n: int) -> tuple[int, bytes]:
        """Make a call; status and body of the answer."""
        body = b"" if call.body is None else orjson.dumps(call.body(n))
        return self.loop.run_until_complete(
            _asgi(self.server.compiled, call.method, call.target(n), call.headers, body)
        )

    def get(self, path: str, headers: dict[str, str]) -> Any:
        status, body = self.send(Call("", "GET", path, headers), 0)
        assert status == 200, (path, status, body[:300])
        return orjson.loads(body)

    def check(self, call: Call) -> None:
        """Make a call once. Raises AssertionError unless it succeeds."""
        n = next(self.numbers)
        status, body = self.send(call, n)
        assert status < 300, (call.name, status, body[:500])

    def cpu_ms(self, call: Call) -> float:
        """CPU time of a call in milliseconds, the median of several rounds."""
        self.check(call)
        rounds = []
        for _ in range(ROUNDS):
            numbers = [next(self.numbers) for _ in range(call.times)]
            started = time.process_time()
            for n in numbers:
                self.send(call, n)
            rounds.append((time.process_time() - started) / call.times * 1_000)
        return statistics.median(rounds)

    def statements(self, call: Call) -> list[str]:
        """The statements of a call, without BEGIN and COMMIT; on SQLite only.

        The credential and the tenant's configuration are known from earlier calls: what the first one changes of it
        is kept by the second.
        """
        self.check(call)
        self.check(call)
        with traced(self.server) as seen:
            self.check(call)
        return seen


@contextmanager
def traced(server: Server) -> Iterator[list[str]]:
    """The statements that a SQLite database runs meanwhile, without those that begin and end transactions."""
    seen: list[str] = []
    connections: list[Any] = []

    def note(text: str) -> None:
        # SQLite reports each statement of a trigger as the outer statement again.
        repeated = seen and text == seen[-1] and text.startswith(("INSERT", "UPDATE", "DELETE"))
        if not repeated and not text.startswith(
            ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "-- ")
        ):
            seen.append(text)

    def listen(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(note)
        connections.append(connection)

    engine = server.runtime.storage.engine
    driver = engine.raw_connection()
    listen(driver.driver_connection)
    event.listen(engine, "checkout", listen)
    try:
        yield seen
    finally:
        event.remove(engine, "checkout", listen)
        for connection in connections:
            connection.set_trace_callback(None)
        driver.close()


async def _asgi(app: Any, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 8080),
        "client": ("127.0.0.1", 1234),
        "headers": [
            (b"host", b"localhost:8080"),
            *((name.encode(), value.encode()) for name, value in headers.items()),
            *([(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())] if body else []),
        ],
    }
    status, parts = 0, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(parts)


def saasquatch_calls(world: World) -> list[Call]:
    """The calls of the SaaSquatch API that are measured."""
    user, spender = world.get(f"{SQ}/users?limit=2", SAASQUATCH)["users"]
    account_id, user_id = user["accountId"], user["id"]
    of_user = f"/account/{account_id}/user/{user_id}"
    same = {"id": user_id, "accountId": account_id, "firstName": user["firstName"], "lastName": user["lastName"]}

    def new(n: int) -> dict[str, Any]:
        return {"id": f"new-{n}", "accountId": f"new-{n}", "firstName": "Ana", "lastName": f"Stone{n}"}

    def event_of(n: int) -> dict[str, Any]:
        key = {"key": "page_view", "fields": {"page": "pricing", "visit": n}}
        return {"userId": user_id, "accountId": account_id, "events": [key]}

    reward = {"type": "CREDIT", "unit": "POINT", "assignedCredit": 5, "name": "Points"}
    redeem = {"accountId": spender["accountId"], "unit": "POINT", "amount": 1}
    world.check(
        Call(
            "",
            "POST",
            f"{SQ}/rewards/account/{spender['accountId']}/user/{spender['id']}",
            SAASQUATCH,
            lambda _n: {**reward, "assignedCredit": 1_000_000},
        )
    )
    return [
        Call("GET user", "GET", f"{SQ}/open{of_user}", SAASQUATCH, times=300),
        Call("PUT same user", "PUT", f"{SQ}/open{of_user}", SAASQUATCH, lambda _n: same, times=150),
        Call("PUT new user", "PUT", lambda n: f"{SQ}/open/account/new-{n}/user/new-{n}", SAASQUATCH, new),
        Call("users?limit=10", "GET", f"{SQ}/users?limit=10", SAASQUATCH),
        Call("users, 220", "GET", f"{SQ}/users?limit=220", SAASQUATCH, times=5),
        Call("referrals?limit=10", "GET", f"{SQ}/referrals?limit=10", SAASQUATCH),
        Call("referrals, 97", "GET", f"{SQ}/referrals?limit=97", SAASQUATCH, times=5),
        Call("POST event", "POST", f"{SQ}/open{of_user}/events", SAASQUATCH, event_of, times=150),
        Call("create reward", "POST", f"{SQ}/rewards{of_user}", SAASQUATCH, lambda _n: reward),
        Call("bulkredeem", "POST", f"{SQ}/credit/bulkredeem", SAASQUATCH, lambda _n: redeem),
    ]


def advocacy_and_leat_calls(world: World) -> list[Call]:
    """The calls of the advocacy API and of Leat that are measured."""
    code = world.get("/advocacy/api/v1/advocates?limit=1", ADVOCACY)["advocates"][0]["referralCode"]
    contact = _leat_contact(world)

    def reception(n: int) -> dict[str, Any]:
        return {
            "contact_uuid": contact,
            "shop_uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11",
            "unit_value": 24.5,
            "unit_name": "purchase_amount",
            "pos_transaction_id": f"bench-{n}",
        }

    return [
        Call(
            "advocacy create",
            "POST",
            "/advocacy/api/v1/advocates",
            ADVOCACY,
            lambda n: {"email": f"bench-{n}@example.org", "name": "Ben Okafor"},
        ),
        Call(
            "advocacy convert",
            "POST",
            "/advocacy/api/v1/referrals/convert",
            ADVOCACY,
            lambda n: {"code": code, "orderId": f"bench-{n}", "orderValue": 79.9},
        ),
        Call("Leat reception", "POST", "/leat/api/v3/oauth/clients/credit-receptions", LEAT, reception),
    ]


def _leat_contact(world: World) -> str:
    made = Call("", "POST", "/leat/api/v3/oauth/clients/contacts", LEAT, lambda _n: {"email": "bench@example.org"})
    uuid: str = orjson.loads(world.send(made, 0)[1])["data"]["uuid"]
    return uuid


def loyalty_core_calls(world: World) -> list[Call]:
    """The calls of Loyalty Core that are measured."""
    account = f"{LC}/ledgers/1/accounts/1"
    book = _coupon_book(world)
    world.check(Call("", "POST", f"{LC}/loyalty-members/HC-000042/mint", LOYALTY, lambda _n: {"amount": 1_000_000}))
    transfer = {"amount": 1, "fromWalletId": 142, "toWalletId": 143}

    def member(n: int) -> dict[str, Any]:
        return {"loyaltyMemberId": f"bench-{n}", "profile": {"name": "Ana Stone", "email": f"bench-{n}@example.org"}}

    def order(n: int) -> dict[str, Any]:
        return {
            "externalId": f"bench-{n}",
            "loyaltyProgramId": 1,
            "type": "counter",
            "status": "confirmed",
            "total": 12.5,
            "items": [
                {
                    "sku": "BEANS-250",
                    "name": "House blend",
                    "productCategoryCode": "coffee-beans",
                    "quantity": 2,
                    "price": 6.25,
                }
            ],
        }

    return [
        Call("GET member", "GET", f"{LC}/members/42", LOYALTY, times=150),
        Call("create member", "POST", f"{LC}/members", LOYALTY, member),
        Call("mint", "POST", f"{LC}/loyalty-members/HC-000042/mint", LOYALTY, lambda _n: {"amount": 1}),
        Call("transfer", "POST", f"{account}/transactions", LOYALTY, lambda _n: transfer),
        Call("order with campaigns", "POST", f"{LC}/members/42/purchase-orders", LOYALTY, order, times=20),
        Call(
            "event",
            "POST",
            f"{LC}/loyalty-events",
            LOYALTY,
            lambda n: {
                "systemUniqueKey": f"bench-event-{n}",
                "memberId": 42,
                "organizationId": 1,
                "eventType": "coffee-reviewed",
                "payload": {"value": 5},
            },
        ),
        Call(
            "coupon assign",
            "POST",
            f"{LC}/coupon-books/{book}/assign",
            LOYALTY,
            lambda n: {"systemUniqueKeys": [f"bench-{n}"], "memberId": 42, "numberOfCodes": 1},
            times=10,
        ),
        Call(
            "batch of 10",
            "POST",
            f"{LC}/ledger-transactions/batch",
            LOYALTY,
            lambda _n: {"items": [{**transfer, "ledgerId": 1, "ledgerAccountId": 1}] * 10},
            times=10,
        ),
    ]


def _coupon_book(world: World) -> int:
    """A published book of coupons for everybody, of which a member may have any number."""
    for book in world.get(f"{LC}/coupon-books?limit=25", LOYALTY)["results"]:
        if book["publishingStatus"] == "published" and book["maxAssignedPerMember"] in (None, 0):
            found: int = book["couponBookId"]
            return found
    raise LookupError("the demo has no such coupon book")


def calls_of(world: World) -> list[Call]:
    """All calls that are measured."""
    return [*saasquatch_calls(world), *advocacy_and_leat_calls(world), *loyalty_core_calls(world)]


def main() -> None:
    """Measure, and print a table; with `--json FILE` write the figures too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="sqlite://", help="an empty database")
    parser.add_argument("--only", default="", help="a part of the names of calls")
    parser.add_argument("--statements", action="store_true", help="print the statements of each call")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    world = World(arguments.url)
    figures: dict[str, dict[str, float]] = {}
    for call in calls_of(world):
        if arguments.only not in call.name:
            continue
        seen = world.statements(call) if arguments.url.startswith("sqlite") else []
        cpu_ms = world.cpu_ms(call)
        figures[call.name] = {"statements": len(seen), "cpu_ms": round(cpu_ms, 3)}
        print(f"{call.name:24} {len(seen) or '-':>5} statements {cpu_ms:8.3f} ms", flush=True)
        if arguments.statements:
            for text in seen:
                print("    ", " ".join(text.split())[:300])
    if arguments.json:
        arguments.json.write_text(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode() + "\n")
    world.close()


if __name__ == "__main__":
    main()

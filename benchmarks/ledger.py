"""Transfers a second on PostgreSQL: through `models/ledger.py`, beside the same statements raw.

`python -m benchmarks.ledger postgresql://user@host/database` (an empty database; its tables are dropped afterwards). In
each round four ways take turns, on as many connections each:

- psycopg: a plain loop on the driver, which sends the statements that the model sends, one after the other
- model: `ledger.post` in a unit of work of its own, committed
- pgbench: the same statements from PostgreSQL's own client in C, where it is installed
- http: `POST .../transactions` of the Loyalty Core API on a server process (one more row, an event, tiers)

and it measures how much dearer a transfer is in an account with a million entries than in one with a thousand.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import insert

from models import ledger
from models.kernel.clock import monotonic_s
from models.kernel.connection import LazyConnection
from models.ledger import LedgerBalance, LedgerEntry
from models.loyalty_core import provision
from models.tenancy.sandboxes import MAIN
from models.uow import UnitOfWork
from troth.database.migrate import downgrade, upgrade
from troth.database.storage import Storage, import_tables
from troth.runtime import Runtime
from troth.settings import Settings

RESULTS = Path(__file__).parent / "results"
WALLETS = 1_000
POINTS = 1_000_000_000
MODEL_TO_PSYCOPG = 0.6
LARGE_TO_SMALL = 1.2


_RUNS = itertools.count()


class Ground:
    """A database with one organization and wallets that hold enough."""

    def __init__(self, url: str, connections: int) -> None:
        self.url, self.connections = url, connections
        self.storage = Storage(url, pool_size=connections)
        upgrade(url)
        import_tables()
        self.secret_key = "0" * 64
        self.runtime = Runtime(Settings(mock=False, database_url=url, secret_key=self.secret_key), self.storage)
        self.runtime.boot()
        with self.storage.session() as session, session.begin():
            made = provision.create(
                session,
                self.runtime.directory.vault,
                given={},
                live=True,
                project="bench",
                sandbox_id=MAIN,
                settings={"organization_id": 1},
                alias="bench",
                name="Bench",
                now_ms=1,
            )
            self.tenant, self.token = made.tenant, made.credentials["api_token"]
            session.execute(
                insert(LedgerBalance),
                [
                    {"tenant_id": self.tenant.id, "account": account(n), "balance": POINTS, "credited": POINTS}
                    for n in range(WALLETS)
                ],
            )

    def unit(self) -> UnitOfWork:
        sandbox = self.runtime.main
        return UnitOfWork(
            tenant=self.tenant,
            sandbox=sandbox,
            connection=LazyConnection(self.storage.writing),
            directory=self.runtime.directory,
            public_url="",
            request_number=sandbox.next_request_number(self.tenant.id),
        )

    def close(self) -> None:
        self.storage.close()
        downgrade(self.url, "base")


def account(n: int) -> str:
    return f"w{n % WALLETS}"


def pairs(worker: int) -> Any:
    """Endless pairs of different wallets, spread so that workers seldom meet."""
    return (
        (account(n), account(n * 7 + worker * 13 + 1))
        for n in itertools.count(worker * 101)
        if (n * 7 + worker * 13 + 1 - n) % WALLETS
    )


def through_model(ground: Ground, worker: int) -> Callable[[], None]:
    chosen = pairs(worker)

    def one() -> None:
        giver, taker = next(chosen)
        unit = ground.unit()
        with unit.transaction():
            unit.random.take("transaction", 16)
            ledger.post(unit, transaction_id=str(unit.order_number()), kind="transfer", legs=[(giver, -1), (taker, 1)])
            unit.finish()

    return one


def through_psycopg(ground: Ground, worker: int) -> Callable[[], None]:
    """The statements of the model, on the driver alone."""
    dialect = ground.storage.engine.dialect
    lock, update, transaction, entry = (
        statement.text(dialect)[0]
        for statement in (
            ledger._lock_balances(2),
            ledger._UPDATE_BALANCE,
            ledger._INSERT_TRANSACTION,
            ledger._INSERT_ENTRY,
        )
    )
    connection = psycopg.connect(ground.url.replace("+psycopg", ""))
    tenant, chosen = ground.tenant.id, pairs(worker)
    numbers = itertools.count(((worker + 1) << 40) + next(_RUNS) * 1_000_000)

    def one() -> None:
        giver, taker = next(chosen)
        number = next(numbers)
        with connection.cursor() as cursor:
            cursor.execute(lock, {"tenant_id": tenant, "a0": min(giver, taker), "a1": max(giver, taker)})
            held = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
            for name, amount in sorted(((giver, -1), (taker, 1))):
                balance, credited = held[name]
                cursor.execute(
                    update, {"tenant_id": tenant, "account": name, "balance": balance + amount, "credited": credited}
                )
            cursor.execute(
                transaction,
                {
                    "tenant_id": tenant,
                    "id": f"p{number}",
                    "number": number,
                    "kind": "transfer",
                    "description": None,
                    "reference_type": None,
                    "reference_id": None,
                    "created_ms": 1,
                },
            )
            for name, amount in ((giver, -1), (taker, 1)):
                cursor.execute(
                    entry,
                    {
                        "tenant_id": tenant,
                        "transaction_id": f"p{number}",
                        "account": name,
                        "number": number,
                        "amount": amount,
                        "balance_after": held[name][0] + amount,
                    },
                )
        connection.commit()

    return one


def rate(make: Callable[[Ground, int], Callable[[], None]], ground: Ground, seconds: float) -> float:
    """Transfers a second on all connections together."""
    workers = [make(ground, n) for n in range(ground.connections)]
    counts = [0] * len(workers)
    until = monotonic_s() + seconds

    def work(index: int) -> None:
        while monotonic_s() < until:
            workers[index]()
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(workers))]
    started = monotonic_s()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (monotonic_s() - started)


PGBENCH = r"""
\set a random(0, {last})
\set b (:a + 1 + random(0, {last} - 1)) % ({last} + 1)
\set id random(1, 9000000000000000)
BEGIN;
SELECT account, balance, credited FROM ledger_balances WHERE tenant_id = {tenant} AND account IN ('w' || :a, 'w' || :b)
  ORDER BY account FOR UPDATE;
UPDATE ledger_balances SET balance = balance - 1 WHERE tenant_id = {tenant} AND account = 'w' || :a;
UPDATE ledger_balances SET balance = balance + 1 WHERE tenant_id = {tenant} AND account = 'w' || :b;
INSERT INTO ledger_transactions (tenant_id, id, number, kind, created_ms) VALUES ({tenant}, 'b' || :id, :id, 'transfer', 1);
INSERT INTO ledger_entries (tenant_id, transaction_id, account, number, amount, balance_after)
  VALUES ({tenant}, 'b' || :id, 'w' || :a, :id, -1, 0);
INSERT INTO ledger_entries (tenant_id, transaction_id, account, number, amount, balance_after)
  VALUES ({tenant}, 'b' || :id, 'w' || :b, :id, 1, 0);
COMMIT;
"""


def pgbench_rate(ground: Ground, seconds: float) -> float | None:
    """Transactions a second of PostgreSQL's own client; None where it is not installed."""
    program = shutil.which("pgbench")
    if program is None:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(PGBENCH.format(last=WALLETS - 1, tenant=ground.tenant.id))
        script.flush()
        done = subprocess.run(
            [
                program,
                "-n",
                "-M",
                "prepared",
                "-c",
                str(ground.connections),
                "-j",
                str(ground.connections),
                "-T",
                str(max(1, round(seconds))),
                "-f",
                script.name,
                ground.url.replace("+psycopg", ""),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def growth(ground: Ground, transfers: int, rounds: int) -> float:
    """How much dearer a transfer is between accounts of a million entries than between accounts of a thousand."""
    tenant = ground.tenant.id
    sizes = {"small": 1_000, "large": 1_000_000}
    with ground.storage.session() as session, session.begin():
        for name, size in sizes.items():
            session.connection().exec_driver_sql(
                f"INSERT INTO ledger_entries SELECT {tenant}, '{name}' || n, '{name}', n, 1, n FROM generate_series(1, {size}) n"
            )
            session.execute(
                insert(LedgerBalance),
                [
                    {"tenant_id": tenant, "account": account_, "balance": POINTS, "credited": POINTS}
                    for account_ in (name, f"{name}-2")
                ],
            )
            session.execute(
                insert(LedgerEntry),
                [
                    {
                        "tenant_id": tenant,
                        "transaction_id": f"{name}-all",
                        "account": name,
                        "number": 0,
                        "amount": 1,
                        "balance_after": 1,
                    }
                ],
            )
    with ground.storage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE ledger_entries")
    spent: dict[str, list[float]] = {name: [] for name in sizes}
    for _ in range(rounds):
        for name in sizes:
            started = monotonic_s()
            for _ in range(transfers):
                unit = ground.unit()
                with unit.transaction() as session:
                    ledger.post(
                        unit,
                        transaction_id=str(unit.order_number()),
                        kind="transfer",
                        legs=[(name, -1), (f"{name}-2", 1)],
                    )
                    unit.finish()
            spent[name].append(monotonic_s() - started)
    return statistics.median(large / small for small, large in zip(spent["small"], spent["large"], strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("url", help="an empty PostgreSQL database, such as postgresql://postgres@localhost/bench")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--no-http", action="store_true")
    given = parser.parse_args()
    ground = Ground(re.sub(r"^postgresql://", "postgresql+psycopg://", given.url), given.connections)
    ways: dict[str, Callable[[], float | None]] = {
        "psycopg": lambda: rate(through_psycopg, ground, given.seconds),
        "model": lambda: rate(through_model, ground, given.seconds),
        "pgbench": lambda: pgbench_rate(ground, given.seconds),
    }
    if not given.no_http:
        from benchmarks.ledger_http import served

        ways["http"] = served(ground, given.seconds)
    rates: dict[str, list[float]] = {name: [] for name in ways}
    try:
        for number in range(given.rounds):
            print(f"  round {number + 1} of {given.rounds}", file=sys.stderr)
            for name, way in ways.items():
                found = way()
                if found is not None:
                    rates[name].append(found)
        grown = growth(ground, 300, given.rounds)
    finally:
        for way in ways.values():
            getattr(way, "close", lambda: None)()
        ground.close()
    return report(rates, grown, given.connections)


def report(rates: dict[str, list[float]], grown: float, connections: int) -> int:
    """Print and store the medians and ratios; 1 when a target is missed."""
    medians = {name: statistics.median(found) for name, found in rates.items() if found}
    ratios = {
        f"{name} / psycopg": statistics.median(a / b for a, b in zip(found, rates["psycopg"], strict=True))
        for name, found in rates.items()
        if found and name != "psycopg"
    }
    lines = ["| | transfers a second | ratio to psycopg |", "| --- | --- | --- |"]
    lines += [
        f"| {name} | {median:,.0f} | {ratios.get(f'{name} / psycopg', 1.0):.2f} |" for name, median in medians.items()
    ]
    lines += [
        "",
        f"{connections} connections. A transfer between accounts of a million entries costs {grown:.3f} times one of a thousand.",
    ]
    print("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ledger.md").write_text("\n".join(lines) + "\n")
    (RESULTS / "ledger.json").write_text(
        json.dumps(
            {
                "python": platform.python_version(),
                "connections": connections,
                "rates": rates,
                "medians": medians,
                "ratios": ratios,
                "large_to_small": grown,
            },
            indent=1,
        )
        + "\n"
    )
    missed = []
    if ratios["model / psycopg"] < MODEL_TO_PSYCOPG:
        missed.append(f"model / psycopg: {ratios['model / psycopg']:.2f} is less than {MODEL_TO_PSYCOPG}")
    if grown > LARGE_TO_SMALL:
        missed.append(f"a million entries: {grown:.2f} is more than {LARGE_TO_SMALL}")
    for line in missed:
        print("MISSED", line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

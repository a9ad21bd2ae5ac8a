"""What growth costs: look-ups and writes among half a million users beside a thousand. See benchmarks/README.md.

`python -m benchmarks.scale [--factor 1] [--sqlite FILE] [--postgres URL]` fills a small and a large database of each
kind, runs each call in process on both in turn, and writes `benchmarks/results/scale.md` and `scale.json`.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import psycopg
from sqlalchemy import make_url

from benchmarks import scale_rows
from benchmarks.operations import LC, LOYALTY, SAASQUATCH, SQ, Call, World, loyalty_core_calls, saasquatch_calls
from models.kernel.clock import DAY_MS, SECOND_MS, WallClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RESULTS = Path(__file__).resolve().parent / "results"
LARGE = 500_000
"""Users; 100,000 referrals, 200,000 rewards, 200,000 members and 1,000,000 entries come with them."""
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
ROUNDS, PEOPLE = 7, 50
BATCH_S = 0.05
"""How long a batch of calls should take; one call at least."""
LOOK_UP, FIRST_PAGE, SEARCH, SHORT = "look-up or write", "first page", "text search", "search of two letters"
DEEP = "deep page"
LIMITS: dict[str, float | None] = {LOOK_UP: 1.3, FIRST_PAGE: 2.0, SEARCH: 3.0, SHORT: None, DEEP: None}
"""How many times as much a call may cost in the large database."""
UNLIKE = (
    "users, 220",
    "referrals, 97",
    "users?limit=10",
    "referrals?limit=10",
    "coupon assign",
    "batch of 10",
    "event",
)
"""Calls of `benchmarks.operations` that are left out: pages, which are below, and what the copies have no rows of."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A call in each of the two worlds, and what kind it is."""

    kind: str
    small: Call
    large: Call


def _spread(world: World, path: str, name: str, headers: dict[str, str], offset: str) -> list[Any]:
    """Rows from everywhere in a list in order of time, where the copies of a row are together: those of the two worlds
    are alike.
    """
    total = world.get(f"{path}limit=1", headers)["totalCount"]
    places = (total * part // PEOPLE for part in range(PEOPLE))
    return [world.get(f"{path}limit=1&{offset}={place}", headers)[name][0] for place in places]


class Targets:
    """What the calls of one world ask for: people from everywhere in it, the same of both."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.users = _spread(world, f"{SQ}/users?", "users", SAASQUATCH, "offset")
        self.referrals = _spread(world, f"{SQ}/referrals?", "referrals", SAASQUATCH, "offset")
        self.members = _spread(world, f"{LC}/members?order=createdAt&", "results", LOYALTY, "page")
        self.user_count = world.get(f"{SQ}/users?limit=1", SAASQUATCH)["totalCount"]
        self.member_count = world.get(f"{LC}/members?limit=1", LOYALTY)["totalCount"]
        self.newest = world.get(f"{LC}/members?limit=1&order=createdAt,desc", LOYALTY)["results"][0]["createdAt"]

    def calls(self) -> list[tuple[str, Call]]:
        """Each call with its kind; the first ones are those of `benchmarks.operations`."""
        known = [*saasquatch_calls(self.world), *loyalty_core_calls(self.world)]
        return [
            *((LOOK_UP, call) for call in known if call.name not in UNLIKE),
            *self._of_users(),
            *self._of_members(),
            *self._of_points(),
        ]

    def _each(self, name: str, rows: list[Any], path: Callable[[Any], str], headers: dict[str, str]) -> Call:
        return Call(name, "GET", lambda n: path(rows[n % len(rows)]), headers)

    def _is_open(self, code: str) -> bool:
        """Whether a code can be used: that of a blocked user cannot."""
        return self.world.send(Call("", "GET", f"{SQ}/code/{code}", SAASQUATCH), 0)[0] == 200

    def _of_users(self) -> Iterator[tuple[str, Call]]:
        def user(name: str, path: Callable[[Any], str]) -> tuple[str, Call]:
            return LOOK_UP, self._each(name, self.users, path, SAASQUATCH)

        def account(row: Any) -> str:
            return quote(row["accountId"], safe="")

        def whole(row: Any) -> str:
            return f"account/{account(row)}/user/{quote(row['id'], safe='')}"

        yield user("a user", lambda row: f"{SQ}/open/{whole(row)}")
        yield user("share links of a user", lambda row: f"{SQ}/{whole(row)}/shareurls")
        yield user("rewards of an account", lambda row: f"{SQ}/reward?accountId={account(row)}")
        yield user("balance of an account", lambda row: f"{SQ}/reward/balance?accountId={account(row)}")
        yield user("referrals by an account", lambda row: f"{SQ}/referrals?referringAccountId={account(row)}")
        yield user("a user by code", lambda row: f"{SQ}/open/user?referralCode={row['referralCode']}")
        open_codes = [row["referralCode"] for row in self.users if self._is_open(row["referralCode"])]
        yield LOOK_UP, self._each("a code", open_codes, lambda code: f"{SQ}/code/{code}", SAASQUATCH)
        yield LOOK_UP, self._each("a referral", self.referrals, lambda row: f"{SQ}/referrals/{row['id']}", SAASQUATCH)
        yield FIRST_PAGE, Call("users, first page", "GET", f"{SQ}/users?limit=10", SAASQUATCH)
        yield FIRST_PAGE, Call("referrals, first page", "GET", f"{SQ}/referrals?limit=10", SAASQUATCH)
        email = self.users[PEOPLE // 2]["email"]
        yield SEARCH, Call("users, query=an e-mail address", "GET", f"{SQ}/users?limit=10&query={email}", SAASQUATCH)
        yield SEARCH, Call("users, query=a last name", "GET", f"{SQ}/users?limit=10&query=okafor", SAASQUATCH)
        yield SEARCH, Call("users, query=nobody", "GET", f"{SQ}/users?limit=10&query=nobody-at-all", SAASQUATCH)
        yield SHORT, Call("users, query=two letters", "GET", f"{SQ}/users?limit=10&query=zz", SAASQUATCH)
        deep = self.user_count * 9 // 10
        yield DEEP, Call("users, nine tenths in", "GET", f"{SQ}/users?limit=10&offset={deep}", SAASQUATCH)

    def _of_members(self) -> Iterator[tuple[str, Call]]:
        def member(name: str, path: Callable[[Any], str]) -> tuple[str, Call]:
            return LOOK_UP, self._each(name, self.members, path, LOYALTY)

        def search(kind: str, name: str, query: str) -> tuple[str, Call]:
            return kind, Call(f"members, {name}", "GET", f"{LC}/search/members?limit=10&{query}", LOYALTY)

        def renamed(n: int) -> dict[str, Any]:
            return {"profile": {"name": f"Ana Stone {n}", "email": "ana@example.org"}}

        yield member("a member", lambda row: f"{LC}/members/{row['memberId']}")
        yield member("a member by its own id", lambda row: f"{LC}/loyalty-members/{row['loyaltyMemberId']}")
        with_email = [row["profile"]["email"] for row in self.members if row["profile"].get("email")]
        by_email = self._each(
            "members by e-mail", with_email, lambda email: f"{LC}/members?email={quote(email)}", LOYALTY
        )
        yield LOOK_UP, by_email
        yield LOOK_UP, Call("patch member", "PATCH", f"{LC}/members/43", LOYALTY, renamed)
        yield FIRST_PAGE, Call("members, first page", "GET", f"{LC}/members?limit=10", LOYALTY)
        yield (
            FIRST_PAGE,
            Call("members from a date", "GET", f"{LC}/members?limit=10&fromCreatedAt={self.newest}", LOYALTY),
        )
        yield search(LOOK_UP, "search an id", f"query={self.members[PEOPLE // 2]['loyaltyMemberId']}")
        yield search(FIRST_PAGE, "search two prefixes", "query=ana+sto")
        yield search(FIRST_PAGE, "search of a program", "loyaltyProgramId=1")
        yield search(FIRST_PAGE, "search of a tier", "loyaltyTierId=2")
        deep = self.member_count * 9 // 100
        yield DEEP, Call("members, nine tenths in", "GET", f"{LC}/members?limit=10&page={deep}", LOYALTY)

    def _of_points(self) -> Iterator[tuple[str, Call]]:
        account = f"{LC}/ledgers/1/accounts/1"
        wallets = [member["walletId"] for member in self.members]

        def wallet(name: str, path: Callable[[Any], str]) -> tuple[str, Call]:
            return LOOK_UP, self._each(name, wallets, path, LOYALTY)

        yield wallet("balance of a wallet", lambda number: f"{account}/wallets/{number}/balance")
        yield wallet("balances of a wallet", lambda number: f"{LC}/ledgers/1/wallets/{number}/balances")
        yield wallet("transactions of a wallet", lambda number: f"{account}/transactions?limit=10&walletId={number}")
        total = self.world.get(f"{account}/transactions?limit=1", LOYALTY)["totalCount"]
        yield FIRST_PAGE, Call("transactions, first page", "GET", f"{account}/transactions?limit=10", LOYALTY)
        deep = total * 9 // 100
        yield DEEP, Call("transactions, nine tenths in", "GET", f"{account}/transactions?limit=10&page={deep}", LOYALTY)
        week = f"sinceFrom={_date(-107)}&sinceTo={_date(-100)}"
        yield LOOK_UP, Call("stats of an account, a week", "GET", f"{LC}/stats/ledger-accounts/1?{week}", LOYALTY)


def _date(days: int) -> str:
    return datetime.fromtimestamp((WallClock().now_ms() + days * DAY_MS) / SECOND_MS, UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def measure(small: World, large: World, only: str, clock: Callable[[], float]) -> list[dict[str, Any]]:
    """One row for each call: what it costs in both worlds, in milliseconds of `clock`."""
    rows = []
    pairs = zip(Targets(small).calls(), Targets(large).calls(), strict=True)
    for (kind, of_small), (_kind, of_large) in pairs:
        if only not in of_small.name:
            continue
        costs = _costs([(small, of_small), (large, of_large)], clock)
        ratio = costs[1] / costs[0]
        limit = LIMITS[kind]
        rows.append(
            {
                "call": of_small.name,
                "kind": kind,
                "small_ms": round(costs[0], 3),
                "large_ms": round(costs[1], 3),
                "ratio": round(ratio, 2),
                "limit": limit,
            }
        )
        print(f"{of_small.name:32} {costs[0]:10.3f} ms {costs[1]:10.3f} ms {ratio:8.2f}", flush=True)
    return rows


def _costs(sides: list[tuple[World, Call]], clock: Callable[[], float]) -> list[float]:
    """What a call costs in each world, in ms: they take turns, and the cheapest batch of each counts, since a
    disturbance only adds.
    """
    times = []
    for world, call in sides:
        world.check(call)
        started = time.perf_counter()
        world.check(call)
        times.append(max(1, min(60, int(BATCH_S / (time.perf_counter() - started)))))
    cheapest = [float("inf")] * len(sides)
    for _ in range(ROUNDS):
        for side, (world, call) in enumerate(sides):
            numbers = [next(world.numbers) for _ in range(times[side])]
            began = clock()
            for n in numbers:
                world.send(call, n)
            cheapest[side] = min(cheapest[side], (clock() - began) / times[side] * 1_000)
    return cheapest


@contextlib.contextmanager
def filled(url: str, copies: int) -> Iterator[World]:
    """A world on a database that is filled if it is empty."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "scale.yaml"
        scenario.write_text(scale_rows.SCENARIO)
        world = World(url, scenario)
        with contextlib.closing(world):
            world.numbers = itertools.count(WallClock().now_ms())  # a kept database has rows of an earlier run
            storage = world.server.runtime.storage
            counts = scale_rows.counts(storage)
            if copies and counts["sq_users"] < 2 * scale_rows.SEEDED:
                scale_rows.multiply(storage, copies)
                scale_rows.check(storage)
                counts = scale_rows.counts(storage)
            if copies:
                print(storage.engine.dialect.name, counts, flush=True)
            scale_rows.settle(storage)
            yield world


def _postgres_database(admin: str, name: str) -> str:
    """Make a database unless it is there; its URL."""
    with psycopg.connect(admin, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}")
    return make_url(admin).set(database=name).render_as_string(hide_password=False)


def _drop(admin: str, name: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def sqlite_rows(folder: Path, copies: int, only: str) -> list[dict[str, Any]]:
    """Measured by the CPU time of the process: SQLite runs in it."""
    small, large = (f"sqlite:///{folder / name}" for name in ("small.db", f"large-{copies}.db"))
    with filled(small, 0) as first, filled(large, copies) as second:
        return measure(first, second, only, time.process_time)


def postgres_rows(admin: str, copies: int, only: str, *, keep: bool) -> list[dict[str, Any]]:
    """Measured by the clock on the wall: the server is another process."""
    names = ["troth_scale_small", f"troth_scale_large_{copies}"]
    try:
        small, large = (_postgres_database(admin, name) for name in names)
        with filled(small, 0) as first, filled(large, copies) as second:
            return measure(first, second, only, time.perf_counter)
    finally:
        for name in names:
            if not keep:
                _drop(admin, name)


def table(rows: list[dict[str, Any]]) -> str:
    """The rows of one database as Markdown."""
    lines = ["| call | small, ms | large, ms | ratio | at most |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row['call']} | {row['small_ms']} | {row['large_ms']} | {row['ratio']}{' **missed**' if _missed(row) else ''} | {row['limit'] or '-'} |"
        for row in rows
    ]
    return "\n".join(lines)


def _missed(row: dict[str, Any]) -> bool:
    return row["limit"] is not None and row["ratio"] > row["limit"]


def write(figures: dict[str, list[dict[str, Any]]], users: int, load: float) -> None:
    """The results, with the machine that they are from."""
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "date": _date(0)[:10],
        "load_before": round(load, 1),
    }
    known = {"machine": machine, "users": users, "databases": figures}
    (RESULTS / "scale.json").write_bytes(orjson.dumps(known, option=orjson.OPT_INDENT_2))
    head = (
        f"# Growth\n\n{users:,} users beside {scale_rows.SEEDED:,}, in process; Python {machine['python']}, {machine['date']}, "
        f"{machine['cores']} cores, load before {machine['load_before']}.\n"
        "SQLite by CPU time, PostgreSQL by the wall's; the cheapest of several batches, small and large in turn."
    )
    parts = [f"## {name}\n\n{table(rows)}" for name, rows in figures.items()]
    (RESULTS / "scale.md").write_text("\n\n".join([head, *parts]) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--factor", type=float, default=1.0, help="part of the large size, e.g. 0.1 while developing")
    parser.add_argument("--only", default="", help="a part of the names of calls; then no results are written")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--postgres", default=POSTGRES, help="a database from which others can be made and dropped")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the databases, the SQLite files there")
    options = parser.parse_args()
    load, copies = os.getloadavg()[0], int(LARGE * options.factor) // scale_rows.SEEDED - 1
    figures: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        if options.database != "postgres":
            figures["SQLite file"] = sqlite_rows(options.keep or Path(folder), copies, options.only)
        if options.database != "sqlite":
            figures["PostgreSQL"] = postgres_rows(options.postgres, copies, options.only, keep=options.keep is not None)
    if not options.only and options.database == "both":
        write(figures, (copies + 1) * scale_rows.SEEDED, load)
    wrong = [f"{name}: {row['call']} {row['ratio']}" for name, rows in figures.items() for row in rows if _missed(row)]
    for line in wrong:
        print(f"MISSED {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

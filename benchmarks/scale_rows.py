"""Rows for the benchmark of growth: a seeded organization, copied so many times over by the database itself.

The seed (`SCENARIO`) is made by the rules of the APIs: 1,000 users with 200 referrals and 400 rewards, and 1,000
members with 5,000 entries of their ledger. A copy is the same people once more under other ids: whatever holds of the
seed, such as a balance that is the sum of its entries, holds of each copy. What all share is not copied: programs,
accounts, and stamps, of which there is a limited supply.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.kernel.base import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from troth.database.storage import Storage

SEEDED = 1_000
"""Users, and members, of the seed."""
NUMBERS = 10_000
"""What copies of the same numbered row are apart, members and wallets excepted: they are counted through."""
SLICE = 10
"""Copies that one statement makes; then the progress is shown."""

SCENARIO = f"""
name: scale
projects:
  - api: saasquatch
    project: scale
    name: Scale
    live:
      alias: demo
      credentials: {{api_key: LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK}}
      populate: {{accounts: {SEEDED}, users: {SEEDED}, referrals: 200, manual_rewards: 190, events: 100}}
    settings: {{openEndpointsEnabled: true}}
    programs:
      - id: referral-program
        name: Refer a friend
        landing_url: https://shop.example.org/welcome
        conversion_event: purchase
        referrer_reward: {{type: CREDIT, unit: CENTS, amount: 1500, expires_days: 365, name: Thank you}}
        referred_reward: {{type: PCT_DISCOUNT, amount: 10, name: Welcome discount}}
        reward_limit: 50
  - api: loyalty_core
    project: scale
    name: Scale
    live:
      alias: demo
      credentials: {{api_token: lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK}}
      populate: {{members: {SEEDED}, transactions: 3000}}
    settings: {{organization_id: 1}}
"""


@dataclass(frozen=True, slots=True)
class Sql:
    """What the two databases write differently."""

    is_postgres: bool

    def position(self, text: str, part: str) -> str:
        """Where a part begins in a text, from 1; 0 where it is not."""
        return f"{'strpos' if self.is_postgres else 'instr'}({text}, '{part}')"

    def hex4(self, number: str) -> str:
        return f"lpad(to_hex({number}), 4, '0')" if self.is_postgres else f"printf('%04x', {number})"

    def json(self, text: str) -> str:
        return f"CAST({text} AS JSON)" if self.is_postgres else text


@dataclass(frozen=True, slots=True)
class Copied:
    """How a table is copied: its columns that change, as SQL of the row and the copy's number `n`; and which of its
    rows.
    """

    table: str
    changed: dict[str, str]
    rows: str
    """A SELECT of the rows of the seed, which may have more columns than the table."""
    more: str | None = None
    """A SELECT of rows that each copy has beside those of the seed."""


def saasquatch_tables(sql: Sql, tenant_id: int) -> list[Copied]:
    """The tables of users and what belongs to them."""
    at = "'-' || n || '@'"

    def of_user(column: str) -> str:
        return (
            f"CASE WHEN {sql.position(column, '@')} > 0 THEN replace({column}, '@', {at}) ELSE {column} || '-' || n END"
        )

    def key(column: str) -> str:
        return f"'7a5c' || {sql.hex4('n')} || substr({column}, 9)"

    def rows(table: str) -> str:
        return f"SELECT * FROM {table} WHERE tenant_id = {tenant_id}"

    owner = {"account_id": "account_id || '--' || n", "user_id": of_user("user_id")}
    email = f"replace(email, '@', {at})"
    sides = ("referrer", "referred")
    return [
        Copied("sq_accounts", {"id": "id || '--' || n"}, rows("sq_accounts")),
        Copied(
            "sq_users",
            {
                "account_id": owner["account_id"],
                "id": of_user("id"),
                "email": email,
                "created_ms": "created_ms + n",
                "referred_by_codes": sql.json("replace(CAST(referred_by_codes AS TEXT), '\"]', '-' || n || '\"]')"),
                "search": f"lower({email} || '\n' || first_name || ' ' || last_name || '\n' || {of_user('id')})",
            },
            rows("sq_users"),
        ),
        Copied(
            "sq_codes",
            {**owner, "folded": "folded || '-' || n", "code": "code || '-' || n", "link_token": "link_token || n"},
            rows("sq_codes"),
        ),
        Copied("public_links", {"token": "token || n", "subject": "subject || '-' || n"}, rows("public_links")),
        Copied(
            "sq_referrals",
            {
                "id": key("id"),
                "started_ms": "started_ms + n",
                "code_used": "code_used || '-' || n",
                "link_used": "link_used || n",
                **{f"{side}_account_id": f"{side}_account_id || '--' || n" for side in sides},
                **{f"{side}_user_id": of_user(f"{side}_user_id") for side in sides},
                **{f"{side}_reward_id": key(f"{side}_reward_id") for side in sides},
            },
            rows("sq_referrals"),
        ),
        Copied(
            "sq_rewards",
            {**owner, "id": key("id"), "referral_id": key("referral_id"), "created_ms": "created_ms + n"},
            rows("sq_rewards"),
        ),
        Copied(
            "sq_redemptions",
            {name: key(name) for name in ("id", "transaction_id", "reward_id")},
            rows("sq_redemptions"),
        ),
    ]


def loyalty_core_tables(sql: Sql, tenant_id: int) -> list[Copied]:
    """The tables of members and their points."""
    of_tenant = f"tenant_id = {tenant_id}"
    at = "'-' || n || '@'"

    def person(column: str) -> str:
        return f"{column} + n * {SEEDED}"

    def number(column: str) -> str:
        return f"{column} + n * {NUMBERS}"

    named = f"substr('' || (1000000 + {person('member_id')}), 2)"
    card = f"(CAST(substr(card, 6) AS BIGINT) + n * {NUMBERS})"
    slash = sql.position("account", "/")
    wallet = f"CAST(substr(account, {slash} + 2) AS BIGINT) + n * {SEEDED}"
    account = f"CASE WHEN account LIKE 'a%' THEN substr(account, 1, {slash} + 1) || ({wallet}) ELSE account END"
    end = sql.position("transaction_id || '/'", "/")
    transaction = f"CAST(substr(transaction_id, 1, {end} - 1) AS BIGINT)"
    points = f"FROM lc_transactions WHERE {of_tenant} AND account_id < 3 AND id < {NUMBERS}"
    return [
        Copied(
            "lc_members",
            {
                "id": person("id"),
                "wallet_id": person("wallet_id"),
                "loyalty_member_id": f"'HC-' || substr('' || (1000000 + {person('id')}), 2)",
                "public_loyalty_member_id": f"'CARD-' || {card.replace('card', 'public_loyalty_member_id')}",
                "email": f"replace(email, '@', {at})",
                "profile": sql.json(f"replace(CAST(profile AS TEXT), '@', {at})"),
                "created_ms": "created_ms + n",
            },
            f"SELECT * FROM lc_members WHERE {of_tenant}",
        ),
        Copied(
            "lc_member_terms",
            {
                "member_id": person("member_id"),
                "term": f"""CASE WHEN term LIKE '=hc-%' THEN '=hc-' || {named} WHEN term = substr(name, 4) THEN {named}
                    WHEN term = lower('=' || card) THEN '=card-' || {card} WHEN term = substr(card, 6) THEN '' || {card}
                    WHEN term LIKE '=%@%' THEN replace(term, '@', {at}) ELSE term END""",
            },
            f"""SELECT lc_member_terms.*, loyalty_member_id AS name, public_loyalty_member_id AS card FROM lc_member_terms
                JOIN lc_members ON lc_members.{of_tenant} AND lc_members.id = member_id
                WHERE lc_member_terms.{of_tenant}""",
            f"SELECT {tenant_id}, '' || n, {person('id')} FROM base_lc_members CROSS JOIN copies WHERE email IS NOT NULL",
        ),
        Copied("lc_enrolments", {"member_id": person("member_id")}, f"SELECT * FROM lc_enrolments WHERE {of_tenant}"),
        Copied(
            "lc_tier_changes",
            {"id": number("id"), "member_id": person("member_id")},
            f"SELECT * FROM lc_tier_changes WHERE {of_tenant}",
        ),
        Copied(
            "lc_transactions",
            {
                **{name: number(name) for name in ("id", "reverts_id", "set_id")},
                **{name: person(name) for name in ("from_wallet_id", "to_wallet_id")},
                "unique_key": "unique_key || '-' || n",
                "external_id": "CASE WHEN external_id LIKE 'receipt-%' THEN external_id || '-' || n ELSE external_id END",
            },
            f"SELECT * {points}",
        ),
        Copied(
            "lc_transaction_tags",
            {"transaction_id": number("transaction_id")},
            f"SELECT * FROM lc_transaction_tags WHERE {of_tenant} AND account_id < 3",
        ),
        Copied(
            "ledger_entries",
            {
                "transaction_id": f"({transaction} + n * {NUMBERS}) || substr(transaction_id, {end})",
                "account": account,
                "number": number("number"),
            },
            f"""SELECT * FROM ledger_entries WHERE {of_tenant} AND transaction_id NOT LIKE 'supply/%'
                AND {transaction} IN (SELECT id {points})""",
        ),
        Copied(
            "ledger_balances",
            {"account": account},
            f"""SELECT * FROM ledger_balances WHERE {of_tenant}
                AND account LIKE 'a%' AND account NOT LIKE 'a3/%'""",
        ),
    ]


def multiply(storage: Storage, copies: int) -> None:
    """Copy the seeded users `copies` times, and the members so many times that there are two for five users."""
    sql = Sql(is_postgres=storage.engine.dialect.name == "postgresql")
    tenants = dict(_run(storage, "SELECT api, id FROM tenants"))
    parts = [
        *((table, copies) for table in saasquatch_tables(sql, tenants["saasquatch"])),
        *((table, copies * 2 // 5) for table in loyalty_core_tables(sql, tenants["loyalty_core"])),
    ]
    for place, (copied, times) in enumerate(parts, 1):
        with _without_indexes(storage, copied.table):
            for first in range(1, times + 1, SLICE):
                last = min(first + SLICE - 1, times)
                _progress(storage, f"{place}/{len(parts)} {copied.table} {last}/{times}")
                _copy(storage, sql, copied, first, last)
    _progress(storage, "")
    _run(storage, *(f"DROP TABLE IF EXISTS base_{copied.table}" for copied, _ in parts), "DROP TABLE IF EXISTS copies")


def settle(storage: Storage) -> None:
    """Gather the planner's statistics, as a server does on SQLite and as PostgreSQL does by itself after a while."""
    if storage.inline:
        storage.analyze()
        return
    with storage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("RESET statement_timeout")


def counts(storage: Storage) -> dict[str, int]:
    """How many rows the tables have that are spoken of."""
    names = ("sq_users", "sq_referrals", "sq_rewards", "lc_members", "ledger_entries")
    return {name: int(_run(storage, f"SELECT count(*) FROM {name}")[0][0]) for name in names}


def check(storage: Storage) -> None:
    """Raises AssertionError unless entries sum to zero by transaction, and every balance is the sum of its account's
    entries.
    """
    uneven = _run(
        storage,
        "SELECT count(*) FROM (SELECT 1 FROM ledger_entries GROUP BY tenant_id, transaction_id HAVING sum(amount) <> 0) AS uneven",
    )
    wrong = _run(
        storage,
        """SELECT count(*) FROM ledger_balances LEFT JOIN (SELECT tenant_id, account, sum(amount) AS amount FROM ledger_entries
        GROUP BY tenant_id, account) AS sums USING (tenant_id, account) WHERE balance <> coalesce(sums.amount, 0)""",
    )
    assert (uneven[0][0], wrong[0][0]) == (0, 0), (uneven, wrong)


def _copy(storage: Storage, sql: Sql, copied: Copied, first: int, last: int) -> None:
    """Insert the copies with these numbers; the rows of the seed are put aside before the first of them."""
    columns = [column.name for column in Base.metadata.tables[copied.table].columns]
    base, statements = f"base_{copied.table}", []
    if first == 1:
        statements += [f"DROP TABLE IF EXISTS {base}", f"CREATE TABLE {base} AS {copied.rows}"]
    numbers = (
        f"SELECT n FROM generate_series({first}, {last}) AS n"
        if sql.is_postgres
        else f"WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last}) SELECT n FROM series"
    )
    into = f"INSERT INTO {copied.table} ({', '.join(columns)})"
    values = ", ".join(copied.changed.get(name, name) for name in columns)
    statements += [
        "DROP TABLE IF EXISTS copies",
        f"CREATE TABLE copies AS {numbers}",
        f"{into} SELECT {values} FROM {base} CROSS JOIN copies",
    ]
    if copied.more is not None:
        statements.append(f"{into} {copied.more}")
    _run(storage, *statements)


@contextmanager
def _without_indexes(storage: Storage, name: str) -> Iterator[None]:
    """Indexes that are made at the end cost a fifth of what each row adds to them."""
    indexes = Base.metadata.tables[name].indexes
    with _patient(storage) as connection:
        for index in indexes:
            index.drop(connection)
    yield
    with _patient(storage) as connection:
        for index in indexes:
            index.create(connection)


def _run(storage: Storage, *statements: str) -> list[Any]:
    """Run statements in one transaction; the rows of the last."""
    rows: list[Any] = []
    with _patient(storage) as connection:
        cursor = connection.connection.cursor()  # the driver's own takes a % in a statement as it is
        for statement in statements:
            cursor.execute(statement)
            rows = list(cursor.fetchall()) if cursor.description else []
        cursor.close()
    return rows


@contextmanager
def _patient(storage: Storage) -> Iterator[Connection]:
    """A transaction whose statements take as long as they take."""
    with storage.engine.begin() as connection:
        if not storage.inline:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        yield connection


def _progress(storage: Storage, text: str) -> None:
    """One line that is written over, on a terminal."""
    if sys.stderr.isatty():
        print(
            f"\r\x1b[2K{storage.engine.dialect.name}: {text}" if text else "\r\x1b[2K",
            end="",
            file=sys.stderr,
            flush=True,
        )

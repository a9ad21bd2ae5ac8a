"""What stats cost on PostgreSQL, beside the raw SQL of their answers, in an organization with a million events.

`python -m benchmarks.stats postgresql://user@host/database` (an empty database; its tables are dropped afterwards). The
rows are made by the database (`benchmarks/stats_rows.py`), then it is vacuumed and analysed, as PostgreSQL's own daemon
would do.

For each call, with all there is and with a month of it, two ways take turns in each round: the model's function in a
unit of work of its own, and SQL written by hand on the driver, of which the answer could be made. The plans of the
model's statements are looked at too: none may read the log of events but by an index.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from benchmarks.stats_rows import ACCOUNTS, BOOK_TAG, DISCOUNT_TYPE, FROM_MS, MISSION_TAG, TOPIC, fill_all
from models.kernel.base import Base
from models.kernel.clock import DAY_MS, monotonic_s
from models.kernel.connection import LazyConnection
from models.kernel.statements import Statement
from models.loyalty_core import provision
from models.loyalty_core.stats import coupons, events, ledgers, members, missions, surveys
from models.loyalty_core.stats.spans import Span
from models.tenancy.sandboxes import MAIN
from models.uow import UnitOfWork
from troth.database.storage import Storage, import_tables
from troth.runtime import Runtime
from troth.settings import Settings

RESULTS = Path(__file__).parent / "results"
MODEL_TO_SQL = 3.0
ROUND_MS = 20.0
WARM_UP = 3
MONTH = (FROM_MS + 200 * DAY_MS, FROM_MS + 230 * DAY_MS)
_DAY = "created_ms / 86400000"
_KEPT = "tenant_id = %(t)s AND type IN ('assignment', 'use') AND reverted_ms IS NULL"
_AMOUNTS = "sum(amount_assigned) FILTER (WHERE type = 'assignment'), sum(amount_used) FILTER (WHERE type = 'use')"
_COUNTED = "sum(c.amount), sum(c.achieved), sum(c.points), count(DISTINCT c.member_id)"
_TAGGED = "IN (SELECT mission_id FROM lc_mission_tags WHERE tenant_id = %(t)s AND tag = 'stamp')"


def in_span(span: tuple[int, int] | None, column: str = "created_ms") -> str:
    return "" if span is None else f" AND {column} >= {span[0]} AND {column} < {span[1]}"


Call = Callable[[UnitOfWork, Span], Any]
Sql = Callable[[str], str]
"""SQL of a call, for the condition of a span on `created_ms`."""

CALLS: dict[str, tuple[Call, Sql]] = {
    "members/creation": (
        members.member_creation,
        lambda span: f"SELECT {_DAY}, count(*) FROM lc_members WHERE tenant_id = %(t)s{span} GROUP BY 1 ORDER BY 1",
    ),
    "benefits/usages": (
        coupons.usages_by_day,
        lambda span: f"SELECT {_DAY}, {_AMOUNTS} FROM lc_coupon_usages WHERE {_KEPT}{span} GROUP BY 1 ORDER BY 1",
    ),
    "benefits/performance": (
        lambda uow, span: coupons.performance(uow, span, limit=10, by_usage=True),
        lambda span: (
            f"SELECT b.id, b.name, u.given, u.used FROM lc_coupon_books b JOIN (SELECT book_id, {_AMOUNTS.replace('), ', ') given, ', 1)} used "
            f"FROM lc_coupon_usages WHERE {_KEPT}{span} GROUP BY 1) u ON u.book_id = b.id WHERE b.tenant_id = %(t)s ORDER BY 4 DESC, 1 LIMIT 10"
        ),
    ),
    "coupon-books/usages": (
        lambda uow, span: coupons.usages_by_book(uow, span, None),
        lambda span: (
            f"SELECT u.*, b.name FROM lc_coupon_books b JOIN (SELECT {_DAY}, book_id, {_AMOUNTS} FROM lc_coupon_usages "
            f"WHERE {_KEPT}{span} GROUP BY 1, 2) u ON u.book_id = b.id WHERE b.tenant_id = %(t)s ORDER BY 1, 2"
        ),
    ),
    "coupon-books/usages of a tag": (
        lambda uow, span: coupons.usages_by_book(uow, span, BOOK_TAG),
        lambda span: (
            f"SELECT u.*, b.name FROM lc_coupon_books b JOIN (SELECT {_DAY}, book_id, {_AMOUNTS} FROM lc_coupon_usages "
            f"WHERE {_KEPT}{span} AND book_id IN (SELECT book_id FROM lc_coupon_book_labels WHERE tenant_id = %(t)s AND "
            f"kind = 'tag' AND label = '{BOOK_TAG}') GROUP BY 1, 2) u ON u.book_id = b.id WHERE b.tenant_id = %(t)s ORDER BY 1, 2"
        ),
    ),
    "coupon-books/discount-amounts": (
        lambda uow, span: coupons.discounts(uow, span, None),
        lambda span: (
            "SELECT discount_type, count(*), sum(discount) FROM lc_coupon_usages WHERE tenant_id = %(t)s AND type = 'use' "
            f"AND reverted_ms IS NULL AND discount IS NOT NULL{span} GROUP BY 1 ORDER BY 1"
        ),
    ),
    "coupon-books/discount-amounts of a type": (
        lambda uow, span: coupons.discounts(uow, span, DISCOUNT_TYPE),
        lambda span: (
            "SELECT discount_type, count(*), sum(discount) FROM lc_coupon_usages WHERE tenant_id = %(t)s AND type = 'use' "
            f"AND reverted_ms IS NULL AND discount IS NOT NULL AND discount_type = '{DISCOUNT_TYPE}'{span} GROUP BY 1"
        ),
    ),
    "missions/top-members": (
        lambda uow, span: missions.top_members(uow, span, None, limit=10),
        lambda span: (
            "SELECT m.id, m.loyalty_member_id, c.achieved, c.counted FROM (SELECT member_id, sum(achieved) achieved, sum(amount) counted "
            f"FROM lc_mission_counts WHERE tenant_id = %(t)s{span} GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT 10) c "
            "JOIN lc_members m ON m.tenant_id = %(t)s AND m.id = c.member_id ORDER BY 3 DESC, 4 DESC, 1"
        ),
    ),
    "missions/top-members of a tag": (
        lambda uow, span: missions.top_members(uow, span, MISSION_TAG, limit=10),
        lambda span: (
            "SELECT m.id, m.loyalty_member_id, c.achieved, c.counted FROM (SELECT member_id, sum(achieved) achieved, sum(amount) counted "
            f"FROM lc_mission_counts WHERE tenant_id = %(t)s AND mission_id {_TAGGED}{span} GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT 10) c "
            "JOIN lc_members m ON m.tenant_id = %(t)s AND m.id = c.member_id ORDER BY 3 DESC, 4 DESC, 1"
        ),
    ),
    "missions": (
        lambda uow, span: missions.by_mission(uow, span, None),
        lambda span: (
            f"SELECT m.id, m.code, m.name, {_COUNTED} FROM lc_mission_counts c JOIN lc_missions m ON m.tenant_id = c.tenant_id AND "
            f"m.id = c.mission_id WHERE c.tenant_id = %(t)s{span.replace('created_ms', 'c.created_ms')} GROUP BY 1, 2, 3 ORDER BY 1"
        ),
    ),
    "missions/totals": (
        lambda uow, span: missions.totals(uow, span, None),
        lambda span: (
            f"SELECT {_COUNTED}, count(DISTINCT c.mission_id) FROM lc_mission_counts c WHERE tenant_id = %(t)s{span}"
        ),
    ),
    "missions/totals of a tag": (
        lambda uow, span: missions.totals(uow, span, MISSION_TAG),
        lambda span: (
            f"SELECT {_COUNTED}, count(DISTINCT c.mission_id) FROM lc_mission_counts c WHERE tenant_id = %(t)s AND mission_id {_TAGGED}{span}"
        ),
    ),
    "ledger-accounts": (
        lambda uow, span: ledgers.account_totals(uow, ACCOUNTS[0], span),
        lambda span: (
            f"SELECT type, count(*), sum(captured_amount) FROM lc_transactions WHERE tenant_id = %(t)s AND account_id = {ACCOUNTS[0]} "
            f"AND status IN ('posted', 'reverted'){span} GROUP BY 1"
        ),
    ),
    "events of the commonest type": (
        lambda uow, span: events.by_day(uow, "ledger-transaction-created", span),
        lambda span: (
            f"SELECT {_DAY}, count(*) FROM lc_events WHERE tenant_id = %(t)s AND type = 'ledger-transaction-created' AND topic = ''{span} GROUP BY 1 ORDER BY 1"
        ),
    ),
    "events of a rare type": (
        lambda uow, span: events.by_day(uow, "badge-minted", span),
        lambda span: (
            f"SELECT {_DAY}, count(*) FROM lc_events WHERE tenant_id = %(t)s AND type = 'badge-minted' AND topic = ''{span} GROUP BY 1 ORDER BY 1"
        ),
    ),
    "events that were tracked": (
        lambda uow, span: events.by_day(uow, "member-generic-event", span),
        lambda span: (
            f"SELECT {_DAY}, count(*) FROM lc_events WHERE tenant_id = %(t)s AND type = 'member-generic-event'{span} GROUP BY 1 ORDER BY 1"
        ),
    ),
    "events of a code": (
        lambda uow, span: events.by_day(uow, TOPIC, span),
        lambda span: (
            f"SELECT {_DAY}, count(*) FROM lc_events WHERE tenant_id = %(t)s AND type = 'member-generic-event' AND topic = '{TOPIC}'{span} GROUP BY 1 ORDER BY 1"
        ),
    ),
}
WITHOUT_SPAN: dict[str, tuple[Call, Sql]] = {
    "missions/completions": (
        lambda uow, *_: missions.completions(uow, limit=10),
        lambda _: (
            "SELECT m.id, m.loyalty_member_id, c.times FROM (SELECT member_id, sum(times_achieved) times FROM lc_member_missions "
            "WHERE tenant_id = %(t)s AND times_achieved > 0 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10) c "
            "JOIN lc_members m ON m.tenant_id = %(t)s AND m.id = c.member_id ORDER BY 3 DESC, 1"
        ),
    ),
    "loyalty-programs/tiers": (
        lambda uow, *_: members.tiers_of_program(uow, 1),
        lambda _: (
            "SELECT tier_id, count(*) FROM lc_enrolments WHERE tenant_id = %(t)s AND program_id = 1 GROUP BY 1 ORDER BY 1"
        ),
    ),
    "surveys/nps": (
        lambda uow, *_: surveys.net_promoter_score(uow, 1),
        lambda _: (
            "SELECT score, count(*) FROM lc_survey_answers WHERE tenant_id = %(t)s AND survey_id = 1 GROUP BY 1 ORDER BY 1"
        ),
    ),
}


class Ground:
    """A database with one organization full of rows."""

    def __init__(self, url: str) -> None:
        self.url = re.sub(r"^postgresql\+psycopg://", "postgresql://", url)
        self.storage = Storage(re.sub(r"^postgresql://", "postgresql+psycopg://", self.url), pool_size=2)
        import_tables()
        Base.metadata.create_all(self.storage.engine)
        self.runtime = Runtime(Settings(mock=True, database_url=url, fixed_clock=True), self.storage)
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
        self.tenant = made.tenant
        self.connection = psycopg.connect(self.url)
        self.rows = fill_all(self.connection, self.tenant.id)
        self.connection.commit()
        with psycopg.connect(self.url, autocommit=True) as upkeep:
            upkeep.execute("VACUUM ANALYZE")

    def ask(self, call: Call, span: tuple[int, int] | None) -> Any:
        unit = UnitOfWork(
            tenant=self.tenant,
            sandbox=self.runtime.main,
            connection=LazyConnection(self.storage.writing),
            directory=self.runtime.directory,
            public_url="",
            request_number=1,
        )
        with unit.transaction():
            return call(unit, Span() if span is None else Span(*span))

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        found = self.connection.execute(sql, {"t": self.tenant.id}).fetchall()
        self.connection.commit()
        return found

    def plans(self, call: Call, span: tuple[int, int] | None) -> list[dict[str, Any]]:
        """The plans of the statements that a call sends, each node with its parts."""
        sent: list[tuple[str, Any]] = []

        run = LazyConnection._run

        def keep(connection: LazyConnection, statement: Statement, parameters: Any, *rest: Any) -> Any:
            prepared = statement.prepared(connection.dialect)
            sent.append((prepared.text, prepared.arguments(parameters)))
            return run(connection, statement, parameters, *rest)

        with patch.object(LazyConnection, "_run", keep):
            self.ask(call, span)
        found = [
            self.connection.execute("EXPLAIN (FORMAT JSON) " + statement, parameters).fetchone()  # type: ignore[arg-type]
            for statement, parameters in sent
            if statement.lstrip().upper().startswith("SELECT")
        ]
        self.connection.commit()
        return [row[0][0]["Plan"] for row in found if row is not None]

    def close(self) -> None:
        self.connection.close()
        Base.metadata.drop_all(self.storage.engine)
        self.storage.close()


def scans(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """(table, how it is read) of a plan."""
    mine = [(plan["Relation Name"], plan["Node Type"])] if "Relation Name" in plan else []
    return mine + [found for part in plan.get("Plans", ()) for found in scans(part)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("url", help="an empty PostgreSQL database, such as postgresql://postgres@localhost/bench")
    parser.add_argument("--rounds", type=int, default=11)
    given = parser.parse_args()
    ground = Ground(given.url)
    print(", ".join(f"{count:,} {table}" for table, count in ground.rows.items()), file=sys.stderr)
    try:
        found = [
            measure(ground, name, ways, span, given.rounds)
            for span in (None, MONTH)
            for name, ways in (CALLS if span else CALLS | WITHOUT_SPAN).items()
        ]
    finally:
        ground.close()
    return report(found, ground.rows)


def timed_ms(one: Callable[[], Any], times: int) -> float:
    """How long one of so many runs takes."""
    started = monotonic_s()
    for _ in range(times):
        one()
    return (monotonic_s() - started) * 1_000 / times


def measure(
    ground: Ground, name: str, ways: tuple[Call, Sql], span: tuple[int, int] | None, rounds: int
) -> dict[str, Any]:
    call, sql = ways[0], ways[1](in_span(span))
    ways_: dict[str, Callable[[], Any]] = {"model": lambda: ground.ask(call, span), "sql": lambda: ground.run(sql)}
    spent: dict[str, list[float]] = {way: [] for way in ways_}
    for one in ways_.values():
        for _ in range(WARM_UP):
            one()
    # What is quick is done so often in each round that a round can be measured.
    times = max(1, round(ROUND_MS / timed_ms(ways_["sql"], 1)))
    for _ in range(rounds):
        for way, one in ways_.items():
            spent[way].append(timed_ms(one, times))
    read = sorted({pair for plan in ground.plans(call, span) for pair in scans(plan)})
    made = {
        "call": name,
        "span": "all" if span is None else "a month",
        "sql_ms": statistics.median(spent["sql"]),
        "model_ms": statistics.median(spent["model"]),
        "ratio": statistics.median(a / b for a, b in zip(spent["model"], spent["sql"], strict=True)),
        "scans": read,
        "spent": spent,
    }
    print(
        f"  {made['call']}, {made['span']}: {made['sql_ms']:.2f} ms, {made['model_ms']:.2f} ms, {made['ratio']:.2f}  {read}",
        file=sys.stderr,
    )
    return made


def report(found: list[dict[str, Any]], rows: dict[str, int]) -> int:
    """Print and store the medians and ratios; 1 when a target is missed."""
    lines = [
        "| call | span | raw SQL, ms | model, ms | ratio | tables read whole |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in found:
        whole = ", ".join(table for table, how in one["scans"] if how == "Seq Scan") or "none"
        lines.append(
            f"| {one['call']} | {one['span']} | {one['sql_ms']:.2f} | {one['model_ms']:.2f} | {one['ratio']:.2f} | {whole} |"
        )
    lines += ["", ", ".join(f"{count:,} {table}" for table, count in rows.items()) + "."]
    print("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "stats.md").write_text("\n".join(lines) + "\n")
    (RESULTS / "stats.json").write_text(
        json.dumps({"python": platform.python_version(), "rows": rows, "calls": found}, indent=1) + "\n"
    )
    missed = [
        f"{one['call']} ({one['span']}): {one['ratio']:.2f} is more than {MODEL_TO_SQL}"
        for one in found
        if one["ratio"] > MODEL_TO_SQL
    ]
    missed += [
        f"{one['call']} ({one['span']}) reads the log of events whole"
        for one in found
        if ("lc_events", "Seq Scan") in map(tuple, one["scans"])
    ]
    for line in missed:
        print("MISSED", line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

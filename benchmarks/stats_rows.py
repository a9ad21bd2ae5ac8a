"""Rows for the benchmark of stats: a year of an organization, a million events in it, made by the database itself."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import JSON, Boolean, LargeBinary, String, Text

from models.kernel.base import Base
from models.kernel.clock import DAY_MS
from models.loyalty_core.coupons.tables import CouponBook, CouponBookLabel, CouponUsage
from models.loyalty_core.events.built_in import EVENT_TYPES
from models.loyalty_core.events.tables import EventType, LoggedEvent
from models.loyalty_core.ledger.tables import PointAccount, PointTransaction
from models.loyalty_core.members.tables import Enrolment, Member, Tier
from models.loyalty_core.missions.tables import MemberMission, Mission, MissionCount, MissionTag
from models.loyalty_core.organization.tables import Survey, SurveyAnswer

FROM_MS = 1_736_899_200_000
"""2025-01-15, in UTC."""
MEMBERS, EVENTS, USAGES, COUNTS, TRANSACTIONS, ANSWERS = 100_000, 1_000_000, 300_000, 300_000, 400_000, 50_000
BOOKS, MISSIONS, CODES = 200, 50, 20
ACCOUNTS = (1, 2, 3)
BOOK_TAG, MISSION_TAG, DISCOUNT_TYPE, TOPIC = "coffee", "stamp", "fixed", "code-7"
_SPREAD = 7_919
"""A prime: what is at n times this, modulo the number of all, is everywhere but in order."""


def fill_all(connection: psycopg.Connection[Any], tenant_id: int) -> dict[str, int]:
    """Make all rows; how many there are of each kind."""

    def at(count: int) -> str:
        return f"{FROM_MS} + n::bigint * {365 * DAY_MS // count} + n % 997"

    def fill(model: type[Base], count: int, **columns: str) -> None:
        _fill(connection, model, tenant_id, count, columns)

    member = f"1 + n::bigint * {_SPREAD} % {MEMBERS}"
    fill(Member, MEMBERS, id="n", loyalty_member_id="'m' || n", wallet_id="n", created_ms=at(MEMBERS))
    fill(Tier, 5, id="n + 1", program_id="1", tier_key="'tier-' || n", name="'Tier ' || n", tier_order="n")
    fill(Enrolment, MEMBERS, member_id="n", program_id="1", tier_id="CASE WHEN n % 10 = 0 THEN NULL ELSE 1 + n % 6 END")
    # Two in five events are of one type, one in five was tracked; the other types share the rest.
    kinds = ", ".join(f"'{kind}'" for kind in EVENT_TYPES)
    kind = (
        f"CASE WHEN n % 5 < 2 THEN 'ledger-transaction-created' WHEN n % 5 = 2 THEN 'member-generic-event' "
        f"WHEN n % 1000 = 3 THEN 'badge-minted' ELSE (ARRAY[{kinds}])[1 + n % 10] END"
    )
    fill(EventType, CODES, id="n", api_code="'code-' || n", name="'Code ' || n", schema_type="'custom'")
    fill(
        LoggedEvent,
        EVENTS,
        id="n",
        member_id=member,
        type=kind,
        status="'success'",
        created_ms=at(EVENTS),
        topic=f"CASE WHEN n % 5 = 2 THEN 'code-' || (1 + n / 5 % {CODES}) ELSE '' END",
        data="""'{"payload": {"stars": 5, "text": "As good as the last time, and the time before."}}'""",
    )
    fill(CouponBook, BOOKS, id="n", name="'Book ' || n")
    fill(CouponBookLabel, BOOKS // 4, kind="'tag'", label=f"'{BOOK_TAG}'", book_id="n")
    fill(
        CouponUsage,
        USAGES,
        id="n",
        type="CASE WHEN n % 3 = 0 THEN 'use' ELSE 'assignment' END",
        status="'used'",
        book_id=f"1 + n::bigint * {_SPREAD} % {BOOKS}",
        coupon_id="n",
        code="'c' || n",
        member_id=member,
        group_id="n",
        amount_assigned="CASE WHEN n % 3 = 0 THEN 0 ELSE 1 + n % 4 END",
        amount_used="CASE WHEN n % 3 = 0 THEN 1 ELSE n % 2 END",
        discount="CASE WHEN n % 3 = 0 AND n % 7 <> 0 THEN 25000 END",
        discount_type=f"CASE WHEN n % 2 = 0 THEN '{DISCOUNT_TYPE}' END",
        created_ms=at(USAGES),
        reverted_ms=f"CASE WHEN n % 20 = 0 THEN {FROM_MS} END",
    )
    fill(Mission, MISSIONS, id="n", program_id="1", code="'m' || n", mission_key="'m' || n", name="'Mission ' || n")
    fill(MissionTag, MISSIONS // 5, tag=f"'{MISSION_TAG}'", mission_id="n")
    fill(
        MissionCount,
        COUNTS,
        id="n",
        mission_id=f"1 + n::bigint * {_SPREAD} % {MISSIONS}",
        member_id=f"1 + n::bigint * {_SPREAD} % {MEMBERS // 5}",
        amount="1 + n % 3",
        achieved="(n % 4 = 0)::int",
        points="(n % 4 = 0)::int * 50",
        created_ms=at(COUNTS),
    )
    fill(
        MemberMission,
        COUNTS // 3,
        member_id=f"1 + n % {MEMBERS // 5}",
        mission_id=f"1 + n / {MEMBERS // 5}",
        times_achieved="n % 4",
    )
    fill(PointAccount, len(ACCOUNTS) - 1, id="n + 1", ledger_id="1", account_key="'more-' || n", name="'More'")
    fill(
        PointTransaction,
        TRANSACTIONS,
        id="n",
        ledger_id="1",
        account_id=f"1 + n % {len(ACCOUNTS)}",
        amount="1 + n % 90",
        type="(ARRAY['mint', 'burn', 'transfer', 'mint', 'expiry', 'revert'])[1 + n % 6]",
        captured_amount="CASE WHEN n % 25 = 0 THEN NULL ELSE 1 + n % 90 END",
        status="CASE WHEN n % 25 = 0 THEN 'pending' WHEN n % 40 = 1 THEN 'reverted' ELSE 'posted' END",
        capture_method="'auto'",
        created_ms=at(TRANSACTIONS),
    )
    fill(Survey, 1, id="n", name="'Would you recommend us?'")
    fill(SurveyAnswer, ANSWERS, survey_id="1", member_id="n", score="n % 11")
    return {
        "events": EVENTS,
        "members": MEMBERS,
        "coupon usages": USAGES,
        "mission counts": COUNTS,
        "transactions": TRANSACTIONS,
        "answers of a survey": ANSWERS,
    }


def _fill(
    connection: psycopg.Connection[Any], model: type[Base], tenant_id: int, count: int, columns: dict[str, str]
) -> None:
    """Rows number 1 to `count` of a table; `columns` are SQL of the number `n`, what is left out is empty."""
    table = model.__table__
    values = {
        column.name: columns.get(column.name, "NULL" if column.nullable else _empty(column.type))
        for column in table.columns
    } | {"tenant_id": str(tenant_id)}
    connection.execute(  # type: ignore[call-overload]
        f"INSERT INTO {table.name} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM generate_series(1, {count}) n"
    )


def _empty(kind: Any) -> str:
    if isinstance(kind, JSON):
        return "'[]'"
    if isinstance(kind, Boolean):
        return "true"
    return "''" if isinstance(kind, String | Text | LargeBinary) else "0"

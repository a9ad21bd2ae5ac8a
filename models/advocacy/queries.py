"""Statements of the advocacy API."""

from functools import cache
from typing import TypeVar, TypeVarTuple

from sqlalchemy import Select, SQLColumnExpression, and_, bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from models.advocacy.tables import (
    Advocate,
    AdvocateSession,
    Board,
    Completion,
    Conversion,
    Idea,
    Mapping,
    Quest,
    Redemption,
    ReferralClick,
    ReferralCode,
    Reward,
    Task,
    Testimonial,
    UsedSignature,
)
from models.kernel.base import Base
from models.kernel.lists import among
from models.kernel.statements import LIKE_ESCAPE, TENANT, Change, Insertion, Query
from models.ledger import LedgerBalance
from models.outbox.outbox import Event
from models.tenancy.tenants import TenantRow

Row = TypeVar("Row", bound=Base)
Ts = TypeVarTuple("Ts")
Order = tuple[SQLColumnExpression[object], ...]


def _column(table: type[Base], name: str) -> InstrumentedAttribute[object]:
    """A column that a table has, which the base of all tables does not say."""
    column: InstrumentedAttribute[object] = getattr(table, name)
    return column


def _by_id(table: type[Row]) -> Query[Row]:
    """The row with an id."""
    return Query(select(table).where(_column(table, "tenant_id") == TENANT, _column(table, "id") == bindparam("id")))


def _newest(table: type[Base], key: SQLColumnExpression[object] | None = None) -> Order:
    """The order from the newest row to the oldest."""
    return _column(table, "created_ms").desc(), (_column(table, "id") if key is None else key).desc()


def _matching(statement: Select[*Ts], table: type[Base], filters: frozenset[str]) -> Select[*Ts]:
    """The rows of a table in which these columns have the value of the parameter of their name."""
    statement = statement.where(_column(table, "tenant_id") == TENANT)
    for name in sorted(filters):
        statement = statement.where(_column(table, name) == bindparam(name))
    return statement


@cache
def count_of(table: type[Base], filters: frozenset[str]) -> Query[int]:
    """How many rows of a table meet these filters."""
    return Query(_matching(select(func.count()).select_from(table), table, filters))


@cache
def list_of(table: type[Row], filters: frozenset[str], order: Order = (), *, pages: bool = False) -> Query[Row]:
    """The rows of a table that meet these filters, newest first or in an order; with `pages` one page of them."""
    statement = _matching(select(table), table, filters).order_by(*(order or _newest(table)))
    return Query(statement.limit(bindparam("limit")).offset(bindparam("offset")) if pages else statement)


# Advocates

ADVOCATE = _by_id(Advocate)
BALANCE_OF_ADVOCATE = Query(
    select(LedgerBalance)
    .select_from(Advocate)
    .join(
        LedgerBalance,
        and_(LedgerBalance.tenant_id == Advocate.tenant_id, LedgerBalance.account == bindparam("account")),
    )
    .where(Advocate.tenant_id == TENANT, Advocate.id == bindparam("id"))
)
"""The balance of an advocate; PostgreSQL locks the rows of both in the order of FROM."""
ADVOCATES_BY_EMAIL = Query(
    select(Advocate.email, Advocate.id).where(Advocate.tenant_id == TENANT, among(Advocate.email, "emails"))
)
INSERT_ADVOCATE = Insertion(Advocate, or_ignore=True)
UPDATE_ADVOCATE = Change(
    update(Advocate)
    .where(Advocate.tenant_id == TENANT, Advocate.id == bindparam("advocate"))
    .values({name: bindparam(f"new_{name}") for name in ("name", "tier", "details", "search", "updated_ms")})
)


@cache
def page_of_advocates(*, searches: bool, of_tier: bool) -> Query[Advocate]:
    """A page of advocates, newest first, of those who match."""
    return Query(
        _advocates(select(Advocate), searches, of_tier)
        .order_by(*_newest(Advocate))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@cache
def count_of_advocates(*, searches: bool, of_tier: bool) -> Query[int]:
    """How many advocates match."""
    return Query(_advocates(select(func.count()).select_from(Advocate), searches, of_tier))


def _advocates(statement: Select[*Ts], searches: bool, of_tier: bool) -> Select[*Ts]:
    statement = statement.where(Advocate.tenant_id == TENANT)
    if of_tier:
        statement = statement.where(Advocate.tier == bindparam("tier"))
    if searches:
        statement = statement.where(Advocate.search.like(bindparam("pattern"), escape=LIKE_ESCAPE))
    return statement


# Referral codes

CODE = Query(select(ReferralCode).where(ReferralCode.tenant_id == TENANT, ReferralCode.code == bindparam("code")))
CODES = Query(
    select(ReferralCode).where(ReferralCode.tenant_id == TENANT).order_by(*_newest(ReferralCode, ReferralCode.code))
)
INSERT_CODE = Insertion(ReferralCode)
SET_FIGURES = Change(
    update(ReferralCode)
    .where(ReferralCode.tenant_id == TENANT, ReferralCode.code == bindparam("of_code"))
    .values({name: bindparam(name) for name in ("clicks", "conversions", "revenue_minor")})
)
INSERT_CLICK = Insertion(ReferralClick, or_ignore=True)
CONVERSION_OF_ORDER = Query(
    select(Conversion).where(Conversion.tenant_id == TENANT, Conversion.order_id == bindparam("order_id"))
)
INSERT_CONVERSION = Insertion(Conversion, or_ignore=True)

# Rewards

REWARD = _by_id(Reward)
INSERT_REWARD = Insertion(Reward)
TAKE_REWARD = Change(
    update(Reward)
    .where(Reward.tenant_id == TENANT, Reward.id == bindparam("reward"))
    .values({name: bindparam(name) for name in ("stock", "redemption_count", "updated_ms")})
)
INSERT_REDEMPTION = Insertion(Redemption)

# Quests

QUEST = _by_id(Quest)
INSERT_QUEST, INSERT_TASK, INSERT_COMPLETION = Insertion(Quest), Insertion(Task), Insertion(Completion)
TASK = _by_id(Task)
TASKS_OF_QUEST = Query(
    select(Task).where(Task.tenant_id == TENANT, Task.quest_id == bindparam("quest_id")).order_by(Task.place)
)
COMPLETION = Query(
    select(Completion).where(
        Completion.tenant_id == TENANT,
        Completion.advocate_id == bindparam("advocate_id"),
        Completion.task_id == bindparam("task_id"),
    )
)
COUNT_COMPLETIONS = Query(
    select(func.count())
    .select_from(Completion)
    .where(
        Completion.tenant_id == TENANT,
        Completion.advocate_id == bindparam("advocate_id"),
        Completion.quest_id == bindparam("quest_id"),
    )
)

# Testimonials and feedback

TESTIMONIAL = _by_id(Testimonial)
TESTIMONIALS_OF = Query(
    select(Testimonial.author_name, Testimonial.content).where(
        Testimonial.tenant_id == TENANT, among(Testimonial.author_name, "names")
    )
)
INSERT_TESTIMONIAL = Insertion(Testimonial)
REVIEW_TESTIMONIAL = Change(
    update(Testimonial)
    .where(Testimonial.tenant_id == TENANT, Testimonial.id == bindparam("testimonial"))
    .values(status=bindparam("new_status"), reviewed_ms=bindparam("at_ms"), updated_ms=bindparam("at_ms"))
)
BOARD = _by_id(Board)
BOARDS = Query(select(Board).where(Board.tenant_id == TENANT).order_by(Board.created_ms, Board.id))
BOARD_NAMED = Query(
    select(Board).where(Board.tenant_id == TENANT, Board.name == bindparam("name")).order_by(Board.created_ms, Board.id)
)
INSERT_BOARD = Insertion(Board)
COUNT_IDEAS = Change(
    update(Board)
    .where(Board.tenant_id == TENANT, Board.id == bindparam("board"))
    .values(idea_count=bindparam("idea_count"))
)
IDEA = _by_id(Idea)
IDEA_TITLES = Query(
    select(Idea.title).where(
        Idea.tenant_id == TENANT, Idea.board_id == bindparam("board_id"), among(Idea.title, "titles")
    )
)
INSERT_IDEA = Insertion(Idea)
MOVE_IDEA = Change(
    update(Idea)
    .where(Idea.tenant_id == TENANT, Idea.id == bindparam("idea"))
    .values(status=bindparam("new_status"), updated_ms=bindparam("at_ms"))
)
TENANT_ROW = Query(select(TenantRow).where(TenantRow.id == TENANT))
"""The tenant itself, whose lock serialises loads of content."""
EVENT_ID = Query(select(Event.id).where(Event.tenant_id == TENANT, Event.id == bindparam("id")))

# Single sign-on

USED_SIGNATURE = Query(
    select(UsedSignature.signature).where(
        UsedSignature.tenant_id == TENANT, UsedSignature.signature == bindparam("signature")
    )
)
INSERT_SIGNATURE, INSERT_SESSION = Insertion(UsedSignature), Insertion(AdvocateSession)
MAPPING_OF = Query(
    select(Mapping).where(Mapping.tenant_id == TENANT, Mapping.external_customer_id == bindparam("customer"))
)
INSERT_MAPPING = Insertion(Mapping)

"""Statements of exports: pages of what is reported, and what belongs to the rows of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, SQLColumnExpression, bindparam, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.base import Base
from models.kernel.lists import among_keys
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.saasquatch.tables import Export, Referral, Reward, User

Source = type[Base] | FromClause
"""A table, or a table with what is joined to it."""
Model = TypeVar("Model", bound=Base)
Model_co = TypeVar("Model_co", bound=Base, covariant=True)

EXPORT = Query(select(Export).where(Export.tenant_id == TENANT, Export.id == bindparam("id")))
COUNT_EXPORTS = Query(select(func.count()).select_from(Export).where(Export.tenant_id == TENANT))
EXPORTS = Query(
    select(Export)
    .where(Export.tenant_id == TENANT)
    .order_by(Export.created_ms.desc(), Export.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
INSERT_EXPORT = Insertion(Export)
END_EXPORT = Change(
    update(Export)
    .where(Export.tenant_id == TENANT, Export.id == bindparam("export"))
    .values({name: bindparam(name) for name in ("status", "completed_ms", "expires_ms")})
)


# Pages


@dataclass(frozen=True, eq=False)
class Listing(Generic[Model_co]):
    """Rows that are read a page at a time.

    `order` are columns without null that are unique together and have an index.
    """

    model: type[Model_co]
    order: tuple[InstrumentedAttribute[object], ...]
    created: SQLColumnExpression[int]
    updated: SQLColumnExpression[int] | None = None
    """The columns that the dates of the parameters are compared with; without `updated` only those of the creation
    count.
    """

    @property
    def of_tenant(self) -> ColumnElement[bool]:
        """The condition that a row is the tenant's."""
        return self.model.tenant_id == TENANT  # type: ignore[attr-defined,no-any-return]  # of every tenant's table

    def conditions(self, dates: Mapping[str, int]) -> dict[str, int]:
        """The dates that count here."""
        kinds = ("created",) if self.updated is None else ("created", "updated", "createdOrUpdated")
        names = {f"{kind}{end}" for kind in kinds for end in ("Since", "Before")}
        return {name: at_ms for name, at_ms in dates.items() if name in names}


USERS = Listing(User, (User.created_ms, User.account_id, User.id), User.created_ms, User.modified_ms)
USERS_BY_CREATION = Listing(User, USERS.order, User.created_ms)
REFERRALS = Listing(Referral, (Referral.started_ms, Referral.id), Referral.started_ms, Referral.modified_ms)
REWARDS = Listing(Reward, (Reward.created_ms, Reward.id), Reward.created_ms)
REWARDS_OF_USER = Listing(Reward, (Reward.type, Reward.unit, Reward.created_ms, Reward.id), Reward.created_ms)


@cache
def page_of(
    listing: Listing[Model], conditions: frozenset[str], *, continues: bool, only: tuple[str, ...] = ()
) -> Query[Model]:
    """A page of a listing that meets these conditions: the first, or with `continues` the one after the row of
    `after0`, `after1`, ...

    With `only` its rows have just these columns, and those of the order.
    """
    columns = dict.fromkeys([*(column.key for column in listing.order), *only])
    selected = [getattr(listing.model, name) for name in columns] if only else [listing.model]
    statement = select(*selected).where(listing.of_tenant)
    for name in sorted(conditions):
        statement = statement.where(condition_of(listing, name))
    if continues:
        last = (bindparam(f"after{place}", type_=column.type) for place, column in enumerate(listing.order))
        statement = statement.where(tuple_(*listing.order) > tuple_(*last))
    return Query(statement.order_by(*listing.order).limit(bindparam("limit")))


def condition_of(listing: Listing[Base], name: str) -> ColumnElement[bool]:
    """The condition of a date, of the latest creation, or of the value of a column."""
    kind = name.removesuffix("Since").removesuffix("Before")
    dates: dict[str, list[SQLColumnExpression[int] | None]] = {
        "created": [listing.created],
        "updated": [listing.updated],
        "createdOrUpdated": [listing.created, listing.updated],
    }
    columns = [column for column in dates.get(kind, ()) if column is not None]
    if name == "until_ms":
        condition: ColumnElement[bool] = listing.created <= bindparam(name)
    elif not columns:
        condition = getattr(listing.model, name) == bindparam(name)
    elif name.endswith("Since"):
        condition = or_(*(column >= bindparam(name) for column in columns))
    else:
        condition = or_(*(column < bindparam(name) for column in columns))
    return condition


# What belongs to a page


COUNT_REWARDS = Query(
    select(Reward.account_id, Reward.user_id, func.count().label("total"))
    .where(Reward.tenant_id == TENANT, among_keys((Reward.account_id, Reward.user_id), "keys"))
    .group_by(Reward.account_id, Reward.user_id)
)
REWARDS_OF_USERS = Query(
    select(Reward).where(Reward.tenant_id == TENANT, among_keys((Reward.account_id, Reward.user_id), "keys"))
)

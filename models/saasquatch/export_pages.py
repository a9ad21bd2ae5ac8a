"""Reading a tenant's rows a page at a time, and what belongs to a page in one query each."""

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from models.base import Base
from models.saasquatch.tables import Code, User
from models.uow import UnitOfWork

PAGE_ROWS = 500

Model = TypeVar("Model", bound=Base)
Key = tuple[str, str]
"""A user: account and id."""


def pages(
    uow: UnitOfWork, statement: Select[Model], order: Collection[InstrumentedAttribute[Any]],
) -> Iterator[list[Model]]:
    """All rows of a statement in pages. `order` are columns without null that are unique together and have an index."""
    after: tuple[Any, ...] | None = None
    while True:
        rest = statement if after is None else statement.where(tuple_(*order) > tuple_(*after))
        page = list(uow.session.scalars(rest.order_by(*order).limit(PAGE_ROWS)))
        if page:
            yield page
        if len(page) < PAGE_ROWS:
            return
        after = tuple(getattr(page[-1], column.key) for column in order)


def among(
    account: InstrumentedAttribute[Any], user: InstrumentedAttribute[Any], keys: Collection[Key],
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a row is of one of the users.

    The accounts by themselves lead to the index: SQLite finds none for a list of pairs.
    """
    return account.in_({account_id for account_id, _ in keys}), tuple_(account, user).in_(sorted(keys))


def users_of(uow: UnitOfWork, keys: Collection[Key]) -> dict[Key, User]:
    """Users by account and id."""
    if not keys:
        return {}
    found = uow.session.scalars(uow.scoped(User).where(*among(User.account_id, User.id, keys)))
    return {(user.account_id, user.id): user for user in found}


def codes_of(uow: UnitOfWork, keys: Collection[Key]) -> dict[tuple[str, str, str], Code]:
    """Primary codes by account, user and program."""
    if not keys:
        return {}
    found = uow.session.scalars(
        uow.scoped(Code).where(*among(Code.account_id, Code.user_id, keys), Code.is_primary.is_(True))
    )
    return {(code.account_id, code.user_id, code.program_id): code for code in found}

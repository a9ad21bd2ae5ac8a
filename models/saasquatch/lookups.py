"""Rows that belong to a page of others, read for all of them together."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from models.saasquatch.tables import Code, User
from models.uow import UnitOfWork

Item = TypeVar("Item", str, tuple[str, str])
Key = tuple[str, str]
"""A user: account and id."""

ListedUser = Row[*tuple[Any, ...]]
"""What lists show of a user, under the names of the columns: a page of these takes half as long to read as one of whole rows."""

ListedCode = Row[*tuple[Any, ...]]
"""What lists show of a code, and what its links are made of."""

LISTED = (
    User.account_id,
    User.id,
    User.first_name,
    User.last_name,
    User.email,
    User.image_url,
    User.cookie_id,
    User.locale,
    User.country_code,
    User.payment_provider_id,
    User.referral_source,
    User.first_seen_ip,
    User.last_seen_ip,
    User.created_ms,
    User.blocked_ms,
)

TOGETHER = 500
"""Keys in one statement. Databases limit the parameters of a statement, and each key takes three."""


def among(
    account: InstrumentedAttribute[Any], user: InstrumentedAttribute[Any], keys: Collection[Key]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a row is of one of the users.

    The accounts by themselves lead to the index: SQLite finds none for a list of pairs.
    """
    return account.in_({account_id for account_id, _ in keys}), tuple_(account, user).in_(sorted(keys))


def users_of(uow: UnitOfWork, keys: Collection[Key]) -> dict[Key, ListedUser]:
    """Users by account and id, as lists show them."""
    found: dict[Key, ListedUser] = {}
    for some in slices(keys):
        rows = uow.session.execute(
            uow.scoped(User).with_only_columns(*LISTED).where(*among(User.account_id, User.id, some))
        )
        found.update({(user.account_id, user.id): user for user in rows})
    return found


def codes_of(uow: UnitOfWork, keys: Collection[Key]) -> dict[tuple[str, str, str], ListedCode]:
    """Primary codes by account, user and program, with what links are made of."""
    columns = (Code.account_id, Code.user_id, Code.program_id, Code.code, Code.vanity_url, Code.link_token)
    found: dict[tuple[str, str, str], ListedCode] = {}
    for some in slices(keys):
        rows = uow.session.execute(
            uow.scoped(Code)
            .with_only_columns(*columns)
            .where(*among(Code.account_id, Code.user_id, some), Code.is_primary.is_(True))
        )
        found.update({(code.account_id, code.user_id, code.program_id): code for code in rows})
    return found


def slices(keys: Iterable[Item]) -> Iterator[list[Item]]:
    """Keys in lists of as many as one statement takes, each key once, sorted: a page's statements repeat from run to run."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), TOGETHER):
        yield ordered[start : start + TOGETHER]

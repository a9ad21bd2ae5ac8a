"""Statements on users."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select, update

from models.kernel.statements import LIKE_ESCAPE, TENANT, Change, Insertion, Query
from models.saasquatch.queries import LISTED, ListedUser
from models.saasquatch.tables import DoNotTrackMark, User

USERS_OF_ACCOUNT = Query(select(User).where(User.tenant_id == TENANT, User.account_id == bindparam("account_id")))
COUNT_OF_ACCOUNT = Query(
    select(func.count()).select_from(User).where(User.tenant_id == TENANT, User.account_id == bindparam("account_id"))
)
MARK = Query(
    select(DoNotTrackMark.digest).where(
        DoNotTrackMark.tenant_id == TENANT, DoNotTrackMark.digest == bindparam("digest")
    )
)
INSERT_USER = Insertion(User)
INSERT_MARK = Insertion(DoNotTrackMark, or_ignore=True)

WRITTEN_BY_UPSERT = (
    "first_name",
    "last_name",
    "email",
    "image_url",
    "locale",
    "country_code",
    "payment_provider_id",
    "referable",
    "first_seen_ip",
    "last_seen_ip",
    "first_seen_agent",
    "last_seen_agent",
    "us_tax_form_ms",
    "modified_ms",
    "custom_fields",
    "segments",
    "search",
)
UPDATE_USER = Change(
    update(User)
    .where(User.tenant_id == TENANT, User.account_id == bindparam("of_account"), User.id == bindparam("of_user"))
    .values({name: bindparam(name) for name in WRITTEN_BY_UPSERT})
)


@cache
def page_of_users(*, searches: bool) -> Query[ListedUser]:
    """A page of users, oldest first; with `searches` those who have the text `pattern` in e-mail, name or id."""
    return Query(
        _matching(select(*LISTED), searches)
        .order_by(User.created_ms, User.account_id, User.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset")),
        ListedUser,
    )


@cache
def count_of_users(*, searches: bool) -> Query[int]:
    """How many users there are, or match."""
    return Query(_matching(select(func.count()).select_from(User), searches))


def _matching(statement: Any, searches: bool) -> Any:
    statement = statement.where(User.tenant_id == TENANT)
    return statement.where(User.search.like(bindparam("pattern"), escape=LIKE_ESCAPE)) if searches else statement

"""Statements that more than one part of the SaaSquatch API uses, and those on programs and subscriptions."""

from typing import NamedTuple

from sqlalchemy import Nullable, and_, bindparam, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.lists import among, among_keys
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.saasquatch.tables import Account, Code, Program, Subscription, User

Key = tuple[str, str]
"""A user: account and id."""


class ListedUser(NamedTuple):
    """What lists show of a user: a page of these takes half as long to read as one of whole rows."""

    account_id: str
    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    image_url: str
    cookie_id: str | None
    locale: str | None
    country_code: str | None
    payment_provider_id: str | None
    referral_source: str
    first_seen_ip: str | None
    last_seen_ip: str | None
    created_ms: int
    blocked_ms: int | None


class ListedCode(NamedTuple):
    """What lists show of a code, and what its links are made of."""

    account_id: str
    user_id: str
    program_id: str
    code: str
    vanity_url: str | None
    link_token: str


LISTED: list[InstrumentedAttribute[object]] = [getattr(User, name) for name in ListedUser._fields]

PROGRAMS = Query(select(Program).where(Program.tenant_id == TENANT).order_by(Program.position, Program.id))
INSERT_PROGRAM = Insertion(Program)
CHANGE_PROGRAM = Change(
    update(Program)
    .where(Program.tenant_id == TENANT, Program.id == bindparam("program"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "name",
                "landing_url",
                "conversion_event",
                "referrer_reward",
                "referred_reward",
                "reward_limit",
            )
        }
    )
)
SUBSCRIPTIONS = Query(
    select(Subscription).where(Subscription.tenant_id == TENANT).order_by(Subscription.created_ms, Subscription.digest)
)
SUBSCRIPTION = Query(
    select(Subscription).where(Subscription.tenant_id == TENANT, Subscription.digest == bindparam("digest"))
)
COUNT_SUBSCRIPTIONS = Query(select(func.count()).select_from(Subscription).where(Subscription.tenant_id == TENANT))
INSERT_SUBSCRIPTION = Insertion(Subscription)
CHANGE_SUBSCRIPTION = Change(
    update(Subscription)
    .where(Subscription.tenant_id == TENANT, Subscription.digest == bindparam("subscription"))
    .values(name=bindparam("new_name"), types=bindparam("new_types"))
)
DELETE_SUBSCRIPTION = Change(
    delete(Subscription).where(Subscription.tenant_id == TENANT, Subscription.digest == bindparam("subscription"))
)
ACCOUNTS = Query(
    select(Account).where(Account.tenant_id == TENANT, among(Account.id, "account_ids")).order_by(Account.id)
)
ACCOUNT = Query(select(Account).where(Account.tenant_id == TENANT, Account.id == bindparam("account_id")))
USER = Query(
    select(User).where(
        User.tenant_id == TENANT, User.account_id == bindparam("account_id"), User.id == bindparam("user_id")
    )
)
_PRIMARY_CODE = and_(
    Code.tenant_id == User.tenant_id,
    Code.account_id == User.account_id,
    Code.user_id == User.id,
    Code.is_primary.is_(True),
)
USER_WITH_CODES = Query(
    select(User, Nullable(Code))
    .outerjoin(Code, _PRIMARY_CODE)
    .where(User.tenant_id == TENANT, User.account_id == bindparam("account_id"), User.id == bindparam("user_id"))
)
"""A user with each of the primary codes, or with None."""
USERS = Query(
    select(*LISTED).where(User.tenant_id == TENANT, among_keys((User.account_id, User.id), "keys")), ListedUser
)
PRIMARY_CODES = Query(
    select(Code.account_id, Code.user_id, Code.program_id, Code.code, Code.vanity_url, Code.link_token).where(
        Code.tenant_id == TENANT, among_keys((Code.account_id, Code.user_id), "keys"), Code.is_primary.is_(True)
    ),
    ListedCode,
)
"""The primary codes of users."""

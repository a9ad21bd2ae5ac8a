"""Statements on users."""

from functools import cache

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, func, select, tuple_, update

from models.kernel.statements import TENANT, Change, Insertion, Query
from models.links import PublicLink
from models.saasquatch.queries import LISTED, ListedUser
from models.saasquatch.tables import Account, Code, DoNotTrackMark, IdempotencyKey, Redemption, Reward, User, UserEvent

IDS_OF_ACCOUNT = Query(select(User.id).where(User.tenant_id == TENANT, User.account_id == bindparam("account_id")))
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
SET_BLOCKED = Change(
    update(User)
    .where(User.tenant_id == TENANT, User.account_id == bindparam("of_account"), User.id == bindparam("of_user"))
    .values(blocked_ms=bindparam("blocked_ms"), modified_ms=bindparam("modified_ms"))
)

# Events

INSERT_EVENT = Insertion(UserEvent)
SET_CUSTOM_FIELDS = Change(
    update(User)
    .where(User.tenant_id == TENANT, User.account_id == bindparam("of_account"), User.id == bindparam("of_user"))
    .values(custom_fields=bindparam("custom_fields"), modified_ms=bindparam("modified_ms"))
)
KEY = Query(
    select(IdempotencyKey).where(IdempotencyKey.tenant_id == TENANT, IdempotencyKey.key == bindparam("idempotency_key"))
)
INSERT_KEY = Insertion(IdempotencyKey)
RENEW_KEY = Change(
    update(IdempotencyKey)
    .where(IdempotencyKey.tenant_id == TENANT, IdempotencyKey.key == bindparam("idempotency_key"))
    .values(received_ms=bindparam("received_ms"))
)

# Deletion


def _belongs(table: type[Reward | Code | UserEvent], of_user: bool) -> list[ColumnElement[bool]]:
    """The conditions of the rows of an account, or of one of its users."""
    conditions: list[ColumnElement[bool]] = [table.account_id == bindparam("account_id")]
    return [*conditions, table.user_id == bindparam("user_id")] if of_user else conditions


@cache
def reward_ids(*, of_user: bool) -> Query[str]:
    """The ids of the rewards of an account, or of one of its users."""
    return Query(select(Reward.id).where(Reward.tenant_id == TENANT, *_belongs(Reward, of_user)))


@cache
def erasure(*, of_user: bool) -> tuple[Change, ...]:
    """What deletes the users of an account, or one of them, with what belongs to them, in this order.

    The links of their codes stay: they lead to the program's page, and count for nobody.
    """
    codes = select(Code.folded).where(Code.tenant_id == TENANT, *_belongs(Code, of_user))
    rewards = select(Reward.id).where(Reward.tenant_id == TENANT, *_belongs(Reward, of_user))
    links = update(PublicLink).where(
        PublicLink.tenant_id == TENANT, PublicLink.kind == bindparam("kind"), PublicLink.subject.in_(codes)
    )
    users = [User.tenant_id == TENANT, User.account_id == bindparam("account_id")]
    return (
        Change(links.values(subject=None)),
        Change(delete(Redemption).where(Redemption.tenant_id == TENANT, Redemption.reward_id.in_(rewards))),
        *(
            Change(delete(table).where(table.tenant_id == TENANT, *_belongs(table, of_user)))
            for table in (Reward, Code, UserEvent)
        ),
        Change(delete(User).where(*users, *([User.id == bindparam("user_id")] if of_user else []))),
    )


DELETE_ACCOUNT = Change(delete(Account).where(Account.tenant_id == TENANT, Account.id == bindparam("account_id")))


_OLDEST_FIRST = (User.created_ms, User.account_id, User.id)


@cache
def page_of_users(*, deep: bool) -> Query[ListedUser]:
    """A page of users, oldest first. A `deep` one chooses its keys in an index before it reads rows."""
    limit: BindParameter[int] = bindparam("limit")
    offset: BindParameter[int] = bindparam("offset")
    if not deep:
        page = select(*LISTED).where(User.tenant_id == TENANT).order_by(*_OLDEST_FIRST).limit(limit).offset(offset)
        return Query(page, ListedUser)
    keys = select(User.account_id, User.id).where(User.tenant_id == TENANT).order_by(*_OLDEST_FIRST)
    chosen = tuple_(User.account_id, User.id).in_(keys.limit(limit).offset(offset).correlate(None))
    return Query(select(*LISTED).where(User.tenant_id == TENANT, chosen).order_by(*_OLDEST_FIRST), ListedUser)

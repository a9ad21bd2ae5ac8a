"""Statements on referrals, and on what their rules count."""

from functools import cache
from typing import TypeVarTuple

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select, update

from models.kernel.lists import among, among_keys
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.saasquatch.tables import Referral, Reward, User

Ts = TypeVarTuple("Ts")

EQUAL = {
    "referring_account_id": Referral.referrer_account_id,
    "referring_user_id": Referral.referrer_user_id,
    "referred_account_id": Referral.referred_account_id,
    "referred_user_id": Referral.referred_user_id,
    "referrer_moderation_status": Referral.referrer_status,
    "referred_moderation_status": Referral.referred_status,
}
"""Filters that compare a column with a value."""

RANGES = {
    "date_referral_started": Referral.started_ms,
    "date_referral_paid": Referral.converted_ms,
    "date_referral_ended": Referral.ended_ms,
}
"""Filters that compare a column with two values: `NAME_from` and `NAME_to`, both included."""

REFERRAL = Query(select(Referral).where(Referral.tenant_id == TENANT, Referral.id == bindparam("id")))
REFERRAL_OF_ACCOUNT = Query(
    select(Referral).where(Referral.tenant_id == TENANT, Referral.referred_account_id == bindparam("account_id"))
)
EARNED = Query(
    select(func.count())
    .select_from(Reward)
    .where(
        Reward.tenant_id == TENANT,
        Reward.account_id == bindparam("account_id"),
        Reward.user_id == bindparam("user_id"),
        Reward.program_id == bindparam("program_id"),
        Reward.source == bindparam("source"),
    )
)
"""How many rewards of a program a user has."""

SET_REFERRED = Change(
    update(User)
    .where(User.tenant_id == TENANT, User.account_id == bindparam("of_account"), User.id == bindparam("of_user"))
    .values(
        referred_by_codes=bindparam("referred_by_codes"),
        modified_ms=bindparam("modified_ms"),
        referral_source="REFERRAL",
    )
)

_OF_REFERRER = [
    Referral.tenant_id == TENANT,
    Referral.referrer_account_id == bindparam("account_id"),
    Referral.referrer_user_id == bindparam("user_id"),
    Referral.started_ms > bindparam("since_ms"),
]
REFERRALS_SINCE = Query(select(Referral).where(*_OF_REFERRER))
"""The referrals that a referrer has made after a time."""
COUNT_SINCE = Query(select(func.count()).select_from(Referral).where(*_OF_REFERRER))
REWARDS_SINCE = Query(
    select(func.count())
    .select_from(Reward)
    .where(
        Reward.tenant_id == TENANT,
        Reward.account_id == bindparam("account_id"),
        Reward.user_id == bindparam("user_id"),
        Reward.source == bindparam("source"),
        or_(Reward.created_ms > bindparam("since_ms"), Reward.given_ms > bindparam("since_ms")),
    )
)
"""How many rewards of a source a user got after a time: they were made then, or became available."""
REFERRALS_OF_USERS = Query(
    select(Referral).where(
        Referral.tenant_id == TENANT,
        or_(
            (Referral.referrer_account_id == bindparam("account_id")) & among(Referral.referrer_user_id, "user_ids"),
            (Referral.referred_account_id == bindparam("account_id")) & among(Referral.referred_user_id, "user_ids"),
        ),
    )
)
"""The referrals of which users of an account are either side."""
CODES_OF_REFERRED = Query(
    select(User.account_id, User.id, User.referred_by_codes).where(
        User.tenant_id == TENANT, among_keys((User.account_id, User.id), "keys")
    )
)
"""The codes that users were referred by."""

INSERT_REFERRAL = Insertion(Referral)
FLAG_REFERRAL = Change(
    update(Referral)
    .where(Referral.tenant_id == TENANT, Referral.id == bindparam("referral_id"))
    .values(
        {
            name: bindparam(name)
            for name in ("fraud_signals", "referrer_status", "referred_status", "moderated_ms", "modified_ms")
        }
    )
)
CHANGE_REFERRAL = Change(
    update(Referral)
    .where(Referral.tenant_id == TENANT, Referral.id == bindparam("referral_id"))
    .values(
        referrer_status=bindparam("new_referrer_status"),
        referred_status=bindparam("new_referred_status"),
        **{
            name: bindparam(name)
            for name in ("converted_ms", "modified_ms", "moderated_ms", "referrer_reward_id", "referred_reward_id")
        },
    )
)
"""What conversion and moderation change."""
FORGET_IN_REFERRAL = Change(
    update(Referral)
    .where(Referral.tenant_id == TENANT, Referral.id == bindparam("referral_id"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "referrer_user_id",
                "referred_user_id",
                "code_used",
                "link_used",
                "referrer_reward_id",
                "referred_reward_id",
                "user_modified_ms",
                "modified_ms",
            )
        }
    )
)
FORGET_REFERRING_ACCOUNT = Change(
    update(Referral)
    .where(Referral.tenant_id == TENANT, Referral.referrer_account_id == bindparam("account_id"))
    .values(referrer_account_id=None, modified_ms=bindparam("at_ms"))
)
FORGET_REFERRED_ACCOUNT = Change(
    update(Referral)
    .where(Referral.tenant_id == TENANT, Referral.referred_account_id == bindparam("account_id"))
    .values(referred_account_id=None, modified_ms=bindparam("at_ms"))
)
SET_CODES_OF_REFERRED = Change(
    update(User)
    .where(User.tenant_id == TENANT, User.account_id == bindparam("of_account"), User.id == bindparam("of_user"))
    .values(referred_by_codes=bindparam("referred_by_codes"), modified_ms=bindparam("at_ms"))
)


@cache
def page_of_referrals(filters: frozenset[str], *, deep: bool) -> Query[Referral]:
    """A page of the referrals that meet these filters, oldest first.

    A `deep` one chooses its keys in an index before it reads rows.
    """
    limit: BindParameter[int] = bindparam("limit")
    offset: BindParameter[int] = bindparam("offset")
    oldest_first = (Referral.started_ms, Referral.id)
    if not deep:
        return Query(_filtered(select(Referral), filters).order_by(*oldest_first).limit(limit).offset(offset))
    keys = _filtered(select(Referral.id), filters).order_by(*oldest_first).limit(limit).offset(offset)
    chosen = Referral.id.in_(keys.correlate(None))
    return Query(select(Referral).where(Referral.tenant_id == TENANT, chosen).order_by(*oldest_first))


@cache
def count_of_referrals(filters: frozenset[str]) -> Query[int]:
    """How many referrals meet these filters."""
    return Query(_filtered(select(func.count()).select_from(Referral), filters))


def _filtered(statement: Select[*Ts], filters: frozenset[str]) -> Select[*Ts]:
    statement = statement.where(Referral.tenant_id == TENANT)
    for name in sorted(filters):
        if name in RANGES:
            column = RANGES[name]
            statement = statement.where(column >= bindparam(f"{name}_from"), column <= bindparam(f"{name}_to"))
        else:
            statement = statement.where(EQUAL[name] == bindparam(name))
    return statement

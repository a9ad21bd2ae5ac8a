"""Statements on referrals, and on the rewards that they have led to."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select, update

from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Query
from models.saasquatch.tables import Redemption, Referral, Reward, User

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
REWARDS = Query(select(Reward).where(Reward.tenant_id == TENANT, among(Reward.id, "reward_ids")))
REDEMPTIONS = Query(
    select(Redemption)
    .where(Redemption.tenant_id == TENANT, among(Redemption.reward_id, "reward_ids"))
    .order_by(Redemption.at_ms, Redemption.id)
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


@cache
def page_of_referrals(filters: frozenset[str]) -> Query[Referral]:
    """A page of the referrals that meet these filters, oldest first."""
    return Query(
        _filtered(select(Referral), filters)
        .order_by(Referral.started_ms, Referral.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@cache
def count_of_referrals(filters: frozenset[str]) -> Query[int]:
    """How many referrals meet these filters."""
    return Query(_filtered(select(func.count()).select_from(Referral), filters))


def _filtered(statement: Any, filters: frozenset[str]) -> Any:
    statement = statement.where(Referral.tenant_id == TENANT)
    for name in sorted(filters):
        if name in RANGES:
            column = RANGES[name]
            statement = statement.where(column >= bindparam(f"{name}_from"), column <= bindparam(f"{name}_to"))
        else:
            statement = statement.where(EQUAL[name] == bindparam(name))
    return statement

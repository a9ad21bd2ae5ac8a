"""Statements on rewards, redemptions and the credit of accounts."""

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Nullable, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.saasquatch.rewards.states import CREDIT, SpendableReward
from models.saasquatch.tables import Redemption, Reward, User


class UnitCredit(NamedTuple):
    """Credit of an account in one spelling of a unit. Sums are decimals on PostgreSQL, and None without rewards."""

    unit: str
    given: Decimal | int | None
    """All that was ever assigned."""
    available: Decimal | int | None
    of_user: Decimal | int | None
    """The available part that is one user's."""
    oldest_ms: int
    """When the first reward that spells the unit so was created."""


class Holder(NamedTuple):
    """A user as rewards are given: whose they are, and the version of the user's balance."""

    account_id: str
    id: str
    balance_version: int


def spendable_conditions(now_ms: int | BindParameter[int]) -> list[ColumnElement[bool]]:
    """The conditions of rewards with available credit, the same rule as `states.available`; `now_ms` is a value or a
    parameter.
    """
    return [
        Reward.type == CREDIT,
        Reward.cancelled_ms.is_(None),
        Reward.redeemed_ms.is_(None),
        or_(Reward.expires_ms.is_(None), Reward.expires_ms > now_ms),
        or_(Reward.given_ms.is_not(None), Reward.scheduled_ms <= now_ms),
    ]


_SPENDABLE = spendable_conditions(bindparam("now_ms"))
_LEFT = Reward.assigned - Reward.redeemed
_READ_BY_DEBITS: list[InstrumentedAttribute[object]] = [
    *(getattr(Reward, name) for name in SpendableReward._fields if name != "balance_version"),
    User.balance_version,
]

REWARD = Query(select(Reward).where(Reward.tenant_id == TENANT, Reward.id == bindparam("reward_id")))
REWARDS_WITH_REDEMPTIONS = Query(
    select(Reward, Nullable(Redemption))
    .outerjoin(Redemption, and_(Redemption.tenant_id == Reward.tenant_id, Redemption.reward_id == Reward.id))
    .where(Reward.tenant_id == TENANT, among(Reward.id, "reward_ids"))
    .order_by(Redemption.at_ms, Redemption.id)
)
"""Rewards with each of their redemptions, oldest first, or with None."""
REDEMPTIONS = Query(
    select(Redemption)
    .where(Redemption.tenant_id == TENANT, among(Redemption.reward_id, "reward_ids"))
    .order_by(Redemption.at_ms, Redemption.id)
)
REDEMPTIONS_OF_ACCOUNT = Query(
    select(Redemption)
    .where(
        Redemption.tenant_id == TENANT,
        Redemption.reward_id.in_(
            select(Reward.id).where(
                Reward.tenant_id == TENANT, Reward.account_id == bindparam("account_id"), Reward.type == CREDIT
            )
        ),
    )
    .order_by(Redemption.at_ms, Redemption.id)
)
CREDIT_BY_UNIT = Query(
    select(
        Reward.unit,
        func.sum(Reward.assigned),
        func.sum(case((and_(*_SPENDABLE), _LEFT), else_=0)),
        func.sum(case((and_(*_SPENDABLE, Reward.user_id == bindparam("user_id")), _LEFT), else_=0)),
        func.min(Reward.created_ms),
    )
    .where(Reward.tenant_id == TENANT, Reward.account_id == bindparam("account_id"), Reward.type == CREDIT)
    .group_by(Reward.unit),
    UnitCredit,
)
HOLDER = Query(
    select(User.account_id, User.id, User.balance_version).where(
        User.tenant_id == TENANT, User.account_id == bindparam("account_id"), User.id == bindparam("user_id")
    ),
    Holder,
)
BALANCE_VERSION = Query(
    select(User.balance_version).where(
        User.tenant_id == TENANT, User.account_id == bindparam("account_id"), User.id == bindparam("user_id")
    )
)

INSERT_REWARD, INSERT_REDEMPTION = Insertion(Reward), Insertion(Redemption)
UPDATE_REWARD = Change(
    update(Reward)
    .where(Reward.tenant_id == TENANT, Reward.id == bindparam("reward_id"))
    .values({name: bindparam(name) for name in ("given_ms", "modified_ms", "redeemed", "redeemed_ms", "cancelled_ms")})
)
SET_BALANCE_VERSION = Change(
    update(User)
    .where(User.tenant_id == TENANT, User.account_id == bindparam("of_account"), User.id == bindparam("of_user"))
    .values(balance_version=bindparam("version"))
)


@cache
def rewards_of_account(*, of_user: bool, of_type: bool) -> Query[Reward]:
    """An account's rewards, oldest first: all, or those of a user, of a type, or both."""
    statement = select(Reward).where(Reward.tenant_id == TENANT, Reward.account_id == bindparam("account_id"))
    if of_user:
        statement = statement.where(Reward.user_id == bindparam("user_id"))
    if of_type:
        statement = statement.where(Reward.type == bindparam("type"))
    return Query(statement.order_by(Reward.created_ms, Reward.id))


@cache
def spendable_rewards(*, of_user: bool) -> Query[SpendableReward]:
    """The rewards of an account, or of one of its users, that have available credit."""
    statement = (
        select(*_READ_BY_DEBITS)
        .join(
            User,
            and_(User.tenant_id == Reward.tenant_id, User.account_id == Reward.account_id, User.id == Reward.user_id),
        )
        .where(Reward.tenant_id == TENANT, Reward.account_id == bindparam("account_id"), *_SPENDABLE)
    )
    return Query(statement.where(Reward.user_id == bindparam("user_id")) if of_user else statement, SpendableReward)

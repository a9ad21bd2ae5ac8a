"""Which resources the SaaSquatch API has in which tables."""

from typing import Any

from models.resources import Resource, Resources
from models.saasquatch import user_views
from models.saasquatch.codes.codes import primary_codes
from models.saasquatch.exports import exports
from models.saasquatch.referrals import referrals
from models.saasquatch.rewards import rewards, views
from models.saasquatch.tables import Referral, Reward, User
from models.uow import UnitOfWork


def _user(uow: UnitOfWork, row: User) -> dict[str, Any]:
    return user_views.open_user(uow, row, primary_codes(uow, row))


def _reward(uow: UnitOfWork, row: Reward) -> dict[str, Any]:
    return views.reward(row, rewards.redemptions_of(uow, [row.id]).get(row.id, []), uow.now_ms)


def _referral(uow: UnitOfWork, row: Referral) -> dict[str, Any]:
    return referrals.show(uow, [row])[0]


RESOURCES: Resources = {
    "sq_users": Resource("user", _user),
    "sq_rewards": Resource("reward", _reward),
    "sq_referrals": Resource("referral", _referral),
    "sq_exports": Resource("export", lambda uow, row: exports.show(row, uow.now_ms)),
}

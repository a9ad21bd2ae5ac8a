"""Everything personal that is held about one user."""

from models.kernel.json_values import Shown
from models.saasquatch import user_views
from models.saasquatch.codes.codes import primary_codes
from models.saasquatch.referrals import referrals
from models.saasquatch.rewards import balances, rewards, views
from models.saasquatch.tables import Referral, User
from models.uow import UnitOfWork

_EVERYTHING = 2**31 - 1
_SLICE = 500
"""Referrals that are looked up together: databases limit the parameters of one statement."""
_NOT_IN_CORE = {
    "referredUser",
    "referrerUser",
    "referralCodeUsed",
    "shareLinkUsed",
    "dateConverted",
    "dateModified",
    "dateUserModified",
}
_NOT_IN_PII = {"referralCode", "shareLinks", "dateUsTaxFormSubmitted", "dateBlocked"}


def personal_data(uow: UnitOfWork, user: User) -> Shown:
    """The answer to a privacy request: nothing is left out or cut off. Addresses are never looked up."""
    made = _referrals(uow, referring_account_id=user.account_id, referring_user_id=user.id)
    received = _referrals(uow, referred_account_id=user.account_id, referred_user_id=user.id)
    redeemed = rewards.redemptions_of_account(uow, user.account_id)
    given = rewards.list_rewards(uow, user.account_id, user_id=user.id)
    sums = balances.list_balances(uow, user.account_id, user_id=user.id)
    return {
        **{
            name: value
            for name, value in user_views.open_user(uow, user, primary_codes(uow, user)).items()
            if name not in _NOT_IN_PII
        },
        "firstSeenIPLocation": None,
        "lastSeenIPLocation": None,
        "firstSeenUserAgent": user.first_seen_agent,
        "lastSeenUserAgent": user.last_seen_agent,
        "referredByReferrals": [_core(referral) for referral in _show(uow, received)],
        "rewards": {
            "totalCount": len(given),
            "data": [views.reward(row, redeemed.get(row.id, []), uow.now_ms) for row in given],
        },
        "rewardBalances": [balances.show_pretty(balance) for balance in sums],
        "referrals": {"totalCount": len(made), "data": _show(uow, made)},
    }


def _referrals(uow: UnitOfWork, **filters: str) -> list[Referral]:
    return referrals.list_referrals(uow, limit=_EVERYTHING, offset=0, **filters)[0]


def _show(uow: UnitOfWork, rows: list[Referral]) -> list[Shown]:
    return [
        shown for start in range(0, len(rows), _SLICE) for shown in referrals.show(uow, rows[start : start + _SLICE])
    ]


def _core(referral: Shown) -> Shown:
    """A referral without its users, as the one who was referred sees it."""
    return {
        **{name: value for name, value in referral.items() if name not in _NOT_IN_CORE},
        "publicMeta": None,
        "privateMeta": None,
    }

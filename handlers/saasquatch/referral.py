"""Referrals: lists and look-up."""

from handlers.http import Answer, long_read, ok
from handlers.saasquatch._edge import UserToken
from handlers.saasquatch._lists import is_long_page
from models.saasquatch.problems import NotYourUser, PairNeeded
from models.saasquatch.referrals import referrals
from models.uow import UnitOfWork


def _page(uow: UnitOfWork, limit: int, offset: int, **filters: str | None) -> Answer:
    rows, total = referrals.list_referrals(uow, limit=limit, offset=offset, **filters)
    return ok({"count": len(rows), "totalCount": total, "referrals": referrals.show(uow, rows)})


@long_read(is_long_page)
def list_referrals(
    uow: UnitOfWork,
    *,
    referring_account_id: str | None,
    referring_user_id: str | None,
    date_referral_paid: str | None,
    date_referral_ended: str | None,
    referred_moderation_status: str | None,
    referrer_moderation_status: str | None,
    limit: int,
    offset: int,
) -> Answer:
    return _page(
        uow,
        limit,
        offset,
        referring_account_id=referring_account_id,
        referring_user_id=referring_user_id,
        date_referral_paid=date_referral_paid,
        date_referral_ended=date_referral_ended,
        referred_moderation_status=referred_moderation_status,
        referrer_moderation_status=referrer_moderation_status,
    )


@long_read(is_long_page)
def open_list_referrals(
    uow: UnitOfWork,
    *,
    referring_account_id: str | None,
    referring_user_id: str | None,
    referred_account_id: str | None,
    referred_user_id: str | None,
    date_referral_started: str | None,
    date_referral_paid: str | None,
    date_referral_ended: str | None,
    referred_moderation_status: str | None,
    referrer_moderation_status: str | None,
    limit: int,
    offset: int,
) -> Answer:
    pairs = [(referring_account_id, referring_user_id), (referred_account_id, referred_user_id)]
    if not any(all(part is not None for part in pair) for pair in pairs):
        raise PairNeeded
    token: UserToken | None = uow.subject
    if token is not None and (token.account_id, token.user_id) not in pairs:
        raise NotYourUser
    return _page(
        uow,
        limit,
        offset,
        referring_account_id=referring_account_id,
        referring_user_id=referring_user_id,
        referred_account_id=referred_account_id,
        referred_user_id=referred_user_id,
        date_referral_started=date_referral_started,
        date_referral_paid=date_referral_paid,
        date_referral_ended=date_referral_ended,
        referred_moderation_status=referred_moderation_status,
        referrer_moderation_status=referrer_moderation_status,
    )


def get_referral(uow: UnitOfWork, *, referral_id: str) -> Answer:
    return ok(referrals.show(uow, [referrals.get_referral(uow, referral_id)])[0])

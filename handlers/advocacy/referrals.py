"""Referral codes, the visitors and the orders that come through them."""

from handlers.http import Answer, long_read, ok
from models.advocacy import referral_views, referrals
from models.advocacy.input import ClickBody, ConversionBody
from models.uow import UnitOfWork


@long_read()
def list_referral_codes(uow: UnitOfWork) -> Answer:
    return ok({"referrals": referral_views.show_codes(uow, referrals.list_codes(uow))})


def get_referral_stats(uow: UnitOfWork, *, code: str) -> Answer:
    return ok(referral_views.show_stats(referrals.find_code(uow, code)))


def track_referral_click(uow: UnitOfWork, *, body: ClickBody) -> Answer:
    referrals.track(uow, body["code"], body["visitorId"])
    return ok({"tracked": True})


def convert_referral(uow: UnitOfWork, *, body: ConversionBody) -> Answer:
    conversion, paid = referrals.convert(uow, body["code"], body["orderId"], body["orderValue"])
    return ok({"conversion": referral_views.show_conversion(conversion), "pointsAwarded": paid})

"""Which resources the Leat API has in which tables."""

from models.kernel.json_values import Shown
from models.leat import contacts, subscriptions
from models.leat.incentives import credits_account, prepaid_account
from models.leat.settings import settings_of
from models.leat.shops import shop_with
from models.leat.tables import CreditReception, Referral, Voucher
from models.leat.views import show_contact, show_reception, show_referrals
from models.resources import Resource, Resources, never_shown, plainly
from models.uow import UnitOfWork


def _referral(uow: UnitOfWork, row: Referral) -> Shown:
    return show_referrals(uow, [row])[0]


def _reception(uow: UnitOfWork, row: CreditReception) -> Shown:
    contact, shop = contacts.get(uow, row.contact_uuid), shop_with(uow, row.shop_uuid)
    return show_reception(row, contact, shop, settings_of(uow).unit_name)


def _voucher(row: Voucher) -> Shown:
    """A voucher that a contact got for a referral, as the referral's incentive shows one: no call lists vouchers."""
    promotion = {"uuid": row.promotion_uuid, "name": row.promotion_name}
    incentive = {"type": "voucher", "data": {"promotion": promotion}}
    return {"uuid": row.uuid, "contact_uuid": row.contact_uuid, "referral_uuid": row.referral_uuid, **incentive}


RESOURCES: Resources = {
    "leat_contacts": Resource("contact", show_contact, (credits_account(""), prepaid_account(""))),
    "leat_referrals": Resource("referral", _referral),
    "leat_vouchers": Resource("voucher", plainly(_voucher)),
    "leat_credit_receptions": Resource("credit reception", _reception),
    "webhook_endpoints": Resource("webhook subscription", plainly(subscriptions.show), key=("uuid",)),
    **never_shown("ledger_transactions"),
}
"""Movements of credits are shown by the balances of contacts only."""

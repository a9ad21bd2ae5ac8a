"""Which resources the Leat API has in which tables."""

from models.leat.incentives import credits_account, prepaid_account
from models.leat.tables import Referral
from models.leat.views import Shown, show_contact, show_referrals
from models.resources import Resource, Resources
from models.uow import UnitOfWork


def _referral(uow: UnitOfWork, row: Referral) -> Shown:
    return show_referrals(uow, [row])[0]


RESOURCES: Resources = {
    "leat_contacts": Resource("contact", show_contact, (credits_account(""), prepaid_account(""))),
    "leat_referrals": Resource("referral", _referral),
}

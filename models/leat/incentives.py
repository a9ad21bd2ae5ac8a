"""What a completed referral gives: credits, prepaid money, vouchers.

Webhooks of these name the contact and the promotion by uuid only, as the vendor's own plugin for shops reads them.
"""

from models import ledger
from models.kernel.ids import uuid4
from models.kernel.times import iso_seconds
from models.leat.problems import UsageLimitReached
from models.leat.queries import INSERT_VOUCHER, TOUCH_CONTACT
from models.leat.settings import Incentive, LoyaltyPoints, Named, PrepaidCredit
from models.leat.tables import Contact, Referral
from models.leat.webhooks import PREPAID_CREATED, VOUCHER_CREATED, emit
from models.uow import UnitOfWork

CREDITS, PREPAID = "contact", "prepaid"
"""What the accounts of a contact are named after in the ledger: credits, and cents."""
ISSUED, CHARGED = "@issued", "@charged"
"""The own side of credits, and of prepaid money."""
GRANT = "referral_incentive"


def credits_account(contact_uuid: str) -> str:
    """The ledger account of a contact's credits."""
    return f"{CREDITS}/{contact_uuid}"


def prepaid_account(contact_uuid: str) -> str:
    """The ledger account of a contact's prepaid money, in cents."""
    return f"{PREPAID}/{contact_uuid}"


def grant(uow: UnitOfWork, contact: Contact, incentive: Incentive | None, referral: Referral) -> None:
    """Give one side of a completed referral its incentive, if there is one. Raises UsageLimitReached."""
    if incentive is None:
        return
    if isinstance(incentive, LoyaltyPoints):
        account, reference = credits_account(contact.uuid), ("referral", referral.uuid)
        post(uow, uuid4(uow.random, "grant"), GRANT, account, ISSUED, incentive.points, reference)
    elif isinstance(incentive, PrepaidCredit):
        _give_prepaid(uow, contact, incentive.amount_in_cents, referral)
    else:
        _give_voucher(uow, contact, incentive.promotion, referral)
    uow.execute(TOUCH_CONTACT, contact=contact.uuid, at_ms=uow.now_ms)


def _give_prepaid(uow: UnitOfWork, contact: Contact, amount: int, referral: Referral) -> None:
    """Add to a contact's prepaid money, and emit it: no shop had a part in it."""
    account, reference = prepaid_account(contact.uuid), ("referral", referral.uuid)
    posted = post(uow, uuid4(uow.random, "grant"), GRANT, account, CHARGED, amount, reference)
    shown = {
        "uuid": posted.id,
        "amount_in_cents": amount,
        "prepaid_balance": {"balance_in_cents": posted.balances[account]},
        "contact_uuid": contact.uuid,
        "shop_uuid": None,
        "created_at": iso_seconds(uow.now_ms),
    }
    emit(uow, PREPAID_CREATED, {"prepaid_transaction": shown})


def _give_voucher(uow: UnitOfWork, contact: Contact, promotion: Named, referral: Referral) -> None:
    """Give a contact a voucher of a promotion, and emit it. Vouchers here never expire, and no call redeems them."""
    uuid = uuid4(uow.random, "voucher")
    uow.insert_at_end(
        INSERT_VOUCHER,
        uuid=uuid,
        contact_uuid=contact.uuid,
        referral_uuid=referral.uuid,
        promotion_uuid=promotion.uuid,
        promotion_name=promotion.name,
        created_ms=uow.now_ms,
    )
    shown = {
        "uuid": uuid,
        "status": "ACTIVE",
        "name": promotion.name,
        "activation_date": iso_seconds(uow.now_ms),
        "expiration_date": None,
        "redeemed_at": None,
        "is_redeemed": False,
        "contact_uuid": contact.uuid,
        "promotion_uuid": promotion.uuid,
    }
    emit(uow, VOUCHER_CREATED, {"voucher": shown})


def post(
    uow: UnitOfWork,
    transaction_id: str,
    kind: str,
    account: str,
    own_side: str,
    amount: int,
    reference: tuple[str, str],
) -> ledger.Posted:
    """Add to an account, whose contact is locked. Raises UsageLimitReached."""
    try:
        return ledger.post(
            uow,
            transaction_id=transaction_id,
            kind=kind,
            legs=[(account, amount), (own_side, -amount)],
            reference=reference,
        )
    except ledger.BalanceTooHigh as error:
        raise UsageLimitReached from error

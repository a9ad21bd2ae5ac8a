"""What a completed referral gives: credits, prepaid money, vouchers."""

from models import ledger
from models.kernel.ids import uuid4
from models.leat.problems import UsageLimitReached
from models.leat.queries import INSERT_VOUCHER, TOUCH_CONTACT
from models.leat.settings import Incentive, LoyaltyPoints, PrepaidCredit
from models.leat.tables import Contact, Referral
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
    reference = ("referral", referral.uuid)
    if isinstance(incentive, LoyaltyPoints):
        post(uow, uuid4(uow.random, "grant"), GRANT, credits_account(contact.uuid), ISSUED, incentive.points, reference)
    elif isinstance(incentive, PrepaidCredit):
        post(
            uow,
            uuid4(uow.random, "grant"),
            GRANT,
            prepaid_account(contact.uuid),
            CHARGED,
            incentive.amount_in_cents,
            reference,
        )
    else:
        uow.insert_at_end(
            INSERT_VOUCHER,
            uuid=uuid4(uow.random, "voucher"),
            contact_uuid=contact.uuid,
            referral_uuid=referral.uuid,
            promotion_uuid=incentive.promotion.uuid,
            promotion_name=incentive.promotion.name,
            created_ms=uow.now_ms,
        )
    uow.execute(TOUCH_CONTACT, contact=contact.uuid, at_ms=uow.now_ms)


def post(
    uow: UnitOfWork,
    transaction_id: str,
    kind: str,
    account: str,
    own_side: str,
    amount: int,
    reference: tuple[str, str],
) -> None:
    """Add to an account, whose contact is locked. Raises UsageLimitReached."""
    try:
        ledger.post(
            uow,
            transaction_id=transaction_id,
            kind=kind,
            legs=[(account, amount), (own_side, -amount)],
            reference=reference,
        )
    except ledger.BalanceTooHigh as error:
        raise UsageLimitReached from error

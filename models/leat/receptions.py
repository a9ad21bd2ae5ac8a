"""Credit receptions: loyalty transactions that give a contact credits, and may complete its referral."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from models.kernel.ids import uuid4
from models.kernel.statements import replaced, row_of
from models.leat import contacts, referrals
from models.leat.incentives import ISSUED, credits_account, post
from models.leat.input import ReceptionInput
from models.leat.problems import (
    ContactIdentifierNotFound,
    ContactNotFound,
    LoyaltyProgramNotActive,
    LoyaltyProgramNotFound,
)
from models.leat.queries import COUNT_TRANSACTION, INSERT_RECEPTION
from models.leat.settings import Named, Settings, settings_of
from models.leat.shops import shop_with
from models.leat.tables import Contact, CreditReception
from models.leat.views import show_reception
from models.leat.webhooks import RECEPTION_CREATED, emit
from models.uow import UnitOfWork

KIND = "credit_reception"


@dataclass(frozen=True, slots=True)
class Reception:
    """A transaction that was recorded, the contact after it, its shop, and the account's own unit."""

    row: CreditReception
    contact: Contact
    shop: Named
    default_unit: str


def receive(uow: UnitOfWork, given: ReceptionInput) -> Reception:
    """Record a transaction, give its credits, and update the contact's referral.

    Raises LoyaltyProgramNotFound, LoyaltyProgramNotActive, ContactNotFound, ShopNotFound, ContactIdentifierNotFound,
    UsageLimitReached; then nothing is recorded.
    """
    settings = settings_of(uow)
    _check_program(settings)
    contact, referring = contacts.lock_with_referring(uow, given.contact_uuid)
    if contact is None:
        raise ContactNotFound
    shop = shop_with(uow, given.shop_uuid)
    if given.identifier is not None and given.identifier != contact.identifier:
        raise ContactIdentifierNotFound
    made = _record(uow, contact, shop, given, settings)
    emit(uow, RECEPTION_CREATED, {"credit_reception": show_reception(made.row, made.contact, shop, settings.unit_name)})
    # The referring contact may have been deleted while this waited for the lock: then the referral has failed.
    if referring is not None:
        referrals.transaction_made(uow, referring, made.contact)
    return made


def calculate(uow: UnitOfWork, *, shop_uuid: str, unit_value: float, contact_uuid: str | None) -> int:
    """The credits that a purchase would give.

    Raises LoyaltyProgramNotFound, LoyaltyProgramNotActive, ContactNotFound, ShopNotFound.
    """
    settings = settings_of(uow)
    _check_program(settings)
    if contact_uuid is not None:
        contacts.get(uow, contact_uuid)
    shop_with(uow, shop_uuid)
    return credits_for(unit_value, settings.credits_per_unit)


def credits_for(unit_value: float, credits_per_unit: float) -> int:
    """The credits of a purchase, rounded down in decimal arithmetic: 0.29 at 100 a unit are 29, not 28."""
    return int((Decimal(str(unit_value)) * Decimal(str(credits_per_unit))).to_integral_value(ROUND_FLOOR))


def _check_program(settings: Settings) -> None:
    if settings.loyalty_program == "none":
        raise LoyaltyProgramNotFound
    if settings.loyalty_program == "inactive":
        raise LoyaltyProgramNotActive


def _record(uow: UnitOfWork, contact: Contact, shop: Named, given: ReceptionInput, settings: Settings) -> Reception:
    """Write the transaction, post its credits, count it."""
    unit_value = given.unit_value
    credits_ = credits_for(unit_value or 0, settings.credits_per_unit) if given.credits is None else given.credits
    values = {
        "uuid": uuid4(uow.random, "credit-reception"),
        "contact_uuid": contact.uuid,
        "shop_uuid": shop.uuid,
        "credits": credits_,
        "unit_value": unit_value,
        "unit_name": None if unit_value is None else given.unit_name or settings.unit_name,
        "identifier": given.identifier,
        "pos_transaction_id": given.pos_transaction_id,
        "created_ms": uow.now_ms,
    }
    uow.insert_at_end(INSERT_RECEPTION, **values)
    row = row_of(CreditReception, tenant_id=uow.tenant_id, **values)
    if credits_:
        post(uow, row.uuid, KIND, credits_account(contact.uuid), ISSUED, credits_, (KIND, row.uuid))
    count = contact.transaction_count + 1
    uow.execute(COUNT_TRANSACTION, contact=contact.uuid, transaction_count=count, at_ms=uow.now_ms)
    return Reception(row, replaced(contact, transaction_count=count, updated_ms=uow.now_ms), shop, settings.unit_name)

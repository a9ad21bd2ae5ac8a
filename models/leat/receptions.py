"""Credit receptions: loyalty transactions that give a contact credits, and bring its referral to an end."""

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from models.kernel.ids import uuid4
from models.leat import contacts, referrals
from models.leat.incentives import ISSUED, credits_account, post
from models.leat.problems import (
    ContactIdentifierNotFound,
    LoyaltyProgramNotActive,
    LoyaltyProgramNotFound,
    ShopNotFound,
)
from models.leat.settings import Named, Settings, settings_of, shops_of
from models.leat.tables import Contact, CreditReception
from models.leat.views import show_reception
from models.leat.webhooks import RECEPTION_CREATED, emit
from models.uow import UnitOfWork

KIND = "credit_reception"


def receive(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Record a transaction, give its credits, move the contact's referral on; the transaction as it is answered.

    Raises LoyaltyProgramNotFound, LoyaltyProgramNotActive, ContactNotFound, ShopNotFound, ContactIdentifierNotFound,
    UsageLimitReached; then nothing is recorded.
    """
    settings = settings_of(uow)
    _check_program(settings)
    contact_uuid = body["contact_uuid"].lower()
    # Which contacts to lock is read before the locks: a referral is there as long as its contact, or never.
    referral = referrals.pending_of(uow, contact_uuid)
    locked = contacts.lock(uow, [contact_uuid, *([referral.referring_uuid] if referral else [])])
    contact = locked[contact_uuid]
    shop = _shop(uow, body["shop_uuid"])
    identifier = body.get("contact_identifier_value")
    if identifier is not None and identifier != contact.identifier:
        raise ContactIdentifierNotFound
    row = _record(uow, contact, shop, body, settings)
    shown = show_reception(row, contact, shop)
    emit(uow, RECEPTION_CREATED, {"credit_reception": shown})
    if referral is not None:
        referrals.transaction_made(uow, referral.uuid, locked[referral.referring_uuid], contact)
    return shown


def credits_for(unit_value: float, credits_per_unit: float) -> int:
    """The credits of a purchase, rounded down, as people reckon: 0.29 at 100 a unit are 29, not 28."""
    return int((Decimal(str(unit_value)) * Decimal(str(credits_per_unit))).to_integral_value(ROUND_FLOOR))


def _check_program(settings: Settings) -> None:
    if settings.loyalty_program == "none":
        raise LoyaltyProgramNotFound
    if settings.loyalty_program == "inactive":
        raise LoyaltyProgramNotActive


def _shop(uow: UnitOfWork, shop_uuid: str) -> Named:
    for shop in shops_of(uow):
        if shop.uuid == shop_uuid.lower():
            return shop
    raise ShopNotFound


def _record(
    uow: UnitOfWork, contact: Contact, shop: Named, body: dict[str, Any], settings: Settings
) -> CreditReception:
    """Write the transaction, post its credits, count it."""
    unit_value: float | None = body.get("unit_value")
    given: int | None = body.get("credits")
    credits_ = credits_for(unit_value or 0, settings.credits_per_unit) if given is None else given
    row = CreditReception(
        tenant_id=uow.tenant_id,
        uuid=uuid4(uow.random, "credit-reception"),
        contact_uuid=contact.uuid,
        shop_uuid=shop.uuid,
        credits=credits_,
        unit_value=unit_value,
        unit_name=None if unit_value is None else body.get("unit_name", settings.unit_name),
        identifier=contact.identifier if "contact_identifier_value" in body else None,
        pos_transaction_id=body.get("pos_transaction_id"),
        created_ms=uow.now_ms,
    )
    uow.session.add(row)
    if credits_:
        post(uow, row.uuid, KIND, credits_account(contact.uuid), ISSUED, credits_, (KIND, row.uuid))
    contact.transaction_count += 1
    contact.updated_ms = uow.now_ms
    uow.session.flush()
    return row

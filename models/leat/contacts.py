"""Contacts: created, found, locked. Who changes what a contact holds locks its row first, several in the order of uuids."""

from collections.abc import Iterable

from models.kernel.ids import text, uuid4
from models.leat import referrals
from models.leat.problems import ContactExists, ContactNotFound, UnknownReferralCode
from models.leat.tables import Contact
from models.leat.views import show_contact
from models.leat.webhooks import CONTACT_CREATED, emit
from models.uow import UnitOfWork

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people mistake for each other."""
CODE_CHARACTERS = 8


def create(uow: UnitOfWork, email: str, referral_code: str | None) -> Contact:
    """Add a contact, and begin its referral when it came with the code of another.

    Raises ContactExists (whatever the code), UnknownReferralCode. Of two contacts with one address at once, the second
    waits for the first on the unique key, and is then tried again as a whole.
    """
    address = email.strip()
    if _with_email(uow, address) is not None:
        raise ContactExists
    referring = None if referral_code is None else _lock_owner(uow, referral_code)
    contact = Contact(
        tenant_id=uow.tenant_id,
        uuid=uuid4(uow.random, "contact"),
        number=uow.order_number(),
        email=address,
        folded_email=address.lower(),
        referral_code=_free_code(uow),
        transaction_count=0,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    uow.session.add(contact)
    uow.session.flush()
    emit(uow, CONTACT_CREATED, {"contact": show_contact(uow, contact)})
    if referring is not None:
        referrals.begin(uow, referring, contact)
    return contact


def get(uow: UnitOfWork, contact_uuid: str) -> Contact:
    """A contact. Raises ContactNotFound, also for what is no uuid."""
    contact: Contact | None = uow.session.get(Contact, (uow.tenant_id, contact_uuid.lower()))
    if contact is None:
        raise ContactNotFound
    return contact


def find_by_email(uow: UnitOfWork, email: str) -> Contact:
    """The contact with an address, in any case. Raises ContactNotFound."""
    contact = _with_email(uow, email)
    if contact is None:
        raise ContactNotFound
    return contact


def lock(uow: UnitOfWork, uuids: Iterable[str]) -> dict[str, Contact]:
    """Contacts by uuid, locked until the unit ends. Raises ContactNotFound."""
    locked: dict[str, Contact] = {}
    for uuid in sorted(set(uuids)):
        contact = uow.lock(uow.scoped(Contact).where(Contact.uuid == uuid))
        if contact is None:
            raise ContactNotFound
        locked[uuid] = contact
    return locked


def _with_email(uow: UnitOfWork, email: str) -> Contact | None:
    return uow.session.scalars(uow.scoped(Contact).where(Contact.folded_email == email.lower())).first()


def _lock_owner(uow: UnitOfWork, code: str) -> Contact:
    """The contact with a referral code, in any case, locked: its limit is counted under the lock."""
    # Only ASCII letters have a case here: "ß" in capitals would be two of a code's characters.
    wanted = code.upper() if code.isascii() else code
    contact = uow.lock(uow.scoped(Contact).where(Contact.referral_code == wanted))
    if contact is None:
        raise UnknownReferralCode
    return contact


def _free_code(uow: UnitOfWork) -> str:
    """A code that nobody in the account has; one of 2**40."""
    while True:
        code = text(uow.random, "referral-code", CODE_CHARACTERS, CODE_ALPHABET)
        if uow.session.scalars(uow.scoped(Contact).where(Contact.referral_code == code)).first() is None:
            return code

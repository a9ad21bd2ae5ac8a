"""Contacts: created, found, locked. Who changes what a contact holds locks its row first, several in the order of uuids."""

from collections.abc import Iterable

from models.kernel.ids import text, uuid4
from models.kernel.statements import row_of
from models.leat import referrals
from models.leat.problems import ContactExists, ContactNotFound, UnknownReferralCode
from models.leat.queries import CONTACT, CONTACT_WITH_CODE, CONTACT_WITH_EMAIL, CONTACTS, INSERT_CONTACT
from models.leat.tables import Contact
from models.leat.views import show_new_contact
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
    values = {
        "uuid": uuid4(uow.random, "contact"),
        "number": uow.order_number(),
        "email": address,
        "folded_email": address.lower(),
        "referral_code": _free_code(uow),
        "transaction_count": 0,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    uow.insert(INSERT_CONTACT, **values)
    contact = row_of(Contact, tenant_id=uow.tenant_id, **values)
    emit(uow, CONTACT_CREATED, {"contact": show_new_contact(contact)})
    if referring is not None:
        referrals.begin(uow, referring, contact)
    return contact


def get(uow: UnitOfWork, contact_uuid: str) -> Contact:
    """A contact. Raises ContactNotFound, also for what is no uuid."""
    contact = uow.first(CONTACT, uuid=contact_uuid.lower())
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
    wanted = sorted(set(uuids))
    locked = {contact.uuid: contact for contact in uow.lock_rows(CONTACTS, uuids=wanted)}
    if len(locked) < len(wanted):
        raise ContactNotFound
    return locked


def _with_email(uow: UnitOfWork, email: str) -> Contact | None:
    return uow.first(CONTACT_WITH_EMAIL, folded_email=email.lower())


def _lock_owner(uow: UnitOfWork, code: str) -> Contact:
    """The contact with a referral code, in any case, locked: its limit is counted under the lock."""
    # Only ASCII letters have a case here: "ß" in capitals would be two of a code's characters.
    wanted = code.upper() if code.isascii() else code
    contact = uow.lock_row(CONTACT_WITH_CODE, referral_code=wanted)
    if contact is None:
        raise UnknownReferralCode
    return contact


def _free_code(uow: UnitOfWork) -> str:
    """A code that nobody in the account has; one of 2**40."""
    while True:
        code = text(uow.random, "referral-code", CODE_CHARACTERS, CODE_ALPHABET)
        if uow.first(CONTACT_WITH_CODE, referral_code=code) is None:
            return code

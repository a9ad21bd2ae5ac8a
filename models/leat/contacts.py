"""Contacts: created, found, listed, locked.

Who changes what a contact holds locks its row first, several in the order of uuids.
"""

from collections.abc import Iterable, Sequence

from models.kernel.ids import text, uuid4
from models.kernel.statements import containing, row_of
from models.leat import referrals
from models.leat.problems import ContactExists, ContactIdentifierLinked, ContactNotFound, UnknownReferralCode
from models.leat.queries import (
    CONTACT,
    CONTACT_AND_REFERRING,
    CONTACT_WITH_CODE,
    CONTACT_WITH_EMAIL,
    CONTACT_WITH_IDENTIFIER,
    CONTACTS,
    CONTACTS_LIKE,
    INSERT_CONTACT,
    PAGE_OF_CONTACTS,
)
from models.leat.tables import Contact
from models.leat.views import show_new_contact
from models.leat.webhooks import CONTACT_CREATED, IDENTIFIER_CREATED, emit
from models.row_counts import count_of
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
    if with_email(uow, address) is not None:
        raise ContactExists
    referring = None if referral_code is None else _lock_owner(uow, referral_code)
    contact = _insert(uow, email=address, folded_email=address.lower())
    if referring is not None:
        referrals.begin(uow, referring, contact)
    return contact


def find_or_create(uow: UnitOfWork, email: str) -> Contact:
    """The contact with an address, in any case; a new one, referred by nobody, when there is none."""
    return with_email(uow, email.strip()) or create(uow, email, None)


def create_anonymous(uow: UnitOfWork, identifier: str | None) -> Contact:
    """Add a contact without an address, known by an identifier (a card) if one is given.

    Raises ContactIdentifierLinked.
    """
    if identifier is not None and uow.first(CONTACT_WITH_IDENTIFIER, identifier=identifier) is not None:
        raise ContactIdentifierLinked
    contact = _insert(uow, identifier=identifier)
    if identifier is not None:
        shown = {"value": identifier, "name": None, "active": True, "contact_uuid": contact.uuid}
        emit(uow, IDENTIFIER_CREATED, {"contact_identifier": shown})
    return contact


def list_contacts(uow: UnitOfWork, *, limit: int, page: int) -> tuple[Sequence[Contact], int]:
    """A page of contacts, newest first, and how many there are in all. A page past the end is empty."""
    offset = (page - 1) * limit
    rows = [] if offset > referrals.OFFSET_MAX else uow.rows(PAGE_OF_CONTACTS, limit=limit, offset=offset)
    return rows, count_of(uow, Contact.__tablename__)


def search(uow: UnitOfWork, text: str, *, limit: int) -> Sequence[Contact]:
    """The newest contacts whose e-mail address or name has a text in it, in any case."""
    return uow.rows(CONTACTS_LIKE, pattern=containing(text.strip().lower()), limit=limit)


def get(uow: UnitOfWork, contact_uuid: str) -> Contact:
    """A contact. Raises ContactNotFound, also for what is no uuid."""
    contact = uow.first(CONTACT, uuid=contact_uuid.lower())
    if contact is None:
        raise ContactNotFound
    return contact


def find_by_email(uow: UnitOfWork, email: str) -> Contact:
    """The contact with an address, in any case. Raises ContactNotFound."""
    contact = with_email(uow, email)
    if contact is None:
        raise ContactNotFound
    return contact


def lock(uow: UnitOfWork, uuids: Iterable[str]) -> dict[str, Contact]:
    """Those of the contacts that there are, by uuid, locked until the unit ends."""
    return {contact.uuid: contact for contact in uow.lock_rows(CONTACTS, uuids=sorted(set(uuids)))}


def lock_with_referring(uow: UnitOfWork, contact_uuid: str) -> tuple[Contact | None, Contact | None]:
    """A contact, and the one that has referred it while that referral is pending, locked until the unit ends; None for
    one that there is not.

    Who has referred it is read before the locks: a contact is referred when it is created, or never.
    """
    found = uow.lock_rows(CONTACT_AND_REFERRING, uuid=contact_uuid, status=referrals.PENDING)
    locked = {contact.uuid == contact_uuid: contact for contact in found}
    return locked.get(True), locked.get(False)


def with_email(uow: UnitOfWork, email: str) -> Contact | None:
    """The contact with an address, in any case, or None."""
    return uow.first(CONTACT_WITH_EMAIL, folded_email=email.lower())


def _insert(uow: UnitOfWork, **identity: object) -> Contact:
    """Write a contact with a code of its own, and notify the subscriptions."""
    values = {
        "uuid": uuid4(uow.random, "contact"),
        "number": uow.order_number(),
        **identity,
        "referral_code": _free_code(uow),
        "transaction_count": 0,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    uow.insert(INSERT_CONTACT, **values)
    contact = row_of(Contact, tenant_id=uow.tenant_id, **values)
    emit(uow, CONTACT_CREATED, {"contact": show_new_contact(contact)})
    return contact


def _lock_owner(uow: UnitOfWork, code: str) -> Contact:
    """The contact with a referral code, in any case, locked: its limit is counted under the lock."""
    # Only ASCII letters have a case here: "ß" in capitals would be two of a code's characters.
    upper = code.upper() if code.isascii() else code
    contact = uow.lock_row(CONTACT_WITH_CODE, referral_code=upper)
    if contact is None:
        raise UnknownReferralCode
    return contact


def _free_code(uow: UnitOfWork) -> str:
    """A code that nobody in the account has; one of 2**40."""
    while True:
        code = text(uow.random, "referral-code", CODE_CHARACTERS, CODE_ALPHABET)
        if uow.first(CONTACT_WITH_CODE, referral_code=code) is None:
            return code

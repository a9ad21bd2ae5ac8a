"""Changes of contacts: attributes, the address of an anonymous one, deletion."""

from collections.abc import Mapping

from models.kernel.pointers import pointer_of
from models.kernel.problems import InvalidInput
from models.kernel.statements import differing, replaced
from models.leat import contacts, referrals
from models.leat.problems import ContactExists, ContactNotAnonymous, ContactNotFound
from models.leat.queries import CHANGE_CONTACT, DELETE_CONTACT, DELETE_RECEPTIONS, DELETE_VOUCHERS
from models.leat.tables import Contact
from models.leat.views import CURRENT_VALUES, show_contact
from models.leat.webhooks import CONTACT_UPDATED, emit
from models.uow import UnitOfWork

NAMES = ("firstname", "lastname")
"""Attributes with a column of their own."""
ATTRIBUTES_MAX = 100
NAME_CHARACTERS_MAX = 64
VALUE_CHARACTERS_MAX = 255


def change_attributes(uow: UnitOfWork, contact_uuid: str, attributes: Mapping[str, object]) -> Contact:
    """Set the attributes that are named; null and the empty text remove one. The contact after it.

    Raises ContactNotFound, InvalidInput for what the server keeps itself, for bad names, and for more than
    ATTRIBUTES_MAX.
    """
    contact = _lock(uow, contact_uuid)
    values: dict[str, object] = {name: getattr(contact, name) for name in NAMES}
    own = dict(contact.attributes or {})
    for name, value in attributes.items():
        _check(name, value)
        kept = values if name in NAMES else own
        if value not in (None, ""):
            kept[name] = value
        elif name in NAMES:
            values[name] = None
        else:
            own.pop(name, None)
    if len(own) > ATTRIBUTES_MAX:
        raise InvalidInput(
            f"attributes must leave a contact with at most {ATTRIBUTES_MAX} of them", pointer="/attributes"
        )
    return _change(uow, contact, **values, attributes=own or None)


def claim(uow: UnitOfWork, contact_uuid: str, email: str) -> Contact:
    """Give an anonymous contact its address; the contact after it.

    Raises ContactNotFound, ContactNotAnonymous, ContactExists.
    """
    contact = _lock(uow, contact_uuid)
    if contact.email is not None:
        raise ContactNotAnonymous
    address = email.strip()
    if contacts.with_email(uow, address) is not None:
        raise ContactExists
    return _change(uow, contact, email=address, folded_email=address.lower())


def remove(uow: UnitOfWork, contact_uuid: str) -> None:
    """Remove a contact with what is known of it; its pending referrals fail. Raises ContactNotFound.

    Its entries stay in the ledger, which is append-only, under its uuid.
    """
    contact = _lock(uow, contact_uuid)
    referrals.fail_pending_of(uow, contact.uuid)
    for statement in (DELETE_RECEPTIONS, DELETE_VOUCHERS, DELETE_CONTACT):
        uow.execute(statement, contact=contact.uuid)


def _lock(uow: UnitOfWork, contact_uuid: str) -> Contact:
    uuid = contact_uuid.lower()
    found = contacts.lock(uow, [uuid]).get(uuid)
    if found is None:
        raise ContactNotFound
    return found


def _check(name: str, value: object) -> None:
    """Raises InvalidInput for an attribute that cannot be set."""
    pointer = pointer_of(("attributes", name))
    if not 0 < len(name) <= NAME_CHARACTERS_MAX:
        raise InvalidInput(
            f"the name of an attribute must have 1 to {NAME_CHARACTERS_MAX} characters", pointer="/attributes"
        )
    if name in CURRENT_VALUES and name not in NAMES:
        raise InvalidInput(f"{name} cannot be changed", pointer=pointer)
    if name in NAMES and not (value is None or (isinstance(value, str) and len(value) <= VALUE_CHARACTERS_MAX)):
        raise InvalidInput(f"{name} must be a string of at most {VALUE_CHARACTERS_MAX} characters", pointer=pointer)


def _change(uow: UnitOfWork, contact: Contact, **changes: object) -> Contact:
    """Write the columns that are given, and notify the subscriptions; the contact after it.

    Values that it has already are no change.
    """
    if not differing(contact, changes):
        return contact
    columns = {"email", "folded_email", "attributes", *NAMES}
    changed = replaced(contact, **changes, updated_ms=uow.now_ms)
    uow.execute(
        CHANGE_CONTACT,
        contact=contact.uuid,
        at_ms=uow.now_ms,
        **{f"new_{name}": getattr(changed, name) for name in columns},
    )
    emit(uow, CONTACT_UPDATED, {"contact": show_contact(uow, changed)})
    return changed

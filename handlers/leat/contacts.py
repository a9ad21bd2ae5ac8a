"""Contacts: create, get, find, list, change, delete; what they hold."""

from handlers.http import Answer, ok
from handlers.leat._answers import answer
from models.leat import contact_changes, contacts
from models.leat.input import AnonymousContactBody, AttributesBody, ClaimBody, ContactBody
from models.leat.views import held_by, show_contact, show_contacts, show_credit_balance, show_page, show_prepaid_balance
from models.uow import UnitOfWork


def create_contact(uow: UnitOfWork, *, body: ContactBody) -> Answer:
    made = contacts.create(uow, body["email"], body.get("referral_code"))
    return answer({"uuid": made.uuid})


def get_contact(uow: UnitOfWork, *, contact_uuid: str) -> Answer:
    return answer(show_contact(uow, contacts.get(uow, contact_uuid)))


def find_contact_by_email(uow: UnitOfWork, *, email: str) -> Answer:
    return answer(show_contact(uow, contacts.find_by_email(uow, email)))


def list_contacts(uow: UnitOfWork, *, limit: int, page: int) -> Answer:
    rows, total = contacts.list_contacts(uow, limit=limit, page=page)
    meta = show_page(page=page, limit=limit, shown=len(rows), total=total)
    return ok({"data": show_contacts(uow, rows), "meta": meta})


def find_or_create_contact(uow: UnitOfWork, *, email: str) -> Answer:
    return answer(show_contact(uow, contacts.find_or_create(uow, email)))


def find_or_create_contact_async(uow: UnitOfWork, *, email: str) -> Answer:
    return answer({"uuid": contacts.find_or_create(uow, email).uuid})


def create_contact_async(uow: UnitOfWork, *, body: ContactBody) -> Answer:
    return create_contact(uow, body=body)


def create_anonymous_contact(uow: UnitOfWork, *, body: AnonymousContactBody | None) -> Answer:
    made = contacts.create_anonymous(uow, (body or {}).get("contact_identifier_value"))
    return answer({"uuid": made.uuid})


def update_contact(uow: UnitOfWork, *, contact_uuid: str, body: AttributesBody) -> Answer:
    return answer(show_contact(uow, contact_changes.change_attributes(uow, contact_uuid, body.get("attributes") or {})))


def claim_anonymous_contact(uow: UnitOfWork, *, contact_uuid: str, body: ClaimBody) -> Answer:
    return answer(show_contact(uow, contact_changes.claim(uow, contact_uuid, body["email"])))


def delete_contact(uow: UnitOfWork, *, contact_uuid: str, body: object) -> Answer:  # noqa: ARG001  every deletion is complete
    contact_changes.remove(uow, contact_uuid)
    return answer([])


def get_credit_balance(uow: UnitOfWork, *, contact_uuid: str) -> Answer:
    contact = contacts.get(uow, contact_uuid)
    credit, _ = held_by(uow, contact)
    return answer(show_credit_balance(contact, credit))


def get_prepaid_balance(uow: UnitOfWork, *, contact_uuid: str) -> Answer:
    _, prepaid = held_by(uow, contacts.get(uow, contact_uuid))
    return answer(show_prepaid_balance(prepaid))

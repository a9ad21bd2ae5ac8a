"""Contacts: create, get, find."""

from typing import Any

from handlers.http import Answer
from handlers.leat._answers import answer
from models.leat import contacts
from models.leat.views import show_contact
from models.uow import UnitOfWork


def create_contact(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    made = contacts.create(uow, body["email"], body.get("referral_code"))
    return answer({"uuid": made.uuid})


def get_contact(uow: UnitOfWork, *, contact_uuid: str) -> Answer:
    return answer(show_contact(uow, contacts.get(uow, contact_uuid)))


def find_contact_by_email(uow: UnitOfWork, *, email: str) -> Answer:
    return answer(show_contact(uow, contacts.find_by_email(uow, email)))

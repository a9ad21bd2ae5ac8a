"""Contacts of Leat: credits and prepaid money are what they hold, vouchers their coupons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.leat import contacts, referrals
from models.leat.incentives import credits_account, prepaid_account
from models.leat.queries import CONTACT, VOUCHERS_OF
from models.leat.views import held_by
from troth.mock.dashboard.people.facts import Balance, Coupon, Found, Key, Moment, Person, Relation, named
from troth.mock.dashboard.people.history import of_account

if TYPE_CHECKING:
    from models.leat.tables import Contact
    from models.uow import UnitOfWork

NOUN = "contacts"
SHOWN = 25


def find(uow: UnitOfWork, text: str, limit: int) -> tuple[list[Found], int | None]:
    """See `Reader.find`."""
    if text:
        return [_found(row) for row in contacts.search(uow, text, limit=limit)], None
    rows, total = contacts.list_contacts(uow, limit=limit, page=1)
    return [_found(row) for row in rows], total


def _found(row: Contact) -> Found:
    return Found({"id": row.uuid}, _name(row), row.email or "anonymous", row.referral_code)


def _name(row: Contact) -> str:
    return " ".join(filter(None, (row.firstname, row.lastname))) or row.email or "Anonymous contact"


def read(uow: UnitOfWork, key: Key) -> Person:
    """See `Reader.read`."""
    row = contacts.get(uow, named(key, "id"))
    credit, prepaid = held_by(uow, row)
    person = Person(_name(row), row.email or "anonymous")
    person.facts = [("Contact", row.uuid), ("Code", row.referral_code), ("Transactions", f"{row.transaction_count:,}")]
    person.moments.append(Moment(row.created_ms, "event", "Became a contact"))
    held = (
        ("Credits", credits_account(row.uuid), f"{credit:,}"),
        ("Prepaid, in cents", prepaid_account(row.uuid), f"{prepaid:,}"),
    )
    for name, account, now in held:
        moments, points = of_account(uow, account)
        person.moments += moments
        if points or name == "Credits":
            person.balances.append(Balance(name, now, points))
    for one in uow.rows(VOUCHERS_OF, contact=row.uuid):
        person.coupons.append(Coupon(one.uuid, one.promotion_name, "given", one.created_ms))
        person.moments.append(Moment(one.created_ms, "coupon", f"Voucher of {one.promotion_name}"))
    _add_referrals(uow, row, person)
    return person


def _add_referrals(uow: UnitOfWork, row: Contact, person: Person) -> None:
    made = referrals.list_referrals(uow, referring_uuid=row.uuid, status=None, limit=SHOWN, page=1)
    person.brought_total = len(made)
    for one in made:
        friend = _relation(uow, one.referred_uuid, one.status)
        person.brought.append(friend)
        person.moments.append(Moment(one.created_ms, "referral", f"Referred {friend.name}"))
        if one.ended_ms is not None:
            person.moments.append(Moment(one.ended_ms, "referral", f"The referral of {friend.name} {one.status}"))
    referral = referrals.attributed_referral(uow, row.uuid)
    if referral is not None:
        person.referred_by = _relation(uow, referral.referring_uuid, referral.status)
        person.moments.append(Moment(referral.created_ms, "referral", f"Referred by {person.referred_by.name}"))


def _relation(uow: UnitOfWork, uuid: str, status: str) -> Relation:
    found = uow.first(CONTACT, uuid=uuid)
    return Relation("a deleted contact", status) if found is None else Relation(_name(found), status, {"id": uuid})

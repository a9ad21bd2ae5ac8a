"""What is held on a contact, for `models/persons.py`: which rows are theirs, and what every text of the tables is."""

from collections.abc import Mapping

from sqlalchemy import select

from models.kernel.ids import text
from models.leat.contacts import CODE_ALPHABET, CODE_CHARACTERS
from models.leat.tables import Contact
from models.persons import Person, PersonalTable, person_of, texts_in
from models.uow import UnitOfWork

TABLES: Mapping[str, PersonalTable] = {
    "leat_contacts": PersonalTable(
        owners=({"uuid": "contact"},),
        erased={**dict.fromkeys(("email", "folded_email", "firstname", "lastname", "identifier", "attributes"))},
        mentions=("referral_code",),
    ),
    "leat_referrals": PersonalTable(
        owners=({"referring_uuid": "contact"}, {"referred_uuid": "contact"}), plain=("uuid", "status")
    ),
    "leat_credit_receptions": PersonalTable(
        owners=({"contact_uuid": "contact"},),
        erased={"identifier": None},
        mentions=("pos_transaction_id",),
        plain=("uuid", "shop_uuid", "unit_name"),
    ),
    "leat_vouchers": PersonalTable(
        owners=({"contact_uuid": "contact"},), plain=("uuid", "referral_uuid", "promotion_uuid", "promotion_name")
    ),
}
"""Uuids of contacts are drawn by this server: without the rest they say nothing of a person."""


def find_person(uow: UnitOfWork, person_id: str, _account_id: str | None) -> Person | None:
    """A contact by uuid."""
    row = uow.session.scalar(select(Contact).where(Contact.tenant_id == uow.tenant_id, Contact.uuid == person_id))
    if row is None:
        return None
    return person_of(
        uow,
        keys={"contact": person_id},
        ids=(row.identifier,),
        emails=(row.email, row.folded_email),
        details=(row.firstname, row.lastname, *texts_in(row.attributes)),
        codes={row.referral_code: text(uow.random, "erased-code", CODE_CHARACTERS, CODE_ALPHABET)},
        known_by=(person_id,),
    )


def finish_erasure(_uow: UnitOfWork, _person: Person) -> None:
    """Nothing to do: the API keeps no files, and no index beside its tables."""

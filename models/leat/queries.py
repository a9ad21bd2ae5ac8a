"""Statements of the Leat API."""

from functools import cache

from sqlalchemy import bindparam, delete, func, or_, select, update

from models.kernel.lists import among
from models.kernel.statements import LIKE_ESCAPE, TENANT, Change, Insertion, Query
from models.leat.tables import Contact, CreditReception, Referral, Voucher

# Contacts

CONTACT = Query(select(Contact).where(Contact.tenant_id == TENANT, Contact.uuid == bindparam("uuid")))
CONTACTS = Query(
    select(Contact).where(Contact.tenant_id == TENANT, among(Contact.uuid, "uuids")).order_by(Contact.uuid)
)
_REFERRING = (
    select(Referral.referring_uuid)
    .where(
        Referral.tenant_id == TENANT,
        Referral.referred_uuid == bindparam("uuid"),
        Referral.status == bindparam("status"),
    )
    .scalar_subquery()
)
CONTACT_AND_REFERRING = Query(
    select(Contact)
    .where(Contact.tenant_id == TENANT, Contact.uuid.in_([bindparam("uuid"), _REFERRING]))
    .order_by(Contact.uuid)
)
"""A contact, and the one that has referred it, if that referral has a status; in the order of `CONTACTS`."""
CONTACT_WITH_EMAIL = Query(
    select(Contact).where(Contact.tenant_id == TENANT, Contact.folded_email == bindparam("folded_email"))
)
CONTACT_WITH_CODE = Query(
    select(Contact).where(Contact.tenant_id == TENANT, Contact.referral_code == bindparam("referral_code"))
)
CONTACT_WITH_IDENTIFIER = Query(
    select(Contact).where(Contact.tenant_id == TENANT, Contact.identifier == bindparam("identifier"))
)
PAGE_OF_CONTACTS = Query(
    select(Contact)
    .where(Contact.tenant_id == TENANT)
    .order_by(Contact.number.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_FULL_NAME = func.lower(func.coalesce(Contact.firstname, "") + " " + func.coalesce(Contact.lastname, ""))
CONTACTS_LIKE = Query(
    select(Contact)
    .where(
        Contact.tenant_id == TENANT,
        or_(
            Contact.folded_email.like(bindparam("pattern"), escape=LIKE_ESCAPE),
            _FULL_NAME.like(bindparam("pattern"), escape=LIKE_ESCAPE),
        ),
    )
    .order_by(Contact.number.desc())
    .limit(bindparam("limit"))
)
"""The newest contacts whose address or name has a text in it, in lower case."""
EMAILS = Query(select(Contact.uuid, Contact.email).where(Contact.tenant_id == TENANT, among(Contact.uuid, "uuids")))
INSERT_CONTACT = Insertion(Contact)
COUNT_TRANSACTION = Change(
    update(Contact)
    .where(Contact.tenant_id == TENANT, Contact.uuid == bindparam("contact"))
    .values(transaction_count=bindparam("transaction_count"), updated_ms=bindparam("at_ms"))
)
TOUCH_CONTACT = Change(
    update(Contact)
    .where(Contact.tenant_id == TENANT, Contact.uuid == bindparam("contact"))
    .values(updated_ms=bindparam("at_ms"))
)

CHANGE_CONTACT = Change(
    update(Contact)
    .where(Contact.tenant_id == TENANT, Contact.uuid == bindparam("contact"))
    .values(
        email=bindparam("new_email"),
        folded_email=bindparam("new_folded_email"),
        firstname=bindparam("new_firstname"),
        lastname=bindparam("new_lastname"),
        attributes=bindparam("new_attributes"),
        updated_ms=bindparam("at_ms"),
    )
)
DELETE_CONTACT = Change(delete(Contact).where(Contact.tenant_id == TENANT, Contact.uuid == bindparam("contact")))

# Receptions and incentives

INSERT_RECEPTION, INSERT_VOUCHER = Insertion(CreditReception), Insertion(Voucher)
VOUCHERS_OF = Query(
    select(Voucher)
    .where(Voucher.tenant_id == TENANT, Voucher.contact_uuid == bindparam("contact"))
    .order_by(Voucher.created_ms.desc(), Voucher.uuid)
)
DELETE_RECEPTIONS = Change(
    delete(CreditReception).where(
        CreditReception.tenant_id == TENANT, CreditReception.contact_uuid == bindparam("contact")
    )
)
DELETE_VOUCHERS = Change(
    delete(Voucher).where(Voucher.tenant_id == TENANT, Voucher.contact_uuid == bindparam("contact"))
)

# Referrals

REFERRAL_OF = Query(
    select(Referral).where(
        Referral.tenant_id == TENANT,
        Referral.referred_uuid == bindparam("referred_uuid"),
        Referral.status == bindparam("status"),
    )
)
"""The referral of a contact as the referred side, if it has a status."""
COUNT_OF_REFERRING = Query(
    select(func.count())
    .select_from(Referral)
    .where(
        Referral.tenant_id == TENANT,
        Referral.referring_uuid == bindparam("referring_uuid"),
        Referral.status == bindparam("status"),
    )
)
ATTRIBUTED_REFERRAL = Query(
    select(Referral)
    .where(Referral.tenant_id == TENANT, Referral.referred_uuid == bindparam("referred_uuid"))
    .order_by(Referral.created_ms.desc(), Referral.uuid)
    .limit(1)
)
"""The newest referral of a contact as the referred side, whatever its status."""
INSERT_REFERRAL = Insertion(Referral)
END_REFERRAL = Change(
    update(Referral)
    .where(Referral.tenant_id == TENANT, Referral.uuid == bindparam("referral"))
    .values(status=bindparam("new_status"), ended_ms=bindparam("at_ms"))
)


FAIL_REFERRALS_OF = Change(
    update(Referral)
    .where(
        Referral.tenant_id == TENANT,
        or_(Referral.referring_uuid == bindparam("contact"), Referral.referred_uuid == bindparam("contact")),
        Referral.status == bindparam("status"),
    )
    .values(status=bindparam("new_status"), ended_ms=bindparam("at_ms"))
)


@cache
def page_of_referrals(*, of_referring: bool, of_status: bool) -> Query[Referral]:
    """A page of the referrals that meet the filters, newest first."""
    statement = select(Referral).where(Referral.tenant_id == TENANT)
    if of_referring:
        statement = statement.where(Referral.referring_uuid == bindparam("referring_uuid"))
    if of_status:
        statement = statement.where(Referral.status == bindparam("status"))
    return Query(
        statement.order_by(Referral.created_ms.desc(), Referral.uuid.desc())
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )

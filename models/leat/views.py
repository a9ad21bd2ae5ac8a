"""The JSON shapes that answers and webhooks share."""

from collections.abc import Sequence

from models import ledger
from models.kernel.json_text import dumps
from models.kernel.json_values import Shown
from models.kernel.times import iso_seconds
from models.leat.incentives import credits_account, prepaid_account
from models.leat.queries import EMAILS
from models.leat.settings import Incentive, LoyaltyPoints, LoyaltyTransactions, Named, PrepaidCredit, ReferralProgram
from models.leat.tables import Contact, CreditReception, Referral
from models.uow import UnitOfWork

CHANNEL = "OAUTH_API"
"""Where contacts and transactions of this API come from, in the vendor's vocabulary."""

CURRENT_VALUES = frozenset(
    {
        *("uuid", "email", "firstname", "lastname", "status", "channel", "referral_code", "is_anonymous"),
        *("loyalty_balance", "loyalty_number_of_transactions", "created_at", "updated_at"),
    }
)
"""Names in `current_values` that the server keeps itself."""


def held_by(uow: UnitOfWork, contact: Contact) -> tuple[int, int]:
    """What a contact holds: its credits, and its prepaid money in cents."""
    credit, prepaid = credits_account(contact.uuid), prepaid_account(contact.uuid)
    held = ledger.balances(uow, [credit, prepaid])
    return held[credit][0], held[prepaid][0]


def show_contact(uow: UnitOfWork, contact: Contact) -> Shown:
    """A contact with its balances."""
    return _contact(contact, *held_by(uow, contact))


def show_new_contact(contact: Contact) -> Shown:
    """A contact that has just been added, whose balances are zero."""
    return _contact(contact, 0, 0)


def _contact(contact: Contact, credit_balance: int, prepaid_balance: int) -> Shown:
    """A contact. It has no tier and no subscriptions, since nothing here gives it any."""
    names = {"firstname": contact.firstname, "lastname": contact.lastname}
    own = contact.attributes or {}
    return {
        "id": contact.number,
        "uuid": contact.uuid,
        "email": contact.email,
        "attributes": [],
        "tier": None,
        "subscriptions": [],
        "credit_balance": show_credit_balance(contact, credit_balance),
        "prepaid_balance": show_prepaid_balance(prepaid_balance),
        "current_values": {
            **own,
            "uuid": contact.uuid,
            "email": contact.email,
            **names,
            "status": "ACTIVE",
            "channel": CHANNEL,
            "referral_code": contact.referral_code,
            "is_anonymous": contact.email is None,
            "loyalty_balance": credit_balance,
            "loyalty_number_of_transactions": contact.transaction_count,
            "created_at": iso_seconds(contact.created_ms),
            "updated_at": iso_seconds(contact.updated_ms),
        },
        "current_display_values": {
            name: _displayed(value) for name, value in {**own, **names}.items() if value is not None
        },
    }


def show_credit_balance(contact: Contact, balance: int) -> Shown:
    """The credits of a contact, whose number is their id."""
    return {"balance": balance, "id": contact.number}


def show_prepaid_balance(balance: int) -> Shown:
    """Prepaid money, in cents."""
    return {"balance_in_cents": balance}


def _displayed(value: object) -> str:
    """A value as people read it: a text as it is, numbers, true and false as JSON writes them."""
    return value if isinstance(value, str) else dumps(value)


def show_contacts(uow: UnitOfWork, rows: Sequence[Contact]) -> list[Shown]:
    """Contacts with their balances, which are read together."""
    accounts = [account for row in rows for account in (credits_account(row.uuid), prepaid_account(row.uuid))]
    held = ledger.balances(uow, accounts) if accounts else {}
    return [_contact(row, held[credits_account(row.uuid)][0], held[prepaid_account(row.uuid)][0]) for row in rows]


def show_page(*, page: int, limit: int, shown: int, total: int) -> Shown:
    """Where a page of a list stands; nothing is viewed from 0 to 0 on an empty one."""
    before = (page - 1) * limit
    return {
        "page": page,
        "limit": limit,
        "viewing_from": before + 1 if shown else 0,
        "viewing_to": before + shown if shown else 0,
        "last_page": max(1, -(-total // limit)),
        "total": total,
    }


def show_shop(number: int, shop: Named) -> Shown:
    """A shop with its number in the account, from 1."""
    return {"id": number, **_named(shop), "type": "physical", "reference": None}


def show_reception(row: CreditReception, contact: Contact, shop: Named, default_unit: str) -> Shown:
    """A credit reception.

    The vendor's PHP library fails without `channel`, and with a `unit` of null: where no purchase was named it is the
    account's own unit (`default_unit`).
    """
    unit = row.unit_name or default_unit
    return {
        "type": "credit_reception",
        "uuid": row.uuid,
        "credits": row.credits,
        "unit_value": row.unit_value,
        "unit_name": row.unit_name,
        "unit": {"name": unit, "label": _label(unit), "prefix": None, "is_default": unit == default_unit},
        "channel": CHANNEL,
        "contact": {"uuid": contact.uuid, "email": contact.email},
        "contact_identifier": None
        if row.identifier is None
        else {"value": row.identifier, "name": None, "active": True},
        "shop": _named(shop),
        "pos_transaction_id": row.pos_transaction_id,
        "created_at": iso_seconds(row.created_ms),
    }


def show_referrals(uow: UnitOfWork, rows: Sequence[Referral]) -> list[Shown]:
    """Referrals with the addresses of both their contacts."""
    uuids = {uuid for row in rows for uuid in (row.referring_uuid, row.referred_uuid)}
    emails = dict(uow.rows(EMAILS, uuids=sorted(uuids))) if uuids else {}

    def side(uuid: str) -> Shown:
        return {"uuid": uuid, "email": emails.get(uuid)}

    return [
        {
            "uuid": row.uuid,
            "referring_contact": side(row.referring_uuid),
            "referred_contact": side(row.referred_uuid),
            "status": row.status,
        }
        for row in rows
    ]


def show_program(program: ReferralProgram | None) -> Shown | None:
    """The settings of the referral program."""
    if program is None:
        return None
    event = program.completion_event
    condition = (
        {"number_of_transactions": event.number_of_transactions} if isinstance(event, LoyaltyTransactions) else {}
    )
    return {
        "completion_event": {"type": event.type, "data": condition},
        "limit_per_contact": program.limit_per_contact,
        "referred_contact_incentive": _incentive(program.referred_incentive),
        "referring_contact_incentive": _incentive(program.referring_incentive),
    }


def _incentive(incentive: Incentive | None) -> Shown | None:
    if incentive is None:
        return None
    if isinstance(incentive, LoyaltyPoints):
        data: Shown = {"points": incentive.points, "business_profile": _named(incentive.business_profile)}
    elif isinstance(incentive, PrepaidCredit):
        data = {"amount_in_cents": incentive.amount_in_cents}
    else:
        data = {"promotion": _named(incentive.promotion)}
    return {"type": incentive.type, "data": data}


def _label(unit_name: str) -> str:
    """The name of a unit for people: `purchase_amount` is "Purchase amount"."""
    return unit_name[:1].upper() + unit_name[1:].replace("_", " ")


def _named(named: Named) -> Shown:
    return {"uuid": named.uuid, "name": named.name}

"""Requests of the Leat API, read from bodies."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.money import in_units
from models.kernel.problems import InvalidInput

UNIT_SCALE = 10_000


# Bodies, without the nulls that the contract ignores.


class TokenBody(TypedDict):
    """The body of a token request."""

    client_id: int | str
    client_secret: str


class ContactBody(TypedDict):
    """The body of a contact's creation."""

    email: str
    referral_code: NotRequired[str]


class AnonymousContactBody(TypedDict, total=False):
    """The body of the creation of a contact without an address."""

    contact_identifier_value: str


class AttributesBody(TypedDict, total=False):
    """The body of a contact's change."""

    attributes: dict[str, object]
    """None of them may also come as an empty array, which is how PHP writes an empty object."""


class ClaimBody(TypedDict):
    """The body that gives an anonymous contact its address."""

    email: str


class ReceptionBody(TypedDict):
    """The body of a credit reception: it has credits, a unit_value, or both."""

    contact_uuid: str
    shop_uuid: str
    credits: NotRequired[int]
    unit_value: NotRequired[float]
    unit_name: NotRequired[str]
    contact_identifier_value: NotRequired[str]
    pos_transaction_id: NotRequired[str]


@dataclass(frozen=True, slots=True)
class ReceptionInput:
    """A loyalty transaction to be recorded: either its credits or the value of a purchase."""

    contact_uuid: str
    shop_uuid: str
    credits: int | None
    unit_value: float | None
    unit_name: str | None
    identifier: str | None
    """The identifier of the contact that was presented, such as a card."""
    pos_transaction_id: str | None


def read_unit_value(value: float, location: str = "body") -> float:
    """What was bought, with four decimal places at most: units may be kilos as well as money.

    Raises InvalidInput beyond that.

    What a sum of binary fractions is off is left out: 3.3000000000000003 is 3.3.
    """
    units = in_units(value, UNIT_SCALE)
    if units is None:
        raise InvalidInput("unit_value must have at most four decimal places", location=location, pointer="/unit_value")
    return value if isinstance(value, int) else units / UNIT_SCALE


def read_reception(body: ReceptionBody) -> ReceptionInput:
    """A transaction from its body; uuids in lower case, as they are stored.

    Raises InvalidInput for a unit_value that is too fine.
    """
    return ReceptionInput(
        contact_uuid=body["contact_uuid"].lower(),
        shop_uuid=body["shop_uuid"].lower(),
        credits=body.get("credits"),
        unit_value=read_unit_value(body["unit_value"]) if body.get("unit_value") is not None else None,
        unit_name=body.get("unit_name"),
        identifier=body.get("contact_identifier_value"),
        pos_transaction_id=body.get("pos_transaction_id"),
    )

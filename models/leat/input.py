"""Requests of the Leat API, read from bodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.kernel.money import in_units
from models.kernel.problems import InvalidInput

UNIT_SCALE = 10_000


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
    """What was bought, with four decimal places at most: units may be kilos as well as money. Raises InvalidInput beyond that.

    What a sum of binary fractions is off is left out: 3.3000000000000003 is 3.3.
    """
    units = in_units(value, UNIT_SCALE)
    if units is None:
        raise InvalidInput("unit_value must have at most four decimal places", location=location, pointer="/unit_value")
    return value if isinstance(value, int) else units / UNIT_SCALE


def read_reception(body: Mapping[str, Any]) -> ReceptionInput:
    """A transaction from its body; uuids in lower case, as they are stored. Raises InvalidInput for a unit_value that is too fine."""
    return ReceptionInput(
        contact_uuid=body["contact_uuid"].lower(),
        shop_uuid=body["shop_uuid"].lower(),
        credits=body.get("credits"),
        unit_value=read_unit_value(body["unit_value"]) if body.get("unit_value") is not None else None,
        unit_name=body.get("unit_name"),
        identifier=body.get("contact_identifier_value"),
        pos_transaction_id=body.get("pos_transaction_id"),
    )

"""Requests of the Leat API, read from bodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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


def read_reception(body: Mapping[str, Any]) -> ReceptionInput:
    """A transaction from its body; uuids in lower case, as they are stored."""
    return ReceptionInput(
        contact_uuid=body["contact_uuid"].lower(),
        shop_uuid=body["shop_uuid"].lower(),
        credits=body.get("credits"),
        unit_value=body.get("unit_value"),
        unit_name=body.get("unit_name"),
        identifier=body.get("contact_identifier_value"),
        pos_transaction_id=body.get("pos_transaction_id"),
    )

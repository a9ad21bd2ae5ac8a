"""Purchase orders as callers send them, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.findings import Findings, findings
from models.kernel.json_values import FreeForm
from models.kernel.problems import Problem
from models.loyalty_core.columns import read_columns
from models.loyalty_core.money import kept, to_units

COLUMNS = {
    "description": "description",
    "type": "type",
    "items": "items",
    "tags": "tags",
    "customAttributes": "custom_attributes",
    "status": "status",
    "loyaltyProgramId": "program_id",
}
"""Members of an order that go to a column as they are; the money of its items is read anew."""


class ItemBody(TypedDict):
    """A line of an order, with the members that are read; it is kept with all that it has."""

    price: NotRequired[float]
    total: NotRequired[float]


class OrderBody(TypedDict):
    """An order of a request."""

    externalId: str
    externalEventDate: NotRequired[str]
    description: NotRequired[str]
    loyaltyProgramId: NotRequired[int]
    customAttributes: NotRequired[FreeForm]
    type: str
    tags: NotRequired[list[str]]
    total: float
    discountedTotal: NotRequired[float]
    status: str
    items: NotRequired[list[ItemBody]]


class ImportedOrderBody(OrderBody):
    """An order of an import, which names its member."""

    loyaltyMemberId: str


class ImportBody(TypedDict):
    """The orders of an import."""

    orders: list[ImportedOrderBody]


@dataclass(frozen=True, slots=True)
class OrderInput:
    """An order, known by the caller's own id; what is left out is not in `columns`."""

    external_id: str
    status: str
    columns: Mapping[str, object]
    program_id: int | None


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """An order of a member who is named by the organization's own id, or what is wrong with the order."""

    external_id: str
    loyalty_member_id: str
    order: OrderInput | Problem


def read_order(body: OrderBody) -> OrderInput:
    """An order of a request. Raises InvalidInput for a date, RuleViolation for an amount."""
    columns = read_columns(body, COLUMNS, {"externalEventDate": "external_ms"})
    with findings() as found:
        with found.at(""):
            columns["total"] = to_units(body["total"], "/total")
        if "discountedTotal" in body:
            with found.at(""):
                columns["discounted_total"] = to_units(body["discountedTotal"], "/discountedTotal")
        if "items" in body:
            columns["items"] = [_read_item(found, number, item) for number, item in enumerate(body["items"])]
    return OrderInput(body["externalId"], body["status"], columns, body.get("loyaltyProgramId"))


def _read_item(found: Findings, number: int, item: ItemBody) -> FreeForm:
    """A line of an order, its money without the faults of binary fractions; amounts that cannot be are found."""
    read = dict(item)
    for name, amount in (("price", item.get("price")), ("total", item.get("total"))):
        if amount is not None:
            with found.at(""):
                read[name] = kept(amount, f"/items/{number}/{name}")
    return read


def read_imported_orders(body: ImportBody) -> list[ImportedOrder]:
    """The orders of an import; a bad one does not keep the others from being read."""
    return [_read_imported(order) for order in body["orders"]]


def _read_imported(body: ImportedOrderBody) -> ImportedOrder:
    order: OrderInput | Problem
    try:
        order = read_order(body)
    except Problem as problem:
        order = problem
    return ImportedOrder(body["externalId"], body["loyaltyMemberId"], order)

"""Purchase orders as callers send them, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.kernel.findings import Findings, findings
from models.kernel.problems import Problem
from models.loyalty_core.columns import read_columns
from models.loyalty_core.money import kept, to_units

Body = Mapping[str, Any]

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
AMOUNTS = {"total": "total", "discountedTotal": "discounted_total"}
ITEM_AMOUNTS = ("price", "total")


@dataclass(frozen=True, slots=True)
class OrderInput:
    """An order, known by the caller's own id; what is left out is not in `columns`."""

    external_id: str
    status: str
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """An order of a member who is named by the organization's own id, or what is wrong with the order."""

    external_id: str
    loyalty_member_id: str
    order: OrderInput | Problem


def read_order(body: Body) -> OrderInput:
    """An order of a request. Raises InvalidInput for a date, RuleViolation for an amount."""
    columns = read_columns(body, COLUMNS, {"externalEventDate": "external_ms"})
    with findings() as found:
        for name, column in AMOUNTS.items():
            if name in body:
                with found.at(""):
                    columns[column] = to_units(body[name], f"/{name}")
        if "items" in body:
            columns["items"] = [_read_item(found, number, item) for number, item in enumerate(body["items"])]
    return OrderInput(body["externalId"], body["status"], columns)


def _read_item(found: Findings, number: int, item: Body) -> dict[str, Any]:
    """A line of an order, its money without the faults of binary fractions; amounts that cannot be are found."""
    read = dict(item)
    for name in ITEM_AMOUNTS:
        if item.get(name) is not None:
            with found.at(""):
                read[name] = kept(item[name], f"/items/{number}/{name}")
    return read


def read_imported_orders(body: Body) -> list[ImportedOrder]:
    """The orders of an import; a bad one does not keep the others from being read."""
    return [_read_imported(order) for order in body["orders"]]


def _read_imported(body: Body) -> ImportedOrder:
    order: OrderInput | Problem
    try:
        order = read_order(body)
    except Problem as problem:
        order = problem
    return ImportedOrder(body["externalId"], body["loyaltyMemberId"], order)

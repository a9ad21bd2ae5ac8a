"""Order locations: places where orders come from."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import locations
from models.uow import UnitOfWork


def list_order_locations(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, order_location_codes: list[str] | None
) -> Answer:
    return ok(
        locations.list_items(uow, "orderLocation", codes=order_location_codes, page=page, limit=limit, order=order)
    )


def create_order_location(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(locations.create_item(uow, "orderLocation", body))


def get_order_location(uow: UnitOfWork, *, order_location_code: str) -> Answer:
    return ok(locations.get_item(uow, "orderLocation", order_location_code))


def update_order_location(uow: UnitOfWork, *, order_location_code: str, body: dict[str, Any]) -> Answer:
    return ok(locations.update_item(uow, "orderLocation", order_location_code, body))

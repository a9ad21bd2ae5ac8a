"""Locations: places of the organization."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import locations
from models.uow import UnitOfWork


def list_locations(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, location_codes: list[str] | None
) -> Answer:
    return ok(locations.list_items(uow, "location", codes=location_codes, page=page, limit=limit, order=order))


def create_location(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(locations.create_item(uow, "location", body))


def get_location(uow: UnitOfWork, *, location_code: str) -> Answer:
    return ok(locations.get_item(uow, "location", location_code))


def update_location(uow: UnitOfWork, *, location_code: str, body: dict[str, Any]) -> Answer:
    return ok(locations.update_item(uow, "location", location_code, body))

"""Locations: places of the organization."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.organization import locations
from models.loyalty_core.organization.input import LocationBody, read_location
from models.loyalty_core.organization.views import show_item
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_locations(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, location_codes: list[str] | None
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = locations.list_items(uow, "location", paging, codes=location_codes)
    return page_answer(paging, [show_item(uow, row) for row in rows], total)


def create_location(uow: UnitOfWork, *, body: LocationBody) -> Answer:
    return created({"location": show_item(uow, locations.create_item(uow, "location", read_location(body)))})


def get_location(uow: UnitOfWork, *, location_code: str) -> Answer:
    return ok({"location": show_item(uow, locations.get_item(uow, "location", location_code))})


def update_location(uow: UnitOfWork, *, location_code: str, body: LocationBody) -> Answer:
    row = locations.update_item(uow, "location", location_code, read_location(body))
    return ok({"location": show_item(uow, row)})

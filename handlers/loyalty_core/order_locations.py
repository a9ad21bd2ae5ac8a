"""Order locations: places where orders come from."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.organization import locations
from models.loyalty_core.organization.input import OrderLocationBody, read_order_location
from models.loyalty_core.organization.views import show_item
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_order_locations(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, order_location_codes: list[str] | None
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = locations.list_items(uow, "orderLocation", paging, codes=order_location_codes)
    return page_answer(paging, [show_item(uow, row) for row in rows], total)


def create_order_location(uow: UnitOfWork, *, body: OrderLocationBody) -> Answer:
    return created(
        {"orderLocation": show_item(uow, locations.create_item(uow, "orderLocation", read_order_location(body)))}
    )


def get_order_location(uow: UnitOfWork, *, order_location_code: str) -> Answer:
    return ok({"orderLocation": show_item(uow, locations.get_item(uow, "orderLocation", order_location_code))})


def update_order_location(uow: UnitOfWork, *, order_location_code: str, body: OrderLocationBody) -> Answer:
    row = locations.update_item(uow, "orderLocation", order_location_code, read_order_location(body))
    return ok({"orderLocation": show_item(uow, row)})

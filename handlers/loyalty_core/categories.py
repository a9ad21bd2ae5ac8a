"""Categories: kinds of anything that has no kinds of its own."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.organization import locations
from models.loyalty_core.organization.input import CategoryBody, read_category
from models.loyalty_core.organization.views import show_item
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_categories(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, category_codes: list[str] | None
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = locations.list_items(uow, "category", paging, codes=category_codes)
    return page_answer(paging, [show_item(uow, row) for row in rows], total)


def create_category(uow: UnitOfWork, *, body: CategoryBody) -> Answer:
    return created({"category": show_item(uow, locations.create_item(uow, "category", read_category(body)))})


def get_category(uow: UnitOfWork, *, category_code: str) -> Answer:
    return ok({"category": show_item(uow, locations.get_item(uow, "category", category_code))})


def update_category(uow: UnitOfWork, *, category_code: str, body: CategoryBody) -> Answer:
    row = locations.update_item(uow, "category", category_code, read_category(body))
    return ok({"category": show_item(uow, row)})

"""Product categories: kinds of products in orders."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.organization import locations
from models.loyalty_core.organization.input import ProductCategoryBody, read_product_category
from models.loyalty_core.organization.views import show_item
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_product_categories(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, product_category_codes: list[str] | None
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = locations.list_items(uow, "productCategory", paging, codes=product_category_codes)
    return page_answer(paging, [show_item(uow, row) for row in rows], total)


def create_product_category(uow: UnitOfWork, *, body: ProductCategoryBody) -> Answer:
    return created(
        {"productCategory": show_item(uow, locations.create_item(uow, "productCategory", read_product_category(body)))}
    )


def get_product_category(uow: UnitOfWork, *, product_category_code: str) -> Answer:
    return ok({"productCategory": show_item(uow, locations.get_item(uow, "productCategory", product_category_code))})


def update_product_category(uow: UnitOfWork, *, product_category_code: str, body: ProductCategoryBody) -> Answer:
    row = locations.update_item(uow, "productCategory", product_category_code, read_product_category(body))
    return ok({"productCategory": show_item(uow, row)})

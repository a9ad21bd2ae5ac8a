"""Product categories: kinds of products in orders."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import locations
from models.uow import UnitOfWork


def list_product_categories(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, product_category_codes: list[str] | None
) -> Answer:
    return ok(
        locations.list_items(uow, "productCategory", codes=product_category_codes, page=page, limit=limit, order=order)
    )


def create_product_category(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(locations.create_item(uow, "productCategory", body))


def get_product_category(uow: UnitOfWork, *, product_category_code: str) -> Answer:
    return ok(locations.get_item(uow, "productCategory", product_category_code))


def update_product_category(uow: UnitOfWork, *, product_category_code: str, body: dict[str, Any]) -> Answer:
    return ok(locations.update_item(uow, "productCategory", product_category_code, body))

"""Categories: kinds of anything that has no kinds of its own."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import locations
from models.uow import UnitOfWork


def list_categories(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, category_codes: list[str] | None
) -> Answer:
    return ok(locations.list_items(uow, "category", codes=category_codes, page=page, limit=limit, order=order))


def create_category(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(locations.create_item(uow, "category", body))


def get_category(uow: UnitOfWork, *, category_code: str) -> Answer:
    return ok(locations.get_item(uow, "category", category_code))


def update_category(uow: UnitOfWork, *, category_code: str, body: dict[str, Any]) -> Answer:
    return ok(locations.update_item(uow, "category", category_code, body))

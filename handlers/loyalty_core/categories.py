"""Categories: kinds of anything that has no kinds of its own."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import codes
from models.uow import UnitOfWork


def list_categories(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, category_codes: list[str] | None
) -> Answer:
    return ok(codes.list_items(uow, "category", codes=category_codes, page=page, limit=limit, order=order))


def create_category(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(codes.create_item(uow, "category", body))


def get_category(uow: UnitOfWork, *, category_code: str) -> Answer:
    return ok(codes.get_item(uow, "category", category_code))


def update_category(uow: UnitOfWork, *, category_code: str, body: dict[str, Any]) -> Answer:
    return ok(codes.update_item(uow, "category", category_code, body))

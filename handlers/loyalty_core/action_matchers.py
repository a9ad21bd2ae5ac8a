"""Action matchers: what to look for among the items of orders."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.missions import matchers
from models.uow import UnitOfWork


def list_matchers(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, type: str | None, matcher_key: str | None
) -> Answer:
    return ok(
        matchers.list_matchers(uow, matcher_type=type, matcher_key=matcher_key, page=page, limit=limit, order=order)
    )


def create_matcher(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(matchers.create_matcher(uow, body))


def get_matcher(uow: UnitOfWork, *, matcher_id: str) -> Answer:
    return ok({"matcher": matchers.get_matcher(uow, matcher_id)})


def update_matcher(uow: UnitOfWork, *, matcher_id: int, body: dict[str, Any]) -> Answer:
    return ok({"matcher": matchers.update_matcher(uow, matcher_id, body)})


def get_matcher_by_key(uow: UnitOfWork, *, matcher_key: str) -> Answer:
    return ok({"matcher": matchers.get_matcher_by_key(uow, matcher_key)})

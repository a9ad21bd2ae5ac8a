"""Audiences: some of the members, by a rule or a list."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.audiences import audiences
from models.uow import UnitOfWork


def list_audiences(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, matcher_type: str | None, search: str | None
) -> Answer:
    return ok(
        audiences.list_audiences(uow, matcher_type=matcher_type, search=search, page=page, limit=limit, order=order)
    )


def create_audience(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(audiences.create_audience(uow, body))


def get_audience(uow: UnitOfWork, *, audience_id: int) -> Answer:
    return ok({"audience": audiences.get_audience(uow, audience_id)})


def update_audience(uow: UnitOfWork, *, audience_id: int, body: dict[str, Any]) -> Answer:
    return ok({"audience": audiences.update_audience(uow, audience_id, body)})


def match_audiences(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return ok({"audienceIds": audiences.match_given(uow, body)})

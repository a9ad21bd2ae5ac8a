"""Audiences: some of the members, by a rule or a list."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.audiences import audiences
from models.loyalty_core.audiences.input import read_audience, read_described_member
from models.loyalty_core.audiences.views import show_audience
from models.loyalty_core.paging import Paging, show_page
from models.uow import UnitOfWork


def list_audiences(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, matcher_type: str | None, search: str | None
) -> Answer:
    rows, total = audiences.list_audiences(uow, Paging(page, limit, order), matcher_type=matcher_type, search=search)
    return ok(show_page([show_audience(uow, row) for row in rows], total, page, limit))


def create_audience(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(show_audience(uow, audiences.create_audience(uow, read_audience(body))))


def get_audience(uow: UnitOfWork, *, audience_id: int) -> Answer:
    return ok({"audience": show_audience(uow, audiences.find_audience(uow, audience_id))})


def update_audience(uow: UnitOfWork, *, audience_id: int, body: dict[str, Any]) -> Answer:
    row = audiences.update_audience(uow, audience_id, read_audience(body))
    return ok({"audience": show_audience(uow, row)})


def match_audiences(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return ok({"audienceIds": audiences.match_described(uow, read_described_member(body))})

"""Action matchers: what to look for among the items of orders."""

from handlers.http import Answer, created, ok
from models.loyalty_core.missions import matchers
from models.loyalty_core.missions.finding import find_matcher_with_key
from models.loyalty_core.missions.input import MatcherBody, read_matcher
from models.loyalty_core.missions.views import show_matcher
from models.loyalty_core.paging import Paging, show_page
from models.uow import UnitOfWork


def list_matchers(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, type: str | None, matcher_key: str | None
) -> Answer:
    rows, total = matchers.list_matchers(uow, Paging(page, limit, order), matcher_type=type, matcher_key=matcher_key)
    return ok(show_page([show_matcher(uow, row) for row in rows], total, page, limit))


def create_matcher(uow: UnitOfWork, *, body: MatcherBody) -> Answer:
    return created(show_matcher(uow, matchers.create_matcher(uow, read_matcher(body))))


def get_matcher(uow: UnitOfWork, *, matcher_id: str) -> Answer:
    return ok({"matcher": show_matcher(uow, matchers.get_matcher(uow, matcher_id))})


def update_matcher(uow: UnitOfWork, *, matcher_id: int, body: MatcherBody) -> Answer:
    return ok({"matcher": show_matcher(uow, matchers.update_matcher(uow, matcher_id, read_matcher(body)))})


def get_matcher_by_key(uow: UnitOfWork, *, matcher_key: str) -> Answer:
    return ok({"matcher": show_matcher(uow, find_matcher_with_key(uow, matcher_key))})

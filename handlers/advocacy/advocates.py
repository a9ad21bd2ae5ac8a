"""Advocates and their points."""

from handlers.http import Answer, long_read, ok
from models.advocacy import advocates, points, views
from models.advocacy.input import (
    AdvocateBody,
    AdvocateChangeBody,
    PointsBody,
    read_advocate,
    read_advocate_change,
    read_points,
)
from models.uow import UnitOfWork

LONG_PAGE = 10
"""A search reads all advocates, and the database reads and drops the rows before a page."""


@long_read(lambda arguments: bool(arguments["search"]) or arguments["page"] > LONG_PAGE)
def list_advocates(uow: UnitOfWork, *, page: int, limit: int, search: str | None, tier: str | None) -> Answer:
    rows, total = advocates.list_advocates(uow, page=page, limit=limit, search=search, tier=tier)
    return ok({"advocates": views.show_advocates(uow, rows), "total": total, "page": page})


def create_advocate(uow: UnitOfWork, *, body: AdvocateBody) -> Answer:
    row = advocates.create_advocate(uow, read_advocate(body))
    return Answer(201, {"advocate": views.show_new_advocate(row)}, {"Location": views.address_of(uow, row)})


def get_advocate(uow: UnitOfWork, *, id: str) -> Answer:
    return ok({"advocate": views.show_advocate(uow, advocates.find_advocate(uow, id))})


def update_advocate(uow: UnitOfWork, *, id: str, body: AdvocateChangeBody) -> Answer:
    row = advocates.update_advocate(uow, id, read_advocate_change(body))
    return ok({"advocate": views.show_advocate(uow, row)})


def change_advocate_points(uow: UnitOfWork, *, id: str, body: PointsBody) -> Answer:
    posted, amount = points.change_points(uow, id, read_points(body))
    shown = views.show_transaction(posted, id, amount)
    return ok({"transaction": shown, "newBalance": posted.balances[views.account_of(id)]})

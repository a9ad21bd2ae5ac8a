"""Feedback boards and their ideas."""

from handlers.http import Answer, long_read, ok
from models.advocacy import feedback
from models.advocacy.input import StatusBody
from models.uow import UnitOfWork


@long_read()
def list_feedback_boards(uow: UnitOfWork) -> Answer:
    return ok({"boards": [feedback.show_board(row) for row in feedback.list_boards(uow)]})


@long_read()
def list_board_ideas(
    uow: UnitOfWork, *, id: str, status: str | None, sort: str, page: int | None, limit: int | None
) -> Answer:
    rows, total = feedback.list_ideas(uow, id, status=status, sort=sort, page=page, limit=limit)
    return ok({"ideas": [feedback.show_idea(row) for row in rows], "total": total})


def update_idea_status(uow: UnitOfWork, *, id: str, body: StatusBody) -> Answer:
    return ok({"idea": feedback.show_idea(feedback.move_idea(uow, id, body["status"]))})

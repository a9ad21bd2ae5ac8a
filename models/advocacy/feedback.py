"""Feedback: boards, the ideas on them, and the status of each idea."""

from models.advocacy.pages import whole_or_page
from models.advocacy.problems import NotFound
from models.advocacy.queries import BOARD, BOARDS, IDEA, MOVE_IDEA, Order
from models.advocacy.tables import Board, Idea
from models.advocacy.webhooks import emit
from models.kernel.json_values import Shown
from models.kernel.statements import replaced
from models.kernel.times import iso
from models.uow import UnitOfWork

ORDERS: dict[str, Order] = {
    "votes": (Idea.votes.desc(), Idea.created_ms.desc(), Idea.id.desc()),
    "newest": (Idea.created_ms.desc(), Idea.id.desc()),
    "oldest": (Idea.created_ms, Idea.id),
}


def list_boards(uow: UnitOfWork) -> list[Board]:
    """All boards, oldest first."""
    return uow.rows(BOARDS)


def list_ideas(
    uow: UnitOfWork, board_id: str, *, status: str | None, sort: str, page: int | None, limit: int | None
) -> tuple[list[Idea], int]:
    """A board's ideas of a status in one of ORDERS, whole or in pages, and how many match. Raises NotFound."""
    if uow.first(BOARD, id=board_id) is None:
        raise NotFound("There is no such board.")
    return whole_or_page(uow, Idea, page=page, limit=limit, order=ORDERS[sort], board_id=board_id, status=status)


def move_idea(uow: UnitOfWork, idea_id: str, status: str) -> Idea:
    """Give an idea another status; the one that it has changes nothing. Raises NotFound."""
    row = uow.lock_row(IDEA, id=idea_id)
    if row is None:
        raise NotFound("There is no such idea.")
    if row.status == status:
        return row
    uow.execute(MOVE_IDEA, idea=row.id, new_status=status, at_ms=uow.now_ms)
    emit(uow, "idea.status_changed", {"idea_id": row.id, "board_id": row.board_id, "from": row.status, "to": status})
    return replaced(row, status=status, updated_ms=uow.now_ms)


def show_board(row: Board) -> Shown:
    """A board as answers show it."""
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "isPublic": row.is_public,
        "ideaCount": row.idea_count,
        "createdAt": iso(row.created_ms),
    }


def show_idea(row: Idea) -> Shown:
    """An idea as answers show it."""
    return {
        "id": row.id,
        "boardId": row.board_id,
        "title": row.title,
        "description": row.description,
        "status": row.status,
        "votes": row.votes,
        "advocateId": row.advocate_id,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }

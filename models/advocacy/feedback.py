"""Feedback: boards, the ideas on them, and how far each idea got."""

from typing import Any

from models.advocacy.pages import whole_or_page
from models.advocacy.problems import NotFound
from models.advocacy.tables import Board, Idea
from models.advocacy.webhooks import emit
from models.kernel.times import iso
from models.uow import UnitOfWork

ORDERS: dict[str, tuple[Any, ...]] = {
    "votes": (Idea.votes.desc(), Idea.created_ms.desc(), Idea.id.desc()),
    "newest": (Idea.created_ms.desc(), Idea.id.desc()),
    "oldest": (Idea.created_ms, Idea.id),
}


def list_boards(uow: UnitOfWork) -> list[Board]:
    """All boards, oldest first."""
    return list(uow.session.scalars(uow.scoped(Board).order_by(Board.created_ms, Board.id)))


def list_ideas(
    uow: UnitOfWork, board_id: str, *, status: str | None, sort: str, page: int | None, limit: int | None
) -> tuple[list[Idea], int]:
    """A board's ideas of a status in one of ORDERS, whole or in pages, and how many match. Raises NotFound."""
    if uow.session.get(Board, (uow.tenant_id, board_id)) is None:
        raise NotFound("There is no such board.")
    matching = uow.scoped(Idea).where(Idea.board_id == board_id)
    if status is not None:
        matching = matching.where(Idea.status == status)
    return whole_or_page(uow, matching, *ORDERS[sort], page=page, limit=limit)


def move_idea(uow: UnitOfWork, idea_id: str, status: str) -> Idea:
    """Give an idea another status. The one it has leaves no trace. Raises NotFound."""
    row = uow.lock(uow.scoped(Idea).where(Idea.id == idea_id))
    if row is None:
        raise NotFound("There is no such idea.")
    if row.status != status:
        before, row.status, row.updated_ms = row.status, status, uow.now_ms
        emit(uow, "idea.status_changed", {"idea_id": row.id, "board_id": row.board_id, "from": before, "to": status})
    return row


def show_board(row: Board) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "isPublic": row.is_public,
        "ideaCount": row.idea_count,
        "createdAt": iso(row.created_ms),
    }


def show_idea(row: Idea) -> dict[str, Any]:
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

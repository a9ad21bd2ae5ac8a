"""Testimonials: what people say of the business, approved or rejected before it is shown."""

from models.advocacy.pages import whole_or_page
from models.advocacy.problems import Conflict, NotFound
from models.advocacy.queries import REVIEW_TESTIMONIAL, TESTIMONIAL
from models.advocacy.tables import Testimonial
from models.advocacy.webhooks import emit
from models.kernel.json_values import Shown
from models.kernel.statements import replaced
from models.kernel.times import iso
from models.uow import UnitOfWork

PENDING = "pending"


def list_testimonials(
    uow: UnitOfWork, *, status: str | None, rating: int | None, page: int | None, limit: int | None
) -> tuple[list[Testimonial], int]:
    """Testimonials of a status and a rating, newest first, whole or in pages, and how many match."""
    return whole_or_page(uow, Testimonial, page=page, limit=limit, status=status, rating=rating)


def review_testimonial(uow: UnitOfWork, testimonial_id: str, status: str) -> Testimonial:
    """Approve or reject.

    The same decision again changes nothing. Raises NotFound; Conflict for taking a decision back.
    """
    row = uow.lock_row(TESTIMONIAL, id=testimonial_id)
    if row is None:
        raise NotFound("There is no such testimonial.")
    if row.status == status:
        return row
    if status == PENDING:
        raise Conflict(f"The testimonial is {row.status} and cannot become {PENDING} again.", field="status")
    uow.execute(REVIEW_TESTIMONIAL, testimonial=row.id, new_status=status, at_ms=uow.now_ms)
    row = replaced(row, status=status, reviewed_ms=uow.now_ms, updated_ms=uow.now_ms)
    emit_decision(uow, row)
    return row


def emit_decision(uow: UnitOfWork, row: Testimonial) -> None:
    """Emit the decision on a testimonial: `testimonial.approved` or `testimonial.rejected`."""
    emit(
        uow,
        f"testimonial.{row.status}",
        {"testimonial_id": row.id, "advocate_id": row.advocate_id, "rating": row.rating},
    )


def show_testimonial(row: Testimonial) -> Shown:
    """A testimonial as answers show it."""
    return {
        "id": row.id,
        "advocateId": row.advocate_id,
        "authorName": row.author_name,
        "authorEmail": row.author_email,
        "content": row.content,
        "rating": row.rating,
        "status": row.status,
        "source": row.source,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
        "reviewedAt": None if row.reviewed_ms is None else iso(row.reviewed_ms),
    }

"""Testimonials: what people say of the business, approved or rejected before it is shown."""

from typing import Any

from models.advocacy.pages import whole_or_page
from models.advocacy.problems import NotFound
from models.advocacy.tables import Testimonial
from models.advocacy.webhooks import emit
from models.kernel.times import iso
from models.uow import UnitOfWork

PENDING = "pending"


def list_testimonials(
    uow: UnitOfWork, *, status: str | None, rating: int | None, page: int | None, limit: int | None
) -> tuple[list[Testimonial], int]:
    """Testimonials of a status and a rating, newest first, whole or in pages, and how many match."""
    matching = uow.scoped(Testimonial)
    if status is not None:
        matching = matching.where(Testimonial.status == status)
    if rating is not None:
        matching = matching.where(Testimonial.rating == rating)
    return whole_or_page(uow, matching, Testimonial.created_ms.desc(), Testimonial.id.desc(), page=page, limit=limit)


def review_testimonial(uow: UnitOfWork, testimonial_id: str, status: str) -> Testimonial:
    """Approve or reject. The same decision again leaves no trace. Raises NotFound."""
    row = uow.lock(uow.scoped(Testimonial).where(Testimonial.id == testimonial_id))
    if row is None:
        raise NotFound("There is no such testimonial.")
    if row.status != status:
        row.status = status
        row.reviewed_ms = row.updated_ms = uow.now_ms
        tell_of_decision(uow, row)
    return row


def tell_of_decision(uow: UnitOfWork, row: Testimonial) -> None:
    """Emit what was decided on a testimonial: `testimonial.approved` or `testimonial.rejected`."""
    emit(
        uow,
        f"testimonial.{row.status}",
        {"testimonial_id": row.id, "advocate_id": row.advocate_id, "rating": row.rating},
    )


def show_testimonial(row: Testimonial) -> dict[str, Any]:
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

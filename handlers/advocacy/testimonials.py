"""Testimonials and the decision on them."""

from handlers.http import Answer, long_read, ok
from models.advocacy import testimonials
from models.advocacy.input import StatusBody
from models.uow import UnitOfWork


@long_read()
def list_testimonials(
    uow: UnitOfWork, *, status: str | None, rating: int | None, page: int | None, limit: int | None
) -> Answer:
    rows, total = testimonials.list_testimonials(uow, status=status, rating=rating, page=page, limit=limit)
    return ok({"testimonials": [testimonials.show_testimonial(row) for row in rows], "total": total})


def update_testimonial_status(uow: UnitOfWork, *, id: str, body: StatusBody) -> Answer:
    row = testimonials.review_testimonial(uow, id, body["status"])
    return ok({"testimonial": testimonials.show_testimonial(row)})

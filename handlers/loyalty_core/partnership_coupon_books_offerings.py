"""Coupon books that organizations offer to their partners."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.coupons import offerings
from models.loyalty_core.coupons.bodies import ApprovalBody, OfferingBody
from models.loyalty_core.coupons.input import read_offering
from models.loyalty_core.coupons.views import show_offering
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_coupon_book_offerings(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, status: str | None
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = offerings.list_offerings(uow, paging, status=status)
    return page_answer(paging, [show_offering(row) for row in rows], total)


def create_coupon_book_offering(uow: UnitOfWork, *, body: OfferingBody) -> Answer:
    return created(show_offering(offerings.create_offering(uow, read_offering(body))))


def update_coupon_book_offering_approval(
    uow: UnitOfWork, *, coupon_book_offering_id: int, body: ApprovalBody
) -> Answer:
    return ok({"message": offerings.decide_offering(uow, coupon_book_offering_id, is_approved=body["approved"])})

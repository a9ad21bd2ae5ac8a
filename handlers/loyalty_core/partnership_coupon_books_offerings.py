"""Coupon books that organizations offer to their partners."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.coupons import offerings
from models.uow import UnitOfWork


def list_coupon_book_offerings(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, status: str | None
) -> Answer:
    return ok(offerings.list_offerings(uow, status=status, page=page, limit=limit, order=order))


def create_coupon_book_offering(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(offerings.create_offering(uow, body))


def update_coupon_book_offering_approval(
    uow: UnitOfWork, *, coupon_book_offering_id: int, body: dict[str, Any]
) -> Answer:
    return ok({"message": offerings.decide_offering(uow, coupon_book_offering_id, approved=body["approved"])})

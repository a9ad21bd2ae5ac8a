"""Offering coupon books to partners. Each side has a row of its own, with a snapshot of what was offered.

The offer and the answer to it cross as messages (`models/loyalty_core/organization/messages.py`): the side that sends sees at once
what it did, the other as soon as its jobs have run.
"""

from typing import Any

from models.kernel.times import iso
from models.loyalty_core.coupons.books import check_open, copy_book
from models.loyalty_core.coupons.contents import contents_of
from models.loyalty_core.coupons.tables import CouponBook, CouponBookOffering
from models.loyalty_core.coupons.views import lock_book, show_essence
from models.loyalty_core.organization.messages import Message, receive, send
from models.loyalty_core.organization.partnerships import find_partnership, partner_of, partnership_with
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound, RuleViolation
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

PENDING, ACCEPTED, REJECTED = "pending", "accepted", "rejected"
OFFER, ANSWER = "offer", "answer"
ORDERS = {
    "couponBookOfferingId": CouponBookOffering.id,
    "status": CouponBookOffering.status,
    "createdAt": CouponBookOffering.created_ms,
    "updatedAt": CouponBookOffering.updated_ms,
}


def list_offerings(uow: UnitOfWork, *, status: str | None, page: int, limit: int, order: str | None) -> dict[str, Any]:
    """A page of all offerings, made and received. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(CouponBookOffering)
    if status is not None:
        matching = matching.where(CouponBookOffering.status == status)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(row) for row in rows], total, page, limit)


def create_offering(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Offer a book to a partner. Raises NotFound for partnership and book; RuleViolation unless it is to be pending; Conflict for an
    archived book, one that is on offer there already, and a partner who is not there.
    """
    if body["status"] != PENDING:
        raise RuleViolation(f"An offering begins as {PENDING}: the partner decides what becomes of it.")
    partnership = find_partnership(uow, body["partnershipId"])
    book = lock_book(uow, body["offeredCouponBookId"])
    check_open(book)
    partner = partner_of(uow, partnership)
    waiting = uow.scoped(CouponBookOffering).where(
        CouponBookOffering.offered_book_id == book.id,
        CouponBookOffering.partnership_id == partnership.id,
        CouponBookOffering.status == PENDING,
        CouponBookOffering.is_ours,
    )
    if uow.session.scalars(waiting.limit(1)).first() is not None:
        raise Conflict(f"The coupon book {book.id} is on offer in the partnership {partnership.id} already.")
    row = _new(
        uow,
        partnership.id,
        None,
        _snapshot(uow, book),
        partner_name=partner.name,
        partner_organization_id=organization_id(partner, uow.directory),
    )
    send(uow, partner, OFFER, {"offering": row.id, "book": row.offered})
    return _show(row)


def decide_offering(uow: UnitOfWork, offering_id: int, *, approved: bool) -> str:
    """Accept an offering, which makes a draft of the book in one's own organization, or reject it; a message for people.

    The same decision again is answered the same. Raises NotFound; Conflict for an offering of one's own, and for another
    decision than the first.
    """
    row = uow.lock(uow.scoped(CouponBookOffering).where(CouponBookOffering.id == offering_id))
    if row is None:
        raise NotFound(f"There is no coupon book offering {offering_id}.")
    if row.is_ours:
        raise Conflict(f"The coupon book offering {offering_id} is one's own: the partner decides on it.")
    wanted = ACCEPTED if approved else REJECTED
    message = f"The coupon book offering {offering_id} is {wanted}."
    if row.status == wanted:
        return message
    if row.status != PENDING:
        raise Conflict(f"The coupon book offering {offering_id} is {row.status} already.")
    offerer = partner_of(uow, find_partnership(uow, row.partnership_id))
    if approved:
        book = copy_book(uow, row.offered, row.offered["contents"])
        row.accepted_book_id, row.accepted = book.id, _snapshot(uow, book)
    row.status, row.updated_ms = wanted, uow.now_ms
    send(uow, offerer, ANSWER, {"offering": row.peer_id, "status": wanted, "book": row.accepted})
    return message


def take_message(uow: UnitOfWork, subject: str) -> None:
    """A job: something came from a partner."""
    message = receive(uow, subject)
    if message is None:
        return
    if message.kind == OFFER:
        _take_offer(uow, message)
    else:
        _take_answer(uow, message)


def _take_offer(uow: UnitOfWork, message: Message) -> None:
    """Keep the offer; who has no partnership with the sender wants none."""
    partnership = partnership_with(uow, message.sender)
    peer_id, book = message.payload["offering"], message.payload["book"]
    if partnership is None:
        send(uow, message.sender, ANSWER, {"offering": peer_id, "status": REJECTED, "book": None})
        return
    _new(
        uow,
        partnership.id,
        peer_id,
        book,
        partner_name=uow.tenant.name,
        partner_organization_id=organization_id(uow.tenant, uow.directory),
    )


def _take_answer(uow: UnitOfWork, message: Message) -> None:
    """Only the organization that a book was offered to answers, and only once."""
    row = uow.lock(uow.scoped(CouponBookOffering).where(CouponBookOffering.id == message.payload["offering"]))
    partnership = partnership_with(uow, message.sender)
    if (
        row is None
        or partnership is None
        or (row.partnership_id, row.is_ours, row.status) != (partnership.id, True, PENDING)
    ):
        return
    book = message.payload["book"]
    row.status, row.accepted, row.updated_ms = message.payload["status"], book, uow.now_ms
    row.accepted_book_id = None if book is None else book["couponBookId"]


def _new(
    uow: UnitOfWork, partnership_id: int, peer_id: int | None, book: dict[str, Any], **partner: Any
) -> CouponBookOffering:
    row = CouponBookOffering(
        tenant_id=uow.tenant_id,
        id=new_number(uow, CouponBookOffering),
        partnership_id=partnership_id,
        is_ours=peer_id is None,
        peer_id=peer_id,
        organization_id=book["organizationId"],
        offered_book_id=book["couponBookId"],
        accepted_book_id=None,
        status=PENDING,
        offered=book,
        accepted=None,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **partner,
    )
    uow.session.add(row)
    return row


def _snapshot(uow: UnitOfWork, book: CouponBook) -> dict[str, Any]:
    """What another organization may know of a book, and makes its own of it."""
    return {
        "couponBookId": book.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        **show_essence(book),
        "contents": contents_of(uow, book),
    }


def _show(row: CouponBookOffering) -> dict[str, Any]:
    return {
        "couponBookOfferingId": row.id,
        "partnershipId": row.partnership_id,
        "organizationId": row.organization_id,
        "partnerOrganizationId": row.partner_organization_id,
        "offeredCouponBookId": row.offered_book_id,
        "acceptedCouponBookId": row.accepted_book_id,
        "status": row.status,
        "partnerOrganization": {"organizationId": row.partner_organization_id, "name": row.partner_name},
        "offeredCouponBook": row.offered,
        "acceptedCouponBook": row.accepted,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }

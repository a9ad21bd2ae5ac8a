"""Offering coupon books to partners. Each side has a row of its own, with a snapshot of what was offered.

An offer and the answer to it are messages (`models/loyalty_core/organization/messages.py`): the side that sends one
sees its effect at once, the other when its jobs have run.
"""

from models.kernel.findings import findings
from models.kernel.statements import replaced
from models.loyalty_core.coupons.bodies import OfferedBook
from models.loyalty_core.coupons.books import copy_book
from models.loyalty_core.coupons.contents import contents_of
from models.loyalty_core.coupons.finding import check_open, lock_book
from models.loyalty_core.coupons.input import OfferingRequest, read_book, read_content
from models.loyalty_core.coupons.problems import (
    OfferingDecided,
    OfferingExists,
    OfferingNotFound,
    OfferingOwn,
    OfferingStatusInvalid,
    OfferingTooLong,
)
from models.loyalty_core.coupons.queries import (
    CHARACTERS_OF_CONTENTS,
    DECIDE_OFFERING,
    INSERT_OFFERING,
    OFFERING,
    OFFERINGS,
    PENDING_OFFERING,
    REJECT_PENDING,
)
from models.loyalty_core.coupons.states import ACCEPTED, PENDING, REJECTED
from models.loyalty_core.coupons.tables import CouponBook, CouponBookOffering
from models.loyalty_core.coupons.views import show_essence
from models.loyalty_core.inserted import inserted
from models.loyalty_core.organization.messages import Message, receive, send
from models.loyalty_core.organization.organizations import get_organization
from models.loyalty_core.organization.partnerships import (
    find_partnership,
    partner_if_there,
    partner_of,
    partners_of,
    partnership_with,
)
from models.loyalty_core.paging import Paging
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

OFFER, ANSWER, GONE = "offer", "answer", "gone"
CONTENT_CHARACTERS_MAX = 1 << 20
"""Of an offered book, in all its locales together: as much as one request may send. Both sides keep it, and the book
that is made of it, with each offering, and list 25 of them at once.
"""


def list_offerings(uow: UnitOfWork, paging: Paging, *, status: str | None) -> tuple[list[CouponBookOffering], int]:
    """A page of all offerings, made and received, and how many match. Raises InvalidInput for an unknown order."""
    return OFFERINGS.page(uow, paging, status=status)


def create_offering(uow: UnitOfWork, request: OfferingRequest) -> CouponBookOffering:
    """Offer a book to a partner.

    Raises NotFound for partnership and book; RuleViolation unless it begins as pending; Conflict for an archived book,
    one with too much content, one that is offered in the partnership already, and a partner that does not exist.
    """
    with findings() as found:
        with found.at("/status"):
            if request.status != PENDING:
                raise OfferingStatusInvalid(f"An offering begins as {PENDING}: the partner decides what becomes of it.")
        with found.at("/partnershipId"):
            partnership = find_partnership(uow, request.partnership_id)
            partner = partner_of(uow, partnership)
        with found.at("/offeredCouponBookId"):
            book = lock_book(uow, request.book_id)
            check_open(book)
            _check_length(uow, book)
    if uow.first(PENDING_OFFERING, book_id=book.id, partnership_id=partnership.id) is not None:
        raise OfferingExists(f"The coupon book {book.id} is on offer in the partnership {partnership.id} already.")
    row = _insert(
        uow,
        partnership.id,
        None,
        _snapshot(uow, book),
        partner_name=partner.name,
        partner_organization_id=organization_id(partner, uow.directory),
    )
    send(uow, partner, OFFER, {"offering": row.id, "book": row.offered})
    return row


def decide_offering(uow: UnitOfWork, offering_id: int, *, is_approved: bool) -> str:
    """Accept an offering, which makes a draft of the book in the organization, or reject it; a message about that.

    The same decision again gets the same answer. Raises NotFound; Conflict for an offering that the organization made
    itself, for another decision than the first, and for accepting when the partner does not exist any more.
    """
    row = uow.lock_row(OFFERING, offering_id=offering_id)
    if row is None:
        raise OfferingNotFound(f"There is no coupon book offering {offering_id}.")
    if row.is_ours:
        raise OfferingOwn(f"The coupon book offering {offering_id} is one's own: the partner decides on it.")
    status = ACCEPTED if is_approved else REJECTED
    message = f"The coupon book offering {offering_id} is {status}."
    if row.status == status:
        return message
    if row.status != PENDING:
        raise OfferingDecided(f"The coupon book offering {offering_id} is {row.status} already.")
    partnership = find_partnership(uow, row.partnership_id)
    # An offering of a deleted partner can be rejected, but not accepted.
    offerer = partner_of(uow, partnership) if is_approved else partner_if_there(uow, partnership)
    decided = replaced(row, status=status, partner_name=get_organization(uow).name)
    if is_approved:
        contents = {one["locale"]: read_content(one) for one in row.offered["contents"]}
        book = copy_book(uow, read_book(row.offered), contents)
        decided = replaced(decided, accepted_book_id=book.id, accepted=_snapshot(uow, book))
    _decide(uow, decided)
    if offerer is not None:
        answer = {"offering": row.peer_id, "status": status, "book": decided.accepted, "name": decided.partner_name}
        send(uow, offerer, ANSWER, answer)
    return message


def take_message(uow: UnitOfWork, subject: str) -> None:
    """A job: read a message of a partner."""
    message = receive(uow, subject)
    if message is None:
        return
    if message.kind == GONE:
        _end_offerings(uow, message.payload["alias"])
    elif message.sender is None:
        return  # the sender was deleted
    elif message.kind == OFFER:
        _take_offer(uow, message.sender, message)
    else:
        _take_answer(uow, message.sender, message)


def leave_partners(uow: UnitOfWork) -> None:
    """Tell all partners that the organization is about to be deleted: what is pending between them is rejected.

    Its number and alias can be those of another organization later, which must not answer for it.
    """
    for partner in partners_of(uow):
        send(uow, partner, GONE, {"alias": uow.tenant.alias})


def _end_offerings(uow: UnitOfWork, alias: str) -> None:
    """Reject what is pending with an organization that does not exist any more."""
    partnership = partnership_with(uow, alias)
    if partnership is not None:
        uow.execute(REJECT_PENDING, of_partnership=partnership.id, now_ms=uow.now_ms)


def _take_offer(uow: UnitOfWork, sender: Tenant, message: Message) -> None:
    """Keep the offer; without a partnership with the sender it is rejected at once."""
    partnership = partnership_with(uow, sender.alias)
    peer_id, book = message.payload["offering"], message.payload["book"]
    if partnership is None:
        send(uow, sender, ANSWER, {"offering": peer_id, "status": REJECTED, "book": None})
        return
    _insert(
        uow,
        partnership.id,
        peer_id,
        book,
        partner_name=get_organization(uow).name,
        partner_organization_id=organization_id(uow.tenant, uow.directory),
    )


def _take_answer(uow: UnitOfWork, sender: Tenant, message: Message) -> None:
    """Record the answer, which only the organization may give that the book was offered to, and only once."""
    row = uow.lock_row(OFFERING, offering_id=message.payload["offering"])
    partnership = partnership_with(uow, sender.alias)
    if (
        row is None
        or partnership is None
        or (row.partnership_id, row.is_ours, row.status) != (partnership.id, True, PENDING)
    ):
        return
    book = message.payload["book"]
    _decide(
        uow,
        replaced(
            row,
            status=message.payload["status"],
            partner_name=message.payload.get("name", row.partner_name),  # a partner without the partnership gives none
            accepted=book,
            accepted_book_id=None if book is None else book["couponBookId"],
        ),
    )


def _decide(uow: UnitOfWork, row: CouponBookOffering) -> None:
    """Write the decision on an offering that is locked."""
    uow.execute(
        DECIDE_OFFERING,
        offering_id=row.id,
        new_status=row.status,
        new_name=row.partner_name,
        new_book_id=row.accepted_book_id,
        new_book=row.accepted,
        now_ms=uow.now_ms,
    )


def _insert(
    uow: UnitOfWork,
    partnership_id: int,
    peer_id: int | None,
    book: OfferedBook,
    *,
    partner_name: str,
    partner_organization_id: int,
) -> CouponBookOffering:
    """Write one side of an offering; `peer_id` is the other side's number of it, where the organization receives it."""
    values = {
        "id": new_number(uow, CouponBookOffering),
        "partnership_id": partnership_id,
        "is_ours": peer_id is None,
        "peer_id": peer_id,
        "organization_id": book["organizationId"],
        "offered_book_id": book["couponBookId"],
        "accepted_book_id": None,
        "status": PENDING,
        "offered": book,
        "accepted": None,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
        "partner_name": partner_name,
        "partner_organization_id": partner_organization_id,
    }
    uow.insert(INSERT_OFFERING, **values)
    return inserted(uow, CouponBookOffering, INSERT_OFFERING, values)


def _check_length(uow: UnitOfWork, book: CouponBook) -> None:
    characters = uow.one(CHARACTERS_OF_CONTENTS, book_id=book.id)
    if characters > CONTENT_CHARACTERS_MAX:
        raise OfferingTooLong(
            f"The content of the coupon book {book.id} has {characters} characters in all locales, of which"
            f" {CONTENT_CHARACTERS_MAX} can be offered."
        )


def _snapshot(uow: UnitOfWork, book: CouponBook) -> OfferedBook:
    return {
        "couponBookId": book.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        **show_essence(book),
        "contents": contents_of(uow, book),
    }

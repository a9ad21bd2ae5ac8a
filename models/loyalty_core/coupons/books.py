"""Coupon books: listing, making and changing them. Giving out and using their coupons is elsewhere."""

from typing import Any

from sqlalchemy import delete, select

from models.loyalty_core.coupons.contents import read_locales, take_schema, write_content
from models.loyalty_core.coupons.eligibility import check_condition
from models.loyalty_core.coupons.tables import CouponBook, CouponBookLabel
from models.loyalty_core.coupons.views import find_book, lock_book, show_book, show_books
from models.loyalty_core.instants import optional_ms
from models.loyalty_core.ledger.accounts import find_account
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.members.payouts import payout_account
from models.loyalty_core.members.views import found_program_id
from models.loyalty_core.money import optional_units
from models.loyalty_core.organization.tables import Organization
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, RuleViolation
from models.numbers import new_number
from models.uow import UnitOfWork

DRAFT, PUBLISHED, DISABLED, ARCHIVED = "draft", "published", "disabled", "archived"
FOLLOWING = {
    DRAFT: {DRAFT, PUBLISHED, DISABLED, ARCHIVED},
    PUBLISHED: {PUBLISHED, DISABLED, ARCHIVED},
    DISABLED: {DISABLED, PUBLISHED, ARCHIVED},
}
"""What may follow each status. Nothing follows `archived`, and nothing is a draft again."""
ORDERS = {
    "couponBookId": CouponBook.id,
    "name": CouponBook.name,
    "rankingIndex": CouponBook.ranking_index,
    "validFromDate": CouponBook.valid_from_ms,
    "validToDate": CouponBook.valid_to_ms,
    "createdAt": CouponBook.created_ms,
    "updatedAt": CouponBook.updated_ms,
}
TAG, TIER, AUDIENCE = "tag", "tier", "audience"
LABELS = {TAG: "tags", TIER: "tiers", AUDIENCE: "audience_keys"}
TAKEN = {
    "externalId": "external_id",
    "rankingIndex": "ranking_index",
    "name": "name",
    "description": "description",
    "subtitle": "subtitle",
    "pictureUrl": "picture_url",
    "detailPictureUrl": "detail_picture_url",
    "customAttributes": "custom_attributes",
    "discountType": "discount_type",
    "maxAssignedPerMember": "max_per_member",
    "maxAssignedPerCoupon": "max_per_coupon",
    "maxCouponCount": "max_coupons",
    "assignmentRequiredPoints": "assignment_points",
    "usageRequiredPoints": "usage_points",
}


def list_books(
    uow: UnitOfWork,
    *,
    program_id: int | None,
    search: str | None,
    tags: str | None,
    status: str | None,
    locale: str | None,
    audiences: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of books, each in the locale asked for; of tags and audiences one is enough. Raises InvalidInput."""
    matching = uow.scoped(CouponBook)
    if program_id is not None:
        matching = matching.where(CouponBook.program_id == program_id)
    if search is not None:
        matching = matching.where(CouponBook.search.contains(search.casefold(), autoescape=True))
    if status is not None:
        matching = matching.where(CouponBook.publishing_status == status)
    for kind, labels in ((TAG, tags), (AUDIENCE, audiences)):
        if labels is not None:
            matching = matching.where(CouponBook.id.in_(labelled(uow, kind, labels.split(","))))
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page(show_books(uow, rows, locale), total, page, limit)


def check_schema_unused(uow: UnitOfWork, content_schema_id: int, shown_id: str) -> None:
    """Raises Conflict where a coupon book uses a content schema."""
    book = uow.session.scalars(
        uow.scoped(CouponBook).where(CouponBook.content_schema_id == content_schema_id).limit(1)
    ).first()
    if book is not None:
        raise Conflict(f"The coupon book {book.id} uses the content schema {shown_id}.")


def labelled(uow: UnitOfWork, kind: str, labels: list[str]) -> Any:
    """A subquery of the numbers of books that have one of the labels."""
    return select(CouponBookLabel.book_id).where(
        CouponBookLabel.tenant_id == uow.tenant_id, CouponBookLabel.kind == kind, CouponBookLabel.label.in_(labels)
    )


def get_book(uow: UnitOfWork, book_id: int, locale: str | None) -> dict[str, Any]:
    """A book in a locale. Raises NotFound."""
    return show_book(uow, find_book(uow, book_id), locale)


def create_book(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Add a book without coupons. Raises NotFound for what it names; RuleViolation, Conflict for what cannot be."""
    row = new_book(uow, body["type"])
    locale = _take(uow, row, body, is_new=True)
    row.publishing_status = body["publishingStatus"]
    uow.session.add(row)
    uow.session.flush()
    write_content(uow, row, locale, body)
    _write_labels(uow, row)
    return show_book(uow, row, locale)


def new_book(uow: UnitOfWork, kind: str) -> CouponBook:
    """A draft that says nothing yet, in the organization's default locale; not added yet."""
    return CouponBook(
        tenant_id=uow.tenant_id,
        id=new_number(uow, CouponBook),
        program_id=None,
        external_id=None,
        ranking_index=None,
        name="",
        description=None,
        subtitle=None,
        picture_url=None,
        detail_picture_url=None,
        custom_attributes={},
        condition=None,
        type=kind,
        discount=None,
        discount_type=None,
        tags=[],
        tiers=[],
        audience_keys=[],
        publishing_status=DRAFT,
        valid_from_ms=None,
        valid_to_ms=None,
        max_per_member=None,
        max_per_coupon=None,
        max_coupons=None,
        default_locale=uow.session.get_one(Organization, uow.tenant_id).default_locale,
        assignment_points=0,
        usage_points=0,
        ledger_id=None,
        account_id=None,
        content_schema_id=None,
        content_schema_version_id=None,
        search="",
        coupon_count=0,
        assigned=0,
        used=0,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )


def update_book(uow: UnitOfWork, book_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a book; what is left out stays, what is null is taken away. Raises NotFound; Conflict when it is archived or cannot have that status; RuleViolation."""
    row = lock_book(uow, book_id)
    check_open(row)
    status = body.get("publishingStatus", row.publishing_status)
    if status not in FOLLOWING[row.publishing_status]:
        raise Conflict(f"The coupon book {book_id} is {row.publishing_status} and cannot be {status} again.")
    locale = _take(uow, row, body, is_new=False)
    row.publishing_status, row.updated_ms = status, uow.now_ms
    write_content(uow, row, locale, body)
    _write_labels(uow, row)
    return show_book(uow, row, locale)


def check_open(row: CouponBook) -> None:
    """Nothing of an archived book changes any more. Raises Conflict."""
    if row.publishing_status == ARCHIVED:
        raise Conflict(f"The coupon book {row.id} is archived.")


def copy_book(uow: UnitOfWork, essence: dict[str, Any], contents: list[dict[str, Any]]) -> CouponBook:
    """A new draft after what `show_essence` and `contents_of` told of another organization's.

    It costs no points: what the other asks for is in points of its own.
    """
    row = new_book(uow, essence["type"])
    _take(uow, row, {**essence, "assignmentRequiredPoints": 0, "usageRequiredPoints": 0}, is_new=True)
    row.default_locale = essence["defaultLocale"]
    uow.session.add(row)
    uow.session.flush()
    for one in contents:
        write_content(uow, row, one["locale"], one)
    _write_labels(uow, row)
    return row


def _take(uow: UnitOfWork, row: CouponBook, body: dict[str, Any], *, is_new: bool) -> str:
    """Take what a body says, but for content and status; the locale that it speaks in."""
    for member, column in TAKEN.items():
        if member in body:
            setattr(row, column, body[member])
    if "discountAmount" in body:
        row.discount = optional_units(body["discountAmount"])
    if "loyaltyProgramId" in body:
        row.program_id = found_program_id(uow, body["loyaltyProgramId"])
    if "condition" in body:
        row.condition = check_condition(body["condition"])
    for member in ("tags", "tiers", "audienceKeys"):
        if member in body:
            setattr(row, "audience_keys" if member == "audienceKeys" else member, list(dict.fromkeys(body[member])))
    _take_validity(row, body)
    _take_account(uow, row, body.get("requiredPointsConfig", {}))
    take_schema(uow, row, body)
    locale, row.default_locale = read_locales(body, row.default_locale, is_new=is_new)
    told = (row.name, row.description, row.subtitle, row.external_id, row.type, *row.tags)
    row.search = "\n".join(text for text in told if text).casefold()
    return locale


def _take_validity(row: CouponBook, body: dict[str, Any]) -> None:
    if "validFromDate" in body:
        row.valid_from_ms = optional_ms(body["validFromDate"])
    if "validToDate" in body:
        row.valid_to_ms = optional_ms(body["validToDate"])
    if row.valid_from_ms is not None and row.valid_to_ms is not None and row.valid_to_ms < row.valid_from_ms:
        raise RuleViolation("The validToDate is before the validFromDate.")


def _take_account(uow: UnitOfWork, row: CouponBook, config: dict[str, Any]) -> None:
    """Which points pay. It is replaced as a whole: what it leaves out is the program's, or a default."""
    row.ledger_id, row.account_id = config.get("ledgerId"), config.get("ledgerAccountId")
    if row.ledger_id is not None:
        find_ledger(uow, row.ledger_id)
    if row.account_id is not None:
        ledger_id, account_id = payout_account(
            uow, program_id=row.program_id, ledger_id=row.ledger_id, account_id=row.account_id
        )
        find_account(uow, ledger_id, account_id)


def _write_labels(uow: UnitOfWork, row: CouponBook) -> None:
    uow.session.execute(
        delete(CouponBookLabel).where(CouponBookLabel.tenant_id == uow.tenant_id, CouponBookLabel.book_id == row.id)
    )
    uow.session.add_all(
        [
            CouponBookLabel(tenant_id=uow.tenant_id, kind=kind, label=label, book_id=row.id)
            for kind, column in LABELS.items()
            for label in getattr(row, column)
        ]
    )

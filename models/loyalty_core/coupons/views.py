"""Coupon books, coupons and their usages as answers show them, and finding them."""

from collections.abc import Sequence
from typing import Any

from models.kernel.times import iso
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponBookContent, CouponUsage
from models.loyalty_core.money import from_units
from models.loyalty_core.problems import NotFound
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def find_book(uow: UnitOfWork, book_id: int) -> CouponBook:
    """A coupon book, in any state. Raises NotFound."""
    return _book(uow.session.get(CouponBook, (uow.tenant_id, book_id)), book_id)


def lock_book(uow: UnitOfWork, book_id: int) -> CouponBook:
    """A coupon book, locked: whoever changes it, its coupons or their usages comes through here. Raises NotFound."""
    return _book(uow.lock(uow.scoped(CouponBook).where(CouponBook.id == book_id)), book_id)


def find_coupon(uow: UnitOfWork, book_id: int, coupon_id: int) -> Coupon:
    """A coupon of a book, fresh from the database. Raises NotFound."""
    row = uow.session.scalars(
        uow.scoped(Coupon)
        .where(Coupon.book_id == book_id, Coupon.id == coupon_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(f"The coupon book {book_id} has no coupon {coupon_id}.")
    return row


def find_codes(uow: UnitOfWork, book_id: int, codes: Sequence[str]) -> list[Coupon]:
    """Coupons of a book by their codes, in the order given. Raises NotFound for a code that the book does not have."""
    found = {
        row.code: row
        for row in uow.session.scalars(uow.scoped(Coupon).where(Coupon.book_id == book_id, Coupon.code.in_(codes)))
    }
    for code in codes:
        if code not in found:
            raise NotFound(f"The coupon book {book_id} has no coupon with the code {code}.")
    return [found[code] for code in codes]


def show_book(uow: UnitOfWork, row: CouponBook, locale: str | None = None) -> dict[str, Any]:
    """A book with its content in a locale, or in the book's default locale where there is none in that."""
    return show_books(uow, [row], locale)[0]


def show_books(uow: UnitOfWork, rows: Sequence[CouponBook], locale: str | None = None) -> list[dict[str, Any]]:
    """Books in the order given, each as `show_book` does."""
    locales = {row.default_locale for row in rows} | ({locale} if locale is not None else set())
    said = {
        (one.book_id, one.locale): one
        for one in uow.session.scalars(
            uow.scoped(CouponBookContent).where(
                CouponBookContent.book_id.in_([row.id for row in rows]), CouponBookContent.locale.in_(locales)
            )
        )
    }
    return [
        _show_book(uow, row, said.get((row.id, locale or row.default_locale)) or said.get((row.id, row.default_locale)))
        for row in rows
    ]


def _show_book(uow: UnitOfWork, row: CouponBook, said: CouponBookContent | None) -> dict[str, Any]:
    locale = row.default_locale if said is None else said.locale
    return {
        "couponBookId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramId": row.program_id,
        "externalId": row.external_id,
        "rankingIndex": row.ranking_index,
        "audienceKeys": row.audience_keys,
        **show_essence(row),
        "condition": {} if row.condition is None else {"expression": row.condition},
        "tiers": row.tiers,
        "publishingStatus": row.publishing_status,
        "contentSchemaId": row.content_schema_id,
        "contentSchemaVersionId": row.content_schema_version_id,
        "locale": locale,
        "content": {} if said is None else said.content,
        "extraFields": {} if said is None else said.extra_fields,
        "isDefaultLocale": locale == row.default_locale,
        "requiredPointsConfig": {"ledgerId": row.ledger_id, "ledgerAccountId": row.account_id},
        "couponCount": row.coupon_count,
        "assignedCount": row.assigned,
        "usedCount": row.used,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_essence(row: CouponBook) -> dict[str, Any]:
    """What a book is, without what only means something in its own organization."""
    return {
        "name": row.name,
        "description": row.description,
        "subtitle": row.subtitle,
        "pictureUrl": row.picture_url,
        "detailPictureUrl": row.detail_picture_url,
        "customAttributes": row.custom_attributes,
        "type": row.type,
        "discountAmount": None if row.discount is None else from_units(row.discount),
        "discountType": row.discount_type,
        "tags": row.tags,
        "validFromDate": _instant(row.valid_from_ms),
        "validToDate": _instant(row.valid_to_ms),
        "maxAssignedPerMember": row.max_per_member,
        "maxAssignedPerCoupon": row.max_per_coupon,
        "maxCouponCount": row.max_coupons,
        "defaultLocale": row.default_locale,
        "assignmentRequiredPoints": row.assignment_points,
        "usageRequiredPoints": row.usage_points,
    }


def show_coupon(uow: UnitOfWork, row: Coupon) -> dict[str, Any]:
    """A coupon with its counts."""
    return {
        "couponId": row.id,
        "couponBookId": row.book_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "code": row.code,
        "assignedCount": row.assigned,
        "usedCount": row.used,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_usage(uow: UnitOfWork, row: CouponUsage, *, as_made: bool = False) -> dict[str, Any]:
    """An assignment or a use as it is; `as_made` as it was when it was made, for a call that comes again."""
    used, status = row.amount_used, row.status
    if as_made:
        used, status = (0, "assigned") if row.type == "assignment" else (1, "used")
    return {
        "couponUsageId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "type": row.type,
        "status": status,
        "couponBookId": row.book_id,
        "couponId": row.coupon_id,
        "couponCode": row.code,
        "memberId": row.member_id,
        "assignmentCouponUsageId": row.assignment_id,
        "amountAssigned": row.amount_assigned,
        "amountUsed": used,
        "points": row.points,
        "ledgerTransactionId": None if row.transaction_id is None else str(row.transaction_id),
        "expiredAt": _instant(row.expires_ms),
        "systemUniqueKey": row.unique_key,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.created_ms if as_made else row.updated_ms),
        "revertedAt": None if as_made else _instant(row.reverted_ms),
    }


def _instant(at_ms: int | None) -> str | None:
    return None if at_ms is None else iso(at_ms)


def _book(row: CouponBook | None, book_id: int) -> CouponBook:
    if row is None:
        raise NotFound(f"There is no coupon book {book_id}.")
    return row

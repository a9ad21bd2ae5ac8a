"""Coupon books, coupons and their usages as answers show them."""

from collections.abc import Sequence

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.coupons.bodies import BookBody
from models.loyalty_core.coupons.queries import CONTENTS_OF_BOOKS
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponBookContent, CouponBookOffering, CouponUsage
from models.loyalty_core.money import from_units
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_book(uow: UnitOfWork, row: CouponBook, locale: str | None = None) -> Shown:
    """A book with its content in a locale, or in the book's default locale where there is none in that."""
    return show_books(uow, [row], locale)[0]


def show_books(uow: UnitOfWork, rows: Sequence[CouponBook], locale: str | None = None) -> list[Shown]:
    """Books in the order given, each as `show_book` does."""
    if not rows:
        return []
    locales = {row.default_locale for row in rows} | ({locale} if locale is not None else set())
    contents = {
        (one.book_id, one.locale): one
        for one in uow.rows(CONTENTS_OF_BOOKS, book_ids=[row.id for row in rows], locales=sorted(locales))
    }
    return [
        _show_book(
            uow, row, contents.get((row.id, locale or row.default_locale)) or contents.get((row.id, row.default_locale))
        )
        for row in rows
    ]


def _show_book(uow: UnitOfWork, row: CouponBook, content: CouponBookContent | None) -> Shown:
    locale = row.default_locale if content is None else content.locale
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
        "content": {} if content is None else content.content,
        "extraFields": {} if content is None else content.extra_fields,
        "isDefaultLocale": locale == row.default_locale,
        "requiredPointsConfig": {"ledgerId": row.ledger_id, "ledgerAccountId": row.account_id},
        "couponCount": row.coupon_count,
        "assignedCount": row.assigned,
        "usedCount": row.used,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_essence(row: CouponBook) -> BookBody:
    """The members of a book that mean the same in every organization: what an offering carries."""
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


def show_coupon(uow: UnitOfWork, row: Coupon) -> Shown:
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


def show_usage(uow: UnitOfWork, row: CouponUsage) -> Shown:
    """An assignment or a use."""
    return {
        "couponUsageId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "type": row.type,
        "status": row.status,
        "couponBookId": row.book_id,
        "couponId": row.coupon_id,
        "couponCode": row.code,
        "memberId": row.member_id,
        "assignmentCouponUsageId": row.assignment_id,
        "amountAssigned": row.amount_assigned,
        "amountUsed": row.amount_used,
        "points": row.points,
        "ledgerTransactionId": None if row.transaction_id is None else str(row.transaction_id),
        "expiredAt": _instant(row.expires_ms),
        "systemUniqueKey": row.unique_key,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
        "revertedAt": _instant(row.reverted_ms),
    }


def show_offering(row: CouponBookOffering) -> Shown:
    """An offering, made or received."""
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


def _instant(at_ms: int | None) -> str | None:
    return None if at_ms is None else iso(at_ms)

"""Refusals of coupon books and their coupons."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class ContentSchemaInUse(Conflict):
    """A coupon book uses the content schema."""

    code = "CONTENT_SCHEMA_IN_USE"


class ContentSchemaMissing(RuleViolation):
    """A version of a content schema is named without the schema."""

    code = "CONTENT_SCHEMA_MISSING"


class CouponBookArchived(Conflict):
    """The coupon book is archived: nothing of it changes any more."""

    code = "COUPON_BOOK_ARCHIVED"


class CouponBookCostsNothing(RuleViolation):
    """A pending transaction is to pay for what the book gives for nothing."""

    code = "COUPON_BOOK_COSTS_NOTHING"


class CouponBookNotBegun(Conflict):
    """The time of validity of the coupon book has not begun."""

    code = "COUPON_BOOK_NOT_BEGUN"


class CouponBookNotForMember(Conflict):
    """The member is not in the audiences and tiers of the book, or does not meet its condition."""

    code = "COUPON_BOOK_NOT_FOR_MEMBER"


class CouponBookNotFound(NotFound):
    """The organization has no such coupon book."""

    code = "COUPON_BOOK_NOT_FOUND"


class CouponBookNotPublished(Conflict):
    """The coupon book is a draft, disabled or archived."""

    code = "COUPON_BOOK_NOT_PUBLISHED"


class CouponBookOver(Conflict):
    """The time of validity of the coupon book is over."""

    code = "COUPON_BOOK_OVER"


class CouponBookStatusFinal(Conflict):
    """A coupon book does not go back to that status."""

    code = "COUPON_BOOK_STATUS_FINAL"


class CouponCodeTaken(Conflict):
    """The book has a coupon with the code."""

    code = "COUPON_CODE_TAKEN"


class CouponCountLimitReached(Conflict):
    """The book has as many coupons as it may."""

    code = "COUPON_COUNT_LIMIT_REACHED"


class CouponGivenOut(Conflict):
    """The code of a coupon that was given out does not change."""

    code = "COUPON_GIVEN_OUT"


class CouponLimitReached(Conflict):
    """The member has as many coupons of the book as one may have."""

    code = "COUPON_LIMIT_REACHED"


class CouponNotFound(NotFound):
    """The coupon book has no such coupon."""

    code = "COUPON_NOT_FOUND"


class CouponUsageNotFound(NotFound):
    """The organization has no such coupon usage."""

    code = "COUPON_USAGE_NOT_FOUND"


class CouponUsageReverted(Conflict):
    """The coupon usage was reverted before."""

    code = "COUPON_USAGE_REVERTED"


class CouponsExhausted(Conflict):
    """The book has fewer coupons left for the member than are asked for."""

    code = "COUPONS_EXHAUSTED"


class CouponsTaken(Conflict):
    """Some of the coupons that are asked for are given out already."""

    code = "COUPONS_TAKEN"


class DefaultLocaleContradicted(RuleViolation):
    """defaultLocale and isDefaultLocale name different locales."""

    code = "DEFAULT_LOCALE_CONTRADICTED"


class ExpiryPassed(RuleViolation):
    """The time in expiredAt has passed."""

    code = "EXPIRY_PASSED"


class LocaleLimitReached(RuleViolation):
    """The coupon book has content in as many locales as it may."""

    code = "LOCALE_LIMIT_REACHED"


class NoCouponLeft(Conflict):
    """The member has no coupon of the book, or none with the code, left to use."""

    code = "NO_COUPON_LEFT"


class OfferingDecided(Conflict):
    """The offering was accepted or rejected before."""

    code = "OFFERING_DECIDED"


class OfferingExists(Conflict):
    """The coupon book is on offer in the partnership already."""

    code = "OFFERING_EXISTS"


class OfferingNotFound(NotFound):
    """The organization has no such coupon book offering."""

    code = "OFFERING_NOT_FOUND"


class OfferingOwn(Conflict):
    """An offering is decided on by the partner, not by who made it."""

    code = "OFFERING_OWN"


class OfferingStatusInvalid(RuleViolation):
    """An offering is made with a status that only the partner can give it."""

    code = "OFFERING_STATUS_INVALID"


class OfferingTooLong(Conflict):
    """The coupon book has more content than can be offered."""

    code = "OFFERING_TOO_LONG"


class PendingTransactionUnfit(RuleViolation):
    """The pending transaction that is to pay takes no points of the member, or those of another account."""

    code = "PENDING_TRANSACTION_UNFIT"


class UniqueKeysUncounted(RuleViolation):
    """Several codes are assigned, and there is not one systemUniqueKey for each."""

    code = "UNIQUE_KEYS_UNCOUNTED"

"""The states of coupon books, their coupons' usages and their offerings, and the kinds of what a book is found by."""

from models.loyalty_core.coupons.tables import CouponUsage

DRAFT, PUBLISHED, DISABLED, ARCHIVED = "draft", "published", "disabled", "archived"
FOLLOWING = {
    DRAFT: {DRAFT, PUBLISHED, DISABLED, ARCHIVED},
    PUBLISHED: {PUBLISHED, DISABLED, ARCHIVED},
    DISABLED: {DISABLED, PUBLISHED, ARCHIVED},
    ARCHIVED: {ARCHIVED},
}
"""Which status of a book may follow which: an archived one stays so, and nothing becomes a draft again."""
TAG, TIER, AUDIENCE = "tag", "tier", "audience"
ASSIGNMENT, USE = "assignment", "use"
ASSIGNED, USED, REVERTED, EXPIRED = "assigned", "used", "reverted", "expired"
PENDING, ACCEPTED, REJECTED = "pending", "accepted", "rejected"


def is_over(row: CouponUsage, now_ms: int) -> bool:
    """Whether an assignment has expired, whether or not the job that records it has run; `queries.NOT_OVER` is the
    opposite in SQL.
    """
    return row.expires_ms is not None and row.expires_ms <= now_ms

"""Event types that every organization has, and how the causes of events are named."""

GENERIC = "member-generic-event"
EVENT_TYPES = (
    "member-purchase-order-created",
    "member-purchase-order-confirmed",
    "member-purchase-order-cancelled",
    "member-purchase-order-returned",
    "member-purchase-order-partially-returned",
    "member-created",
    "member-updated",
    "member-tier-set",
    "member-tier-removed",
    "member-profile-deactivated",
    GENERIC,
    "benefit-used",
    "coupon-code-assigned",
    "coupon-code-used",
    "badge-minted",
    "mission-status-updated",
    "ledger-transaction-created",
)
"""The built-in types of a member's events (facts: the types that the event list can be filtered by)."""
ORGANIZATION_EVENT_TYPES = frozenset({"user-invited"})
"""Types of events that are about no member: triggers can have them."""
ORDER_CAUSE = "purchase-order/"
"""What the cause of an event starts with that an order has led to; its number follows."""

"""Refusals of purchase orders."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class DiscountedTotalTooHigh(RuleViolation):
    """The discountedTotal is more than the total."""

    code = "DISCOUNTED_TOTAL_TOO_HIGH"


class OrderNotFound(NotFound):
    """The member has no such purchase order."""

    code = "ORDER_NOT_FOUND"


class OrderOfAnotherMember(Conflict):
    """The purchase order is another member's."""

    code = "ORDER_OF_ANOTHER_MEMBER"


class OrderStatusFinal(Conflict):
    """The status of the purchase order cannot become the one that is given."""

    code = "ORDER_STATUS_FINAL"

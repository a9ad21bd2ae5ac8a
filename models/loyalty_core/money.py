"""Amounts of money as this API's callers send them: numbers with at most four decimal places, in whatever currency.

They are kept as whole ten-thousandths, so that sums are exact. The documentation prints them as plain numbers.
"""

from models.kernel.money import in_units
from models.loyalty_core.problems import AmountTooFine

SCALE = 10_000


def to_units(amount: float) -> int:
    """A number of a request in ten-thousandths. Raises RuleViolation for more than four decimal places."""
    units = in_units(amount, SCALE)
    if units is None:
        raise AmountTooFine(f"The amount {amount} must have at most four decimal places.")
    return units


def optional_units(amount: float | None) -> int | None:
    """The same; None, which takes an amount away, stays None."""
    return None if amount is None else to_units(amount)


def from_units(units: int) -> int | float:
    """Ten-thousandths as the number that was sent; a whole one without a decimal point."""
    return units // SCALE if units % SCALE == 0 else units / SCALE

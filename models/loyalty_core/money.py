"""Amounts of money as this API's callers send them: numbers with at most four decimal places, in whatever currency.

They are kept as whole ten-thousandths, so that sums are exact. The documentation prints them as plain numbers.
"""

from models.kernel.findings import at
from models.kernel.money import in_units
from models.loyalty_core.problems import AmountTooFine

SCALE = 10_000


def to_units(amount: float, where: str = "") -> int:
    """A number of a request in ten-thousandths.

    Raises RuleViolation for more than four decimal places; `where` is its pointer.
    """
    units = in_units(amount, SCALE)
    if units is None:
        with at(where):
            raise AmountTooFine(f"The amount {amount} must have at most four decimal places.")
    return units


def kept(amount: float, where: str) -> int | float:
    """An amount that is kept as a number, without what a sum of binary fractions is off: 3.3000000000000003 is 3.3.

    Raises RuleViolation as `to_units`.
    """
    return from_units(to_units(amount, where))


def optional_units(amount: float | None, where: str = "") -> int | None:
    """The same; None, which takes an amount away, stays None."""
    return None if amount is None else to_units(amount, where)


def from_units(units: int) -> int | float:
    """Ten-thousandths as the number that was sent; a whole one without a decimal point."""
    return units // SCALE if units % SCALE == 0 else units / SCALE

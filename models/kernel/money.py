"""Amounts of money as callers send them: JSON numbers, kept as whole units of their last decimal place so that sums are
exact.
"""

TOLERANCE = 1e-9
"""Of an amount, or of 1 where it is less: what sums of binary fractions are off, such as 1.1 + 2.2 =
3.3000000000000003.
"""


def in_units(amount: float, scale: int) -> int | None:
    """An amount in units of 1/scale; None when no whole number of them is within TOLERANCE of it."""
    if isinstance(amount, int):
        return amount * scale
    units = round(amount * scale)
    return units if abs(amount - units / scale) <= TOLERANCE * max(1.0, abs(amount)) else None

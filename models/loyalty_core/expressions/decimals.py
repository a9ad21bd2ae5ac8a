"""Numbers of expressions: whole ones are int, all others decimal, so that 1.15 * 100 is 115 and no more or less.

JSON gives a number with a fraction as a float; it is read as the decimal number that it is written as (`exact`). Each
operation keeps 34 digits (those of IEEE 754's decimal128), whatever the exponents: it takes the same time for all
numbers.
"""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    InvalidOperation,
    Overflow,
)
from sys import float_info
from typing import TypeGuard, overload

from models.loyalty_core.expressions.errors import EvaluationError
from models.loyalty_core.expressions.nodes import NUMBER_MAX

Number = int | Decimal
PRECISION = 34
"""Significant digits of what is calculated."""
WHOLE_PLACES = 15
"""Decimal places that count when a number is made whole: what lies beyond them is left by a division that does not come
out even.
"""
OUT_OF_BOUNDS = "a number goes out of bounds"
_TOO_LARGE = f"a whole number goes beyond {NUMBER_MAX}"
_MAX = Decimal(repr(float_info.max))
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(WHOLE_PLACES + 1))
_LARGE_BITS = 1_100
"""An integer of more bits is beyond every decimal number here."""
_CONTEXT = Context(
    prec=PRECISION, rounding=ROUND_HALF_EVEN, Emin=-400, Emax=400, clamp=0, traps=[InvalidOperation, Overflow]
)


@overload
def exact(value: float | Decimal) -> Number: ...
@overload
def exact(value: object) -> object: ...
def exact(value: object) -> object:
    """A float as the decimal number that JSON writes for it; everything else as it is."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def as_whole(number: float | Decimal) -> int | None:
    """A number as an int if it is whole, as 1.5 * 2 is, and within the bounds; else None."""
    if isinstance(number, float):
        number = Decimal(repr(number))
    if not -NUMBER_MAX <= number <= NUMBER_MAX or number != int(number):
        return None
    return int(number)


def is_fraction(value: object) -> TypeGuard[float | Decimal]:
    """Whether a value is a number that need not be whole."""
    return isinstance(value, float | Decimal)


def rendered(number: Decimal) -> float:
    """A decimal number as JSON has it: the nearest float, and 0.0 for -0.0, which 0.0 * -1 and round(-0.04, 1) are."""
    return float(number) + 0.0


def bounded(number: Number) -> Number:
    """A number within the bounds: whole ones to 2^53 - 1, others to what JSON's readers can hold.

    Raises EvaluationError.
    """
    if isinstance(number, int):
        if not -NUMBER_MAX <= number <= NUMBER_MAX:
            raise EvaluationError(_TOO_LARGE)
    elif not number.is_finite() or number.copy_abs() > _MAX:
        raise EvaluationError(OUT_OF_BOUNDS)
    return number


def negative(number: Number) -> Number:
    """The number with the other sign."""
    return -number if isinstance(number, int) else number.copy_negate()


def positive(number: Number) -> Number:
    """The number without its sign."""
    return abs(number) if isinstance(number, int) else number.copy_abs()


def operated(operator: str, one: Number, other: Number) -> Number:
    """The value of `one operator other`. Raises EvaluationError for a division by zero and a result out of bounds."""
    try:
        return bounded(_OPERATIONS[operator](one, other))
    except (InvalidOperation, Overflow):
        raise EvaluationError(OUT_OF_BOUNDS) from None


@overload
def comparable(value: float | Decimal) -> Number: ...
@overload
def comparable(value: object) -> object: ...
def comparable(value: object) -> object:
    """What is compared in a value's place: a decimal number for a float, infinity for an integer beyond all decimal
    numbers. Data may have one of thousands of digits, which would take long to compare.
    """
    if isinstance(value, int) and value.bit_length() > _LARGE_BITS:
        return Decimal("Infinity") if value > 0 else Decimal("-Infinity")
    return exact(value)


def floor(number: Number) -> int:
    """The whole number that is not above a number. Raises EvaluationError for one beyond the bounds."""
    return _cut(number, ROUND_FLOOR)


def ceiling(number: Number) -> int:
    """The whole number that is not below a number. Raises EvaluationError for one beyond the bounds."""
    return _cut(number, ROUND_CEILING)


def rounded(number: Number, digits: int) -> Number:
    """A number with so many decimal places, halves away from 0; whole without any.

    Raises EvaluationError for one beyond the bounds.
    """
    if isinstance(number, int):
        return number
    near = _quantized(number, digits, ROUND_HALF_UP)
    return near if digits else int(near)


def _cut(number: Number, rounding: str) -> int:
    if isinstance(number, int):
        return int(bounded(number))
    if number.copy_abs() > NUMBER_MAX:
        raise EvaluationError(_TOO_LARGE)
    whole = _quantized(number, WHOLE_PLACES, ROUND_HALF_EVEN).to_integral_value(rounding, _CONTEXT)
    return int(bounded(int(whole)))


def _quantized(number: Decimal, places: int, rounding: str) -> Decimal:
    if number.copy_abs() > NUMBER_MAX:  # before its digits are written out: an exponent may ask for hundreds
        raise EvaluationError(OUT_OF_BOUNDS)
    return number.quantize(_QUANTA[places], rounding=rounding, context=_CONTEXT)


def _divide(one: Number, other: Number) -> Number:
    if other == 0:
        raise EvaluationError("a number is divided by zero")
    if isinstance(one, int) and isinstance(other, int) and one % other == 0:
        return one // other
    return _CONTEXT.divide(one, other)


def _remainder(one: Number, other: Number) -> Number:
    if other == 0:
        raise EvaluationError("a number is divided by zero")
    if isinstance(one, int) and isinstance(other, int):
        return one % other
    left = _CONTEXT.remainder(one, other)
    return _CONTEXT.add(left, other) if left and (left < 0) != (other < 0) else left


def _of_both(whole: Callable[[int, int], int], decimal: Callable[[Number, Number], Decimal]) -> Callable[..., Number]:
    return lambda one, other: (
        whole(one, other) if isinstance(one, int) and isinstance(other, int) else decimal(one, other)
    )


_OPERATIONS: dict[str, Callable[[Number, Number], Number]] = {
    "+": _of_both(lambda one, other: one + other, _CONTEXT.add),
    "-": _of_both(lambda one, other: one - other, _CONTEXT.subtract),
    "*": _of_both(lambda one, other: one * other, _CONTEXT.multiply),
    "/": _divide,
    "%": _remainder,
}
ARITHMETIC = frozenset(_OPERATIONS)

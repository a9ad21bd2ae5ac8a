"""What operators do with values. Null in arithmetic gives null; unlike types are never equal and never in order."""

from collections.abc import Callable
from operator import ge, gt, le, lt

from models.loyalty_core.expressions.decimals import Number, comparable, negative, operated
from models.loyalty_core.expressions.errors import EvaluationError
from models.loyalty_core.expressions.values import Steps, Value, is_number, kind_of, made, number_of, same

DECIMAL_STEPS = 2
"""Further steps of arithmetic with decimal numbers."""


def negate(value: Value) -> Value:
    """The number with the other sign; null for null. Raises EvaluationError."""
    return None if value is None else negative(number_of(value, "-"))


def calculate(steps: Steps, operator: str, left: Value, right: Value) -> Value:
    """Arithmetic; `+` also joins texts. Raises EvaluationError."""
    if left is None or right is None:
        return None
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return made(steps.read(left) + steps.read(right))
    return arithmetic(steps, operator, number_of(left, operator), number_of(right, operator))


def arithmetic(steps: Steps, operator: str, one: Number, other: Number) -> Number:
    """The value of `one operator other`; decimal numbers take a step more than whole ones. Raises EvaluationError."""
    steps.spend(1 if isinstance(one, int) and isinstance(other, int) else DECIMAL_STEPS)
    return operated(operator, one, other)


def compare(steps: Steps, operator: str, left: Value, right: Value) -> bool:
    """Whether a comparison holds; it is never an error."""
    if operator in ("==", "!="):
        return same(steps, left, right) == (operator == "==")
    if operator in ("in", "not in"):
        return is_in(steps, left, right) == (operator == "in")
    if isinstance(left, float) and isinstance(right, float):
        return _ORDER[operator](left, right)
    if is_number(left) and is_number(right):
        return _ORDER[operator](comparable(left), comparable(right))
    if isinstance(left, str) and isinstance(right, str):
        return _ORDER[operator](steps.read(left), steps.read(right))
    return False


def is_in(steps: Steps, item: Value, whole: Value) -> bool:
    """Whether an item is one of a list, a text part of a text, a name one of an object's; false for all else."""
    if isinstance(whole, list):
        return any(same(steps, item, one) for one in whole)
    if not isinstance(item, str):
        return False
    if isinstance(whole, str):
        return steps.search(item, whole)
    return isinstance(whole, dict) and steps.read(item) in whole


_ORDER: dict[str, Callable[[Number | float | str, Number | float | str], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def list_of(value: Value, what: str) -> list[Value]:
    """A list; null counts as an empty one. Raises EvaluationError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise EvaluationError(f"{what} needs a list, not {kind_of(value)}")
    return value

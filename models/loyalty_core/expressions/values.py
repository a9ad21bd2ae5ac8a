"""Values, which are those of JSON: which are true, which are equal, what can be calculated with, and how much work it
is.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias, TypeGuard

from models.kernel.budgets import Limits
from models.loyalty_core.expressions.decimals import Number, bounded, comparable, exact, rendered
from models.loyalty_core.expressions.errors import EvaluationError

STEPS_MAX = Limits().expression_steps
"""Steps of one evaluation, unless a server is set up otherwise: nodes that are evaluated, items, members and stretches
of text.
"""
TEXT_MAX = 10_000
"""Characters of a text that an expression makes."""
STRETCH_CHARACTERS = 64
COMPARED_PER_STEP = 1_000
"""Pairs of characters that a search in a text compares in the time of one step."""
LINEAR_CHARACTERS = 30_000
"""From this length on a text is searched in linear time, whatever the part (CPython's two-way search)."""
COMPARED_MAX = 3_000_000
"""Pairs that a search in a shorter text compares at most: from 2,500 characters on only parts below 100 are compared at
each place.
"""
VALUES_PER_STEP = 2
"""Values of a result that are counted in the time of one step."""
RESULT_MAX = 50_000
"""Values in a result, each as often as it stands there; a stretch of text counts as one more."""

Value: TypeAlias = object
"""None, bool, int, float, Decimal, str, a list or dict of these. Floats come from the data; what is calculated is int
or Decimal.
"""


class Steps:
    """How many steps an evaluation may still take."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int = STEPS_MAX) -> None:
        self.left = self.limit = limit

    @property
    def used(self) -> int:
        """The steps that were taken: one more than the limit when it was exceeded, by however much."""
        return self.limit - max(self.left, -1)

    def spend(self, count: int = 1) -> None:
        """Raises EvaluationError when there are not so many left."""
        self.left -= count
        if self.left < 0:
            raise EvaluationError(f"this takes more than {self.limit} steps")

    def read(self, text: str) -> str:
        """A text that is looked at as a whole."""
        self.spend(1 + len(text) // STRETCH_CHARACTERS)
        return text

    def search(self, part: str, text: str) -> bool:
        """Whether a text has a part.

        Counts as if it were compared with the part at each of its places, which a bad part brings about.
        """
        self.spend(2 + (len(part) + len(text)) // STRETCH_CHARACTERS)
        compared = len(part) * max(0, len(text) - len(part))
        self.spend(min(compared, COMPARED_MAX) // COMPARED_PER_STEP if len(text) < LINEAR_CHARACTERS else 0)
        return part in text

    def read_names(self, names: Mapping[str, object]) -> None:
        """The names of an object that are looked at, one after another."""
        self.spend(len(names) + sum(map(len, names)) // STRETCH_CHARACTERS)


def truth(value: Value) -> bool:
    """Whether a value counts as true: all do but null, false, 0, and text, lists and objects that are empty."""
    return bool(value)


def is_number(value: Value) -> TypeGuard[float | Decimal]:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def number_of(value: Value, what: str) -> Number:
    """A number that can be calculated with. Raises EvaluationError."""
    if not is_number(value):
        raise EvaluationError(f"{what} needs numbers, not {kind_of(value)}")
    return bounded(exact(value))


def text_of(value: Value, what: str) -> str:
    """A text. Raises EvaluationError."""
    if not isinstance(value, str):
        raise EvaluationError(f"{what} needs a text, not {kind_of(value)}")
    return value


def made(text: str) -> str:
    """A text that was made here. Raises EvaluationError for one that is too long."""
    if len(text) > TEXT_MAX:
        raise EvaluationError(f"a text gets longer than {TEXT_MAX} characters")
    return text


def kind_of(value: Value) -> str:
    """What a value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if is_number(value):
        return "a number"
    return "a text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"


def same(steps: Steps, one: Value, other: Value) -> bool:
    """Whether two values are equal as JSON: 1 is 1.0, but true is not 1."""
    if not isinstance(one, list | dict | str):
        steps.spend()
        return _same_scalar(steps, one, other)
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        steps.spend()
        if isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return False
            steps.spend(len(left))
            waiting += zip(left, right, strict=True)
        elif isinstance(left, dict) and isinstance(right, dict):
            steps.read_names(left)
            if left.keys() != right.keys():
                return False
            waiting += [(value, right[name]) for name, value in left.items()]
        elif isinstance(left, str) and isinstance(right, str):
            if steps.read(left) != right:
                return False
        elif not _same_scalar(steps, left, right):
            return False
    return True


def _same_scalar(steps: Steps, one: Value, other: Value) -> bool:
    if type(one) is type(other):
        return bool(one == other)
    if not (is_number(one) and is_number(other)):
        return False
    steps.spend()  # one of them becomes a decimal number
    return bool(comparable(one) == comparable(other))


def as_json(value: Value) -> Value:
    """A value with its decimal numbers as JSON has them; lists are copied, and those of the data stay as they are."""
    if isinstance(value, Decimal):
        return rendered(value)
    return [as_json(item) for item in value] if isinstance(value, list) else value


def check_result(steps: Steps, value: Value) -> Value:
    """The value, if it is not too large: lists may hold one large value many times.

    Counting takes a step for each two values.

    Raises EvaluationError.
    """
    waiting, count = [value], 0
    while waiting:
        one = waiting.pop()
        count += 1
        if isinstance(one, str):
            count += len(one) // STRETCH_CHARACTERS
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            count += sum(map(len, one)) // STRETCH_CHARACTERS
            waiting += one.values()
        if count + len(waiting) > RESULT_MAX:
            steps.left -= count // VALUES_PER_STEP + len(waiting) // STRETCH_CHARACTERS
            raise EvaluationError("the result is too large")
    steps.spend(count // VALUES_PER_STEP)
    return value

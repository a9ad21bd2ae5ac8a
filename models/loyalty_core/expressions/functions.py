"""The functions by their names.

Each takes the evaluation, its values, and what a lambda makes of an item, if one is given.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Protocol

import orjson

from models.loyalty_core.expressions.dates import CALENDAR, DATES
from models.loyalty_core.expressions.decimals import (
    Number,
    as_whole,
    bounded,
    ceiling,
    comparable,
    floor,
    positive,
    rendered,
    rounded,
)
from models.loyalty_core.expressions.errors import EvaluationError
from models.loyalty_core.expressions.operators import arithmetic, calculate, is_in, list_of
from models.loyalty_core.expressions.values import (
    STRETCH_CHARACTERS,
    Steps,
    Value,
    is_number,
    kind_of,
    made,
    number_of,
    text_of,
    truth,
)

DIGITS_MAX = 6
SLOW_STEPS = 4
"""Further steps of a function of instants, of rounding, or of a number as text: they take as long as so many nodes."""
CALENDAR_STEPS = 8
"""Further steps of a function that counts in calendar months."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,20})?")
Each = Callable[[Value], Value]


class Run(Protocol):
    """The evaluation that calls."""

    now_ms: int
    steps: Steps


Function = Callable[[Run, list[Value], Each | None], Value]


def _each_of(run: Run, values: list[Value], each: Each | None, what: str) -> Iterator[Value]:
    """The items of the list that the first value is, or what the lambda makes of them, one after another."""
    for item in list_of(values[0], what):
        run.steps.spend()
        yield item if each is None else each(item)


def _sum(run: Run, values: list[Value], each: Each | None) -> Value:
    total: Number = 0
    for item in _each_of(run, values, each, "it"):
        if item is not None:
            total = arithmetic(run.steps, "+", total, number_of(item, "it"))
    return total


def _count(run: Run, values: list[Value], each: Each | None) -> Value:
    if each is None:
        return len(list_of(values[0], "it"))
    return sum(truth(item) for item in _each_of(run, values, each, "it"))


def _average(run: Run, values: list[Value], each: Each | None) -> Value:
    found = [item for item in _each_of(run, values, each, "it") if item is not None]
    return calculate(run.steps, "/", _sum(run, [found], None), len(found)) if found else None


def _any(run: Run, values: list[Value], each: Each | None) -> Value:
    return any(truth(item) for item in _each_of(run, values, each, "it"))


def _all(run: Run, values: list[Value], each: Each | None) -> Value:
    return all(truth(item) for item in _each_of(run, values, each, "it"))


def _extreme(best: Callable[..., Value]) -> Function:
    def function(run: Run, values: list[Value], each: Each | None) -> Value:
        items = values if len(values) > 1 else list(_each_of(run, values, each, "one argument"))
        found = [item for item in items if item is not None]
        if not (all(map(is_number, found)) or all(isinstance(item, str) for item in found)):
            raise EvaluationError("it needs only numbers or only texts")
        for item in found:
            run.steps.spend(1 + (len(item) // STRETCH_CHARACTERS if isinstance(item, str) else 0))
        return best(found, key=comparable) if found else None

    return function


def _filter(run: Run, values: list[Value], each: Each | None) -> Value:
    assert each is not None, "the signature asks for it"
    return [item for item in _each_of(run, values, None, "it") if truth(each(item))]


def _map(run: Run, values: list[Value], each: Each | None) -> Value:
    made_of: list[Value] = []
    for item in _each_of(run, values, each, "it"):
        if isinstance(item, list):
            run.steps.spend(len(item))
            made_of += item
        elif item is not None:
            made_of.append(item)
    return made_of


def _place(place: int) -> Function:
    def function(_run: Run, values: list[Value], _each: Each | None) -> Value:
        items = list_of(values[0], "it")
        return items[place] if items else None

    return function


def _plain(take: Callable[..., Value]) -> Function:
    """A function that is null when its first value is."""
    return lambda run, values, _each: None if values[0] is None else take(run, *values)


def _edge(test: Callable[[str, str], bool]) -> Function:
    def function(run: Run, values: list[Value], _each: Each | None) -> Value:
        return None not in values and test(*(run.steps.read(text_of(value, "it")) for value in values))

    return function


def _case(change: Callable[[str], str]) -> Callable[[Run, Value], Value]:
    # A text that is too long already is refused before the work; some get longer by it.
    return lambda run, value: made(change(made(run.steps.read(text_of(value, "it")))))


def _text(run: Run, value: Value) -> Value:
    run.steps.spend(SLOW_STEPS)
    if isinstance(value, list | dict):
        raise EvaluationError(f"it takes no {kind_of(value).partition(' ')[2]}")
    if is_number(value):
        number = number_of(value, "it")
        value = rendered(number) if isinstance(number, Decimal) else number
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _number(run: Run, value: Value) -> Value:
    if is_number(value):
        return number_of(value, "it")
    if not isinstance(value, str) or _NUMBER.fullmatch(run.steps.read(value)) is None:
        return None
    return bounded(Decimal(value) if "." in value else int(value))


def _rounded(run: Run, value: Value, digits: Value = 0) -> Value:
    run.steps.spend(SLOW_STEPS)
    number = number_of(value, "it")
    places = as_whole(digits) if is_number(digits) else None
    if places is None or not 0 <= places <= DIGITS_MAX:
        raise EvaluationError(f"the number of digits is a whole number from 0 to {DIGITS_MAX}")
    return rounded(number, places)


def _date(take: Callable[..., Value], steps: int) -> Function:
    """A function of instants, which is null when one of its values is."""

    def function(run: Run, values: list[Value], _each: Each | None) -> Value:
        run.steps.spend(steps)
        return None if None in values else take(*values)

    return function


def _whole(cut: Callable[[Number], int]) -> Callable[[Run, Value], Value]:
    def function(run: Run, value: Value) -> Value:
        run.steps.spend(SLOW_STEPS)
        return cut(number_of(value, "it"))

    return function


_INSTANT = _date(DATES["instant"], SLOW_STEPS)
FUNCTIONS: dict[str, Function] = {
    "sum": _sum,
    "count": _count,
    "average": _average,
    "any": _any,
    "all": _all,
    "min": _extreme(min),
    "max": _extreme(max),
    "filter": _filter,
    "map": _map,
    "first": _place(0),
    "last": _place(-1),
    "contains": lambda run, values, _each: is_in(run.steps, values[1], values[0]),
    "startsWith": _edge(str.startswith),
    "endsWith": _edge(str.endswith),
    "lower": _plain(_case(str.lower)),
    "upper": _plain(_case(str.upper)),
    "trim": _plain(_case(str.strip)),
    "length": _plain(lambda _run, value: len(text_of(value, "it"))),
    "text": _plain(_text),
    "number": _plain(_number),
    "abs": _plain(lambda _run, value: positive(number_of(value, "it"))),
    "floor": _plain(_whole(floor)),
    "ceil": _plain(_whole(ceiling)),
    "round": _plain(_rounded),
    "coalesce": lambda _run, values, _each: next((value for value in values if value is not None), None),
    "now": lambda run, _values, _each: _INSTANT(run, [run.now_ms], None),
    **{name: _date(take, CALENDAR_STEPS if name in CALENDAR else SLOW_STEPS) for name, take in DATES.items()},
}

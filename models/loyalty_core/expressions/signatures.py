"""The functions that expressions may call: how many arguments each takes, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.loyalty_core.expressions.nodes import Lambda, Node

NUMBER, STRING, BOOLEAN, ARRAY, ANY = "number", "string", "boolean", "array", "any"
ARGUMENTS_MAX = 20


@dataclass(frozen=True, slots=True)
class Signature:
    """`each` says what the second argument is: never a lambda, a lambda if there is one, always one, or either."""

    least: int
    most: int
    returns: str
    each: str = "never"


SIGNATURES: dict[str, Signature] = {
    "sum": Signature(1, 2, NUMBER, "lambda"),
    "count": Signature(1, 2, NUMBER, "lambda"),
    "average": Signature(1, 2, NUMBER, "lambda"),
    "any": Signature(1, 2, BOOLEAN, "lambda"),
    "all": Signature(1, 2, BOOLEAN, "lambda"),
    "min": Signature(1, ARGUMENTS_MAX, ANY, "either"),
    "max": Signature(1, ARGUMENTS_MAX, ANY, "either"),
    "filter": Signature(2, 2, ARRAY, "lambda"),
    "map": Signature(2, 2, ARRAY, "lambda"),
    "first": Signature(1, 1, ANY),
    "last": Signature(1, 1, ANY),
    "contains": Signature(2, 2, BOOLEAN),
    "startsWith": Signature(2, 2, BOOLEAN),
    "endsWith": Signature(2, 2, BOOLEAN),
    "lower": Signature(1, 1, STRING),
    "upper": Signature(1, 1, STRING),
    "trim": Signature(1, 1, STRING),
    "length": Signature(1, 1, NUMBER),
    "text": Signature(1, 1, STRING),
    "number": Signature(1, 1, NUMBER),
    "abs": Signature(1, 1, NUMBER),
    "floor": Signature(1, 1, NUMBER),
    "ceil": Signature(1, 1, NUMBER),
    "round": Signature(1, 2, NUMBER),
    "coalesce": Signature(1, ARGUMENTS_MAX, ANY),
    "now": Signature(0, 0, STRING),
    "instant": Signature(1, 1, STRING),
    "addMinutes": Signature(2, 2, STRING),
    "addHours": Signature(2, 2, STRING),
    "addDays": Signature(2, 2, STRING),
    "addMonths": Signature(2, 2, STRING),
    "addYears": Signature(2, 2, STRING),
    "minutesBetween": Signature(2, 2, NUMBER),
    "hoursBetween": Signature(2, 2, NUMBER),
    "daysBetween": Signature(2, 2, NUMBER),
    "year": Signature(1, 1, NUMBER),
    "month": Signature(1, 1, NUMBER),
    "day": Signature(1, 1, NUMBER),
    "hour": Signature(1, 1, NUMBER),
    "minute": Signature(1, 1, NUMBER),
    "weekday": Signature(1, 1, NUMBER),
}


def fault_of(function: str, arguments: Sequence[Node]) -> str | None:
    """What is wrong with a call, None when nothing is."""
    signature = SIGNATURES.get(function)
    if signature is None:
        return f"there is no function {function[:64]}, but {', '.join(SIGNATURES)}"
    if not signature.least <= len(arguments) <= signature.most:
        expected = (
            str(signature.least) if signature.least == signature.most else f"{signature.least} to {signature.most}"
        )
        return f"{function} takes {expected} arguments, not {len(arguments)}"
    lambdas = [number for number, argument in enumerate(arguments) if isinstance(argument, Lambda)]
    if lambdas and (signature.each == "never" or lambdas != [1] or len(arguments) != 2):
        return f"{function} takes no lambda there"
    if signature.each == "lambda" and len(arguments) == 2 and not lambdas:
        return f"the second argument of {function} is a lambda such as item => item.price"
    return None

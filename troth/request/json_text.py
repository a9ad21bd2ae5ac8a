"""JSON text (RFC 8259) as Python values, with limits that are checked on the bytes, before anything is built from them.

Parsing a MiB of `[],[],` takes 70 ms, of nested arrays 100 ms, and a token request is parsed before any credential is
known. So nesting and the number of values are bounded first. The checks are `replace`, `split`, `translate` and
`count`, which run in C.
"""

import json
import math
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, NoReturn

import orjson

from models.kernel.pointers import shortened_pointer
from models.kernel.problems import RequestProblem

DEPTH_MAX = 64
VALUES_MAX = 50_000
"""Members of objects and arrays in one body. The longest list of a contract has 10,000."""

DIGITS_MAX = 4_300
"""Of an integer: Python reads and writes no longer ones."""

_OTHERS = bytes(set(range(256)) - set(b"[]{},"))
_STEPS = bytes.maketrans(b"[{]},", bytes([2, 2, 0, 0, 1]))
_DEPTH_CHANGES = (-1, 0, 1)
"""By the byte that `_STEPS` gives: a bracket closes, a comma, a bracket opens."""

_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG = b"0" * 19
"""Digits of the smallest integer beyond 64 bits, where every digit is written as 0."""


def decode_json(body: bytes) -> Any:
    """The value of a JSON text: UTF-8, at most 64 levels deep, at most 50,000 values, without NUL characters.

    Raises RequestProblem.

    Integers have at most `DIGITS_MAX` digits, and are exact.
    """
    check_size(body)
    try:
        value = _exact(body) if _LONG in body.translate(_DIGITS) else orjson.loads(body)
    except ValueError as error:
        raise RequestProblem(f"The body is not valid JSON: {error}.") from error
    # In valid JSON a backslash is inside a string, and without the escaped backslashes \u0000 can only be the escape of
    # NUL.
    if b"\\u0000" in body and b"\\u0000" in body.replace(b"\\\\", b""):
        raise RequestProblem(nul_at(shortened_pointer(_path_of_nul(value) or ())))
    return value


def nul_at(place: str) -> str:
    """What is said of a NUL character in a member of a body; of one in the name of a member, `place` is what holds the
    member.
    """
    return f"The body holds a NUL character at {place}." if place else "The body holds a NUL character."


def _path_of_nul(value: Any) -> tuple[str | int, ...] | None:
    """The path of the first text with a NUL character, or of the object in which a name has one; None where there is
    none.
    """
    if isinstance(value, str):
        return () if "\0" in value else None
    if isinstance(value, dict):
        if any("\0" in name for name in value):
            return ()
        return _first_within(value.items())
    return _first_within(enumerate(value)) if isinstance(value, list) else None


def _first_within(items: Iterable[tuple[str | int, Any]]) -> tuple[str | int, ...] | None:
    for step, one in items:
        found = _path_of_nul(one)
        if found is not None:
            return (step, *found)
    return None


def _exact(body: bytes) -> Any:
    """The value of a JSON text with integers beyond 64 bits, which orjson makes floats of.

    Raises ValueError as orjson does.
    """
    value = json.loads(body.decode(), parse_constant=_refused, parse_float=_finite, parse_int=_bounded)
    if b"\\u" in body:
        json.dumps(value, ensure_ascii=False).encode()  # raises for a lone surrogate
    return value


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def _bounded(text: str) -> int:
    # Python's own words for this are about Python.
    if len(text.lstrip("-")) > DIGITS_MAX:
        raise ValueError(f"an integer has more than {DIGITS_MAX:,} digits")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is larger than a double")
    return number


def check_size(body: bytes) -> None:
    """Refuse a JSON text with too many levels or values.

    What is not JSON need not be found here. Raises RequestProblem.
    """
    brackets = body.count(b"[") + body.count(b"{")
    if brackets <= DEPTH_MAX and brackets + body.count(b",") <= VALUES_MAX:
        return  # also with all brackets and commas that are in strings
    steps = _structure(body)
    if max(accumulate(map(_DEPTH_CHANGES.__getitem__, steps[: 2 * VALUES_MAX])), default=0) > DEPTH_MAX:
        raise RequestProblem(f"The body is nested deeper than {DEPTH_MAX} levels.")
    if len(steps) - steps.count(0) > VALUES_MAX:
        raise RequestProblem(f"The body holds more than {VALUES_MAX:,} values.")


def _structure(body: bytes) -> bytes:
    """The brackets and commas outside strings, as `_STEPS`.

    In what is not JSON, strings may be seen where there are none, but only behind the place where the parser stops.
    """
    if b'"' in body:
        if b"\\" in body:
            body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
        # Empty strings first: a MiB of quotes would be split into as many pieces.
        body = b"".join(body.replace(b'""', b"").split(b'"')[::2])
    return body.translate(_STEPS, _OTHERS)


def is_larger_than(body: bytes, values: int) -> bool:
    """Whether a body may have more than so many values; brackets and commas in strings count too."""
    return body.count(b"[") + body.count(b"{") + body.count(b",") > values

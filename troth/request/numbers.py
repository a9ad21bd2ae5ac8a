"""Whole numbers that are written with a fraction or an exponent: 5.0 and 4.2e1 are integers (JSON Schema, draft 6 and
later).

The validator counts them as numbers only (Draft 4, as OpenAPI 3.0 has it). A value that it refuses is converted here
wherever its schema says integer, and validated once more; a value that it takes stays as it was sent, so that free-form
members do too.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from troth.request.schemas import Schema, without_null

Resolve = Callable[[Any], Any]
Accepts = Callable[[Schema, Any], bool]

_WRITTEN = re.compile(rb"[0-9](?:\.0|[eE])")


def may_hold_whole_floats(body: bytes) -> bool:
    """Whether a JSON text may have a whole number that is written with a fraction or an exponent."""
    return _WRITTEN.search(body) is not None


def whole_of_text(text: str) -> int | None:
    """The integer that a JSON number stands for; None for one that is not whole or is larger than a double."""
    number = float(text)
    return int(number) if math.isfinite(number) and number.is_integer() else None


def with_integers(value: Any, schema: Schema, resolve: Resolve, accepts: Accepts) -> Any:
    """A value of a request with whole floats as integers where its schema says integer; not changed in place.

    `schema` is the value's schema in the raw document, `accepts` says whether a schema of it takes a value: of
    alternatives, the first that takes the converted value counts, and none when one takes the value as it is.
    """
    node = without_null(resolve(schema), resolve)
    if isinstance(value, float):
        if node.get("type") == "integer" and value.is_integer():
            return int(value)
    elif isinstance(value, dict):
        value = _object(value, node, resolve, accepts)
    elif isinstance(value, list):
        items = node.get("items")
        value = [with_integers(item, items, resolve, accepts) for item in value] if items else value
    for part in node.get("allOf", ()):
        value = with_integers(value, part, resolve, accepts)
    choices = node.get("oneOf") or node.get("anyOf")
    return _chosen(value, choices, resolve, accepts) if choices else value


def _object(value: dict[str, Any], node: Schema, resolve: Resolve, accepts: Accepts) -> dict[str, Any]:
    members, others = node.get("properties", {}), node.get("additionalProperties")
    rest = others if isinstance(others, dict) else {}
    return {name: with_integers(part, members.get(name, rest), resolve, accepts) for name, part in value.items()}


def _chosen(value: Any, choices: list[Schema], resolve: Resolve, accepts: Accepts) -> Any:
    if any(accepts(choice, value) for choice in choices):
        return value
    for choice in choices:
        converted = with_integers(value, choice, resolve, accepts)
        if accepts(choice, converted):
            return converted
    return value

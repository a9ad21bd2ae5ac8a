"""What each keyword of a JSON Schema asks of a value itself, in checks: one is about 50 ns of the validator.

Measured with the validator that is used, each against its worst value; the table is complete for the drafts 4 to
2020-12.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

from models.loyalty_core.organization.pattern_sizes import NESTED_FACTOR, pattern_size

NODE_CHECKS = 4
"""Comparing a value within a list or an object with another one."""
FEW_ITEMS, FEW_ITEMS_CHECKS = 15, 30
"""So many items are compared each with each for `uniqueItems`; more of them are hashed."""
MATCH_CHECKS = 20
"""Matching any text with a regular expression, before its characters are looked at."""
GOING_BACK_CHECKS = 500
"""The same where the engine may go back."""
PLACES_PER_CHECK = 10
"""Places of a regular expression that are followed, for one character, in the time of one check."""
BACKTRACKS_MAX = 5_000
"""Steps back that matching one text may take, about 0.1 ms: `(a|aa)+\\1b` would take longer with each letter."""
FRACTION_CHECKS = 80
"""Dividing a number by a fraction exactly."""
CHARACTERS_PER_NODE = 50
"""Characters of a text that are compared, hashed or copied in the time of a value."""
SIZE_PER_ERROR = 50
"""Values that are copied in the time that making an error takes."""

_Cost = Callable[[object, object], int]


class OwnCosts:
    """Costs of keywords, with the sizes of values and lists of choices remembered while these live."""

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}
        self._choices: dict[int, dict[type, int]] = {}
        self.keywords: dict[str, _Cost] = {
            "const": lambda part, value: self._choice_cost([part], value),
            "contentMediaType": lambda _part, value: len(value) // 2 if isinstance(value, str) else 0,
            "contentEncoding": lambda _part, value: self.size_of(value) if isinstance(value, str) else 0,
            "dependencies": _dependencies,
            "dependentRequired": _dependencies,
            "dependentSchemas": _dependencies,
            "enum": lambda part, value: self._choice_cost(part, value) if isinstance(part, list) else 0,
            "format": _format,
            "maxLength": _characters,
            "minLength": _characters,
            "multipleOf": _multiple,
            "pattern": lambda part, value: match_cost(part, [value]) if isinstance(value, str) else 0,
            "patternProperties": _names_matched,
            "properties": lambda part, value: min(_length(part), _length(value)),
            "required": lambda part, value: (
                1 + len(part) // 2 if isinstance(part, list) and isinstance(value, dict) else 0
            ),
            "type": lambda part, _value: len(part) if isinstance(part, list) else 0,
            "uniqueItems": self._unique,
        }
        """What a keyword costs by its value in the schema and the value that it is held against."""

    def of(self, schema: dict[str, object], value: object) -> tuple[int, int]:
        """The checks that a schema asks of a value beyond one, and the errors that may come of it."""
        checks, errors = len(schema), len(schema)
        for name, part in schema.items():
            if name in self.keywords:
                checks += self.keywords[name](part, value)
            if name == "required" and isinstance(part, list):
                errors += len(part)
            elif name in ("dependentRequired", "dependencies") and isinstance(part, dict):
                errors += sum(len(names) for names in part.values() if isinstance(names, list))
        if "patternProperties" in schema and "additionalProperties" in schema:  # which looks at the same patterns again
            checks += _names_matched(schema["patternProperties"], value)
        return checks, errors * (1 + self.size_of(value) // SIZE_PER_ERROR)

    def size_of(self, value: object) -> int:
        """The values within a value, itself included, and one more for each fifty characters of texts."""
        if isinstance(value, str):
            return 1 + len(value) // CHARACTERS_PER_NODE
        if not isinstance(value, dict | list):
            return 1
        if id(value) not in self._sizes:
            parts: Iterable[object] = value.values() if isinstance(value, dict) else value
            names = sum(map(len, value)) // CHARACTERS_PER_NODE if isinstance(value, dict) else 0
            self._sizes[id(value)] = 1 + names + sum(map(self.size_of, parts))
        return self._sizes[id(value)]

    def _choice_cost(self, choices: list[object], value: object) -> int:
        """Each choice is looked at; those of the value's own kind are compared to their end."""
        key = id(choices) if len(choices) != 1 else id(choices[0])
        if key not in self._choices:
            found: dict[type, int] = {list: 0, dict: 0}
            for choice in choices:
                if isinstance(choice, list | dict):
                    found[type(choice)] += NODE_CHECKS * self.size_of(choice)
            self._choices[key] = found
        return len(choices) + self._choices[key].get(type(value), 0) + self._text_cost(value)

    def _text_cost(self, value: object) -> int:
        return self.size_of(value) if isinstance(value, str) else 0

    def _unique(self, part: object, value: object) -> int:
        if part is not True or not isinstance(value, list):
            return 0
        return self.size_of(value) * (FEW_ITEMS_CHECKS if len(value) <= FEW_ITEMS else NODE_CHECKS)


FREE = frozenset(
    {
        *("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"),
        *("maxItems", "minItems", "maxProperties", "minProperties", "maxContains", "minContains"),
        *("$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$comment", "$defs", "definitions"),
        *("$vocabulary", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples"),
        "contentSchema",
    }
)
"""Keywords that take one check, or none, whatever they are held against."""


def match_cost(pattern: object, texts: Iterable[str]) -> int:
    """Matching texts with a regular expression, one after another."""
    if not isinstance(pattern, str):
        return 0
    size = pattern_size(pattern)
    places = size.places * (NESTED_FACTOR if size.is_nested else 1)
    if not size.is_fancy:
        return sum(MATCH_CHECKS + len(text) * places // PLACES_PER_CHECK for text in texts)
    # Behind each step back, what is looked for may be looked for in the whole text.
    return sum(
        GOING_BACK_CHECKS + len(text) * min(len(text), BACKTRACKS_MAX) * places // PLACES_PER_CHECK for text in texts
    )


def _names_matched(part: object, value: object) -> int:
    if not isinstance(part, dict) or not isinstance(value, dict):
        return 0
    return sum(match_cost(pattern, value) for pattern in part)


def _dependencies(part: object, value: object) -> int:
    """Each name is looked for in the value; and, where it is there, each that it asks for."""
    if not isinstance(part, dict) or not isinstance(value, dict):
        return 0
    return len(part) + sum(len(part[name]) for name in part.keys() & value.keys() if isinstance(part[name], list))


def _characters(_part: object, value: object) -> int:
    return len(value) // CHARACTERS_PER_NODE if isinstance(value, str) else 0


def _format(part: object, value: object) -> int:
    if not isinstance(value, str):
        return 0
    return MATCH_CHECKS + (2 * len(value) if str(part).startswith("idn-") else len(value) // 5)


def _multiple(part: Any, value: object) -> int:
    """With fractions it is exact arithmetic on as many digits as the exponents say."""
    if not (isinstance(part, float) or isinstance(value, float)) or not isinstance(value, int | float):
        return 0
    return FRACTION_CHECKS + (abs(math.frexp(value)[1]) + (abs(math.frexp(part)[1]) if part else 0)) // 2


def _length(part: object) -> int:
    return len(part) if isinstance(part, dict) else 0

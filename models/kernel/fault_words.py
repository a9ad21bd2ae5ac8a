"""The words of rules: what a keyword of a JSON Schema asks of a value, without schemas, patterns or long values in
it.
"""

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import jsonschema_rs

Schema = dict[str, Any]

QUOTED_CHARACTERS_MAX = 40
"""A text or a number that is longer is described, not quoted."""

CONSTANT_CHARACTERS_MAX = 200
"""Longer constants of a schema are left out of messages: they may be whole documents."""

DIGITS_MAX = 20
"""A number of more digits is written with an exponent."""

WORDS = "x-troth-words"
"""What a value must be, as a noun with its article, beside a `pattern` or a `not`."""

_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "array": "an array",
    "object": "an object",
    "null": "null",
}
_FORMATS = {
    "email": "an e-mail address",
    "date-time": "a date and time of RFC 3339, such as 2026-01-15T12:00:00Z",
    "date": "a date, such as 2026-01-15",
    "uuid": "a UUID",
    "uri": "an absolute URI, such as https://example.org/",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
}


def listed(names: Sequence[str], word: str) -> str:
    """`a, b or c`."""
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def quoted(value: object) -> str:
    """A value in a sentence: quoted where it is short, else what it is."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    if isinstance(value, str) and len(value) > QUOTED_CHARACTERS_MAX:
        return f"a string of {len(value)} characters"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    text = json.dumps(value)
    return text if len(text) <= QUOTED_CHARACTERS_MAX else f"a number of {len(text)} characters"


def type_rule(types: Sequence[str], value: object) -> str:
    """What a value's type must be, with the value: `must be an integer or null, not "a"`."""
    expected = [_TYPES[name] for name in types if name != "null" and not (name == "integer" and "number" in types)]
    return f"must be {listed([*expected, 'null'] if 'null' in types else expected, 'or')}, not {quoted(value)}"


def options_rule(options: Sequence[object], value: Any) -> str:
    """Which values an enumeration has, with the one that was sent: `must be one of a, b, not "c"`."""
    if not options:
        return "cannot be given: its schema allows no value"
    shown = ", ".join(
        option if isinstance(option, str) and _is_plain(option) else json.dumps(option) for option in options
    )
    return f"must be {'one of ' if len(options) > 1 else ''}{shown}, not {quoted(value)}"


def _is_plain(option: str) -> bool:
    """Whether a text can stand in a list without quotation marks."""
    return option != "" and not set(option) & set(' ,"')


def _constant_rule(kind: Any) -> str:
    text = json.dumps(kind.expected_value, ensure_ascii=False)
    return f"must be {text}" if len(text) <= CONSTANT_CHARACTERS_MAX else "must be the constant of its schema"


def _counted(limit: int, one: str, side: str) -> str:
    return f"must have at {side} {limit:,} {one if limit == 1 else f'{one}s'}"


_BY_LIMIT: dict[str, Callable[[Any], str]] = {
    "minimum": lambda kind: f"must be at least {_number(kind.limit)}",
    "maximum": lambda kind: f"must be at most {_number(kind.limit)}",
    "exclusiveMinimum": lambda kind: f"must be more than {_number(kind.limit)}",
    "exclusiveMaximum": lambda kind: f"must be less than {_number(kind.limit)}",
    "multipleOf": lambda kind: f"must be a multiple of {_number(kind.multiple_of)}",
    "minLength": lambda kind: "must not be empty" if kind.limit == 1 else _counted(kind.limit, "character", "least"),
    "maxLength": lambda kind: _counted(kind.limit, "character", "most"),
    "minItems": lambda kind: "must not be empty" if kind.limit == 1 else _counted(kind.limit, "item", "least"),
    "maxItems": lambda kind: _counted(kind.limit, "item", "most"),
    "minProperties": lambda kind: "must not be empty" if kind.limit == 1 else _counted(kind.limit, "member", "least"),
    "maxProperties": lambda kind: _counted(kind.limit, "member", "most"),
    "uniqueItems": lambda _: "must not have the same item twice",
    "const": _constant_rule,
    "falseSchema": lambda _: "must not be given",
    "additionalItems": lambda kind: _counted(kind.limit, "item", "most"),
    "unevaluatedItems": lambda _: "must not have more items than its schema describes",
    "contains": lambda _: "must have as many items of a certain form as its schema wants",
    "contentEncoding": lambda kind: f"must be encoded as {kind.content_encoding}",
    "contentMediaType": lambda kind: f"must be text of the media type {kind.content_media_type}",
}


def _pattern_rule(kind: Any, node: Schema) -> str:
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.BacktrackLimitExceeded):
        return "cannot be held against its pattern, which needs too much backtracking for it"
    return f"must be {node.get(WORDS, 'of the form that its schema wants')}"


def _not_rule(kind: Any, node: Schema) -> str:
    if isinstance(kind.schema, dict) and kind.schema.keys() == {"enum"}:
        return f"must not be {listed([json.dumps(value) for value in kind.schema['enum']], 'or')}"
    return f"must be {node.get(WORDS, 'what its schema does not exclude')}"


_BY_SCHEMA: dict[str, Callable[[Any, Schema], str]] = {"pattern": _pattern_rule, "not": _not_rule}
"""Rules that only the schema has words for."""

_BY_VALUE: dict[str, Callable[[Any, Any], str]] = {
    "type": lambda kind, value: type_rule(kind.types, value),
    "enum": lambda kind, value: options_rule(kind.options, value),
    "format": lambda kind, value: (
        f"must be {_FORMATS.get(kind.format, f'of the format {kind.format}')}, not {quoted(value)}"
    ),
}
"""Rules that are reported with what was sent."""


def rule_of(error: jsonschema_rs.ValidationError, node: Schema) -> str:
    """The rule that an error is about. `node` is the schema that has it, as it is written.

    What the validator says itself quotes values, patterns and whole schemas.
    """
    kind: Any = error.kind
    if kind.name == "falseSchema" and list(error.schema_path)[-1:] == ["additionalProperties"]:
        return "must have no members"  # no member is declared: the validator names none, and not the keyword
    if kind.name in _BY_SCHEMA:
        return _BY_SCHEMA[kind.name](kind, node)
    if kind.name in _BY_VALUE:
        return _BY_VALUE[kind.name](kind, error.instance)
    return _BY_LIMIT[kind.name](kind) if kind.name in _BY_LIMIT else f"breaks the rule {kind.name} of its schema"


def _number(value: float) -> str:
    """A limit as people write it: 1 and not 1.0, 0.0000001 and not 1e-07, but 1e+300 and not 300 zeros."""
    if isinstance(value, int):
        text = str(value)
        return text if len(text) <= DIGITS_MAX else str(Decimal(value).normalize()).lower()
    if value.is_integer() and abs(value) < 10**DIGITS_MAX:
        return str(int(value))
    written = format(Decimal(repr(value)), "f")
    return written if len(written) <= DIGITS_MAX else repr(value)

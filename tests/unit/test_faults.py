"""What is reported of a value that breaks its schema:
the place and the rule, without patterns, schemas or long values.
"""

from typing import Any

import jsonschema_rs
import pytest

from models.kernel.faults import Faults
from troth.request.schemas import NULL_ONLY, SchemaSet
from troth.spec.references import resolver

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Event": {
                "type": "object",
                "required": ["key"],
                "properties": {"key": {"type": "string"}},
                "oneOf": [
                    {
                        "properties": {
                            "key": {"type": "string", "enum": ["purchase"]},
                            "fields": {"$ref": "#/components/schemas/Purchase"},
                        }
                    },
                    {
                        "properties": {
                            "key": {"type": "string", "not": {"enum": ["purchase"]}},
                            "fields": {"type": "object", "additionalProperties": {"type": "string"}},
                        }
                    },
                ],
            },
            "Purchase": {
                "type": "object",
                "required": ["total"],
                "properties": {"total": {"type": "number", "minimum": 0}},
            },
            "Shape": {
                "type": "object",
                "anyOf": [
                    {"required": ["kind", "side"], "properties": {"kind": {"type": "string", "enum": ["square"]}}},
                    {"required": ["kind", "radius"], "properties": {"kind": {"type": "string", "enum": ["circle"]}}},
                ],
            },
            "Target": {
                "type": "object",
                "oneOf": [
                    {"required": ["by"], "properties": {"by": {"not": {"enum": [None]}}}},
                    {"required": ["to"], "properties": {"to": {"not": {"enum": [None]}}}},
                ],
            },
            "Moment": {
                "oneOf": [
                    {"type": "integer", "minimum": 0, "nullable": True},
                    {"type": "string", "pattern": "^[0-9]{4}$", "x-troth-words": "a year of four digits"},
                ]
            },
            "Known": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"expression": {"type": "string"}, "code": {"type": "string", "enum": ["a", "b c", ""]}},
            },
            "Basket": {"type": "object", "properties": {"purchase": {"$ref": "#/components/schemas/PurchaseOrNull"}}},
            "PurchaseOrNull": {"oneOf": [{"$ref": "#/components/schemas/Purchase"}, NULL_ONLY]},
            "Amounts": {
                "type": "array",
                "minItems": 1,
                "maxItems": 2,
                "uniqueItems": True,
                "items": {"type": "integer", "maximum": 10, "not": {"enum": [0]}},
            },
        }
    }
}


def messages_of(name: str, value: Any) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    validator = SchemaSet(DOCUMENT).validator(schema, write=True)
    return [fault.message() for fault in Faults(schema, resolver(DOCUMENT)).of(validator.iter_errors(value))]


@pytest.mark.parametrize(
    ("name", "value", "messages"),
    [
        ("Event", {"key": "purchase", "fields": {"total": -1}}, ["/fields/total: must be at least 0"]),
        ("Event", {"key": "purchase", "fields": {}}, ["/fields/total: is required"]),
        ("Event", {"key": "login", "fields": {"at": 5}}, ["/fields/at: must be a string, not 5"]),
        ("Event", {"key": 5}, ["/key: must be a string, not 5"]),
        ("Event", {"fields": {}}, ["/key: is required"]),
        ("Shape", {"kind": "square"}, ["/side: is required"]),
        ("Shape", {"kind": "cube"}, ['/kind: must be one of square, circle, not "cube"']),
        ("Shape", {}, ["/kind: is required"]),
        ("Shape", 5, ["the body: must be an object, not 5"]),
        ("Target", {}, ["the body: one of by and to is required"]),
        ("Target", {"by": 1, "to": 2}, ["the body: only one of by and to may be given"]),
        ("Basket", {"purchase": {"total": -1}}, ["/purchase/total: must be at least 0"]),
        ("Basket", {"purchase": {}}, ["/purchase/total: is required"]),
        ("Basket", {"purchase": 5}, ["/purchase: must be an object or null, not 5"]),
        ("Moment", -1, ["the body: must be at least 0"]),
        ("Moment", "then", ["the body: must be a year of four digits"]),
        ("Moment", [], ["the body: must be an integer, a string or null, not an array"]),
    ],
)
def test_of_alternatives_the_one_that_was_meant_is_reported(name: str, value: Any, messages: list[str]) -> None:
    assert messages_of(name, value) == messages


def test_unknown_members_are_named_with_the_known_one_that_is_near() -> None:
    assert messages_of("Known", {"expresion": "a", "x" * 500: 1}) == [
        "/expresion: is not a known member; expression is one",
        f"/{'x' * 40}...: is not a known member",
    ]


def test_enumerations_are_whole_and_say_the_type_too() -> None:
    assert messages_of("Known", {"code": 5}) == ['/code: must be one of a, "b c", "", not 5']


def test_every_fault_is_reported_in_the_words_of_its_rule() -> None:
    assert messages_of("Amounts", []) == ["the body: must not be empty"]
    assert messages_of("Amounts", [0, 11, 11]) == [
        "the body: must have at most 2 items",
        "the body: must not have the same item twice",
        "/0: must not be 0",
        "/1: must be at most 10",
        "/2: must be at most 10",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a" * 41, "a string of 41 characters"),
        ({"a": 1}, "an object"),
        ([1], "an array"),
        (1.5e300, "1.5e+300"),
        (None, "null"),
        (True, "true"),
    ],
)
def test_what_was_sent_is_quoted_only_where_it_is_short(value: Any, shown: str) -> None:
    assert messages_of("Amounts", [value]) == [f"/0: must be an integer, not {shown}"]


def test_faults_of_the_schemas_of_customers_have_no_patterns() -> None:
    schema = {"type": "object", "properties": {"a": {"pattern": "^[0-9]+$"}, "b": {"anyOf": [{"type": "string"}]}}}
    validator = SchemaSet({}).validator(schema, write=True)
    faults = Faults().of(validator.iter_errors({"a": "x", "b": 5}))
    assert [fault.message() for fault in faults] == [
        "/a: must be of the form that its schema wants",
        "/b: must be a string, not 5",
    ]


@pytest.mark.parametrize(
    ("schema", "value", "messages"),
    [
        ({"anyOf": [False, {"type": "string", "minLength": 3}]}, "a", ["must have at least 3 characters"]),
        ({"oneOf": [{"type": "string"}, False]}, 5, ["must be a string, not 5"]),
        ({"anyOf": [False]}, 5, ["must not be given"]),
        ({"oneOf": [True, True]}, 5, ["fits several of the forms that it may have, and must fit one"]),
        ({"anyOf": [{"properties": {"a": False}, "required": ["b"]}]}, {}, ["/b is required"]),
        ({"additionalProperties": False}, {"a": 1}, ["must have no members"]),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, ["/ab its name must have at most 1 character"]),
        ({"enum": []}, 5, ["cannot be given: its schema allows no value"]),
        ({"minimum": 1e300}, 5, ["must be at least 1e+300"]),
        ({"minimum": 10**400}, 5, ["must be at least 1e+400"]),
        ({"multipleOf": 1e-7}, 1e-8, ["must be a multiple of 0.0000001"]),
        ({"maximum": 2**53}, 1e17, ["must be at most 9007199254740992"]),
        ({"type": "integer"}, "\x01" * 40, ['must be an integer, not "' + "\\u0001" * 40 + '"']),
        ({"type": "string"}, 10**50, ["must be a string, not a number of 51 characters"]),
        ({"const": "c" * 500}, 5, ["must be the constant of its schema"]),
        ({"properties": {"a/b~c": {"type": "string"}}}, {"a/b~c": 5}, ["/a~1b~0c must be a string, not 5"]),
        ({"required": ["a/b"]}, {}, ["/a~1b is required"]),
        ({"contains": {"type": "string"}}, [1], ["must have as many items of a certain form as its schema wants"]),
    ],
)
def test_whatever_a_schema_says_has_words(schema: Any, value: Any, messages: list[str]) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema)
    faults = Faults(schema).of(validator.iter_errors(value))
    assert [f"{fault.pointer} {fault.rule}".strip() for fault in faults] == messages

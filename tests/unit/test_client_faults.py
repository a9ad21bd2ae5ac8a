"""What keeps clients from being generated from a contract, reported when it is bundled."""

from typing import Any

import pytest

from troth.contracts.clients import client_faults
from troth.spec.references import resolver

OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}
NAMED = {"$ref": "#/components/schemas/Other"}


def faults(name: str, schema: dict[str, Any]) -> list[tuple[str, str]]:
    document = {"components": {"schemas": {name: schema, "Other": OBJECT}}}
    return list(client_faults(document, resolver(document)))


@pytest.mark.parametrize(
    ("name", "schema", "place", "reason"),
    [
        ("Mapping", OBJECT, "", "import a Mapping of their own"),
        ("BigError", {"type": "object", "properties": {"bigError": NAMED}}, "/properties/bigError", "as its schema"),
        ("X", {"type": "object", "default": {}}, "/default", "no default"),
        ("X", {"type": "object", "nullable": True, "properties": {"b": OBJECT}}, "/properties/b", "needs a name"),
        (
            "X",
            {"type": "object", "nullable": True, "properties": {"b": {"type": "array", "items": OBJECT}}},
            "/properties/b/items",
            "needs a name",
        ),
        ("X", {"oneOf": [NAMED, {"properties": {"b": OBJECT}}]}, "/oneOf/1/properties/b", "needs a name"),
        ("X", {"anyOf": [NAMED, {"title": "Other", **OBJECT}]}, "/anyOf/1/title", "that of the schema Other"),
        (
            "X",
            {"type": "object", "nullable": True, "properties": {"b": {"$ref": "#/components/schemas/X"}}},
            "",
            "refers to itself",
        ),
    ],
)
def test_what_a_generator_cannot_take_is_reported_at_its_place(
    name: str, schema: dict[str, Any], place: str, reason: str
) -> None:
    ((pointer, message),) = faults(name, schema)
    assert pointer == f"/components/schemas/{name}{place}"
    assert reason in message


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("Error", {"type": "object", "properties": {"error": {"type": "string"}}}),
        ("X", {"type": "object", "properties": {"b": OBJECT}}),
        ("X", {"type": "object", "nullable": True, "properties": {"b": NAMED}}),
        ("X", {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/X"}}}),
        ("X", {"oneOf": [NAMED, {"title": "Another", **OBJECT}, {"type": "object", "nullable": True, "enum": [None]}]}),
    ],
)
def test_what_it_can_take_is_left_alone(name: str, schema: dict[str, Any]) -> None:
    assert faults(name, schema) == []

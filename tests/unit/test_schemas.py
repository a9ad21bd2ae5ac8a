"""OpenAPI's schemas as Draft 4."""

from typing import Any

import pytest

from troth.request.schemas import SchemaSet, translate


def valid(schema: dict[str, Any], value: Any, *, write: bool = True, schemas: dict[str, Any] | None = None) -> bool:
    return SchemaSet({"components": {"schemas": schemas or {}}}).validator(schema, write=write).is_valid(value)


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema = {
        "type": "object",
        "properties": {
            name: {"type": "integer"}
            for name in ("nullable", "example", "readOnly", "properties", "required", "$ref", "x-y")
        },
    }
    for name in schema["properties"]:
        assert not valid(schema, {name: "x"}), name
        assert valid(schema, {name: 1}), name


def test_null_passes_the_type_and_the_enum_of_a_nullable_schema_and_nothing_else() -> None:
    assert valid({"type": "string", "enum": ["A"], "nullable": True}, None)
    assert not valid({"type": "string", "enum": ["A"], "nullable": True}, "B")
    assert not valid({"type": "string", "enum": ["A"]}, None)
    assert not valid({"nullable": True, "allOf": [{"type": "string"}]}, None)
    assert valid({"type": "string", "enum": ["A", None], "nullable": True}, None)


@pytest.mark.parametrize(
    ("format_", "low", "high"),
    [("int32", -(2**31), 2**31 - 1), ("int64", -(2**63), 2**63 - 1), (None, -(2**63), 2**63 - 1)],
)
def test_integers_are_bounded_by_their_format(format_: str | None, low: int, high: int) -> None:
    schema = {"type": "integer", **({"format": format_} if format_ else {})}
    assert valid(schema, low)
    assert valid(schema, high)
    assert not valid(schema, low - 1)
    assert not valid(schema, high + 1)


def test_a_narrower_limit_stays() -> None:
    schema = {"type": "integer", "format": "int32", "minimum": 0, "maximum": 5}
    assert not valid(schema, -1)
    assert not valid(schema, 6)


@pytest.mark.parametrize(
    ("format_", "good", "bad"),
    [
        ("uuid", "0b0d6c1e-2f6b-4c8e-9d4e-000000000001", "0b0d6c1e2f6b4c8e9d4e000000000001"),
        ("date-time", "2026-01-15T12:00:00.5+02:00", "2026-01-15T12:00:00"),
        ("date-time", "2026-01-15t12:00:00z", "2026-12-31T23:59:60Z"),
        ("date-time", "2024-02-29T00:00:00Z", "2026-02-29T00:00:00Z"),
        ("date-time", "2026-01-15T12:00:00-23:59", "2026-01-15T12:00:00+01:60"),
        ("date", "2026-01-15", "2026-02-30"),
        ("email", "ana@example.org", "ana"),
        ("ipv4", "127.0.0.1", "256.0.0.1"),
    ],
)
def test_a_format_takes_what_has_its_form_and_nothing_else(format_: str, good: str, bad: str) -> None:
    assert valid({"type": "string", "format": format_}, good)
    assert not valid({"type": "string", "format": format_}, bad)


def test_a_recursive_schema_is_validated_at_every_level() -> None:
    tree = {
        "type": "object",
        "required": ["v"],
        "properties": {
            "v": {"type": "integer"},
            "c": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    }
    for ok, leaf in ((True, {"v": 3}), (False, {"v": "x"}), (False, {})):
        value = {"v": 1, "c": [{"v": 2, "c": [leaf]}]}
        assert valid({"$ref": "#/components/schemas/Tree"}, value, schemas={"Tree": tree}) is ok


ACCOUNT = {
    "type": "object",
    "required": ["id", "secret"],
    "properties": {"id": {"type": "string", "readOnly": True}, "secret": {"type": "string", "writeOnly": True}},
}


def test_what_is_read_only_is_required_of_answers_only_and_write_only_of_requests_only() -> None:
    assert valid(ACCOUNT, {"secret": "s"})
    assert not valid(ACCOUNT, {"id": "x"})
    assert valid(ACCOUNT, {"id": "x"}, write=False)
    assert not valid(ACCOUNT, {}, write=False)


def test_what_is_write_only_must_not_be_answered() -> None:
    assert not valid(ACCOUNT, {"id": "x", "secret": "s"}, write=False)


def test_documentation_is_left_out() -> None:
    schema = {
        "type": "string",
        "example": 5,
        "description": "d",
        "x-note": {"type": "integer"},
        "default": 1,
        "deprecated": True,
    }
    assert translate(schema, write=True, urn="urn:x") == {"type": "string"}


def test_references_go_to_the_set_that_fits() -> None:
    assert translate({"$ref": "#/components/schemas/A"}, write=True, urn="urn:x") == {
        "$ref": "urn:x#/components/schemas/A"
    }
    schemas = {
        "Outer": {"type": "object", "properties": {"account": {"$ref": "#/components/schemas/Account"}}},
        "Account": ACCOUNT,
    }
    outer = {"$ref": "#/components/schemas/Outer"}
    assert valid(outer, {"account": {"secret": "s"}}, schemas=schemas)
    assert not valid(outer, {"account": {"id": "x", "secret": "s"}}, write=False, schemas=schemas)

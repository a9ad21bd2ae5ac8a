"""The contract that the benchmark serves: two measured operations on `/things/{id}`, and filler around them."""

from typing import Any

Json = dict[str, Any]

THING: Json = {
    "id": "thing-000042",
    "name": "A thing of some length",
    "email": "ana@example.org",
    "kind": "LARGE",
    "count": 42,
    "ratio": 0.25,
    "tags": ["first", "second", "third"],
    "address": {"street": "Main Street 1", "city": "Bern", "zip": "3000"},
    "active": True,
    "note": "Forty-two things went out, and one came back. " * 2,
}
BODY: Json = {name: value for name, value in THING.items() if name != "id"}
_PROPERTIES: Json = {
    "name": {"type": "string", "minLength": 1, "maxLength": 100},
    "email": {"type": "string", "format": "email", "maxLength": 254},
    "kind": {"type": "string", "enum": ["SMALL", "MEDIUM", "LARGE"]},
    "count": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 1_000_000},
    "ratio": {"type": "number", "minimum": 0, "maximum": 1},
    "tags": {"type": "array", "maxItems": 10, "items": {"type": "string", "maxLength": 30}},
    "address": {"$ref": "#/components/schemas/Address"},
    "active": {"type": "boolean"},
    "note": {"type": "string", "nullable": True, "maxLength": 500},
}
_ADDRESS: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["street", "city"],
    "properties": {name: {"type": "string", "maxLength": 100} for name in ("street", "city", "zip")},
}
_ANSWERS: Json = {
    "200": {
        "description": "The thing.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
    },
    "4XX": {"description": "A refusal.", "content": {"application/json": {"schema": {"type": "object"}}}},
}


def paths(count: int) -> list[str]:
    """`count` paths, the measured one in the middle."""
    names = [f"/group{number % 12}/collection{number}/{{id}}" for number in range(count)]
    names[count // 2] = "/things/{id}"
    return names


def _operation(operation_id: str, parameters: list[Json], **more: Any) -> Json:
    identifier = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 40},
    }
    return {
        "operationId": operation_id,
        "tags": ["Thing"],
        "parameters": [identifier, *parameters],
        "responses": _ANSWERS,
        **more,
    }


def document(count: int) -> Json:
    """A contract with `count` paths of two operations each."""
    made: Json = {}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}}
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}}}
    for number, path in enumerate(paths(count)):
        made[path] = {
            "get": _operation(f"getThing{number}", [limit]),
            "put": _operation(f"putThing{number}", [], requestBody=body),
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Bench", "version": "1"},
        "servers": [{"url": "/bench"}],
        "security": [{"Key": []}],
        "paths": made,
        "components": {
            "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}},
            "schemas": {
                "Address": _ADDRESS,
                "NewThing": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "kind"],
                    "properties": _PROPERTIES,
                },
                "Thing": {
                    "type": "object",
                    "required": ["id", "name", "kind"],
                    "properties": {"id": {"type": "string"}, **_PROPERTIES},
                },
            },
        },
    }

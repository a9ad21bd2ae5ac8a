"""A small contract made to be hard to read right:
every kind of schema, parameter, body and security the runtime reads.
"""

from typing import Any

Json = dict[str, Any]


def _nullable(schema: Json) -> Json:
    return {**schema, "nullable": True}


THING: Json = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "pattern": {"type": "string", "pattern": "^[a-c]+x$"},
        "enum": {"type": "string", "enum": ["ONE", "TWO"]},
        "flag": {"type": "boolean"},
        "int": {"type": "integer", "minimum": -2, "maximum": 10},
        "int32": {"type": "integer", "format": "int32"},
        "int64": {"type": "integer", "format": "int64"},
        "float": {"type": "number", "format": "float"},
        "exclusive": {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 1, "exclusiveMaximum": True},
        "multiple": {"type": "integer", "multipleOf": 5},
        "when": {"type": "string", "format": "date-time"},
        "email": {"type": "string", "format": "email"},
        "uuid": {"type": "string", "format": "uuid"},
        "ipv4": {"type": "string", "format": "ipv4"},
        "list": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3, "uniqueItems": True},
        "map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1, "maxProperties": 2},
        "nullText": _nullable({"type": "string", "maxLength": 3}),
        "nullEnum": _nullable({"type": "string", "enum": ["A", "B"]}),
        "nullable": {"type": "integer"},
        "nested": {"$ref": "#/components/schemas/Inner"},
        "free": {},
    },
}
SCHEMAS: Json = {
    "Thing": THING,
    "Inner": {"type": "object", "required": ["code"], "properties": {"code": {"$ref": "#/components/schemas/Code"}}},
    "Code": {"type": "string", "enum": ["X", "Y"]},
    "Tree": {
        "type": "object",
        "required": ["value"],
        "properties": {
            "value": {"type": "integer"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    },
    "Composed": {
        "type": "object",
        "properties": {
            "all": {
                "allOf": [
                    {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
                    {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}},
                ]
            },
            "any": {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "integer", "minimum": 5}]},
            "one": {"oneOf": [{"type": "integer", "multipleOf": 2}, {"type": "integer", "multipleOf": 3}]},
            "not": {"not": {"type": "string"}},
        },
    },
    "Account": {
        "type": "object",
        "required": ["label"],
        "properties": {
            "label": {"type": "string"},
            "id": {"type": "string", "readOnly": True},
            "secret": {"type": "string", "writeOnly": True},
        },
    },
    "Strict": {
        "type": "object",
        "required": ["id", "secret"],
        "properties": {"id": {"type": "string", "readOnly": True}, "secret": {"type": "string", "writeOnly": True}},
    },
    "Counted": {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}},
}
ANY: Json = {"description": "What the handler was given.", "content": {"application/json": {"schema": {}}}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _query(name: str, schema: Json, **more: Any) -> Json:
    return {"name": name, "in": "query", "schema": schema, **more}


def _path(name: str, schema: Json | None = None) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


def _operation(
    operation_id: str,
    *,
    parameters: list[Json] | None = None,
    body: Json | None = None,
    responses: Json | None = None,
    security: list[Json] | None = None,
    required: bool = True,
) -> Json:
    made: Json = {
        "operationId": operation_id,
        "tags": ["Probe"],
        "parameters": parameters or [],
        "responses": responses or {"200": ANY, "4XX": ANY},
        "security": security or [],
    }
    if body is not None:
        made["requestBody"] = {"required": required, "content": {"application/json": {"schema": body}}}
    return made


QUERIES = [
    _query("text", {"type": "string", "minLength": 2, "maxLength": 4}),
    _query("pick", {"type": "string", "enum": ["red", "blue"]}),
    _query("count", {"type": "integer", "minimum": 0, "maximum": 50, "default": 7}),
    _query("ratio", {"type": "number", "minimum": -1, "maximum": 2.5}),
    _query("flag", {"type": "boolean", "default": False}),
    _query("maybe", _nullable({"type": "integer"})),
    _query("maybePick", _nullable({"type": "string", "enum": ["red", "blue"]})),
    _query("when", {"type": "string", "format": "date-time"}),
    _query("tags", {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c"]}, "maxItems": 3}),
    _query("numbers", {"type": "array", "items": {"type": "integer"}}, explode=False),
    _query("pipes", {"type": "array", "items": {"type": "integer"}}, style="pipeDelimited", explode=False),
    _query("spaces", {"type": "array", "items": {"type": "string"}}, style="spaceDelimited", explode=False),
    _query("matching", {"type": "string", "pattern": "^[0-9]{2}$"}),
]
HEADERS = [
    {"name": "X-Text", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 3}},
    {"name": "X-Int", "in": "header", "schema": {"type": "integer"}},
]
EMPTY: Json = {"description": "Nothing."}
DOCUMENT: Json = {
    "openapi": "3.0.3",
    "info": {"title": "Probe", "version": "1"},
    "servers": [{"url": "/probe"}],
    "paths": {
        "/things/{id}": {
            "put": _operation("putThing", parameters=[_path("id")], body=_ref("Thing")),
            "get": _operation("getThing", parameters=[_path("id")]),
            "delete": _operation("deleteThing", parameters=[_path("id")], responses={"204": EMPTY}),
        },
        "/things/special": {"get": _operation("getSpecial")},
        "/things/{id}/parts/{partId}": {"get": _operation("getPart", parameters=[_path("id"), _path("partId")])},
        "/numbers/{number}": {
            "get": _operation(
                "getNumber", parameters=[_path("number", {"type": "integer", "minimum": 0, "maximum": 99})]
            )
        },
        "/files/{name}.json": {"get": _operation("getFile", parameters=[_path("name")])},
        "/files/v{version}": {"get": _operation("getVersion", parameters=[_path("version")])},
        "/queries": {"get": _operation("getQueries", parameters=QUERIES)},
        "/needed": {"get": _operation("getNeeded", parameters=[_query("key", {"type": "string"}, required=True)])},
        "/headers": {"get": _operation("getHeaders", parameters=HEADERS)},
        "/trees": {"post": _operation("postTree", body=_ref("Tree"))},
        "/composed": {"post": _operation("postComposed", body=_ref("Composed"))},
        "/accounts": {"post": _operation("postAccount", body=_ref("Account"))},
        "/strict": {"post": _operation("postStrict", body=_ref("Strict"))},
        "/optional": {"post": _operation("postOptional", body=_ref("Counted"), required=False)},
        "/nullable": {
            "post": _operation(
                "postNullable",
                required=False,
                body=_nullable({"type": "object", "properties": {"count": {"type": "integer"}}}),
            )
        },
        "/secured/either": {"get": _operation("getEither", security=[{"Key": []}, {"Basic": []}, {"Bearer": []}])},
        "/secured/both": {"get": _operation("getBoth", security=[{"Key": [], "Bearer": []}])},
        "/secured/perhaps": {"get": _operation("getPerhaps", security=[{"Key": []}, {}])},
        "/answers/{kind}": {
            "get": _operation(
                "getAnswer",
                parameters=[_path("kind")],
                responses={
                    "200": {"description": "A count.", "content": {"application/json": {"schema": _ref("Counted")}}},
                    "201": {"description": "An account.", "content": {"application/json": {"schema": _ref("Account")}}},
                    "202": {
                        "description": "A nullable count.",
                        "content": {
                            "application/json": {
                                "schema": {"type": "object", "properties": {"count": _nullable({"type": "integer"})}}
                            }
                        },
                    },
                    "203": {
                        "description": "With a header.",
                        "headers": {"X-Next": {"required": True, "schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {}}},
                    },
                    "206": {
                        "description": "A strict account.",
                        "content": {"application/json": {"schema": _ref("Strict")}},
                    },
                    "4XX": {"description": "A refusal.", "content": {"application/json": {"schema": _ref("Counted")}}},
                },
            )
        },
    },
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {
            "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "Basic": {"type": "http", "scheme": "basic"},
            "Bearer": {"type": "http", "scheme": "bearer"},
        },
    },
}

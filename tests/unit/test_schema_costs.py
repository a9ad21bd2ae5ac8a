"""The work that content and a JSON Schema are together: bounded before it is done, and never counted too low."""

import time
from typing import Any

import jsonschema_rs
import orjson
import pytest

from models.loyalty_core.organization.json_schemas import check_content, check_schema
from models.loyalty_core.organization.schema_costs import TooManyChecks, check_cost
from models.loyalty_core.problems import Refused

DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def doubling(count: int, reference: str = "#/$defs/", **members: Any) -> dict[str, Any]:
    """Definitions, each of which names the next one twice."""
    definitions = {f"d{number}": {"allOf": [{"$ref": f"{reference}d{number + 1}"}] * 2} for number in range(count)}
    return {**members, "$defs": {**definitions, f"d{count}": {"type": "string"}}, "$ref": f"{reference}d0"}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"c": value}
    return value


TWICE = [{"properties": {"c": {"$ref": "#"}}}] * 2
EXPLODING = [
    (doubling(40), "x"),
    ({"allOf": TWICE}, nested(60)),
    ({"anyOf": TWICE}, nested(60)),
    ({"oneOf": TWICE}, nested(60)),
    ({"if": TWICE[0], "then": TWICE[0]}, nested(60)),
    ({"not": {"allOf": TWICE}}, nested(60)),
    ({"allOf": [{"additionalProperties": {"$ref": "#"}}] * 2}, nested(60)),
    ({"allOf": [{"patternProperties": {"c": {"$ref": "#"}}}] * 2}, nested(60)),
    ({"dependentSchemas": {"c": TWICE[0]}, **TWICE[0]}, nested(60)),
    ({"allOf": [{"items": {"$ref": "#"}}] * 2}, orjson.loads("[" * 60 + "]" * 60)),
    ({"allOf": [{"prefixItems": [{"$ref": "#"}]}] * 2}, orjson.loads("[" * 60 + "]" * 60)),
    ({"allOf": [{"contains": {"$ref": "#"}}] * 2}, orjson.loads("[" * 60 + "1" + "]" * 60)),
    ({"$dynamicAnchor": "n", "allOf": [{"properties": {"c": {"$dynamicRef": "#n"}}}] * 2}, nested(60)),
    ({"$anchor": "n", "allOf": [{"properties": {"c": {"$ref": "#n"}}}] * 2}, nested(60)),
    (doubling(40, "https://example.org/book#/$defs/", **{"$id": "https://example.org/book"}), "x"),
    (
        {
            "$defs": {"t": {"$id": "https://example.org/tree", "allOf": [{"properties": {"c": {"$ref": "tree"}}}] * 2}},
            "$ref": "https://example.org/tree",
        },
        nested(60),
    ),
    (
        {"$schema": DRAFT_4, "id": "http://example.org/t", "allOf": [{"properties": {"c": {"$ref": "t"}}}] * 2},
        nested(60),
    ),
    (
        {
            "$schema": "https://json-schema.org/draft/2019-09/schema",
            "$recursiveAnchor": True,
            "allOf": [{"properties": {"c": {"$recursiveRef": "#"}}}] * 2,
        },
        nested(60),
    ),
    ({"allOf": [{"items": {"type": "integer"}}] * 1_000}, list(range(3_000))),
    ({"items": {"allOf": [{"pattern": r"^(?=(a|aa)+b)\1"}] * 150}}, ["a" * 60] * 100),
]


@pytest.mark.parametrize("number", range(len(EXPLODING)))
def test_what_would_never_end_is_refused_at_once(number: int) -> None:
    schema, content = EXPLODING[number]
    text = orjson.dumps(schema).decode()
    check_schema(text)
    with pytest.raises(Refused, match="more than 200000 checks"):
        check_content(text, content)


@pytest.mark.parametrize(
    ("schema", "content"),
    [
        ({"$ref": "#"}, "x"),
        ({"anyOf": [{"$ref": "#"}, {"type": "string"}]}, "x"),
        (doubling(10), "x"),
        ({"allOf": TWICE}, nested(8)),
        (True, 1),
        (
            {
                "type": "object",
                "properties": {
                    "title": {"type": "string", "pattern": "^[A-Z]"},
                    "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
                },
                "additionalProperties": False,
            },
            {"title": "Hello", "tags": ["a"] * 1_000},
        ),
        (
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$ref": "https://json-schema.org/draft/2020-12/schema",
            },
            {"type": "object", "properties": {"a": {"type": "string"}}},
        ),
        (
            {
                "$id": "https://example.org/list",
                "type": "object",
                "properties": {"value": {}, "next": {"$ref": "list"}},
            },
            {"value": 1, "next": {"value": 2, "next": {"value": 3}}},
        ),
        (
            {
                "$defs": {
                    "p": {
                        "type": "object",
                        "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/p"}}},
                    }
                },
                "$ref": "#/$defs/p",
            },
            {"children": [{"children": [{}] * 50}] * 50},
        ),
    ],
)
def test_what_is_little_work_is_held_against_the_schema(schema: Any, content: Any) -> None:
    check_cost(schema, content)
    assert jsonschema_rs.is_valid(schema, content)


def test_texts_that_match_slowly_are_refused() -> None:
    schema = orjson.dumps({"items": {"pattern": r"(?:(a|aa)+)\1b"}}).decode()
    with pytest.raises(Refused, match="backtracking"):
        check_content(schema, ["a" * 60] * 100)


def test_the_bound_holds_in_time() -> None:
    """The largest doubling that is let through: a hundred times below this bound where it was measured."""
    largest = 0
    for count in range(8, 30):
        try:
            check_cost(doubling(count), "x")
        except TooManyChecks:
            break
        largest = count
    started = time.perf_counter()
    check_content(orjson.dumps(doubling(largest)).decode(), "x")
    assert time.perf_counter() - started < 2

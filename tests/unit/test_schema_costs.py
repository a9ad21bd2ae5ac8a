"""The work that content and a JSON Schema are together: bounded before it is done, and never counted too low."""

import itertools
import time
from typing import Any

import jsonschema_rs
import orjson
import pytest

from models.loyalty_core.organization.json_schemas import (
    PATTERN_PLACES_MAX,
    SCHEMA_PLACES_MAX,
    check_content,
    check_schema,
)
from models.loyalty_core.organization.keyword_costs import FREE, OwnCosts
from models.loyalty_core.organization.pattern_sizes import pattern_size
from models.loyalty_core.organization.schema_costs import APPLIED, CHECKS_MAX, TooManyChecks, check_cost
from models.loyalty_core.problems import RuleViolation

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
    with pytest.raises(RuleViolation, match="more than 200000 checks"):
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
    with pytest.raises(RuleViolation, match="backtracking"):
        check_content(schema, ["a" * 60] * 10)


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        ("^[A-Z]", 2),
        ("^(a{0,200}){0,50}$", 10_001),
        ("(?:ab{2,}){3}", 10),
        ("(?=a{10})(?<name>b{2})", 13),
        (r"\p{L}{4}[\p{L}\p{N}]x", 152),
        (r"\(a\){5}\u{1F600}{2}", 10),
        ("((((a{9}){9}){9}){9}){9}", 9**5 + 1),
        ("a{", 3),
    ],
)
def test_repetitions_are_written_out(pattern: str, places: int) -> None:
    assert pattern_size(pattern).places == places


@pytest.mark.parametrize(
    ("schema", "limit"),
    [
        ({"pattern": "^(a{0,200}){0,50}$"}, PATTERN_PLACES_MAX),
        ({"propertyNames": {"pattern": "(a{2,}){800}"}}, PATTERN_PLACES_MAX),
        ({"patternProperties": {"a{2000}": {}}}, PATTERN_PLACES_MAX),
        ({"allOf": [{"pattern": "^.{1,1000}$"}] * 6}, SCHEMA_PLACES_MAX),
    ],
)
def test_patterns_of_many_places_are_refused(schema: Any, limit: int) -> None:
    with pytest.raises(RuleViolation, match=f"repetitions written out.* more than {limit} places"):
        check_schema(orjson.dumps(schema).decode())


def test_every_keyword_of_every_draft_has_a_cost() -> None:
    known = APPLIED | FREE | OwnCosts().keywords.keys()
    missing = {name: draft for draft, names in KEYWORDS.items() for name in names.split() if name not in known}
    assert not missing


KEYWORDS = {
    "4": """$schema id title description default multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength
        minLength pattern additionalItems items maxItems minItems uniqueItems maxProperties minProperties required
        additionalProperties definitions properties patternProperties dependencies enum type format allOf anyOf oneOf not $ref""",
    "6": "$id const contains examples propertyNames",
    "7": "$comment if then else readOnly writeOnly contentMediaType contentEncoding",
    "2019-09": """$anchor $recursiveRef $recursiveAnchor $vocabulary $defs dependentSchemas dependentRequired maxContains
        minContains unevaluatedItems unevaluatedProperties contentSchema deprecated""",
    "2020-12": "$dynamicRef $dynamicAnchor prefixItems",
}
"""What each draft adds (its meta-schema)."""

NAMES = [f"k{number}" for number in range(2_000)]
HEAVY: dict[str, tuple[dict[str, Any], Any]] = {
    "additionalProperties": ({"additionalProperties": {"type": "string"}}, dict.fromkeys(NAMES)),
    "const": ({"const": list(range(2_000))}, [*range(1_999), -1]),
    "contains": ({"contains": {"type": "string"}}, NAMES),
    "contentMediaType": (
        {"$schema": "http://json-schema.org/draft-07/schema#", "contentMediaType": "application/json"},
        "[" + "1," * 4_000 + "1]",
    ),
    "dependencies": ({"$schema": DRAFT_4, "dependencies": {"k1": NAMES}}, {"k1": 1}),
    "dependentRequired": ({"dependentRequired": {"k1": NAMES}}, {"k1": 1}),
    "dependentSchemas": ({"dependentSchemas": dict.fromkeys(NAMES, True)}, {"x": 1}),
    "enum of lists": ({"enum": [[1] * 20 + [number] for number in range(100)]}, [1] * 20 + [-1]),
    "enum of objects": ({"enum": [{"a": number} for number in range(2_000)]}, {"a": -1}),
    "enum of texts": ({"enum": NAMES}, "k"),
    "format": ({"$schema": "http://json-schema.org/draft-07/schema#", "format": "uri"}, "https://e.org/" + "a" * 9_000),
    "items": ({"items": {"type": "string"}}, NAMES),
    "multipleOf": ({"items": {"multipleOf": 0.0000001}}, [1e300 + number for number in range(200)]),
    "pattern": ({"pattern": "^(a{0,100}){0,10}$"}, "a" * 300),
    "patternProperties": ({"patternProperties": {"^k.*[0-9]{1,9}$": True}}, dict.fromkeys(NAMES)),
    "propertyNames": ({"propertyNames": {"minLength": 1}}, dict.fromkeys(NAMES)),
    "required": ({"required": NAMES}, dict.fromkeys([*NAMES[1:], "x"])),
    "unevaluatedItems": ({"unevaluatedItems": {"type": "string"}}, NAMES),
    "unevaluatedProperties": ({"unevaluatedProperties": {"type": "null"}}, dict.fromkeys(NAMES)),
    "uniqueItems": ({"uniqueItems": True}, NAMES),
}


@pytest.mark.parametrize("keyword", HEAVY)
def test_what_a_keyword_is_asked_for_is_what_it_costs(keyword: str) -> None:
    schema, content = HEAVY[keyword]
    assert check_cost(schema, content).checks > 500


TIMES_MAX = 60
"""How much longer a check may take than the plainest one. Most take 0.1 to 5 times as long, the heaviest 20; what was
not counted took thousands of times as long.
"""


def seconds(schema: Any, content: Any, repeats: int) -> float:
    """Processor time of the shortest of some validations: another process that runs meanwhile does not count."""
    validator = jsonschema_rs.validator_for(schema, offline=True)
    found = []
    for _ in range(repeats):
        started = time.thread_time()
        validator.is_valid(content)
        found.append(time.thread_time() - started)
    return min(found)


@pytest.mark.parametrize("keyword", HEAVY)
def test_a_check_of_any_keyword_takes_no_longer_than_many_of_the_plainest(keyword: str) -> None:
    """Time for each check that was counted, as a ratio to that of a plain list of numbers in the same run."""
    plain: Any = {"items": {"type": "integer"}}, list(range(3_000))
    reference = seconds(*plain, repeats=20) / check_cost(*plain).checks
    heavy = HEAVY[keyword]
    assert seconds(*heavy, repeats=5) / check_cost(*heavy).checks < TIMES_MAX * reference


@pytest.mark.parametrize("composed", ["allOf", "anyOf", "oneOf", "not"])
def test_composed_schemas_take_no_longer_than_was_counted(composed: str) -> None:
    """Each two of the keywords together, for one value and for a list of some; what is refused is not looked at."""
    reference = seconds({"items": {"type": "integer"}}, list(range(3_000)), repeats=20) / 9_000
    looked_at = 0
    for pair in itertools.combinations(sorted(HEAVY), 2):
        parts = [_plain(HEAVY[name][0]) for name in pair]
        schema: dict[str, Any] = {"not": {"allOf": parts}} if composed == "not" else {composed: parts}
        content = [HEAVY[name][1] for name in pair]
        for held, value in ((schema, content[0]), ({"items": schema}, content * 2)):
            try:
                cost = check_cost(held, value)
            except TooManyChecks:
                continue
            looked_at += 1
            limit = TIMES_MAX * reference * (cost.checks + 1_000)
            is_quick = seconds(held, value, repeats=2) < limit or seconds(held, value, repeats=20) < limit
            assert is_quick, (pair, cost)
    assert looked_at > 150


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in schema.items() if name != "$schema"}


def chain(count: int) -> dict[str, Any]:
    """Definitions that each ask what the next one has looked at: 2.6 times the work with each."""
    definitions: dict[str, Any] = {
        f"d{number}": {"unevaluatedProperties": False, "anyOf": [{"$ref": f"#/$defs/d{number + 1}"}]}
        for number in range(count)
    }
    return {"$defs": {**definitions, f"d{count}": {"properties": {"a": True}}}, "$ref": "#/$defs/d0"}


def test_what_was_not_evaluated_is_looked_for_again_and_again() -> None:
    assert check_cost(chain(6), {"a": 1}).checks > 6 * check_cost(chain(4), {"a": 1}).checks
    with pytest.raises(TooManyChecks):
        check_cost(chain(20), {"a": 1})


def test_counting_ends_with_what_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema of many names at many places: counting goes on no longer than until it is too much."""
    counted: list[Any] = []
    own = OwnCosts.of
    monkeypatch.setattr(OwnCosts, "of", lambda costs, part, value: counted.append(part) or own(costs, part, value))
    schema = {"items": {"items": {"required": NAMES}}}
    with pytest.raises(TooManyChecks):
        check_cost(schema, [[{"a": number} for number in range(10)] for _ in range(1_000)])
    assert len(counted) < 2 * CHECKS_MAX // len(NAMES) + 100


def test_only_one_error_is_made() -> None:
    """All errors of this content would be 100,000, with a copy of its value in each."""
    schema = orjson.dumps({"items": {"required": NAMES[:100]}}).decode()
    with pytest.raises(RuleViolation, match="/0/k0: is required"):
        check_content(schema, [{"a": number} for number in range(1_000)])


def test_alternatives_with_many_errors_are_not_reported_in_detail() -> None:
    text = orjson.dumps({"anyOf": [{"items": {"required": NAMES[:100]}}]}).decode()
    with pytest.raises(RuleViolation, match="too much of it to say where"):
        check_content(text, [{"a": number} for number in range(1_000)])
    check_content(text, [dict.fromkeys(NAMES[:100]) for _ in range(30)])
    with pytest.raises(RuleViolation, match="/0/k0: is required"):
        check_content(text, [{"a": 1}])


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


def naming_each_other(count: int, keyword: str) -> dict[str, Any]:
    """Definitions, each of which names all others for the same value."""
    numbers = range(count)
    definitions = {
        f"d{one}": {keyword: [{"$ref": f"#/$defs/d{other}"} for other in numbers if other != one]} for one in numbers
    }
    return {"$defs": definitions, "$ref": "#/$defs/d0"}


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
@pytest.mark.parametrize("place", ["the content", "a member"])
def test_definitions_that_name_each_other_are_refused(keyword: str, place: str) -> None:
    """Seven of them in `allOf` took the validator forever: it goes through them in each order."""
    schema = naming_each_other(7, keyword)
    if place == "a member":
        schema = {"$defs": schema["$defs"], "properties": {"c": {"$ref": "#/$defs/d0"}}}
    text = orjson.dumps(schema).decode()
    check_schema(text)
    with pytest.raises(RuleViolation, match="cannot be held against its schema"):
        check_content(text, nested(2))


def test_a_schema_may_lead_back_to_itself_deeper_in_the_content() -> None:
    tree = {"properties": {"c": {"$ref": "#"}}, "additionalProperties": False}
    check_content(orjson.dumps(tree).decode(), {"c": {"c": {}}})
    strict = {
        "$defs": {
            "tree": {
                "$id": "https://example.org/tree",
                "$dynamicAnchor": "node",
                "properties": {"c": {"$dynamicRef": "#node"}},
            }
        },
        "$id": "https://example.org/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
    }
    check_content(orjson.dumps(strict).decode(), {"c": {"c": {}}})
    with pytest.raises(RuleViolation, match="is not a known member"):
        check_content(orjson.dumps(strict).decode(), {"c": {"d": {}}})
    published = '{"$ref": "https://json-schema.org/draft/2020-12/schema"}'
    check_content(published, {"allOf": [{"type": "object"}]})

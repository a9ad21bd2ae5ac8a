"""Random schemas with random values: every refusal has words, names a place of the value, and quotes only what is
short.
"""

from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.kernel.fault_words import QUOTED_CHARACTERS_MAX
from models.kernel.faults import Fault, Faults
from models.kernel.pointers import unescape
from troth.request.schemas import SchemaSet
from troth.spec.references import resolver

Json = Any
NAMES = ["a", "b", "kind", "x/y", "t~u", "~1", ""]
SENT = "\u00df"
"""A character that values have and schemas have not."""

names = st.sampled_from([*NAMES, SENT * 50])
texts = st.one_of(st.sampled_from(["", "a", "ab", SENT * 41, "\x01" * 40, '"' * 40]), st.text(max_size=5))
numbers = st.one_of(st.sampled_from([0, 1, -1, 1.5, 1e300, -1e-7, 10**60, 2**63]), st.integers(-5, 5))
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
)
limits = st.sampled_from([0, 1, 2.5, -3, 1e300, 1e-7, 10**30])
counts = st.integers(0, 3)
types = st.sampled_from(["string", "integer", "number", "boolean", "array", "object"])
own_values = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["a", "b c", ""]))
OWN: dict[str, st.SearchStrategy[Json]] = {
    "type": types,
    "enum": st.lists(own_values, min_size=1, max_size=3, unique_by=repr),
    "minimum": limits,
    "maximum": limits,
    "multipleOf": st.sampled_from([1, 2, 0.5, 1e-7]),
    "minLength": counts,
    "maxLength": counts,
    "pattern": st.sampled_from(["^a+$", "^[0-9]{3}$", "(a|b)*c"]),
    "format": st.sampled_from(["email", "date-time", "date", "uuid", "uri", "ipv4", "hostname"]),
    "minItems": counts,
    "maxItems": counts,
    "uniqueItems": st.booleans(),
    "minProperties": counts,
    "maxProperties": counts,
    "required": st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
}


def _open_api(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Schemas as contracts have them (OpenAPI 3.0)."""
    composed = {
        **OWN,
        "nullable": st.booleans(),
        "items": inner,
        "properties": st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
        "additionalProperties": st.booleans() | inner,
        "not": inner,
        **{name: st.lists(inner, min_size=1, max_size=3) for name in ("allOf", "anyOf", "oneOf")},
    }
    return st.fixed_dictionaries({}, optional=composed)


def _customers(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Schemas as customers may write them (draft 2020-12): also `true` and `false`."""
    part = st.booleans() | inner
    composed = {
        **OWN,
        "const": own_values | st.lists(own_values, max_size=3),
        "enum": st.lists(own_values, max_size=3),
        "exclusiveMinimum": limits,
        "exclusiveMaximum": limits,
        "items": part,
        "prefixItems": st.lists(part, min_size=1, max_size=2),
        "contains": part,
        "minContains": counts,
        "unevaluatedItems": part,
        "properties": st.dictionaries(st.sampled_from(NAMES), part, max_size=3),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "/"]), part, max_size=2),
        "additionalProperties": part,
        "unevaluatedProperties": part,
        "propertyNames": part,
        "dependentRequired": st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), unique=True)),
        "dependentSchemas": st.dictionaries(st.sampled_from(NAMES), part, max_size=2),
        "if": part,
        "then": part,
        "else": part,
        "not": part,
        **{name: st.lists(part, min_size=1, max_size=3) for name in ("allOf", "anyOf", "oneOf")},
    }
    return st.fixed_dictionaries({}, optional=composed)


leaf = st.fixed_dictionaries({}, optional=OWN)
contract_schemas = st.recursive(leaf, _open_api, max_leaves=5)
customer_schemas = st.recursive(leaf, _customers, max_leaves=5)


def _check(faults: list[Fault], value: Json) -> None:
    assert faults, "a refusal without a reason"
    for fault in faults:
        message = fault.message()
        place, rule = message.split(": ", 1)
        assert rule.strip(), message
        assert "breaks the rule" not in rule, f"a keyword without words: {message}"
        assert SENT * (QUOTED_CHARACTERS_MAX + 1) not in message, message
        assert len(rule) < 400, message  # 40 characters that are sent take up to 240, escaped
        assert place == (fault.pointer or "the body")
        node = value
        for step in fault.path[:-1]:
            node = node[step]
        if fault.path:
            last = fault.path[-1]
            assert last in node if isinstance(last, str) else last < len(node), message
        if all(len(str(step)) <= QUOTED_CHARACTERS_MAX for step in fault.place):
            assert [unescape(token) for token in fault.pointer.split("/")[1:]] == [str(step) for step in fault.place]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
@given(schema=contract_schemas, value=values)
def test_a_value_that_breaks_a_contracts_schema_is_refused_with_where_and_why(schema: Json, value: Json) -> None:
    validator = SchemaSet({}).validator(schema, write=True)
    if not validator.is_valid(value):
        _check(Faults(schema, resolver({})).of(validator.iter_errors(value)), value)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
@given(schema=customer_schemas, value=values)
def test_a_value_that_breaks_a_customers_schema_is_refused_with_where_and_why(schema: Json, value: Json) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
    if not validator.is_valid(value):
        _check(Faults().of(validator.iter_errors(value)), value)
        _check(Faults(schema).of(validator.iter_errors(value)), value)

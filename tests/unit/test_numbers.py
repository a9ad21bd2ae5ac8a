"""Whole numbers that are written with a fraction or an exponent, in bodies and forms."""

from typing import Any

import pytest

from models.kernel.problems import InvalidInput
from tests.unit.test_bodies import body_reader
from troth.request.bodies import BodyReader
from troth.request.forms import FORM
from troth.request.schemas import SchemaSet

INTEGER = {"type": "integer", "minimum": 1, "maximum": 100}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "amount": INTEGER,
        "amounts": {"type": "array", "items": INTEGER, "uniqueItems": True},
        "byName": {"type": "object", "additionalProperties": INTEGER},
        "mixed": {"oneOf": [INTEGER, {"type": "string"}]},
        "steps": {"type": "array", "items": {"anyOf": [{"type": "string"}, INTEGER]}},
        "all": {"allOf": [{"type": "object", "properties": {"n": INTEGER}}]},
        "price": {"type": "number"},
        "number": {"anyOf": [{"type": "boolean"}, {"type": "number"}]},
        "free": {"type": "object", "additionalProperties": True},
        "event": {
            "type": "object",
            "properties": {"fields": {"type": "object", "additionalProperties": True}},
            "oneOf": [
                {
                    "properties": {
                        "key": {"enum": ["purchase"]},
                        "fields": {"type": "object", "properties": {"quantity": INTEGER}},
                    }
                },
                {"properties": {"key": {"not": {"enum": ["purchase"]}}, "fields": {"type": "object"}}},
            ],
        },
    },
}


def exactly(value: Any) -> str:
    """A text in which 5 and 5.0 differ."""
    return repr(value)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b'{"amount":5.0}', {"amount": 5}),
        (b'{"amount":4.2e1}', {"amount": 42}),
        (b'{"amount":1E2}', {"amount": 100}),
        (b'{"amount":50e-1}', {"amount": 5}),
        (b'{"amounts":[1,2.0,3.000]}', {"amounts": [1, 2, 3]}),
        (b'{"byName":{"a":7.0}}', {"byName": {"a": 7}}),
        (b'{"mixed":7.0}', {"mixed": 7}),
        (b'{"steps":["a",0.1e1]}', {"steps": ["a", 1]}),
        (b'{"all":{"n":9.0}}', {"all": {"n": 9}}),
        (
            b'{"event":{"key":"purchase","fields":{"quantity":2.0,"other":2.0}}}',
            {"event": {"key": "purchase", "fields": {"quantity": 2, "other": 2.0}}},
        ),
    ],
)
def test_a_whole_number_is_an_integer_where_the_schema_says_integer(sent: bytes, read: Any) -> None:
    assert exactly(body_reader(SCHEMA).read(None, sent)) == exactly(read)


@pytest.mark.parametrize(
    "sent",
    [
        b'{"amount":5.5}',
        b'{"amount":0.0}',
        b'{"amount":101.0}',
        b'{"amounts":[1,1.0]}',
        b'{"mixed":1.5}',
        b'{"amount":"5.0"}',
    ],
)
def test_fractions_and_limits_are_refused_as_before(sent: bytes) -> None:
    with pytest.raises(InvalidInput):
        body_reader(SCHEMA).read(None, sent)


def test_numbers_and_free_form_values_stay_as_they_were_sent() -> None:
    sent = b'{"amount":5.0,"price":5.0,"number":5.0,"free":{"a":5.0,"b":[1e2]},"event":{"key":"other","fields":{"quantity":2.0}}}'
    read = {
        "amount": 5,
        "price": 5.0,
        "number": 5.0,
        "free": {"a": 5.0, "b": [100.0]},
        "event": {"key": "other", "fields": {"quantity": 2.0}},
    }
    assert exactly(body_reader(SCHEMA).read(None, sent)) == exactly(read)


def test_forms_take_whole_numbers_with_a_fraction() -> None:
    reader = BodyReader(
        {"content": {FORM: {}, "application/json": {"schema": SCHEMA}}}, SchemaSet({}), lambda node: node
    )
    assert exactly(reader.read(FORM.encode(), b"amount=5.0&amounts[]=4e0")) == exactly({"amount": 5, "amounts": [4]})
    with pytest.raises(InvalidInput):
        reader.read(FORM.encode(), b"amount=5.5")

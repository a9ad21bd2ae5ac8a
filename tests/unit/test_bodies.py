"""Request bodies: what is JSON, and what of it is read."""

import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from models.kernel.problems import InvalidInput, MediaTypeProblem, RequestProblem
from troth.request.bodies import BodyReader
from troth.request.json_text import DEPTH_MAX, VALUES_MAX, decode_json
from troth.request.outlines import outline
from troth.request.schemas import SchemaSet


def body_reader(schema: dict[str, Any], *, required: bool = True) -> BodyReader:
    return BodyReader(
        {"required": required, "content": {"application/json": {"schema": schema}}}, SchemaSet({}), lambda node: node
    )


ANY = body_reader({})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"a":"\\u0000"}', " at /a"),
        (b'{"\\u0000":1}', ""),
        (b'{"b/c":{"\\u0000":1}}', " at /b~1c"),
        (b'[[["x\\u0000y"]]]', " at /0/0/0"),
        (b'[1,{"a":["\\\\u0000","\\u0000"]}]', " at /1/a/1"),
        (b'"\\u0000"', ""),
    ],
)
def test_a_nul_escape_is_refused_wherever_it_stands_and_its_place_is_reported(text: bytes, place: str) -> None:
    with pytest.raises(RequestProblem) as refused:
        decode_json(text)
    assert str(refused.value) == f"The body holds a NUL character{place}."


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    assert decode_json(b'"\\\\u0000"') == "\\u0000"


def test_64_levels_are_read_and_65_are_not() -> None:
    assert decode_json(b"[" * DEPTH_MAX + b"]" * DEPTH_MAX) is not None
    assert decode_json(b'{"a":' * DEPTH_MAX + b"1" + b"}" * DEPTH_MAX) is not None
    for text in (b"[" * 65 + b"]" * 65, b'{"a":' * 65 + b"1" + b"}" * 65, b"[" * 500_000):
        with pytest.raises(RequestProblem, match="deeper than 64"):
            decode_json(text)


def test_brackets_in_strings_and_beside_each_other_are_no_depth() -> None:
    assert decode_json(b'"' + b"[" * 200 + b'"') == "[" * 200
    assert decode_json(b'["\\"' + b"[" * 200 + b'"]') == ['"' + "[" * 200]
    assert decode_json(b'["\\\\","' + b"[" * 200 + b'"]') == ["\\", "[" * 200]
    assert decode_json(b"[" + b",".join([b"[]"] * 200) + b"]") == [[]] * 200


@pytest.mark.parametrize(
    "text",
    [
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'"\xed\xa0\x80"',
        b'"\xe9"',
        b"\xff\xfe1\x00",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"01",
        b"{",
        b"[1,]",
        b"'a'",
        b'"\x01"',
        b"\xef\xbb\xbf1",
        b" ",
    ],
)
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(RequestProblem):
        decode_json(text)


@pytest.mark.parametrize(
    "text",
    [b"9223372036854775808", b"-9223372036854775809", b"123456789012345678901234567890", b"5.5", b"1e-3", b"1e300"],
)
def test_integers_beyond_64_bits_and_fractions_are_refused_for_integers(text: bytes) -> None:
    with pytest.raises(InvalidInput):
        body_reader({"type": "integer"}).read(None, text)


@pytest.mark.parametrize("digits", [19, 20, 30, 400, 4300])
def test_free_form_integers_of_any_size_are_exact(digits: int) -> None:
    number = int("9" * digits)
    for value in (number, -number):
        assert decode_json(f'{{"a":[{value}]}}'.encode()) == {"a": [value]}


@pytest.mark.parametrize(
    "rest",
    [
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'"\xed\xa0\x80"',
        b"NaN",
        b"-Infinity",
        b"1e400",
        b"01",
        b"[1,]",
        b'"\x01"',
        b'"\\u0000"',
        b"9" * 4301,
    ],
)
def test_a_body_with_an_integer_beyond_64_bits_is_held_to_the_same_rules(rest: bytes) -> None:
    with pytest.raises(RequestProblem):
        decode_json(b"[123456789012345678901234567890," + rest + b"]")


def test_a_long_run_of_digits_in_a_text_changes_nothing() -> None:
    assert decode_json(b'{"a":"12345678901234567890","b":1.0,"c":"\\u00e9"}') == {
        "a": "12345678901234567890",
        "b": 1.0,
        "c": "\u00e9",
    }


def test_the_largest_integers_are_exact() -> None:
    assert body_reader({"type": "integer"}).read(None, b"9223372036854775807") == 2**63 - 1


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        b"application/json",
        b"APPLICATION/JSON",
        b"application/json;charset=UTF-8",
        b'application/json; charset="utf-8"',
        b"application/json; charset=us-ascii",
        b"application/json;",
        b"application/json; odata=verbose",
    ],
)
def test_content_types_that_are_json(content_type: bytes | None) -> None:
    for _ in range(2):  # the second time it is known
        assert ANY.read(content_type, b"1") == 1


@pytest.mark.parametrize(
    "content_type",
    [
        b"text/plain",
        b"",
        b"application/jsonx",
        b"application/vnd.api+json",
        b"*/*",
        b"application/json; charset=latin-1",
        b"application/json; charset=utf-16",
        b"\xff",
    ],
)
def test_content_types_that_are_not(content_type: bytes) -> None:
    for _ in range(2):
        with pytest.raises(MediaTypeProblem):
            ANY.read(content_type, b"1")


def test_a_required_body_must_be_there_and_an_optional_one_may_be_absent() -> None:
    with pytest.raises(InvalidInput, match=r"^the body: is required$"):
        ANY.read(None, b"")
    assert body_reader({"type": "object"}, required=False).read(b"text/plain", b"") is None


def test_null_is_a_body_only_where_it_is_nullable() -> None:
    assert body_reader({"type": "object", "nullable": True}).read(None, b"null") is None
    with pytest.raises(InvalidInput):
        body_reader({"type": "object"}).read(None, b"null")


def test_a_broken_rule_is_reported_with_its_pointer_and_the_nearest_vendor_code() -> None:
    made = body_reader(
        {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "x-troth-rs-code": "RS001"},
                "list": {"type": "array", "x-troth-rs-code": "RS002", "items": {"type": "integer"}},
            },
        }
    )
    for text, pointer, code in (
        (b"{}", "", "RS001"),
        (b'{"name":5}', "/name", "RS001"),
        (b'{"name":"a","list":[1,"x"]}', "/list/1", "RS002"),
    ):
        with pytest.raises(InvalidInput) as raised:
            made.read(None, text)
        assert (raised.value.pointer, raised.value.vendor_code) == (pointer, code)


MIB = 1 << 20
BODIES = {
    "pairs": b"[" + b"[]," * ((MIB - 4) // 3) + b"[]]",
    "open": b"[" * MIB,
    "levels": b"[" + (b"[" * 60 + b"]" * 60 + b",") * 8_500 + b"[]]",
    "objects": b"[" + (b'{"":' * 60 + b"0" + b"}" * 60 + b",") * 3_400 + b"[]]",
    "quotes": b'"' * MIB,
    "unpaired": b'"a"' * (MIB // 3),
    "escaped quotes": b'["' + b'\\"' * ((MIB - 6) // 2) + b'"]',
    "unterminated": b'["' + b'\\"' * ((MIB - 6) // 2),
    "backslashes": b'["' + b"\\\\" * ((MIB - 6) // 2) + b'"]',
    "empty texts": b"[" + b'"",' * ((MIB - 4) // 3) + b'""]',
    "keys": b"{" + b",".join(b'"%06d":1' % n for n in range(MIB // 11)) + b"}",
    "numbers": b"[" + b"1," * ((MIB - 4) // 2) + b"1]",
    "brackets in a text": b'"' + b"[{," * (MIB // 3) + b'"',
    "no NUL": b"[" + b",".join(b'"\\\\u0000%010d"' % n for n in range(45_000)) + b"]",
    "many values": b"[" + b",".join(b'{"x":%d}' % n for n in range(24_000)) + b"]",
}
PLAIN = b"{" + b",".join(b'"%06d":1' % n for n in range(45_000)) + b"}"
TIMES_MAX = 10
"""How much longer a body may take than the standard library takes to parse a plain one (6 ms here). Each takes 0.3 to 3
times as long; before the limits, pairs took 37 times and numbers in a list of texts 2,000 times as long.
"""


def times_as_long(work: Callable[[], Any]) -> float:
    """The processor time of the work, refusals included, in multiples of parsing a plain body; the least of five,
    against noise.
    """

    def seconds(call: Callable[[], Any]) -> float:
        started = time.thread_time()
        with contextlib.suppress(RequestProblem):
            call()
        return time.thread_time() - started

    return min(seconds(work) / seconds(lambda: json.loads(PLAIN)) for _ in range(5))


@pytest.mark.parametrize("name", BODIES)
def test_a_mebibyte_is_read_or_refused_in_a_moment(name: str) -> None:
    assert times_as_long(lambda: decode_json(BODIES[name])) < TIMES_MAX


def test_50_000_values_are_read_and_one_more_is_not() -> None:
    most = b"[" + b",".join([b"1"] * (VALUES_MAX - 1)) + b"]"  # a bracket and a comma for each but the first
    assert len(decode_json(most)) == VALUES_MAX - 1
    assert len(decode_json(b'{"a":"%s"}' % (b"," * 500_000))["a"]) == 500_000
    for text in (
        most[:-1] + b",1,1]",
        b"[" + b"[]," * 25_000 + b"1]",
        b"{" + b",".join(b'"%d":1' % n for n in range(VALUES_MAX + 1)) + b"}",
    ):
        with pytest.raises(RequestProblem, match="more than 50,000 values"):
            decode_json(text)


def test_values_and_levels_behind_tricky_texts_are_counted() -> None:
    for text in (b'""', b'"\\""', b'"\\\\"', b'"\\\\\\""', b'"["', b'"\\u0022"', b'""  '):
        with pytest.raises(RequestProblem, match="more than"):
            decode_json(b"[" + text + b"," + b"1," * VALUES_MAX + b"1]")
        with pytest.raises(RequestProblem, match="deeper"):
            decode_json(b"[" + text + b"," + b"[" * 64 + b"]" * 64 + b"]")
        assert decode_json(b"[" + text + b"," + b"[" * 63 + b"]" * 63 + b"]")


LISTS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "maxLength": 10},
        "names": {"type": "array", "maxItems": 40_000, "items": {"type": "string"}},
        "few": {"type": "array", "maxItems": 3, "items": {"type": "object"}},
        "free": {"type": "object"},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    },
}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"id":"a","names":[%s1]}' % (b"1," * 39_000), "^/names/0: must be a string, not 1$"),
        (b'{"id":[%s1]}' % (b"1," * 40_000), "^/id: must be a string, not an array$"),
        (b'{"id":%s}' % PLAIN, "^/id: must be a string, not an object$"),
        (b'{"id":"%s"}' % (b"a" * 1_000_000), "^/id: must have at most 10 characters$"),
        (b'{"id":"a","names":%s}' % PLAIN, "^/names: must be an array, not an object$"),
        (b'{"id":"a","few":[%s{}]}' % (b"{}," * 24_000), "^/few: must have at most 3 items$"),
        (PLAIN, "^/id: is required$"),
        (b'{"id":"a",%s' % PLAIN[1:], ": is not a known member$"),
        (b'{"free":%s}' % PLAIN, "^/id: is required$"),
        (b'{"id":1,"free":%s}' % PLAIN, "^/id: must be a string, not 1$"),
        (b'{"id":"a","either":[%s1]}' % (b"1," * 40_000), "^/either: must be a string or an integer, not an array$"),
    ],
)
def test_what_is_wrong_in_a_large_body_is_found_in_a_moment(body: bytes, message: str) -> None:
    reader = body_reader(LISTS)
    with pytest.raises(InvalidInput, match=message):
        reader.read(None, body)
    assert times_as_long(lambda: reader.read(None, body)) < TIMES_MAX


def test_all_that_is_wrong_in_a_large_body_is_reported_up_to_a_hundred() -> None:
    def messages(body: Any) -> list[str]:
        with pytest.raises(InvalidInput) as refused:
            body_reader(LISTS).read(None, json.dumps(body).encode())
        return refused.value.messages

    names: list[Any] = ["a"] * 30_000
    names[20_000], names[29_999] = 5, None
    assert messages({"names": names, "few": [{}] * 4, "either": [], "other": 1}) == [
        "/id: is required",
        "/names/20000: must be a string, not 5",
        "/names/29999: must be a string, not null",
        "/few: must have at most 3 items",
        "/either: must be a string or an integer, not an array",
        "/other: is not a known member",
    ]
    many = messages({"id": 1, "names": [1] * 30_000})
    assert (many[0], many[1], len(many), many[-1]) == (
        "/id: must be a string, not 1",
        "/names/0: must be a string, not 1",
        101,
        "and more",
    )


def test_an_outline_breaks_the_rules_that_its_value_breaks() -> None:
    def cut(value: Any, schema: dict[str, Any]) -> Any:
        return outline(value, schema, lambda node: node)

    assert cut([[1], {"a": 1}, 2], {"type": "string"}) == [[], {}, 2]
    assert cut([1] * 100, {"type": "array", "maxItems": 5}) == [1] * 6
    assert cut({str(n): n for n in range(100)}, {"type": "object", "maxProperties": 4}) == {str(n): n for n in range(5)}
    assert cut({"b": 1, "a": [1] * 99}, {"type": "object", "required": ["a", "c"]}) == {"a": [1] * 8}
    assert cut({"a": {"b": [{}] * 99}}, {"properties": {"a": {"properties": {"b": {"type": "integer"}}}}}) == {
        "a": {"b": [{}] * 8}
    }
    valid = {"id": "a", "names": ["b"] * 1_000, "free": {str(n): n for n in range(100)}}
    assert cut(valid, LISTS) == valid


def test_an_invalid_body_whose_outline_is_valid_is_still_refused() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "array", "uniqueItems": True, "maxItems": 1_000}},
        "not": {"required": ["1999"]},
    }
    with pytest.raises(InvalidInput, match="does not match the contract"):
        body_reader(schema).read(None, b"{" + b",".join(b'"%d":1' % n for n in range(2_000)) + b"}")

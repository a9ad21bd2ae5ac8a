"""Request bodies: what is JSON, and what of it is read."""

from typing import Any

import pytest

from models.problems import InvalidInput, MediaTypeProblem, RequestProblem
from troth.compiled.bodies import DEPTH_MAX, BodyReader, decode_json
from troth.compiled.schemas import SchemaSet


def body_reader(schema: dict[str, Any], *, required: bool = True) -> BodyReader:
    return BodyReader({"required": required, "content": {"application/json": {"schema": schema}}}, SchemaSet({}), lambda node: node)


ANY = body_reader({})


@pytest.mark.parametrize("text", [b'{"a":"\\u0000"}', b'{"\\u0000":1}', b'[[["x\\u0000y"]]]', b'"\\u0000"'])
def test_a_nul_escape_is_refused_wherever_it_stands(text: bytes) -> None:
    with pytest.raises(RequestProblem, match="NUL"):
        decode_json(text)


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


@pytest.mark.parametrize("text", [b'"\\ud800"', b'{"\\udfff":1}', b'"\xed\xa0\x80"', b'"\xe9"', b"\xff\xfe1\x00", b"NaN", b"Infinity",
                                  b"-Infinity", b"01", b"{", b"[1,]", b"'a'", b'"\x01"', b"\xef\xbb\xbf1", b" "])
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(RequestProblem):
        decode_json(text)


@pytest.mark.parametrize("text", [b"9223372036854775808", b"-9223372036854775809", b"123456789012345678901234567890", b"1.0", b"1e3"])
def test_integers_beyond_64_bits_and_fractions_are_no_integers(text: bytes) -> None:
    with pytest.raises(InvalidInput):
        body_reader({"type": "integer"}).read(None, text)


def test_the_largest_integers_are_exact() -> None:
    assert body_reader({"type": "integer"}).read(None, b"9223372036854775807") == 2**63 - 1


@pytest.mark.parametrize("content_type", [
    None, b"application/json", b"APPLICATION/JSON", b"application/json;charset=UTF-8", b'application/json; charset="utf-8"',
    b"application/json; charset=us-ascii", b"application/json;", b"application/json; odata=verbose",
])
def test_content_types_that_are_json(content_type: bytes | None) -> None:
    for _ in range(2):  # the second time it is known
        assert ANY.read(content_type, b"1") == 1


@pytest.mark.parametrize("content_type", [b"text/plain", b"", b"application/jsonx", b"application/vnd.api+json", b"*/*",
                                          b"application/json; charset=latin-1", b"application/json; charset=utf-16", b"\xff"])
def test_content_types_that_are_not(content_type: bytes) -> None:
    for _ in range(2):
        with pytest.raises(MediaTypeProblem):
            ANY.read(content_type, b"1")


def test_a_required_body_must_be_there_and_an_optional_one_may_be_absent() -> None:
    with pytest.raises(InvalidInput, match="needed"):
        ANY.read(None, b"")
    assert body_reader({"type": "object"}, required=False).read(b"text/plain", b"") is None


def test_null_is_a_body_only_where_it_is_nullable() -> None:
    assert body_reader({"type": "object", "nullable": True}).read(None, b"null") is None
    with pytest.raises(InvalidInput):
        body_reader({"type": "object"}).read(None, b"null")


def test_a_broken_rule_is_told_with_its_pointer_and_the_nearest_vendor_code() -> None:
    made = body_reader({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "x-troth-rs-code": "RS001"},
        "list": {"type": "array", "x-troth-rs-code": "RS002", "items": {"type": "integer"}}}})
    for text, pointer, code in ((b"{}", "", "RS001"), (b'{"name":5}', "/name", "RS001"),
                                (b'{"name":"a","list":[1,"x"]}', "/list/1", "RS002")):
        with pytest.raises(InvalidInput) as raised:
            made.read(None, text)
        assert (raised.value.pointer, raised.value.vendor_code) == (pointer, code)

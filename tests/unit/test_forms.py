"""Form bodies: what is read from them, in which type, and what cannot be read."""

from typing import Any
from urllib.parse import urlencode

import pytest

from models.kernel.problems import InvalidInput, RequestProblem
from troth.request.bodies import BodyReader
from troth.request.forms import DEPTH_MAX, FIELDS_MAX, FORM, decode_form
from troth.request.schemas import SchemaSet

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "count": {"type": "integer", "minimum": 1},
        "price": {"type": "number"},
        "active": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "integer"}},
        "inner": {
            "type": "object",
            "properties": {
                "count": {"type": "integer"},
                "deep": {"type": "object", "properties": {"price": {"type": "number"}}},
                "rows": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
            },
        },
        "either": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    },
}


def decode(text: str | bytes) -> Any:
    return decode_form(text if isinstance(text, bytes) else text.encode(), SCHEMA, lambda node: node)


def reader() -> BodyReader:
    schemas = SchemaSet({})
    content = {"application/json": {"schema": SCHEMA}, FORM: {"schema": SCHEMA}}
    return BodyReader({"required": True, "content": content}, schemas, lambda node: node)


class TestScalars:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("name=Ana", {"name": "Ana"}),
            ("name=", {"name": ""}),
            ("name", {"name": ""}),
            ("", {}),
            ("&&name=a&", {"name": "a"}),
            ("name=Ana+Maria%26co%3D%2B", {"name": "Ana Maria&co=+"}),
            ("name=%C3%A4%E6%97%A5", {"name": "ä日"}),
            ("n%61me=x", {"name": "x"}),
            ("name=30", {"name": "30"}),
            ("name=true", {"name": "true"}),
            ("name=a=b", {"name": "a=b"}),
            ("name=a;b", {"name": "a;b"}),
            ("other=5", {"other": "5"}),
            ("either=x", {"either": "x"}),
        ],
    )
    def test_a_text_stays_a_text(self, text: str, expected: dict[str, Any]) -> None:
        assert decode(text) == expected

    @pytest.mark.parametrize(
        ("text", "value"),
        [("30", 30), ("9" * 19, int("9" * 19)), ("-5", -5), ("007", 7), ("0", 0), ("9" * 18, int("9" * 18))],
    )
    def test_an_integer_where_one_is_wanted(self, text: str, value: int) -> None:
        read = decode(f"count={text}")["count"]
        assert (read, type(read)) == (value, int)

    @pytest.mark.parametrize(
        "text", ["", "x", "1.5", "1e-2", "1.", "+5", "%205", "5%20", "0x1f", "%D9%A3", "1_0", "nan", "true"]
    )
    def test_what_is_no_integer_is_left_for_the_validation(self, text: str) -> None:
        assert isinstance(decode(f"count={text}")["count"], str)
        with pytest.raises(InvalidInput) as raised:
            reader().read(FORM.encode(), f"name=a&count={text}".encode())
        assert raised.value.pointer == "/count"

    @pytest.mark.parametrize(
        ("text", "value"), [("30", 30.0), ("24.50", 24.5), ("-0.01", -0.01), ("0", 0.0), ("1e3", 1000.0)]
    )
    def test_a_number_where_one_is_wanted(self, text: str, value: float) -> None:
        assert decode(f"price={text}")["price"] == value

    @pytest.mark.parametrize("text", ["", "1,5", "1e999", ".5", "5.", "inf", "nan", "-", "--1"])
    def test_what_is_no_number_is_left_for_the_validation(self, text: str) -> None:
        with pytest.raises(InvalidInput):
            reader().read(FORM.encode(), f"name=a&price={text}".encode())

    @pytest.mark.parametrize(
        ("text", "value"),
        [("1", True), ("true", True), ("TRUE", True), ("0", False), ("false", False), ("False", False)],
    )
    def test_a_boolean_where_one_is_wanted(self, text: str, value: bool) -> None:
        assert decode(f"active={text}")["active"] is value

    @pytest.mark.parametrize("text", ["", "yes", "on", "2", "t", "null"])
    def test_what_is_no_boolean_is_left_for_the_validation(self, text: str) -> None:
        with pytest.raises(InvalidInput):
            reader().read(FORM.encode(), f"name=a&active={text}".encode())

    def test_utf8_may_come_as_it_is(self) -> None:
        assert decode("name=Zoë".encode()) == decode(b"name=Zo%C3%AB") == {"name": "Zoë"}

    def test_the_last_of_several_counts(self) -> None:
        assert decode("name=a&name=b") == {"name": "b"}


class TestGroups:
    """As PHP's http_build_query writes nested arrays."""

    def test_members_in_brackets(self) -> None:
        assert decode("inner[count]=5&inner[deep][price]=1.5&inner[x]=y") == {
            "inner": {"count": 5, "deep": {"price": 1.5}, "x": "y"}
        }
        assert decode(urlencode({"inner[count]": "5"})) == {"inner": {"count": 5}}

    @pytest.mark.parametrize(
        "text", ["tags[]=1&tags[]=2", "tags[0]=1&tags[1]=2", "tags[7]=1&tags[9]=2", "tags[a]=1&tags[b]=2"]
    )
    def test_lists_in_the_order_they_came(self, text: str) -> None:
        assert decode(text) == {"tags": [1, 2]}

    def test_lists_of_groups(self) -> None:
        assert decode("inner[rows][0][n]=1&inner[rows][1][n]=2") == {"inner": {"rows": [{"n": 1}, {"n": 2}]}}

    def test_a_list_that_nobody_described_is_a_group(self) -> None:
        assert decode("other[]=1&other[]=2") == {"other": {"0": "1", "1": "2"}}

    @pytest.mark.parametrize("name", ["a]b", "[a]", "a[b", "a[b]c", "a[b][", "]"])
    def test_a_name_that_is_not_of_this_form_is_one_name(self, name: str) -> None:
        assert decode(urlencode({name: "1"})) == {name: "1"}

    @pytest.mark.parametrize(
        "text", ["name=a&name[x]=b", "name[x]=b&name=a", "inner[count]=1&inner[count][x]=2", "tags[]=1&tags[0][x]=2"]
    )
    def test_a_value_that_is_also_a_group_is_refused(self, text: str) -> None:
        with pytest.raises(RequestProblem, match="both a value and a group"):
            decode(text)

    def test_eight_levels_are_read_and_nine_are_not(self) -> None:
        assert decode("a" + "[b]" * (DEPTH_MAX - 1) + "=1")
        with pytest.raises(RequestProblem, match="deeper than 8"):
            decode("a" + "[b]" * DEPTH_MAX + "=1")

    def test_a_group_where_a_scalar_is_wanted_is_refused(self) -> None:
        with pytest.raises(InvalidInput):
            reader().read(FORM.encode(), b"name[a]=b")


class TestUnreadable:
    @pytest.mark.parametrize("body", [b"name=\xe4", b"name=%FF", b"name=%ED%A0%80", b"%FF=1"])
    def test_what_is_not_utf8(self, body: bytes) -> None:
        with pytest.raises(RequestProblem):
            decode(body)

    @pytest.mark.parametrize(
        ("body", "place"),
        [(b"name=%00", " at name"), (b"na%00me=1", ""), (b"inner[%00]=1", ""), (b"inner[a]=a\x00b", " at inner[a]")],
    )
    def test_nul_is_refused_wherever_it_stands_and_its_place_is_reported(self, body: bytes, place: str) -> None:
        with pytest.raises(RequestProblem) as refused:
            decode(body)
        assert str(refused.value) == f"The body holds a NUL character{place}."

    def test_a_thousand_fields_are_read_and_one_more_is_not(self) -> None:
        assert decode("&".join(["name=a"] * FIELDS_MAX)) == {"name": "a"}
        with pytest.raises(RequestProblem, match="more than 1000"):
            decode("&".join(["name=a"] * (FIELDS_MAX + 1)))


class TestReading:
    @pytest.mark.parametrize("content_type", [FORM, FORM.upper(), f"{FORM}; charset=UTF-8"])
    def test_a_form_is_validated_as_the_json_would_be(self, content_type: str) -> None:
        made = reader()
        for _ in range(2):  # the second time the content type is known
            assert made.read(content_type.encode(), b"name=a&count=3") == made.read(
                b"application/json", b'{"name":"a","count":3}'
            )
        with pytest.raises(InvalidInput) as raised:
            made.read(content_type.encode(), b"count=3")
        assert raised.value.missing == "name"

    def test_an_empty_form_has_no_fields(self) -> None:
        with pytest.raises(InvalidInput) as raised:
            reader().read(FORM.encode(), b"")
        assert raised.value.missing == "name"
        with pytest.raises(InvalidInput, match="the body: is required"):
            reader().read(b"application/json", b"")

    def test_of_several_readings_the_first_that_is_no_text_counts(self) -> None:
        assert decode("either=5") == {"either": 5}

    def test_references_are_followed(self) -> None:
        document = {"components": {"schemas": {"Count": {"type": "integer"}}}}

        def resolve(node: Any) -> Any:
            return document["components"]["schemas"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node

        schema = {"type": "object", "properties": {"n": {"$ref": "#/components/schemas/Count"}}}
        assert decode_form(b"n=5", schema, resolve) == {"n": 5}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("tags[]=1&tags[]=2", [1, 2]), ("tags[1]=5&tags[]=6", [5, 6]), ("tags[3]=5&tags[]=6&tags[]=7", [5, 6, 7])],
)
def test_an_index_left_out_is_the_one_after_the_highest(text: str, numbers: list[int]) -> None:
    assert decode(text.encode())["tags"] == numbers


def test_a_field_without_a_name_is_no_element() -> None:
    assert decode(b"=x") == {"": "x"}


def test_null_is_null_where_no_text_can_be_meant() -> None:
    schema = {
        "type": "object",
        "properties": {
            "count": {"type": "integer", "nullable": True},
            "kind": {"type": "string", "enum": ["a", None], "nullable": True},
            "name": {"type": "string", "nullable": True},
            "needed": {"type": "integer"},
        },
    }
    read = decode_form(b"count=null&kind=null&name=null&needed=null", schema, lambda node: node)
    assert read == {"count": None, "kind": None, "name": "null", "needed": "null"}

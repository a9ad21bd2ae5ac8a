"""Schemas of requests apart from those of answers, and the nulls that are removed from bodies."""

import copy
from pathlib import Path
from typing import Any, ClassVar

import pytest

from models.kernel.problems import InvalidInput
from tests.unit.test_bodies import body_reader
from troth.contracts.bundle import Bundle
from troth.contracts.requests import separate_requests
from troth.request.bodies import BodyReader
from troth.request.schemas import NULL_ONLY, SchemaSet
from troth.spec.errors import ContractError
from troth.spec.references import resolver

TEXT = {"type": "string"}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def separated(body: dict[str, Any], answer: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    """A document of one operation, with its requests apart."""
    operation = {
        "operationId": "putThing",
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": answer}}}},
    }
    document = {"paths": {"/things": {"put": operation}}, "components": {"schemas": copy.deepcopy(schemas)}}
    file = Path("openapi.yaml")
    bundle = Bundle(
        document, {"": (file, ""), **{f"/components/schemas/{name}": (file, f"/{name}") for name in schemas}}
    )
    separate_requests(bundle)
    return document


def body_of(document: dict[str, Any]) -> Any:
    return document["paths"]["/things"]["put"]["requestBody"]["content"]["application/json"]["schema"]


def reader(document: dict[str, Any]) -> BodyReader:
    body = document["paths"]["/things"]["put"]["requestBody"]
    return BodyReader(body, SchemaSet(document), resolver(document))


class TestSeparation:
    def test_a_schema_of_requests_alone_is_changed_where_it_is(self) -> None:
        thing = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}}
        document = separated(reference("Thing"), {"type": "object"}, Thing=thing)
        members = document["components"]["schemas"]["Thing"]["properties"]
        assert members == {"id": TEXT, "name": {**TEXT, "nullable": True, "x-troth-null": "ignored"}}

    def test_a_schema_of_both_stays_and_requests_have_one_of_their_own(self) -> None:
        thing = {
            "type": "object",
            "properties": {"name": TEXT, "children": {"type": "array", "items": reference("Thing")}},
        }
        document = separated(reference("Thing"), reference("Thing"), Thing=thing)
        schemas = document["components"]["schemas"]
        assert schemas["Thing"] == thing
        assert body_of(document) == reference("ThingInput")
        assert schemas["ThingInput"]["properties"]["children"]["items"] == reference("ThingInput")

    def test_a_schema_of_both_that_does_not_change_has_one_form(self) -> None:
        tags = {"type": "array", "items": TEXT}
        thing = {"type": "object", "required": ["tags"], "properties": {"tags": reference("Tags")}}
        document = separated(reference("Thing"), reference("Thing"), Thing=thing, Tags=tags)
        assert document["components"]["schemas"] == {"Thing": thing, "Tags": tags}

    def test_an_optional_reference_leads_to_a_nullable_form(self) -> None:
        kind = {"type": "string", "enum": ["a", "b"]}
        thing = {"type": "object", "properties": {"kind": reference("Kind")}}
        document = separated(reference("Thing"), reference("Kind"), Thing=thing, Kind=kind)
        schemas = document["components"]["schemas"]
        assert schemas["Kind"] == kind
        assert schemas["Thing"]["properties"]["kind"] == reference("NullableKind")
        assert schemas["NullableKind"]["enum"] == ["a", "b", None]

    def test_a_schema_that_refers_to_itself_is_not_copied_to_be_nullable(self) -> None:
        node = {"type": "object", "required": ["value"], "properties": {"value": TEXT, "next": reference("Node")}}
        document = separated(reference("Node"), {}, Node=node)
        nullable = document["components"]["schemas"]["NullableNode"]
        assert nullable == {"oneOf": [reference("Node"), NULL_ONLY], "x-troth-null": "ignored"}
        assert document["components"]["schemas"]["Node"]["properties"]["next"] == reference("NullableNode")

    def test_an_error_within_a_schema_that_refers_to_itself_names_the_member(self) -> None:
        node = {
            "type": "object",
            "required": ["value"],
            "properties": {"value": {"type": "integer"}, "next": reference("Node")},
        }
        read = reader(separated(reference("Node"), {}, Node=node)).read
        sent = b'{"value": 1.0, "next": {"value": 2.0, "next": {"value": 3, "next": null}}}'
        assert read(b"application/json", sent) == {"value": 1, "next": {"value": 2, "next": {"value": 3}}}
        with pytest.raises(InvalidInput, match=r"^/next/next/value: is required"):
            read(b"application/json", b'{"value": 1, "next": {"value": 2, "next": {}}}')
        with pytest.raises(InvalidInput, match=r"^/next/next/value: "):
            read(b"application/json", b'{"value": 1, "next": {"value": 2, "next": {"value": null, "next": 5}}}')

    def test_alternatives_name_all_members_and_what_is_missing_is_reported_of_the_whole(self) -> None:
        body = {
            "type": "object",
            "properties": {"a": {**TEXT, "description": "One."}, "b": {**TEXT, "description": "The other."}},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        }
        document = separated(body, {})
        assert body_of(document)["anyOf"][0]["properties"] == {
            "a": {"description": "One.", "not": {"enum": [None]}},
            "b": {"description": "The other."},
        }
        with pytest.raises(InvalidInput, match=r"^the body: a or b is required$"):
            reader(document).read(b"application/json", b'{"a": null}')

    def test_what_is_nullable_by_hand_is_not_ignored(self) -> None:
        name = {**TEXT, "nullable": True}
        document = separated({"type": "object", "properties": {"name": name, "any": {}}}, {})
        assert body_of(document)["properties"] == {"name": name, "any": {}}

    def test_what_an_alternative_requires_may_not_be_null_in_it(self) -> None:
        body = {
            "type": "object",
            "properties": {"a": TEXT, "b": TEXT},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        }
        read = reader(separated(body, {}))
        assert read.read(None, b'{"a":"x","b":null}') == {"a": "x"}
        for wrong in (b'{"a":null,"b":null}', b'{"a":null}', b"{}"):
            with pytest.raises(InvalidInput):
                read.read(None, wrong)

    def test_an_optional_member_without_a_nullable_form_is_reported(self) -> None:
        wrong = {"type": "object", "properties": {"a": {"allOf": [{"type": "object"}]}}}
        with pytest.raises(ContractError, match="no nullable form"):
            separated(wrong, {})


class TestDropping:
    BODY: ClassVar[dict[str, Any]] = {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": TEXT,
            "name": TEXT,
            "cleared": {**TEXT, "nullable": True},
            "size": {"oneOf": [{"type": "integer"}, TEXT]},
            "inner": {
                "type": "object",
                "properties": {"a": TEXT},
                "additionalProperties": {"type": "object", "properties": {"b": TEXT}},
            },
            "rows": {"type": "array", "items": {"type": "object", "properties": {"a": TEXT}}},
            "free": {"type": "object", "additionalProperties": True},
            "event": {
                "type": "object",
                "required": ["key"],
                "properties": {"key": TEXT, "fields": {"type": "object", "additionalProperties": True}},
            },
        },
    }

    @pytest.mark.parametrize(
        ("sent", "read"),
        [
            (b'{"id":"1","name":null}', {"id": "1"}),
            (b'{"id":"1","cleared":null}', {"id": "1", "cleared": None}),
            (b'{"id":"1","size":null,"rows":null}', {"id": "1"}),
            (b'{"id":"1","inner":{"a":null,"x":{"b":null}}}', {"id": "1", "inner": {"x": {}}}),
            (b'{"id":"1","rows":[{"a":null},{"a":"x"}]}', {"id": "1", "rows": [{}, {"a": "x"}]}),
            (b'{"id":"1","free":{"name":null}}', {"id": "1", "free": {"name": None}}),
            (b'{"id":"1","other":null}', {"id": "1", "other": None}),
        ],
    )
    def test_ignored_nulls_go_and_all_others_stay(self, sent: bytes, read: Any) -> None:
        assert reader(separated(self.BODY, {})).read(None, sent) == read

    def test_a_required_member_may_not_be_null(self) -> None:
        with pytest.raises(InvalidInput, match="id"):
            reader(separated(self.BODY, {})).read(None, b'{"id":null}')

    def test_of_alternatives_the_one_that_takes_the_value_says_what_is_ignored(self) -> None:
        member = {**TEXT, "nullable": True, "x-troth-null": "ignored"}
        schema = {
            "type": "object",
            "properties": {"fields": {"type": "object", "additionalProperties": True}},
            "oneOf": [
                {"properties": {"key": {"enum": ["a"]}, "fields": {"type": "object", "properties": {"x": member}}}},
                {"properties": {"key": {"enum": ["b"]}, "fields": {"type": "object"}}},
            ],
        }
        read = body_reader(schema)
        assert read.read(None, b'{"key":"a","fields":{"x":null}}') == {"key": "a", "fields": {}}
        assert read.read(None, b'{"key":"b","fields":{"x":null}}') == {"key": "b", "fields": {"x": None}}

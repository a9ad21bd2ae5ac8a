"""Contracts: bundling, linting, answers for operations that have no handler."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from models.kernel.problems import NotImplementedProblem
from troth.contracts.__main__ import main, undeclared
from troth.contracts.bundle import bundle
from troth.contracts.lint import lint
from troth.request.generated import answer_from_contract
from troth.request.schemas import SchemaSet
from troth.spec.errors import ContractError
from troth.spec.names import module_of, snake_case

OPERATION: dict[str, Any] = {
    "operationId": "getThing",
    "summary": "Get a thing",
    "description": "It.",
    "tags": ["Thing"],
    "security": [],
    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
    "responses": {
        "200": {
            "description": "It.",
            "content": {
                "application/json": {
                    "schema": {"$ref": "../schemas/thing.yaml#/Thing"},
                    "example": {"id": "a", "children": []},
                }
            },
        },
        "default": {"$ref": "../openapi.yaml#/components/responses/Error"},
    },
}
ROOT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "/t"}],
    "tags": [{"name": "Thing"}],
    "paths": {"/things/{id}": {"$ref": "paths/thing.yaml#/thing"}},
    "components": {
        "responses": {
            "Error": {
                "description": "No.",
                "content": {"application/json": {"schema": {"type": "object"}, "example": {}}},
            }
        }
    },
}
THING: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/Thing"}}},
}


def body_of(properties: dict[str, Any]) -> dict[str, Any]:
    """A request body of an object with these members."""
    return {"content": {"application/json": {"schema": {"type": "object", "properties": properties}, "example": {}}}}


def write(
    folder: Path,
    *,
    root: dict[str, Any] | None = None,
    operation: dict[str, Any] | None = None,
    thing: dict[str, Any] | None = None,
    text: str | None = None,
) -> Path:
    """A contract of one operation, with parts of it exchanged."""
    for name in ("paths", "schemas"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "openapi.yaml").write_text(yaml.safe_dump({**ROOT, **(root or {})}))
    (folder / "paths/thing.yaml").write_text(
        text or yaml.safe_dump({"thing": {"get": {**OPERATION, **(operation or {})}}})
    )
    (folder / "schemas/thing.yaml").write_text(yaml.safe_dump({"Thing": thing or THING}))
    return folder


def findings(folder: Path) -> list[str]:
    return [str(error) for error in lint(bundle(folder))]


class TestBundle:
    def test_references_to_schemas_stay_and_recursion_is_finite(self, tmp_path: Path) -> None:
        document = bundle(write(tmp_path)).document
        schema = document["components"]["schemas"]["Thing"]
        assert schema["properties"]["children"]["items"] == {"$ref": "#/components/schemas/Thing"}
        assert findings(tmp_path) == []

    @pytest.mark.parametrize(
        ("change", "place", "reason"),
        [
            (
                {"operation": {"responses": {"200": {"$ref": "../openapi.yaml#/components/responses/Nothing"}}}},
                "thing.yaml#/thing/get/responses/200",
                "leads nowhere",
            ),
            (
                {"operation": {"responses": {"200": {"$ref": "../schemas/nothing.yaml#/X"}}}},
                "nothing.yaml#/",
                "cannot be read",
            ),
            ({"thing": {"allOf": [{"$ref": "#/Nothing"}]}}, "schemas/thing.yaml#/Thing/allOf/0", "leads nowhere"),
            (
                {"thing": {"allOf": [{"$ref": "#/Thing", "nullable": True}]}},
                "schemas/thing.yaml#/Thing/allOf/0",
                "beside $ref",
            ),
            (
                {"root": {"paths": {"/x": {"$ref": "paths/thing.yaml#/nothing"}}}},
                "openapi.yaml#/paths/~1x",
                "leads nowhere",
            ),
            ({"text": "thing: {get: 1, get: 2}"}, "thing.yaml#line 1", "twice"),
            ({"text": "thing: ["}, "thing.yaml#/", "is not YAML"),
            ({"text": "- a"}, "thing.yaml#/", "not a mapping"),
        ],
    )
    def test_what_is_broken_is_reported_with_file_and_pointer(
        self, tmp_path: Path, change: dict[str, Any], place: str, reason: str
    ) -> None:
        with pytest.raises(ContractError) as caught:
            bundle(write(tmp_path, **change))
        assert place in str(caught.value)
        assert reason in str(caught.value)


class TestLint:
    @pytest.mark.parametrize(
        ("change", "place", "reason"),
        [
            ({"operation": {"operationId": "get_thing"}}, "paths/thing.yaml#/thing/get", "not camelCase"),
            ({"operation": {"x-colour": "red"}}, "paths/thing.yaml#/thing/get/x-colour", "unknown extension"),
            ({"operation": {"tags": ["Nothing"]}}, "paths/thing.yaml#/thing/get", "not declared"),
            ({"operation": {"parameters": []}}, "paths/thing.yaml#/thing/get", "do not match the path"),
            (
                {"operation": {"responses": {"200": OPERATION["responses"]["200"]}}},
                "paths/thing.yaml#/thing/get/responses",
                "no error answer",
            ),
            (
                {"operation": {"responses": {"default": OPERATION["responses"]["default"]}}},
                "/responses",
                "no success answer",
            ),
            (
                {"thing": {**THING, "required": ["id", "size"]}},
                "paths/thing.yaml#/thing/get/responses/200",
                "does not match its schema",
            ),
            (
                {"thing": {"type": "string", "pattern": r"^\d+$"}},
                "schemas/thing.yaml#/Thing/pattern",
                "read differently",
            ),
            (
                {"thing": {"type": "string", "pattern": "^[A-Z]$"}},
                "schemas/thing.yaml#/Thing/pattern",
                "needs words for who breaks it",
            ),
            (
                {"thing": {"type": "object", "not": {"required": ["a", "b"]}}},
                "schemas/thing.yaml#/Thing/not",
                "needs words for who breaks it",
            ),
            ({"thing": {"type": "string", "format": "colour"}}, "schemas/thing.yaml#/Thing/format", "unknown format"),
            (
                {"operation": {"requestBody": body_of({"size": {"type": "integer", "minimum": 0}})}},
                "paths/thing.yaml#/thing/get/requestBody/content/application~1json/schema/size",
                "neither a format nor both limits",
            ),
            (
                {"operation": {"requestBody": body_of({"sizes": {"anyOf": [{"items": {"type": "integer"}}]}})}},
                "requestBody/content/application~1json/schema/sizes/anyOf/0/items",
                "neither a format nor both limits",
            ),
            (
                {"operation": {"parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}}]}},
                "paths/thing.yaml#/thing/get/parameters/0/schema",
                "neither a format nor both limits",
            ),
        ],
    )
    def test_findings_name_the_hand_written_place(
        self, tmp_path: Path, change: dict[str, Any], place: str, reason: str
    ) -> None:
        found = findings(write(tmp_path, **change))
        assert any(place in line and reason in line for line in found), found

    def test_colliding_paths_and_repeated_ids_are_found(self, tmp_path: Path) -> None:
        paths = {
            "/things/{id}": {"$ref": "paths/thing.yaml#/thing"},
            "/things/{name}": {"$ref": "paths/thing.yaml#/thing"},
        }
        found = findings(write(tmp_path, root={"paths": paths}))
        assert any("collides" in line for line in found)
        assert any("is also" in line for line in found)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("getUserPII", "get_user_pii"),
            ("openGetShareURLs", "open_get_share_urls"),
            ("lookupReward", "lookup_reward"),
            ("accountId", "account_id"),
            ("tenant_alias", "tenant_alias"),
            ("X-Request-Id", "x_request_id"),
            ("get2FACode", "get2_fa_code"),
        ],
    )
    def test_snake_case_keeps_acronyms_whole(self, name: str, expected: str) -> None:
        assert snake_case(name) == expected

    def test_modules_of_tags(self) -> None:
        assert module_of("Reward Balance") == "reward_balance"


def test_a_contract_of_an_api_that_is_not_declared_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert undeclared() == []
    monkeypatch.setattr("troth.spec.store.SOURCES", tmp_path)
    (tmp_path / "leat").mkdir()
    (tmp_path / "toy").mkdir()
    for api in ("leat", "toy"):
        (tmp_path / api / "openapi.yaml").write_text("{}")
    assert [error.file for error in undeclared()] == [str(tmp_path / "toy" / "openapi.yaml")]
    assert main(["--check"]) == 1
    assert "belongs to no API" in capsys.readouterr().err


class TestWithoutHandler:
    @pytest.fixture
    def document(self, tmp_path: Path) -> dict[str, Any]:
        return bundle(write(tmp_path)).document

    def answer(self, document: dict[str, Any], *, mock: bool = True, seed: int = 1, operation: str = "getThing") -> Any:
        raw = {**document["paths"]["/things/{id}"]["get"], "operationId": operation}
        runtime: Any = SimpleNamespace(mock=mock, settings=SimpleNamespace(seed=seed))
        return answer_from_contract(runtime, document, raw)

    def test_the_example_answers_and_says_so(self, document: dict[str, Any]) -> None:
        handler = self.answer(document)
        assert handler(None, id="x").body == {"id": "a", "children": []}
        assert handler.troth_source == "example"  # type: ignore[attr-defined]

    def test_without_an_example_the_schema_answers_alike_for_a_seed(self, document: dict[str, Any]) -> None:
        content = document["paths"]["/things/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
        del content["example"]
        handler = self.answer(document)
        assert handler.troth_source == "generated"  # type: ignore[attr-defined]
        first = handler(None).body
        assert SchemaSet(document).validator(content["schema"], write=False).is_valid(first)
        assert first == self.answer(document)(None).body
        assert first != self.answer(document, seed=2)(None).body
        assert first != self.answer(document, operation="other")(None).body

    def test_production_says_that_it_is_not_implemented(self, document: dict[str, Any]) -> None:
        with pytest.raises(NotImplementedProblem):
            self.answer(document, mock=False)(None)

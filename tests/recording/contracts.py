"""The operations that the script calls by their operationId: where they are, and their examples."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from tests.support.contracts import contract
from troth.apis import api_names
from troth.spec.operations import base_path, operations


@dataclass(frozen=True)
class Operation:
    """One operation.

    `path` includes the path prefix of its API; `bodies` are the examples of the request body by name.
    """

    api: str
    id: str
    method: str
    path: str
    path_parameters: tuple[str, ...]
    integer_parameters: frozenset[str]
    integer_queries: tuple[str, ...]
    bodies: dict[str, Any]
    has_body: bool

    @property
    def name(self) -> str:
        return f"{self.api}.{self.id}"

    def target(self, values: dict[str, Any]) -> str:
        """The path with its parameters filled in, percent-encoded. Raises KeyError for one that is missing."""
        path = self.path
        for name in self.path_parameters:
            path = path.replace("{" + name + "}", quote(str(values[name]), safe=""))
        return path


@cache
def all_operations() -> dict[str, Operation]:
    """Every operation that mock mode serves, by `api.operationId`, in the order of the contracts."""
    found = [
        _read(api, contract(api), path, method, raw)
        for api in api_names()
        for path, method, raw in operations(contract(api))
    ]
    return {operation.name: operation for operation in found}


def _read(api: str, document: dict[str, Any], path: str, method: str, raw: dict[str, Any]) -> Operation:
    item = document["paths"][path]
    parameters = [_resolved(document, one) for one in [*item.get("parameters", ()), *raw.get("parameters", ())]]
    inside = [one for one in parameters if one["in"] == "path"]
    media = next(iter(_resolved(document, raw.get("requestBody", {})).get("content", {}).values()), {})
    named = {name: _resolved(document, example)["value"] for name, example in media.get("examples", {}).items()}
    bodies = {"example": media["example"]} if "example" in media else named
    return Operation(
        api=api,
        id=raw["operationId"],
        method=method.upper(),
        path=base_path(document) + path,
        path_parameters=tuple(one["name"] for one in inside),
        integer_parameters=frozenset(one["name"] for one in inside if _is_integer(document, one)),
        integer_queries=tuple(one["name"] for one in parameters if one["in"] == "query" and _is_integer(document, one)),
        bodies=bodies,
        has_body="requestBody" in raw,
    )


def _is_integer(document: dict[str, Any], parameter: dict[str, Any]) -> bool:
    return _resolved(document, parameter.get("schema", {})).get("type") == "integer"


def _resolved(document: dict[str, Any], node: Any) -> Any:
    """A node of a contract; where it is a reference into the same document, what it refers to."""
    while isinstance(node, dict) and "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node

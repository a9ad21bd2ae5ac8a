"""The operations of the contracts: searched by words, and described."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from troth.mock.remote import Json
from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

JSON = "application/json"
SCHEMAS = "#/components/schemas/"
WEIGHTS = {"id": 4, "summary": 3, "path": 2, "text": 1}
"""What a word that is searched for counts, by where it stands."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of an API. `parameters` are those of its path too, references followed."""

    api: str
    method: str
    path: str
    content: Json
    parameters: list[Json]

    @property
    def id(self) -> str:
        """The operation's `operationId`."""
        return str(self.content["operationId"])

    @property
    def row(self) -> Json:
        """What a list shows of it."""
        summary = self.content.get("summary", "")
        return {"api": self.api, "operation": self.id, "method": self.method, "path": self.path, "summary": summary}

    def parameters_in(self, place: str) -> list[Json]:
        """The parameters in the `path`, `query` or `header`."""
        return [parameter for parameter in self.parameters if parameter["in"] == place]


@cache
def operations_of(api: str) -> tuple[Operation, ...]:
    """The operations of an API's bundled contract."""
    document, _ = store.load(api)
    resolve = resolver(document)
    return tuple(
        Operation(
            api,
            method.upper(),
            path,
            content,
            [resolve(one) for one in (*document["paths"][path].get("parameters", ()), *content.get("parameters", ()))],
        )
        for path, method, content in operations(document)
    )


def search(apis: list[str], words: str) -> list[Operation]:
    """The operations that have all the words somewhere, the best first; all in the contracts' order without words."""
    terms = words.lower().split()
    found = [(_score(one, terms), one) for api in apis for one in operations_of(api)]
    return [one for score, one in sorted(found, key=lambda pair: -pair[0]) if score > 0]


def _score(operation: Operation, words: list[str]) -> int:
    """How well an operation fits; 0 where a word is missing."""
    places = {
        "id": operation.id.lower(),
        "summary": operation.content.get("summary", "").lower(),
        "path": operation.path.lower(),
        "text": " ".join(
            [
                operation.api,
                operation.content.get("description", "").lower(),
                *(tag.lower() for tag in operation.content.get("tags", ())),
                *(parameter["name"].lower() for parameter in operation.parameters),
            ]
        ),
    }
    scores = [max((WEIGHTS[place] for place, text in places.items() if word in text), default=0) for word in words]
    return 0 if 0 in scores else 1 + sum(scores)


def find(apis: list[str], name: str, api: str | None) -> Operation:
    """An operation by its id. Raises ToolError where there is none, or where several APIs have one."""
    if api is not None and api not in apis:
        raise ToolError(f"the mock has no API {api!r}; it has {', '.join(apis)}")
    known = [one for each in apis if api in (None, each) for one in operations_of(each)]
    found = [one for one in known if one.id == name]
    if not found:
        similar = get_close_matches(name, [one.id for one in known], n=3)
        hint = f"did you mean {' or '.join(similar)}?" if similar else "list_operations finds them by words"
        raise ToolError(f"there is no operation {name!r}; {hint}")
    if len(found) > 1:
        raise ToolError(f"{' and '.join(one.api for one in found)} have an operation {name!r}: name the api")
    return found[0]


def describe(operation: Operation, filled: set[str]) -> Json:
    """All that a caller needs to know.

    `filled` are the parameters that are filled in from the credentials when they are left out.
    """
    document, _ = store.load(operation.api)
    resolve = resolver(document)
    body = resolve(operation.content.get("requestBody", {}))
    sent = body.get("content", {}).get(JSON)
    status, answer = next(
        (code, resolve(one)) for code, one in operation.content["responses"].items() if code.startswith(("2", "3"))
    )
    shown: Json = {
        **operation.row,
        "description": operation.content.get("description", ""),
        "parameters": [_parameter(one, filled) for one in operation.parameters],
        "body": None if sent is None else {"required": body.get("required", False), "schema": sent["schema"]},
        "answer": {"status": status, "description": answer["description"]},
        "refusals": [code for code in operation.content["responses"] if code.startswith(("4", "5"))],
    }
    answered = answer.get("content", {}).get(JSON)
    if answered is not None:
        shown["answer"] |= {"schema": answered["schema"], "example": _example(answered)}
    shown["schemas"] = _schemas([shown["body"], shown["answer"]], document)
    shown["example"] = _call(operation, sent, filled)
    return dict(_plain(shown))


def _parameter(parameter: Json, filled: set[str]) -> Json:
    """A parameter as it is described: whether it must be given depends on what is filled in."""
    required = parameter.get("required", False) and parameter["name"] not in filled
    members = ("name", "in", "description", "schema", "example")
    return {**{name: parameter[name] for name in members if name in parameter}, "required": required}


def _call(operation: Operation, sent: Json | None, filled: set[str]) -> Json:
    """The arguments of call_operation that the contract's examples make."""
    call: Json = {"api": operation.api, "operation": operation.id}
    for place, member in (("path", "path_parameters"), ("query", "query")):
        given = {
            one["name"]: one["example"]
            for one in operation.parameters_in(place)
            if one.get("required") and one["name"] not in filled and "example" in one
        }
        if given:
            call[member] = given
    example = None if sent is None else _example(sent)
    return call if example is None else {**call, "body": example}


def _example(media: Json) -> Any:
    """The example of a body, or the first of several; None where the contract has none."""
    if "example" in media:
        return media["example"]
    return next((one["value"] for one in media.get("examples", {}).values() if "value" in one), None)


def _schemas(node: Any, document: Json) -> Json:
    """The named schemas that a node leads to, by name: each once, so that one that holds itself ends."""
    found: Json = {}
    waiting = [node]
    while waiting:
        for name in _names(waiting.pop()):
            if name not in found:
                found[name] = document["components"]["schemas"][name]
                waiting.append(found[name])
    return found


def _names(node: Any) -> set[str]:
    """The names of the schemas that a node refers to directly."""
    if isinstance(node, list):
        return {name for item in node for name in _names(item)}
    if not isinstance(node, dict):
        return set()
    reference = node.get("$ref")
    own = {reference.removeprefix(SCHEMAS)} if isinstance(reference, str) and reference.startswith(SCHEMAS) else set()
    return own | {name for member in node.values() for name in _names(member)}


def _plain(node: Any) -> Any:
    """A node without the contracts' own extensions (`x-troth-...`)."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if isinstance(node, dict):
        return {name: _plain(member) for name, member in node.items() if not name.startswith("x-troth-")}
    return node

"""Every documented operation is in the contract, with every documented parameter, member and status.

`inventory/<api>.json` lists names and types only: what the vendor documents, in the form this test compares.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from troth.spec import store
from troth.spec.references import resolver

INVENTORY = Path(__file__).parent / "inventory"
APIS = sorted(file.stem for file in INVENTORY.glob("*.json"))


def shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


class Document:
    """A bundled contract, its references followed."""

    def __init__(self, api: str) -> None:
        self.raw, _ = store.load(api)
        self.resolve = resolver(self.raw)
        self.operations = {
            (method.upper(), shape(path)): operation
            for path, item in self.raw["paths"].items()
            for method, operation in item.items()
        }

    def members(self, schema: Any, depth: int = 0) -> tuple[dict[str, Any], set[str]]:
        """The members of an object (or of an array's items), through unions, and those it requires."""
        schema = self.resolve(schema or {})
        if "items" in schema:
            return self.members(schema["items"], depth + 1) if depth < 8 else ({}, set())
        names, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
        if depth < 8:
            for key in ("allOf", "oneOf", "anyOf"):
                for part in schema.get(key, ()):
                    more, needed = self.members(part, depth + 1)
                    names |= more
                    required |= needed if key == "allOf" else set()
        return names, required


@pytest.mark.parametrize("api", APIS)
def test_the_contract_lacks_nothing_that_is_documented(api: str) -> None:
    document, gaps = Document(api), []
    for wanted in json.loads((INVENTORY / f"{api}.json").read_text()):
        name = f"{wanted['method']} {wanted['path']}"
        operation = document.operations.get((wanted["method"], shape(wanted["path"])))
        if operation is None:
            gaps.append(f"{name}: no such operation")
            continue
        if operation["operationId"] != wanted["operationId"]:
            gaps.append(f"{name}: is called {operation['operationId']}, documented as {wanted['operationId']}")
        query = {p["name"] for p in map(document.resolve, operation.get("parameters", ())) if p["in"] == "query"}
        gaps += [f"{name}: query parameter {q} is missing" for q in set(wanted["query"]) - query]
        body = document.resolve(operation.get("requestBody", {})).get("content", {}).get("application/json", {})
        members, required = document.members(body.get("schema"))
        gaps += [f"{name}: body member {m} is missing" for m in set(wanted["body"]) - set(members)]
        gaps += [f"{name}: body member {m} is not required" for m in set(wanted["required"]) - required]
        for status in wanted["statuses"]:
            if status not in operation["responses"] and "default" not in operation["responses"]:
                gaps.append(f"{name}: status {status} is missing")
        for status, expected in wanted["answers"].items():
            answer = document.resolve(operation["responses"].get(status, {}))
            members, _ = document.members(answer.get("content", {}).get("application/json", {}).get("schema"))
            for member, inner in expected.items():
                if member not in members:
                    gaps.append(f"{name}: {status} member {member} is missing")
                    continue
                deeper, _ = document.members(members[member])
                gaps += [f"{name}: {status} member {member}.{i} is missing" for i in set(inner) - set(deeper)]
    assert not gaps, "\n".join(gaps)


@pytest.mark.parametrize("api", APIS)
def test_security_is_what_is_documented(api: str) -> None:
    document = Document(api)
    for wanted in json.loads((INVENTORY / f"{api}.json").read_text()):
        operation = document.operations[wanted["method"], shape(wanted["path"])]
        schemes = {scheme for requirement in operation["security"] for scheme in requirement}
        expected = set(wanted["auth"]) - {"Unauthenticated"}
        if "UserJWT" in expected:
            expected.add("UserJWTBearer")
        assert schemes == expected, operation["operationId"]

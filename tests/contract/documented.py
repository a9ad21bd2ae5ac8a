"""What the vendors' documentation says of requests, kept apart from the contracts: enumerations, limits, defaults, what
is required.

`documented/<api>.json` has, for each operation, the query parameters and the members of the body that the documentation
says more of than a type, and the members that it requires. That is derived from the vendors' documentation, not from
`openapi/`. `documented/roles.json` has the operations of each role of Loyalty Core: the documentation names the roles,
and that a `:read` role reads; which operation needs which is our choice, pinned here.
"""

import json
from pathlib import Path
from typing import Any

from troth.spec import store
from troth.spec.operations import operations
from troth.spec.references import resolver

FOLDER = Path(__file__).parent / "documented"
FACTS = (
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "default",
    "required",
)
DEPTH_MAX = 6
"""Of members: expressions nest without end."""


def documented(api: str) -> dict[str, Any]:
    """What is documented of each operation."""
    found: dict[str, Any] = json.loads((FOLDER / f"{api}.json").read_text())
    return found


def role_of() -> dict[str, str]:
    """The role that each operation of Loyalty Core needs."""
    roles: dict[str, list[str]] = json.loads((FOLDER / "roles.json").read_text())
    return {name: role for role, names in roles.items() for name in names}


class Contract:
    """The same facts, as a contract has them."""

    def __init__(self, api: str) -> None:
        document, _ = store.load(api)
        self._resolve = resolver(document)
        self.operations = {raw["operationId"]: raw for _, _, raw in operations(document)}

    def query(self, name: str) -> dict[str, dict[str, Any]]:
        """Facts by parameter; those of a list's items by `name[]`."""
        found: dict[str, dict[str, Any]] = {}
        for parameter in map(self._resolve, self.operations[name].get("parameters", ())):
            if parameter["in"] == "query":
                self._collect(parameter["schema"], parameter["name"], found, set())
                if parameter.get("required"):
                    found.setdefault(parameter["name"], {})["required"] = True
        return found

    def body(self, name: str) -> tuple[dict[str, dict[str, Any]], set[str]]:
        """Facts by member (`items[].sku`), and the members that are required where their object is given."""
        found: dict[str, dict[str, Any]] = {}
        required: set[str] = set()
        content = self._resolve(self.operations[name].get("requestBody", {})).get("content", {})
        if content:
            self._collect(content["application/json"]["schema"], "", found, required)
        return found, required

    def _collect(self, schema: Any, path: str, found: dict[str, Any], required: set[str], depth: int = 0) -> None:
        schema = self._resolve(schema)
        facts = {name: schema[name] for name in FACTS if name in schema and name != "required"}
        if facts and path:
            found.setdefault(path, {}).update(facts)
        if depth == DEPTH_MAX:
            return
        for key in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(key, ()):
                self._collect(part, path, found, required if key == "allOf" else set(), depth + 1)
        below = f"{path}." if path else ""
        for member, inner in schema.get("properties", {}).items():
            self._collect(inner, f"{below}{member}", found, required, depth + 1)
        required |= {f"{below}{member}" for member in schema.get("required", ())}
        if "items" in schema:
            self._collect(schema["items"], f"{path}[]", found, required, depth + 1)

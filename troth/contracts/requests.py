"""Schemas of requests apart from those of answers: every optional member of a request may be null.

A member that a hand-written schema calls `nullable` is handed to the domain as null, which clears it. Every other
optional member becomes nullable here, with `x-troth-null: ignored`: null says nothing then, and is removed before the
domain sees the body (`troth/request/nulls.py`).

A schema that only requests refer to is changed where it is. One that answers refer to, too, stays as it is, and
requests refer to a `<Name>Input` when a member of it has changed. A reference that may be null leads to
`Nullable<Name>`: the schema with null, or, of an object, the choice of it and null, so that generated clients have one
class and not two.

Where the contract says `x-troth-closed-bodies: true`, an object of a request takes no members but those that are
listed, unless its schema says what others may be (`additionalProperties`). Members that the resource's answers show
besides are listed, too: they are taken and ignored (`troth/contracts/shown_members.py`).
"""

from typing import Any

from models.kernel.pointers import escape
from troth.contracts.bundle import Bundle
from troth.contracts.shown_members import take_shown_members
from troth.request.nulls import MARKER
from troth.request.schemas import NULL_ONLY
from troth.spec.operations import operations
from troth.spec.references import resolver

Schema = dict[str, Any]

IGNORED = "ignored"
CLOSED = "x-troth-closed-bodies"
_PREFIX = "#/components/schemas/"
_CHOICES = ("oneOf", "anyOf")


def separate_requests(bundle: Bundle) -> None:
    """Change the schemas of a bundle's request bodies.

    Raises ContractError for an optional member that cannot be nullable.
    """
    _Separation(bundle).run()


class _Separation:
    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.document = bundle.document
        self.schemas: dict[str, Schema] = self.document["components"]["schemas"]
        self.resolve = resolver(self.document)
        self.is_closed = self.document.get(CLOSED) is True
        if self.is_closed:
            take_shown_members(self.document)
        self.bodies = [
            content
            for _, _, operation in operations(self.document)
            if "requestBody" in operation
            for content in self.resolve(operation["requestBody"]).get("content", {}).values()
        ]
        self.requested = self._reachable([content.get("schema", {}) for content in self.bodies])
        self.shared = self.requested & self._answered()
        self.renamed: set[str] = set()
        self.added: dict[str, Schema] = {}

    def run(self) -> None:
        while more := {
            name for name in self.shared - self.renamed if self._request(self.schemas[name]) != self.schemas[name]
        }:
            self.renamed |= more
        changed = {self._input_name(name): self._request(self.schemas[name]) for name in sorted(self.requested)}
        for name in self.renamed:
            self._add_origin(f"{name}Input", name)
        for content in self.bodies:
            content["schema"] = self._request(content.get("schema", {}))
        self.schemas.update(changed)
        self.schemas.update(self.added)
        self.document["components"]["schemas"] = dict(sorted(self.schemas.items()))

    def _answered(self) -> set[str]:
        """Schemas that something else than a body of a request refers to, or nothing at all."""
        others = {name: part for name, part in self.document.items() if name not in ("paths", "components")}
        parts = [part for name, part in self.document["components"].items() if name not in ("schemas", "requestBodies")]
        responses = [
            {name: part for name, part in operation.items() if name != "requestBody"}
            for _, _, operation in operations(self.document)
        ]
        return self._reachable([others, parts, responses]) | (self.schemas.keys() - self.requested)

    def _reachable(self, node: Any) -> set[str]:
        """The names of the schemas that a part of the document refers to, directly or not."""
        found: set[str] = set()
        stack = [node]
        while stack:
            part = stack.pop()
            if isinstance(part, list):
                stack += part
            elif isinstance(part, dict):
                name = _name_of(part)
                if name is None:
                    stack += part.values()
                elif name not in found:
                    found.add(name)
                    stack.append(self.schemas[name])
        return found

    def _input_name(self, name: str) -> str:
        return f"{name}Input" if name in self.renamed else name

    def _add_origin(self, name: str, of: str) -> None:
        """Errors about a schema that was made here are reported as errors about the one that it was made of."""
        self.bundle.origins[f"/components/schemas/{escape(name)}"] = self.bundle.origins[
            f"/components/schemas/{escape(of)}"
        ]

    def _request(self, node: Schema, required: frozenset[str] = frozenset()) -> Schema:
        """A schema as requests have it.

        `required` are the members that a schema around it requires of the same object.
        """
        name = _name_of(node)
        if name is not None:
            return {"$ref": _PREFIX + self._input_name(name)}
        required |= frozenset(node.get("required", ()))
        made = dict(node)
        if "properties" in node:
            made["properties"] = {
                member: self._request(part) if member in required else self._nullable(self._request(part))
                for member, part in node["properties"].items()
            }
            if self.is_closed:
                made.setdefault("additionalProperties", False)
        for key in ("items", "additionalProperties"):
            if isinstance(node.get(key), dict):
                made[key] = self._request(node[key])
        for key in ("allOf", *_CHOICES):
            if key in node:
                made[key] = [self._part(part, node, required) for part in node[key]]
        return made

    def _part(self, part: Schema, whole: Schema, required: frozenset[str]) -> Schema:
        """One of the alternatives of an object. What it requires may not be null, though the object has it as optional.

        It names all members of the object, so that generated clients have them: some make classes of the alternatives
        alone. What they may be stands in the object only, which is where errors about them are found.
        """
        made = self._request(part, required)
        if "additionalProperties" not in part:
            made.pop("additionalProperties", None)  # the whole object says it
        own, named = made.get("properties", {}), whole.get("properties", {})
        further = {member: self._mention(schema) for member, schema in named.items() if member not in own}
        for member in part.get("required", ()):
            if member in further and member not in required:
                further[member]["not"] = {"enum": [None]}
        if further and "$ref" not in made:
            made["properties"] = {**own, **further}
        return made

    def _mention(self, schema: Schema) -> Schema:
        """A schema that takes everything, with what a member is."""
        return {key: text for key, text in self.resolve(schema).items() if key == "description"}

    def _nullable(self, node: Schema) -> Schema:
        """A schema of a request that takes null, which is ignored, unless it takes null already or anything at all."""
        name = _name_of(node)
        if name is not None:
            return self._nullable_reference(node, name)
        if node.get("nullable") or not (node.keys() & {"type", "enum", "allOf", *_CHOICES}):
            return node
        made = {**node, MARKER: IGNORED}
        if "type" in node and not node.keys() & {"allOf", *_CHOICES}:
            made["nullable"] = True
            if "enum" in node:
                made["enum"] = [*node["enum"], None]
            return made
        for key in _CHOICES:
            if key in node and "type" not in node:
                if any(self._takes_null(choice) for choice in node[key]):
                    return node
                first, *rest = node[key]
                return {**made, key: [_without_marker(self._nullable(first)), *rest]}
        raise self.bundle.error("", f"no nullable form of an optional member of a request: {node}")

    def _nullable_reference(self, node: Schema, name: str) -> Schema:
        source = name.removesuffix("Input") if name.removesuffix("Input") in self.renamed else name
        if self._takes_null(self.schemas[source]):
            return node
        nullable = f"Nullable{name}"
        if nullable not in self.added:
            if nullable in self.schemas:
                raise self.bundle.error(
                    f"/components/schemas/{escape(nullable)}", "is the name of a schema that is made"
                )
            self.added[nullable] = {}  # of a schema that refers to itself
            self.added[nullable] = (
                {"oneOf": [node, NULL_ONLY], MARKER: IGNORED}
                if self.schemas[source].get("type") == "object"
                else self._nullable(self._request(self.schemas[source]))
            )
            self._add_origin(nullable, source)
        return {"$ref": _PREFIX + nullable}

    def _takes_null(self, node: Schema) -> bool:
        node = self.resolve(node)
        return bool(node.get("nullable")) or any(
            self._takes_null(part) for key in _CHOICES for part in node.get(key, ())
        )


def _name_of(node: Schema) -> str | None:
    """The schema that a reference leads to."""
    reference = node.get("$ref")
    is_one = isinstance(reference, str) and reference.startswith(_PREFIX)
    return reference.removeprefix(_PREFIX) if is_one and isinstance(reference, str) else None


def _without_marker(node: Schema) -> Schema:
    return {key: value for key, value in node.items() if key != MARKER}

"""What a contract must be beyond valid OpenAPI 3.0.3. Every finding names the hand-written file and the pointer."""

import re
from collections.abc import Iterator
from typing import Any

from models.kernel.fault_words import WORDS
from models.kernel.pointers import escape
from troth.contracts.bundle import Bundle
from troth.contracts.clients import client_faults
from troth.contracts.requests import CLOSED
from troth.request.schemas import SchemaSet
from troth.spec.errors import ContractError
from troth.spec.operations import operations
from troth.spec.references import resolver

EXTENSIONS = {
    "x-troth-open-endpoint",
    "x-troth-unqueued",
    "x-troth-user-token",
    "x-troth-rs-code",
    "x-troth-beyond",
    "x-troth-null",
    "x-troth-role",
    "x-troth-body-bytes",
    CLOSED,
    "x-troth-closed-query",
    WORDS,
}
CAMEL_CASE = re.compile(r"^[a-z][A-Za-z0-9]*$")
SUBSCHEMAS, CHOICES = ("items", "additionalProperties"), ("allOf", "oneOf", "anyOf")
UNPORTABLE = re.compile(r"\\[dDwWsSbBAZzpP]|\(\?")
FORMATS = {
    "int32",
    "int64",
    "float",
    "double",
    "date-time",
    "date",
    "uuid",
    "email",
    "uri",
    "ipv4",
    "ipv6",
    "binary",
    "byte",
    "password",
}


def _needs_words(key: str, value: Any) -> bool:
    """Whether a message cannot be made of the keyword's own value; a member may have the name of a keyword."""
    return isinstance(value, str) if key == "pattern" else isinstance(value, dict) and value.keys() != {"enum"}


def _is_limited(integer: dict[str, Any]) -> bool:
    """Whether the schema of an integer says itself what validation holds every integer to: 64 bits at most."""
    return "format" in integer or "enum" in integer or integer.keys() >= {"minimum", "maximum"}


def lint(bundle: Bundle) -> list[ContractError]:
    """All findings, in the order of the document."""
    return list(_Linter(bundle).run())


class _Linter:
    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.document = bundle.document
        self.schemas = SchemaSet(self.document)
        self.resolve = resolver(self.document)

    def error(self, pointer: str, message: str) -> ContractError:
        """An error at a pointer of the bundle, with its place in the source."""
        return self.bundle.error(pointer, message)

    def run(self) -> Iterator[ContractError]:
        """All errors of the contract."""
        yield from self.keys(self.document, "")
        yield from self.paths()
        yield from self.all_operations()
        for pointer, message in client_faults(self.document, self.resolve):
            yield self.error(pointer, message)
        for name, schema in self.document.get("components", {}).get("schemas", {}).items():
            if "example" in schema:
                pointer = f"/components/schemas/{escape(name)}"
                yield from self.example(f"#{pointer}", schema["example"], f"{pointer}/example", write=False)

    def keys(self, node: Any, pointer: str) -> Iterator[ContractError]:
        """Unknown extensions, formats and patterns that Python and Rust read differently."""
        if isinstance(node, list):
            for n, part in enumerate(node):
                yield from self.keys(part, f"{pointer}/{n}")
        if not isinstance(node, dict):
            return
        for key, value in node.items():
            where = f"{pointer}/{escape(key)}"
            if key.startswith("x-") and key not in EXTENSIONS:
                yield self.error(where, f"unknown extension {key}")
            if key == "pattern" and isinstance(value, str) and UNPORTABLE.search(value):
                yield self.error(where, "the pattern uses what Python's and Rust's engines read differently")
            if key in ("pattern", "not") and _needs_words(key, value) and not isinstance(node.get(WORDS), str):
                yield self.error(where, f"a {key} needs words for who breaks it: {WORDS}")
            if key == "format" and isinstance(value, str) and "type" in node and value not in FORMATS:
                yield self.error(where, f"unknown format {value}")
            if key not in ("example", "examples", "default", "enum"):
                yield from self.keys(value, where)

    def paths(self) -> Iterator[ContractError]:
        """Errors of paths and of their parameters."""
        shapes: dict[str, str] = {}
        for path, item in self.document.get("paths", {}).items():
            pointer = f"/paths/{escape(path)}"
            shape = re.sub(r"\{[^}]*\}", "{}", path)
            if shape in shapes:
                yield self.error(pointer, f"collides with {shapes[shape]}")
            shapes[shape] = path
            if "parameters" in item:
                yield self.error(
                    f"{pointer}/parameters", "list parameters on the operations: Connexion merges these wrongly"
                )

    def all_operations(self) -> Iterator[ContractError]:
        """Errors of operations."""
        seen: dict[str, str] = {}
        tags = {tag["name"] for tag in self.document.get("tags", ())}
        for path, method, operation in operations(self.document):
            pointer = f"/paths/{escape(path)}/{method}"
            name = operation.get("operationId", "")
            if not CAMEL_CASE.match(name):
                yield self.error(pointer, f"operationId {name!r} is not camelCase")
            if name in seen:
                yield self.error(pointer, f"operationId {name} is also {seen[name]}")
            seen[name] = f"{method.upper()} {path}"
            for member in ("summary", "description", "tags", "security", "responses"):
                if member not in operation:
                    yield self.error(pointer, f"{name} has no {member}")
            for tag in operation.get("tags", ()):
                if tag not in tags:
                    yield self.error(pointer, f"tag {tag} is not declared")
            yield from self.parameters(path, pointer, operation)
            yield from self.body(pointer, operation)
            yield from self.responses(pointer, operation)

    def parameters(self, path: str, pointer: str, operation: dict[str, Any]) -> Iterator[ContractError]:
        """Errors of the parameters of an operation."""
        named = set(re.findall(r"\{([^}]*)\}", path))
        found = set()
        for n, raw in enumerate(operation.get("parameters", ())):
            where = f"{pointer}/parameters/{n}"
            parameter = self.resolve(raw)
            if parameter["in"] == "path":
                found.add(parameter["name"])
            if "schema" not in parameter:
                yield self.error(where, f"parameter {parameter['name']} has no schema")
                continue
            yield from self.requested(parameter["schema"], f"{where}/schema", (), closed=False)
            if "example" in parameter:
                yield from self.example(parameter["schema"], parameter["example"], f"{where}/example", write=True)
        if named != found:
            yield self.error(pointer, f"path parameters {sorted(found)} do not match the path's {sorted(named)}")

    def body(self, pointer: str, operation: dict[str, Any]) -> Iterator[ContractError]:
        """Errors of the request body of an operation."""
        if "requestBody" not in operation:
            return
        body = self.resolve(operation["requestBody"])
        for media, content in body.get("content", {}).items():
            where = f"{pointer}/requestBody/content/{escape(media)}"
            closed = self.document.get(CLOSED) is True
            yield from self.requested(content.get("schema", {}), f"{where}/schema", (), closed=closed)
            yield from self.media(content, where, write=True)

    def requested(self, schema: Any, where: str, above: tuple[int, ...], *, closed: bool) -> Iterator[ContractError]:
        """What a schema of a request must say: its integers' limits and, where `closed`, what each object takes beside
        listed members.
        """
        schema = self.resolve(schema)
        if id(schema) in above:
            return
        above = (*above, id(schema))
        if schema.get("type") == "integer" and not _is_limited(schema):
            yield self.error(where, "the integer has neither a format nor both limits; validation takes 64 bits")
        if closed and "properties" in schema and "additionalProperties" not in schema:
            yield self.error(where, "the object takes members that are not listed, and ignores them")
        parts = {**schema.get("properties", {}), **{key: schema[key] for key in SUBSCHEMAS if key in schema}}
        for name, part in parts.items():
            if isinstance(part, dict):
                yield from self.requested(part, f"{where}/{escape(name)}", above, closed=closed)
        for key in CHOICES:
            for n, part in enumerate(schema.get(key, ())):
                own = closed and "properties" not in schema  # else they are parts of an object that says it itself
                yield from self.requested(part, f"{where}/{key}/{n}", above, closed=own)

    def responses(self, pointer: str, operation: dict[str, Any]) -> Iterator[ContractError]:
        """Errors of the answers of an operation."""
        answers = operation.get("responses", {})
        if not any(status.startswith(("2", "3")) for status in answers):
            yield self.error(f"{pointer}/responses", "no success answer")
        if not any(status.startswith("4") or status == "default" for status in answers):
            yield self.error(f"{pointer}/responses", "no error answer")
        for status, raw in answers.items():
            for media, content in self.resolve(raw).get("content", {}).items():
                if media == "application/json":
                    where = f"{pointer}/responses/{status}/content/{escape(media)}"
                    yield from self.media(content, where, write=False)

    def media(self, content: dict[str, Any], where: str, *, write: bool) -> Iterator[ContractError]:
        """Errors of the examples of a media type."""
        examples = (
            [("example", content["example"])]
            if "example" in content
            else [
                (f"examples/{escape(name)}/value", self.resolve(example)["value"])
                for name, example in content.get("examples", {}).items()
            ]
        )
        if not examples:
            yield self.error(where, "no example")
        for name, value in examples:
            yield from self.example(content.get("schema", {}), value, f"{where}/{name}", write=write)

    def example(self, schema: Any, value: Any, where: str, *, write: bool) -> Iterator[ContractError]:
        """Errors of an example that does not match its schema."""
        schema = {"$ref": schema} if isinstance(schema, str) else schema
        for problem in self.schemas.validator(schema, write=write).iter_errors(value):
            at = "".join(f"/{part}" for part in problem.instance_path)
            yield self.error(where, f"the example does not match its schema at {at or '/'}: {problem.message}")

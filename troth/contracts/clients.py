"""What a contract must be so that generated clients work: openapi-python-client makes modules of everything else that
cannot be imported, or leaves operations out. `make clients` generates them and checks their types; the rules here find
what is wrong sooner.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from models.kernel.pointers import escape

Schema = dict[str, Any]
Finding = tuple[str, str]
"""A pointer into the bundle, and what is wrong there."""

TAKEN = {
    "Any",
    "AuthenticatedClient",
    "BinaryIO",
    "BytesIO",
    "Client",
    "File",
    "Generator",
    "HTTPStatus",
    "Mapping",
    "Response",
    "TextIO",
    "TypeVar",
    "Unset",
}
"""Names that generated modules import for themselves: a schema of that name would take their place."""

_CHOICES = ("oneOf", "anyOf")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def client_faults(document: dict[str, Any], resolve: Callable[[Any], Any]) -> Iterator[Finding]:
    """What keeps the clients of a bundle from being generated, imported or type-checked."""
    schemas = document.get("components", {}).get("schemas", {})
    words = {_word(name): name for name in schemas}
    for name, schema in schemas.items():
        pointer = f"/components/schemas/{escape(name)}"
        if name in TAKEN:
            yield pointer, f"generated clients import a {name} of their own, give the schema another name"
        yield from _own_name(name, schema, pointer)
        if _is_nullable_object(schema) and _reaches(schema, name, resolve):
            yield (
                pointer,
                "is nullable and refers to itself: let it take objects alone, and a choice of it and null beside it",
            )
        if schema.get("type") == "object" and schema.get("default") is not None:
            yield f"{pointer}/default", "generated clients take no default of an object, state it in the description"
        for where, part in _objects_of_union(schema, pointer):
            named = words.get(_word(part.get("title", "")))
            if named:
                yield f"{where}/title", f"its class would be called as that of the schema {named}"
            for inner in _nameless_objects(part, where):
                yield (
                    inner,
                    "an object within an object that is one of several possibilities (null is one) needs a name",
                )


def _own_name(name: str, schema: Schema, pointer: str) -> Iterator[Finding]:
    """A class is put together in a variable of its name, beside one for each member that is more than plain text or a
    number.
    """
    for member, part in schema.get("properties", {}).items():
        plain = (
            part.get("type") in ("string", "integer", "number", "boolean")
            and "format" not in part
            and "enum" not in part
        )
        if _word(member) == _word(name) and not plain:
            yield f"{pointer}/properties/{escape(member)}", f"a member may not be called as its schema, {name}"


def _word(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", _CAPITAL.sub("_", name).lower())


def _is_nullable_object(schema: Schema) -> bool:
    return bool(schema.get("nullable")) and schema.get("type") == "object" and "enum" not in schema


def _reaches(schema: Schema, name: str, resolve: Callable[[Any], Any]) -> bool:
    """Whether a schema leads to the one of a name without an object of another name between them."""
    stack, seen = list(_children(schema)), set[str]()
    while stack:
        _, part = stack.pop()
        target = part.get("$ref", "")
        if target == f"#/components/schemas/{name}":
            return True
        if target in seen:
            continue
        seen.update({target} if target else ())
        found = resolve(part)
        if not target or found.get("type") != "object" or found.get("nullable"):
            stack += _children(found)
    return False


def _objects_of_union(schema: Schema, pointer: str) -> Iterator[tuple[str, Schema]]:
    """The objects without a name among the possibilities of a schema."""
    if _is_nullable_object(schema):
        yield pointer, schema
    for key in _CHOICES:
        for n, part in enumerate(schema.get(key, ())):
            if "properties" in part or part.get("type") == "object":
                yield f"{pointer}/{key}/{n}", part


def _children(schema: Schema, pointer: str = "") -> Iterator[tuple[str, Schema]]:
    for name, part in schema.get("properties", {}).items():
        yield f"{pointer}/properties/{escape(name)}", part
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield f"{pointer}/{key}", schema[key]
    for key in ("allOf", *_CHOICES):
        for n, part in enumerate(schema.get(key, ())):
            yield f"{pointer}/{key}/{n}", part


def _nameless_objects(schema: Schema, pointer: str) -> Iterator[str]:
    for where, part in _children(schema, pointer):
        if part.get("type") == "object" and "enum" not in part:
            yield where
        elif "$ref" not in part:
            yield from _nameless_objects(part, where)

"""Invalid values cut down to what their first error needs.

The validator copies the value that an error is about and writes it into its message, and it builds all errors before
the first is seen. A large value that is not taken apart (troth/request/pieces.py) is cut down here first, and only one
error is asked for.
"""

from collections.abc import Callable
from typing import Any

from troth.request.schemas import Schema

Resolve = Callable[[Any], Any]

CHILDREN_KEPT = 8
"""Of a value of the wrong kind: of a list where a text is expected, of members that the schema does not know."""

TEXT_KEPT = 200
"""Characters of a text where another type is expected."""

COMPOSED = frozenset({"allOf", "anyOf", "oneOf", "not"})


def outline(value: Any, schema: Any, resolve: Resolve, *, most: int | None = None) -> Any:
    """An invalid value with less in it.

    `schema` is its schema in the raw document; `most` is how many children are kept at all.

    What is cut off can be the only thing that is wrong: the outline of an invalid value may be valid.
    """
    if isinstance(value, list):
        node = _alternative(schema, "array", resolve)
        return _children(value) if node is None else _list(value, node, resolve, most)
    if isinstance(value, dict):
        node = _alternative(schema, "object", resolve)
        return _members(value) if node is None else _object(value, node, resolve, most)
    if isinstance(value, str) and len(value) > TEXT_KEPT:
        node = _alternative(schema, "string", resolve)
        return value[: TEXT_KEPT if node is None else node.get("maxLength", len(value)) + 1]
    return value


def _alternative(schema: Any, kind: str, resolve: Resolve) -> Schema | None:
    """The schema, or the first of its alternatives, that takes lists or objects; None when none does."""
    node: Schema = resolve(schema)
    choices = node.get("anyOf") or node.get("oneOf")
    if choices and "type" not in node:
        return next((found for choice in choices if (found := _alternative(choice, kind, resolve)) is not None), None)
    return node if node.get("type") in (None, kind) else None


def _list(value: list[Any], node: Schema, resolve: Resolve, most: int | None) -> list[Any]:
    """One item more than may be there is kept: that there are too many is still wrong then."""
    kept = value[: most or node.get("maxItems", len(value)) + 1]
    items = node.get("items", {})
    return [outline(item, items, resolve, most=most) if isinstance(item, list | dict | str) else item for item in kept]


def _object(value: dict[str, Any], node: Schema, resolve: Resolve, most: int | None) -> dict[str, Any]:
    properties, others, required = (
        node.get("properties", {}),
        node.get("additionalProperties", True),
        node.get("required", ()),
    )
    if not value.keys() >= set(required):  # which is an error by itself: nothing that is optional is needed to show it
        return {
            name: outline(value[name], properties.get(name, {}), resolve, most=CHILDREN_KEPT)
            for name in required
            if name in value
        }
    wrong_as_a_whole = others is False or COMPOSED & node.keys()
    others_most: int = most or (CHILDREN_KEPT if wrong_as_a_whole else node.get("maxProperties", len(value)) + 1)
    kept: dict[str, Any] = {name: value[name] for name in properties if name in value}
    for name, part in value.items():
        if len(kept) >= others_most + len(properties):
            break
        kept.setdefault(name, part)
    rest = others if isinstance(others, dict) else {}
    return {name: outline(part, properties.get(name, rest), resolve, most=most) for name, part in kept.items()}


def _children(value: list[Any]) -> list[Any]:
    return [emptied(part) for part in value[:CHILDREN_KEPT]]


def _members(value: dict[str, Any]) -> dict[str, Any]:
    return {name: emptied(value[name]) for name in list(value)[:CHILDREN_KEPT]}


def emptied(part: Any) -> Any:
    """A value without its children."""
    return [] if isinstance(part, list) else {} if isinstance(part, dict) else part

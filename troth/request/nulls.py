"""Nulls of a request that say nothing: members whose schema has `x-troth-null: ignored` (troth/contracts/requests.py).

They are removed from a body that is valid, so that the domain sees them as absent. Free-form values stay as they were
sent.
"""

from collections.abc import Callable
from typing import Any

from troth.request.schemas import Schema, without_null

Resolve = Callable[[Any], Any]
Accepts = Callable[[Schema, Any], bool]

MARKER = "x-troth-null"
_CHOICES = ("allOf", "oneOf", "anyOf")


def has_ignored_nulls(schema: Schema, resolve: Resolve) -> bool:
    """Whether a schema of the raw document has, at any depth, a member whose null is ignored."""
    seen: set[int] = set()
    stack = [schema]
    while stack:
        node = resolve(stack.pop())
        if MARKER in node:
            return True
        if id(node) not in seen:
            seen.add(id(node))
            stack += node.get("properties", {}).values()
            stack += [part for key in _CHOICES for part in node.get(key, ())]
            stack += [node[key] for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    return False


def drop_ignored_nulls(value: Any, schema: Schema, resolve: Resolve, accepts: Accepts) -> None:
    """Remove the ignored nulls of a valid body, in place.

    `schema` is the body's schema in the raw document, `accepts` says whether a schema of it takes a value: of
    alternatives, those that take it count.
    """
    node = without_null(resolve(schema), resolve)
    parts = [part for key in _CHOICES for part in node.get(key, ()) if key == "allOf" or accepts(part, value)]
    if isinstance(value, dict):
        _drop_members(value, node, resolve, accepts)
    elif isinstance(value, list) and "items" in node:
        for item in value:
            if isinstance(item, dict | list):
                drop_ignored_nulls(item, node["items"], resolve, accepts)
    for part in parts:
        drop_ignored_nulls(value, part, resolve, accepts)


def _drop_members(value: dict[str, Any], node: Schema, resolve: Resolve, accepts: Accepts) -> None:
    members, others = node.get("properties", {}), node.get("additionalProperties")
    for name, part in list(value.items()):
        schema = members.get(name, others if isinstance(others, dict) else None)
        if schema is None:
            continue
        if part is None:
            if MARKER in resolve(schema):
                del value[name]
        elif isinstance(part, dict | list):
            drop_ignored_nulls(part, schema, resolve, accepts)

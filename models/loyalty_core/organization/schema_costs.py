"""How much work it is to hold content against a JSON Schema, counted before it is done.

A validator follows `$ref`, `allOf` and the like again and again: a schema of thirty definitions, each of which names the next one
twice, is a billion checks, and one that names itself twice is 2**depth of the content. Whoever validates cannot be stopped.
So the checks are counted first: each pair of a subschema and a place in the content once, with what comes of it remembered.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

CHECKS_MAX = 200_000
"""Checks of a subschema against a place in the content, repeated ones included: about 10 ms of the validator."""
PAIRS_MAX = 20_000
"""Different pairs of a subschema and a place that are counted: about 40 ms here."""
PATTERN_CHECKS = 500
"""What matching a text with a regular expression counts for, and as much again for each CHARACTERS_PER_PATTERN characters."""
CHARACTERS_PER_PATTERN = 1_000
ENTRIES_PER_CHECK = 10
"""Entries of an `enum` that are compared in the time of one check."""

DEPTH_MAX = 300
"""Of references that lead to references, and of content: what is deeper is refused."""
_SAME_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_EACH_ITEM = ("items", "prefixItems", "additionalItems", "contains", "unevaluatedItems")
_EACH_MEMBER = ("additionalProperties", "unevaluatedProperties")
_BY_NAME = ("dependentSchemas", "dependencies")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


class TooManyChecks(Exception):
    """Content and schema together are more work than a call may cause."""


def check_cost(schema: Any, content: Any) -> None:
    """Raises TooManyChecks."""
    _Count(schema).of(schema, content, 0)


class _Count:
    def __init__(self, schema: Any) -> None:
        self.known: dict[tuple[int, int], int] = {}
        self.targets = _Targets(schema)

    def of(self, schema: Any, value: Any, depth: int) -> int:
        """The checks that holding a value against a subschema takes. Raises TooManyChecks."""
        if not isinstance(schema, dict):
            return 1
        pair = id(schema), id(value)
        if pair in self.known:
            return self.known[pair]
        if len(self.known) >= PAIRS_MAX or depth > DEPTH_MAX:
            raise TooManyChecks
        self.known[pair] = 1  # what leads back to itself at the same place ends there: the validator finds such circles
        cost = 1 + _own_cost(schema, value)
        for part, place in self._applied(schema, value):
            cost += self.of(part, place, depth + 1)
            if cost > CHECKS_MAX:
                raise TooManyChecks
        self.known[pair] = cost
        return cost

    def _applied(self, schema: dict[str, Any], value: Any) -> Iterator[tuple[Any, Any]]:
        """The subschemas that a schema applies, each with the value that it is applied to; more rather than fewer."""
        for name in _REFERENCES:
            for target in self.targets.of(schema.get(name)):
                yield target, value
        for name in _SAME_PLACE:
            part = schema.get(name)
            for one in part if isinstance(part, list) else [part]:
                yield one, value
        for name in _BY_NAME:
            for one in _values(schema.get(name)):
                yield one, value
        if isinstance(value, dict):
            yield from _members(schema, value)
        elif isinstance(value, list):
            for name in _EACH_ITEM:
                part = schema.get(name)
                for one in part if isinstance(part, list) else [part]:
                    yield from ((one, item) for item in value if isinstance(one, dict))


def _members(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        yield from ((part, value[name]) for name, part in properties.items() if name in value)
    for part in [*_values(schema.get("patternProperties")), *(schema.get(name) for name in _EACH_MEMBER)]:
        if isinstance(part, dict):
            yield from ((part, member) for member in value.values())
    if isinstance(schema.get("propertyNames"), dict):
        yield from ((schema["propertyNames"], name) for name in value)


def _own_cost(schema: dict[str, Any], value: Any) -> int:
    """What a schema asks of a value itself, beyond one check."""
    choices = schema.get("enum")
    cost = len(choices) // ENTRIES_PER_CHECK if isinstance(choices, list) else 0
    if isinstance(schema.get("pattern"), str) and isinstance(value, str):
        cost += _match_cost(value)
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict) and isinstance(value, dict):
        cost += len(patterns) * sum(map(_match_cost, value))
    return cost


def _match_cost(text: str) -> int:
    return PATTERN_CHECKS * (1 + len(text) // CHARACTERS_PER_PATTERN)


def _values(part: Any) -> list[Any]:
    return list(part.values()) if isinstance(part, dict) else []


class _Targets:
    """Where references may lead. A reference within an embedded schema with an `$id` may mean several places: all of them count."""

    def __init__(self, schema: Any) -> None:
        self.resources: list[tuple[str, Any]] = []
        self.anchors: dict[str, list[Any]] = {}
        self.root = schema
        waiting = [schema] if isinstance(schema, dict | list) else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                self._note(node)
            waiting += [
                part for part in (node.values() if isinstance(node, dict) else node) if isinstance(part, dict | list)
            ]
        self.found: dict[str, list[Any]] = {}

    def _note(self, node: dict[str, Any]) -> None:
        for name in ("$anchor", "$dynamicAnchor", "$id", "id"):
            if isinstance(node.get(name), str):
                self.anchors.setdefault(node[name].rpartition("#")[2], []).append(node)
        for name in ("$id", "id"):
            if isinstance(node.get(name), str):
                self.resources.append((_last_step(node[name]), node))

    def of(self, reference: Any) -> list[Any]:
        """The subschemas that a reference may name; none for those of the drafts themselves."""
        if not isinstance(reference, str):
            return []
        if reference not in self.found:
            address, _, fragment = reference.partition("#")
            roots = [node for step, node in self.resources if not address or step == _last_step(address)]
            if not address:
                roots = [self.root, *(node for node in roots if node is not self.root)]
            if fragment and not fragment.startswith("/"):
                self.found[reference] = self.anchors.get(fragment, [])
            else:
                self.found[reference] = [found for root in roots if isinstance(found := _at(root, fragment), dict)]
        return self.found[reference]


def _last_step(address: str) -> str:
    return address.partition("#")[0].rpartition("/")[2]


def _at(root: Any, pointer: str) -> Any:
    """What is at a JSON pointer (RFC 6901, percent-encoded) below a node; None where there is nothing."""
    node = root
    for step in unquote(pointer).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list):
            node = node[int(name)] if name.isdecimal() and int(name) < len(node) else None
        else:
            node = node.get(name) if isinstance(node, dict) else None
    return node

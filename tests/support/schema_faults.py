"""Values that break one rule of a schema each, made from the schema and a valid value of it."""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = Any
Path = tuple[str | int, ...]
Schema = dict[str, Any]
Resolve = Callable[[Any], Any]

ECHOED = "echo " * 60
"""A text that is too long to be quoted in an answer."""

UNKNOWN = "no-such-value"
TEXT_MAX = 5_000
ITEMS_MAX = 200
_WRONG_TYPE: dict[str, Json] = {
    "string": {"a": ECHOED},
    "integer": ECHOED,
    "number": ECHOED,
    "boolean": ECHOED,
    "array": ECHOED,
    "object": ECHOED,
}

_FORMATS = {"email", "date-time", "date", "uuid", "uri", "ipv4", "ipv6"}


@dataclass(frozen=True)
class Broken:
    """A value with one fault: what kind of fault, where, and which part of the rule the message must contain.

    `name` is empty for the whole value.
    """

    kind: str
    value: Json
    path: Path
    phrases: tuple[str, ...]

    @property
    def name(self) -> str:
        names = [part for part in self.path if isinstance(part, str)]
        return names[-1] if names else ""


def broken(schema: Schema, value: Json, resolve: Resolve) -> Iterator[Broken]:
    """Values with a fault in them, of each kind that the schema knows; whether it is one is for the caller's validator
    to say.
    """
    for kind, path, phrases, change in _faults(schema, value, (), resolve):
        yield Broken(kind, _changed(value, path if kind != "missing" else path[:-1], change), path, phrases)


Fault = tuple[str, Path, tuple[str, ...], Callable[[Json], Json]]


def _changed(value: Json, path: Path, change: Callable[[Json], Json]) -> Json:
    if not path:
        return change(copy.deepcopy(value))
    whole = copy.deepcopy(value)
    node = whole
    for part in path[:-1]:
        node = node[part]
    old = node.get(path[-1]) if isinstance(node, dict) else node[path[-1]]
    node[path[-1]] = change(old)
    return whole


def _faults(schema: Schema, value: Json, path: Path, resolve: Resolve) -> Iterator[Fault]:
    node = resolve(schema)
    yield from _of_value(node, path)
    yield from _of_choices(node, value, path, resolve)
    if isinstance(value, dict):
        yield from _of_object(node, path)
        exclusive = {name for choice in node.get("oneOf", ()) for name in resolve(choice).get("required", ())}
        for name, part in node.get("properties", {}).items():
            if name in value or name not in exclusive:  # one more member of which one may be given is a fault by itself
                yield from _faults(part, value.get(name), (*path, name), resolve)
    if isinstance(value, list) and value:
        yield from _faults(node.get("items", {}), value[0], (*path, 0), resolve)


def _set(new: Json) -> Callable[[Json], Json]:
    return lambda _: copy.deepcopy(new)


def _without(name: str) -> Callable[[Json], Json]:
    return lambda old: {member: part for member, part in old.items() if member != name}


def _with(name: str) -> Callable[[Json], Json]:
    return lambda old: {**old, name: 1}


def _of_object(node: Schema, path: Path) -> Iterator[Fault]:
    for name in node.get("required", ()):
        if not node.get("properties", {}).get(name, {}).get("readOnly"):
            yield "missing", (*path, name), ("is required",), _without(name)
    if node.get("additionalProperties") is False:
        yield "unknown", path, (f"{UNKNOWN}: is not a known member",), _with(UNKNOWN)


def _of_value(node: Schema, path: Path) -> Iterator[Fault]:
    kind = node.get("type")
    if "enum" in node:
        phrases = tuple(option for option in node["enum"] if isinstance(option, str) and re.fullmatch("[^ ,]+", option))
        yield "enum", path, ("must be", *phrases), _set(UNKNOWN)
        return
    if kind in _WRONG_TYPE:
        yield "type", path, (f"must be {'an' if kind[0] in 'aio' else 'a'} {kind}",), _set(_WRONG_TYPE[kind])
    if "pattern" in node:
        yield "pattern", path, (f"must be {node['x-troth-words']}",), _set("\u00a7" * max(1, node.get("minLength", 1)))
    elif node.get("format") in _FORMATS:
        yield "format", path, ("must be a",), _set("\u00a7")
    yield from _of_limits(node, path)


def _of_limits(node: Schema, path: Path) -> Iterator[Fault]:
    if "minimum" in node:
        limit = node["minimum"]
        phrase = f"must be more than {limit}" if node.get("exclusiveMinimum") else f"must be at least {limit}"
        yield "minimum", path, (phrase,), _set(limit if node.get("exclusiveMinimum") else limit - 1)
    if "maximum" in node:
        yield "maximum", path, (f"must be at most {node['maximum']}",), _set(node["maximum"] + 1)
    if "multipleOf" in node:
        yield "multiple", path, ("must be a multiple of",), _set(node["multipleOf"] / 2)
    if "pattern" not in node and "format" not in node:
        if node.get("minLength"):
            yield "short", path, (_least(node["minLength"], "character"),), _set("a" * (node["minLength"] - 1))
        if node.get("maxLength", TEXT_MAX + 1) <= TEXT_MAX:
            phrase = f"must have at most {node['maxLength']:,} character"
            yield "long", path, (phrase,), _set("a" * (node["maxLength"] + 1))
    if node.get("minItems"):
        yield "few", path, (_least(node["minItems"], "item"),), _set([])
    if node.get("maxItems", ITEMS_MAX + 1) <= ITEMS_MAX:
        phrase = f"must have at most {node['maxItems']:,} item"
        yield "many", path, (phrase,), lambda old: (old or [1]) * (node["maxItems"] + 1)


def _least(limit: int, one: str) -> str:
    return "must not be empty" if limit == 1 else f"must have at least {limit:,} {one}"


def _of_choices(node: Schema, value: Json, path: Path, resolve: Resolve) -> Iterator[Fault]:
    choices = [resolve(choice) for choice in (*node.get("oneOf", ()), *node.get("anyOf", ()))]
    if not choices:
        return
    types = {choice.get("type") for choice in choices}
    if "object" not in types and types != {None}:
        yield "branch", path, ("must be a",), _set({"a": ECHOED})
    elif "string" not in types and types != {None}:
        yield "branch", path, ("must be a",), _set(ECHOED)
    needed = [
        choice["required"]
        for choice in choices
        if choice.keys() <= {"required", "properties", "title"} and "required" in choice
    ]
    if len(needed) == len(choices) and isinstance(value, dict):
        names = {name for group in needed for name in group}
        yield "branch", path, ("is required",), lambda old: {n: part for n, part in old.items() if n not in names}
    for choice in choices:
        for name, part in choice.get("properties", {}).items():
            options = resolve(part).get("enum")
            if options and isinstance(value, dict):
                yield from _of_branch(choice, name, options[0], value, path, resolve)


def _of_branch(choice: Schema, name: str, option: Json, value: Json, path: Path, resolve: Resolve) -> Iterator[Fault]:
    """Faults of what only the alternative that is chosen by a member wants: members that it needs."""
    for needed in choice.get("required", ()):
        if needed != name:
            yield "branch", path, (f"{needed}: is required",), _chosen(value, name, option, needed)
    for other, part in choice.get("properties", {}).items():
        if other != name and resolve(part).get("type") in _WRONG_TYPE:
            wrong = _WRONG_TYPE[resolve(part)["type"]]
            yield "branch", path, (f"{other}: must be",), _set({**value, name: option, other: wrong})


def _chosen(value: Json, name: str, option: Json, needed: str) -> Callable[[Json], Json]:
    return _set({member: part for member, part in {**value, name: option}.items() if member != needed})

"""The faults of large values, found piece by piece.

The validator makes all errors of a value before it gives the first, 25 microseconds for each with a copy of what it is
about: half a million numbers where texts are expected took 12 seconds. So a large value is taken apart where its schema
is, its small pieces are validated for themselves, and the search ends when as many faults are found as are reported.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import jsonschema_rs

from models.kernel.faults import Fault, Faults, Path
from models.kernel.problems import FAULTS_REPORTED_MAX
from troth.request.outlines import COMPOSED, emptied, outline
from troth.request.schemas import Schema, without_null

Resolve = Callable[[Any], Any]
Compile = Callable[[Schema], jsonschema_rs.Draft4Validator]

SMALL_VALUES, SMALL_CHARACTERS = 200, 1 << 14
"""A piece that is not larger is validated as it is."""


class Pieces:
    """Large values of one schema. `compile_` makes a validator of a schema of the same document."""

    def __init__(self, schema: Schema, resolve: Resolve, compile_: Compile) -> None:
        self._schema = schema
        self._resolve = resolve
        self._compile = compile_
        self._validators: dict[tuple[int, bool], tuple[Schema, jsonschema_rs.Draft4Validator]] = {}

    def faults(self, value: Any) -> list[Fault]:
        """The first faults, at most one more than are reported; none when what is wrong was in what an outline leaves
        out.
        """
        return list(islice(self._faults(value, self._schema, ()), FAULTS_REPORTED_MAX + 1))

    def _faults(self, value: Any, schema: Schema, path: Path) -> Iterator[Fault]:
        validator = self._validator(schema)
        if validator.is_valid(value):
            return
        node = without_null(self._resolve(schema), self._resolve)
        if is_small(value):
            yield from self._faults_of(schema, validator.iter_errors(value), path)
        elif COMPOSED.isdisjoint(node) and node.get("type") in (None, _kind(value)) and not isinstance(value, str):
            yield from self._own(value, node, path)
            for part, child, child_schema in self._children(value, node):
                yield from self._faults(child, child_schema, (*path, part))
        else:
            yield from self._first(value, schema, path)

    def _children(self, value: Any, node: Schema) -> Iterator[tuple[str | int, Any, Schema]]:
        if isinstance(value, list):
            items = node.get("items", {})
            for number, item in enumerate(value[: node.get("maxItems", len(value))] if items else ()):
                yield number, item, items
            return
        others = node.get("additionalProperties")
        rest = others if isinstance(others, dict) else None
        for name, part in value.items():
            schema = node.get("properties", {}).get(name, rest)
            if schema is not None:
                yield name, part, schema

    def _own(self, value: Any, node: Schema, path: Path) -> Iterator[Fault]:
        """What is wrong with a list or an object beside its children."""
        shell: Any = _emptied_members(value, node) if isinstance(value, dict) else value
        if isinstance(value, list) and not node.get("uniqueItems"):
            shell = [emptied(item) for item in value]
        schema, validator = self._shallow(node)
        if not validator.is_valid(shell):
            faults = self._faults_of(schema, validator.iter_errors(shell), path)
            yield from sorted(
                faults, key=lambda fault: fault.keyword == "additionalProperties"
            )  # of these there can be many

    def _first(self, value: Any, schema: Schema, path: Path) -> Iterator[Fault]:
        """One fault of a value that cannot be taken apart."""
        try:
            self._validator(schema).validate(outline(value, schema, self._resolve))
        except jsonschema_rs.ValidationError as error:
            yield from self._faults_of(schema, [error], path)

    def _faults_of(self, schema: Schema, errors: Any, path: Path) -> Iterator[Fault]:
        for fault in Faults(schema, self._resolve).of(errors):
            yield replace(fault, path=(*path, *fault.path))

    def _validator(self, schema: Schema) -> jsonschema_rs.Draft4Validator:
        key = (id(schema), False)
        if key not in self._validators:
            self._validators[key] = (schema, self._compile(schema))
        return self._validators[key][1]

    def _shallow(self, node: Schema) -> tuple[Schema, jsonschema_rs.Draft4Validator]:
        """A schema of a list or an object that takes any children, and its validator."""
        key = (id(node), True)
        if key not in self._validators:
            shallow = {**node, "items": {}, "properties": {name: {} for name in node.get("properties", ())}}
            if node.get("additionalProperties") is not False:
                shallow.pop("additionalProperties", None)
            self._validators[key] = (shallow, self._compile(shallow))
        return self._validators[key]


def _emptied_members(value: dict[str, Any], node: Schema) -> dict[str, Any]:
    """The members that the schema knows, and as many others as can be reported, without their children."""
    known = [name for name in node.get("properties", ()) if name in value]
    most = len(known) + max(FAULTS_REPORTED_MAX, node.get("maxProperties", 0)) + 1
    return {name: emptied(value[name]) for name in islice(dict.fromkeys((*known, *value)), most)}


def _kind(value: Any) -> str | None:
    return "array" if isinstance(value, list) else "object" if isinstance(value, dict) else None


def is_small(value: Any) -> bool:
    """Whether a value has few values and characters in it; a large one is not walked to its end."""
    values, characters, waiting = 0, 0, [value]
    while waiting:
        part = waiting.pop()
        values += 1
        if isinstance(part, dict | list):
            if len(part) > SMALL_VALUES:
                return False
            waiting += part.values() if isinstance(part, dict) else part
            characters += sum(map(len, part)) if isinstance(part, dict) else 0
        elif isinstance(part, str):
            characters += len(part)
        if values > SMALL_VALUES or characters > SMALL_CHARACTERS:
            return False
    return True

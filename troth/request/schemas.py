"""Schemas of OpenAPI 3.0 as compiled validators.

Each document is translated once, keyword by keyword, to JSON Schema Draft 4 (`nullable` becomes a null type and a null
in the enum; `readOnly`, `writeOnly` and documentation go), and registered under one URN, so that validators share it
and recursive schemas stay finite. There are two sets: what may be written and what may be answered.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jsonschema_rs

from models.kernel.faults import OR_NULL

Schema = dict[str, Any]

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)
_DROPPED = {
    "example",
    "examples",
    "externalDocs",
    "discriminator",
    "xml",
    "deprecated",
    "nullable",
    "readOnly",
    "writeOnly",
    "title",
    "description",
    "default",
}
_MAPS = {"properties"}
_LISTS = {"allOf", "anyOf", "oneOf"}
_SINGLES = {"items", "additionalProperties", "not"}


def _is_uuid(value: str) -> bool:
    return _UUID.fullmatch(value) is not None


def _is_date_time(value: str) -> bool:
    """RFC 3339, section 5.6, without leap seconds: every one that passes is a datetime of Python's."""
    if _DATE_TIME.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True


FORMATS = {"uuid": _is_uuid, "date-time": _is_date_time}
"""Formats that the validator does not know as we do. `int32` and `int64` become bounds (see `translate`)."""

NULL_ONLY: Schema = {"type": "object", "nullable": True, "enum": [None]}
"""What null alone passes, as one of the alternatives of a schema."""

_INT_BOUNDS = {"int32": (-(1 << 31), (1 << 31) - 1), "int64": (-(1 << 63), (1 << 63) - 1)}


def reference_or_null(node: Any) -> Schema | None:
    """The reference of a schema that takes null beside what the reference takes, and nothing else; None for all other
    schemas.
    """
    choices: Any = node.get("oneOf", ()) if isinstance(node, dict) else ()
    return choices[0] if len(choices) == 2 and "$ref" in choices[0] and choices[1] == NULL_ONLY else None


def without_null(node: Schema, resolve: Callable[[Any], Any]) -> Schema:
    """The schema of all values but null: what `reference_or_null` finds, resolved, else the schema itself."""
    target = reference_or_null(node)
    found: Schema = node if target is None else resolve(target)
    return found


def translate(node: Any, *, write: bool, urn: str) -> Any:
    """One schema as Draft 4. A member called like a keyword (a property named `nullable`) stays untouched."""
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": urn + node["$ref"]} if str(node["$ref"]).startswith("#") else node
    target = reference_or_null(node)
    if target is not None:  # one schema and not two alternatives, so that an error names the member that is wrong
        return {"$ref": urn + target["$ref"] + OR_NULL}
    out: Schema = {}
    for key, value in node.items():
        if key in _DROPPED or key.startswith("x-"):
            continue
        if key in _MAPS:
            out[key] = {name: translate(part, write=write, urn=urn) for name, part in value.items()}
        elif key in _LISTS:
            out[key] = [translate(part, write=write, urn=urn) for part in value]
        elif key in _SINGLES:
            out[key] = translate(value, write=write, urn=urn)
        else:
            out[key] = value
    _bound_integers(out)
    _nullable(node, out)
    _require(node, out, write=write)
    if not write:
        _forbid_write_only(node, out)
    return out


def _bound_integers(out: Schema) -> None:
    """`format: int32` and `int64` are limits, and no integer is larger than 64 bits: no database could hold it."""
    if out.get("type") != "integer":
        return
    low, high = _INT_BOUNDS.get(out.pop("format", ""), _INT_BOUNDS["int64"])
    out["minimum"] = max(low, out.get("minimum", low))
    out["maximum"] = min(high, out.get("maximum", high))


def _require(node: Schema, out: Schema, *, write: bool) -> None:
    """What is read only is required of answers only, what is write only of requests only (OpenAPI 3.0.3)."""
    if "required" not in node:
        return
    mark = "readOnly" if write else "writeOnly"
    properties = node.get("properties", {})
    out["required"] = [name for name in node["required"] if not properties.get(name, {}).get(mark)]
    if not out["required"]:
        del out["required"]  # Draft 4 wants at least one name


def _nullable(node: Schema, out: Schema) -> None:
    """Null passes `type` and `enum` of a nullable schema, and nothing else of it (OpenAPI 3.0.3)."""
    if node.get("nullable") is not True:
        return
    if "type" in out:
        out["type"] = [out["type"], "null"]
    if "enum" in out and None not in out["enum"]:
        out["enum"] = [*out["enum"], None]


def _forbid_write_only(node: Schema, out: Schema) -> None:
    """A member that may only be written must not be answered."""
    for name, part in node.get("properties", {}).items():
        if isinstance(part, dict) and part.get("writeOnly"):
            out["properties"][name] = {"not": {}}


class SchemaSet:
    """The compiled validators of one document."""

    def __init__(self, document: Schema) -> None:
        self._schemas = document.get("components", {}).get("schemas", {})
        self._registries: dict[bool, tuple[str, jsonschema_rs.Registry]] = {}

    def _registry(self, *, write: bool) -> tuple[str, jsonschema_rs.Registry]:
        """What is shared by the validators of a set, and its URN; translated when the first of them is compiled."""
        if write not in self._registries:
            urn = "urn:write" if write else "urn:answer"
            translated = {name: translate(schema, write=write, urn=urn) for name, schema in self._schemas.items()}
            for target in filter(None, map(reference_or_null, self._schemas.values())):
                name = target["$ref"].rpartition("/")[2]
                schema = {**self._schemas[name], "nullable": True}
                translated[name + OR_NULL] = translate(schema, write=write, urn=urn)
            registry = jsonschema_rs.Registry(
                [(urn, {"components": {"schemas": translated}})], draft=jsonschema_rs.Draft4
            )
            self._registries[write] = (urn, registry)
        return self._registries[write]

    def validator(self, schema: Schema, *, write: bool) -> jsonschema_rs.Draft4Validator:
        """A validator of a schema of the raw document. Raises ValueError when the schema cannot be compiled."""
        urn, registry = self._registry(write=write)
        return jsonschema_rs.Draft4Validator(
            translate(schema, write=write, urn=urn),
            registry=registry,
            formats=FORMATS,
            validate_formats=True,
            pattern_options=jsonschema_rs.RegexOptions(),
            offline=True,
        )

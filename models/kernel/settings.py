"""Settings of tenants: each API has a strict dataclass of its own; reading one, and saying what is wrong, is here."""

from typing import Any, TypeVar

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)
UNKNOWN = "unexpected_keyword_argument"
Row = dict[str, Any]
Settings = TypeVar("Settings")


class BadSettings(ValueError):
    """A setting is unknown, or its value is not one it can have."""


def read_settings(adapter: TypeAdapter[Settings], raw: dict[str, object]) -> Settings:
    """Settings of a tenant row or scenario. Raises BadSettings, naming what is wrong."""
    try:
        return adapter.validate_json(orjson.dumps(raw))
    except ValidationError as error:
        raise BadSettings(reasons("settings", error, adapter)) from error


def reasons(what: str, error: ValidationError, adapter: TypeAdapter[Any]) -> str:
    """What a validation found, in one line; of a name that is not known, which ones are."""
    return f"{what}: " + "; ".join(
        f"{'.'.join(map(str, found['loc']))}: {_told(found, adapter)}" for found in error.errors()
    )


def _told(found: Any, adapter: TypeAdapter[Any]) -> str:
    if found["type"] != UNKNOWN:
        return str(found["msg"])
    schema = adapter.json_schema()
    node = schema
    for step in found["loc"][:-1]:
        node = _below(_resolved(node, schema), step)
    known = ", ".join(_resolved(node, schema).get("properties", ()))
    return f"is not known; there are {known}" if known else "is not known"


def _below(node: Row, step: str | int) -> Row:
    """The schema of a member or an item."""
    below: Row = node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step, {})
    return below


def _resolved(node: Row, schema: Row) -> Row:
    """A schema, without the reference or the `or null` around it."""
    choices = [one for one in node.get("anyOf", ()) if one.get("type") != "null"]
    node = choices[0] if len(choices) == 1 else node
    return schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node

"""Settings of tenants: each API has a strict dataclass of its own; reading one, and saying what is wrong, is here."""

from typing import TypeVar

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)
UNKNOWN = "unexpected_keyword_argument"
Settings = TypeVar("Settings")


class BadSettings(ValueError):
    """A setting is unknown, or its value is not one it can have."""


def read_settings(adapter: TypeAdapter[Settings], raw: dict[str, object]) -> Settings:
    """Settings of a tenant row or scenario. Raises BadSettings, naming what is wrong."""
    try:
        return adapter.validate_json(orjson.dumps(raw))
    except ValidationError as error:
        raise BadSettings(reasons("settings", error, adapter)) from error


def reasons(what: str, error: ValidationError, adapter: TypeAdapter[Settings]) -> str:
    """What a validation found, in one line; of a name that is not known, which ones are."""
    return f"{what}: " + "; ".join(
        f"{'.'.join(map(str, found['loc']))}: {_reason(found, adapter)}" for found in error.errors()
    )


def _reason(found: ErrorDetails, adapter: TypeAdapter[Settings]) -> str:
    if found["type"] != UNKNOWN:
        return found["msg"]
    is_nested = len(found["loc"]) > 1
    return "is not known" if is_nested else f"is not known; there are {', '.join(adapter.json_schema()['properties'])}"

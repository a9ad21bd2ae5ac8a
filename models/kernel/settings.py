"""Settings of tenants: each API has a strict dataclass of its own; reading one, and saying what is wrong, is here."""

from typing import TypeVar

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)
Settings = TypeVar("Settings")


class BadSettings(ValueError):
    """A setting is unknown, or its value is not one it can have."""


def read_settings(adapter: TypeAdapter[Settings], raw: dict[str, object]) -> Settings:
    """Settings of a tenant row or scenario. Raises BadSettings, naming what is wrong."""
    try:
        return adapter.validate_json(orjson.dumps(raw))
    except ValidationError as error:
        raise BadSettings(reasons("settings", error)) from error


def reasons(what: str, error: ValidationError) -> str:
    """What a validation found, in one line."""
    return f"{what}: " + "; ".join(f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors())

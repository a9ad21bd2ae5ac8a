"""Settings of tenants: each API has a strict dataclass of its own; reading one, and saying what is wrong, is here."""

from typing import TypeVar

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)
UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")
Settings = TypeVar("Settings")


class BadSettings(ValueError):
    """A setting is unknown, or its value is not one it can have."""


def read_settings(adapter: TypeAdapter[Settings], raw: dict[str, object], *, what: str = "settings") -> Settings:
    """Settings of a tenant row or a block of a scenario. Raises BadSettings, naming what is wrong."""
    try:
        return adapter.validate_json(orjson.dumps(raw))
    except ValidationError as error:
        raise BadSettings(reasons(what, error, adapter)) from error


def reasons(what: str, error: ValidationError, adapter: TypeAdapter[Settings]) -> str:
    """What a validation found, in one line; of a name at the top that is not known, which ones are."""
    found = []
    for one in error.errors():
        reason = one["msg"].removeprefix("Value error, ")
        if one["type"] in UNKNOWN:
            reason = "is not known"
            if len(one["loc"]) == 1:
                reason += f"; there are {', '.join(adapter.json_schema()['properties'])}"
        found.append(": ".join(filter(None, (".".join(map(str, one["loc"])), reason))))
    return f"{what}: " + "; ".join(found)

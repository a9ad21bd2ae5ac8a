"""Bundled contracts as the server and every tool read them: `openapi/bundled/<api>.json` and their recorded hashes."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from troth.paths import ROOT
from troth.spec.errors import ContractError

SOURCES = ROOT / "openapi"
BUNDLED = SOURCES / "bundled"
HASHES = BUNDLED / "hashes.json"


def has_sources() -> bool:
    """Whether the contracts as they are written stand here; an installed wheel has the bundles only."""
    return any(SOURCES.glob("*/openapi.yaml"))


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def dump(document: dict[str, Any]) -> bytes:
    """The bytes of a bundled document: stable, indented, one newline at the end."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


@cache
def recorded_hashes() -> dict[str, str]:
    """What `make bundle` wrote after it had validated the documents."""
    try:
        loaded: dict[str, str] = orjson.loads(HASHES.read_bytes())
    except OSError:
        return {}
    return loaded


def load(api: str, file: Path | None = None) -> tuple[dict[str, Any], bool]:
    """An API's bundled document, and whether its hash says that `make bundle` has validated exactly this text.

    The document is `openapi/bundled/<api>.json`, or another file. Raises ContractError where there is none.
    """
    file = file or BUNDLED / f"{api}.json"
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ContractError(file, "", "is missing: run `make bundle`") from error
    document: dict[str, Any] = orjson.loads(data)
    return document, recorded_hashes().get(api) == digest(data)

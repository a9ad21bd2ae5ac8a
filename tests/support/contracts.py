"""The bundled contracts, each parsed once in a process: a parsed one has up to 4 MB, and nobody changes it."""

from functools import cache
from typing import Any

from troth.spec import store


@cache
def contract(api: str) -> dict[str, Any]:
    """The bundled contract of an API, which is only read."""
    return store.load(api)[0]

"""What is wrong with settings, in words: the variable, what was given and what is expected. Secrets are not shown."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import annotated_types

from models.kernel.fault_words import listed, quoted
from troth.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo

PREFIX = "TROTH_"
SECRETS = frozenset({"secret_key", "secret_key_fallback", "database_url", "valkey_url"})
"""Settings that are, or hold, a secret: what was given is not shown."""

SUPERVISED = "TROTH_SUPERVISOR_FD"
"""What the processes of a supervisor have in their environment."""

OTHERS = frozenset({"TROTH_URL", "TROTH_LISTEN_FDS", SUPERVISED})
"""Variables that are no settings of a server: of the command line, and of a supervisor for its processes."""

OF_TESTS = "TROTH_TEST_"


def message_of(error: ValidationError) -> str:
    """All wrong settings in one line."""
    return "; ".join(dict.fromkeys(_line(one) for one in error.errors(include_url=False)))


def unknown(names: Iterable[str]) -> Iterator[str]:
    """A line for each variable that begins like a setting and is none, with the setting that is nearest to it."""
    known = [field.upper() for field in Settings.model_fields]
    for name in sorted({name for name in names if name.upper().startswith(PREFIX)}):
        upper = name.upper()
        if upper.removeprefix(PREFIX) in known or upper in OTHERS or upper.startswith(OF_TESTS):
            continue
        near = get_close_matches(upper.removeprefix(PREFIX), known, n=1)
        yield f"{name} is not a setting, and does nothing{f'; {PREFIX}{near[0]} is one' if near else ''}"


def _line(one: Any) -> str:
    name = str(one["loc"][0])
    rule = _expected(Settings.model_fields[name]) or str(one["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{name.upper()}: {rule}{_given(name, one['input'])}"


def _given(name: str, value: Any) -> str:
    """What was given, where that may be shown: an address may hold a password, before an `@`."""
    return "" if name in SECRETS or "@" in str(value) else f", not {quoted(value)}"


def _expected(field: FieldInfo) -> str | None:
    """What a setting has to be, where its type says so; None where its own validator does."""
    types = [kind for kind in get_args(field.annotation) if kind is not type(None)] or [field.annotation]
    if get_origin(field.annotation) is Literal:
        return f"must be {listed([str(option) for option in get_args(field.annotation)], 'or')}"
    if types == [bool]:
        return "must be true or false"
    if types in ([int], [float]):
        return f"must be a {'whole ' if types == [int] else ''}number{_range(field)}"
    return None


def _range(field: FieldInfo) -> str:
    words = []
    for limit in field.metadata:
        if isinstance(limit, annotated_types.Ge):
            words.append(f"of at least {limit.ge:,}")
        elif isinstance(limit, annotated_types.Gt):
            words.append(f"of more than {limit.gt:,}")
        elif isinstance(limit, annotated_types.Le):
            words.append(f"of at most {limit.le:,}")
    return f" {' and '.join(words)}" if words else ""

"""The Prefer header (RFC 7240): the preferences of a caller of a mock for one call.

`code=409`, `example=NAME`, `dynamic=true`, `seed=7` and `delay=MS` as other mock servers have them, and `dry-run`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.control.problems import PreferenceNotMet
from models.kernel.whole_numbers import read_whole
from troth.mock.forced import ForcedAnswer

HEADER = b"prefer"
APPLIED = "Preference-Applied"
DELAY_MS_MAX = 60_000
QUOTED_CHARACTERS_MAX = 100
"""Characters of a value that a refusal quotes."""
_PREFERENCE = re.compile(r'\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?\s*(?:;[^,]*)?')


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a Prefer header asks for. `applied` is what Preference-Applied says."""

    forced: ForcedAnswer
    delay_ms: int
    is_dry_run: bool
    applied: str


def parse_preferences(header: bytes) -> Preferences | None:
    """The preferences of a header that the mock knows, None where there is none: others are ignored, as RFC 7240 asks.

    Raises PreferenceNotMet for a value that cannot be.
    """
    given = dict(_pairs(header.decode("latin-1")))
    known = {
        name: value
        for name, value in given.items()
        if name in ("code", "example", "dynamic", "seed", "delay", "dry-run")
    }
    if not known:
        return None
    forced = ForcedAnswer(
        code=_number(known, "code", 100, 599),
        example=known.get("example"),
        is_dynamic=_flag(known, "dynamic"),
        seed=_number(known, "seed", 0, 2**31),
    )
    is_dry_run = _flag(known, "dry-run")
    if is_dry_run and not forced.is_empty:
        raise PreferenceNotMet("dry-run runs the operation; it does not go with code, example and dynamic.")
    applied = ", ".join(f"{name}={value}" if value else name for name, value in known.items())
    return Preferences(forced, _number(known, "delay", 0, DELAY_MS_MAX) or 0, is_dry_run, applied)


def _pairs(header: str) -> list[tuple[str, str]]:
    """Names in lower case, and values without quotes; of one that is given twice the first counts (RFC 7240, section
    2).
    """
    found = [match for part in _split(header) if (match := _PREFERENCE.fullmatch(part))]
    pairs = [(match[1].lower(), re.sub(r"\\(.)", r"\1", (match[2] or "").strip('"'))) for match in found]
    return list(reversed(pairs))


def _split(header: str) -> list[str]:
    """The preferences of a header; a comma within quotes does not separate."""
    return re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+', header)


def _number(known: dict[str, str], name: str, low: int, high: int) -> int | None:
    value = known.get(name)
    if value is None:
        return None
    number = read_whole(value, high)
    if number is None or number < low:
        raise PreferenceNotMet(f"{name}={value[:QUOTED_CHARACTERS_MAX]}: {name} is a number from {low} to {high}.")
    return number


def _flag(known: dict[str, str], name: str) -> bool:
    value = known.get(name)
    if value not in (None, "", "true", "false"):
        raise PreferenceNotMet(f"{name}={value[:QUOTED_CHARACTERS_MAX]}: {name} is true or false.")
    return value in ("", "true")

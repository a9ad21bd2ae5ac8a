"""Templates, the filters that they use, and the static files."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from models.kernel.times import iso

HERE = Path(__file__).parent
MEDIA_TYPES = {"dashboard.css": "text/css", "dashboard.js": "text/javascript", "mark.svg": "image/svg+xml"}
MICROSECONDS_OF_MS = 1_000
KILO = 1_024
TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")(?P<colon>\s*:)?|(?P<number>-?\d[\d.eE+-]*)|(?P<word>true|false|null)'
)


@cache
def environment() -> Environment:
    """The templates. Everything that they are given is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "json": compact,
        "pretty": pretty,
        "ms": milliseconds,
        "size": size,
        "time": time_of_day,
        "month_day": month_day,
    }
    made.filters |= {"instant": instant, "kind": kind_of_status, "day": day, "iso": iso}
    made.globals["version_of_files"] = version_of_files()
    return made


def render(template: str, **values: Any) -> str:
    """A page, or a part of one."""
    return environment().get_template(template).render(**values)


@cache
def static_file(name: str) -> bytes | None:
    """A file that pages name; None when there is none."""
    return (HERE / "static" / name).read_bytes() if name in MEDIA_TYPES else None


@cache
def version_of_files() -> str:
    """Changes with the static files, so that browsers may keep them."""
    return sha256(b"".join(static_file(name) or b"" for name in MEDIA_TYPES)).hexdigest()[:12]


def compact(value: Any) -> str:
    """A value as JSON in one line."""
    return orjson.dumps(value).decode()


def pretty(value: Any) -> Markup:
    """A value as indented JSON, with an element around each name, text, number and word."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    parts, place = [], 0
    for found in TOKEN.finditer(text):
        parts += [escape(text[place : found.start()]), _token(found)]
        place = found.end()
    return Markup("").join([*parts, escape(text[place:])])


def _token(found: re.Match[str]) -> Markup:
    if found["string"]:
        kind, colon = ("name" if found["colon"] else "text"), found["colon"] or ""
        return Markup('<span class="json-{}">{}</span>{}').format(kind, found["string"], colon)
    return Markup('<span class="json-{}">{}</span>').format("number" if found["number"] else "word", found[0])


def milliseconds(microseconds: int) -> str:
    """A duration, such as `0.8 ms`."""
    taken = microseconds / MICROSECONDS_OF_MS
    return f"{taken:.1f} ms" if taken < 100 else f"{taken:,.0f} ms"


def size(count: int) -> str:
    """A number of bytes, such as `15.0 MB`."""
    if count < KILO:
        return f"{count} B"
    return f"{count / KILO:.1f} KB" if count < KILO * KILO else f"{count / KILO / KILO:.1f} MB"


def time_of_day(text: str) -> str:
    """`12:00:00.125` of an instant of ISO 8601 in UTC."""
    return text[11:23].removesuffix("Z")


def month_day(text: str) -> str:
    """`01-15` of an instant of ISO 8601: a list may begin on one day of the clock and end on another."""
    return text[5:10]


def instant(value: int | str) -> str:
    """`2026-01-15 12:00:00 UTC` of an instant in ms, or of ISO 8601 in UTC."""
    text = datetime.fromtimestamp(value / 1_000, UTC).isoformat() if isinstance(value, int) else value
    return f"{text[:10]} {text[11:19]} UTC"


def day(at_ms: int) -> str:
    """`2026-01-15` of an instant in ms."""
    return datetime.fromtimestamp(at_ms / 1_000, UTC).date().isoformat()


def kind_of_status(status: int | None) -> str:
    """The class that a status has in the style sheet."""
    return "none" if status is None else {2: "good", 3: "moved", 4: "warn"}.get(status // 100, "bad")

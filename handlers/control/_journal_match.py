"""Which calls a filter or an expectation matches, and how a call differs from an expectation."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from handlers.control._journal_views import json_of, target
from handlers.control._ports import JournalEntry

Row = dict[str, Any]
NEAREST_MAX = 3
"""Calls that a failed verification shows."""


def matches(entry: JournalEntry, filters: Row) -> bool:
    """Whether a filter matches a call: `api`, `operation`, `status` (409 or 4xx), `tenant`, `method`, `text`."""
    return (
        _is(entry.api, filters.get("api"))
        and _is(entry.operation_id, filters.get("operation"))
        and _is(entry.method, filters.get("method"))
        and _is_tenant(entry.tenant, filters.get("tenant"))
        and _is_status(entry.status, filters.get("status"))
        and _holds(entry, filters.get("text"))
    )


def _is(value: str | None, expected: str | None) -> bool:
    return expected is None or value == expected


def _is_tenant(key: str | None, expected: str | None) -> bool:
    """`saasquatch/demo`, or the alias alone."""
    return expected is None or (key is not None and expected in (key, key.partition("/")[2]))


def _is_status(status: int, expected: str | None) -> bool:
    return expected is None or str(status) == expected or (expected.endswith("xx") and str(status)[0] == expected[0])


def _holds(entry: JournalEntry, text: str | None) -> bool:
    """Whether the address or a body contains a text, in any case."""
    if not text:
        return True
    searched = text.lower()
    return (
        searched in target(entry).lower()
        or searched in entry.body.decode("utf-8", "replace").lower()
        or searched in entry.answer_body.decode("utf-8", "replace").lower()
    )


def differences(entry: JournalEntry, expected: Row) -> list[str]:
    """How a call differs from what is expected of it: members of the body, of the query, headers, status.

    Empty when it does not.
    """
    found: list[str] = []
    if "body" in expected:
        found += _of_value(json_of(entry.body), expected["body"], "body")
    if "answer" in expected:
        found += _of_value(json_of(entry.answer_body), expected["answer"], "answer")
    query = dict(parse_qsl(entry.query.decode("latin-1"), keep_blank_values=True))
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in entry.headers.items()}
    found += _of_texts(query, expected.get("query", {}), "query")
    found += _of_texts(headers, {name.lower(): value for name, value in expected.get("headers", {}).items()}, "header")
    if not _is_status(entry.status, expected.get("status")):
        found.append(f"status: {entry.status}, not {expected['status']}")
    if not _is_tenant(entry.tenant, expected.get("tenant")):
        found.append(f"tenant: {entry.tenant}, not {expected['tenant']}")
    return found


def body_differences(body: bytes, expected: Any) -> list[str]:
    """How a body of JSON differs from what is expected of it."""
    return _of_value(json_of(body), expected, "body")


def _of_value(value: Any, expected: Any, path: str) -> list[str]:
    """Objects may have more members than are expected; lists and everything else are equal."""
    if isinstance(expected, dict):
        if not isinstance(value, dict):
            return [f"{path}: {_short(value)}, not an object"]
        found: list[str] = []
        for name, part in expected.items():
            found += _of_value(value[name], part, f"{path}.{name}") if name in value else [f"{path}.{name}: missing"]
        return found
    if isinstance(expected, list) and isinstance(value, list) and len(expected) == len(value):
        return [
            line for place, part in enumerate(expected) for line in _of_value(value[place], part, f"{path}[{place}]")
        ]
    return (
        []
        if value == expected and type(value) is type(expected)
        else [f"{path}: {_short(value)}, not {_short(expected)}"]
    )


def _of_texts(values: dict[str, str], expected: dict[str, str], kind: str) -> list[str]:
    return [
        f"{kind} {name}: {values[name]!r}, not {text!r}" if name in values else f"{kind} {name}: missing"
        for name, text in expected.items()
        if values.get(name) != text
    ]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


def nearest(entries: Iterable[JournalEntry], expected: Row) -> list[tuple[JournalEntry, list[str]]]:
    """The calls that differ least from an expectation, the newest first among equals, with how they differ."""
    judged = [(entry, differences(entry, expected)) for entry in entries]
    judged.sort(key=lambda pair: (len(pair[1]), -pair[0].number))
    return judged[:NEAREST_MAX]

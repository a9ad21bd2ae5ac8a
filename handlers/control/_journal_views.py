"""Calls of the journal as JSON, as curl commands, and as entries of an HTTP archive (HAR 1.2)."""

import base64
import shlex
from typing import Any
from urllib.parse import parse_qsl

import orjson

from handlers.control._ports import JournalEntry
from models.kernel.times import iso

Row = dict[str, Any]

MASK = "***"
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
SECRET_MEMBERS = frozenset(
    {
        "password",
        "secret",
        "client_secret",
        "access_token",
        "refresh_token",
        "id_token",
        "token",
        "api_key",
        "apikey",
        "clientsecret",
    }
)
"""Members of bodies, in lower case, that may hold a credential."""
LEFT_OUT_OF_CURL = frozenset({"host", "content-length", "accept-encoding", "connection"})
MICROSECONDS_OF_MS = 1_000


def summary(entry: JournalEntry) -> Row:
    """A call without headers and bodies."""
    return {
        "number": entry.number,
        "at": iso(entry.at_ms),
        "at_ms": entry.at_ms,
        "method": entry.method,
        "url": target(entry),
        "api": entry.api,
        "operation": entry.operation_id,
        "tenant": entry.tenant,
        "status": entry.status,
        "code": entry.problem,
        "duration_us": entry.duration_us,
        "rule": entry.rule,
        "breaches": list(entry.breaches),
    }


def detail(entry: JournalEntry, public_url: str, caused: Row, *, secrets: bool) -> Row:
    """A call whole; credentials are masked unless `secrets` are asked for."""
    request_headers = headers_of(entry.headers.items(), secrets=secrets)
    answer_headers = headers_of(entry.answer_headers, secrets=secrets)
    return {
        **summary(entry),
        "request": message(request_headers, entry.body, entry.body_size, secrets=secrets),
        "answer": message(answer_headers, entry.answer_body, entry.answer_size, secrets=secrets),
        "caused": caused,
        "curl": curl(entry, public_url, secrets=secrets),
    }


def target(entry: JournalEntry) -> str:
    """Path and query as they came."""
    return entry.raw_path.decode("latin-1") + (f"?{entry.query.decode('latin-1')}" if entry.query else "")


def headers_of(headers: Any, *, secrets: bool) -> Row:
    """Headers by name."""
    return {
        name.decode("latin-1"): MASK
        if not secrets and name.decode("latin-1").lower() in SECRET_HEADERS
        else value.decode("latin-1")
        for name, value in headers
    }


def message(headers: Row, body: bytes, size: int, *, secrets: bool) -> Row:
    """Headers and body: JSON as a value, other text as text, anything else in base64."""
    shown: Row = {"headers": headers, "size": size}
    if not body:
        return shown
    value = json_of(body)
    if value is not None:
        shown["json"] = value if secrets else masked(value)
        return shown
    try:
        shown["text"] = body.decode()
    except UnicodeDecodeError:
        shown["base64"] = base64.b64encode(body).decode()
    return shown


def json_of(body: bytes) -> Any:
    """A body as a JSON value; None when it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def masked(value: Any) -> Any:
    """A JSON value with the credentials in it masked."""
    if isinstance(value, dict):
        return {
            name: MASK if name.lower() in SECRET_MEMBERS and isinstance(part, str) else masked(part)
            for name, part in value.items()
        }
    return [masked(part) for part in value] if isinstance(value, list) else value


def curl(entry: JournalEntry, public_url: str, *, secrets: bool) -> str:
    """The command that sends the same request to a POSIX shell's curl."""
    parts = ["curl", "-X", entry.method, shlex.quote(public_url + target(entry))]
    for name, value in headers_of(entry.headers.items(), secrets=secrets).items():
        if name.lower() not in LEFT_OUT_OF_CURL:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if entry.body:
        value = json_of(entry.body)
        body = (
            entry.body.decode("utf-8", "replace") if secrets or value is None else orjson.dumps(masked(value)).decode()
        )
        parts += ["--data-binary", shlex.quote(body)]
    return " ".join(parts)


def har(entries: list[JournalEntry], public_url: str, version: str, *, secrets: bool) -> Row:
    """An archive that browsers' developer tools open (HAR 1.2)."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "Troth", "version": version},
            "entries": [_har_entry(entry, public_url, secrets=secrets) for entry in entries],
        }
    }


def _har_entry(entry: JournalEntry, public_url: str, *, secrets: bool) -> Row:
    took_ms = entry.duration_us / MICROSECONDS_OF_MS
    request = detail(entry, public_url, {}, secrets=secrets)
    sent, answered = request["request"], request["answer"]
    har_request: Row = {
        "method": entry.method,
        "url": public_url + target(entry),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(sent["headers"]),
        "queryString": [
            {"name": name, "value": value}
            for name, value in parse_qsl(entry.query.decode("latin-1"), keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": entry.body_size,
    }
    if entry.body:
        har_request["postData"] = {"mimeType": sent["headers"].get("content-type", ""), "text": _text(sent)}
    return {
        "startedDateTime": iso(entry.at_ms),
        "time": took_ms,
        "request": har_request,
        "response": {
            "status": entry.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(answered["headers"]),
            "content": {
                "size": len(entry.answer_body),
                "mimeType": answered["headers"].get("content-type", ""),
                "text": _text(answered),
            },
            "redirectURL": answered["headers"].get("location", ""),
            "headersSize": -1,
            "bodySize": entry.answer_size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": took_ms, "receive": 0},
    }


def _pairs(headers: Row) -> list[Row]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _text(shown: Row) -> str:
    """The body of a message as text."""
    if "json" in shown:
        return orjson.dumps(shown["json"]).decode()
    return str(shown.get("text", shown.get("base64", "")))

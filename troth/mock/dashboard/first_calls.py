"""The first calls of an API, which are shown as curl commands, as requests that a page can send."""

from __future__ import annotations

import base64
import shlex
from typing import Any

FORM = "application/x-www-form-urlencoded"


def request_of(curl: str, public_url: str) -> dict[str, Any]:
    """`method`, `path` (below the sandbox's root), `headers` and `body` (or None) of a curl command.

    It may have the options -u, -X, -H and -d, as those of `describe` in `models/<api>/provision.py` do.
    """
    words = iter(shlex.split(curl)[1:])
    method = url = ""
    headers: dict[str, str] = {}
    body: str | None = None
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-u":
            headers["Authorization"] = f"Basic {base64.b64encode(next(words).encode()).decode()}"
        elif word == "-H":
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            body = next(words)
            headers.setdefault("Content-Type", FORM)
        else:
            url = word
    return {
        "method": method or ("GET" if body is None else "POST"),
        "path": url.removeprefix(public_url),
        "headers": headers,
        "body": body,
    }

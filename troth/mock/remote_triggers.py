"""Triggers against a running mock."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from troth.mock.remote import Json, RemoteMock
from troth.mock.triggers import Trigger, TriggerError, run_trigger, unique_text


def run_remotely(mock: RemoteMock, found: Trigger) -> list[Json]:
    """Make the calls of a trigger in a sandbox of a running mock; method, path and status of each.

    Raises TriggerError, Refused and NoMock.
    """
    info = mock.try_call("GET", "/info")
    facts = info["apis"].get(found.api)
    if facts is None:
        raise TriggerError(f"the mock has no tenant of {found.api}")
    base = mock.address_of(facts["base_url"])

    def send(method: str, path: str, headers: Any, body: Any) -> tuple[int, Any]:
        answer = mock.send(method, base + path, headers=dict(headers), **({} if body is None else {"json": body}))
        try:
            return answer.status_code, answer.json() if answer.content else None
        except ValueError:
            return answer.status_code, answer.text

    unique = unique_text(mock.try_call("GET", "/clock")["now_ms"])
    public = facts["base_url"].removesuffix(urlsplit(facts["base_url"]).path)
    return run_trigger(found, facts, unique, f"{public}{_sandbox_path(facts['base_url'])}/_troth", send)


def _sandbox_path(base_url: str) -> str:
    """What the path of an API's base URL begins with in a sandbox other than the main one: `/sandbox/ID`."""
    return urlsplit(base_url).path.rpartition("/")[0]

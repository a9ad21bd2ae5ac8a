"""Triggers: chains of calls of an API that lead to a webhook event (`fixtures/triggers/<api>/<event>.json`).

A chain goes through the API as a client does, so that it leaves nothing behind that a client could not have made. A
file has a `description` and `steps`; a step has `method`, `path` and `body`, and a `name` under which later steps refer
to its answer. `{user.referralCodes.*}` is a member of the answer to the step `user` (`*` is the first one), `{unique}`
a text that no earlier run has had, `{control_url}` the control plane; other names are credentials and facts of
`/_troth/info`. A text that is nothing but a reference becomes what it refers to, of whatever type.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any
from urllib.parse import quote

from models.kernel.whole_numbers import read_whole
from troth.paths import ROOT

FOLDER = ROOT / "fixtures" / "triggers"
BEARER = {"advocacy": "api_key", "leat": "personal_access_token", "loyalty_core": "api_token"}
"""The credential of each API whose calls carry one as a bearer token; SaaSquatch's key is a password."""
_REFERENCE = re.compile(r"\{([a-z_]+(?:\.[A-Za-z0-9_*-]+)*)\}")
Row = dict[str, Any]
Send = Callable[[str, str, Mapping[str, str], Any], tuple[int, Any]]
"""Send a method to a path below the API's base URL with headers and a body (None for none); status and JSON of the
answer.
"""


class TriggerError(Exception):
    """There is no such trigger, an override does not fit, or a call was refused. The message is for people."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event of an API and the steps that lead to it."""

    api: str
    event: str
    description: str
    steps: list[Row]


@cache
def triggers() -> tuple[Trigger, ...]:
    """All triggers, by API and event."""
    found = []
    for file in sorted(FOLDER.glob("*/*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        found.append(Trigger(file.parent.name, file.stem, content["description"], content["steps"]))
    return tuple(found)


def find_trigger(event: str, api: str | None = None) -> Trigger:
    """The trigger of an event; of an API, where several have the event. Raises TriggerError."""
    found = [one for one in triggers() if one.event == event and api in (None, one.api)]
    if not found:
        similar = get_close_matches(event, [one.event for one in triggers() if api in (None, one.api)], n=3)
        hint = f"did you mean {' or '.join(similar)}?" if similar else "see `troth trigger --list`"
        raise TriggerError(f"no trigger {event!r}{f' of {api}' if api else ''}; {hint}")
    if len(found) > 1:
        raise TriggerError(f"{' and '.join(one.api for one in found)} have {event!r}: choose one with --api")
    return found[0]


def with_overrides(trigger: Trigger, overrides: Mapping[str, Any]) -> Trigger:
    """A trigger with other values in its bodies: `firstName`, `events.0.key` of the last body, `user:email` of a named
    step's.

    Raises TriggerError.
    """
    steps: list[Row] = json.loads(json.dumps(trigger.steps))
    for path, value in overrides.items():
        name, mark, members = path.rpartition(":")
        bodies = [step for step in steps if "body" in step and (not mark or step.get("name") == name)]
        if not bodies:
            raise TriggerError(f"--override {path}: no step {name!r} with a body")
        _override(bodies[-1]["body"], members.split("."), value, path)
    return Trigger(trigger.api, trigger.event, trigger.description, steps)


def _override(body: Any, members: list[str], value: Any, path: str) -> None:
    for member in members[:-1]:
        body = body.setdefault(member, {}) if isinstance(body, dict) else _item(body, member, path)
    if isinstance(body, dict):
        body[members[-1]] = value
    else:
        body[_index(body, members[-1], path)] = value


def _item(items: Any, member: str, path: str) -> Any:
    return items[_index(items, member, path)]


def _index(items: Any, member: str, path: str) -> int:
    index = read_whole(member, len(items) - 1) if isinstance(items, list) else None
    if index is None:
        raise TriggerError(f"--override {path}: there is no {member!r}")
    return index


def run_trigger(trigger: Trigger, facts: Row, unique: str, control_url: str, send: Send) -> list[Row]:
    """Make the calls of a trigger; method, path and status of each.

    `facts` are those of the API in `/_troth/info`. Raises TriggerError when a call is refused.
    """
    credentials = facts["credentials"]
    known: Row = {**facts, **credentials, "unique": unique, "control_url": control_url}
    headers = {"Authorization": authorization(trigger.api, credentials)}
    made = []
    for step in trigger.steps:
        path = _path(step["path"], known)
        status, answer = send(step["method"], path, headers, _filled(step.get("body"), known))
        if status >= 400:
            raise TriggerError(f"{step['method']} {path} was answered {status}: {json.dumps(answer)}")
        made.append({"method": step["method"], "path": path, "status": status})
        if "name" in step:
            known[step["name"]] = answer
    return made


def unique_text(now_ms: int) -> str:
    """A text for a run of a trigger at an instant of the sandbox's clock, which moves with each write."""
    return f"t{now_ms:x}"


def authorization(api: str, credentials: Mapping[str, str]) -> str:
    """The header with which an API's live credentials of `/_troth/info` are sent."""
    if api in BEARER:
        return f"Bearer {credentials[BEARER[api]]}"
    return "Basic " + base64.b64encode(f":{credentials['api_key']}".encode()).decode()


def _path(path: str, known: Row) -> str:
    return _REFERENCE.sub(lambda found: quote(str(_value(found[1], known)), safe=""), path)


def _filled(value: Any, known: Row) -> Any:
    """A body with its references replaced."""
    if isinstance(value, dict):
        return {name: _filled(member, known) for name, member in value.items()}
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _value(whole[1], known)
    return _REFERENCE.sub(lambda found: str(_value(found[1], known)), value)


def _value(reference: str, known: Row) -> Any:
    """What a reference stands for. Raises TriggerError when an answer does not have it."""
    value: Any = known
    for member in reference.split("."):
        try:
            if isinstance(value, list):
                value = value[int(member)]
            else:
                value = next(iter(value.values())) if member == "*" else value[member]
        except (LookupError, StopIteration, TypeError, ValueError) as error:
            raise TriggerError(f"the mock has no {{{reference}}} at present") from error
    return value

"""`troth trigger`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from troth.cli.common import AsJson, fail
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, pairs, show

if TYPE_CHECKING:
    from troth.mock.triggers import Trigger


def trigger(
    event: Annotated[str | None, typer.Argument(help="Type of the webhook event.", show_default=False)] = None,
    api: Annotated[str | None, typer.Option("--api", help="API of the event.", show_default=False)] = None,
    override: Annotated[
        list[str] | None,
        typer.Option(
            help="PATH=VALUE: another value in the last body, or with STEP:PATH in that of a named step; JSON or text.",
            show_default=False,
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all triggers, or those of --api.")] = False,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Make the calls that lead to a webhook event. Example: troth trigger user.created --override firstName=Mia"""
    from troth.mock.triggers import TriggerError, find_trigger, triggers, with_overrides

    if listed:
        rows = [
            {"api": one.api, "event": one.event, "description": one.description}
            for one in triggers()
            if api in (None, one.api)
        ]
        show({"triggers": rows}, rows, as_json)
        return
    if event is None:
        fail("which event? `troth trigger --list` shows all")
    try:
        found = with_overrides(find_trigger(event, api), _values(override))
        made = _run(Mock(url, sandbox), found)
    except TriggerError as error:
        fail(str(error))
    show({"api": found.api, "event": found.event, "calls": made}, made, as_json)


def _values(given: list[str] | None) -> Json:
    """The overrides: values are JSON, or text where they are none."""
    found: Json = {}
    for path, text in (pairs("--override", given) or {}).items():
        try:
            found[path] = json.loads(text)
        except json.JSONDecodeError:
            found[path] = text
    return found


def _run(mock: Mock, found: Trigger) -> list[Json]:
    """Make the calls of a trigger. Raises TriggerError."""
    from troth.mock.triggers import TriggerError, run_trigger, unique_text

    info = mock.call("GET", "/info")
    facts = info["apis"].get(found.api)
    if facts is None:
        raise TriggerError(f"the mock has no tenant of {found.api}")
    address = urlsplit(mock.url)
    base = f"{address.scheme}://{address.netloc}{urlsplit(facts['base_url']).path}"

    def send(method: str, path: str, headers: Any, body: Any) -> tuple[int, Any]:
        answer = mock.send(method, base + path, headers=dict(headers), **({} if body is None else {"json": body}))
        try:
            return answer.status_code, answer.json() if answer.content else None
        except ValueError:
            return answer.status_code, answer.text

    unique = unique_text(mock.call("GET", "/clock")["now_ms"])
    public = facts["base_url"].removesuffix(urlsplit(facts["base_url"]).path)
    return run_trigger(found, facts, unique, f"{public}{_sandbox_path(facts['base_url'])}/_troth", send)


def _sandbox_path(base_url: str) -> str:
    """What the path of an API's base URL begins with in a sandbox other than the main one: `/sandbox/ID`."""
    return urlsplit(base_url).path.rpartition("/")[0]

"""`troth trigger`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from troth.cli.common import AsJson, fail
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Refused, Url, pairs, show


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
    from troth.mock.remote_triggers import run_remotely
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
        made = run_remotely(Mock(url, sandbox), found)
    except (TriggerError, Refused) as error:
        fail(str(error))
    show({"api": found.api, "event": found.event, "calls": made}, made, as_json)


def _values(given: list[str] | None) -> Json:
    """The overrides: values are JSON, or text where they are none."""
    found: Json = {}
    for path, text in (pairs("--override", given) or {}).items():
        try:
            found[path] = json.loads(text)
        except ValueError:  # no JSON, or an integer of more digits than Python reads
            found[path] = text
    return found

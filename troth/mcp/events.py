"""The tools for webhook events."""

from collections.abc import Callable
from typing import Annotated, Any

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from troth.mcp.arguments import OfApi, Sandbox
from troth.mcp.plane import Plane
from troth.mock.remote import MAIN, Json
from troth.mock.triggers import TriggerError, find_trigger, triggers, with_overrides


class Events:
    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def tools(self) -> list[Callable[..., Any]]:
        return [self.list_events, self.trigger_event]

    def list_events(self, api: OfApi = None) -> Json:
        """List the webhook events that trigger_event can lead to. Example: {"api": "leat"}"""
        return {
            "events": [
                {"api": one.api, "event": one.event, "description": one.description}
                for one in triggers()
                if api in (None, one.api)
            ]
        }

    def trigger_event(
        self,
        event: Annotated[str, Field(description="Type of the event, e.g. `user.created`.")],
        api: OfApi = None,
        overrides: Annotated[
            Json | None,
            Field(description="Other values in the last body, or with `STEP:PATH` in that of a named step."),
        ] = None,
        sandbox: Sandbox = MAIN,
    ) -> Json:
        """Make the calls that lead to a webhook event, which is then sent to who subscribed; the answer lists the
        calls.

        Example: {"event": "user.created", "overrides": {"firstName": "Mia"}}
        """
        try:
            found = with_overrides(find_trigger(event, api), overrides or {})
        except TriggerError as error:
            raise ToolError(str(error)) from error
        return {"api": found.api, "event": found.event, "calls": self._plane.trigger(found, sandbox)}

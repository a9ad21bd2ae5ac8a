"""The tools for a sandbox's clock."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from troth.mcp.arguments import Sandbox, only
from troth.mcp.plane import Plane
from troth.mock.remote import MAIN, Json


class Clock:
    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def tools(self) -> list[Callable[..., Any]]:
        return [self.show_clock, self.freeze_clock, self.advance_clock]

    def show_clock(self, sandbox: Sandbox = MAIN) -> Json:
        """Show what time it is in a sandbox, and whether time stands still. Example: {}"""
        return self._plane.call("GET", "/clock", sandbox=sandbox)

    def freeze_clock(self, sandbox: Sandbox = MAIN) -> Json:
        """Stop the clock of a sandbox where it stands. Example: {"sandbox": "checkout"}"""
        return self._plane.call("POST", "/clock/freeze", sandbox=sandbox)

    def advance_clock(
        self,
        by: Annotated[str | None, Field(description="A duration of ISO 8601, e.g. `P30D` or `PT1H`.")] = None,
        to: Annotated[str | None, Field(description="Or an instant of ISO 8601.")] = None,
        sandbox: Sandbox = MAIN,
    ) -> Json:
        """Move the clock of a sandbox forward, and run what becomes due on the way (rewards, expiries, retries) in
        order.

        The answer lists what ran. Example: {"by": "P30D"}
        """
        return self._plane.call("POST", "/clock/advance", sandbox=sandbox, body=only(by=by, to=to))

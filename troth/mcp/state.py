"""The tools for what a mock holds: sandboxes, snapshots, and what has changed since one."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from troth.mcp.arguments import Sandbox, only
from troth.mcp.plane import Plane
from troth.mock.remote import MAIN, Json, segment

Id = Annotated[str, Field(description="Id of the sandbox.")]
Snapshot = Annotated[str, Field(description="Name of the snapshot.")]


class State:
    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def tools(self) -> list[Callable[..., Any]]:
        return [
            self.create_sandbox,
            self.list_sandboxes,
            self.show_sandbox,
            self.reset_sandbox,
            self.delete_sandbox,
            self.take_snapshot,
            self.restore_snapshot,
            self.diff,
        ]

    def create_sandbox(
        self,
        name: Annotated[str | None, Field(description="Its id; made up when left out.")] = None,
        scenario: Annotated[str | None, Field(description="`demo` or `empty`; as the main one when left out.")] = None,
        clock: Annotated[Literal["wall", "fixed"] | None, Field(description="`fixed` stands still.")] = None,
        seed: Annotated[int | None, Field(description="The same seed gives the same bytes.")] = None,
    ) -> Json:
        """Make a sandbox: tenants of its own in every API, with their addresses and keys. Use one for each task.

        Example: {"name": "checkout", "scenario": "empty", "clock": "fixed"}
        """
        body = only(name=name, scenario=scenario, clock=clock, seed=seed)
        return self._plane.call("POST", "/sandboxes", body=body)

    def list_sandboxes(self) -> Json:
        """List the sandboxes of the mock. Example: {}"""
        return self._plane.call("GET", "/sandboxes")

    def show_sandbox(self, sandbox: Sandbox = MAIN) -> Json:
        """Show where the APIs of a sandbox answer, their keys, and first calls to make. Example: {"sandbox": "main"}"""
        return self._plane.call("GET", "/info", sandbox=sandbox)

    def reset_sandbox(self, sandbox: Sandbox = MAIN) -> Json:
        """Bring a sandbox back to how it began. Example: {"sandbox": "checkout"}"""
        return self._plane.call("POST", "/reset", sandbox=sandbox)

    def delete_sandbox(self, sandbox: Id) -> Json:
        """End a sandbox. Example: {"sandbox": "checkout"}"""
        return self._plane.call("DELETE", f"/sandboxes/{segment(sandbox)}")

    def take_snapshot(self, name: Snapshot, sandbox: Sandbox = MAIN) -> Json:
        """Keep what a sandbox holds now, to go back to it or to see later what has changed.

        Example: {"name": "before"}
        """
        return self._plane.call("POST", "/snapshots", sandbox=sandbox, body={"name": name})

    def restore_snapshot(self, name: Snapshot, sandbox: Sandbox = MAIN) -> Json:
        """Bring a sandbox back to a snapshot. Example: {"name": "before"}"""
        return self._plane.call("POST", f"/snapshots/{segment(name)}/restore", sandbox=sandbox)

    def diff(
        self,
        since: Annotated[str, Field(description="Name of the earlier snapshot.")],
        to: Annotated[str, Field(description="Name of the later one; `now` for the present.")] = "now",
        sandbox: Sandbox = MAIN,
    ) -> Json:
        """Show what was made, changed and deleted since a snapshot, and which events and deliveries went out.

        Example: {"since": "before"}
        """
        return self._plane.call("GET", "/diff", sandbox=sandbox, query={"from": since, "to": to})

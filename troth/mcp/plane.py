"""The mock that the tools work on. What it refuses becomes the text of a tool's error."""

import json
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from troth.mock.remote import MAIN, Json, NoMock, Refused, RemoteMock
from troth.mock.remote_triggers import run_remotely
from troth.mock.triggers import Trigger, TriggerError


class Plane:
    """A running mock with all its sandboxes."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, *, sandbox: str = MAIN, body: Any = None, query: Json | None = None) -> Json:
        """What the control plane answers. Raises ToolError with all that a refusal says."""
        try:
            return self._mock(sandbox).try_call(method, path, body=body, query=query)
        except Refused as error:
            raise ToolError(_words(error)) from error
        except NoMock as error:
            raise ToolError(str(error)) from error

    def send(self, method: str, base_url: str, path: str, **options: Any) -> Json:
        """Status, headers and body of what an API answers. Raises ToolError where nothing answers."""
        mock = self._mock(MAIN)
        try:
            answer = mock.send(method, mock.address_of(base_url) + path, **options)
        except NoMock as error:
            raise ToolError(str(error)) from error
        try:
            body = answer.json() if answer.content else None
        except ValueError:
            body = answer.text
        return {"status": answer.status_code, "headers": dict(answer.headers), "body": body}

    def facts(self, sandbox: str) -> Json:
        """For each API of a sandbox where it answers and with which credentials."""
        info = self.call("GET", "/info", sandbox=sandbox)
        return dict(info["apis"])

    def trigger(self, found: Trigger, sandbox: str) -> list[Json]:
        """The calls that were made for an event. Raises ToolError."""
        try:
            return run_remotely(self._mock(sandbox), found)
        except (TriggerError, Refused, NoMock) as error:
            raise ToolError(str(error)) from error

    def _mock(self, sandbox: str) -> RemoteMock:
        return RemoteMock(self.url, sandbox)


def _words(error: Refused) -> str:
    """A refusal as text: status, code and message, and what else it says, such as the nearest calls of the journal."""
    more = {name: value for name, value in error.answer["error"].items() if name not in ("code", "message")}
    return f"{error.status} {error.code}: {error}" + (f"\n{json.dumps(more)}" if more else "")

"""The control plane of a running mock, as the commands call it (contract: openapi/control)."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from troth.cli.common import fail, print_rows
from troth.mock.remote import CONNECT_S, MAIN, Json, NoMock, Refused, RemoteMock, segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

__all__ = [
    "CONNECT_S",
    "DEFAULT_URL",
    "MAIN",
    "InSandbox",
    "Json",
    "Mock",
    "Refused",
    "Url",
    "done",
    "only",
    "pairs",
    "parsed",
    "print_message",
    "segment",
    "show",
]

DEFAULT_URL = "http://localhost:8080"
Url = Annotated[str, typer.Option("--url", envvar="TROTH_URL", help="URL of the running mock.")]
InSandbox = Annotated[str, typer.Option("--sandbox", help="Id of the sandbox.")]


class Mock(RemoteMock):
    """A running mock. Calls end the command with one line where no mock answers."""

    def call(self, method: str, path: str, *, body: Any = None, query: Mapping[str, Any] | None = None) -> Json:
        """What the control plane answers to a call; empty where it answers nothing. A refusal ends the command."""
        try:
            return self.try_call(method, path, body=body, query=query)
        except Refused as error:
            fail(str(error))

    def download(self, path: str) -> bytes:
        """The bytes that the control plane answers. A refusal ends the command."""
        answer = self.send("GET", self.control_url + path)
        if not answer.is_success:
            self.check(answer)
        return answer.content

    def upload(self, path: str, content: bytes, media_type: str) -> Json:
        """What the control plane answers to a body of bytes, which is sent compressed. A refusal ends the command."""
        headers = {"Content-Type": media_type, "Content-Encoding": "gzip"}
        return self.check(
            self.send("POST", self.control_url + path, content=gzip.compress(content, 1), headers=headers)
        )

    def check(self, answer: httpx2.Response) -> Json:
        """The JSON of an answer. A refusal ends the command."""
        try:
            return self.json_of(answer)
        except Refused as error:
            fail(str(error))

    def json_of(self, answer: httpx2.Response) -> Json:
        """The JSON of an answer. Raises Refused."""
        try:
            return super().json_of(answer)
        except NoMock as error:
            fail(str(error))

    def send(self, method: str, url: str, **options: Any) -> httpx2.Response:
        """Send any request; ends the command where nothing answers."""
        try:
            return super().send(method, url, **options)
        except NoMock as error:
            fail(str(error))


def show(answer: Json, rows: list[Json], as_json: bool, none: str = "nothing") -> None:
    """The answer for programs, rows for people, or `none` where there are no rows."""
    if as_json:
        print(json.dumps(answer, indent=2))
    else:
        print_rows(rows, as_json=False, none=none)


def print_message(name: str, message: Json) -> None:
    """A request or an answer for people: size, headers, body."""
    print(f"{name}, {message['size']} bytes")
    for header, value in message["headers"].items():
        print(f"  {header}: {value}")
    body = next((message[form] for form in ("json", "text", "base64") if form in message), None)
    if body is not None:
        print(body if isinstance(body, str) else json.dumps(body, indent=2))


def done(message: str, as_json: bool) -> None:
    """That a command without an answer has succeeded: a word for people, `{}` for programs."""
    print("{}" if as_json else message)


def parsed(name: str, text: str | None) -> Any:
    """The JSON object of an option; None where it is not given. Ends the command where it is none."""
    if text is None:
        return None
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        fail(f"{name} is no JSON: {error}")
    except ValueError:  # Python reads no integer of more than 4,300 digits
        fail(f"{name} holds a number with too many digits")
    if not isinstance(value, dict):
        fail(f"{name} is no JSON object")
    return value


def pairs(name: str, given: list[str] | None) -> dict[str, str] | None:
    """Options of the form NAME=VALUE; None where there are none. Ends the command for another form."""
    found = {}
    for one in given or []:
        key, mark, value = one.partition("=")
        if not mark or not key:
            fail(f"{name}: {one!r} is not NAME=VALUE")
        found[key] = value
    return found or None


def only(**members: Any) -> Json:
    """The members that are given."""
    return {name: value for name, value in members.items() if value is not None}

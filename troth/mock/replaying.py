"""Replays that the mock runs itself, for the control plane: in a sandbox of their own, which is deleted afterwards."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from handlers.control.problems import BadRecording
from models.kernel.problems import UnknownSandbox
from troth.mock.calls import Caller
from troth.mock.replays import VERSION, Outcome, Replay, Row

if TYPE_CHECKING:
    from troth.request.middleware import CompiledMiddleware


class Boxes(Protocol):
    """The sandboxes of a mock, as far as a replay needs them."""

    async def create(self, sandbox_id: str, *, scenario: str | None, seed: int | None, fixed: bool | None) -> Any:
        """Make a sandbox."""

    def describe(self, box: Any) -> Row:
        """A sandbox as in the contract's `Sandbox`."""

    async def end(self, sandbox_id: str) -> None:
        """Delete a sandbox."""


async def replay(sandboxes: Boxes, app: CompiledMiddleware, sandbox_id: str, recording: Row) -> Row:
    """Play a recording in a new sandbox; how it went, as the contract's `ReplayOutcome`.

    Raises BadRecording, SandboxesFull, BadScenario.
    """
    if recording["version"] != VERSION:
        raise BadRecording(f"The recording has version {recording['version']}, this mock plays {VERSION}.")
    began = recording["sandbox"]
    box = await sandboxes.create(
        sandbox_id, scenario=began["scenario"], seed=began["seed"], fixed=began["clock"] == "fixed"
    )
    try:
        played = Replay(began, sandboxes.describe(box))
        outcome = await _run(played, recording["calls"], Caller(app, sandbox_id))
    except ValueError as error:  # no instant, no Base64
        raise BadRecording(f"The recording cannot be played: {error}.") from error
    finally:
        with contextlib.suppress(UnknownSandbox):  # one of the calls may have deleted it
            await sandboxes.end(sandbox_id)
    summary: Row = {"calls": len(recording["calls"]), "alike": outcome.alike}
    call = outcome.call
    if call is None:
        return summary
    place = {"number": outcome.alike + 1, "method": call["method"], "path": call["path"]}
    return {**summary, "differs": {**place, "differences": outcome.differences}}


async def _run(played: Replay, calls: list[Row], caller: Caller) -> Outcome:
    """Play calls until one is answered otherwise."""
    outcome = Outcome()
    for call in calls:
        method, target, headers, body = played.request_of(call)
        split = urlsplit(target)
        raw = {
            name.lower().encode("latin-1", "replace"): value.encode("latin-1", "replace")
            for name, value in headers.items()
        }
        answered = await caller.send(method, split.path.encode(), split.query.encode(), raw, body or b"")
        if played.compare(outcome, call, answered.status, answered.body):
            break
    return outcome

"""Recordings of calls to a sandbox, for `troth replay`: each call with its answer, whole, up to a number of bytes."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from handlers.control.problems import RecordingsFull, RecordingTaken, UnknownRecording
from troth.mock.replays import NOT_REPLAYED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from troth.request.exchange import Exchange

BYTES_MAX = 32 << 20
"""Of the bodies of one recording; calls that come later are not in it."""
RECORDINGS_MAX = 5
"""Under way at once in a sandbox."""
CONTROL = "control"
CAUSES = frozenset({"Clock", "Rules", "Referrals"})
"""Tags of the control plane's operations that change what later calls are answered; they are recorded, too."""
GZIP = (b"content-encoding", b"gzip")
Row = dict[str, Any]


@dataclass(slots=True)
class Recording:
    """Calls in their order."""

    name: str
    began: Row
    """What the sandbox was at the beginning, as in the contract's `Sandbox`."""
    calls: list[Row] = field(default_factory=list)
    size: int = 0
    is_full: bool = False


class Recordings:
    """The recordings of one sandbox that are under way."""

    def __init__(self) -> None:
        self._recordings: dict[str, Recording] = {}

    def __iter__(self) -> Iterator[Recording]:
        return iter(list(self._recordings.values()))

    def begin(self, name: str, sandbox: Row) -> Recording:
        """Record calls from now on. Raises RecordingTaken, RecordingsFull."""
        if name in self._recordings:
            raise RecordingTaken
        if len(self._recordings) >= RECORDINGS_MAX:
            raise RecordingsFull(RECORDINGS_MAX)
        made = self._recordings[name] = Recording(name, sandbox)
        return made

    def end(self, name: str) -> Recording:
        """What has been recorded; it is forgotten. Raises UnknownRecording."""
        found = self._recordings.pop(name, None)
        if found is None:
            raise UnknownRecording
        return found

    def note(self, exchange: Exchange) -> None:
        """Add a call whose answer has been sent."""
        if not self._recordings or not _is_recorded(exchange):
            return
        call = _call(exchange)
        size = len(exchange.body or b"") + len(exchange.answer_body)
        for recording in self._recordings.values():
            recording.is_full = recording.is_full or recording.size + size > BYTES_MAX
            if not recording.is_full:
                recording.calls.append(call)
                recording.size += size


def _is_recorded(exchange: Exchange) -> bool:
    operation = exchange.operation
    if operation is None or operation.info.api != CONTROL:
        return True
    return operation.writes and not CAUSES.isdisjoint(operation.info.tags)


def _call(exchange: Exchange) -> Row:
    headers = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in exchange.headers.items()
        if name.decode("latin-1") not in NOT_REPLAYED
    }
    answer = exchange.answer_body
    if GZIP in exchange.answer_headers:
        answer = gzip.decompress(answer)
    call: Row = {
        "method": exchange.scope["method"],
        "path": exchange.raw_path.decode("latin-1"),
        "query": exchange.scope["query_string"].decode("latin-1"),
        "headers": headers,
        "status": exchange.status,
    }
    return {**call, **_content("body", exchange.body or b""), **_content("answer", answer)}


def _content(name: str, data: bytes) -> Row:
    """A body as a member: JSON as a value, other text as `_text`, anything else as `_base64`;
    none where it is empty.
    """
    if not data:
        return {}
    try:
        return {name: orjson.loads(data)}
    except orjson.JSONDecodeError:
        pass
    try:
        return {f"{name}_text": data.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(data).decode()}

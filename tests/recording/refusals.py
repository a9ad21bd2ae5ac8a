"""What can be refused of any operation: callers without credentials, broken requests, and what does not exist."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.recording.callers import PATHS, SECURED, caller, nobody
from tests.recording.contracts import Operation, all_operations
from tests.recording.recorder import EXAMPLE, Recorder

UNKNOWN_NUMBER, UNKNOWN_WORD = 987_654_321, "unknown-1"
BROKEN_JSON = b'{"a": '
NUL = {"x": "\0"}
MAKES_WHAT_IS_NEW = {
    "control.receiveWebhook",
    "control.listInbox",
    "control.clearInbox",
    "control.getInboxBehavior",
    "control.setInboxBehavior",
    "control.resetInboxBehavior",
}
"""Operations for which a name that nobody has used is as good as any other."""


def play(recorder: Recorder) -> None:
    """Call each operation in ways that must be refused. Nothing is written."""
    for operation in all_operations().values():
        for problem, known, body, query in _requests(operation):
            who = (caller if known else nobody)(recorder, operation.api)
            status = who.attempt(operation.id, body, query, _unknown(operation))
            assert 400 <= status < 500, f"{operation.name}, {problem}: {status}"


def _requests(operation: Operation) -> Iterator[tuple[str, bool, Any, dict[str, Any] | None]]:
    """What is wrong, whether the caller is known, body and query of each request."""
    body: Any = EXAMPLE
    if operation.api in SECURED:
        yield "no credentials", False, body, None
    yield "NUL in the query", True, body, NUL
    if _unknown(operation) and operation.name not in MAKES_WHAT_IS_NEW:
        yield "does not exist", True, body, None
    if operation.has_body:
        yield "broken JSON", True, BROKEN_JSON, None
    if operation.integer_queries:
        yield "not a number", True, body, {operation.integer_queries[0]: "x"}


def _unknown(operation: Operation) -> dict[str, Any]:
    """Path parameters that name nothing, but for whose data it is."""
    names: Iterable[str] = set(operation.path_parameters) - PATHS.get(operation.api, {}).keys()
    return {name: UNKNOWN_NUMBER if name in operation.integer_parameters else UNKNOWN_WORD for name in names}

"""What the control plane needs of the runtime, which handlers may not import: it comes by name in `uow.services`."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, cast

from handlers.control.problems import NoJournal, NoSandboxes
from models.inbox import Signatures
from models.tenancy.sandboxes import Sandbox
from models.uow import UnitOfWork


class Move(Protocol):
    """A move of a clock that is under way."""

    @property
    def from_ms(self) -> int: ...
    @property
    def to_ms(self) -> int: ...
    @property
    def fired(self) -> int:
        """How many jobs have run."""


class ClockMove(Protocol):
    """A move of a clock that is over."""

    @property
    def fired(self) -> list[dict[str, Any]]:
        """What ran, as in the contract's `Fired`."""

    @property
    def is_whole(self) -> bool:
        """Whether the clock has got there; it stops at a limit of work."""


class ClockPort(Protocol):
    """The dispatcher, as far as it moves clocks."""

    @property
    def move(self) -> Move | None:
        """The move that is under way."""

    async def freeze(self, sandbox: Sandbox) -> list[dict[str, Any]]:
        """Stop a sandbox's clock."""

    async def advance(self, sandbox: Sandbox, to_ms: int) -> ClockMove:
        """Move a clock to an instant. Raises ClockBackwards."""

    async def advance_by(self, sandbox: Sandbox, by_ms: int) -> ClockMove:
        """Move a clock by a duration in ms."""

    async def run_clock(self, sandbox: Sandbox, speed: float, offset_ms: int | None) -> ClockMove:
        """Run a clock at a speed, from an offset to wall time or from where it stands.

        Raises ClockBackwards, InvalidInput.
        """

    async def resend(self, sandbox: Sandbox, keys: Sequence[tuple[int, str]], url: str | None) -> list[dict[str, Any]]:
        """Send deliveries (tenant's id and their own) now, to their own addresses or all to another one; as the
        contract's `Resent`.
        """


class Copy(Protocol):
    """A snapshot."""

    @property
    def size_bytes(self) -> int:
        """How large its database is."""


class Box(Protocol):
    """A sandbox of a mock in memory."""

    @property
    def id(self) -> str:
        """The name that addresses have."""

    @property
    def snapshots(self) -> dict[str, Any]:
        """Its snapshots by name."""


class SandboxPort(Protocol):
    """The sandboxes of a mock in memory (`troth/mock/sandboxes.py`)."""

    def box(self, sandbox_id: str) -> Box:
        """A sandbox. Raises UnknownSandbox, NoSandboxes."""

    def all(self) -> Sequence[Box]:
        """All sandboxes, the main one first. Raises NoSandboxes."""

    def describe(self, box: Box) -> dict[str, Any]:
        """A sandbox as in the contract's `Sandbox`."""

    async def create(self, sandbox_id: str, *, scenario: str | None, seed: int | None, fixed: bool | None) -> Box:
        """Make a sandbox; what is None is as in the main one.

        Raises SandboxTaken, SandboxesFull, BadScenario, NoSandboxes.
        """

    async def end(self, sandbox_id: str) -> None:
        """End a sandbox. Raises UnknownSandbox, MainStays, NoSandboxes."""

    async def reset(self, box: Box) -> None:
        """Make a sandbox what it was at first."""

    async def take_snapshot(self, box: Box, name: str) -> Copy:
        """Store what a sandbox holds. Raises SnapshotTaken, TooManySnapshots."""

    async def restore(self, box: Box, name: str) -> None:
        """Make a sandbox what it was when a snapshot was taken. Raises UnknownSnapshot."""

    async def export(self, box: Box) -> bytes:
        """All that a sandbox holds, as lines of JSON."""

    async def diff(self, box: Box, before: str, after: str) -> dict[str, Any]:
        """What is different between two snapshots, or a snapshot and `now`. Raises UnknownSnapshot."""

    async def load_export(self, box: Box, lines: bytes) -> None:
        """Make a sandbox what lines of JSON say. Raises BadExport, ExportDiffers, SandboxesFull."""

    def snapshot(self, box: Box, name: str) -> Copy:
        """A snapshot. Raises UnknownSnapshot."""

    def forget_snapshot(self, box: Box, name: str) -> None:
        """Delete a snapshot. Raises UnknownSnapshot."""


def clock_port(uow: UnitOfWork) -> ClockPort:
    return cast("ClockPort", uow.services["dispatcher"])


def senders(uow: UnitOfWork) -> Sequence[Signatures]:
    """How each API signs its webhooks, in the order of the APIs."""
    return cast("Sequence[Signatures]", uow.services["senders"])


def sender_of(uow: UnitOfWork, api: str) -> Signatures:
    """How an API signs its webhooks."""
    return cast("Mapping[str, Signatures]", uow.services["senders_by_api"])[api]


def sandboxes(uow: UnitOfWork) -> SandboxPort:
    """The sandboxes of this mock. Raises NoSandboxes where there can be none."""
    if "sandboxes" not in uow.services:
        raise NoSandboxes
    return cast("SandboxPort", uow.services["sandboxes"])


def this_sandbox(uow: UnitOfWork) -> Box:
    """The sandbox that the request went to. Raises NoSandboxes where it cannot be copied."""
    if "sandbox" not in uow.services:
        raise NoSandboxes
    return cast("Box", uow.services["sandbox"])


class JournalEntry(Protocol):
    """A call (`troth/mock/journal.py`)."""

    @property
    def number(self) -> int: ...
    @property
    def at_ms(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def raw_path(self) -> bytes: ...
    @property
    def query(self) -> bytes: ...
    @property
    def headers(self) -> dict[bytes, bytes]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def body_size(self) -> int: ...
    @property
    def api(self) -> str | None: ...
    @property
    def operation_id(self) -> str | None: ...
    @property
    def tenant(self) -> str | None: ...
    @property
    def tenant_id(self) -> int | None: ...
    @property
    def request_number(self) -> int: ...
    @property
    def status(self) -> int: ...
    @property
    def answer_headers(self) -> Sequence[tuple[bytes, bytes]]: ...
    @property
    def answer_body(self) -> bytes: ...
    @property
    def answer_size(self) -> int: ...
    @property
    def problem(self) -> str | None: ...
    @property
    def breaches(self) -> tuple[str, ...]: ...
    @property
    def duration_us(self) -> int: ...
    @property
    def rule(self) -> str | None: ...


class JournalPort(Protocol):
    """The journal of a sandbox, oldest call first."""

    @property
    def seen(self) -> int:
        """The number of the newest call."""

    def __iter__(self) -> Iterator[JournalEntry]: ...
    def __reversed__(self) -> Iterator[JournalEntry]: ...
    def __len__(self) -> int: ...

    def get(self, number: int) -> JournalEntry | None:
        """A call; None when it is not kept."""

    def clear(self) -> None:
        """Forget all calls."""


Caller = Callable[[str, bytes, bytes, Mapping[bytes, bytes], bytes], Awaitable[int]]
"""Sends a request to the same sandbox: method, path, query, headers, body; the status."""


def journal_port(uow: UnitOfWork) -> JournalPort:
    """The journal of the sandbox that the request went to. Raises NoJournal where it is off."""
    if "journal" not in uow.services:
        raise NoJournal
    return cast("JournalPort", uow.services["journal"])


def caller(uow: UnitOfWork) -> Caller:
    return cast("Caller", uow.services["caller"])


def apis(uow: UnitOfWork) -> list[str]:
    """The names of the APIs whose calls a mock answers: those with tenants, and that of what needs no credential."""
    return [*cast("Mapping[str, Signatures]", uow.services["senders_by_api"]), "public"]


def operations(uow: UnitOfWork) -> frozenset[str]:
    """The ids of all operations of all APIs."""
    return cast("frozenset[str]", uow.services["operations"])


class Rule(Protocol):
    """A rule (`troth/mock/rules.py`)."""

    def describe(self) -> dict[str, Any]:
        """As in the contract's `Rule`."""


class RulesPort(Protocol):
    """The rules of a sandbox, in the order in which they were made."""

    def __iter__(self) -> Iterator[Rule]: ...

    def add(self, given: dict[str, Any]) -> Rule:
        """Add a rule behind the others.

        Raises RulesFull, and PreferenceNotMet for an answer that the operation does not have.
        """

    def get(self, rule_id: str) -> Rule:
        """A rule. Raises UnknownRule."""

    def remove(self, rule_id: str) -> None:
        """Delete a rule. Raises UnknownRule."""

    def clear(self) -> None:
        """Delete all rules."""


def rules_port(uow: UnitOfWork) -> RulesPort:
    """The rules of the sandbox that the request went to."""
    return cast("RulesPort", uow.services["rules"])


class SentCall(Protocol):
    """What was sent to a receiver."""

    @property
    def url(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def headers(self) -> dict[str, str]: ...


class SentAnswer(Protocol):
    """What a receiver has answered."""

    @property
    def status(self) -> int | None: ...
    @property
    def answer(self) -> str | None: ...
    @property
    def error(self) -> str | None: ...
    @property
    def duration_ms(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...


class SentAttempt(Protocol):
    """An attempt to deliver a webhook (`troth/mock/attempts.py`)."""

    @property
    def attempt(self) -> int: ...
    @property
    def at_ms(self) -> int: ...
    @property
    def call(self) -> SentCall: ...
    @property
    def result(self) -> SentAnswer: ...


class AttemptsPort(Protocol):
    """What is kept of the attempts of a sandbox."""

    def of(self, key: tuple[int, str]) -> Sequence[SentAttempt]:
        """Those of a delivery (its tenant's id and its own), oldest first."""


def kept_attempts(uow: UnitOfWork, key: tuple[int, str]) -> Sequence[SentAttempt]:
    """What is kept of the attempts of a delivery; nothing on a server that keeps none."""
    port = cast("AttemptsPort | None", uow.services.get("attempts"))
    return () if port is None else port.of(key)


class Recording(Protocol):
    """A recording of calls (`troth/mock/recordings.py`)."""

    @property
    def name(self) -> str: ...
    @property
    def began(self) -> dict[str, Any]: ...
    @property
    def calls(self) -> list[dict[str, Any]]: ...
    @property
    def is_full(self) -> bool: ...


class RecordingsPort(Protocol):
    """The recordings of a sandbox that are under way."""

    def __iter__(self) -> Iterator[Recording]: ...

    def begin(self, name: str, sandbox: dict[str, Any]) -> Recording:
        """Record calls from now on. Raises RecordingTaken, RecordingsFull."""

    def end(self, name: str) -> Recording:
        """What has been recorded. Raises UnknownRecording."""


def recordings(uow: UnitOfWork) -> RecordingsPort:
    """The recordings of the sandbox that the request went to."""
    return cast("RecordingsPort", uow.services["recordings"])


Replayer = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Plays a recording in a new sandbox of an id; the outcome as in the contract's `ReplayOutcome`. Raises BadRecording,
SandboxesFull, BadScenario.
"""


def replayer(uow: UnitOfWork) -> Replayer:
    """What plays recordings."""
    return cast("Replayer", uow.services["replayer"])

"""The control plane of the mock for the fuzzer: sandboxes, snapshots, calls and deliveries that exist, and work that
ends soon.

It is fuzzed on a server of its own (`control.yaml`): it resets, restores and imports what other APIs are fuzzed on.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

from tests.fuzz import URL, api
from tests.fuzz.api import Name

TITLE = "Troth control plane"
USER = "nobody"
BASE = "/_troth"
OWNER: dict[str, Any] = {}
SHOP = "/saasquatch/api/v1/demo"
"""Below which path of the mock there are referrals; from `BASE`, `call` reaches it by `..`."""
NAMES = ("pool-1", "pool-2", "pool-3")
"""All names that sandboxes, snapshots and recordings are given, so that there are never more than a few."""
KEPT = "kept"
"""A snapshot that is never deleted."""
INBOX, BEHAVING = "fuzzed", "behaving"
"""An inbox that answers as ever, and one that is set to answer otherwise."""
NOWHERE = "http://localhost:9/"
"""The discard port: deliveries are sent again to this machine under no circumstances but to itself."""
DELAY_MS_MAX = 5
OF_TIME = re.compile(r"must be (a duration|an instant)|is not moved beyond")
"""What is said of a text that is no time, which OpenAPI 3.0 has no type for."""
ADVANCE_MS_MAX = 3 * 86_400_000


@dataclass
class Known:
    """What the server holds."""

    sandboxes: list[str] = field(default_factory=lambda: ["main"])
    referrals: list[str] = field(default_factory=lambda: ["5f0000000000000000000001"])
    deliveries: list[str] = field(default_factory=lambda: ["5f00000000000000000000d1"])
    calls: list[int] = field(default_factory=lambda: [1])
    rules: list[str] = field(default_factory=lambda: ["rule-1"])
    recording: dict[str, Any] = field(default_factory=dict)
    """Of two calls."""
    export: str = ""
    """Of a sandbox, as lines of JSON."""


def learn(call: Callable[..., Any]) -> Known:
    """Ask a server what it holds, and prepare what some operations use up. `call` as for the other APIs."""
    shop = {"base": SHOP, "user": "saasquatch-live"}
    call("POST", "/recordings", {"name": KEPT})
    for n in range(3):
        who = {"id": f"fuzz-{n}", "accountId": "fuzz"}
        call("PUT", f"/open/account/fuzz/user/fuzz-{n}", who, **shop)
    recording = call("POST", f"/recordings/{KEPT}/end")
    call("POST", "/clock/advance", {"by_ms": 0})
    call("POST", "/snapshots", {"name": KEPT})
    call("POST", "/rules", {"api": "leat", "operation": "ping", "answer": {"code": 401}, "times": 1})
    pending = call("GET", "/referrals?referredModerationStatus=PENDING&limit=20", **shop)["referrals"]
    return Known(
        sandboxes=["main", call("POST", "/sandboxes", {"name": NAMES[0], "scenario": "empty"})["id"]],
        referrals=[one["id"] for one in pending] or Known().referrals,
        deliveries=[one["id"] for one in call("GET", "/deliveries")["deliveries"]],
        calls=[one["number"] for one in call("GET", "/journal")["calls"]],
        rules=[one["id"] for one in call("GET", "/rules")["rules"]],
        recording=recording,
        export=call("GET", "/export"),
    )


class Reach(api.Reach):
    """Things that exist, names of a small pool, and work that ends soon."""

    known: Known

    def ids(self) -> None:
        known = self.known
        found = {
            "sandbox": self.pick(NAMES if self.operation == "deleteSandbox" else known.sandboxes, "sandbox"),
            "snapshot": self.pick(NAMES, "snapshot") if self.operation == "deleteSnapshot" else KEPT,
            "recording": self.pick(NAMES, "recording"),
            "tenant_alias": "demo",
            "referral_id": self.pick(known.referrals, "referral"),
            "delivery": self.pick(known.deliveries, "delivery"),
            "number": self.pick(known.calls, "call"),
            "rule": self.pick(known.rules, "rule"),
            "name": INBOX,
            "from": KEPT,
            "to": "now",
        }
        self.put(found)

    def bodies(self) -> None:
        body = self.new_body
        if self.operation == "resendDeliveries" and "ids" in body:
            body["ids"] = [self.pick(self.known.deliveries, "delivery")]
        elif self.operation == "replayRecording" and body and self.known.recording:
            body.update(self.known.recording)
        elif self.operation == "importSandbox" and self.known.export and ParameterLocation.BODY in self.generated:
            self.case.body = self.known.export
        elif (self.operation == "verifyJournal" and "operation" in body) or (
            self.operation == "createRule" and "operation" in body
        ):
            body["operation"] = "openUserUpsert"

    def spare(self) -> None:
        if self.operation in ("createSandbox", "createSnapshot", "beginRecording"):
            self.body["name"] = self.pick(NAMES, "name")
        if self.operation == "createSandbox":
            self.body["scenario"] = self.pick(("empty", "demo"), "scenario")
        if self.operation in ("setInboxBehavior", "resetInboxBehavior"):
            self.case.path_parameters["name"] = BEHAVING
        elif "name" in self.case.path_parameters:
            self.case.path_parameters["name"] = INBOX

    def agree(self) -> None:
        if "url" in self.body:
            self.body["url"] = NOWHERE
        if "delay_ms" in self.body:
            self.body["delay_ms"] = min(self.body["delay_ms"], DELAY_MS_MAX)
        if self.operation == "createRule":
            self._soon()
        if self.operation == "advanceClock" and self.body.keys() & {"by", "by_ms"}:
            self.case.body = {"by_ms": self.drawn("advance") % ADVANCE_MS_MAX}
        if self.operation == "runClock":
            self.body["speed"] = 1

    def _soon(self) -> None:
        """A rule that delays nothing for long."""
        delay = self.body.get("delay")
        if isinstance(delay, dict):
            delay.update({name: min(delay[name], DELAY_MS_MAX) for name in delay.keys() - {"sigma"}})


class Book(api.Book):
    """Sandboxes, snapshots and recordings have names that callers choose, and may be made again under the name of one
    that is gone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made_again.add(ANY_INBOX)

    def names(self, case: Case) -> set[Name]:
        """What a request is about: a kind and a name. An inbox is there whatever was deleted of it."""
        found: set[Name] = {(kind, str(case.path_parameters[kind])) for kind in KINDS if kind in case.path_parameters}
        return found | {ANY_INBOX} if "name" in case.path_parameters else found

    def keep(self, case: Case) -> None:
        operation = case.operation.definition.raw["operationId"]
        if operation in ("resetSandbox", "importSandbox"):  # the deliveries are gone, which cases are to find
            httpx2.post(f"{os.environ[URL]}{BASE}/snapshots/{KEPT}/restore", timeout=TIMEOUT_S).raise_for_status()
        if operation in MADE and isinstance(case.body, dict) and "name" in case.body:
            self.made_again.add((MADE[operation], case.body["name"]))
        elif operation.startswith("delete"):
            self.made_again.difference_update(self.names(case))


ANY_INBOX: Name = ("inbox",)
TIMEOUT_S = 30
KINDS = ("sandbox", "snapshot", "recording")
MADE = {"createSandbox": "sandbox", "createSnapshot": "snapshot", "beginRecording": "recording"}
BOOK = Book()


def blames_body(_body: Any, _case: Case) -> bool:
    """Whether a 404 is about something that the body names: deliveries to send again."""
    return "delivery" in str(_body).lower()


def refused_by_contract(body: Any) -> bool:
    """Whether a 400 comes from validation against the contract rather than from a rule of the domain."""
    error = body["error"]
    return error["code"] == "VALIDATION_FAILED" and not OF_TIME.search(error["message"])

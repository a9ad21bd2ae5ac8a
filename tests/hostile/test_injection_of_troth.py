"""The hostile texts of `injection.py` in the operations of Troth itself: the control plane of a mock, and what anybody
may open.

Nothing of these can be rolled back: a call is changed after the script has made it with success.
"""

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx2
import pytest

from tests.contract.probes import OWN, Call, Site, site
from tests.hostile.injection import HOSTILE, Probe, watched
from tests.recording import control, public
from tests.recording.contracts import all_operations
from tests.recording.recorder import Recorder
from tests.support.client import BASE_URL, Client, segment
from troth.database.storage import memory_schema

RENAMED = {"createSandbox", "createSnapshot", "beginRecording"}
"""Operations that make something with the `name` of their body, which the next call needs another one of."""
RULES = "/_troth/rules"
OTHER_FILE = "root:x:0:0"
"""What a path that leads out of a folder would show."""


class ProbeOfTroth(Probe):
    """No row of a mock is private to its control plane; a file of the machine is."""

    not_named: ClassVar = {
        r"control\.replayRecording body calls\.0\.\w+_base64": "says that the recording cannot be played, and what of Base64 is wrong"
    }
    not_kept: ClassVar = {r"control\.replayRecording body .*": "plays in a sandbox of its own, which is deleted"}
    left_out: ClassVar = frozenset[str]()

    def _private_of(self, place: Site) -> set[str]:
        return {OTHER_FILE}


class Prober(Recorder):
    """Hands the calls that have succeeded to a probe."""

    def __init__(self, client: Client, probe: ProbeOfTroth) -> None:
        super().__init__(client)
        self._probe = probe

    def send(self, name: str, method: str, target: str, **options: Any) -> httpx2.Response:
        answer = super().send(name, method, target, **options)
        if name in OWN and name not in self._probe.seen and answer.status_code < 400 and "content" not in options:
            operation = all_operations()[name]
            given = dict(options)
            if operation.id in RENAMED:
                given["json"] = {**given["json"], "name": f"{given['json']['name']}-2"}
            self._probe(Call(self._client, operation, target.removeprefix(BASE_URL), given, answer, is_lasting=True))
            self._tidy(operation.id, answer, options)
            if operation.id == "setInboxBehavior":
                self._client.request(method, target, **options)
        return answer

    def _tidy(self, operation: str, answer: httpx2.Response, options: dict[str, Any]) -> None:
        """Delete the rules of the probe: the next calls would meet them."""
        if operation != "createRule":
            return
        inside = {"headers": options["headers"]}
        for rule in self._client.request("GET", RULES, **inside).json()["rules"]:
            if rule["id"] != answer.json()["id"]:
                assert self._client.request("DELETE", f"{RULES}/{rule['id']}", **inside).status_code == 204


@pytest.fixture(scope="module")
def place() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture(scope="module")
def probe(place: Site) -> ProbeOfTroth:
    with watched(place) as statements:
        made = ProbeOfTroth(place, statements)
        prober = Prober(place.client, made)
        for play in (control.play, public.play, control.play_moderation, control.play_sandboxes, control.read_inboxes):
            play(prober)
    return made


def test_every_text_is_kept_as_it_was_sent_or_refused(probe: ProbeOfTroth) -> None:
    assert not probe.faults, f"{len(probe.faults)} of {probe.sent}:\n" + "\n".join(probe.faults)


def test_every_operation_was_called(probe: ProbeOfTroth) -> None:
    assert probe.seen == set(OWN) - {"control.importSandbox"}
    assert probe.sent > 500


def test_every_exception_is_needed(probe: ProbeOfTroth) -> None:
    assert probe.exceptions == {*probe.not_named, *probe.not_kept}


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "surrogate"])
def test_no_text_leads_to_a_sandbox_or_out_of_one(place: Site, kind: str) -> None:
    text = HOSTILE[kind]
    for target in (f"/sandbox/{segment(text)}/_troth/clock", f"/_troth/sandboxes/{segment(text)}/clock"):
        answer = place.client.request("GET", target)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "SANDBOX_NOT_FOUND"), answer.text
    if kind in ("quotes", "braces", "dots", "wildcards"):  # the others are no value of a header
        answer = place.client.request("GET", "/_troth/clock", headers={"Troth-Sandbox": text.encode()})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "SANDBOX_NOT_FOUND"), answer.text


Line = dict[str, Any]
OPENED_WITH = {None, "sandboxes", "tenants", "signing_keys"}
"""Lines that are no rows, and tables."""


def trimmed(lines: list[Line]) -> list[Line]:
    """The header and a file of an export, and of its rows the first of each table with those that they refer to."""
    header, *rest = lines
    rows: dict[str, list[Line]] = {}
    for line in rest:
        if "table" in line:
            rows.setdefault(line["table"], []).append(line["row"])
    kept: dict[str, Line] = {}
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(memory_schema())
        wanted = [(table, found[0]) for table, found in rows.items()]
        while wanted:
            table, row = wanted.pop()
            if kept.setdefault(json.dumps((table, row)), {"table": table, "row": row})["row"] is not row:
                continue
            keys = connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
            for _, parts in itertools.groupby(sorted(keys), key=lambda part: part[0]):
                names = [(parent, own, theirs) for _, _, parent, own, theirs, *_ in parts]
                if all(row[own] is not None for _, own, _ in names):
                    parent = names[0][0]
                    wanted.append(
                        (parent, next(one for one in rows[parent] if all(one[b] == row[a] for _, a, b in names)))
                    )
    return [header, *(line for line in rest if "file" in line)][:2] + list(kept.values())


def places(lines: list[Line]) -> Iterator[list[str | int]]:
    """Where a hostile text is put: everywhere in the header and in what a sandbox is opened with, and in each other
    table in one value of each kind.
    """
    tried = set()
    for number, line in enumerate(lines):
        table = line.get("table")
        for path, value in _values([number], line):
            kind = (table, len(path), "json" if isinstance(value, str) and value[:1] in ("{", "[") else type(value))
            if table in OPENED_WITH or kind not in tried:
                tried.add(kind)
                yield path


def _values(path: list[str | int], value: Any) -> Iterator[tuple[list[str | int], Any]]:
    if isinstance(value, dict | list):
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _values([*path, step], one)
    else:
        yield path, value


def test_an_export_with_a_hostile_text_anywhere_is_imported_or_refused(place: Site) -> None:
    client, ndjson = place.client, {"Content-Type": "application/x-ndjson"}
    sandbox = {"headers": {"Troth-Sandbox": "imported"}}
    assert client.request("POST", "/_troth/sandboxes", json={"name": "imported", "scenario": "demo"}).status_code == 201
    exported = client.request("GET", "/_troth/export", **sandbox)
    lines = trimmed([json.loads(line) for line in exported.content.splitlines()])
    kinds = itertools.cycle(HOSTILE)
    faults, taken, refused = [], 0, 0
    for path in places(lines):
        kind = next(kinds)
        changed = json.loads(json.dumps(lines))
        here = changed
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = HOSTILE[kind]
        content = "\n".join(map(json.dumps, changed)).encode()
        answer = client.request("POST", "/_troth/import", content=content, headers={**ndjson, **sandbox["headers"]})
        clock = client.request("GET", "/_troth/clock", **sandbox)
        taken, refused = taken + (answer.status_code == 200), refused + (answer.status_code in (400, 409))
        if answer.status_code not in (200, 400, 409) or clock.status_code != 200 or OTHER_FILE in answer.text:
            faults.append(
                f"{lines[path[0]].get('table', '')} {path}, {kind}: {answer.status_code} {answer.text[:200]} {clock.status_code}"
            )
    assert not faults, f"{len(faults)} of {taken + refused}:\n" + "\n".join(faults)
    assert (taken > 60, refused > 200) == (True, True), (taken, refused)

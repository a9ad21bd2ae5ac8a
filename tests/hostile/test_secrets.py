"""Secrets are shown where the contract says so and nowhere else: not in refusals, not in files, not in log lines, and
in no table in clear.

The recording's script is played over all operations, refusals included. Secrets are the credentials of the demo, and
what calls send and answers show under the name of a secret.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from models.kernel.base import Base
from tests.contract.probes import VENDORS
from tests.recording.callers import READER
from tests.recording.recorder import Recorder, unpacked
from tests.recording.script import PARTS
from tests.recording.server import recorded_server
from tests.support.client import Client
from tests.support.surface import SEEN
from troth.access_log import log_request
from troth.app import Server
from troth.mock.copies import PUBLIC_NAMES
from troth.mock.scenarios import find_scenario, read_scenario

NAMES = {"secret", "password", "client_secret", "access_token", "sessionToken"}
"""Members of bodies that are secrets."""
CHARACTERS_MIN = 8
SHOWN = {
    "leat.issueAccessToken": "the token that it was asked for",
    "advocacy.recognizeCustomer": "the token of the new session",
    "leat.createWebhookSubscription": "the secret that was made for it, once",
    "loyalty_core.createEventTrigger": "the secret that was made for it, once",
    "loyalty_core.createOrganizationUser": "the password that was made for the user, once",
}
"""Operations of the vendors whose success shows a secret."""


def secrets_in(value: Any, name: str = "") -> Iterator[str]:
    """The secrets in a JSON value, by the names of the members that they are."""
    if isinstance(value, dict):
        for key, one in value.items():
            # Everything below `credentials` of a scenario is one, but for what identifies only.
            if key not in PUBLIC_NAMES:
                yield from secrets_in(one, "secret" if name == "credentials" else key)
    elif isinstance(value, list):
        for one in value:
            yield from secrets_in(one, name)
    elif isinstance(value, str) and name in NAMES and len(value) >= CHARACTERS_MIN and "*" not in value:
        yield value


class Searcher(Recorder):
    """Plays calls, and looks for secrets in their answers."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.secrets = {READER, *secrets_in(read_scenario(find_scenario("demo")))}
        self.shown: set[str] = set()
        """Operations whose success has shown one."""
        self.faults: list[str] = []
        self.files = 0

    def send(self, name: str, method: str, target: str, **options: Any) -> httpx2.Response:
        answer = super().send(name, method, target, **options)
        api = name.partition(".")[0]
        if api not in VENDORS and api != "public":
            return answer  # the control plane of a mock shows what it was started with
        sent, is_json = options.get("json"), answer.headers.get("content-type", "").startswith("application/json")
        if answer.status_code < 400:
            self.secrets |= {*secrets_in(sent), *(secrets_in(answer.json()) if is_json else ())}
        self.files += name == "public.downloadFile" and answer.status_code < 300
        found = self.found_in(unpacked(answer).decode(errors="replace") + str(answer.headers))
        if found and answer.status_code < 400:
            self.shown.add(name)
        elif found:
            self.faults.append(f"{name} {answer.status_code}: {found} in {answer.text[:300]}")
        return answer

    def found_in(self, text: str) -> list[str]:
        return [secret for secret in self.secrets if secret in text]


@pytest.fixture(scope="module")
def played() -> Iterator[tuple[Server, Searcher, str]]:
    """A server, what was found in the answers of the script, and what was logged meanwhile."""
    seen_by_tests = set(SEEN)
    with recorded_server() as server, capture_logs() as written:
        server.runtime.watchers += (log_request,)
        client = Client(server)
        searcher = Searcher(client)
        for play in PARTS:
            play(searcher)
        yield server, searcher, str(written)
        client.close()
    SEEN.intersection_update(seen_by_tests)


def test_no_refusal_shows_one(played: tuple[Server, Searcher, str]) -> None:
    _, searcher, _ = played
    assert searcher.faults == []
    assert len(searcher.secrets) > 20
    assert sum(" | 4" in line for line in searcher.lines) > 500, "there were refusals"


def test_success_shows_one_where_the_contract_says_so_and_in_no_file(played: tuple[Server, Searcher, str]) -> None:
    _, searcher, _ = played
    assert searcher.shown == set(SHOWN)
    assert searcher.files > 1


def test_no_log_line_has_one(played: tuple[Server, Searcher, str]) -> None:
    _, searcher, written = played
    assert searcher.found_in(written) == []
    assert written.count("'event': 'request'") > 1_000


def test_no_table_has_one_in_clear(played: tuple[Server, Searcher, str]) -> None:
    server, searcher, _ = played
    faults = set()
    pattern = re.compile("|".join(map(re.escape, searcher.secrets)))
    with server.runtime.storage.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for name, value in row.items():
                    shown = (
                        value.decode(errors="replace") if isinstance(value, bytes) else json.dumps(value, default=str)
                    )
                    faults |= {f"{table.name}.{name}: {found}" for found in pattern.findall(shown)}
    assert sorted(faults) == []

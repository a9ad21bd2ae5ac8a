"""`troth mock` as a program starts it: one line of JSON, chosen APIs, a clean end."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.tenancy.tenants import list_tenants
from tests.processes.test_cli import TROTH, run
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.apis import APIS, apis_with
from troth.mock.run import build_mock
from troth.settings import Settings
from troth.starting import CannotStart


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`troth mock ARGUMENTS` on a port of its choice."""
    process = subprocess.Popen(
        [TROTH, "mock", "--port", "0", "--scenario", "empty", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "TROTH_PORT"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class TestJson:
    def test_one_line_has_all_that_a_program_needs_and_the_mock_answers_then(self) -> None:
        with started("--json", "--log", "--seed", "7") as process:
            line = json.loads(process.stdout.readline())
            assert httpx2.get(f"{line['control_url']}/info").json()["apis"] == line["apis"]
            assert (line["pid"], line["seed"], line["scenario"]) == (process.pid, 7, "empty")
            facts = line["apis"]["saasquatch"]
            key = facts["credentials"]["api_key"]
            assert facts["base_url"].startswith(line["url"])
            assert httpx2.get(f"{facts['base_url']}/api/v1/demo/users", auth=("", key)).json()["totalCount"] == 0
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate(timeout=20)
        assert (rest, process.returncode) == ("", 0)

    def test_sigterm_right_after_the_line_ends_it_cleanly(self) -> None:
        with started("--json") as process:
            process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            rest, errors = process.communicate(timeout=20)
        assert rest == ""
        assert process.returncode in (0, 128 + signal.SIGTERM), errors
        assert "Traceback" not in errors


class TestChosenApis:
    def test_only_the_chosen_apis_are_mounted_and_seeded(self) -> None:
        apis = apis_with(["saasquatch", "leat"])
        server = build_mock(Settings(mock=True, database_url="sqlite://"), "empty", apis=apis)
        client = Client(server)
        assert set(client.request("GET", "/_troth/info").json()["apis"]) == {"saasquatch", "leat"}
        assert_refused(client.request("GET", "/advocacy/api/v1/advocates"), 404, "NOT_FOUND")
        assert_refused(client.request("GET", "/openapi/advocacy.json"), 404, "NOT_FOUND")
        assert client.request("GET", "/leat/api/v3/oauth/clients/referrals").status_code == 401
        made: dict[str, Any] = client.request("POST", "/_troth/sandboxes", json={"scenario": "demo"}).json()
        assert set(made["apis"]) == {"saasquatch", "leat"}
        with server.runtime.storage.session() as session:
            assert {tenant.api for tenant in list_tenants(session)} == {"saasquatch", "leat"}
        client.close()
        server.close()

    @pytest.mark.parametrize("names", ["saasquatch,nothing", "control", "", "leat,"])
    def test_an_unknown_api_is_refused_with_those_there_are(self, names: str) -> None:
        assert "there are saasquatch, advocacy, leat, loyalty_core" in run("mock", "--api", names, expect=1)

    def test_a_database_with_tenants_of_an_api_that_is_left_out_is_refused(self, tmp_path: Path) -> None:
        settings = Settings(mock=True, database_url=f"sqlite:///{tmp_path}/mock.db")
        build_mock(settings, "empty", apis=APIS).close()
        with pytest.raises(CannotStart, match="tenants of advocacy, loyalty_core, saasquatch"):
            build_mock(settings, "empty", apis=apis_with(["leat"]))

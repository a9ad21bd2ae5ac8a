"""`troth.yaml`: the scenario of a project, found by `troth mock` and written by `troth init`."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.processes.test_cli import TROTH, run
from tests.support.client import Client
from tests.support.live import troth
from tests.support.refusals import assert_refused
from troth.mock.dashboard.first_calls import request_of
from troth.mock.run import build_mock
from troth.mock.scenarios import PROJECT_FILE, default_scenario
from troth.settings import Settings

MINIMAL: dict[str, Any] = {
    "projects": [
        {
            "api": "leat",
            "project": "acme",
            "live": {"alias": "acme", "credentials": {"personal_access_token": "mine"}},
            "settings": {"account_name": "Acme of this folder"},
        }
    ]
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the present one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestInit:
    def test_what_it_writes_is_a_commented_scenario_of_all_apis(self, folder: Path) -> None:
        assert default_scenario() == "demo"
        assert "wrote troth.yaml" in run("init")
        assert default_scenario() == PROJECT_FILE
        text = (folder / PROJECT_FILE).read_text()
        assert text.count("# ") > 15
        server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), default_scenario())
        client = Client(server)
        apis = client.request("GET", "/_troth/info").json()["apis"]
        assert set(apis) == {"saasquatch", "advocacy", "leat", "loyalty_core"}
        named = {value for api in yaml.safe_load(text)["projects"] for value in api["live"]["credentials"].values()}
        assert named <= {value for facts in apis.values() for value in facts["credentials"].values()}
        for facts in apis.values():
            first = request_of(facts["first_calls"][0], server.runtime.public_url)
            assert client.request("GET", first["path"], headers=first["headers"]).status_code == 200
        assert client.request("POST", "/_troth/sandboxes", json={"name": "two"}).json()["scenario"] == PROJECT_FILE
        _check_recording(client)
        client.close()
        server.close()

    def test_a_file_that_is_there_stays_as_it_is(self, folder: Path) -> None:
        (folder / PROJECT_FILE).write_text("mine")
        assert "is there already" in run("init", expect=1)
        assert (folder / PROJECT_FILE).read_text() == "mine"

    def test_a_folder_that_takes_no_file_is_one_line(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        gone = folder / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        assert "troth.yaml: No such file" in run("init", expect=1)


class TestMock:
    def test_it_starts_with_the_file_of_its_folder_and_says_so(self, folder: Path) -> None:
        (folder / PROJECT_FILE).write_text(yaml.safe_dump(MINIMAL))
        lines: list[str] = []
        with troth("mock", cwd=folder, output=lines):
            pass
        assert "· scenario troth.yaml ·" in lines[0]
        assert any("mine" in line for line in lines)

    def test_a_file_that_is_no_scenario_is_named(self, folder: Path) -> None:
        (folder / PROJECT_FILE).write_text("something: else")
        done = subprocess.run([TROTH, "mock", "--port", "0"], check=False, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("troth: troth.yaml: a scenario is a mapping with a list of projects")

    def test_a_named_scenario_is_taken_instead(self, folder: Path) -> None:
        (folder / PROJECT_FILE).write_text("something: else")
        lines: list[str] = []
        with troth("mock", "--scenario", "empty", cwd=folder, output=lines):
            pass
        assert "· scenario empty ·" in lines[0]


def test_a_project_without_a_test_tenant_shows_no_credentials_of_one(folder: Path) -> None:
    projects = [
        {"api": "saasquatch", "project": "acme", "live": {"alias": "acme"}, "test": {"alias": "test_acme"}},
        {"api": "advocacy", "project": "acme", "live": {"alias": "acme"}},
    ]
    for kept in (("live", "test"), ("live",), ("test",)):
        shop = {name: part for name, part in projects[0].items() if name in ("api", "project", *kept)}
        (folder / PROJECT_FILE).write_text(yaml.safe_dump({"projects": [shop, projects[1]]}))
        server = build_mock(Settings(mock=True, database_url="sqlite://"), PROJECT_FILE)
        apis = server.runtime.services["info"]()["apis"]
        server.close()
        shown = apis["saasquatch"]["credentials"]
        assert shown["tenant_alias"] == ("test_acme" if kept == ("test",) else "acme")
        assert shown.get("test_tenant_alias") == ("test_acme" if len(kept) == 2 else None)
        assert ("test_api_key" in shown, "test_api_key" in apis["advocacy"]["credentials"]) == (len(kept) == 2, False)


def _check_recording(client: Client) -> None:
    """A recording of a mock that was started with a file names the file, and is played on this mock, but takes no other
    file.
    """
    assert client.request("POST", "/_troth/recordings", json={"name": "own"}).status_code == 201
    call = client.request("GET", "/saasquatch/api/v1/nobody/users")
    recording = client.request("POST", "/_troth/recordings/own/end").json()
    assert (recording["sandbox"]["scenario"], recording["count"]) == (PROJECT_FILE, 1)
    assert client.request("POST", "/_troth/replays", json=recording).json() == {"calls": 1, "alike": 1}, call.text
    made = client.request("POST", "/_troth/sandboxes", json={"scenario": PROJECT_FILE})
    assert made.status_code == 201, made.text
    other = {**recording, "sandbox": {**recording["sandbox"], "scenario": "/etc/other.yaml"}}
    for path, body in (("replays", other), ("sandboxes", {"scenario": f"./{PROJECT_FILE}"})):
        assert_refused(client.request("POST", f"/_troth/{path}", json=body), 400, "SCENARIO_INVALID")

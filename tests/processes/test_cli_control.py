"""The commands that call the control plane of a running mock."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from tests.processes.test_cli import run
from tests.support.live import free_port, troth
from troth import cli
from troth.cli import doctor

KEY = ("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK")
USER = "/saasquatch/api/v1/demo/open/account/ana/user/ana"
BODY = {"id": "ana", "accountId": "ana", "firstName": "Ana"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with troth("mock", "--scenario", "empty", "--clock", "fixed") as started:
        yield started


@pytest.fixture
def box(url: str) -> Iterator[str]:
    """A sandbox of this test."""
    made = json.loads(run("sandbox", "create", "--url", url, "--json"))["id"]
    yield made
    run("sandbox", "delete", made, "--url", url)


class Desk:
    """The commands against one sandbox."""

    def __init__(self, url: str, box: str) -> None:
        self.url, self.box = url, box
        self.base = f"{url}/sandbox/{box}"
        self._options = ("--url", url, "--sandbox", box)
        self.key = (
            "",
            json.loads(run("sandbox", "show", box, "--url", url, "--json"))["apis"]["saasquatch"]["credentials"][
                "api_key"
            ],
        )

    def run(self, *arguments: str, expect: int = 0) -> str:
        return run(*arguments, *self._options, expect=expect)

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def add_user(self) -> httpx2.Response:
        return httpx2.put(self.base + USER, auth=self.key, json=BODY)

    def has_user(self) -> bool:
        return httpx2.get(self.base + USER, auth=self.key).status_code == 200


@pytest.fixture
def desk(url: str, box: str) -> Desk:
    return Desk(url, box)


class TestSandboxes:
    def test_create_list_show_reset_delete(self, url: str) -> None:
        options = ("--url", url, "--json")
        made = json.loads(run("sandbox", "create", "--name", "mine", "--seed", "7", "--clock", "wall", *options))
        assert (made["id"], made["seed"], made["clock"], made["scenario"]) == ("mine", 7, "wall", "empty")
        assert json.loads(run("sandbox", "show", "mine", *options))["apis"] == made["apis"]
        assert [one["id"] for one in json.loads(run("sandbox", "list", *options))["sandboxes"]] == ["main", "mine"]
        mine = Desk(url, "mine")
        mine.add_user()
        assert json.loads(run("sandbox", "reset", "mine", *options))["id"] == "mine"
        assert not mine.has_user()
        assert json.loads(run("sandbox", "delete", "mine", *options)) == {}
        assert "sandbox" in run("sandbox", "show", "mine", "--url", url, expect=1)

    def test_people_are_shown_the_credentials(self, url: str) -> None:
        shown = run("sandbox", "show", "--url", url)
        assert "main" in shown
        assert f"{url}/saasquatch" in shown
        assert KEY[1] in shown

    def test_what_the_mock_refuses_is_one_line_and_status_1(self, url: str) -> None:
        assert run("sandbox", "delete", "main", "--url", url, expect=1) == (
            "troth: The main sandbox cannot be deleted; it can be reset.\n"
        )


class TestSnapshots:
    def test_take_list_restore_delete(self, desk: Desk) -> None:
        assert desk.json("snapshot", "take", "before")["name"] == "before"
        desk.add_user()
        assert [one["name"] for one in desk.json("snapshot", "list")["snapshots"]] == ["before"]
        assert "before" in desk.run("snapshot", "restore", "before")
        assert not desk.has_user()
        assert desk.run("snapshot", "delete", "before") == "deleted\n"
        assert desk.run("snapshot", "list") == "no snapshots\n"
        assert "no such snapshot" in desk.run("snapshot", "restore", "before", expect=1)


class TestClock:
    def test_advance_by_a_duration_by_milliseconds_and_to_an_instant(self, desk: Desk) -> None:
        start = desk.json("clock", "show")["now_ms"]
        assert desk.json("clock", "advance", "--by", "P1D")["now_ms"] == start + 86_400_000
        assert desk.json("clock", "advance", "--by", "500")["now_ms"] == start + 86_400_500
        assert desk.run("clock", "advance", "--by", "1").startswith("nothing became due\n")
        assert "now 2026-03-01T00:00:00.000Z" in desk.run("clock", "advance", "--to", "2026-03-01T00:00:00Z")

    def test_what_fired_is_listed(self, desk: Desk) -> None:
        nowhere = {"endpointUrl": f"{desk.base}/_troth/nowhere"}  # answers 404, so that there are retries
        made = httpx2.post(f"{desk.base}/saasquatch/api/v1/demo/subscription", auth=desk.key, json=nowhere)
        assert made.status_code == 201
        desk.add_user()
        fired = desk.run("clock", "advance", "--by", "PT2H")
        assert "saasquatch/demo" in fired
        assert "delivery" in fired

    def test_a_clock_that_is_frozen_is_a_fixed_one(self, url: str) -> None:
        run("sandbox", "create", "--name", "thawed", "--clock", "wall", "--url", url)
        options = ("--sandbox", "thawed", "--url", url)
        assert "wall" in run("clock", "show", *options)
        assert "fixed" in run("clock", "freeze", *options)
        run("sandbox", "delete", "thawed", "--url", url)

    @pytest.mark.parametrize("arguments", [(), ("--by", "P1D", "--to", "2026-03-01")])
    def test_advance_goes_by_or_to(self, desk: Desk, arguments: tuple[str, ...]) -> None:
        assert "one of --by and --to" in desk.run("clock", "advance", *arguments, expect=1)

    def test_a_time_that_is_none_is_refused(self, desk: Desk) -> None:
        assert desk.run("clock", "advance", "--by", "soon", expect=1).startswith("troth: ")


class TestJournal:
    def test_list_and_show(self, desk: Desk) -> None:
        desk.add_user()
        desk.has_user()
        calls = desk.json("journal", "list", "--operation", "openUserUpsert")["calls"]
        assert [(call["method"], call["status"]) for call in calls] == [("PUT", 200)]
        assert "PUT" in desk.run("journal", "list")
        shown = desk.run("journal", "show", str(calls[0]["number"]))
        assert '"firstName": "Ana"' in shown
        assert "authorization: ***" in shown
        assert "curl -X PUT" in shown
        with_secrets = desk.json("journal", "show", str(calls[0]["number"]), "--secrets")
        assert with_secrets["request"]["headers"]["authorization"].startswith("Basic ")

    def test_verify_says_by_its_status_whether_the_calls_were_made(self, desk: Desk) -> None:
        desk.add_user()
        matching = ("journal", "verify", "openUserUpsert", "--body", '{"firstName": "Ana"}')
        assert desk.json(*matching, "--count", "1") == {"matched": 1}
        output = desk.run(*matching, "--at-least", "2", expect=1)
        assert "1 calls of openUserUpsert match, at least 2 expected" in output

    def test_verify_shows_how_the_nearest_call_differs(self, url: str) -> None:
        httpx2.put(url + USER, auth=KEY, json=BODY)
        arguments = ("journal", "verify", "openUserUpsert", "--body", '{"firstName": "Zoe"}', "--url", url)
        assert "0 calls" in run(*arguments, expect=1)
        assert "firstName" in printed(*arguments)
        assert json.loads(printed(*arguments, "--json"))["error"]["nearest"][0]["differences"]

    @pytest.mark.parametrize(
        ("option", "value", "message"),
        [("--body", "{", "--body is no JSON"), ("--body", "[]", "no JSON object"), ("--query", "a", "NAME=VALUE")],
    )
    def test_a_bad_option_is_refused(self, desk: Desk, option: str, value: str, message: str) -> None:
        assert message in desk.run("journal", "verify", "openUserUpsert", option, value, expect=1)

    def test_replay_har_clear(self, desk: Desk, tmp_path: Path) -> None:
        desk.add_user()
        assert desk.json("journal", "replay", "1")["status"] == 200
        file = tmp_path / "calls.har"
        assert desk.run("journal", "har", "--output", str(file)) == ""
        assert len(json.loads(file.read_text())["log"]["entries"]) == 2
        assert json.loads(desk.run("journal", "har"))["log"]["version"] == "1.2"
        assert str(tmp_path) in desk.run("journal", "har", "--output", str(tmp_path), expect=1)
        assert desk.run("journal", "clear") == "cleared\n"
        assert desk.json("journal", "list")["calls"] == []


class TestRules:
    def test_add_list_delete_clear(self, desk: Desk) -> None:
        made = desk.json("rule", "add", "--operation", "openUserUpsert", "--code", "500", "--times", "1")
        assert desk.add_user().status_code == 500
        assert desk.add_user().status_code == 200
        assert desk.json("rule", "list")["rules"][0]["applied"] == 1
        assert "openUserUpsert" in desk.run("rule", "list")
        assert "answer code 500" in desk.run("rule", "list")
        assert desk.run("rule", "delete", made["id"]) == "deleted\n"
        assert desk.json("rule", "list")["rules"] == []
        desk.run("rule", "add", "--delay-ms", "1")
        assert "delay ms 1" in desk.run("rule", "list")
        assert desk.run("rule", "clear") == "cleared\n"
        assert desk.run("rule", "list") == "no rules\n"
        assert desk.json("rule", "list")["rules"] == []

    def test_a_rule_as_json_with_options_on_top(self, desk: Desk) -> None:
        made = desk.json("rule", "add", '{"answer": {"body": {"own": 1}}}', "--code", "418", "--path", "/saasquatch/*")
        assert made["answer"] == {"body": {"own": 1}, "code": 418}
        assert desk.add_user().json() == {"own": 1}

    def test_a_rule_that_does_nothing_or_cannot_be_met_is_refused(self, desk: Desk) -> None:
        assert "does something" in desk.run("rule", "add", "--times", "1", expect=1)
        assert "nowhere" in desk.run("rule", "add", "--operation", "nowhere", "--code", "500", expect=1)


class TestInbox:
    def test_list_and_clear(self, desk: Desk) -> None:
        inbox = f"{desk.base}/_troth/inbox/mine"
        httpx2.post(f"{desk.base}/saasquatch/api/v1/demo/subscription", auth=desk.key, json={"endpointUrl": inbox})
        desk.add_user()
        desk.run("clock", "advance", "--by", "PT1S")
        assert desk.json("inbox", "list", "mine", "--limit", "1")["count"] == 1
        shown = desk.run("inbox", "list", "mine")
        assert "user.created" in shown
        assert "X-Hook-JWS-RFC-7797 right" in shown
        httpx2.post(inbox, json={"long": "x" * 500})
        lines = desk.run("inbox", "list", "mine", "--limit", "1").splitlines()
        assert (len(lines), lines[1].rstrip()[-1]) == (2, "…")
        assert desk.run("inbox", "clear", "mine") == "cleared\n"
        assert desk.run("inbox", "list", "mine") == "no messages\n"


class TestNoMock:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("sandbox", "list"),
            ("snapshot", "list"),
            ("clock", "show"),
            ("journal", "list"),
            ("rule", "list"),
            ("inbox", "list", "saasquatch"),
            ("trigger", "user.created"),
            ("doctor",),
        ],
    )
    def test_one_line_says_that_nothing_answers(self, arguments: tuple[str, ...]) -> None:
        output = run(*arguments, "--url", f"http://127.0.0.1:{free_port()}", expect=1)
        assert output.startswith("troth: no mock answers at http://127.0.0.1:")
        assert output.count("\n") == 1

    @pytest.mark.parametrize("url", ["nonsense", "ftp://localhost", "http://[", "http://localhost:99999999"])
    def test_a_url_that_is_none_is_said(self, url: str) -> None:
        assert run("clock", "show", "--url", url, expect=1).startswith("troth: ")

    def test_another_server_is_distinguished_from_a_mock(self) -> None:
        server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        outputs = [run(*command, "--url", address, expect=1) for command in (("clock", "show"), ("doctor",))]
        server.shutdown()
        server.server_close()
        thread.join()
        assert all("not as a mock does" in one for one in outputs)

    def test_the_url_comes_from_the_environment(self, url: str) -> None:
        assert json.loads(printed("clock", "show", "--json", env={"TROTH_URL": url}))["fixed"] is True


def printed(*arguments: str, env: dict[str, str] | None = None) -> str:
    """The standard output of a command, however it ends."""
    return CliRunner().invoke(cli.app, list(arguments), env=env, catch_exceptions=False).stdout


class TestTrigger:
    def test_all_triggers_are_listed(self) -> None:
        rows = json.loads(run("trigger", "--list", "--json"))["triggers"]
        assert {row["api"] for row in rows} == {"saasquatch", "advocacy", "leat", "loyalty_core"}
        assert "referral_completed" in run("trigger", "--list", "--api", "leat")
        assert "user.created" not in run("trigger", "--list", "--api", "leat")

    def test_an_event_is_caused_in_the_sandbox_with_the_values_given(self, desk: Desk) -> None:
        made = desk.json("trigger", "user.created", "--override", "firstName=Mia", "--override", "locale=de_DE")
        assert [(call["method"], call["status"]) for call in made["calls"]] == [("PUT", 200)]
        call = desk.json("journal", "show", "1")
        assert call["request"]["json"]["firstName"] == "Mia"
        assert "user.created" in [event["type"] for event in call["caused"]["events"]]

    def test_the_inbox_of_the_sandbox_itself_gets_a_test(self, desk: Desk) -> None:
        desk.run("trigger", "test")
        desk.run("clock", "advance", "--by", "PT1S")
        assert '"type":"test"' in desk.json("inbox", "list", "saasquatch")["messages"][0]["body"]

    def test_what_cannot_be_triggered_is_one_line(self, desk: Desk) -> None:
        assert desk.run("trigger", expect=1).startswith("troth: which event?")
        assert "choose one with --api" in desk.run("trigger", "referral.converted", expect=1)
        assert "was answered 400" in desk.run("trigger", "user.created", "--override", "firstName=5", expect=1)
        assert "NAME=VALUE" in desk.run("trigger", "user.created", "--override", "firstName", expect=1)


class TestDoctor:
    """The clock of these sandboxes follows the time, unless a test says otherwise."""

    @pytest.fixture
    def wall(self, url: str) -> Iterator[Desk]:
        run("sandbox", "create", "--name", "wall", "--clock", "wall", "--url", url)
        yield Desk(url, "wall")
        run("sandbox", "delete", "wall", "--url", url)

    def test_nothing_is_odd_about_a_new_mock(self, wall: Desk) -> None:
        wall.add_user()
        assert wall.json("doctor") == {"findings": []}
        assert "nothing is odd" in wall.run("doctor")

    def test_a_clock_far_from_the_time_is_odd(self, wall: Desk, url: str) -> None:
        wall.run("clock", "advance", "--by", "P40D")
        assert "40 days ahead of" in findings("wall", url)["clock"]

    def test_a_rule_is_named(self, wall: Desk, url: str) -> None:
        rule = wall.json("rule", "add", "--code", "503", "--times", "1")["id"]
        wall.add_user()
        assert "it has changed 1" in findings("wall", url)[rule]

    def test_an_operation_that_always_fails_is_named_with_its_statuses(self, wall: Desk, url: str) -> None:
        for _ in range(2):
            httpx2.put(wall.base + USER, auth=("", "wrong"), json=BODY)
        assert findings("wall", url) == {}
        httpx2.put(wall.base + USER, auth=("", "wrong"), json=BODY)
        assert "all 3 calls failed with 401" in findings("wall", url)["saasquatch.openUserUpsert"]
        wall.add_user()
        assert findings("wall", url) == {}

    def test_addresses_of_another_port_and_missing_keys_are_odd(self) -> None:
        facts = {"base_url": "http://localhost:8080/leat", "credentials": {"api_key": ""}}
        info = {"apis": {"leat": facts}}
        assert "TROTH_PUBLIC_URL" in next(doctor._of_addresses("http://localhost:9000", info))[1]
        assert list(doctor._of_addresses("http://127.0.0.1:8080", info)) == []
        assert list(doctor._of_tenants(info)) == [("leat", "its tenant has no api_key")]
        assert [about for about, _ in doctor._of_tenants({"apis": {}})] == ["tenants"]

    def test_what_is_not_ready_is_said(self) -> None:
        behind = {"checks": {"database": "ok", "schema": "the schema is at 0003"}}
        assert list(doctor._unready(behind)) == [("schema", "the schema is at 0003")]


def findings(sandbox: str, url: str) -> dict[str, str]:
    """What the doctor finds, by what it is about; the command's status says whether there is anything."""
    done = CliRunner().invoke(cli.app, ["doctor", "--sandbox", sandbox, "--url", url, "--json"], catch_exceptions=False)
    rows = json.loads(done.stdout)["findings"]
    assert done.exit_code == (2 if rows else 0)
    return {row["about"]: row["finding"] for row in rows}


class TestDeliveries:
    def test_list_show_resend(self, desk: Desk) -> None:
        desk.add_user()
        desk.run("clock", "advance", "--by", "0")
        listed = desk.json("delivery", "list", "--event", "user.created")
        [one] = listed["deliveries"]
        assert (one["status"], one["attempts"]) == ("delivered", 1)
        assert one["id"] in desk.run("delivery", "list", "--api", "saasquatch", "--status", "delivered", "--limit", "1")
        shown = desk.run("delivery", "show", one["id"])
        assert "request, " in shown
        assert '"type": "user.created"' in shown
        assert desk.json("delivery", "resend", one["id"])["resent"][0]["status"] == 200
        nowhere = f"http://127.0.0.1:{free_port()}/in"
        desk.run("delivery", "resend", "--event", "user.created", "--to", nowhere, expect=1)
        [elsewhere] = desk.json("delivery", "show", one["id"])["elsewhere"]
        assert (elsewhere["url"], elsewhere["status"]) == (nowhere, None)

    def test_it_asks_which_ones(self, desk: Desk) -> None:
        assert "name deliveries, or give one of" in desk.run("delivery", "resend", expect=1)
        assert "no delivery 'nobody'" in desk.run("delivery", "resend", "nobody", expect=1)


class TestInboxBehavior:
    def test_it_is_set_shown_and_ended(self, desk: Desk) -> None:
        shown = desk.json("inbox", "behave", "mine", "--status", "503", "--body", '{"a": 1}', "--times", "2")
        assert shown == {"status": 503, "delay_ms": 0, "left": 2, "body": {"a": 1}}
        assert "503" in desk.run("inbox", "behave", "mine")
        answer = httpx2.post(f"{desk.base}/_troth/inbox/mine", json={})
        assert (answer.status_code, answer.json()) == (503, {"a": 1})
        assert desk.json("inbox", "behave", "mine", "--usual") == {"status": 200, "delay_ms": 0, "left": None}
        assert "--usual stands alone" in desk.run("inbox", "behave", "mine", "--usual", "--status", "500", expect=1)
        assert "No header holds a signature" in desk.run("inbox", "list", "mine")


class TestClockRuns:
    def test_run_at_a_speed(self, desk: Desk) -> None:
        assert desk.json("clock", "run", "--speed", "3600")["speed"] == 3600
        assert "3600 times as fast" in desk.run("clock", "show")
        assert desk.json("clock", "run", "--offset", "P365D")["reached"] is True
        assert "only moves forward" in desk.run("clock", "run", "--offset", "-5", expect=1)

    def test_a_long_move_shows_how_far_it_is(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """A receiver that takes 0.4 s to answer makes it long; progress is on standard error, which is no terminal
        here.
        """
        monkeypatch.setattr("troth.cli.clock_progress.QUIET_S", 0.05)
        httpx2.put(f"{desk.base}/_troth/inbox/saasquatch/behavior", json={"delay_ms": 400, "status": 500})
        desk.add_user()
        result = CliRunner().invoke(
            cli.app, ["clock", "advance", "--by", "PT90M", *desk._options, "--json"], catch_exceptions=False
        )
        assert result.exit_code == 0
        assert " run\n" in result.stderr
        assert json.loads(result.stdout)["reached"] is True


class TestExports:
    def test_there_and_back(self, desk: Desk, tmp_path: Path) -> None:
        desk.add_user()
        file = tmp_path / "before.jsonl"
        written = desk.json("sandbox", "export", str(file))
        assert written["lines"] == len(file.read_bytes().splitlines()) > 10
        run("sandbox", "reset", desk.box, "--url", desk.url)
        assert not desk.has_user()
        assert desk.box in desk.run("sandbox", "import", str(file))
        assert desk.has_user()
        file.write_text('{"format": "other"}')
        assert "no header" in desk.run("sandbox", "import", str(file), expect=1)
        assert "No such file" in desk.run("sandbox", "import", str(tmp_path / "none"), expect=1)
        assert "No such file" in desk.run("sandbox", "export", str(tmp_path / "none" / "x"), expect=1)


def test_what_has_changed_since_a_snapshot(desk: Desk) -> None:
    desk.run("snapshot", "take", "before")
    assert desk.run("sandbox", "diff", "before") == "no resource has changed\n"
    desk.add_user()
    shown = desk.run("sandbox", "diff", "before")
    assert "ana, ana" in shown
    assert "user.created" in shown
    assert desk.json("sandbox", "diff", "before", "--to", "now")["more"] is False
    assert "no such snapshot" in desk.run("sandbox", "diff", "none", expect=1)


class TestReplay:
    def test_a_recording_becomes_a_test(self, desk: Desk, tmp_path: Path) -> None:
        file = tmp_path / "mine.json"
        assert desk.json("recording", "begin", "mine", "--reset") == {"name": "mine", "count": 0, "full": False}
        desk.add_user()
        assert "mine" in desk.run("recording", "list")
        assert desk.json("recording", "end", "mine", str(file)) == {"file": str(file), "calls": 1, "full": False}
        assert run("replay", str(file), "--url", desk.url) == "1 calls are answered alike\n"
        recording = json.loads(file.read_text())
        recording["calls"][0]["answer"]["firstName"] = "Bea"
        file.write_text(json.dumps(recording))
        result = CliRunner().invoke(cli.app, ["replay", str(file), "--url", desk.url, "--keep", "--json"])
        report = json.loads(result.stdout)
        assert result.exit_code == 1
        assert report["differs"]["differences"] == ['answer.firstName: "Ana", recorded "Bea"']
        run("sandbox", "delete", report["sandbox"], "--url", desk.url)

    def test_what_cannot_be_played(self, desk: Desk, tmp_path: Path) -> None:
        file = tmp_path / "other.json"
        file.write_text("{}")
        assert "it is no recording" in run("replay", str(file), "--url", desk.url, expect=1)
        assert "No such file" in run("replay", str(tmp_path / "none"), "--url", desk.url, expect=1)
        assert "no such recording" in desk.run("recording", "end", "none", str(file), expect=1)

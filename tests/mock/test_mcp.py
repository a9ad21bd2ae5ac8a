"""`troth mcp`: the mock as tools, used by a client of the Model Context Protocol over standard input and output."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from mcp import Client, StdioServerParameters

from tests.processes.test_cli import TROTH, run
from tests.support.live import troth
from troth.cli import mcp as command
from troth.mcp.server import server_for

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TROTH_")}
ZOE = {"accountId": "zoe-inc", "userId": "zoe"}


class Agent:
    """What an agent sees: the tools, and the answer of each call."""

    def __init__(self, runner: asyncio.Runner, client: Client) -> None:
        self._runner, self._client = runner, client
        self.instructions = client.instructions
        self.url = self.call("list_sandboxes")["sandboxes"][0]["url"]
        self.tools = {tool.name: tool for tool in runner.run(client.list_tools()).tools}

    def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        result = self._runner.run(self._client.call_tool(tool, arguments))
        assert not result.is_error, result.content[0].text
        assert json.loads(result.content[0].text) == result.structured_content
        return result.structured_content

    def refused(self, tool: str, /, **arguments: Any) -> str:
        result = self._runner.run(self._client.call_tool(tool, arguments))
        assert result.is_error, result.structured_content
        return result.content[0].text


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    options = ["mcp", "--scenario", "empty", "--clock", "fixed", "--seed", "7"]
    server = StdioServerParameters(command=str(TROTH), args=options, env=ENVIRONMENT)
    with asyncio.Runner() as runner:
        connected, over = asyncio.Event(), asyncio.Event()
        made: list[Client] = []

        async def connection() -> None:
            """Opens and closes the client in one task, as its task groups want it; meanwhile the tests call."""
            async with Client(server) as client:
                made.append(client)
                connected.set()
                await over.wait()

        async def begin() -> asyncio.Task[None]:
            task = asyncio.ensure_future(connection())
            await asyncio.wait([task, asyncio.ensure_future(connected.wait())], return_when=asyncio.FIRST_COMPLETED)
            return task

        async def end(task: asyncio.Task[None]) -> None:
            over.set()
            await task

        task = runner.run(begin())
        agent = Agent(runner, made[0])
        yield agent
        runner.run(end(task))
    with pytest.raises(httpx2.ConnectError):  # the mock that it started ends with it
        httpx2.get(agent.url)


def example_of(description: str) -> dict[str, Any]:
    return json.loads(description.rpartition("Example: ")[2])


def test_each_tool_says_what_it_does_and_gives_an_example_that_it_would_take(agent: Agent) -> None:
    assert "create_sandbox" in agent.instructions
    for name, tool in agent.tools.items():
        assert "Example: " in tool.description, name
        jsonschema_rs.validate(tool.input_schema, example_of(tool.description))
        unknown = example_of(tool.description).keys() - tool.input_schema["properties"].keys()
        assert not unknown, f"{name}: {unknown}"
        assert tool.input_schema["additionalProperties"] is False


def test_operations_are_found_by_words_and_described(agent: Agent) -> None:
    found = agent.call("list_operations", words="create user", api="saasquatch")
    assert "openUserUpsert" in [one["operation"] for one in found["operations"]]
    assert found["operations"][0]["operation"] == "openCreateUser"  # whose id has both words
    assert agent.call("list_operations", limit=3)["total"] >= 34 + 25 + 26 + 162
    assert agent.call("list_operations", words="zebra") == {"total": 0, "operations": []}
    described = agent.call("describe_operation", operation="openUserUpsert")
    required = {one["name"]: one["required"] for one in described["parameters"]}
    assert (required["tenant_alias"], required["accountId"]) == (False, True)
    assert described["body"]["schema"]["$ref"].rpartition("/")[2] in described["schemas"]
    assert "x-troth-" not in json.dumps(described)
    assert agent.call("call_operation", **described["example"], headers={"Prefer": "dry-run"})["status"] == 200


def test_the_example_of_a_description_needs_no_tenant(agent: Agent) -> None:
    described = agent.call("describe_operation", operation="getMember", api="loyalty_core")
    assert "organizationId" not in described["example"]["path_parameters"]
    assert (
        agent.call("call_operation", **described["example"])["status"] == 404
    )  # there is nobody yet, but it was let in


def test_a_story(agent: Agent) -> None:
    """A sandbox, a snapshot, two calls, what they changed, who was called, an event, time, and a fault."""
    made = agent.call("create_sandbox", name="story", scenario="empty", clock="fixed")
    assert made["id"] in [one["id"] for one in agent.call("list_sandboxes")["sandboxes"]]
    key = made["apis"]["saasquatch"]["credentials"]["api_key"]
    assert agent.call("show_sandbox", sandbox="story")["apis"]["saasquatch"]["credentials"]["api_key"] == key
    agent.call("take_snapshot", name="before", sandbox="story")

    upsert = {"operation": "openUserUpsert", "path_parameters": ZOE, "sandbox": "story"}
    answer = agent.call("call_operation", **upsert, body={"id": "zoe", "accountId": "zoe-inc", "firstName": "Zoe"})
    assert (answer["status"], answer["body"]["firstName"]) == (200, "Zoe")
    assert answer["headers"]["content-type"] == "application/json"
    refusal = agent.call("call_operation", **upsert, body={"id": 7, "accountId": "zoe-inc"})
    assert (refusal["status"], refusal["body"]["message"]) == (400, "/id: must be a string, not 7")
    query = {"limit": 1}
    assert agent.call("call_operation", operation="listUsers", query=query, sandbox="story")["body"]["totalCount"] == 1
    assert agent.call("call_operation", operation="listUsers", query=query)["body"]["totalCount"] == 0

    changed = agent.call("diff", since="before", sandbox="story")["resources"]
    assert ("made", "zoe") in [(one["kind"], one["key"].get("id")) for one in changed if one["resource"] == "user"]
    calls = agent.call("list_calls", operation="openUserUpsert", status="2xx", sandbox="story")["calls"]
    shown = agent.call("show_call", number=calls[0]["number"], sandbox="story")
    assert shown["request"]["json"]["firstName"] == "Zoe"
    assert shown["caused"]["events"]
    expected = {"operation": "openUserUpsert", "body": {"firstName": "Zoe"}, "sandbox": "story"}
    assert agent.call("verify_calls", **expected, count=1) == {"matched": 1}
    message = agent.refused("verify_calls", **expected, count=1, status="4xx")
    assert "409 JOURNAL_DIFFERS" in message
    assert "nearest" in message

    triggered = agent.call("trigger_event", event="user.created", overrides={"firstName": "Mia"}, sandbox="story")
    assert [one["status"] for one in triggered["calls"]] == [200]
    assert agent.call("verify_calls", operation="openUserUpsert", body={"firstName": "Mia"}, sandbox="story")["matched"]

    before = agent.call("freeze_clock", sandbox="story")["now_ms"]
    assert agent.call("advance_clock", by="P30D", sandbox="story")["now_ms"] == before + 30 * 86_400_000
    assert agent.call("show_clock")["now"].startswith("2026-01-15T12:00:00")

    rule = agent.call("add_rule", operation="openUserUpsert", answer={"code": 503}, times=1, sandbox="story")
    assert agent.call("call_operation", **upsert, body={"id": "zoe", "accountId": "zoe-inc"})["status"] == 503
    assert [one["applied"] for one in agent.call("list_rules", sandbox="story")["rules"]] == [1]
    assert agent.call("delete_rule", rule=rule["id"], sandbox="story") == {}
    rule = agent.call("add_rule", api="leat", delay={"ms": 5}, sandbox="story")
    assert agent.call("delete_rule", rule=rule["id"], sandbox="story") == {}

    agent.call("restore_snapshot", name="before", sandbox="story")
    assert agent.call("call_operation", operation="listUsers", sandbox="story")["body"]["totalCount"] == 0
    agent.call("reset_sandbox", sandbox="story")
    agent.call("delete_sandbox", sandbox="story")
    assert "404 SANDBOX_NOT_FOUND" in agent.refused("show_clock", sandbox="story")


def test_credentials_and_tenants_can_be_the_callers_own(agent: Agent) -> None:
    answer = agent.call("call_operation", operation="listUsers", headers={"authorization": "Basic Ondyb25n"})
    assert answer["status"] == 401
    assert agent.call("call_operation", operation="listUsers", path_parameters={"tenant_alias": "no"})["status"] == 404


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("call_operation", {"operation": "openUserUpser"}, "did you mean openUserUpsert"),
        ("call_operation", {"operation": "zzz"}, "list_operations finds them"),
        ("call_operation", {"operation": "openUserUpsert"}, "lacks accountId, userId"),
        ("call_operation", {"operation": "listUsers", "path_parameters": {"x": 1}}, "has no x; it has tenant_alias"),
        ("call_operation", {"operation": "listUsers", "api": "nothing"}, "it has saasquatch, advocacy"),
        ("list_operations", {"api": "nothing"}, "it has saasquatch, advocacy"),
        ("list_operations", {"text": "coupon"}, "text\n  Extra inputs are not permitted"),
        ("add_rule", {"rule": {"operation": "listUsers"}}, "rule\n  Extra inputs are not permitted"),
        ("trigger_event", {"event": "user.create"}, "did you mean user.created"),
        ("trigger_event", {"event": "user.created", "overrides": {"nobody:x": 1}}, "no step 'nobody'"),
        ("advance_clock", {"by": "soon"}, "400 "),
        ("diff", {"since": "never"}, "404 SNAPSHOT_NOT_FOUND"),
        ("add_rule", {"operation": "listUsers"}, "400 "),
    ],
)
def test_a_refusal_says_what_to_do(agent: Agent, tool: str, arguments: dict[str, Any], words: str) -> None:
    assert words in agent.refused(tool, **arguments)


class TestCommand:
    def test_a_running_mock_is_used_and_stays(self, agent: Agent) -> None:
        address = f"{agent.url}/"
        served = server_for(command._checked(address))
        with asyncio.Runner() as runner:

            async def sandboxes() -> Any:
                async with Client(served) as client:
                    return (await client.call_tool("list_sandboxes", {})).structured_content

            assert [one["id"] for one in runner.run(sandboxes())["sandboxes"]] == ["main"]
        assert httpx2.get(f"{agent.url}/_troth/info").status_code == 200

    def test_what_answers_otherwise_is_refused(self, agent: Agent) -> None:
        assert "is no mock" in run("mcp", "--url", f"{agent.url}/nothing", expect=1)
        assert "no mock answers" in run("mcp", "--url", "http://127.0.0.1:1", expect=1)

    def test_without_the_extra_it_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "find_spec", lambda _name: None)
        assert 'pip install "troth[mcp]"' in run("mcp", expect=1)

    def test_a_served_database_is_refused(self, tmp_path: Path) -> None:
        env = {"TROTH_SECRET_KEY": "a secret of this test", "TROTH_REQUIRE_HTTPS": "false"}
        with troth("serve", "--db", f"sqlite:///{tmp_path}/troth.db", ready="/_health/live", env=env) as url:
            assert "is no mock: it has no control plane" in run("mcp", "--url", url, expect=1)

    def test_options_of_an_own_mock_do_not_go_with_a_running_one(self) -> None:
        assert "not for the one at --url" in run("mcp", "--url", "http://localhost:1", "--seed", "7", expect=1)

    def test_a_mock_that_does_not_start_is_one_line(self) -> None:
        done = subprocess.run(
            [TROTH, "mcp", "--scenario", "nothing"],
            check=False,
            input="",
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert "no such scenario" in done.stderr
        assert "Traceback" not in done.stderr

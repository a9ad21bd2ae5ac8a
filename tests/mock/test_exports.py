"""Exports of a sandbox as lines of JSON, and imports: the same state elsewhere, and what is refused changes nothing."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.kernel.clock import FIXED_START_MS
from tests.mock.test_sandboxes import MAIN_KEY, add_user, base_of, create, key_of, users
from tests.support.client import BASE_URL, Client
from tests.support.refusals import assert_refused
from tests.support.senders import NullSender
from troth.mock.run import build_mock
from troth.settings import Settings

LINES = {"Content-Type": "application/x-ndjson"}
Line = dict[str, Any]


def make(**settings: Any) -> Client:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, **settings), "empty")
    server.runtime.services["dispatcher"].sender.sender = NullSender()
    return Client(server)


def close(client: Client) -> None:
    client.close()
    client.server.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    client = make()
    yield client
    close(client)


@pytest.fixture
def mock(server: Client) -> Client:
    assert server.request("POST", "/_troth/reset").status_code == 200
    return server


def export(mock: Client, at: str = "/_troth") -> bytes:
    answer = mock.request("GET", f"{at}/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    return answer.content


def load(mock: Client, lines: bytes, at: str = "/_troth", **headers: str) -> Any:
    return mock.request("POST", f"{at}/import", content=lines, headers={**LINES, **headers})


def parsed(lines: bytes) -> list[Line]:
    return [json.loads(line) for line in lines.splitlines()]


def state(lines: bytes) -> list[Line]:
    """The lines without the count of the control plane's own calls."""
    found = parsed(lines)
    found[0]["state"]["requests"].pop("0")
    return found


def joined(lines: list[Line]) -> bytes:
    return b"\n".join(json.dumps(line).encode() for line in lines)


def test_the_lines_are_a_header_and_the_rows_of_each_table(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    header, *rows = parsed(export(mock))
    assert (header["format"], header["version"], header["sandbox"], header["url"]) == (
        "troth-sandbox",
        1,
        "main",
        BASE_URL,
    )
    assert {tenant["api"] for tenant in header["tenants"]} == {"saasquatch", "advocacy", "leat", "loyalty_core"}
    [user] = [line["row"] for line in rows if line.get("table") == "sq_users"]
    assert (user["id"], user["account_id"]) == ("ana", "ana")
    [signing] = [line["row"] for line in rows if line.get("table") == "signing_keys"]
    assert signing["sealed"].keys() == {"base64"}
    assert "PRIVATE KEY" not in str(rows)


def test_the_same_state_gives_the_same_lines_but_for_what_is_sealed(mock: Client) -> None:
    def lines() -> list[Line]:
        add_user(mock, "/saasquatch", MAIN_KEY)
        found = export(mock)
        assert mock.request("POST", "/_troth/reset").status_code == 200
        return parsed(found)

    assert lines() == lines()


def test_an_import_goes_back_to_what_was_exported(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    before = export(mock)
    add_user(mock, "/saasquatch", MAIN_KEY, "ben")
    mock.request("POST", "/_troth/clock/advance", json={"by": "P3D"})
    answer = load(mock, before)
    assert (answer.status_code, answer.json()["id"]) == (200, "main")
    assert state(export(mock)) == state(before)
    assert users(mock, "/saasquatch", MAIN_KEY) == 1
    load(mock, before)
    found = mock.request("GET", "/saasquatch/api/v1/demo/users?query=ana", auth=("", MAIN_KEY)).json()
    assert (found["totalCount"], found["users"][0]["id"]) == (1, "ana")  # what triggers fill is filled
    load(mock, before)
    after = add_user(mock, "/saasquatch", MAIN_KEY, "ben").json()
    load(mock, before)
    assert add_user(mock, "/saasquatch", MAIN_KEY, "ben").json() == after  # counters and clock went back, too


def test_rows_that_would_be_the_same_in_this_sandbox_are_refused_before_anything_is_replaced(mock: Client) -> None:
    elsewhere = "http://elsewhere.localhost:1"
    body = {"endpointUrl": f"{elsewhere}/_troth/inbox/saasquatch"}
    made = mock.request("POST", "/saasquatch/api/v1/demo/subscription", auth=("", MAIN_KEY), json=body)
    assert made.status_code == 201
    before = export(mock)
    lines = parsed(before)
    lines[0]["url"] = elsewhere
    answer = load(mock, joined(lines))
    assert (answer.status_code, "Two rows are the same" in answer.text) == (400, True), answer.text
    assert state(export(mock)) == state(before)


def test_into_another_sandbox_with_its_own_addresses_and_credentials(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    made = create(mock, name="target")
    at = "/_troth/sandboxes/target"
    assert load(mock, export(mock), at).status_code == 200
    assert users(mock, base_of(made), key_of(made)) == 1
    assert mock.request("GET", f"{base_of(made)}/api/v1/demo/users", auth=("", MAIN_KEY)).status_code == 401
    urls = {one["url"] for one in mock.request("GET", f"{at}/deliveries").json()["deliveries"]}
    assert urls == {f"{BASE_URL}/sandbox/target/_troth/inbox/saasquatch"}
    fired = mock.request("POST", f"{at}/clock/advance", json={"by_ms": 0}).json()["fired"]
    assert [one["status"] for one in fired] == [200, 200, 200]
    add_user(mock, base_of(made), key_of(made), "ben")
    assert users(mock, "/saasquatch", MAIN_KEY) == 1  # nothing of the other one changes
    assert load(mock, export(mock, at)).status_code == 200  # and back
    assert users(mock, "/saasquatch", MAIN_KEY) == 2
    assert mock.request("DELETE", at).status_code == 204


def test_into_another_mock_and_compressed(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    other = make(port=9_999)
    lines = gzip.compress(export(mock))
    assert load(other, lines, **{"Content-Encoding": "gzip"}).status_code == 200
    assert users(other, "/saasquatch", MAIN_KEY) == 1
    [first, *_] = other.request("GET", "/_troth/deliveries").json()["deliveries"]
    assert first["url"].startswith("http://localhost:9999/")
    close(other)


def test_files_go_with_it(mock: Client) -> None:
    files = mock.server.runtime.services["files"]
    with files.writing("exports/demo/a.csv", FIXED_START_MS) as draft:
        draft.write_bytes(b"a,b\n")
    lines = export(mock)
    assert mock.request("POST", "/_troth/reset").status_code == 200
    assert not files.path("exports/demo/a.csv").exists()
    assert load(mock, lines).status_code == 200
    assert files.path("exports/demo/a.csv").read_bytes() == b"a,b\n"


def test_a_mock_whose_data_outlives_it_has_none(tmp_path: Any) -> None:
    server = build_mock(Settings(mock=True, database_url=f"sqlite:///{tmp_path}/m.db"), "empty")
    client = Client(server)
    for answer in (client.request("GET", "/_troth/export"), load(client, b"{}")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "SANDBOXES_NEED_MEMORY")
    close(client)


def _header(**changes: Any) -> Callable[[list[Line]], list[Line]]:
    return lambda lines: [{**lines[0], **changes}, *lines[1:]]


def _plus(line: Any) -> Callable[[list[Line]], list[Line]]:
    return lambda lines: [*lines, line]


def _without(table: str) -> Callable[[list[Line]], list[Line]]:
    return lambda lines: [line for line in lines if line.get("table") != table]


def _changed(table: str, column: str, value: Any) -> Callable[[list[Line]], list[Line]]:
    def change(lines: list[Line]) -> list[Line]:
        row = next(line["row"] for line in lines if line.get("table") == table and line["row"][column] is not None)
        row[column] = value
        return lines

    return change


def _less(line: Line, name: str) -> Line:
    return {member: value for member, value in line.items() if member != name}


def _running(lines: list[Line]) -> list[Line]:
    """On a clock that runs, and whose speed is 0."""
    _changed("sandboxes", "fixed_at_ms", None)(lines)
    lines[0]["state"]["speed"] = 0
    return lines


def _in_another_sandbox(lines: list[Line]) -> list[Line]:
    first = next(line["row"] for line in lines if line.get("table") == "sandboxes")
    _changed("tenants", "sandbox_id", 2)(lines)
    return [*lines, {"table": "sandboxes", "row": {**first, "id": 2, "name": "sandbox-2"}}]


STATE = {"requests": {}, "numbered": [], "speed": 0}
REFUSED: dict[str, tuple[Callable[[list[Line]], list[Line]], int, str]] = {
    "no header": (lambda lines: lines[1:], 400, "The first line is no header"),
    "format": (_header(version=2), 409, "has version 2, this mock reads 1"),
    "schema": (_header(schema="0", troth="0.1.0"), 409, "The export has schema 0 (Troth 0.1.0), this mock has"),
    "key": (_header(sealed_under="x"), 409, "sealed under another TROTH_SECRET_KEY"),
    "tenants": (_header(tenants=[]), 409, "other tenants or credentials"),
    "state": (_header(state=[]), 400, "url or state of the header is not one"),
    **{
        f"the address {url!r}": (_header(url=url), 400, "The sandbox, url or state of the header is not one")
        for url in ("", "h", "http://", "http://a b", 5)
    },
    **{
        f"state with {name}": (_header(state={**STATE, **change}), 400, "url or state of the header is not one")
        for name, change in (
            ("a text for a number", {"requests": {"1": "x"}}),
            ("a tenant that is no number", {"requests": {"x": 1}}),
            ("ids that are none", {"numbered": ["x"]}),
            ("no speed", {"speed": "x"}),
            ("a speed below the smallest", {"speed": 1e-320}),
            ("a speed below nothing", {"speed": -1}),
            ("a speed beyond all", {"speed": 1e300}),
            ("more requests than can be numbered", {"requests": {"1": 2**62}}),
            ("a tenant of 5,000 digits", {"requests": {"1" * 5_000: 1}}),
            ("ids beyond what is exact", {"numbered": [[1, "x", 2**53]]}),
        )
    },
    "text for a number": (_changed("sandboxes", "boots", "x"), 400, "sandboxes.boots has a value of the wrong type"),
    "clock": (
        _changed("sandboxes", "fixed_at_ms", 2**62),
        400,
        "The clock or the number of starts of the sandbox is out of range",
    ),
    "starts": (
        _changed("sandboxes", "boots", 2**50),
        400,
        "The clock or the number of starts of the sandbox is out of range",
    ),
    "number for a text": (_changed("tenants", "alias", 1), 400, "tenants.alias has a value of the wrong type"),
    "text for bytes": (_changed("credentials", "sealed", "x"), 400, "credentials.sealed has a value of the wrong type"),
    "no JSON": (_changed("tenants", "settings", "{"), 400, "tenants.settings has a value of the wrong type"),
    "sealed otherwise": (
        _changed("credentials", "sealed", {"base64": "AAAA" * 9}),
        400,
        "The secrets of the export do not open under TROTH_SECRET_KEY",
    ),
    "an endpoint's secret sealed otherwise": (
        _changed("webhook_endpoints", "sealed", {"base64": "AAAA" * 9}),
        400,
        "A value of webhook_endpoints.sealed does not open under TROTH_SECRET_KEY",
    ),
    **{
        f"no {name}": (lambda lines, name=name: [_less(lines[0], name), *lines[1:]], 400, f"The header has no {name}.")
        for name in ("version", "schema", "tenants", "sealed_under", "state")
    },
    "a speed of nothing on a clock that runs": (_running, 400, "its speed is at least 0.001"),
    "settings that are a list": (
        _changed("tenants", "settings", "[]"),
        400,
        "tenants.settings has a value of the wrong type",
    ),
    "settings that are a number": (
        _changed("tenants", "settings", 5),
        400,
        "tenants.settings has a value of the wrong type",
    ),
    "settings that cannot be": (
        _changed("tenants", "settings", '{"rateLimitMultiplier": "x"}'),
        400,
        "cannot be served: settings: rateLimitMultiplier",
    ),
    "an API that is none": (_changed("tenants", "api", "nothing"), 400, "The tenant nothing/"),
    "scopes that are an object": (
        _changed("credentials", "scopes", "{}"),
        400,
        "credentials.scopes has a value of the wrong type",
    ),
    "scopes that are numbers": (
        _changed("credentials", "scopes", "[1]"),
        400,
        "credentials.scopes has a value of the wrong type",
    ),
    "a tenant of another sandbox": (_in_another_sandbox, 400, "is in a sandbox that is not the exported one"),
    **{
        f"a file that is dated {at_ms!r}": (
            _plus({"file": "exports/1/x", "at_ms": at_ms, "base64": ""}),
            400,
            "is neither a row of a table nor a file",
        )
        for at_ms in (10**30, 10**16, -1, 1.5, "1", None)
    },
    "list": (_plus([]), 400, "is no JSON object"),
    "table": (_plus({"table": "nothing", "row": {}}), 400, "is neither a row of a table nor a file"),
    "columns": (_plus({"table": "tenants", "row": {"id": 1}}), 400, "a row of tenants has id, api, alias"),
    "file": (_plus({"file": "../../etc/x", "at_ms": 1, "base64": ""}), 400, "is neither a row of a table nor a file"),
    "twice": (lambda lines: [*lines, lines[1]], 400, "cannot be stored"),
    "reference": (_without("sandboxes"), 400, "names one of sandboxes that is not there"),
}


def test_a_file_may_take_the_place_of_a_folder_and_a_folder_that_of_a_file(mock: Client) -> None:
    lines = parsed(export(mock))
    for key in ("exports/1/x", "exports", "exports/1", "exports/1/x"):
        answer = load(mock, joined([*lines, {"file": key, "at_ms": 1, "base64": ""}]))
        assert answer.status_code == 200, answer.text
        assert [line["file"] for line in parsed(export(mock)) if "file" in line] == [key]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_changes_nothing(mock: Client, name: str) -> None:
    change, status, message = REFUSED[name]
    add_user(mock, "/saasquatch", MAIN_KEY)
    answer = load(mock, joined(change(parsed(export(mock)))))
    assert answer.status_code == status, answer.text
    assert message in answer.json()["error"]["message"]
    assert users(mock, "/saasquatch", MAIN_KEY) == 1


def test_what_is_no_json_is_refused_with_its_line(mock: Client) -> None:
    first, rest = export(mock).split(b"\n", 1)
    answer = load(mock, first + b"\n{\n" + rest)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "EXPORT_INVALID")
    assert "Line 2 is no JSON" in answer.json()["error"]["message"]
    assert_refused(load(mock, b"\n"), 400, "EXPORT_INVALID")
    assert mock.request("POST", "/_troth/import", json={}).status_code == 415


def test_more_than_64_mib_is_refused(mock: Client) -> None:
    assert_refused(load(mock, b" " * (2 << 20)), 400, "EXPORT_INVALID")  # more than other bodies may have
    packed = gzip.compress(b" " * ((64 << 20) + 1), 1)
    assert load(mock, packed, **{"Content-Encoding": "gzip"}).status_code == 413

"""What a scenario file says wrong is refused in one line that names the place, and nothing of it is loaded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from models.saasquatch.provision import ConfiguredExport
from models.tenancy.tenants import list_tenants
from troth.apis import APIS, domain_of
from troth.app import Server
from troth.mock.run import build_mock
from troth.mock.scenarios import ScenarioError, load_scenario, read_scenario
from troth.settings import Settings

TENANTS = [api.name for api in APIS if api.domain is not None]
LIVE = {"alias": "one"}
PROGRAM = {"programs": [{"id": "one", "landing_url": "https://shop.example"}]}
INBOX = "{public_url}/_troth/inbox/one"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "empty")
    yield made
    made.close()


def refusal(server: Server, tmp_path: Path, scenario: object) -> str:
    """What the loading of a scenario is refused with; checks that it has made no tenant."""
    file = tmp_path / "one.json"
    file.write_text(json.dumps(scenario))
    with server.runtime.storage.session() as session, session.begin() as transaction:
        with pytest.raises(ScenarioError) as refused:
            load_scenario(server.runtime, session, file, fixed_keys=True)
        transaction.rollback()
    with server.runtime.storage.session() as session:
        assert "one" not in {tenant.alias for tenant in list_tenants(session)}
    message = str(refused.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    return message.removeprefix(f"{file}: ")


@pytest.mark.parametrize("api", TENANTS)
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"projct": "x"}, "projct: is not known; there are api, project, name, settings, live, test"),
        ({"project": 5}, "project: Input should be a valid string"),
        ({"live": "one"}, "live: Input should be a valid dictionary"),
        ({"live": {}}, "live: alias: Field required"),
        ({"live": {**LIVE, "subscription": []}}, "live: subscription: is not known; there are alias, "),
        ({"live": {**LIVE, "credentials": {"apikey": "x"}}}, "live: credentials.apikey: is not known"),
        ({"live": {**LIVE, "populate": {"friends": 5}}}, "populate: friends: is not known; there are "),
        ({"live": {**LIVE, "subscriptions": [{"address": INBOX}]}}, "live: subscriptions.0.url: Field required"),
        ({"live": {**LIVE, "subscriptions": [{"url": INBOX, "types": ["user.craeted"]}]}}, "user.craeted"),
        ({"settings": {"colour": "red"}}, "settings: colour: is not known; there are "),
    ],
)  # fmt: skip
def test_a_name_or_value_that_means_nothing_is_named(
    server: Server, tmp_path: Path, api: str, changed: dict[str, Any], reason: str
) -> None:
    project = {"api": api, "project": "shop", "live": LIVE, **changed}
    said = refusal(server, tmp_path, {"projects": [project]})
    assert said.startswith(f"project {project['project']} of {api}: ")
    assert reason in said
    assert "Error" not in said


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ({"projects": [], "tenants": []}, "tenants: not known; a scenario has a name and projects"),
        ({"projects": ["x"]}, "project ? of ?: Input should be a valid dictionary"),
        ({"projects": [{"project": "shop", "live": LIVE}]}, "project shop of ?: api: Field required"),
        ({"projects": [{"api": "leat", "project": "shop"}]}, "project shop of leat: an environment is missing: live"),
        (
            {"projects": [{"api": "leat", "project": "shop", "live": LIVE, "test": {"alias": "two"}}]},
            "project shop of leat: test: leat has no such environment, only live",
        ),
        (
            {"projects": [{"api": "leat", "project": "shop", "live": LIVE}, {"api": "leat", "project": "shop"}]},
            "project shop of leat: an environment is missing: live",
        ),
        (
            {"projects": [{"api": "saasquatch", "project": "shop", "live": {**LIVE, "exports": [{"type": "USR"}]}}]},
            "project shop of saasquatch: live: exports.0.type: Input should be 'USER', ",
        ),
        (
            {"projects": [{"api": "saasquatch", "project": "x", "live": {**LIVE, "populate": {}}}]},
            "project x of saasquatch: populate: people have referral codes of a program: give the project one",
        ),
        *(
            (
                {"projects": [{"api": "saasquatch", "project": "x", "live": {**LIVE, "populate": sizes}, **PROGRAM}]},
                "project x of saasquatch: populate: at least 2 accounts, 3 for more than 2 users",
            )
            for sizes in ({"accounts": 1}, {"accounts": 2}, {"events": -1})
        ),
        (
            {"projects": [{"api": "loyalty_core", "project": "x", "live": {**LIVE, "populate": {"roastery": False}}}]},
            "project x of loyalty_core: populate: roastery: Input should be True",
        ),
    ],
)
def test_what_no_scenario_has(server: Server, tmp_path: Path, scenario: object, reason: str) -> None:
    assert refusal(server, tmp_path, scenario).startswith(reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("projects:\n  - api: leat\n   project: a\n", "line 3, column 4: "),
        ("projects: \x00", "unacceptable character #x0000"),
        ("hello", "a scenario is a mapping with a list of projects"),
        ("", "a scenario is a mapping with a list of projects"),
    ],
)
def test_what_is_no_yaml_is_said_in_one_line(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as refused:
        read_scenario(file)
    assert str(refused.value).startswith(f"{file}: {reason}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("api", TENANTS)
def test_a_scenario_may_name_every_kind_of_credential(api: str) -> None:
    provision = domain_of(api).provision
    named = set(provision.Environment.__annotations__["credentials"].__annotations__)
    assert named - {"client_id"} == {kind.name for kind in provision.KEY_KINDS}


def test_exports_have_the_types_and_formats_of_the_contract() -> None:
    schemas = next(api for api in APIS if api.name == "saasquatch").load()[0]["components"]["schemas"]
    (order,) = [one for name, one in schemas.items() if name == "ExportInput"]
    assert list(get_args(ConfiguredExport.__annotations__["type"])) == order["properties"]["type"]["enum"]

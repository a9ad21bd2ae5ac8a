"""What the README shows, works as pasted; what it and the settings say agrees."""

import re
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest
from pydantic.fields import FieldInfo

from tests.support.live import troth
from troth.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text()


def shell_block(holding: str) -> str:
    """The one shell block with a text in it."""
    (block,) = [block for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if holding in block]
    return block


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's calls need curl, which this machine has not")
def test_the_first_calls_work_as_pasted() -> None:
    with troth("mock") as url:
        script = "set -e\n" + shell_block("export KEY=").replace("http://localhost:8080", url).replace(
            "curl ", "curl -sS --fail-with-body "
        )
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert '"referredByCodes":["ANASTONE"]' in done.stdout
        assert '"creditRedeemed":500,"creditAvailable":2500' in done.stdout
        for holding, *printed in (
            ("export ADVOCACY=", '"redemption":'),
            ("export LEAT=", '"completion_event":'),
            (
                "export LOYALTY=",
                '"balance":1720,"availableBalance":1360,"formattedBalance":"1720 points"',
                '"source":"campaign","sourceId":1',
                '"source":"mission","sourceId":2',
                '"couponCode":"CUP-',
                '"type":"use","status":"used"',
                '"name":"A cup on the house"',
            ),
        ):
            script = "set -e\n" + shell_block(holding).replace("http://localhost:8080", url).replace(
                "curl ", "curl -sS --fail-with-body "
            )
            played = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
            assert played.returncode == 0, played.stdout + played.stderr
            assert [text for text in printed if text not in played.stdout] == []
        moved = shell_block("P30D").replace("http://localhost:8080", url).replace("curl ", "curl -sS --fail-with-body ")
        done = subprocess.run(["bash", "-c", moved], capture_output=True, text=True, timeout=60, check=False)
        assert '"fired"' in done.stdout, done.stdout + done.stderr
        inbox = httpx2.get(f"{url}/_troth/inbox/saasquatch?limit=100").json()["messages"]
        assert inbox
        assert all(message["verified"]["X-Hook-Signature"] for message in inbox)


def test_info_has_what_programs_need() -> None:
    with troth("mock") as url:
        info = httpx2.get(f"{url}/_troth/info").json()
        assert set(info) == {"version", "seed", "now", "apis"}
        api = info["apis"]["saasquatch"]
        assert set(api) == {"base_url", "docs_url", "openapi_url", "credentials", "first_calls"}
        assert api["credentials"] == {
            "tenant_alias": "demo",
            "api_key": "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK",
            "test_tenant_alias": "test_demo",
            "test_api_key": "TEST_DEMO0KEY0SAASQUATCH0TROTH0MOCK",
        }
        assert set(info["apis"]) == {"saasquatch", "advocacy", "leat", "loyalty_core"}
        for api in info["apis"].values():
            assert all(value in README for value in api["credentials"].values())
            for address in (api["docs_url"], api["openapi_url"]):
                assert httpx2.get(address).status_code == 200
            for call in api["first_calls"] if shutil.which("curl") else ():
                done = subprocess.run(
                    ["bash", "-c", call + " -sS --fail"], capture_output=True, timeout=30, check=False
                )
                assert done.returncode == 0, call


def test_the_page_on_operations_has_every_setting_as_the_settings_class_has_it() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `TROTH_")]
    assert rows == [row_of(name, field) for name, field in sorted(Settings.model_fields.items()) if name != "mock"]


def row_of(name: str, field: FieldInfo) -> str:
    """A setting as a row of the page: name, default, meaning."""
    default = "" if field.default in (None, "", ()) else str(field.default).lower()
    meaning = " ".join((field.description or "").split())
    assert meaning, f"{name} needs a docstring"
    return f"| `TROTH_{name.upper()}` | {default} | {meaning} |"


def test_the_scenario_of_the_documentation_loads(tmp_path: Path) -> None:
    from troth.mock.run import build_mock

    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    file = tmp_path / "acme.yaml"
    file.write_text("".join(blocks))
    server = build_mock(Settings(mock=True, database_url="sqlite://"), str(file))
    apis = server.runtime.services["info"]()["apis"]
    assert apis["saasquatch"]["credentials"]["api_key"] == "LIVE_MY0OWN0KEY0FOR0THE0MOCK"
    assert apis["advocacy"]["credentials"]["api_key"] == "sk_live_MY0OWN0KEY0FOR0THE0MOCK00"
    assert apis["leat"]["credentials"]["personal_access_token"] == "my-own-token"
    assert apis["leat"]["shops"] == [{"uuid": "13ac4cc1-3522-4dfc-ae4a-a821e5090108", "name": "Main street"}]
    assert apis["loyalty_core"]["credentials"] == {"organization_id": "7", "api_token": "lc_MY0OWN0TOKEN0FOR0THE0MOCK"}
    server.close()


def test_every_setting_of_a_tenant_is_documented() -> None:
    from dataclasses import fields

    from models.advocacy import settings as advocacy
    from models.leat import settings as leat
    from models.loyalty_core import settings as loyalty_core
    from models.saasquatch import settings as saasquatch

    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text()
    for kind in (saasquatch.Settings, saasquatch.FraudChecks, advocacy.Settings, leat.Settings, loyalty_core.Settings):
        for field in fields(kind):
            assert f"`{field.name}`" in text or f"\n      {field.name}:" in text, field.name

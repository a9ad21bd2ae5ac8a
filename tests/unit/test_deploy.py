"""What is deployed keeps to the code: the container, the services of compose.yaml, the systemd unit, the tables that
Citus distributes.
"""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from troth.cli import app
from troth.database import distribution
from troth.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image") == "troth"]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, with continued lines joined."""
    text = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", (ROOT / "Dockerfile").read_text()))
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def known(settings: dict[str, Any]) -> None:
    """Raises AssertionError for a TROTH_ variable that is no setting, or a value that it does not take."""
    given = {name: str(value) for name, value in settings.items() if name.startswith("TROTH_")}
    unknown = [name for name in given if name.removeprefix("TROTH_").lower() not in Settings.model_fields]
    assert unknown == []


def runs(command: list[str]) -> None:
    """Raises for a command line that `troth` does not have."""
    get_command(app).make_context("troth", [*command, "--help"], resilient_parsing=True)
    group = get_command(app)
    found = group.get_command(group.make_context("troth", [command[0]], resilient_parsing=True), command[0])  # type: ignore[attr-defined]  # a group
    assert found is not None, command
    options = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {one for one in command[1:] if one.startswith("--")} <= options, command


class TestImage:
    def test_it_runs_as_a_user_with_a_number_and_is_checked(self) -> None:
        last = instructions()[-1 - [name for name, _ in reversed(instructions())].index("FROM") :]
        found = dict(last)
        assert found["USER"].isdigit()
        assert int(found["USER"]) > 0
        assert "/_health/ready" in found["HEALTHCHECK"]
        runs(json.loads(found["ENTRYPOINT"])[1:] + json.loads(found["CMD"]))

    def test_it_is_made_in_two_stages_from_what_is_locked(self) -> None:
        names = [name for name, _ in instructions()]
        assert names.count("FROM") == 2
        assert all("@" in rest or ":" in rest.split()[0] for name, rest in instructions() if name == "FROM")
        installs = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
        assert "--require-hashes" in installs[0]
        assert all("--no-deps" in part or "--require-hashes" in part or "setuptools" in part for part in installs)

    def test_what_it_copies_is_there_and_not_ignored(self) -> None:
        ignored = (ROOT / ".dockerignore").read_text().split()
        for name, rest in instructions():
            if name == "COPY" and not rest.startswith("--from"):
                for source in rest.split()[:-1]:
                    assert (ROOT / source).exists(), source
                    assert f"!{source.rstrip('/')}" in ignored, source

    def test_its_variables_are_settings(self) -> None:
        (variables,) = [rest for name, rest in instructions() if name == "ENV"]
        known(dict(pair.split("=", 1) for pair in variables.split()))

    def test_its_lock_has_the_versions_that_the_tests_ran_with(self) -> None:
        locked, tested = (
            set(re.findall(r"^([\w.-]+==[^\s;\\]+)", (ROOT / name).read_text(), re.MULTILINE))
            for name in ("requirements.runtime.lock", "requirements.lock")
        )
        assert len(locked) > 30
        assert locked <= tested
        assert not any(one.startswith("pytest==") for one in locked)


class TestCompose:
    @pytest.mark.parametrize("name", OURS)
    def test_our_services_cannot_write_or_gain_rights_and_run_real_commands(self, name: str) -> None:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        known(service["environment"])
        runs(service["command"])

    def test_passwords_and_keys_have_no_default(self) -> None:
        text = (ROOT / "compose.yaml").read_text()
        for name in ("TROTH_SECRET_KEY", "POSTGRES_PASSWORD"):
            assert set(re.findall(rf"\$\{{{name}(.)", text)) == {":"}
            assert f"${{{name}:-" not in text

    def test_ports_are_for_this_machine_and_images_have_versions(self) -> None:
        ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
        assert ports
        assert all(port.startswith("127.0.0.1:") for port in ports)
        assert all(":" in service["image"] for name, service in SERVICES.items() if name not in OURS)

    def test_each_waits_for_what_it_needs_and_that_has_a_check(self) -> None:
        for name, service in SERVICES.items():
            for needed, how in service.get("depends_on", {}).items():
                if how["condition"] == "service_healthy":
                    assert SERVICES[needed]["healthcheck"]["test"], f"{name} needs {needed}"
                else:
                    assert how["condition"] == "service_completed_successfully"
        volumes = {v.split(":")[0] for service in SERVICES.values() for v in service.get("volumes", ())}
        assert volumes == set(COMPOSE["volumes"])


class TestUnit:
    def test_it_runs_real_commands_and_may_write_where_its_state_is_only(self) -> None:
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str  # type: ignore[assignment,method-assign]  # as its documentation says
        unit.read(ROOT / "deploy" / "troth.service")
        service = unit["Service"]
        for name in ("ExecStartPre", "ExecStart"):
            program, *command = service[name].split()
            assert program.endswith("/troth")
            runs(command)
        assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
        assert service["StateDirectory"] == "troth"

    @pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
    def test_systemd_knows_all_of_it(self, tmp_path: Path) -> None:
        text = (ROOT / "deploy" / "troth.service").read_text().replace("/opt/troth/bin/troth", "/bin/true")
        (tmp_path / "troth.service").write_text(text)
        done = subprocess.run(
            ["systemd-analyze", "verify", tmp_path / "troth.service"], capture_output=True, text=True, check=False
        )
        complaints = [line for line in done.stderr.splitlines() if "troth.service" in line]
        assert complaints == []


def test_the_page_sets_settings_that_there_are() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text()
    known(dict.fromkeys(re.findall(r"TROTH_[A-Z_]+", page), ""))


def test_every_table_is_distributed_by_tenant_copied_or_on_the_coordinator() -> None:
    assert (ROOT / "deploy" / "citus.sql").read_text() == distribution.statements()

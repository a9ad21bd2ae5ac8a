"""A wheel holds all that a server reads, and works in a fresh environment from any folder."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.live import troth
from tests.support.refusals import assert_refused

ROOT = Path(__file__).parents[2]
PACKAGES = ("troth", "handlers", "models", "fixtures")
SOURCES = (*PACKAGES, "openapi", "pyproject.toml", "README.md", "LICENSE")
ENVIRONMENT = {"PYTHONPATH": "", "TROTH_SECRET_KEY": "a secret of this test", "TROTH_REQUIRE_HTTPS": "false"}
"""Without the checkout, which PYTHONPATH may name."""


def done(*command: str | Path, cwd: Path, expect: int = 0) -> str:
    """What a command prints; on standard error when it is expected to fail."""
    ended = subprocess.run(
        command, cwd=cwd, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == expect, ended.stdout + ended.stderr
    return ended.stderr if expect else ended.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: setuptools would put what an earlier build has left in build/ into the wheel too."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    # setuptools is in this environment, pinned: nothing that is not in the lock file takes part.
    done(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", ".", ".", cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment: the wheel and what its metadata asks for, in the versions of the lock file."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    # `name[extras]==version ; marker \`, each followed by its hashes; constraints have neither extras nor, here,
    # hashes.
    pins = re.findall(r"^([\w.-]+)(?:\[.*?\])?(==.*?) *\\$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(map("".join, pins)))
    done(programs / "python", "-m", "pip", "install", "-q", "-c", constraints, wheel, cwd=folder)
    return programs


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """An empty folder."""
    return tmp_path


def test_the_wheel_holds_every_file_that_a_server_may_read(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
    wanted = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.name != "README.md"
    }
    wanted |= {str(file.relative_to(ROOT)) for file in (ROOT / "openapi" / "bundled").iterdir()}
    assert (sorted(wanted - held), sorted(held - wanted)) == ([], [])


def test_the_command_says_the_version_of_the_wheel(installed: Path, nowhere: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert done(installed / "troth", "--version", cwd=nowhere) == f"troth {version}\n"
    assert done(installed / "python", "-m", "troth", "--version", cwd=nowhere) == f"troth {version}\n"


def test_contracts_and_handlers_are_those_of_the_checkout(installed: Path, nowhere: Path) -> None:
    here = done(sys.executable, "-m", "troth", "routes", "--json", cwd=ROOT)
    assert json.loads(done(installed / "troth", "routes", "--json", cwd=nowhere)) == json.loads(here)
    for name in ("saasquatch", "control"):
        assert done(installed / "troth", "spec", name, cwd=nowhere) == (
            ROOT / "openapi" / "bundled" / f"{name}.json"
        ).read_text("utf-8")


def test_what_needs_a_checkout_says_so(installed: Path, nowhere: Path) -> None:
    for command in (("troth", "stubs"), ("troth.contracts",)):
        assert "in a checkout" in done(installed / "python", "-m", *command, cwd=nowhere, expect=1)


def test_a_mock_answers_from_an_empty_folder(installed: Path, nowhere: Path) -> None:
    with troth("mock", command=(installed / "python", "-m", "troth"), env=ENVIRONMENT, cwd=nowhere) as url:
        apis = httpx2.get(f"{url}/_troth/info").json()["apis"]
        assert len(apis) == 4
        for name, facts in apis.items():
            assert first_call(facts["first_calls"][0]).status_code == 200, name
            assert httpx2.get(f"{url}/openapi/{name}.json").json()["openapi"].startswith("3."), name
            assert assert_page(facts["docs_url"]) > 0, name
        assert_page(f"{url}/docs/")
    assert list(nowhere.iterdir()) == []


def first_call(shown: str) -> httpx2.Response:
    """The answer to a call as `troth mock` shows it: curl, a user or a header, an address."""
    _, option, value, address = shlex.split(shown)
    if option == "-u":
        user, _, password = value.partition(":")
        return httpx2.get(address, auth=(user, password))
    assert option == "-H", shown
    name, _, content = value.partition(": ")
    return httpx2.get(address, headers={name: content})


def assert_page(address: str) -> int:
    """The page is there, with the scripts and styles that it names. Gives how many these are."""
    page = httpx2.get(address, follow_redirects=True)
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (200, "text/html"), address
    files = re.findall(r"(?:src|href)=[\"']([^\"'#]+\.(?:js|css|png|svg))[\"']", page.text)
    for named in files:
        found = httpx2.get(str(page.url.join(named)))
        assert (found.status_code, len(found.content) > 100) == (200, True), f"{address}: {named}"
    return len(files)


def test_a_served_tenant_answers(installed: Path, nowhere: Path) -> None:
    database = f"sqlite:///{nowhere}/troth.db"
    create = (installed / "troth", "tenant", "create", "saasquatch", "acme", "--db", database, "--json")
    live: dict[str, Any] = json.loads(done(*create, "--landing-url", "https://acme.example/", cwd=nowhere))[0]
    switch = (installed / "troth", "tenant", "set", "saasquatch", "acme", "openEndpointsEnabled=true", "--db", database)
    done(*switch, cwd=nowhere)
    serve = ("serve", "--db", database)
    with troth(*serve, command=(installed / "troth",), ready="/_health/ready", env=ENVIRONMENT, cwd=nowhere) as url:
        made = httpx2.put(
            f"{url}/saasquatch/api/v1/acme/open/account/a/user/u",
            json={"id": "u", "accountId": "a", "firstName": "Ana"},
            auth=("", live["credentials"]["api_key"]),
        )
        assert (made.status_code, made.json()["referralCodes"]) == (200, {"referral-program": "ANA"})
        assert_page(f"{url}/docs/saasquatch/")
        assert_refused(httpx2.get(f"{url}/_troth/info"), 404, "NOT_FOUND")

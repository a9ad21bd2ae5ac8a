"""Python clients, by openapi-python-client."""

import hashlib
import shutil
import sys
from pathlib import Path

from tests.clients.running import APIS, HERE, MADE, contract, run

STORIES = HERE / "python"
REQUIREMENTS = HERE / "requirements.txt"
PACKAGES = MADE / "python"
VENV = MADE / "venv"
PYTHON = VENV / "bin" / "python"
RUFF = """line-length = 120
[lint]
select = ["F", "I", "UP"]
"""
"""The generator formats with ruff: these settings are those of its own projects.
Without them ruff would take Troth's.
"""
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
"""


def package(api: str) -> str:
    return f"{api}_client"


def make() -> None:
    """Generate all clients, import each module, and check their types and those of the stories. Raises ClientFault."""
    _environment()
    shutil.rmtree(PACKAGES, ignore_errors=True)
    PACKAGES.mkdir(parents=True)
    (PACKAGES / "ruff.toml").write_text(RUFF)
    generate = [VENV / "bin" / "openapi-python-client", "generate", "--meta", "none", "--fail-on-warning"]
    for api in APIS:
        made = [*generate, "--path", contract(api), "--output-path", PACKAGES / package(api)]
        run(f"Python client of {api} generated", made, PATH=f"{VENV / 'bin'}:/usr/bin:/bin")
        run(f"Python client of {api} imported", [PYTHON, "-c", IMPORT_ALL, package(api)], cwd=PACKAGES)
    checked = [*(PACKAGES / package(api) for api in APIS), *sorted(STORIES.glob("*.py"))]
    checks = [
        PYTHON,
        "-m",
        "mypy",
        "--config-file=",
        "--explicit-package-bases",
        "--strict",
        "--cache-dir",
        MADE / "mypy",
        *checked,
    ]
    run("Python clients and stories type-checked", checks, cwd=PACKAGES, MYPYPATH=f"{PACKAGES}:{STORIES}")


def play(api: str, url: str) -> None:
    """Play an API's story against a mock. Raises ClientFault."""
    run(f"Python story of {api}", [PYTHON, STORIES / f"{api}.py", url], PYTHONPATH=str(PACKAGES))


def _environment() -> None:
    """Make the environment of the generator, unless there is one of the same requirements."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp: Path = VENV / "requirements.sha256"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    run("Environment made", [sys.executable, "-m", "venv", "--clear", VENV])
    install = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run("Environment filled", [*install, "--requirement", REQUIREMENTS])
    stamp.write_text(wanted)

"""What the code imports, pyproject.toml names: an import that only another package's dependency provides can vanish
with an update.
"""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"troth", "handlers", "models", "fixtures", "tests", "benchmarks"}


def imported(folder: str) -> dict[str, str]:
    """The top-level modules that a folder's files import, each with one of these files, without Python's and our
    own.
    """
    found = {
        name: str(file.relative_to(ROOT)) for file in sorted((ROOT / folder).rglob("*.py")) for name in top_levels(file)
    }
    return {name: file for name, file in found.items() if name not in OURS | sys.stdlib_module_names}


def top_levels(file: Path) -> set[str]:
    """The top-level modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module or "")
    return {name.partition(".")[0] for name in found}


def distributions(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=;~! ]", requirement, maxsplit=1)[0]) for requirement in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def of_extras(file: str) -> set[str]:
    return {name for package, names in OF_EXTRAS.items() if file.startswith(package) for name in names}


RUNTIME = distributions(PROJECT["dependencies"])
EXTRAS = PROJECT["optional-dependencies"]
OF_EXTRAS = {
    "troth/mcp/": distributions(EXTRAS["mcp"]),
    "troth/object_store.py": distributions(EXTRAS["s3"]),
    "troth/tracing/": distributions(EXTRAS["otel"]),
}
"""What the files of a package may import beside that: it is imported by a command that asks for the extra first."""
EVERYTHING = RUNTIME | distributions([one for extra in EXTRAS.values() for one in extra])


GENERATED = "tests/clients/"
"""Stories of generated clients, which run in an environment of their own (tests/clients/python/requirements.txt)."""

OF_ITS_OWN = {"benchmarks/plain/app.py: fastapi"}
"""An application that is measured beside Troth, in an environment of its own (benchmarks/plain/requirements.txt)."""


@pytest.mark.parametrize(
    ("folder", "declared"),
    [
        *((folder, RUNTIME) for folder in ("troth", "handlers", "models", "fixtures")),
        *((folder, EVERYTHING) for folder in ("tests", "benchmarks")),
    ],
)
def test_each_package_that_is_imported_is_declared(folder: str, declared: set[str]) -> None:
    providers = packages_distributions()
    undeclared = {
        f"{file}: {name}"
        for name, file in imported(folder).items()
        if not str(file).startswith(GENERATED)
        if not (declared | of_extras(file)) & {normal(provider) for provider in providers.get(name, [])}
    }
    assert undeclared - OF_ITS_OWN == set()


@pytest.mark.parametrize("package", OF_EXTRAS)
def test_a_package_of_an_extra_is_imported_where_the_extra_is_asked_for_only(package: str) -> None:
    files = [file for file in (ROOT / "troth").rglob("*.py") if package not in str(file)]
    roots = {name for file in files for name in top_levels(file)}
    assert "sqlalchemy" in roots
    assert not roots & {name.replace("-", "_") for name in OF_EXTRAS[package]}


def test_each_declared_package_is_imported_or_used_by_name() -> None:
    used_by_name = {
        "psycopg",  # SQLAlchemy's driver of PostgreSQL
        "flask-swagger-ui",  # the files of the documentation page
    }
    providers = packages_distributions()
    imports = {name for folder in ("troth", "handlers", "models", "fixtures") for name in imported(folder)}
    provided = {normal(provider) for name in imports for provider in providers.get(name, [])}
    assert RUNTIME - provided - used_by_name == set()


def test_a_server_loads_the_same_packages_here_as_where_only_its_own_are_installed() -> None:
    """Some packages load others where these are there: jsonschema's checks of formats took 17 MB and a tenth of a
    second of each start.
    """
    load = "import sys, troth.serve, troth.app, connexion, jsonschema; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = set(
        subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, check=True).stdout.split()
    )
    pins = re.findall(r"^([\w.-]+)(?:\[.*?\])?==", (ROOT / "requirements.runtime.lock").read_text(), re.MULTILINE)
    providers = packages_distributions()
    others = {
        name
        for name in loaded - OURS - sys.stdlib_module_names
        if name in providers and not {normal(one) for one in providers[name]} & {normal(pin) for pin in pins}
    }
    assert others <= {"_distutils_hack"}, f"loaded, but not installed with a server: {sorted(others)}"

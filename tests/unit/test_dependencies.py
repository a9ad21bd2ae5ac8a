"""What the code imports, pyproject.toml names: an import that only another package's dependency provides can vanish with an update."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"troth", "handlers", "models", "fixtures", "tests", "benchmarks"}


def imported(folder: str) -> dict[str, str]:
    """The top-level modules that a folder's files import, each with one of these files, without Python's and our own."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            else:
                continue
            found |= {name.partition(".")[0]: str(file.relative_to(ROOT)) for name in names}
    return {name: file for name, file in found.items() if name not in OURS | sys.stdlib_module_names}


def distributions(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=;~! ]", requirement, maxsplit=1)[0]) for requirement in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


RUNTIME = distributions(PROJECT["dependencies"])
EVERYTHING = RUNTIME | distributions(PROJECT["optional-dependencies"]["dev"])


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
        if not declared & {normal(provider) for provider in providers.get(name, [])}
    }
    assert undeclared - OF_ITS_OWN == set()


def test_each_declared_package_is_imported_or_used_by_name() -> None:
    used_by_name = {
        "psycopg",  # SQLAlchemy's driver of PostgreSQL
        "flask-swagger-ui",  # the files of the documentation page
    }
    providers = packages_distributions()
    imports = {name for folder in ("troth", "handlers", "models", "fixtures") for name in imported(folder)}
    provided = {normal(provider) for name in imports for provider in providers.get(name, [])}
    assert RUNTIME - provided - used_by_name == set()

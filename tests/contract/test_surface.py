"""Contract and handlers hold together, both ways. That tests call every operation, tests/support/surface.py sees to."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import handlers
from troth.apis import api_names
from troth.connexion_app import find_handler
from troth.spec import store
from troth.spec.names import module_of, snake_case
from troth.spec.operations import operations

PENDING: dict[str, str] = {}
"""Operations (`api.operationId`) without a handler, each with its reason: they answer from their contracts."""


def every_operation() -> list[tuple[str, str, str]]:
    """(api, tag, operationId) of every contract."""
    return [
        (api, raw["tags"][0], raw["operationId"]) for api in api_names() for _, _, raw in operations(store.load(api)[0])
    ]


def test_every_operation_has_a_handler_or_a_reason() -> None:
    missing = {
        f"{api}.{name}" for api, tag, name in every_operation() if find_handler(f"handlers.{api}", tag, name) is None
    }
    assert missing == set(PENDING), "PENDING must name exactly what has no handler"


@pytest.mark.parametrize("api", api_names())
def test_every_public_function_of_a_handler_module_is_an_operation(api: str) -> None:
    wanted = {(module_of(tag), snake_case(name)) for found, tag, name in every_operation() if found == api}
    package = importlib.import_module(f"handlers.{api}")
    present = set()
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"handlers.{api}.{module.name}")
        present |= {
            (module.name, name)
            for name, function in inspect.getmembers(loaded, inspect.isfunction)
            if not name.startswith("_") and (function.__module__ == loaded.__name__)
        }
    assert present == wanted


def test_handlers_import_no_sql() -> None:
    for file in Path(handlers.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith("sqlalchemy"), f"{file}: handlers hold no SQL"

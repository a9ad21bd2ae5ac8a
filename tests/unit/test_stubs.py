"""`make stubs`: what it writes can be imported, in a new module as in one that has handlers already."""

import importlib.util
import inspect
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from troth.contracts.stubs import write_skeletons
from troth.paths import ROOT

BARE = {"operationId": "pingShop", "summary": "Ping a shop", "tags": ["Shops"]}
FULL = {
    **BARE,
    "operationId": "changeShop",
    "parameters": [
        {"name": "tenant_alias", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "shopId", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "query", "in": "query", "schema": {"type": "string"}},
    ],
    "requestBody": {},
}


def imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("is_there", [False, True])
def test_skeletons_take_the_parameters_and_import_what_they_use(tmp_path: Path, is_there: bool) -> None:
    handlers, tests = tmp_path / "handlers/leat/shops.py", tmp_path / "tests/api/leat/test_shops.py"
    if is_there:
        handlers.parent.mkdir(parents=True)
        shutil.copy(ROOT / "handlers/leat/shops.py", handlers)
    operations: list[dict[str, Any]] = [BARE, FULL]
    for raw in operations:
        write_skeletons(tmp_path, "leat", raw, {})
    made = imported(handlers)
    assert str(inspect.signature(made.ping_shop)) == "(uow: models.uow.UnitOfWork) -> handlers.http.Answer"
    assert list(inspect.signature(made.change_shop).parameters) == ["uow", "shop_id", "query", "body"]
    assert hasattr(made, "list_shops") is is_there
    assert {"test_ping_shop", "test_change_shop"} <= set(vars(imported(tests)))
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E9,F", handlers, tests],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

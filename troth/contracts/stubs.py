"""`make stubs`: a handler and a test skeleton for each operation that has none."""

from __future__ import annotations

from typing import Any

from troth.apis import api_names
from troth.connexion_app import find_handler
from troth.paths import ROOT
from troth.spec import store
from troth.spec.errors import ContractError
from troth.spec.names import module_of, snake_case
from troth.spec.operations import operations
from troth.spec.references import resolver

HANDLER = '''

@stub
def {name}(uow: UnitOfWork, *, {arguments}) -> Answer:
    """{summary}."""
    raise NotImplementedProblem
'''
HANDLER_HEAD = '''"""{tag}."""

# ruff: noqa: ARG001, F401  skeletons; take this line out with the last of them

from typing import Any

from handlers.http import Answer, stub
from models.kernel.problems import NotImplementedProblem
from models.uow import UnitOfWork
'''
TEST = """

@pytest.mark.skip(reason="written by make stubs: {operation} has no test yet")
def test_{name}() -> None:
    raise AssertionError
"""
TEST_HEAD = '''"""{tag}."""

import pytest
'''
_TYPES = {"integer": "int", "number": "float", "boolean": "bool", "array": "list[Any]", "string": "str"}


def write_stubs(*, check: bool = False) -> list[str]:
    """Write what is missing (or only say so); one line for each operation. Raises ContractError outside of a checkout."""
    if not store.has_sources():
        raise ContractError(store.SOURCES, "", "has no contracts: skeletons are written in a checkout")
    lines: list[str] = []
    for api in api_names():
        document, _ = store.load(api)
        for path, method, raw in operations(document):
            tag = raw["tags"][0]
            if find_handler(f"handlers.{api}", tag, raw["operationId"], stubs=True) is not None:
                continue
            lines.append(
                f"{api}: {method.upper()} {path} -> handlers/{api}/{module_of(tag)}.py {snake_case(raw['operationId'])}"
            )
            if not check:
                _write(api, tag, raw, document)
    return lines


def _write(api: str, tag: str, raw: dict[str, Any], document: dict[str, Any]) -> None:
    name, module = snake_case(raw["operationId"]), module_of(tag)
    handlers = ROOT / "handlers" / api / f"{module}.py"
    tests = ROOT / "tests" / "api" / api / f"test_{module}.py"
    for file, head in ((handlers, HANDLER_HEAD), (tests, TEST_HEAD)):
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_text(head.format(tag=tag), encoding="utf-8")
    with handlers.open("a", encoding="utf-8") as out:
        out.write(HANDLER.format(name=name, arguments=_arguments(raw, document), summary=raw["summary"]))
    with tests.open("a", encoding="utf-8") as out:
        out.write(TEST.format(name=name, operation=raw["operationId"]))


def _arguments(raw: dict[str, Any], document: dict[str, Any]) -> str:
    """The keyword arguments that the contract asks a handler to take."""
    found = []
    resolve = resolver(document)
    for parameter in map(resolve, raw.get("parameters", ())):
        kind = _TYPES.get(resolve(parameter["schema"]).get("type", ""), "Any")
        optional = "" if parameter.get("required") or "default" in parameter["schema"] else " | None"
        found.append(f"{snake_case(parameter['name'])}: {kind}{optional}")
    if "requestBody" in raw:
        found.append("body: Any")
    return ", ".join(argument for argument in found if not argument.startswith("tenant_alias:"))

"""`make stubs`: a handler and a test skeleton for each operation that has none."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from troth.apis import api_names
from troth.connexion_app import find_handler
from troth.paths import ROOT
from troth.spec import store
from troth.spec.errors import ContractError
from troth.spec.names import module_of, snake_case
from troth.spec.operations import operations
from troth.spec.references import resolver

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HANDLER = '''

@stub
def {name}(uow: UnitOfWork{arguments}) -> Answer:
    """{summary}."""
    raise NotImplementedProblem
'''
HANDLER_HEAD = '''"""{tag}."""

# ruff: noqa: ARG001  skeletons; take this line out with the last of them

'''
HANDLER_IMPORTS = {
    "Any": "typing",
    "Answer": "handlers.http",
    "stub": "handlers.http",
    "NotImplementedProblem": "models.kernel.problems",
    "UnitOfWork": "models.uow",
}
"""The names that skeletons use, and their modules."""
TEST = """

@pytest.mark.skip(reason="written by make stubs: {operation} has no test yet")
def test_{name}() -> None:
    raise AssertionError
"""
TEST_HEAD = '''"""{tag}."""

'''
_TYPES = {"integer": "int", "number": "float", "boolean": "bool", "array": "list[Any]", "string": "str"}


def write_stubs(*, check: bool = False) -> list[str]:
    """Write what is missing (or only say so); one line for each operation.

    Raises ContractError outside of a checkout.
    """
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
                write_skeletons(ROOT, api, raw, document)
    return lines


def write_skeletons(root: Path, api: str, raw: dict[str, Any], document: dict[str, Any]) -> None:
    """Add the skeletons of an operation to the modules of its tag, with the imports that they need."""
    name, tag = snake_case(raw["operationId"]), raw["tags"][0]
    module = module_of(tag)
    handler = HANDLER.format(name=name, arguments=_arguments(raw, document), summary=raw["summary"])
    test = TEST.format(name=name, operation=raw["operationId"])
    imports = {used: source for used, source in HANDLER_IMPORTS.items() if re.search(rf"\b{used}\b", handler)}
    _add(root / "handlers" / api / f"{module}.py", HANDLER_HEAD.format(tag=tag), imports, handler)
    _add(root / "tests" / "api" / api / f"test_{module}.py", TEST_HEAD.format(tag=tag), {"pytest": None}, test)


def _add(file: Path, head: str, imports: Mapping[str, str | None], text: str) -> None:
    """Append to a module, which begins with `head` where there is none yet, and import what it does not import so
    far.
    """
    before = file.read_text(encoding="utf-8") if file.exists() else head
    tree = ast.parse(before)
    present = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    known = {name.asname or name.name for node in present for name in node.names}
    missing = [
        f"import {name}\n" if source is None else f"from {source} import {name}\n"
        for name, source in imports.items()
        if name not in known
    ]
    lines = before.splitlines(keepends=True)
    place = (present[-1].end_lineno or 0) if present else len(lines)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join([*lines[:place], *missing, *lines[place:], text]), encoding="utf-8")


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
    taken = [argument for argument in found if not argument.startswith("tenant_alias:")]
    return ", ".join(["", "*", *taken]) if taken else ""

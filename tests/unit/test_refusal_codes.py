"""Each refusal of Loyalty Core has a code of its own, which clients can branch on."""

import ast
from pathlib import Path

from models.kernel.problems import Problem, catalogue
from models.loyalty_core.problems import BeyondRights, Conflict, NotFound, RuleViolation
from troth.database.storage import import_tables

ROOT = Path(__file__).parents[2]
BASES = {base.__name__ for base in (BeyondRights, Conflict, NotFound, RuleViolation)}


def refusals() -> list[type[Problem]]:
    import_tables()
    return [problem for problem in catalogue() if problem.__module__.startswith("models.loyalty_core.")]


def test_no_refusal_is_raised_without_a_code_of_its_own() -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sorted((ROOT / "models/loyalty_core").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BASES
    ]
    assert bare == []


def test_each_code_is_one_refusal_and_is_called_like_it() -> None:
    found = [problem for problem in refusals() if problem.__name__ not in BASES]
    assert len(found) > 130
    codes = [problem.code for problem in found]
    assert sorted(codes) == sorted(set(codes))
    for problem in found:
        assert problem.code.replace("_", "").casefold() == problem.__name__.casefold(), problem
        assert problem.__doc__, problem

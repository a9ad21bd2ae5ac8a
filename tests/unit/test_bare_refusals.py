"""A test of a refusal says which check has refused: "any 400 will do" passes where another check did, and the tested
one is gone.

`assert_refused` of `tests/support/refusals.py`, or the helper of an API, looks at the answer's body.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
STATUSES = {400, 403, 404, 409, 422}
BODIES = {"json", "text", "content", "body", "read"}
HERE = Path(__file__).name


def bare(tree: ast.AST) -> Iterator[int]:
    """The lines of assertions that a status is one of STATUSES, of an answer whose body the same function does not look
    at.
    """
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        looked_at = {name for node in ast.walk(function) for name in _bodies(node)} - _only_in_messages(function)
        for node in ast.walk(function):
            answer = _refused(node.test) if isinstance(node, ast.Assert) else None
            if answer is not None and not (isinstance(answer, ast.Name) and answer.id in looked_at):
                yield node.lineno


def _refused(test: ast.expr) -> ast.expr | None:
    """The answer of `answer.status_code == 400`; None for another expression."""
    if not (isinstance(test, ast.Compare) and isinstance(test.left, ast.Attribute) and len(test.ops) == 1):
        return None
    expected = test.comparators[0]
    is_bare = test.left.attr in ("status_code", "status") and isinstance(test.ops[0], ast.Eq)
    return test.left.value if is_bare and isinstance(expected, ast.Constant) and expected.value in STATUSES else None


def _only_in_messages(function: ast.AST) -> set[str]:
    """Names of answers whose bodies are only the message of an assertion."""
    in_messages, seen = Counter[str](), Counter[str]()
    for node in ast.walk(function):
        for name in _bodies(node):
            seen[name] += 1
        if isinstance(node, ast.Assert) and node.msg is not None:
            in_messages.update(name for inner in ast.walk(node.msg) for name in _bodies(inner))
    return {name for name in seen if in_messages[name] == seen[name]}


def _bodies(node: ast.AST) -> list[str]:
    is_body = isinstance(node, ast.Attribute) and node.attr in BODIES and isinstance(node.value, ast.Name)
    return [node.value.id] if is_body else []  # type: ignore[union-attr]  # the line before says what it is


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f():\n    assert get().status_code == 400", [2]),
        ("def f():\n    a = get()\n    assert a.status_code == 404, a.text", [3]),
        ("def f():\n    a = get()\n    assert a.status_code == 409\n    assert a.json() == {}", []),
        ("def f():\n    a = get()\n    assert a.status_code == 409, a.text\n    look(a.json())", []),
        ("def f():\n    assert (a.status_code, a.text) == (400, '')\n    assert b.status_code == 200", []),
    ],
)
def test_a_bare_comparison_is_one_whose_body_nobody_looks_at(source: str, lines: list[int]) -> None:
    assert list(bare(ast.parse(source))) == lines


def test_no_test_takes_any_refusal() -> None:
    found = {
        str(file.relative_to(TESTS)): lines
        for file in sorted(TESTS.rglob("*.py"))
        if file.name != HERE and (lines := list(bare(ast.parse(file.read_text()))))
    }
    assert not found, f"use assert_refused of tests/support/refusals.py in these lines: {found}"

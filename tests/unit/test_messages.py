"""Organizations are apart: one module alone may write what another tenant owns, held by reading the syntax tree."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAY_WRITE_ELSEWHERE = {
    "messages.py": "messages to partners, and the jobs that read them",
    "callers.py": "reads the user of a token, before there is a unit of work",
    "provision.py": "the tenant that is being made, before it has a unit of work",
}


def owners(file: Path) -> list[tuple[int, str]]:
    """(line, value) of each `tenant_id=...` and `"tenant_id": ...` of a file."""
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            found += [(node.lineno, ast.unparse(one.value)) for one in node.keywords if one.arg == "tenant_id"]
        if isinstance(node, ast.Dict):
            found += [
                (node.lineno, ast.unparse(value))
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "tenant_id"
            ]
    return found


def test_only_messages_write_for_another_tenant() -> None:
    elsewhere = set()
    for file in sorted((ROOT / "models/loyalty_core").rglob("*.py")):
        for line, value in owners(file):
            if value != "uow.tenant_id":
                elsewhere.add(file.name)
                assert file.name in MAY_WRITE_ELSEWHERE, f"{file.name}:{line}: tenant_id={value}"
    assert elsewhere == set(MAY_WRITE_ELSEWHERE), "an exception that is not needed any more"

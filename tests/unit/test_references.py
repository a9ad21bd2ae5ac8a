"""Files that texts and comments name are there: they are what somebody opens next."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("troth", "handlers", "models", "fixtures", "tests", "benchmarks", "openapi", "docs", ".ci")
TEXTS = [
    *sorted(ROOT.glob("*.md")),
    *(file for folder in ("docs", "benchmarks", *FOLDERS[:5]) for file in sorted((ROOT / folder).rglob("*.[mp][dy]"))),
]
NAMED = re.compile(r"(?<![\w./<{*-])([a-z_0-9]+(?:/[a-z_0-9]+)*\.(?:py|md))\b")
MADE_UP = {
    "test_fifth_api.py",
    "test_dependencies.py",
    "test_cli.py",
    "test_stubs.py",
    "test_house_rules.py",
    "test_messages.py",
    "test_references.py",
    "test_transport.py",
}
"""Tests that write files, or name them by parts of their paths."""


@pytest.fixture(scope="module")
def files() -> set[str]:
    """Every path, and every end of one that begins with a folder or is the name alone."""
    found = set()
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*.*"):
            parts = file.relative_to(ROOT).parts
            found |= {"/".join(parts[place:]) for place in range(len(parts))}
    return found | {file.name for file in ROOT.glob("*.md")}


@pytest.mark.parametrize(
    "text", [file for file in TEXTS if file.name not in MADE_UP], ids=lambda file: str(file.relative_to(ROOT))
)
def test_every_file_that_is_named_is_there(text: Path, files: set[str]) -> None:
    missing = {
        f"{number}: {name}"
        for number, line in enumerate(text.read_text().splitlines(), 1)
        for name in NAMED.findall(line)
        if name not in files
    }
    assert missing == set()

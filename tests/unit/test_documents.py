"""What the documents name is there: commands with their options, targets of make, settings, links and their anchors."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from troth.cli import app
from troth.setting_faults import OF_TESTS, OTHERS
from troth.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("benchmarks/README.md", "fixtures/README.md", "fixtures/triggers/README.md")),
]
PRESENT = [file for file in DOCUMENTS if file.name != "CHANGELOG.md"]
"""All but the one that names what has been renamed since."""
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
SETTING = re.compile(r"\bTROTH_[A-Z0-9_]*[A-Z0-9]\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TARGET = re.compile(r"(?m)^([a-z-]+):")


def ids(file: Path) -> str:
    return str(file.relative_to(ROOT))


def codes(text: str) -> Iterator[str]:
    """The code of a document, a line at a time; a line that is continued is one."""
    for block, span in CODE.findall(text):
        yield from re.sub(r"\\\n", " ", block or span).splitlines()


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command line of `troth` in a document's code, without it."""
    for line in codes(text):
        found = re.search(r"(?:^|[\s/])troth ((?!-> )[a-z-]+\b.*)", line.replace("\\|", "|").partition("  #")[0])
        if found:
            yield re.sub(r"[\[\],;]", " ", found[1]).split()


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command with its path."""
    if not hasattr(command, "list_commands"):
        yield path, command
        return
    for name in command.list_commands(None):
        yield from leaves(command.get_command(None, name), (*path, name))


LEAVES = dict(leaves(get_command(app)))


def meant(words: list[str]) -> list[tuple[str, ...]]:
    """The commands that the first words stand for; `a b|c` stands for two, and a group alone for all of it."""
    paths: list[tuple[str, ...]] = [()]
    for word in words[:2]:
        longer = [(*path, name) for path in paths for name in word.split("|")]
        if not all(any(leaf[: len(path)] == path for leaf in LEAVES) for path in longer):
            if word.startswith("-") or all(path in LEAVES for path in paths):
                break
            return []
        paths = longer
    return [leaf for leaf in LEAVES for path in paths if path and leaf[: len(path)] == path]


def options(leaf: tuple[str, ...]) -> set[str]:
    return {"--help"} | {
        name for parameter in LEAVES[leaf].params for name in (*parameter.opts, *parameter.secondary_opts)
    }


@pytest.mark.parametrize("document", PRESENT, ids=ids)
def test_every_command_is_there_and_has_its_options(document: Path) -> None:
    wrong = []
    for words in commands(document.read_text()):
        found = meant(words)
        given = {part.partition("=")[0] for word in words for part in word.split("|") if part.startswith("--")}
        if not found or given - set().union(*map(options, found)):
            wrong.append(" ".join(words))
    assert wrong == []


def test_the_examples_of_the_help_are_command_lines() -> None:
    for path, command in LEAVES.items():
        for example in re.findall(r"Example(?: for programs)?: (?:\w+=\S+ )*troth ([^\n]+)", command.help or ""):
            words = shlex.split(example.replace("…", ""))
            assert path in meant(words), example
            assert {word for word in words if word.startswith("--")} <= options(path), example


def test_the_readme_has_every_command() -> None:
    table = (ROOT / "README.md").read_text().partition("## The command line")[2].partition("\n## ")[0]
    named = {leaf for words in commands(table) for leaf in meant(words)}
    assert sorted(set(LEAVES) - named) == []


@pytest.mark.parametrize("document", PRESENT, ids=ids)
def test_every_target_of_make_is_there(document: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    named = {name for line in codes(document.read_text()) for name in re.findall(r"(?:^|\s)make ([a-z-]+)", line)}
    assert named - targets == set()


@pytest.mark.parametrize("document", PRESENT, ids=ids)
def test_every_setting_is_one(document: Path) -> None:
    named = set(SETTING.findall(document.read_text()))
    known = {f"TROTH_{name.upper()}" for name in Settings.model_fields} | OTHERS
    assert {name for name in named - known if not name.startswith(OF_TESTS)} == set()


def anchors(file: Path) -> set[str]:
    """What links to parts of a document name, made as GitHub makes it."""
    titles = re.findall(r"(?m)^#+ (.+)$", file.read_text())
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_link_leads_somewhere(document: Path) -> None:
    dead = []
    for link in LINK.findall(document.read_text()):
        path, _, anchor = link.partition("#")
        if path.startswith(("http:", "https:")):
            continue
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(link)
    assert dead == []


def test_the_page_of_errors_has_every_code() -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    files = [file for folder in ("models", "handlers") for file in (ROOT / folder).rglob("problems.py")]
    codes_of = {code for file in files for code in re.findall(r'(?m)^    code = "(\w+)"', file.read_text())}
    assert len(codes_of) > 150
    assert {code for code in codes_of if f"| `{code}` |" not in page} == set()

"""The error catalogue, docs/errors.md, made of the problem classes themselves. `--check` says whether it is current."""

import sys
from importlib import import_module
from importlib.util import find_spec

from models.kernel.problems import Problem, catalogue
from troth.apis import APIS, api_names
from troth.database.storage import import_tables
from troth.paths import ROOT

FILE = ROOT / "docs" / "errors.md"
OWN = {"status", "code", "default_message"}
HEAD = """# Errors

Made by `make bundle` from the classes in `models/kernel/problems.py`, `models/<api>/problems.py` and `handlers/<api>/problems.py`,
and from `errors` of each API in `troth/apis/`; do not edit.

How error responses look, and what each API calls what every API can refuse:

{shapes}

REQUEST_TIMEOUT is a 408 in every API: the same request may be sent again.
"""


def render() -> str:
    """The whole file."""
    import_tables()
    for api in APIS:
        if find_spec(f"{api.package}.problems") is not None:
            import_module(f"{api.package}.problems")
    groups: dict[str, list[type[Problem]]] = {}
    apis = api_names()
    for problem in catalogue():
        if not OWN & vars(problem).keys():
            continue  # a base for others, never raised
        room = problem.__module__.split(".")[1]
        groups.setdefault(room if room in apis else "every API", []).append(problem)
    text = [HEAD.format(shapes="\n".join(f"* `{api.name}`: {api.errors}" for api in APIS))]
    for name in sorted(groups, key=lambda group: (group != "every API", group)):
        text.append(
            f"\n## {name}\n\n| code | status | vendor's number | message | when |\n| --- | --- | --- | --- | --- |"
        )
        for problem in sorted(set(groups[name]), key=lambda p: (p.code, p.status, p.__name__)):
            when = " ".join((problem.__doc__ or "").split()).partition(". ")[0].rstrip(".")
            number = getattr(problem, "rs_code", None) or getattr(problem, "number", None) or ""
            message = "" if problem.default_message == Problem.default_message else problem.default_message
            text.append(f"| `{problem.code}` | {problem.status} | {number} | {message} | {when} |")
    return "\n".join(text) + "\n"


def main(arguments: list[str]) -> int:
    text = render()
    current = FILE.is_file() and FILE.read_text(encoding="utf-8") == text
    if "--check" in arguments and not current:
        print("docs/errors.md is not current, run `make bundle`", file=sys.stderr)
        return 1
    if not current:
        FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

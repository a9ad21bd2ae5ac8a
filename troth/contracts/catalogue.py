"""The error catalogue, docs/errors.md, made of the problem classes themselves. `--check` says whether it is current."""

import sys

from models.kernel.problems import Problem, catalogue
from troth.contracts import store
from troth.contracts.store import ROOT
from troth.database.storage import import_tables

FILE = ROOT / "docs" / "errors.md"
OWN = {"status", "code", "default_message"}
HEAD = """# Errors

Made by `make bundle` from the classes in `models/kernel/problems.py` and `models/<api>/problems.py`; do not edit.

How they look: SaaSquatch answers `{"statusCode", "message", "apiErrorCode", "rsCode"}` (and `validationErrors` where the input broke
the contract); the advocacy API `{"error": {"code", "message", "field"?}}`; Leat `{"message", "code", "status_code", "errors"?}` with the
vendor's number as code, HTTP 400 for nearly all, and RFC 6749's `{"error", ...}` for tokens; Troth's own addresses answer `{"error": {"code", "message"}}`. A validation error carries the RS code of the member it is
about: RS023 e-mail, RS034 referral code, RS039 locale, RS043 user id, RS044 account id, RS046 content type, RS052 cookies, RS053 share link.

What every API can refuse is told in its own terms. The advocacy API calls all of BAD_REQUEST, VALIDATION_FAILED, UNSUPPORTED_MEDIA_TYPE,
PAYLOAD_TOO_LARGE, URI_TOO_LONG and HEADERS_TOO_LARGE a 400 VALIDATION_ERROR, METHOD_NOT_ALLOWED a 405 NOT_FOUND, HTTPS_REQUIRED a 403
FORBIDDEN, INTERNAL and UNAVAILABLE (which stays a 503) an INTERNAL_ERROR. Leat calls the first six 1003, INTERNAL and UNAVAILABLE 1000.
REQUEST_TIMEOUT is a 408 in every API: the same request may be sent again.
"""


def render() -> str:
    """The whole file."""
    import_tables()
    groups: dict[str, list[type[Problem]]] = {}
    apis = store.api_names()
    for problem in catalogue():
        if not OWN & vars(problem).keys():
            continue  # a base for others, never raised
        room = problem.__module__.split(".")[1]
        groups.setdefault(room if room in apis else "every API", []).append(problem)
    text = [HEAD]
    for name in sorted(groups, key=lambda group: (group != "every API", group)):
        text.append(
            f"\n## {name}\n\n| code | status | vendor's number | message | when |\n| --- | --- | --- | --- | --- |"
        )
        for problem in sorted(set(groups[name]), key=lambda p: (p.code, p.status, p.__name__)):
            when = " ".join((problem.__doc__ or "").split()).partition(". ")[0].rstrip(".")
            number = getattr(problem, "rs_code", None) or getattr(problem, "number", None) or ""
            text.append(f"| `{problem.code}` | {problem.status} | {number} | {problem.default_message} | {when} |")
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

"""`troth doctor`."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from models.kernel.clock import DAY_MS, wall_ms
from troth.cli.common import AsJson, fail
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Refused, Url, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CALLS = 1_000
"""How many of the newest calls are looked at."""
CALLS_MIN = 3
"""A few calls that fail may be a test of errors."""
OK = "ok"
HAS_FINDINGS = 2
"""The exit status where there are findings; where the check could not run it is 1, as with every command that fails."""
ServedDatabase = Annotated[
    str | None,
    typer.Option(
        "--db", envvar="TROTH_DATABASE_URL", help="Look at this served database instead of a mock.", show_default=False
    ),
]


def doctor(
    context: typer.Context,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    db: ServedDatabase = None,
    as_json: AsJson = False,
) -> None:
    """Look at a running mock, or with --db at a served database, and say what is odd.

    Status 0 where nothing is, 2 where something is, and 1 where it cannot be looked at. Example: troth doctor --db
    postgresql://troth@localhost/troth
    """
    is_mock_meant = _source(context, "url") == "COMMANDLINE" and _source(context, "db") == "ENVIRONMENT"
    if db is not None and not is_mock_meant:
        from troth.cli.database_doctor import examine

        _print_findings("database", examine(db), as_json)
    else:
        _print_findings("mock", _of_mock(url, sandbox), as_json)


def _source(context: typer.Context, option: str) -> str | None:
    """Where the value of an option comes from."""
    source = context.get_parameter_source(option)
    return None if source is None else source.name


def _print_findings(subject: str, found: list[tuple[str, str]], as_json: bool) -> None:
    """Print findings. Ends the command with status 2 where there are some."""
    rows = [{"about": about, "finding": finding} for about, finding in found]
    show({"findings": rows}, rows or [{"about": subject, "finding": "nothing is odd"}], as_json)
    if rows:
        raise SystemExit(HAS_FINDINGS)


def _of_mock(url: str, sandbox: str) -> list[tuple[str, str]]:
    """The findings about a running mock."""
    mock = Mock(url, sandbox)
    info = mock.call("GET", "/info")
    return [
        *_unready(mock.send("GET", f"{mock.url}/_health/ready").json()),
        *_of_addresses(mock.url, info),
        *_of_tenants(info),
        *_of_clock(mock.call("GET", "/clock"), wall_ms()),
        *_of_rules(mock.call("GET", "/rules")),
        *_of_calls(_calls(mock)),
    ]


def _calls(mock: Mock) -> list[Json]:
    """The newest calls; none where the mock keeps no journal."""
    try:
        calls: list[Json] = mock.try_call("GET", "/journal", query={"limit": CALLS})["calls"]
    except Refused as error:
        if error.code != "JOURNAL_OFF":
            fail(str(error))
        return []
    return calls


def _unready(health: Json) -> Iterator[tuple[str, str]]:
    """Database, schema and background work that are not in order."""
    for name, state in health["checks"].items():
        if state != OK:
            yield name, state


def _of_addresses(url: str, info: Json) -> Iterator[tuple[str, str]]:
    """Addresses in answers (share links, pages) that lead to another port than the one that was asked."""
    reached = urlsplit(url)
    for api, facts in info["apis"].items():
        own = urlsplit(facts["base_url"])
        if (own.scheme, own.port) != (reached.scheme, reached.port):
            yield api, f"it answers at {url}, but says {facts['base_url']} in its answers: set TROTH_PUBLIC_URL"


def _of_tenants(info: Json) -> Iterator[tuple[str, str]]:
    if not info["apis"]:
        yield "tenants", "no API has one: start the mock with another scenario"
    for api, facts in info["apis"].items():
        missing = [name for name, value in facts["credentials"].items() if not value]
        if missing:
            yield api, f"its tenant has no {', '.join(missing)}"


def _of_clock(clock: Json, wall: int) -> Iterator[tuple[str, str]]:
    days = (clock["now_ms"] - wall) / DAY_MS
    if abs(days) >= 1:
        side = "ahead of" if days > 0 else "behind"
        yield (
            "clock",
            f"it stands at {clock['now']}, {abs(days):.0f} days {side} the time: tokens may be expired or not valid yet",
        )


def _of_rules(answer: Json) -> Iterator[tuple[str, str]]:
    for rule in answer["rules"]:
        yield rule["id"], f"this rule may change answers; it has changed {rule['applied']}"


def _of_calls(calls: Iterable[Json]) -> Iterator[tuple[str, str]]:
    """Operations of which every call has failed."""
    known = [call for call in calls if call["operation"] is not None]
    for (api, operation), of_one in groupby(sorted(known, key=_KEY), key=_KEY):
        statuses = [call["status"] for call in of_one]
        if len(statuses) >= CALLS_MIN and min(statuses) >= 400:
            shown = ", ".join(map(str, sorted(set(statuses))))
            yield (
                f"{api}.{operation}",
                f"all {len(statuses)} calls failed with {shown}: see `troth journal list --operation {operation}`",
            )


_KEY = itemgetter("api", "operation")

"""`troth journal`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from troth.cli.common import AsJson, fail, print_rows
from troth.cli.control import (
    DEFAULT_URL,
    MAIN,
    InSandbox,
    Json,
    Mock,
    Refused,
    Url,
    done,
    only,
    pairs,
    parsed,
    print_message,
    segment,
    show,
)

app = typer.Typer(no_args_is_help=True, help="The calls to a sandbox of a running mock, and what came of them.")
CallNumber = Annotated[int, typer.Argument(help="Number of the call.")]
Secrets = Annotated[bool, typer.Option("--secrets", help="With credentials, which are masked otherwise.")]
Status = Annotated[
    str | None, typer.Option(help="Calls with this status, such as 409, or its class, such as 4xx.", show_default=False)
]
OfApi = Annotated[str | None, typer.Option("--api", help="Calls of this API.", show_default=False)]
OfTenant = Annotated[
    str | None, typer.Option("--tenant", help="Calls in this tenant: its alias, or API/alias.", show_default=False)
]
COLUMNS = ("number", "at", "method", "url", "operation", "tenant", "status", "code", "duration_us", "rule")


@app.command("list")
def journal_list(
    api: OfApi = None,
    operation: Annotated[str | None, typer.Option(help="Calls of this operation.", show_default=False)] = None,
    method: Annotated[str | None, typer.Option(help="Calls with this method.", show_default=False)] = None,
    status: Status = None,
    tenant: OfTenant = None,
    text: Annotated[
        str | None, typer.Option(help="Calls with this text in the address or a body.", show_default=False)
    ] = None,
    after: Annotated[
        int | None, typer.Option(help="Calls beyond this number, oldest first.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(help="So many calls at most.", min=1)] = 50,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """List calls, the newest first. Example: troth journal list --api saasquatch --status 4xx --limit 10"""
    query = only(
        api=api, operation=operation, method=method, status=status, tenant=tenant, text=text, after=after, limit=limit
    )
    answer = Mock(url, sandbox).call("GET", "/journal", query=query)
    show(answer, [_row(call) for call in answer["calls"]], as_json, "no calls")


@app.command("show")
def journal_show(
    number: CallNumber,
    secrets: Secrets = False,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Show a call whole: headers, bodies, breaches, what it caused, the command that repeats it.

    Example: troth journal show 42
    """
    call = Mock(url, sandbox).call("GET", f"/journal/{number}", query={"secrets": secrets})
    if as_json:
        print(json.dumps(call, indent=2))
    else:
        _print_call(call)


@app.command("verify")
def journal_verify(
    operation: Annotated[str, typer.Argument(help="Id of the operation, e.g. openUserUpsert.")],
    count: Annotated[int | None, typer.Option(help="Exactly so many calls.", show_default=False)] = None,
    at_least: Annotated[int | None, typer.Option(help="So many or more; 1 by default.", show_default=False)] = None,
    at_most: Annotated[int | None, typer.Option(help="So many or fewer.", show_default=False)] = None,
    api: OfApi = None,
    status: Status = None,
    tenant: OfTenant = None,
    body: Annotated[
        str | None, typer.Option(help="JSON object that the request's body holds.", show_default=False)
    ] = None,
    answer: Annotated[
        str | None, typer.Option(help="JSON object that the answer's body holds.", show_default=False)
    ] = None,
    query: Annotated[list[str] | None, typer.Option(help="NAME=VALUE of the query.", show_default=False)] = None,
    header: Annotated[list[str] | None, typer.Option(help="NAME=VALUE of the headers.", show_default=False)] = None,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Say whether there were such calls: status 0, or 1 with the nearest calls and how they differ.

    Example: troth journal verify openUserUpsert --count 1 --body '{"firstName": "Zoe"}'
    """
    counts = only(count=count, at_least=at_least, at_most=at_most)
    expected = only(operation=operation, api=api, status=status, tenant=tenant, **counts)
    messages = only(body=parsed("--body", body), answer=parsed("--answer", answer))
    names = only(query=pairs("--query", query), headers=pairs("--header", header))
    try:
        found = Mock(url, sandbox).try_call("POST", "/journal/verify", body={**expected, **messages, **names})
    except Refused as error:
        _print_nearest(error.answer, as_json)
        fail(str(error))
    show(found, [found], as_json)


@app.command("replay")
def journal_replay(
    number: CallNumber, sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False
) -> None:
    """Send the request of a call again, as it came, and show the new call. Example: troth journal replay 42"""
    answer = Mock(url, sandbox).call("POST", f"/journal/{segment(str(number))}/replay")
    show(answer, [_row(answer)], as_json)


@app.command("clear")
def journal_clear(sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Forget the calls; numbers go on. Example: troth journal clear"""
    Mock(url, sandbox).call("DELETE", "/journal")
    done("cleared", as_json)


@app.command("har")
def journal_har(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")
    ] = None,
    secrets: Secrets = False,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
) -> None:
    """Write the calls as an HTTP archive, which the tools of a browser open. Example: troth journal har -o calls.har"""
    archive = json.dumps(Mock(url, sandbox).call("GET", "/journal/har", query={"secrets": secrets}), indent=2)
    if output is None:
        print(archive)
        return
    try:
        output.write_text(archive + "\n", encoding="utf-8")
    except OSError as error:
        fail(f"{output}: {error.strerror}")


def _row(call: Json) -> Json:
    return {name: "" if call[name] is None else call[name] for name in COLUMNS}


def _print_call(call: Json) -> None:
    """A call for people: what was sent, what was answered, what came of it."""
    print_rows([_row(call)], as_json=False)
    for breach in call["breaches"]:
        print(f"breach of the contract: {breach}")
    for name in ("request", "answer"):
        print()
        print_message(name, call[name])
    for name, rows in call["caused"].items():
        if rows:
            print(f"\n{name} it caused")
            print_rows(rows, as_json=False)
    print(f"\n{call['curl']}")


def _print_nearest(answer: Json, as_json: bool) -> None:
    """The calls that differ least from what was expected, on standard output."""
    if as_json:
        print(json.dumps(answer, indent=2))
        return
    for call in answer["error"].get("nearest", []):
        print(f"{call['number']} {call['method']} {call['url']} {call['status']}")
        for difference in call["differences"]:
            print(f"  {difference}")

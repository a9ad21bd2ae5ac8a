"""`troth sandbox`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from troth.cli.common import AsJson, fail, print_rows
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, done, only, segment, show

app = typer.Typer(
    no_args_is_help=True, help="Sandboxes of a running mock: tenants of every API, apart from all others."
)
SandboxId = Annotated[str, typer.Argument(help="Id of the sandbox.")]


@app.command("create")
def sandbox_create(
    name: Annotated[str | None, typer.Option(help="Its id; made up by default.", show_default=False)] = None,
    scenario: Annotated[
        str | None, typer.Option(help="What it begins with; as the main one by default.", show_default=False)
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="What is made up in it derives from this; as the main one.", show_default=False)
    ] = None,
    clock: Annotated[
        Literal["wall", "fixed"] | None, typer.Option(help="Its clock; as the main one by default.", show_default=False)
    ] = None,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Create a sandbox with credentials of its own.

    Example: troth sandbox create --scenario empty --clock fixed --json
    """
    body = only(name=name, scenario=scenario, seed=seed, clock=clock)
    _show(Mock(url).call("POST", "/sandboxes", body=body), as_json)


@app.command("list")
def sandbox_list(url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """List the sandboxes, the main one first. Example: troth sandbox list"""
    answer = Mock(url).call("GET", "/sandboxes")
    show(answer, [_row(one) for one in answer["sandboxes"]], as_json)


@app.command("show")
def sandbox_show(sandbox: SandboxId = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Show a sandbox with its base URLs and credentials. Example: troth sandbox show checkout-tests"""
    _show(Mock(url).call("GET", f"/sandboxes/{segment(sandbox)}"), as_json)


@app.command("delete")
def sandbox_delete(sandbox: SandboxId, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Delete a sandbox with all that is in it. Example: troth sandbox delete checkout-tests"""
    Mock(url).call("DELETE", f"/sandboxes/{segment(sandbox)}")
    done("deleted", as_json)


@app.command("reset")
def sandbox_reset(sandbox: SandboxId = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Make a sandbox what it was at first. Example: troth sandbox reset checkout-tests"""
    answer = Mock(url, sandbox).call("POST", "/reset")
    show(answer, [_row(answer)], as_json)


@app.command("diff")
def sandbox_diff(
    before: Annotated[str, typer.Argument(metavar="SNAPSHOT", help="Name of the earlier snapshot.")],
    to: Annotated[str, typer.Option(help="Name of the later snapshot; `now` for the present.")] = "now",
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Show what has changed since a snapshot. Example: troth sandbox diff before-checkout"""
    answer = Mock(url, sandbox).call("GET", "/diff", query={"from": before, "to": to})
    show(answer, [_changed(one) for one in answer["resources"]], as_json, "no resource has changed")
    if as_json:
        return
    for name, columns in (("events", ("tenant", "type", "id")), ("deliveries", ("tenant", "status", "url", "id"))):
        if answer[name]:
            print(f"\n{name}")
            print_rows([{column: one[column] for column in columns} for one in answer[name]], as_json=False)


def _changed(one: Json) -> Json:
    changes = "; ".join(
        f"{change['member']}: {json.dumps(change.get('before'))} -> {json.dumps(change.get('after'))}"
        for change in one.get("changes", ())
    )
    key = ", ".join(str(value) for value in one["key"].values())
    return {**{name: one[name] or "" for name in ("kind", "tenant", "resource")}, "key": key, "changes": changes}


@app.command("export")
def sandbox_export(
    file: Annotated[str, typer.Argument(help="File to write; - for standard output.")],
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Write all that a sandbox holds to a file, as lines of JSON. Example: troth sandbox export before.jsonl --sandbox
    checkout-tests
    """
    lines = Mock(url, sandbox).download("/export")
    if file == "-":
        sys.stdout.buffer.write(lines)
        return
    try:
        Path(file).write_bytes(lines)
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    written = {"file": file, "bytes": len(lines), "lines": lines.count(b"\n")}
    show(written, [written], as_json)


@app.command("import")
def sandbox_import(
    file: Annotated[str, typer.Argument(help="File to read; - for standard input.")],
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Make a sandbox what a file of `sandbox export` says.

    Example: troth sandbox import before.jsonl --sandbox checkout-tests
    """
    try:
        lines = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    answer = Mock(url, sandbox).upload("/import", lines, "application/x-ndjson")
    show(answer, [_row(answer)], as_json)


def _row(sandbox: Json) -> Json:
    shown = {name: sandbox[name] for name in ("id", "scenario", "seed", "clock", "now", "url")}
    return {**shown, "snapshots": ", ".join(sandbox["snapshots"])}


def _show(sandbox: Json, as_json: bool) -> None:
    """A sandbox; for people with a line for each credential."""
    show(sandbox, [_row(sandbox)], as_json)
    if as_json:
        return
    for api, facts in sandbox["apis"].items():
        print(f"\n{api}  {facts['base_url']}")
        for name, value in facts["credentials"].items():
            print(f"  {name:<22}{value}")

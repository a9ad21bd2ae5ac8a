"""`troth snapshot`."""

from __future__ import annotations

from typing import Annotated

import typer

from troth.cli.common import AsJson
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Mock, Url, done, segment, show

app = typer.Typer(no_args_is_help=True, help="Snapshots of a sandbox of a running mock.")
Name = Annotated[str, typer.Argument(help="Name of the snapshot.")]


@app.command("take")
def snapshot_take(name: Name, sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Store what a sandbox holds under a name. Example: troth snapshot take before-checkout"""
    answer = Mock(url, sandbox).call("POST", "/snapshots", body={"name": name})
    show(answer, [answer], as_json)


@app.command("list")
def snapshot_list(sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """List the snapshots of a sandbox, oldest first. Example: troth snapshot list --sandbox checkout-tests"""
    answer = Mock(url, sandbox).call("GET", "/snapshots")
    show(answer, answer["snapshots"], as_json, "no snapshots")


@app.command("restore")
def snapshot_restore(name: Name, sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Make a sandbox what it was when the snapshot was taken. Example: troth snapshot restore before-checkout"""
    answer = Mock(url, sandbox).call("POST", f"/snapshots/{segment(name)}/restore")
    show(answer, [{"restored": name, "sandbox": answer["id"], "now": answer["now"]}], as_json)


@app.command("delete")
def snapshot_delete(name: Name, sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Delete a snapshot. Example: troth snapshot delete before-checkout"""
    Mock(url, sandbox).call("DELETE", f"/snapshots/{segment(name)}")
    done("deleted", as_json)

"""`troth delivery`."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from troth.cli.common import AsJson, fail, print_rows
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, only, print_message, segment, show

app = typer.Typer(no_args_is_help=True, help="Webhooks that a sandbox of a running mock has sent or is going to send.")
OfApi = Annotated[str | None, typer.Option("--api", help="Deliveries of this API.", show_default=False)]
OfTenant = Annotated[
    str | None, typer.Option("--tenant", help="Deliveries of this tenant: its alias, or API/alias.", show_default=False)
]
OfStatus = Annotated[
    Literal["pending", "delivered", "failed"] | None,
    typer.Option("--status", help="Deliveries that stand so.", show_default=False),
]
OfEvent = Annotated[str | None, typer.Option("--event", help="Deliveries of events of this type.", show_default=False)]
COLUMNS = ("id", "created", "tenant", "event", "url", "status", "attempts")


@app.command("list")
def delivery_list(
    api: OfApi = None,
    tenant: OfTenant = None,
    status: OfStatus = None,
    event: OfEvent = None,
    limit: Annotated[int, typer.Option(help="So many deliveries at most.", min=1)] = 50,
    offset: Annotated[int, typer.Option(help="So many are left out first.", min=0)] = 0,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """List deliveries, the newest event first. Example: troth delivery list --api saasquatch --status failed"""
    query = only(api=api, tenant=tenant, status=status, event=event, limit=limit, offset=offset)
    answer = Mock(url, sandbox).call("GET", "/deliveries", query=query)
    show(answer, [{name: row[name] for name in COLUMNS} for row in answer["deliveries"]], as_json, "no deliveries")


@app.command("show")
def delivery_show(
    delivery: Annotated[str, typer.Argument(help="Id of the delivery.")],
    secrets: Annotated[bool, typer.Option("--secrets", help="With credentials, which are masked otherwise.")] = False,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Show a delivery with each attempt, its request and its answer.

    Example: troth delivery show 5f00000000000000000000d1
    """
    found = Mock(url, sandbox).call("GET", f"/deliveries/{segment(delivery)}", query={"secrets": secrets})
    if as_json:
        print(json.dumps(found, indent=2))
        return
    print_rows([{name: found[name] for name in COLUMNS}], as_json=False)
    for one in [*found["tries"], *found["elsewhere"]]:
        outcome = one["status"] if one["error"] is None else one["error"]
        print(f"\n{one['at']}  {one['url']}  {outcome}  {one['duration_ms']} ms")
        for name in ("request", "answer"):
            if name in one:
                print_message(name, one[name])


@app.command("resend")
def delivery_resend(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of deliveries.", show_default=False)] = None,
    api: OfApi = None,
    tenant: OfTenant = None,
    status: OfStatus = None,
    event: OfEvent = None,
    to: Annotated[str | None, typer.Option(help="Another address to send them to.", show_default=False)] = None,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Send deliveries again: those that are named, or the newest 100 of a filter; status 1 where one is not answered
    with 2xx.

    Example: troth delivery resend --status failed --to http://localhost:4242/webhooks
    """
    filters = only(api=api, tenant=tenant, status=status, event=event)
    if bool(ids) == bool(filters):
        fail("name deliveries, or give one of --api, --tenant, --status and --event")
    body: Json = {"ids": ids} if ids else {"filter": filters}
    answer = Mock(url, sandbox).call("POST", "/deliveries/resend", body={**body, **only(url=to)})
    show(answer, [_resent(one) for one in answer["resent"]], as_json)
    if any(one["status"] is None or one["status"] // 100 != 2 for one in answer["resent"]):
        raise SystemExit(1)


def _resent(one: Json) -> Json:
    return {**{name: one[name] or "" for name in ("delivery", "url", "status")}, "error": one.get("error", "")}

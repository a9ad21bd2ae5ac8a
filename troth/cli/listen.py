"""`troth listen`."""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit

import typer

from models.kernel.clock import monotonic_s
from troth.cli.common import AsJson, fail
from troth.cli.control import CONNECT_S, DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, only, segment, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

FORWARD_S = 15
"""How long the address has to answer, as long as other receivers have."""
RETRIES_MAX = 5
RETRY_S = 1.0
"""A stream that has broken off is opened again so often, with pauses; nothing is lost meanwhile that the mock still
keeps.
"""
NOT_FORWARDED = frozenset({"host", "content-length", "connection", "transfer-encoding"})


def listen(
    forward_to: Annotated[
        str | None, typer.Option("--forward-to", help="Address that gets the webhooks.", show_default=False)
    ] = None,
    api: Annotated[str | None, typer.Option("--api", help="Only webhooks of this API.", show_default=False)] = None,
    events: Annotated[
        str | None, typer.Option(help="Only events of these types, separated by commas.", show_default=False)
    ] = None,
    tenant: Annotated[
        str | None, typer.Option(help="Only webhooks of this tenant: its alias, or API/alias.", show_default=False)
    ] = None,
    retries: Annotated[bool, typer.Option("--retries", help="Each attempt, not only the first of a delivery.")] = False,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="A line of text or of JSON for each.")
    ] = "text",
    print_secret: Annotated[bool, typer.Option("--print-secret", help="Print the signing secrets and end.")] = False,
    skip_verify: Annotated[
        bool, typer.Option("--skip-verify", help="Do not verify the certificate of the address.")
    ] = False,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Follow the webhooks of a running mock and forward each, with its headers, body and query, until SIGINT or
    SIGTERM.

    Example: troth listen --forward-to http://localhost:4242/webhooks --api saasquatch --events
    user.created,reward.created
    """
    mock = Mock(url, sandbox)
    as_json = as_json or form == "json"
    if print_secret:
        _print_secrets(mock.call("GET", "/signing-secrets", query=only(api=api, tenant=tenant)), as_json)
        return
    if forward_to is not None and urlsplit(forward_to).scheme not in ("http", "https"):
        fail(f"--forward-to: {forward_to!r} is not an http address")
    if api is not None and api not in (known := mock.call("GET", "/info")["apis"]):
        fail(f"--api: the mock has no API {api!r}; there are {', '.join(known)}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: sys.exit(0))
    filters = only(api=api, events=events, tenant=tenant, retries="true" if retries else None)
    inside = "" if sandbox == MAIN else f"/sandbox/{segment(sandbox)}"
    _follow(f"{mock.url}{inside}/dashboard/webhook-stream?{urlencode(filters)}", forward_to, as_json, not skip_verify)


def _print_secrets(answer: Json, as_json: bool) -> None:
    rows = [{"tenant": one["tenant"], "secret": secret} for one in answer["tenants"] for secret in one["secrets"]]
    show(answer, rows, as_json)


def _follow(stream: str, forward_to: str | None, as_json: bool, verify: bool) -> None:
    import httpx2

    with (
        httpx2.Client(timeout=httpx2.Timeout(None, connect=CONNECT_S), trust_env=False) as client,
        httpx2.Client(timeout=FORWARD_S, trust_env=False, verify=verify) as forwarding,
    ):
        for webhook in _webhooks(client, stream):
            forwarded = {} if forward_to is None else _forward(forwarding, forward_to, webhook)
            print(json.dumps({**webhook, **forwarded}) if as_json else _line(webhook, forwarded), flush=True)


def _webhooks(client: httpx2.Client, stream: str) -> Iterator[Json]:
    """The webhooks of a stream, which is opened again where it breaks off."""
    import httpx2

    last, failures = None, 0
    while True:
        try:
            with client.stream("GET", stream, headers=only(**{"Last-Event-ID": last})) as answer:
                if not answer.is_success:
                    fail(f"the mock answers {answer.status_code} to {stream}")
                if last is None:
                    print("listening; Ctrl+C ends it", file=sys.stderr, flush=True)
                last, failures = last or "", 0
                for line in answer.iter_lines():
                    name, _, value = line.partition(": ")
                    if name == "id":
                        last = value
                    elif name == "data":
                        yield json.loads(value)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            if last is None:
                fail(f"no mock answers at {stream} ({error}); start one with `troth mock`, or name it with --url")
            failures += 1
            if failures > RETRIES_MAX:
                fail(f"the mock does not answer any more ({error})")
        time.sleep(RETRY_S)


def _forward(client: httpx2.Client, forward_to: str, webhook: Json) -> Json:
    """Forward a webhook unchanged; returns its outcome."""
    import httpx2

    query = urlsplit(webhook["url"]).query
    target = forward_to if not query else f"{forward_to}{'&' if urlsplit(forward_to).query else '?'}{query}"
    headers = {name: value for name, value in webhook["headers"].items() if name.lower() not in NOT_FORWARDED}
    started, forwarded = monotonic_s(), dict[str, Any]()
    try:
        forwarded["forwarded_status"] = client.post(
            target, content=webhook["body"].encode(), headers=headers
        ).status_code
    except (httpx2.TransportError, httpx2.InvalidURL) as error:
        forwarded |= {"forwarded_status": None, "forwarded_error": f"{type(error).__name__}: {error}"}
    return {**forwarded, "forwarded_ms": round((monotonic_s() - started) * 1_000)}


def _line(webhook: Json, forwarded: Json) -> str:
    """A webhook for people."""
    line = f"{webhook['at']}  {webhook['tenant']}  {webhook['event']}  {webhook['delivery']}"
    if not forwarded:
        return line
    return (
        f"{line}  -> {forwarded['forwarded_status'] or forwarded['forwarded_error']} ({forwarded['forwarded_ms']} ms)"
    )

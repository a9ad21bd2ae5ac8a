"""`troth rule`."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import typer

from troth.cli.common import AsJson, fail
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, done, only, parsed, segment, show

app = typer.Typer(no_args_is_help=True, help="Answers, delays and faults at will, in a sandbox of a running mock.")
Fault = Literal["empty", "truncated", "malformed", "dropped"]
MEANT = ("target", "api", "operation", "method", "path", "tenant", "body", "url")
DOES = ("answer", "delay", "fault", "bytes_per_s")
TURN = ("skip", "every", "probability", "times", "for_ms")


@app.command("add")
def rule_add(
    rule: Annotated[
        str | None, typer.Argument(help="The whole rule as JSON; options come on top of it.", show_default=False)
    ] = None,
    target: Annotated[
        Literal["calls", "webhooks"] | None,
        typer.Option(help="Calls to the sandbox (default), or the webhooks that it sends.", show_default=False),
    ] = None,
    api: Annotated[str | None, typer.Option(help="Only calls of this API.", show_default=False)] = None,
    operation: Annotated[str | None, typer.Option(help="Only calls of this operation.", show_default=False)] = None,
    method: Annotated[str | None, typer.Option(help="Only calls with this method.", show_default=False)] = None,
    path: Annotated[
        str | None, typer.Option(help="Only calls to such paths; * stands for anything.", show_default=False)
    ] = None,
    tenant: Annotated[
        str | None, typer.Option(help="Only calls in this tenant: its alias, or API/alias.", show_default=False)
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="Only webhooks to such addresses; * stands for anything.", show_default=False)
    ] = None,
    code: Annotated[int | None, typer.Option(help="Answer with this status.", show_default=False)] = None,
    example: Annotated[
        str | None, typer.Option(help="Answer with this example of the contract.", show_default=False)
    ] = None,
    delay_ms: Annotated[float | None, typer.Option(help="Wait so long before the answer.", show_default=False)] = None,
    fault: Annotated[Fault | None, typer.Option(help="What happens to the answer.", show_default=False)] = None,
    bytes_per_s: Annotated[
        int | None, typer.Option(help="How fast the body of the answer is sent.", show_default=False)
    ] = None,
    times: Annotated[int | None, typer.Option(help="End after so many applications.", show_default=False)] = None,
    every: Annotated[int | None, typer.Option(help="Every so many-th call.", show_default=False)] = None,
    skip: Annotated[int | None, typer.Option(help="Let so many calls through first.", show_default=False)] = None,
    probability: Annotated[float | None, typer.Option(help="Share of the calls, 0 to 1.", show_default=False)] = None,
    for_ms: Annotated[
        int | None, typer.Option(help="End after so many ms on the sandbox's clock.", show_default=False)
    ] = None,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Add a rule. Example: troth rule add --operation openUserUpsert --code 503 --times 2"""
    given: Json = parsed("the rule", rule) or {}
    given |= only(target=target, api=api, operation=operation, method=method, path=path, tenant=tenant, url=to)
    given |= only(fault=fault, bytes_per_s=bytes_per_s, times=times, every=every, skip=skip)
    given |= only(probability=probability, for_ms=for_ms)
    if answer := only(code=code, example=example):
        given["answer"] = {**given.get("answer", {}), **answer}
    if delay_ms is not None:
        given["delay"] = {"ms": delay_ms}
    if not any(name in given for name in DOES):
        fail("a rule does something: give --code, --example, --delay-ms, --fault or --bytes-per-s, or a rule as JSON")
    made = Mock(url, sandbox).call("POST", "/rules", body=given)
    show(made, [_row(made)], as_json)


@app.command("list")
def rule_list(sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """List the rules with how often each was applied. Example: troth rule list --sandbox checkout-tests"""
    answer = Mock(url, sandbox).call("GET", "/rules")
    show(answer, [_row(rule) for rule in answer["rules"]], as_json, "no rules")


@app.command("delete")
def rule_delete(
    rule: Annotated[str, typer.Argument(help="Id of the rule.")],
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Delete a rule. Example: troth rule delete rule-1"""
    Mock(url, sandbox).call("DELETE", f"/rules/{segment(rule)}")
    done("deleted", as_json)


@app.command("clear")
def rule_clear(sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Delete all rules. Example: troth rule clear"""
    Mock(url, sandbox).call("DELETE", "/rules")
    done("cleared", as_json)


def _row(rule: Json) -> Json:
    def part(names: tuple[str, ...]) -> str:
        return ", ".join(f"{name} {_words(rule[name])}" for name in names if name in rule)

    shown = {"id": rule["id"], "meant": part(MEANT), "turn": part(TURN), "does": part(DOES)}
    return {**shown, "matched": rule["matched"], "applied": rule["applied"]}


def _words(value: Any) -> str:
    """A part of a rule for people: `code 503` for `{"code": 503}`."""
    if isinstance(value, dict):
        return " ".join(f"{name} {_words(part)}" for name, part in value.items())
    return value if isinstance(value, str) else json.dumps(value)

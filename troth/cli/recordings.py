"""`troth recording` and `troth replay`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troth.cli.common import AsJson, fail
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, segment, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from troth.mock.replays import Outcome

app = typer.Typer(no_args_is_help=True, help="Recordings of calls to a sandbox of a running mock, for `troth replay`.")
Name = Annotated[str, typer.Argument(help="Name of the recording.")]


@app.command("begin")
def recording_begin(
    name: Name,
    reset: Annotated[bool, typer.Option("--reset", help="Make the sandbox what it was at first before.")] = False,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Record the calls to a sandbox from now on. Example: troth recording begin checkout --reset"""
    answer = Mock(url, sandbox).call("POST", "/recordings", body={"name": name, "reset": reset})
    show(answer, [answer], as_json)


@app.command("list")
def recording_list(sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """List the recordings that are under way. Example: troth recording list"""
    answer = Mock(url, sandbox).call("GET", "/recordings")
    show(answer, answer["recordings"], as_json, "no recordings")


@app.command("end")
def recording_end(
    name: Name,
    file: Annotated[Path, typer.Argument(help="File to write the recording to.")],
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """End a recording and write it to a file, with the credentials that were used.

    Example: troth recording end checkout checkout.json
    """
    try:
        with file.open("w", encoding="utf-8") as opened:  # before the mock forgets it
            recording = Mock(url, sandbox).call("POST", f"/recordings/{segment(name)}/end")
            json.dump(recording, opened, indent=1)
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    written = {"file": str(file), "calls": recording["count"], "full": recording["full"]}
    show(written, [written], as_json)


def replay(
    file: Annotated[Path, typer.Argument(help="File of `troth recording end`.")],
    keep: Annotated[bool, typer.Option("--keep", help="Do not delete the sandbox afterwards.")] = False,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Play a recording in a fresh sandbox: status 0 where all is answered alike, else 1 with the first answer that
    differs.

    Ids and times are masked. Example: troth replay checkout.json
    """
    from troth.mock.replays import ReplayError, read_recording

    try:
        recording = read_recording(file.read_bytes())
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    except ReplayError as error:
        fail(f"{file}: {error}")
    began = recording["sandbox"]
    mock = Mock(url)
    fresh = mock.call("POST", "/sandboxes", body={name: began[name] for name in ("scenario", "seed", "clock")})
    try:
        outcome = _play(mock, recording, fresh)
    finally:
        if not keep:
            mock.call("DELETE", f"/sandboxes/{segment(fresh['id'])}")
    _print_outcome(outcome, recording, fresh["id"] if keep else None, as_json)


def _play(mock: Mock, recording: Json, fresh: Json) -> Outcome:
    from troth.mock.replays import Replay

    base = f"{mock.url}/sandbox/{fresh['id']}"

    def send(method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
        answer = mock.send(method, base + target, headers=dict(headers), content=body)
        return answer.status_code, answer.content

    return Replay(recording["sandbox"], fresh).run(recording["calls"], send)


def _print_outcome(outcome: Outcome, recording: Json, kept: str | None, as_json: bool) -> None:
    """Print how a replay went. Ends the command with status 1 where an answer differs."""
    call = outcome.call
    report: Json = {"alike": outcome.alike, "calls": len(recording["calls"]), "sandbox": kept}
    if call is not None:
        place = {"number": outcome.alike + 1, "method": call["method"], "path": call["path"]}
        report |= {"differs": {**place, "differences": outcome.differences}}
    if as_json:
        print(json.dumps(report, indent=2))
    elif call is None:
        print(f"{outcome.alike} calls are answered alike")
    else:
        print(f"call {outcome.alike + 1} of {report['calls']}: {call['method']} {call['path']}")
        for difference in outcome.differences:
            print(f"  {difference}")
    if call is not None:
        raise SystemExit(1)

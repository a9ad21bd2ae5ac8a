"""A mock of its own for `troth mcp`: another process, which ends with it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from troth.starting import CannotStart

STOP_S = 5.0


@contextlib.contextmanager
def started_mock(*options: str) -> Iterator[str]:
    """The URL of a mock on a free port, which answers. Raises CannotStart.

    Its messages go to standard error: standard output belongs to the protocol.
    """
    process = subprocess.Popen(  # noqa: S603  this very program, with options that the command line has read
        [sys.executable, "-m", "troth", "mock", "--json", "--port", "0", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    with _ended_by_signals(process):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise CannotStart(f"the mock did not start (status {process.wait()})")
            yield str(json.loads(line)["url"])
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _ended_by_signals(process: subprocess.Popen[str]) -> Iterator[None]:
    """Let SIGTERM and SIGINT end the mock and this process at once: a thread that waits for standard input would hold
    up an orderly exit.
    """

    def leave(number: int, _frame: Any) -> None:
        _end(process)
        os._exit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

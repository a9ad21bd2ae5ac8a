"""Where the clients are made, and how commands are run there."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from troth.paths import ROOT

APIS = ("saasquatch", "advocacy", "leat", "loyalty_core")
HERE = Path(__file__).parent
MADE = ROOT / "var" / "clients"
SECONDS_MAX = 300


class ClientFault(Exception):
    """A client cannot be generated, its types are wrong, or its story fails.

    The message holds what the command said.
    """


def contract(api: str) -> Path:
    return ROOT / "openapi" / "bundled" / f"{api}.json"


def run(what: str, command: Sequence[str | Path], *, cwd: Path = MADE, **environment: str) -> str:
    """Run a command and print how long it took; returns its output. Raises ClientFault when it fails."""
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        # A generator must not find this project's packages: they are not there where outsiders run it.
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONPATH"}, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    if done.returncode:
        raise ClientFault(f"{what}: failed\n{done.stdout}")
    print(f"{what}: {time.monotonic() - started:.1f} s", file=sys.stdout, flush=True)
    return done.stdout

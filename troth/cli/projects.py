"""`troth init`."""

from __future__ import annotations

from pathlib import Path

from troth.cli.common import fail


def init() -> None:
    """Write a commented troth.yaml into this folder, with which `troth mock` starts here from then on.

    Example: troth init
    """
    from troth.mock.scenarios import PROJECT_FILE, TEMPLATE

    try:
        with Path(PROJECT_FILE).open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.read_text(encoding="utf-8"))
    except FileExistsError:
        fail(f"{PROJECT_FILE} is there already, and stays as it is")
    except OSError as error:
        fail(f"{PROJECT_FILE}: {error.strerror}")
    print(f"wrote {PROJECT_FILE}: change it as you like, and start `troth mock` in this folder")

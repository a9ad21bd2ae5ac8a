"""The speed of a mock's clock, in a file beside its database: the table of sandboxes has the position of a clock only.

Time goes on at that speed while the mock is down, so that it never goes back, whatever ended the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from models.kernel.clock import Clock, running, wall_ms
from troth.log import logger

if TYPE_CHECKING:
    from pathlib import Path

NAME = "clock.json"


def store(folder: Path, clock: Clock) -> None:
    """Keep at which speed a clock runs from where it stands; one that is fixed or follows wall time needs no file.

    Raises OSError.
    """
    file = folder / NAME
    if clock.fixed or clock.speed == 1:
        file.unlink(missing_ok=True)
        return
    draft = file.with_suffix(".new")
    draft.write_bytes(orjson.dumps({"speed": clock.speed, "at_ms": clock.now_ms(), "since_ms": wall_ms()}))
    draft.replace(file)


def restore(folder: Path, clock: Clock) -> Clock:
    """The clock of the file, but not earlier than the stored one; the stored one where there is no file or it cannot be
    read.
    """
    file = folder / NAME
    if clock.fixed or not file.is_file():
        return clock
    try:
        saved: dict[str, Any] = orjson.loads(file.read_bytes())
        passed_ms = max(0, wall_ms() - saved["since_ms"]) * saved["speed"]
        return running(max(clock.now_ms(), int(saved["at_ms"] + passed_ms)), float(saved["speed"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("the clock's speed cannot be read", file=str(file), reason=str(error))
        return clock

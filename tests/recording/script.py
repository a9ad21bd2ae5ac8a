"""The script: which parts are played, and in which order."""

from collections.abc import Callable
from pathlib import Path

from tests.recording import (
    advocacy,
    control,
    edges,
    leat,
    loyalty_core_coupons,
    loyalty_core_engagement,
    loyalty_core_people,
    loyalty_core_points,
    public,
    refusals,
    saasquatch,
)
from tests.recording.database import record_tables
from tests.recording.recorder import Recorder
from tests.recording.server import recorded_server
from tests.support.client import Client
from tests.support.surface import SEEN

Part = Callable[[Recorder], None]
SUCCESSES: list[Part] = [
    control.play,
    advocacy.play,
    saasquatch.play,
    leat.play,
    loyalty_core_people.play,
    loyalty_core_coupons.play,
    loyalty_core_engagement.play,
    loyalty_core_points.play,
]
OF_VENDORS: list[Part] = [*SUCCESSES, leat.play_library]
"""The parts that call each operation of the vendors' APIs with success."""
PARTS: list[Part] = [
    *SUCCESSES,
    public.play,
    refusals.play,
    edges.play,
    leat.play_library,
    control.play_moderation,
    control.play_sandboxes,
    control.read_inboxes,
]


def record(bodies: Path | None = None, *, cold: bool = False) -> Recorder:
    """Play the script against a new server.

    With `bodies`, answers and rows are written into that folder; for `cold` see `Recorder`.
    """
    seen_by_tests = set(SEEN)
    with recorded_server() as server:
        client = Client(server)
        try:
            recorder = Recorder(client, bodies, cold=cold)
            for play in PARTS:
                play(recorder)
            record_tables(recorder, server.runtime.storage.engine)
        finally:
            client.close()
            # The script calls everything. If its calls counted, the suite would no longer find an operation without
            # tests of its own.
            SEEN.intersection_update(seen_by_tests)
    return recorder

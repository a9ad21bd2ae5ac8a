"""The sandbox's clock: read, stop, move, let run."""

from typing import Any

from handlers.control._ports import ClockMove, ClockPort, clock_port
from handlers.http import Answer, ok
from models.kernel.times import check_target_ms, iso, read_duration_ms, read_instant_ms
from models.tenancy.sandboxes import Sandbox
from models.uow import UnitOfWork

Body = dict[str, Any]


def _show(sandbox: Sandbox) -> Body:
    now_ms, clock = sandbox.clock.now_ms(), sandbox.clock
    return {"now": iso(now_ms), "now_ms": now_ms, "fixed": clock.fixed, "speed": clock.speed}


def _show_move(sandbox: Sandbox, moved: ClockMove) -> Body:
    return {**_show(sandbox), "reached": moved.is_whole, "fired": moved.fired}


def _under_way(port: ClockPort) -> Body:
    move = port.move
    if move is None:
        return {}
    return {"moving": {"from_ms": move.from_ms, "to_ms": move.to_ms, "fired": move.fired}}


def get_clock(uow: UnitOfWork) -> Answer:
    return ok({**_show(uow.sandbox), **_under_way(clock_port(uow))})


def freeze_clock(uow: UnitOfWork) -> Answer:
    port, sandbox = clock_port(uow), uow.sandbox

    async def later() -> Answer:
        await port.freeze(sandbox)
        return ok(_show(sandbox))

    return Answer(200, later=later)


def advance_clock(uow: UnitOfWork, *, body: Body) -> Answer:
    port, sandbox = clock_port(uow), uow.sandbox
    to_ms = read_instant_ms(body["to"], "to") if "to" in body else None
    by_ms = read_duration_ms(body["by"], "by") if "by" in body else body.get("by_ms", 0)
    check_target_ms(uow.now_ms + by_ms if to_ms is None else to_ms)

    async def later() -> Answer:
        moved = await (port.advance_by(sandbox, by_ms) if to_ms is None else port.advance(sandbox, to_ms))
        return ok(_show_move(sandbox, moved))

    return Answer(200, later=later)


def run_clock(uow: UnitOfWork, *, body: Body | None = None) -> Answer:
    port, sandbox, given = clock_port(uow), uow.sandbox, body or {}
    offset_ms = read_duration_ms(given["offset"], "offset") if "offset" in given else given.get("offset_ms")

    async def later() -> Answer:
        return ok(_show_move(sandbox, await port.run_clock(sandbox, given.get("speed", 1.0), offset_ms)))

    return Answer(200, later=later)

"""The sandbox's clock: read, stop, move."""

from typing import Any

from handlers.control._ports import clock_port
from handlers.http import Answer, ok
from models.kernel.times import check_target_ms, iso, read_duration_ms, read_instant_ms
from models.tenancy.sandboxes import Sandbox
from models.uow import UnitOfWork

Body = dict[str, Any]


def _show(sandbox: Sandbox) -> Body:
    now_ms = sandbox.clock.now_ms()
    return {"now": iso(now_ms), "now_ms": now_ms, "fixed": sandbox.clock.fixed}


def get_clock(uow: UnitOfWork) -> Answer:
    return ok(_show(uow.sandbox))


def freeze_clock(uow: UnitOfWork) -> Answer:
    port, sandbox = clock_port(uow), uow.sandbox

    async def later() -> Answer:
        await port.freeze(sandbox)
        return ok(_show(sandbox))

    return Answer(200, later=later)


def advance_clock(uow: UnitOfWork, *, body: Body) -> Answer:
    port, sandbox = clock_port(uow), uow.sandbox
    to_ms = read_instant_ms(body["to"]) if "to" in body else None
    by_ms = read_duration_ms(body["by"]) if "by" in body else body.get("by_ms", 0)
    check_target_ms(uow.now_ms + by_ms if to_ms is None else to_ms)

    async def later() -> Answer:
        fired = await (port.advance_by(sandbox, by_ms) if to_ms is None else port.advance(sandbox, to_ms))
        now_ms = sandbox.clock.now_ms()
        return ok({"now": iso(now_ms), "now_ms": now_ms, "fired": fired})

    return Answer(200, later=later)

"""Recordings of calls: begin, list, end."""

from typing import Any

from handlers.control._ports import Recording, recordings, replayer, sandboxes, this_sandbox
from handlers.control._sandbox_ids import free_id
from handlers.http import Answer, created, ok
from models.uow import UnitOfWork

Row = dict[str, Any]


def begin_recording(uow: UnitOfWork, *, body: Row) -> Answer:
    box, port, kept = this_sandbox(uow), sandboxes(uow), recordings(uow)

    async def later() -> Answer:
        if body.get("reset", False):
            await port.reset(box)
        return created(_summary(kept.begin(body["name"], port.describe(box))))

    return Answer(201, later=later)


def list_recordings(uow: UnitOfWork) -> Answer:
    return ok({"recordings": [_summary(one) for one in recordings(uow)]})


def end_recording(uow: UnitOfWork, *, recording: str) -> Answer:
    ended = recordings(uow).end(recording)
    began = {name: ended.began[name] for name in ("id", "scenario", "seed", "clock", "now", "url", "apis")}
    version = uow.services["info"]()["version"]
    return ok(
        {
            "format": "troth-recording",
            "version": 1,
            "troth": version,
            **_summary(ended),
            "sandbox": began,
            "calls": ended.calls,
        }
    )


def replay_recording(uow: UnitOfWork, *, body: Row) -> Answer:
    sandboxes(uow).all()  # refuses where there can be none
    sandbox_id = free_id(uow, sandboxes(uow), "replay")
    play = replayer(uow)

    async def later() -> Answer:
        return ok(await play(sandbox_id, body))

    return Answer(200, later=later)


def _summary(one: Recording) -> Row:
    return {"name": one.name, "count": len(one.calls), "full": one.is_full}

"""What a sandbox holds: back to the beginning, snapshots, and back to one of these."""

from typing import Any

from handlers.control._ports import Copy, sandboxes, this_sandbox
from handlers.http import Answer, created, no_content, ok
from models.uow import UnitOfWork

Body = dict[str, Any]
LINES = "application/x-ndjson"


def _show(name: str, copy: Copy) -> Body:
    return {"name": name, "size_bytes": copy.size_bytes}


def reset_sandbox(uow: UnitOfWork) -> Answer:
    box, port = this_sandbox(uow), sandboxes(uow)

    async def later() -> Answer:
        await port.reset(box)
        return ok(port.describe(box))

    return Answer(200, later=later)


def list_snapshots(uow: UnitOfWork) -> Answer:
    return ok({"snapshots": [_show(name, copy) for name, copy in this_sandbox(uow).snapshots.items()]})


def create_snapshot(uow: UnitOfWork, *, body: Body) -> Answer:
    box, port = this_sandbox(uow), sandboxes(uow)

    async def later() -> Answer:
        return created(_show(body["name"], await port.take_snapshot(box, body["name"])))

    return Answer(201, later=later)


def restore_snapshot(uow: UnitOfWork, *, snapshot: str) -> Answer:
    box, port = this_sandbox(uow), sandboxes(uow)
    port.snapshot(box, snapshot)

    async def later() -> Answer:
        await port.restore(box, snapshot)
        return ok(port.describe(box))

    return Answer(200, later=later)


def delete_snapshot(uow: UnitOfWork, *, snapshot: str) -> Answer:
    sandboxes(uow).forget_snapshot(this_sandbox(uow), snapshot)
    return no_content()


def export_sandbox(uow: UnitOfWork) -> Answer:
    box, port = this_sandbox(uow), sandboxes(uow)

    async def later() -> Answer:
        return Answer(200, await port.export(box), content_type=LINES)

    return Answer(200, later=later)


def import_sandbox(uow: UnitOfWork, *, body: bytes) -> Answer:
    box, port = this_sandbox(uow), sandboxes(uow)

    async def later() -> Answer:
        await port.load_export(box, body)
        return ok(port.describe(box))

    return Answer(200, later=later)


def get_diff(uow: UnitOfWork, *, to: str, **given: str) -> Answer:
    box, port = this_sandbox(uow), sandboxes(uow)

    async def later() -> Answer:
        return ok(await port.diff(box, given["from"], to))

    return Answer(200, later=later)

"""The sandboxes of the mock: make, list, show, delete."""

from typing import Any

from handlers.control._ports import sandboxes
from handlers.control._sandbox_ids import free_id
from handlers.http import Answer, created, no_content, ok
from models.uow import UnitOfWork

Body = dict[str, Any]


def create_sandbox(uow: UnitOfWork, *, body: Body | None = None) -> Answer:
    port, given = sandboxes(uow), body or {}
    sandbox_id = given.get("name") or free_id(uow, port, "sandbox")
    clock = given.get("clock")

    async def later() -> Answer:
        box = await port.create(
            sandbox_id,
            scenario=given.get("scenario"),
            seed=given.get("seed"),
            fixed=None if clock is None else clock == "fixed",
        )
        return created(port.describe(box))

    return Answer(201, later=later)


def list_sandboxes(uow: UnitOfWork) -> Answer:
    port = sandboxes(uow)
    return ok({"sandboxes": [port.describe(box) for box in port.all()]})


def get_sandbox(uow: UnitOfWork, *, sandbox: str) -> Answer:
    port = sandboxes(uow)
    return ok(port.describe(port.box(sandbox)))


def delete_sandbox(uow: UnitOfWork, *, sandbox: str) -> Answer:
    port = sandboxes(uow)
    port.box(sandbox)

    async def later() -> Answer:
        await port.end(sandbox)
        return no_content()

    return Answer(204, later=later)

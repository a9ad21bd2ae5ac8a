"""Member purchase orders: what members buy, and what that brings them."""

from functools import partial
from typing import Any

from handlers.http import Answer, ok
from handlers.loyalty_core._ports import units_port
from models.loyalty_core.orders import imports, orders
from models.uow import UnitOfWork


def import_purchase_orders(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    works = [partial(imports.import_order, body=order) for order in body["orders"]]

    async def later() -> Answer:
        return ok({"results": await units_port(uow).run(uow, works)})

    return Answer(200, later=later)


def list_member_purchase_orders(uow: UnitOfWork, *, member_id: int, page: int, limit: int, order: str | None) -> Answer:
    return ok(orders.list_orders(uow, member_id, page=page, limit=limit, order=order))


def upsert_member_purchase_order(uow: UnitOfWork, *, member_id: int, body: dict[str, Any]) -> Answer:
    done = orders.upsert_order(uow, member_id, body)
    return Answer(201 if done.pop("isNew") else 200, done)


def get_member_purchase_order(uow: UnitOfWork, *, member_id: int, order_id: int) -> Answer:
    return ok({"order": orders.get_order(uow, member_id, order_id)})

"""Member purchase orders: what members buy, and what that brings them."""

from functools import partial

from handlers.http import Answer, ok
from handlers.loyalty_core._pages import page_answer
from handlers.loyalty_core._ports import units_port
from models.loyalty_core.orders import imports, orders
from models.loyalty_core.orders.answers import show_imported, show_upserted
from models.loyalty_core.orders.input import ImportBody, OrderBody, read_imported_orders, read_order
from models.loyalty_core.orders.views import show_order
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def import_purchase_orders(uow: UnitOfWork, *, body: ImportBody) -> Answer:
    works = [partial(imports.import_order, given=order) for order in read_imported_orders(body)]

    async def later() -> Answer:
        return ok({"results": [show_imported(one) for one in await units_port(uow).run(uow, works)]})

    return Answer(200, later=later)


def list_member_purchase_orders(uow: UnitOfWork, *, member_id: int, page: int, limit: int, order: str | None) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = orders.list_orders(uow, member_id, paging)
    return page_answer(paging, [show_order(uow, row) for row in rows], total)


def upsert_member_purchase_order(uow: UnitOfWork, *, member_id: int, body: OrderBody) -> Answer:
    done = orders.upsert_order(uow, member_id, read_order(body))
    return Answer(201 if done.is_new else 200, show_upserted(done))


def get_member_purchase_order(uow: UnitOfWork, *, member_id: int, order_id: int) -> Answer:
    return ok({"order": show_order(uow, orders.get_order(uow, member_id, order_id))})

"""Statements on purchase orders and on the points that they have brought."""

from sqlalchemy import bindparam, select, update

from models.kernel.statements import TENANT, Change, Insertion, Query
from models.loyalty_core.orders.tables import OrderPoints, PurchaseOrder
from models.loyalty_core.paging import Listing

_ORDERS = select(PurchaseOrder).where(PurchaseOrder.tenant_id == TENANT)
ORDER = Query(_ORDERS.where(PurchaseOrder.id == bindparam("id")))
ORDER_NAMED = Query(_ORDERS.where(PurchaseOrder.external_id == bindparam("external_id")))
LIST_ORDERS = Listing(_ORDERS.where(PurchaseOrder.member_id == bindparam("member_id")), {"orderId": PurchaseOrder.id})
INSERT_ORDER = Insertion(PurchaseOrder)
WRITTEN_BY_UPSERT = (
    "program_id",
    "external_ms",
    "description",
    "type",
    "status",
    "total",
    "discounted_total",
    "items",
    "tags",
    "custom_attributes",
    "updated_ms",
)
UPDATE_ORDER = Change(
    update(PurchaseOrder)
    .where(PurchaseOrder.tenant_id == TENANT, PurchaseOrder.id == bindparam("order_id"))
    .values({name: bindparam(f"new_{name}") for name in WRITTEN_BY_UPSERT})
)
POINTS_OF_ORDER = Query(
    select(OrderPoints)
    .where(OrderPoints.tenant_id == TENANT, OrderPoints.order_id == bindparam("order_id"))
    .order_by(OrderPoints.ledger_id, OrderPoints.account_id, OrderPoints.transaction_id)
)
INSERT_ORDER_POINTS = Insertion(OrderPoints)
SET_ORDER_POINTS = Change(
    update(OrderPoints)
    .where(
        OrderPoints.tenant_id == TENANT,
        OrderPoints.order_id == bindparam("of_order"),
        OrderPoints.transaction_id == bindparam("of_transaction"),
    )
    .values(points=bindparam("new_points"), spend=bindparam("new_spend"), taken=bindparam("new_taken"))
)

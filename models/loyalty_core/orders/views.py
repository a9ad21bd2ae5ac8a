"""Purchase orders as answers, events and expressions see them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.money import from_units
from models.loyalty_core.orders.tables import PurchaseOrder
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_order(uow: UnitOfWork, row: PurchaseOrder) -> Shown:
    """An order as it is."""
    return {
        "orderId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "memberId": row.member_id,
        "loyaltyProgramId": row.program_id,
        "externalId": row.external_id,
        "externalEventDate": None if row.external_ms is None else iso(row.external_ms),
        "description": row.description,
        "type": row.type,
        "status": row.status,
        "total": from_units(row.total),
        "discountedTotal": None if row.discounted_total is None else from_units(row.discounted_total),
        "items": row.items,
        "tags": row.tags,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }

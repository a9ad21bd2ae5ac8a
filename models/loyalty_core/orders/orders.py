"""Purchase orders of members: upserted by the caller's own id, and what their statuses lead to."""

from collections.abc import Mapping
from typing import Any

from models.loyalty_core.columns import set_columns
from models.loyalty_core.events.ports import report_event
from models.loyalty_core.events.tables import LoggedEvent
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member, find_program
from models.loyalty_core.money import from_units, to_units
from models.loyalty_core.orders.points import take_back
from models.loyalty_core.orders.tables import PurchaseOrder
from models.loyalty_core.orders.views import show_order
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound, RuleViolation
from models.numbers import new_number
from models.uow import UnitOfWork

CREATED, CONFIRMED, CANCELLED, RETURNED, PARTIALLY = (
    "created",
    "confirmed",
    "cancelled",
    "returned",
    "partially-returned",
)
FOLLOWING = {
    CREATED: {CONFIRMED, CANCELLED},
    CONFIRMED: {CANCELLED, RETURNED, PARTIALLY},
    PARTIALLY: {PARTIALLY, RETURNED},
    CANCELLED: set[str](),
    RETURNED: set[str](),
}
"""What each status can become; a new order may have any of them."""
EVENT = "member-purchase-order-"
ORDERS = {"orderId": PurchaseOrder.id}
PLAIN = {
    "description": "description",
    "type": "type",
    "items": "items",
    "tags": "tags",
    "customAttributes": "custom_attributes",
}


def list_orders(uow: UnitOfWork, member_id: int, *, page: int, limit: int, order: str | None) -> dict[str, Any]:
    """A page of a member's orders. Raises NotFound, InvalidInput for an unknown order."""
    find_member(uow, member_id)
    rows, total = page_of(
        uow,
        uow.scoped(PurchaseOrder).where(PurchaseOrder.member_id == member_id),
        ORDERS,
        page=page,
        limit=limit,
        order=order,
    )
    return show_page([show_order(uow, row) for row in rows], total, page, limit)


def get_order(uow: UnitOfWork, member_id: int, order_id: int) -> dict[str, Any]:
    """An order of a member. Raises NotFound for either."""
    find_member(uow, member_id)
    row = uow.session.get(PurchaseOrder, (uow.tenant_id, order_id))
    if row is None or row.member_id != member_id:
        raise NotFound(f"The member {member_id} has no purchase order {order_id}.")
    return show_order(uow, row)


def upsert_order(uow: UnitOfWork, member_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add a member's order or change it, and evaluate what that leads to; `isNew` says which of the two it was.

    Raises NotFound for member and program; Conflict for another member's order, a status that cannot follow, or what a member
    who is not active would earn by; RuleViolation for a discounted total above the total.
    """
    return upsert(uow, find_member(uow, member_id), body)


def upsert(uow: UnitOfWork, member: Member, body: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a member who was looked up."""
    uow.lock(uow.scoped(Member).where(Member.id == member.id))  # the member is what is locked first everywhere
    row = uow.lock(uow.scoped(PurchaseOrder).where(PurchaseOrder.external_id == body["externalId"]))
    is_new = row is None
    if row is None:
        row = PurchaseOrder(
            tenant_id=uow.tenant_id,
            id=new_number(uow, PurchaseOrder),
            member_id=member.id,
            external_id=body["externalId"],
            status=body["status"],
            items=[],
            tags=[],
            custom_attributes={},
            created_ms=uow.now_ms,
        )
    before, spend = (None, None) if is_new else (row.status, row.spend)
    _check(member, row, before, body)
    _take(uow, row, body)
    uow.session.add(row)
    uow.session.flush()
    if row.status == before and (before != PARTIALLY or row.spend == spend):
        return {"isNew": False, "order": show_order(uow, row), "evaluationResults": None}
    return {"isNew": is_new, **_lead_to(uow, row, member)}


def _check(member: Member, row: PurchaseOrder, before: str | None, body: Mapping[str, Any]) -> None:
    if row.member_id != member.id:
        raise Conflict(f"The purchase order {row.external_id} is another member's.")
    if not member.active and (before is None or body["status"] in (CREATED, CONFIRMED)):
        raise Conflict(f"The member {member.id} is not active.")
    if before is not None and body["status"] != before and body["status"] not in FOLLOWING[before]:
        raise Conflict(f"The purchase order {row.external_id} is {before}, which cannot become {body['status']}.")


def _take(uow: UnitOfWork, row: PurchaseOrder, body: Mapping[str, Any]) -> None:
    if "loyaltyProgramId" in body:
        row.program_id = find_program(uow, body["loyaltyProgramId"]).id
    set_columns(row, body, PLAIN)
    if "externalEventDate" in body:
        row.external_ms = bounded_ms(body["externalEventDate"])
    row.status, row.total = body["status"], to_units(body["total"])
    if "discountedTotal" in body:
        row.discounted_total = to_units(body["discountedTotal"])
    if row.discounted_total is not None and row.discounted_total > row.total:
        raise RuleViolation(f"The discountedTotal ({from_units(row.discounted_total)}) is more than the total.")
    row.updated_ms = uow.now_ms


def _lead_to(uow: UnitOfWork, row: PurchaseOrder, member: Member) -> dict[str, Any]:
    """What an order's new status leads to: points taken back where it is undone, then the event and its effects."""
    taken: list[dict[str, Any]] = []
    if row.status in (CANCELLED, RETURNED):
        taken = take_back(uow, row, member, 0)
    elif row.status == PARTIALLY:
        taken = take_back(uow, row, member, row.spend)
    shown = show_order(uow, row)
    event = report_event(
        uow,
        EVENT + row.status,
        "",
        {"order": shown},
        member.id,
        {"external_id": row.external_id, "external_ms": row.external_ms, "tags": row.tags},
    )
    return {"order": shown, "evaluationResults": _results(event, taken)}


def _results(event: LoggedEvent, taken: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "eventId": event.id,
        "eventType": event.type,
        "status": event.status,
        "error": event.error,
        "effects": taken + event.effects,
        "ruleErrors": event.rule_errors,
    }

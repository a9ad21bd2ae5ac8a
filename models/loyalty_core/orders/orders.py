"""Purchase orders of members: upserted by the caller's own id, and what their statuses lead to."""

from dataclasses import dataclass

from models.kernel.findings import Findings, at, findings
from models.kernel.json_values import Shown
from models.kernel.statements import columns_of, replaced, row_of
from models.ledger import postings
from models.loyalty_core.events.ports import Evaluated, report_event
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member, find_program, lock_member
from models.loyalty_core.money import from_units
from models.loyalty_core.orders.amending import amend, is_amended, together
from models.loyalty_core.orders.input import OrderInput
from models.loyalty_core.orders.points import order_known, take_back
from models.loyalty_core.orders.problems import (
    DiscountedTotalTooHigh,
    OrderNotFound,
    OrderOfAnotherMember,
    OrderStatusFinal,
)
from models.loyalty_core.orders.queries import (
    INSERT_ORDER,
    LIST_ORDERS,
    ORDER,
    ORDER_NAMED,
    UPDATE_ORDER,
    WRITTEN_BY_UPSERT,
)
from models.loyalty_core.orders.tables import PurchaseOrder
from models.loyalty_core.orders.views import show_order
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import MemberNotActive
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
AMENDED = {EVENT + status: status for status in (CREATED, CONFIRMED)}
"""The events whose campaigns are evaluated again when an order is amended, and the status of the order at each."""


@dataclass(frozen=True, slots=True)
class Upserted:
    """An order that was added or changed, as answers and its event show it; `event` and `taken` (the effects of points
    that were taken back) are there where its status, or what is left of it, has changed.
    """

    shown: Shown
    is_new: bool
    event: Evaluated | None = None
    taken: tuple[Shown, ...] = ()


def list_orders(uow: UnitOfWork, member_id: int, paging: Paging) -> tuple[list[PurchaseOrder], int]:
    """A page of a member's orders, and how many there are.

    Raises NotFound, InvalidInput for an unknown order of the list.
    """
    find_member(uow, member_id)
    return LIST_ORDERS.page(uow, paging, member_id=member_id)


def get_order(uow: UnitOfWork, member_id: int, order_id: int) -> PurchaseOrder:
    """An order of a member. Raises NotFound for either."""
    find_member(uow, member_id)
    row = uow.first(ORDER, id=order_id)
    if row is None or row.member_id != member_id:
        raise OrderNotFound(f"The member {member_id} has no purchase order {order_id}.")
    return row


def upsert_order(uow: UnitOfWork, member_id: int, given: OrderInput) -> Upserted:
    """Add a member's order or change it, and evaluate what that leads to.

    Raises NotFound for member and program; Conflict for another member's order, a status that cannot follow, or what a
    member who is not active would earn by; RuleViolation for a discounted total above the total.
    """
    member = lock_member(uow, member_id)  # the member is what is locked first everywhere
    before = uow.lock_row(ORDER_NAMED, external_id=given.external_id)
    row = _row(uow, member, before, given)
    with findings() as found:
        _find_faults(found, member, before, row)
        with found.at(""):
            check_program(uow, given)
    _write(uow, before, row)
    shown = show_order(uow, row)
    amended: Evaluated | None = None
    taken: list[Shown] = []
    used = uow.budget.used
    if before is not None and {before.status, row.status} <= set(AMENDED.values()) and is_amended(before, row):
        amended, taken = amend(uow, before, row, member, shown, AMENDED)
    if before is not None and row.status == before.status and (row.status != PARTIALLY or row.spend == before.spend):
        return Upserted(shown, is_new=False, event=amended, taken=tuple(taken))
    uow.budget.resume(used)  # the event of the new status has the whole budget, whatever earlier events have used
    if row.status in (CANCELLED, RETURNED):
        taken = take_back(uow, row, member, 0)
    elif row.status == PARTIALLY:
        taken = take_back(uow, row, member, row.spend)
    event = report_event(
        uow,
        EVENT + row.status,
        "",
        {"order": shown},
        member,
        {"external_id": row.external_id, "external_ms": row.external_ms, "tags": row.tags},
    )
    if amended is not None:
        event = together([amended, event])
    return Upserted(shown, before is None, event, tuple(taken))


def check_program(uow: UnitOfWork, given: OrderInput) -> None:
    """Check that the program of an order exists, where it names one. Raises NotFound."""
    if given.program_id is not None:
        with at("/loyaltyProgramId"):
            find_program(uow, given.program_id)


def _find_faults(found: Findings, member: Member, before: PurchaseOrder | None, row: PurchaseOrder) -> None:
    """Find what is wrong with the requested change of an order."""
    with found.at("/externalId"):
        if before is not None and before.member_id != member.id:
            raise OrderOfAnotherMember(f"The purchase order {before.external_id} is another member's.")
    with found.at(""):
        if not member.active and (before is None or row.status in (CREATED, CONFIRMED)):
            raise MemberNotActive(f"The member {member.id} is not active.")
    with found.at("/status"):
        if before is not None and row.status != before.status and row.status not in FOLLOWING[before.status]:
            raise OrderStatusFinal(
                f"The purchase order {before.external_id} is {before.status}, which cannot become {row.status}."
            )
    with found.at("/discountedTotal"):
        if row.discounted_total is not None and row.discounted_total > row.total:
            raise DiscountedTotalTooHigh(
                f"discountedTotal ({from_units(row.discounted_total)}) must be at most the total."
            )


def _row(uow: UnitOfWork, member: Member, before: PurchaseOrder | None, given: OrderInput) -> PurchaseOrder:
    """The order of the request, not checked yet."""
    columns = {**given.columns, "updated_ms": uow.now_ms}
    if before is not None:
        return replaced(before, **columns)
    return row_of(
        PurchaseOrder,
        **{
            "tenant_id": uow.tenant_id,
            "id": new_number(uow, PurchaseOrder),
            "member_id": member.id,
            "external_id": given.external_id,
            "program_id": None,
            "external_ms": None,
            "description": None,
            "discounted_total": None,
            "items": [],
            "tags": [],
            "custom_attributes": {},
            "created_ms": uow.now_ms,
            **columns,
        },
    )


def _write(uow: UnitOfWork, before: PurchaseOrder | None, row: PurchaseOrder) -> None:
    """Insert or update the order."""
    if before is None:
        uow.insert(INSERT_ORDER, **columns_of(row))
    else:
        uow.execute(UPDATE_ORDER, order_id=row.id, **{f"new_{name}": getattr(row, name) for name in WRITTEN_BY_UPSERT})
    postings(uow).known[order_known(row.id)] = row

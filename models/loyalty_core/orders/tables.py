"""Tables of purchase orders, and of the points that they have brought."""

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Name
from models.kernel.json_values import FreeForm


class PurchaseOrder(Base):
    """An order of a member, known by the caller's own id. Amounts of money are in ten-thousandths (`money.py`).

    `items` are only ever read with their order.
    """

    __tablename__ = "lc_purchase_orders"
    __table_args__ = (
        UniqueConstraint("tenant_id", "external_id"),
        Index("ix_lc_purchase_orders_member", "tenant_id", "member_id", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int]
    program_id: Mapped[int | None]
    external_id: Mapped[str] = mapped_column(Name(255))
    external_ms: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(24))
    total: Mapped[int]
    discounted_total: Mapped[int | None]
    items: Mapped[list[object]]
    tags: Mapped[list[str]]
    custom_attributes: Mapped[FreeForm]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]

    @property
    def spend(self) -> int:
        """What is to be paid for it."""
        return self.total if self.discounted_total is None else self.discounted_total


class OrderPoints(Base):
    """Points that a campaign has given for an order, and how many of them were taken back.

    `event_id` is the event that they were given for, None where that was not kept yet. `spend` is what the order came
    to then (at least 1): what a partial return is measured by. `month_ms` is the month whose limit they count against.
    `taken` is negative where an amendment left points to be taken that were not there.
    """

    __tablename__ = "lc_order_points"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transaction_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ledger_id: Mapped[int]
    account_id: Mapped[int]
    campaign_id: Mapped[int]
    event_id: Mapped[int | None]
    month_ms: Mapped[int]
    spend: Mapped[int]
    points: Mapped[int]
    taken: Mapped[int]

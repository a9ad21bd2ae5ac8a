"""Something that happened to a member, as campaigns, missions and referral programs look at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.kernel.times import iso
from models.loyalty_core.events.built_in import ORDER_CAUSE
from models.loyalty_core.members.queries import EnrolmentRow
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import enrolments_of, remember_programs
from models.loyalty_core.organization.programs import is_running
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class EventContext:
    """One event of a member under evaluation.

    `type` is a built-in type, `topic` what a tracked event was called by its sender (None for all others). `context` is
    what expressions see: `event`, `member`, and `order` for the events of purchase orders (null for others). `causes` are
    what led to it: nothing looks again at what it has caused itself.
    """

    event_id: int
    type: str
    topic: str | None
    member: Member
    context: dict[str, Any]
    causes: tuple[str, ...] = ()
    at_ms: int = 0
    """When it happened, by the caller's own date where one is given: what validity, days and months are judged by, however much later it
    is evaluated."""
    now_ms: int = 0
    """When it was written: what is the present to expressions."""
    given: dict[tuple[int, int], int] | None = None
    """Of an order that is amended: the points that it has brought, by campaign and account. Campaigns give what is more, and do nothing
    else; what is left in here they would not give any more."""

    @property
    def names(self) -> list[str]:
        """What listeners may know the event by: its type, and its topic."""
        return [self.type] if self.topic is None else [self.type, self.topic]

    @property
    def order_id(self) -> int | None:
        """The purchase order that it is about, or that has led to it."""
        order = self.context.get("order")
        if order is not None:
            found: int = order["orderId"]
            return found
        return next(
            (int(cause.removeprefix(ORDER_CAUSE)) for cause in self.causes if cause.startswith(ORDER_CAUSE)), None
        )

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items of the order, none for an event without one."""
        order = self.context.get("order") or {}
        items: list[dict[str, Any]] = order.get("items") or []
        return items


def counts_in(uow: UnitOfWork, context: EventContext, program_id: int | None) -> bool:
    """Whether an event counts for what is of a program, or of none: not for one that is not active. An order that names a program
    counts in no other, and while its own is not active, for nothing.
    """
    own_id = (context.context.get("order") or {}).get("loyaltyProgramId")
    return is_running(uow, program_id) and is_running(uow, own_id) and is_of(context, program_id)


def is_of(context: EventContext, program_id: int | None) -> bool:
    """Whether what is of a program, or of none, looks at an event: not at an order of another program."""
    own_id = (context.context.get("order") or {}).get("loyaltyProgramId")
    return own_id is None or program_id in (None, own_id)


def member_context(uow: UnitOfWork, member: Member) -> dict[str, Any]:
    """A member as expressions and conditions see it: `tiers` are keys, `loyaltyPrograms` numbers."""
    return member_contexts(uow, [member])[0]


def member_contexts(uow: UnitOfWork, members: Sequence[Member]) -> list[dict[str, Any]]:
    """The same for many, in the order given."""
    enrolled = enrolments_of(uow, [member.id for member in members])
    for member in members:
        remember_programs(uow, member, enrolled[member.id])
    return [_member_context(member, enrolled[member.id]) for member in members]


def _member_context(member: Member, enrolled: Sequence[EnrolmentRow]) -> dict[str, Any]:
    return {
        "memberId": member.id,
        "loyaltyMemberId": member.loyalty_member_id,
        "publicLoyaltyMemberId": member.public_loyalty_member_id,
        "memberType": member.member_type,
        "active": member.active,
        "referralCode": member.referral_code,
        "walletId": member.wallet_id,
        "profile": member.profile,
        "customAttributes": member.custom_attributes,
        "onChain": member.on_chain,
        "createdAt": iso(member.created_ms),
        "tiers": [one.tier_key for one in enrolled if one.tier_key is not None],
        "loyaltyPrograms": [one.program_id for one in enrolled],
    }

"""Something that happened to a member, as campaigns, missions and referral programs look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from models.kernel.json_values import FreeForm
from models.kernel.times import iso
from models.loyalty_core.events.built_in import ORDER_CAUSE
from models.loyalty_core.members.queries import EnrolmentRow
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import enrolments_of, remember_programs
from models.loyalty_core.organization.programs import is_running
from models.uow import UnitOfWork


class SeenMember(TypedDict):
    """A member as expressions and conditions see it: `tiers` are keys, `loyaltyPrograms` numbers."""

    memberId: int
    loyaltyMemberId: str
    publicLoyaltyMemberId: str | None
    memberType: str | None
    active: bool
    referralCode: str | None
    walletId: int
    profile: FreeForm
    customAttributes: FreeForm
    onChain: FreeForm
    createdAt: str
    tiers: list[str]
    loyaltyPrograms: list[int]


class SeenOrder(TypedDict):
    """A purchase order as its events have it, with the members that the evaluation reads; expressions see all others
    too.
    """

    orderId: int
    loyaltyProgramId: int | None
    total: float
    discountedTotal: float | None
    items: list[FreeForm]
    customAttributes: FreeForm


class SeenEvent(TypedDict):
    """An event as expressions see it; `payload` is that of a tracked event."""

    eventId: int
    eventType: str
    data: Mapping[str, object]
    payload: FreeForm | None
    tags: list[str]
    externalId: str | None
    description: str | None
    externalEventDate: str | None
    createdAt: str


class ExpressionData(TypedDict):
    """The data of expressions: the event, the member, and the order for the events of purchase orders (null for
    others).
    """

    event: SeenEvent
    member: SeenMember
    order: SeenOrder | None


@dataclass(frozen=True, slots=True)
class EventContext:
    """One event of a member under evaluation.

    `type` is a built-in type, `topic` what a tracked event was called by its sender (None for all others). `context` is
    what expressions see. `causes` are what led to it: nothing looks again at what it has caused itself.
    """

    event_id: int
    type: str
    topic: str | None
    member: Member
    context: ExpressionData
    causes: tuple[str, ...] = ()
    at_ms: int = 0
    """When it happened, by the caller's own date where one is given: what validity, days and months are judged by,
    however much later it is evaluated.
    """
    now_ms: int = 0
    """When it was written: what is the present to expressions."""
    given: dict[tuple[int, int], int] | None = None
    """Of an order that is amended: the points that it has brought, by campaign and account. Campaigns give what is
    more, and do nothing else; what is left in here they would not give any more.
    """

    @property
    def names(self) -> list[str]:
        """What listeners may know the event by: its type, and its topic."""
        return [self.type] if self.topic is None else [self.type, self.topic]

    @property
    def order_id(self) -> int | None:
        """The purchase order that it is about, or that has led to it."""
        order = self.context.get("order")
        if order is not None:
            return order["orderId"]
        return next(
            (int(cause.removeprefix(ORDER_CAUSE)) for cause in self.causes if cause.startswith(ORDER_CAUSE)), None
        )

    @property
    def items(self) -> list[FreeForm]:
        """The items of the order, none for an event without one."""
        order = self.context.get("order")
        return [] if order is None else order.get("items") or []

    @property
    def program_id(self) -> int | None:
        """The program that the order names, None for none."""
        order = self.context.get("order")
        return None if order is None else order.get("loyaltyProgramId")


def counts_in(uow: UnitOfWork, context: EventContext, program_id: int | None) -> bool:
    """Whether an event counts for what is of a program, or of none: not for one that is not active.

    An order that names a program counts in no other, and while its own is not active, for nothing.
    """
    own_id = context.program_id
    return is_running(uow, program_id) and is_running(uow, own_id) and is_of(context, program_id)


def is_of(context: EventContext, program_id: int | None) -> bool:
    """Whether what is of a program, or of none, looks at an event: not at an order of another program."""
    own_id = context.program_id
    return own_id is None or program_id in (None, own_id)


def member_context(uow: UnitOfWork, member: Member) -> SeenMember:
    """A member as expressions and conditions see it: `tiers` are keys, `loyaltyPrograms` numbers."""
    return member_contexts(uow, [member])[0]


def member_contexts(uow: UnitOfWork, members: Sequence[Member]) -> list[SeenMember]:
    """The same for many, in the order given."""
    enrolled = enrolments_of(uow, [member.id for member in members])
    for member in members:
        remember_programs(uow, member, enrolled[member.id])
    return [_member_context(member, enrolled[member.id]) for member in members]


def _member_context(member: Member, enrolled: Sequence[EnrolmentRow]) -> SeenMember:
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

"""An order that is amended while it is created or confirmed: the campaigns of its events are evaluated again, and its
points adjusted by the difference.

Points that a campaign would not give for the order as it is now are taken back, points that it gives beyond what it
gave are made. What the order brought by further events (those that effects tracked, for instance) is not evaluated
again: for a smaller order it is taken back in proportion, as after a partial return.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.kernel.json_values import Shown
from models.loyalty_core.events.ports import Evaluated, amend_event
from models.loyalty_core.events.queries import LAST_EVENT
from models.loyalty_core.events.subscriptions import CAMPAIGN, subscribers
from models.loyalty_core.events.tables import SUCCESS, LoggedEvent
from models.loyalty_core.members.tables import Member
from models.loyalty_core.orders.points import Due, collect, proportional
from models.loyalty_core.orders.queries import POINTS_OF_ORDER, WRITTEN_BY_UPSERT
from models.loyalty_core.orders.tables import OrderPoints, PurchaseOrder
from models.uow import UnitOfWork

Points = Mapping[tuple[int, int], int]
"""Points by campaign and account."""
_JUDGED = [name for name in WRITTEN_BY_UPSERT if name not in ("status", "updated_ms")]


def is_amended(before: PurchaseOrder, row: PurchaseOrder) -> bool:
    """Whether an order differs in what campaigns look at."""
    return any(getattr(before, name) != getattr(row, name) for name in _JUDGED)


def amend(
    uow: UnitOfWork, before: PurchaseOrder, row: PurchaseOrder, member: Member, shown: Shown, types: Mapping[str, str]
) -> tuple[Evaluated | None, list[Shown]]:
    """Adjust the points of an amended order, whose events have these types, the most important one last, each with the
    status that the order had then: what was evaluated (None where that changes nothing), and the effects of points that
    were taken back. The member and the order are locked.
    """
    rest = uow.rows(POINTS_OF_ORDER, order_id=row.id)
    evaluated: list[Evaluated] = []
    dues: list[Due] = []
    for event_type, status in types.items():
        event = uow.first(LAST_EVENT, member_id=member.id, type=event_type, external_id=row.external_id)
        if event is None:
            continue
        own = _rows_of(uow, event, rest)
        amended = amend_event(uow, event, {**shown, "status": status}, member, _sums(own))
        evaluated.append(amended.evaluated)
        if amended.evaluated.status == SUCCESS:  # else all is as it was, and the answer says why
            dues += _judged(own, amended.excess, max(row.spend, 1))
        rest = [one for one in rest if one not in own]
    dues += proportional(rest, row.spend) if row.spend < before.spend else _measured(rest, max(row.spend, 1))
    taken = collect(uow, row, member, dues)
    if not evaluated or not (taken or any(one.effects or one.error or one.rule_errors for one in evaluated)):
        return None, taken
    return together(evaluated), taken


def _rows_of(uow: UnitOfWork, event: LoggedEvent, rows: Sequence[OrderPoints]) -> list[OrderPoints]:
    """What was given for an event.

    Rows from before the event was kept are those of campaigns that subscribe to its type.
    """
    unknown = set(subscribers(uow, CAMPAIGN, [event.type])) if any(row.event_id is None for row in rows) else set()
    return [row for row in rows if row.event_id == event.id or (row.event_id is None and row.campaign_id in unknown)]


def _sums(rows: Sequence[OrderPoints]) -> Points:
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        sums[row.campaign_id, row.account_id] += row.points - row.taken
    return sums


def _judged(rows: Sequence[OrderPoints], excess: Points, spend: int) -> list[Due]:
    """What is to be taken of each mint, the newest first; from now on all are measured by what the order comes to now.

    What is due but cannot be taken (it was spent) stays due: it counts as taken less than nothing.
    """
    left, dues = dict(excess), []
    for row in sorted(rows, key=lambda one: int(one.transaction_id), reverse=True):
        key, held = (row.campaign_id, row.account_id), row.points - row.taken
        due = min(left.get(key, 0), held)
        left[key] = left.get(key, 0) - due
        dues.append(Due(row, due, points=held - due, spend=spend, taken=-due))
    return dues


def _measured(rows: Sequence[OrderPoints], spend: int) -> list[Due]:
    """Points that stay as they are, and are measured by another sum from now on."""
    return [Due(row, 0, points=row.points - row.taken, spend=spend, taken=0) for row in rows]


def together(evaluated: Sequence[Evaluated]) -> Evaluated:
    """The last evaluation with the effects and faults of all; failed where one of them is."""
    failed = next((one for one in reversed(evaluated) if one.status != SUCCESS), evaluated[-1])
    return replace(
        evaluated[-1],
        status=failed.status,
        error=failed.error,
        effects=[effect for one in evaluated for effect in one.effects],
        rule_errors=[error for one in evaluated for error in one.rule_errors],
    )

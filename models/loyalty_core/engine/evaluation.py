"""Events under evaluation: campaigns, missions and referral programs look at them, and what they do is written beside them.

What comes of one event stands or falls together: the event is there first, effects are in a savepoint. The member is
locked from the beginning, so that the events of one member are evaluated one after another.

An event that a caller has caused, and all events that come of it in the end (its `root_id` in theirs), share one budget. Each of
them is evaluated in a unit of work of its own; what they have used is kept in the row of the first one, the root.
"""

from collections.abc import Mapping
from typing import Any

from models.kernel.problems import Problem
from models.kernel.times import iso
from models.ledger import all_or_nothing
from models.loyalty_core.campaigns.running import RuleErrors, run_campaigns
from models.loyalty_core.events.built_in import ORDER_CAUSE
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.log import row_of
from models.loyalty_core.events.tables import FAILED, PENDING, SUCCESS, LoggedEvent
from models.loyalty_core.events.triggers import tell
from models.loyalty_core.expressions import EvaluationError
from models.loyalty_core.members.event_context import EventContext, member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.missions.counting import count_event
from models.loyalty_core.referrals.referrals import pay_for_event
from models.uow import UnitOfWork

ERROR_CHARACTERS_MAX = 1_024


class EffectFailed(Problem):
    """An effect could not come about; its event fails, the call that reported the event does not."""

    status = 400
    code = "EFFECT_FAILED"
    default_message = "An effect failed."


def report(
    uow: UnitOfWork, event_type: str, topic: str, data: dict[str, Any], member_id: int, columns: Mapping[str, Any]
) -> LoggedEvent:
    """Write an event that a caller reports, and evaluate it at once. Failure is in the row. `columns` are what the caller said beside it."""
    row = LoggedEvent(**row_of(uow, event_type, topic, data, member_id=member_id, status=PENDING, **columns))
    uow.session.add(row)
    uow.session.flush()
    tell(uow, {column.key: getattr(row, column.key) for column in LoggedEvent.__table__.columns})
    _evaluate(uow, row)
    return row


def evaluate_event(uow: UnitOfWork, subject: str) -> None:
    """A job: evaluate an event that was written by what caused it."""
    row = uow.lock(uow.scoped(LoggedEvent).where(LoggedEvent.id == int(subject)))
    if row is not None and row.status == PENDING:
        _evaluate(uow, row)


def _evaluate(uow: UnitOfWork, row: LoggedEvent) -> None:
    root = _resume_budget(uow, row)
    member = uow.lock(uow.scoped(Member).where(Member.id == row.member_id))
    assert member is not None, "members are not deleted"
    context = EventContext(
        row.id, row.type, row.topic or None, member, _context(uow, row, member), _request_numbers(row), row.created_ms
    )
    errors: RuleErrors = []
    try:
        uow.budget.check()
        with all_or_nothing(uow), uow.savepoint(), causing(uow, *context.causes, root_id=row.root_id or row.id):
            effects = _effects(uow, context, errors)
    except Problem as problem:
        row.status, row.error = FAILED, problem.message[:ERROR_CHARACTERS_MAX]
    else:
        row.status, row.effects = SUCCESS, effects
    row.rule_errors, row.updated_ms = errors, uow.now_ms
    if root is not row or uow.budget.events:
        root.used_steps, root.used_effects, root.used_events = uow.budget.used


def _resume_budget(uow: UnitOfWork, row: LoggedEvent) -> LoggedEvent:
    """Go on with the budget of the event that this one came of in the end; that event's row, locked.

    The lock has the events of one root evaluated one after another. Without it two servers could evaluate two of them at once,
    both read that 90 of 100 effects were used, and make 10 more each.
    """
    if row.root_id is None:
        return row
    root = uow.lock(uow.scoped(LoggedEvent).where(LoggedEvent.id == row.root_id))
    assert root is not None, "events are not deleted"
    uow.budget.resume((root.used_steps or 0, root.used_effects or 0, root.used_events or 0))
    return root


def _effects(uow: UnitOfWork, context: EventContext, errors: RuleErrors) -> list[dict[str, Any]]:
    """What comes of an event. Referrals come first: their program is locked before any balance is."""
    paid = pay_for_event(uow, context)
    try:
        given = run_campaigns(uow, context, errors)
    except EvaluationError as error:
        raise EffectFailed(f"A parameter of an effect has no value: {error}") from error
    return paid + given + count_event(uow, context)


def _request_numbers(row: LoggedEvent) -> tuple[str, ...]:
    """What led to an event, and to all that comes of it: the order that it is about among that."""
    order = row.data.get("order")
    label = None if order is None else f"{ORDER_CAUSE}{order['orderId']}"
    return (*row.chain, label) if label is not None and label not in row.chain else tuple(row.chain)


def _context(uow: UnitOfWork, row: LoggedEvent, member: Member) -> dict[str, Any]:
    """What expressions see of an event."""
    data: Mapping[str, Any] = row.data
    return {
        "event": {
            "eventId": row.id,
            "eventType": row.topic or row.type,
            "data": data,
            "payload": data.get("payload"),
            "tags": row.tags,
            "externalId": row.external_id,
            "description": row.description,
            "externalEventDate": None if row.external_ms is None else iso(row.external_ms),
            "createdAt": iso(row.created_ms),
        },
        "member": member_context(uow, member),
        "order": data.get("order"),
    }

"""Evaluation of events by referral programs, campaigns and missions.

The effects of one event are carried out together or not at all: they are in a savepoint, and the result of the
evaluation is written either way. The member is locked from the beginning, so that the events of one member are
evaluated one after another.

An event that a caller has caused, and all events that it leads to (its id is their `root_id`), share one budget. Each
of them is evaluated in a unit of work of its own; what they have used is kept in the row of the first one, the root.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypedDict

from models.kernel.json_values import FreeForm, Shown
from models.kernel.problems import Problem
from models.kernel.times import iso
from models.ledger import all_or_nothing
from models.loyalty_core.campaigns.planning import plan_campaigns
from models.loyalty_core.campaigns.running import RuleErrors, run_campaigns
from models.loyalty_core.engine.locks import lock_for
from models.loyalty_core.events.built_in import ORDER_CAUSE
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.log import member_changes, new_row
from models.loyalty_core.events.ports import Amended, Evaluated
from models.loyalty_core.events.queries import EVENT, INSERT_EVENT, SET_EVALUATED, SET_USED
from models.loyalty_core.events.subscriptions import has_subscriber
from models.loyalty_core.events.tables import FAILED, PENDING, SUCCESS, LoggedEvent
from models.loyalty_core.events.triggers import publish
from models.loyalty_core.members.event_context import EventContext, ExpressionData, SeenOrder, member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.missions.counting import count_event
from models.loyalty_core.referrals.referrals import pay_referral
from models.numbers import new_number
from models.uow import UnitOfWork

ERROR_CHARACTERS_MAX = 1_024


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The result of an evaluation."""

    status: str
    error: str | None
    effects: list[Shown]
    rule_errors: RuleErrors


class _Data(TypedDict, total=False):
    """What the evaluation reads of an event's data: the payload of a tracked event, the order of an order's."""

    payload: FreeForm | None
    order: SeenOrder | None


class _Used(NamedTuple):
    """What an event and all events that it led to have used of their budget: columns of its row."""

    used_steps: int
    used_effects: int
    used_events: int


def report(
    uow: UnitOfWork, event_type: str, topic: str, data: Shown, member: Member, columns: Mapping[str, object]
) -> Evaluated:
    """Evaluate an event that a caller reports, and write it; failure is in what is returned.

    The member is locked. `columns` are what the caller said beside the event. The row is inserted when the unit ends,
    with the result.
    """
    event_id = new_number(uow, LoggedEvent)
    row = new_row(uow, event_id, event_type, topic, data, member_id=member.id, status=PENDING)
    row.update(columns)
    publish(uow, event_id, event_type, topic, data, member_id=member.id)
    outcome = _evaluate(uow, row, member)
    row.update(_columns(uow, outcome))
    if uow.budget.events:  # it led to further events, which go on with its budget
        row.update(_Used(*uow.budget.used)._asdict())
    uow.insert_at_end(INSERT_EVENT, **row)
    return Evaluated(event_id, event_type, outcome.status, outcome.error, outcome.effects, outcome.rule_errors)


def amend(
    uow: UnitOfWork, event: LoggedEvent, order: Shown, member: Member, given: Mapping[tuple[int, int], int]
) -> Amended:
    """Evaluate an order's event again with the order as it is now.

    `given` is what each campaign gave to each account for it: where more is due now, the difference is given; where
    less is due, the excess is returned, and the caller takes it back.

    The evaluation is for the time of the event, which is not written again. Nothing is in excess where it fails.
    """
    left = dict(given)
    row = {name: getattr(event, name) for name in _SEEN}
    row |= {"data": {**event.data, "order": order}, "tags": order["tags"]}
    outcome = _evaluate(uow, row, member, left)
    evaluated = Evaluated(event.id, event.type, outcome.status, outcome.error, outcome.effects, outcome.rule_errors)
    return Amended(evaluated, left if outcome.status == SUCCESS else {})


def evaluate_event(uow: UnitOfWork, subject: str) -> None:
    """A job: evaluate an event that was written by what caused it."""
    event = uow.lock_row(EVENT, id=int(subject))
    if event is None or event.status != PENDING:
        return
    _resume_budget(uow, event.root_id)
    assert event.member_id is not None, "events of nobody are not evaluated"
    row = {name: getattr(event, name) for name in _SEEN}
    outcome = _evaluate(uow, row, lock_member(uow, event.member_id))
    uow.execute(SET_EVALUATED, event_id=event.id, **_columns(uow, outcome))
    if event.root_id is not None or uow.budget.events:
        uow.execute(SET_USED, event_id=event.root_id or event.id, **_Used(*uow.budget.used)._asdict())


_SEEN = (
    "id",
    "type",
    "topic",
    "chain",
    "root_id",
    "data",
    "tags",
    "external_id",
    "external_ms",
    "description",
    "created_ms",
)
"""The columns of an event that its evaluation needs."""


def _columns(uow: UnitOfWork, outcome: _Outcome) -> dict[str, object]:
    return {
        "status": outcome.status,
        "error": outcome.error,
        "effects": outcome.effects,
        "rule_errors": outcome.rule_errors,
        "updated_ms": uow.now_ms,
    }


def _evaluate(
    uow: UnitOfWork, event: Mapping[str, Any], member: Member, given: dict[tuple[int, int], int] | None = None
) -> _Outcome:
    """Evaluate an event (its row's columns) of a locked member; `given` is what it has brought, where its order is
    amended.

    For an event without subscribers nothing of the member is read.
    """
    errors: RuleErrors = []
    try:
        uow.budget.check()
        if given is None and not has_subscriber(uow, event["type"], event["topic"]):
            return _Outcome(SUCCESS, None, [], errors)
        context = _event_context(uow, event, member, given)
        with (
            all_or_nothing(uow),
            uow.savepoint(),
            causing(uow, *context.causes, root_id=event["root_id"] or event["id"]),
        ):
            effects = _effects(uow, context, errors)
    except Problem as problem:
        return _Outcome(FAILED, problem.summary[:ERROR_CHARACTERS_MAX], [], errors)
    return _Outcome(SUCCESS, None, effects, errors)


def _resume_budget(uow: UnitOfWork, root_id: int | None) -> None:
    """Continue with the budget of the event at the beginning of the chain, whose row is locked.

    The lock has the events of one root evaluated one after another. Without it two servers could evaluate two of them
    at once, both read that 90 of 100 effects were used, and make 10 more each.
    """
    if root_id is None:
        return
    root = uow.lock_row(EVENT, id=root_id)
    assert root is not None, "events are not deleted"
    uow.budget.resume((root.used_steps or 0, root.used_effects or 0, root.used_events or 0))


def _effects(uow: UnitOfWork, context: EventContext, errors: RuleErrors) -> list[Shown]:
    """Apply the effects of an event, and return them: first what campaigns will do is decided and locked, then referral
    programs pay, campaigns act and missions count. An amended order is for campaigns only.
    """
    is_amended = context.given is not None
    campaigns = plan_campaigns(uow, context)
    referral = lock_for(uow, context, campaigns, is_amended=is_amended)
    before = member_changes(uow)
    paid = [] if referral is None else pay_referral(uow, referral)
    given = run_campaigns(uow, context, campaigns, errors)
    if is_amended:
        return given
    if member_changes(uow) != before:
        context = _with_changed_member(uow, context)
    return paid + given + count_event(uow, context)


def _with_changed_member(uow: UnitOfWork, context: EventContext) -> EventContext:
    """The context with the member as effects have changed it: missions are for whom the member is now."""
    member = lock_member(uow, context.member.id)
    return replace(context, member=member, context={**context.context, "member": member_context(uow, member)})


def _causes(event: Mapping[str, Any]) -> tuple[str, ...]:
    """The causes of what an event leads to: its own, and the order that it is about."""
    data: _Data = event["data"]
    order, chain = data.get("order"), event["chain"]
    label = None if order is None else f"{ORDER_CAUSE}{order['orderId']}"
    return (*chain, label) if label is not None and label not in chain else tuple(chain)


def _event_context(
    uow: UnitOfWork, event: Mapping[str, Any], member: Member, given: dict[tuple[int, int], int] | None
) -> EventContext:
    return EventContext(
        event["id"],
        event["type"],
        event["topic"] or None,
        member,
        _context(uow, event, member),
        _causes(event),
        event["created_ms"] if event.get("external_ms") is None else event["external_ms"],
        event["created_ms"],
        given,
    )


def _context(uow: UnitOfWork, event: Mapping[str, Any], member: Member) -> ExpressionData:
    """What expressions see of an event."""
    data: _Data = event["data"]
    return {
        "event": {
            "eventId": event["id"],
            "eventType": event["topic"] or event["type"],
            "data": data,
            "payload": data.get("payload"),
            "tags": event["tags"],
            "externalId": event.get("external_id"),
            "description": event.get("description"),
            "externalEventDate": None if event.get("external_ms") is None else iso(event["external_ms"]),
            "createdAt": iso(event["created_ms"]),
        },
        "member": member_context(uow, member),
        "order": data.get("order"),
    }

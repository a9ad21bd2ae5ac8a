"""What the upsert and the import of orders answer."""

from models.kernel.json_values import Shown
from models.loyalty_core.orders.imports import Imported
from models.loyalty_core.orders.orders import Upserted


def show_upserted(done: Upserted) -> Shown:
    """An order that was added or changed, with the effects of that."""
    return {"order": done.shown, "evaluationResults": _results(done)}


def show_imported(one: Imported) -> Shown:
    """What became of an imported order."""
    done = {"order": None, "evaluationResults": None} if one.done is None else show_upserted(one.done)
    return {
        "externalId": one.given.external_id,
        "loyaltyMemberId": one.given.loyalty_member_id,
        "success": one.done is not None,
        **done,
        "error": None if one.problem is None else one.problem.summary,
    }


def _results(done: Upserted) -> Shown | None:
    event = done.event
    if event is None:
        return None
    return {
        "eventId": event.id,
        "eventType": event.type,
        "status": event.status,
        "error": event.error,
        "effects": [*done.taken, *event.effects],
        "ruleErrors": event.rule_errors,
    }

"""Many orders in one call: each by itself, in a unit of work of its own, so that a bad one does not stop the rest.

A hundred orders in one unit would hold up all other requests for a second.
"""

from collections.abc import Mapping
from typing import Any

from models.kernel.problems import Problem
from models.ledger import all_or_nothing
from models.loyalty_core.members.views import find_loyalty_member
from models.loyalty_core.orders.orders import upsert
from models.uow import UnitOfWork


def import_order(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Upsert an order of a member by the organization's own ids of both; what became of it, a refusal included."""
    named = {"externalId": body["externalId"], "loyaltyMemberId": body["loyaltyMemberId"]}
    try:
        with all_or_nothing(uow), uow.session.begin_nested():
            done = upsert(uow, find_loyalty_member(uow, body["loyaltyMemberId"]), body)
    except Problem as problem:
        return {**named, "success": False, "order": None, "evaluationResults": None, "error": problem.message}
    return {
        **named,
        "success": True,
        "order": done["order"],
        "evaluationResults": done["evaluationResults"],
        "error": None,
    }

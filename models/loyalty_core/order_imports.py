"""Many orders in one call: each by itself, so that a bad one does not stop the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.ledger import all_or_nothing
from models.loyalty_core.member_views import find_loyalty_member
from models.loyalty_core.orders import upsert
from models.problems import Problem
from models.uow import UnitOfWork


def import_orders(uow: UnitOfWork, orders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Upsert orders of members by the organization's own ids of these, in the order given; what became of each."""
    return {"results": [_import_one(uow, order) for order in orders]}


def _import_one(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    named = {"externalId": body["externalId"], "loyaltyMemberId": body["loyaltyMemberId"]}
    try:
        with all_or_nothing(uow), uow.session.begin_nested():
            done = upsert(uow, find_loyalty_member(uow, body["loyaltyMemberId"]), body)
    except Problem as problem:
        return {**named, "success": False, "order": None, "evaluationResults": None, "error": problem.message}
    return {**named, "success": True, "order": done["order"], "evaluationResults": done["evaluationResults"], "error": None}

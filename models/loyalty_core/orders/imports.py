"""Many orders in one call: each by itself, in a unit of work of its own, so that a bad one does not stop the rest.

A hundred orders in one unit would hold up all other requests for a second.
"""

from dataclasses import dataclass

from models.kernel.findings import findings
from models.kernel.problems import Problem
from models.ledger import all_or_nothing
from models.loyalty_core.members.views import find_loyalty_member
from models.loyalty_core.orders.input import ImportedOrder
from models.loyalty_core.orders.orders import Upserted, check_program, upsert_order
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an order: how it was upserted, or why it was not."""

    given: ImportedOrder
    done: Upserted | None = None
    problem: Problem | None = None


def import_order(uow: UnitOfWork, given: ImportedOrder) -> Imported:
    """Upsert an order of a member by the organization's own ids of both; a refusal is in the result."""
    if isinstance(given.order, Problem):
        return Imported(given, problem=given.order)
    try:
        with all_or_nothing(uow), uow.savepoint():
            with findings() as found:
                with found.at("/loyaltyMemberId"):
                    member = find_loyalty_member(uow, given.loyalty_member_id)
                with found.at(""):
                    check_program(uow, given.order)
            return Imported(given, upsert_order(uow, member.id, given.order))
    except Problem as problem:
        return Imported(given, problem=problem)

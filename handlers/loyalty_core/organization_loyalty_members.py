"""Organization loyalty members: the people of the organization by its own id of them."""

from typing import Any

from handlers.http import Answer, ok
from models.loyalty_core.audiences import audiences
from models.loyalty_core.members import enrolments, members, points
from models.uow import UnitOfWork


def get_loyalty_member(uow: UnitOfWork, *, loyalty_member_id: str) -> Answer:
    return ok(members.get_loyalty_member(uow, loyalty_member_id))


def set_loyalty_member_tier(uow: UnitOfWork, *, loyalty_member_id: str, body: dict[str, Any]) -> Answer:
    return ok(enrolments.set_tier_by_own_id(uow, loyalty_member_id, body))


def mint_loyalty_member_points(uow: UnitOfWork, *, loyalty_member_id: str, body: dict[str, Any]) -> Answer:
    return ok({"ledgerTransactions": points.mint(uow, loyalty_member_id, body)})


def burn_loyalty_member_points(uow: UnitOfWork, *, loyalty_member_id: str, body: dict[str, Any]) -> Answer:
    return ok({"ledgerTransactions": points.burn(uow, loyalty_member_id, body)})


def list_loyalty_member_audiences(uow: UnitOfWork, *, loyalty_member_id: str) -> Answer:
    return ok({"audiences": audiences.list_of_member(uow, loyalty_member_id)})


def check_loyalty_member_audience(uow: UnitOfWork, *, loyalty_member_id: str, audience_id: int) -> Answer:
    return ok({"match": audiences.has_member(uow, audience_id, loyalty_member_id)})

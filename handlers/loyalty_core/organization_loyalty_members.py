"""Organization loyalty members: the people of the organization by its own id of them."""

from handlers.http import Answer, ok
from models.loyalty_core.audiences import audiences
from models.loyalty_core.audiences.views import show_audience
from models.loyalty_core.ledger.transaction_input import PointsBody, read_points
from models.loyalty_core.members import enrolments, points
from models.loyalty_core.members.input import ProgramTierChoiceBody, read_tier_choice
from models.loyalty_core.members.views import find_loyalty_member, show_member
from models.uow import UnitOfWork


def get_loyalty_member(uow: UnitOfWork, *, loyalty_member_id: str) -> Answer:
    return ok({"loyalMember": show_member(uow, find_loyalty_member(uow, loyalty_member_id))})


def set_loyalty_member_tier(uow: UnitOfWork, *, loyalty_member_id: str, body: ProgramTierChoiceBody) -> Answer:
    choice = read_tier_choice(body)
    enrolments.set_tier_by_own_id(uow, loyalty_member_id, body["loyaltyProgramId"], choice)
    return ok({"loyaltyTierId": choice.tier_id})


def mint_loyalty_member_points(uow: UnitOfWork, *, loyalty_member_id: str, body: PointsBody) -> Answer:
    return ok({"ledgerTransactions": [points.mint(uow, loyalty_member_id, read_points(body)).shown]})


def burn_loyalty_member_points(uow: UnitOfWork, *, loyalty_member_id: str, body: PointsBody) -> Answer:
    return ok({"ledgerTransactions": [points.burn(uow, loyalty_member_id, read_points(body)).shown]})


def list_loyalty_member_audiences(uow: UnitOfWork, *, loyalty_member_id: str) -> Answer:
    rows = audiences.list_of_member(uow, loyalty_member_id)
    return ok({"audiences": [show_audience(uow, row) for row in rows]})


def check_loyalty_member_audience(uow: UnitOfWork, *, loyalty_member_id: str, audience_id: int) -> Answer:
    return ok({"match": audiences.has_member(uow, audience_id, loyalty_member_id)})

"""Organization members: the people of the organization by their number, and the programs and tiers they are in."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.instants import optional_first_ms, optional_ms
from models.loyalty_core.members import enrolments, members
from models.loyalty_core.members.input import (
    MemberChangesBody,
    MembersBody,
    NewMemberBody,
    TierChoiceBody,
    read_member_changes,
    read_new_member,
    read_tier_choice,
)
from models.loyalty_core.members.views import find_member, show_member, show_members, show_tier_change
from models.loyalty_core.missions.counting import increment
from models.loyalty_core.missions.input import CountBody, read_count
from models.loyalty_core.missions.members import MissionFilters
from models.loyalty_core.missions.members import list_member_missions as list_missions_of
from models.loyalty_core.missions.views import show_count, show_standing
from models.loyalty_core.paging import Paging, show_page, split_list
from models.uow import UnitOfWork


def list_members(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    email: str | None,
    loyalty_member_id: str | None,
    wallet_id: int | None,
    from_created_at: str | None,
    to_created_at: str | None,
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = members.list_members(
        uow,
        paging,
        email=email,
        loyalty_member_id=loyalty_member_id,
        wallet_id=wallet_id,
        from_ms=optional_first_ms(from_created_at),
        to_ms=optional_ms(to_created_at),
    )
    return page_answer(paging, show_members(uow, rows), total)


def create_member(uow: UnitOfWork, *, body: NewMemberBody) -> Answer:
    row, enrolled = members.create_member(uow, read_new_member(body))
    return created({"loyalMember": show_member(uow, row, enrolled)})


def get_members_batch(uow: UnitOfWork, *, body: MembersBody) -> Answer:
    rows, not_found = members.get_members(uow, body["memberIds"])
    return ok({"members": show_members(uow, rows), "notFound": not_found})


def get_member(uow: UnitOfWork, *, member_id: int) -> Answer:
    return ok({"loyalMember": show_member(uow, find_member(uow, member_id))})


def update_member(uow: UnitOfWork, *, member_id: int, body: MemberChangesBody) -> Answer:
    row = members.update_member(uow, member_id, read_member_changes(body))
    return ok({"loyalMember": show_member(uow, row)})


def set_member_tier(uow: UnitOfWork, *, member_id: int, loyalty_program_id: int, body: TierChoiceBody) -> Answer:
    choice = read_tier_choice(body)
    enrolments.set_tier(uow, member_id, loyalty_program_id, choice)
    return ok({"loyaltyTierId": choice.tier_id})


def remove_member_from_loyalty_program(uow: UnitOfWork, *, member_id: int, loyalty_program_id: int) -> Answer:
    enrolments.leave(uow, member_id, loyalty_program_id)
    return ok({"ok": True})


def list_member_tier_history(
    uow: UnitOfWork, *, member_id: int, loyalty_program_id: int, page: int, limit: int, order: str | None
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = enrolments.list_tier_history(uow, member_id, loyalty_program_id, paging)
    return page_answer(paging, [show_tier_change(row) for row in rows], total)


def list_member_missions(
    uow: UnitOfWork,
    *,
    member_id: int,
    page: int,
    limit: int,
    order: str | None,
    loyalty_program_id: int | None,
    type: str | None,
    codes: str | None,
    tags: str | None,
    min_times_achieved: int | None,
    min_counter_count: int | None,
    available: bool | None,
    in_progress: bool | None,
    active: bool | None,
    valid_from: str | None,
    valid_to: str | None,
    mission_key: str | None,
) -> Answer:
    filters = MissionFilters(
        program_id=loyalty_program_id,
        mission_type=type,
        codes=split_list(codes),
        tags=split_list(tags),
        min_times_achieved=min_times_achieved,
        min_counter_count=min_counter_count,
        available=available,
        in_progress=in_progress,
        active=active,
        valid_from_ms=optional_first_ms(valid_from),
        valid_to_ms=optional_ms(valid_to),
        mission_key=mission_key,
    )
    rows, total = list_missions_of(uow, member_id, Paging(page, limit, order), filters)
    return ok(show_page([show_standing(uow, row) for row in rows], total, page, limit))


def increment_member_mission_counter(uow: UnitOfWork, *, member_id: int, mission_id: int, body: CountBody) -> Answer:
    given = read_count(body)
    return ok({"balance": show_count(increment(uow, member_id, mission_id, given.amount, given.note))})

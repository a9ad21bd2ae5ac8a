"""Members: creating, finding and changing them."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from models.loyalty_core.events.log import emit
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.ports import joined_by_code
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.terms import write_terms
from models.loyalty_core.members.tier_rules import enrol
from models.loyalty_core.members.views import find_loyalty_member, find_member, show_member, show_members
from models.loyalty_core.organization.tables import Organization, Program
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound
from models.numbers import new_number
from models.uow import UnitOfWork

EMAIL_CHARACTERS_MAX = 320
ORDERS = {
    "memberId": Member.id,
    "loyaltyMemberId": Member.loyalty_member_id,
    "publicLoyaltyMemberId": Member.public_loyalty_member_id,
    "createdAt": Member.created_ms,
    "updatedAt": Member.updated_ms,
}
UNIQUE = {"loyaltyMemberId": Member.loyalty_member_id, "publicLoyaltyMemberId": Member.public_loyalty_member_id}
CHANGEABLE = {
    "onChain": "on_chain",
    "profile": "profile",
    "customAttributes": "custom_attributes",
    "active": "active",
    "publicLoyaltyMemberId": "public_loyalty_member_id",
    "loyaltyMemberId": "loyalty_member_id",
    "memberType": "member_type",
}


def list_members(
    uow: UnitOfWork,
    *,
    email: str | None,
    loyalty_member_id: str | None,
    wallet_id: int | None,
    from_created_at: str | None,
    to_created_at: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of members. Times are date-times of the contract. Raises InvalidInput for an unknown order."""
    conditions: list[tuple[Any, Callable[[Any], Any]]] = [
        (email, lambda text: Member.email == text.casefold()),
        (loyalty_member_id, lambda key: Member.loyalty_member_id == key),
        (wallet_id, lambda number: Member.wallet_id == number),
        (from_created_at, lambda text: Member.created_ms >= bounded_ms(text)),
        (to_created_at, lambda text: Member.created_ms <= bounded_ms(text)),
    ]
    matching = uow.scoped(Member).where(*(condition(given) for given, condition in conditions if given is not None))
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page(show_members(uow, rows), total, page, limit)


def get_member(uow: UnitOfWork, member_id: int) -> dict[str, Any]:
    """One by number, active or not. Raises NotFound."""
    return {"loyalMember": show_member(uow, find_member(uow, member_id))}


def get_loyalty_member(uow: UnitOfWork, loyalty_member_id: str) -> dict[str, Any]:
    """One by the organization's own id, active or not. Raises NotFound."""
    return {"loyalMember": show_member(uow, find_loyalty_member(uow, loyalty_member_id))}


def get_members(uow: UnitOfWork, member_ids: Sequence[int]) -> dict[str, Any]:
    """Several by their numbers, and the numbers of nobody, both in the order asked for; a number counts once."""
    asked = list(dict.fromkeys(member_ids))
    found = {row.id: row for row in uow.session.scalars(uow.scoped(Member).where(Member.id.in_(asked)))}
    return {
        "members": show_members(uow, [found[number] for number in asked if number in found]),
        "notFound": [number for number in asked if number not in found],
    }


def create_member(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Add a member with a wallet, in the default program if that is active.

    Raises Conflict when an id is taken, and for a referral code what `joined_by_code` does.
    """
    _check_free(uow, body)
    profile = body.get("profile", {})
    row = Member(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Member),
        loyalty_member_id=body["loyaltyMemberId"],
        public_loyalty_member_id=body.get("publicLoyaltyMemberId"),
        member_type=body.get("memberType"),
        wallet_id=new_number(uow, Member, Member.wallet_id),
        active=body.get("active", True),
        referral_code=body.get("referralCode"),
        email=_email(profile),
        on_chain=body.get("onChain", {}),
        profile=profile,
        custom_attributes=body.get("customAttributes", {}),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    uow.session.add(row)
    uow.session.flush()
    write_terms(uow, row)
    emit(uow, "member-created", _told(row), member_id=row.id)
    program = _default_program(uow)
    if program is not None and program.active:
        enrol(uow, row, program)
    if row.referral_code is not None:
        joined_by_code(uow, row, row.referral_code)
    return {"loyalMember": show_member(uow, row)}


def update_member(uow: UnitOfWork, member_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a member; what is left out stays, and what is so already leaves no trace. Raises NotFound, Conflict."""
    row = uow.lock(uow.scoped(Member).where(Member.id == member_id))
    if row is None:
        raise NotFound(f"There is no member {member_id}.")
    changed = [
        name for name, attribute in CHANGEABLE.items() if name in body and _differ(getattr(row, attribute), body[name])
    ]
    _check_free(uow, {name: body[name] for name in changed})
    for name in changed:
        setattr(row, CHANGEABLE[name], body[name])
    if changed:
        row.email, row.updated_ms = _email(row.profile), uow.now_ms
        write_terms(uow, row)
        emit(
            uow,
            "member-updated",
            {**_told(row), "changed": changed, "updateReason": body.get("updateReason")},
            member_id=row.id,
        )
    if "active" in changed and not row.active:
        emit(uow, "member-profile-deactivated", _told(row), member_id=row.id)
    return {"loyalMember": show_member(uow, row)}


def _check_free(uow: UnitOfWork, given: dict[str, Any]) -> None:
    """Of two members with one id at once, the table refuses the later, which then is tried again and finds the other here."""
    for name, column in UNIQUE.items():
        if name in given and uow.session.scalars(uow.scoped(Member).where(column == given[name])).first() is not None:
            raise Conflict(f"Another member has this {name}.")


def _default_program(uow: UnitOfWork) -> Program | None:
    organization = uow.session.get(Organization, uow.tenant_id)
    if organization is None or organization.default_program_id is None:
        return None
    return uow.session.get(Program, (uow.tenant_id, organization.default_program_id))


def _told(row: Member) -> dict[str, Any]:
    """What events tell of a member: nothing of the profile, which whoever may read it can ask for."""
    return {
        "loyaltyMemberId": row.loyalty_member_id,
        "publicLoyaltyMemberId": row.public_loyalty_member_id,
        "memberType": row.member_type,
        "walletId": row.wallet_id,
        "active": row.active,
        "referralCode": row.referral_code,
    }


def _differ(before: Any, after: Any) -> bool:
    """Whether JSON values differ: to Python 1, 1.0 and true are the same."""
    return orjson.dumps(before) != orjson.dumps(after)


def _email(profile: dict[str, Any]) -> str | None:
    """The profile's e-mail address as the filter compares it; None for what no filter can ask for."""
    email = profile.get("email")
    if not isinstance(email, str) or len(email.casefold()) > EMAIL_CHARACTERS_MAX:
        return None
    return email.casefold()

"""Members: creating, finding and changing them."""

from collections.abc import Mapping, Sequence

from models.kernel.findings import at, findings
from models.kernel.json_values import Shown
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.events.log import emit
from models.loyalty_core.members.input import MEMBER_COLUMNS, MemberChanges, NewMember
from models.loyalty_core.members.ports import joined_by_code
from models.loyalty_core.members.problems import MemberIdTaken
from models.loyalty_core.members.queries import (
    CHANGED_BY_UPDATE,
    INSERT_MEMBER,
    LIST_MEMBERS,
    MEMBERS,
    UNIQUE,
    UPDATE_MEMBER,
    EnrolmentRow,
    member_with,
)
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.terms import new_terms, write_terms
from models.loyalty_core.members.tier_rules import enrol
from models.loyalty_core.members.views import enrolments_of, forget_member, lock_member
from models.loyalty_core.organization.programs import program_of, programs
from models.loyalty_core.paging import Paging
from models.numbers import new_number
from models.uow import UnitOfWork

EMAIL_CHARACTERS_MAX = 320
NAMES = {column: name for name, column in MEMBER_COLUMNS.items()}
"""What callers call a column."""


def list_members(
    uow: UnitOfWork,
    paging: Paging,
    *,
    email: str | None,
    loyalty_member_id: str | None,
    wallet_id: int | None,
    from_ms: int | None,
    to_ms: int | None,
) -> tuple[list[Member], int]:
    """A page of members, and how many match. Raises InvalidInput for an unknown order."""
    return LIST_MEMBERS.page(
        uow,
        paging,
        email=None if email is None else email.casefold(),
        loyalty_member_id=loyalty_member_id,
        wallet_id=wallet_id,
        from_ms=from_ms,
        to_ms=to_ms,
    )


def get_members(uow: UnitOfWork, member_ids: Sequence[int]) -> tuple[list[Member], list[int]]:
    """Several by their numbers, and the numbers that no member has, both in the order asked for;
    a number counts once.
    """
    ids = list(dict.fromkeys(member_ids))
    found = {row.id: row for row in uow.rows(MEMBERS, ids=ids)}
    return [found[number] for number in ids if number in found], [number for number in ids if number not in found]


def create_member(uow: UnitOfWork, given: NewMember) -> tuple[Member, Sequence[EnrolmentRow]]:
    """Add a member with a wallet, and enrol it in the default program if that is active; the member and the programs
    that it is in.

    Raises Conflict when an id is taken, and for a referral code what `joined_by_code` does.
    """
    _check_free(uow, given.columns)
    columns = {
        "public_loyalty_member_id": None,
        "member_type": None,
        "active": True,
        "on_chain": {},
        "profile": {},
        "custom_attributes": {},
        **given.columns,
    }
    row = row_of(
        Member,
        tenant_id=uow.tenant_id,
        id=new_number(uow, Member),
        wallet_id=new_number(uow, Member, Member.wallet_id),
        referral_code=given.referral_code,
        email=_email(given.profile),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **columns,
    )
    uow.insert(INSERT_MEMBER, **columns_of(row))
    new_terms(uow, row)
    emit(uow, "member-created", _published(row), member_id=row.id)
    program = program_of(uow, programs(uow).default_id)
    enrolled = [enrol(uow, row, program, points=0)] if program is not None and program.active else []
    if row.referral_code is None:
        return row, enrolled
    with at("/referralCode"):
        joined_by_code(uow, row, row.referral_code)
    return row, enrolments_of(uow, [row.id])[row.id]  # points that it was paid may have enrolled it


def update_member(uow: UnitOfWork, member_id: int, given: MemberChanges) -> Member:
    """Change a member; what is left out stays, and what is so already leaves no trace. Raises NotFound, Conflict."""
    row = lock_member(uow, member_id)
    changes = differing(row, given.columns)
    changed = [column for column in NAMES if column in changes]
    _check_free(uow, {column: given.columns[column] for column in changed})
    if not changed:
        return row
    was_active = row.active
    row = replaced(row, updated_ms=uow.now_ms, **{column: given.columns[column] for column in changed})
    row = replaced(row, email=_email(row.profile))
    uow.execute(
        UPDATE_MEMBER, member_id=member_id, **{f"new_{column}": getattr(row, column) for column in CHANGED_BY_UPDATE}
    )
    forget_member(uow, member_id)
    write_terms(uow, row)
    emit(
        uow,
        "member-updated",
        {**_published(row), "changed": [NAMES[column] for column in changed], "updateReason": given.reason},
        member_id=row.id,
    )
    if was_active and not row.active:
        emit(uow, "member-profile-deactivated", _published(row), member_id=row.id)
    return row


def _check_free(uow: UnitOfWork, given: Mapping[str, object]) -> None:
    """Raises Conflict.

    Of two members with one id at once, the table refuses the later, which then is tried again and finds the other here.
    """
    with findings() as found:
        for column in UNIQUE:
            value = given.get(column)
            with found.at(f"/{NAMES[column]}"):
                if value is not None and uow.first(member_with(column), value=value) is not None:
                    raise MemberIdTaken(f"Another member has this {NAMES[column]}.")


def _published(row: Member) -> Shown:
    """What events say of a member: nothing of the profile, which callers with the right to read it can ask for."""
    return {
        "loyaltyMemberId": row.loyalty_member_id,
        "publicLoyaltyMemberId": row.public_loyalty_member_id,
        "memberType": row.member_type,
        "walletId": row.wallet_id,
        "active": row.active,
        "referralCode": row.referral_code,
    }


def _email(profile: Mapping[str, object]) -> str | None:
    """The profile's e-mail address as the filter compares it; None for one that no filter can ask for."""
    email = profile.get("email")
    if not isinstance(email, str) or len(email.casefold()) > EMAIL_CHARACTERS_MAX:
        return None
    return email.casefold()

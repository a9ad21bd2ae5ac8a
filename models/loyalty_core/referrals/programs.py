"""Referral programs: what is given for whom, and how often."""

from typing import Any

from models.kernel.times import iso
from models.loyalty_core.columns import set_columns, show_columns
from models.loyalty_core.events.subscriptions import REFERRAL_PROGRAM, listen
from models.loyalty_core.members.views import found_program_id
from models.loyalty_core.missions.participation import check_account, check_audience
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound, RuleViolation
from models.loyalty_core.referrals.tables import ReferralProgram
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "referralProgramId": ReferralProgram.id,
    "name": ReferralProgram.name,
    "code": ReferralProgram.code,
    "validFromDate": ReferralProgram.valid_from_ms,
    "validToDate": ReferralProgram.valid_to_ms,
    "referredCount": ReferralProgram.referred_count,
    "createdAt": ReferralProgram.created_ms,
    "updatedAt": ReferralProgram.updated_ms,
}
PLAIN = {
    "code": "code",
    "name": "name",
    "description": "description",
    "pictureUrl": "picture_url",
    "active": "active",
    "customAttributes": "custom_attributes",
    "maxPerCode": "max_per_code",
    "maxReferralsPerMember": "max_per_referrer",
    "maxRedeemsPerReferredMemberPerCode": "max_per_referred",
    "audienceId": "audience_id",
    "tags": "tags",
    "eventType": "event_type",
    "referrerPointsAccrual": "referrer_points",
    "referrerLedgerId": "referrer_ledger_id",
    "referrerLedgerAccountId": "referrer_account_id",
    "referredPointsAccrual": "referred_points",
    "referredLedgerId": "referred_ledger_id",
    "referredLedgerAccountId": "referred_account_id",
}
AT_CREATION = "member-created"
INSTANTS = {"validFromDate": "valid_from_ms", "validToDate": "valid_to_ms"}


def list_programs(uow: UnitOfWork, *, page: int, limit: int, order: str | None) -> dict[str, Any]:
    """A page of referral programs. Raises InvalidInput for an unknown order."""
    rows, total = page_of(uow, uow.scoped(ReferralProgram), ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_program(uow: UnitOfWork, referral_program_id: int) -> dict[str, Any]:
    """One as answers show it. Raises NotFound."""
    return _show(uow, find_program_of_referrals(uow, referral_program_id))


def create_program(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Add one. Raises NotFound for what the body names, Conflict for a code that is taken, RuleViolation for its dates."""
    row = ReferralProgram(
        tenant_id=uow.tenant_id,
        id=new_number(uow, ReferralProgram),
        custom_attributes={},
        tags=[],
        max_per_referred=1,
        referrer_points=0,
        referred_points=0,
        referred_count=0,
        created_ms=uow.now_ms,
    )
    _take(uow, row, body)
    return _show(uow, row)


def update_program(uow: UnitOfWork, referral_program_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change one; what is left out stays, what is null is taken away. Raises as `create_program`, and NotFound for it."""
    row = lock_program_of_referrals(uow, referral_program_id)
    _take(uow, row, body)
    return _show(uow, row)


def find_program_of_referrals(uow: UnitOfWork, referral_program_id: int) -> ReferralProgram:
    """A referral program, active or not. Raises NotFound."""
    return _found(uow.session.get(ReferralProgram, (uow.tenant_id, referral_program_id)), referral_program_id)


def lock_program_of_referrals(uow: UnitOfWork, referral_program_id: int) -> ReferralProgram:
    """The same, locked until the unit ends: whoever counts its referrals comes through here. Raises NotFound."""
    return _found(
        uow.lock(uow.scoped(ReferralProgram).where(ReferralProgram.id == referral_program_id)), referral_program_id
    )


def _found(row: ReferralProgram | None, referral_program_id: int) -> ReferralProgram:
    if row is None:
        raise NotFound(f"There is no referral program {referral_program_id}.")
    return row


def _take(uow: UnitOfWork, row: ReferralProgram, body: dict[str, Any]) -> None:
    """Set what a body names; the referredCount in it is the server's own matter."""
    _check_code(uow, row.id, body["code"])
    if "loyaltyProgramId" in body:
        row.program_id = found_program_id(uow, body["loyaltyProgramId"])
    set_columns(row, body, PLAIN, INSTANTS)
    if row.valid_from_ms is not None and row.valid_to_ms is not None and row.valid_to_ms <= row.valid_from_ms:
        raise RuleViolation("The validToDate is not after the validFromDate.")
    check_audience(uow, row.audience_id)
    check_account(uow, program_id=row.program_id, ledger_id=row.referrer_ledger_id, account_id=row.referrer_account_id)
    check_account(uow, program_id=row.program_id, ledger_id=row.referred_ledger_id, account_id=row.referred_account_id)
    row.updated_ms = uow.now_ms
    uow.session.add(row)
    uow.session.flush()
    # At their creation members are paid for by the call that makes them (`referrals.redeem`).
    listen(uow, REFERRAL_PROGRAM, row.id, [row.event_type] if row.active and row.event_type != AT_CREATION else [])


def _check_code(uow: UnitOfWork, referral_program_id: int, code: str) -> None:
    """Of two that take one code at once, the table refuses the later, which then is tried again and finds the other here."""
    found = uow.session.scalars(uow.scoped(ReferralProgram).where(ReferralProgram.code == code)).first()
    if found is not None and found.id != referral_program_id:
        raise Conflict(f"Another referral program has the code {code}.")


def _show(uow: UnitOfWork, row: ReferralProgram) -> dict[str, Any]:
    return {
        "referralProgramId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramId": row.program_id,
        **show_columns(row, PLAIN, INSTANTS),
        "referredCount": row.referred_count,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }

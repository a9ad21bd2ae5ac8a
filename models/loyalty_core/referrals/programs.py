"""Referral programs: what is given for whom, and how often."""

from collections.abc import Mapping

from models.kernel.findings import findings
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.events.subscriptions import REFERRAL_PROGRAM, subscribe
from models.loyalty_core.events.tracked import check_event_types
from models.loyalty_core.instants import check_validity
from models.loyalty_core.members.payouts import check_account
from models.loyalty_core.members.views import found_program_id
from models.loyalty_core.missions.participation import check_audience
from models.loyalty_core.paging import Paging
from models.loyalty_core.references import added_one
from models.loyalty_core.referrals.input import ReferralProgramInput
from models.loyalty_core.referrals.problems import ReferralProgramCodeTaken, ReferralProgramNotFound
from models.loyalty_core.referrals.queries import INSERT_PROGRAM, PROGRAM, PROGRAM_WITH_CODE, PROGRAMS, UPDATE_PROGRAM
from models.loyalty_core.referrals.tables import ReferralProgram
from models.numbers import new_number
from models.uow import UnitOfWork

AT_CREATION = "member-created"
SIDES = ("referrer", "referred")


def list_programs(uow: UnitOfWork, paging: Paging) -> tuple[list[ReferralProgram], int]:
    """A page of referral programs, and how many there are. Raises InvalidInput for an unknown order."""
    return PROGRAMS.page(uow, paging)


def create_program(uow: UnitOfWork, given: ReferralProgramInput) -> ReferralProgram:
    """Add a referral program.

    Raises NotFound for what is named, Conflict for a code that is taken, RuleViolation for its dates.
    """
    values = {
        "program_id": None,
        "description": None,
        "picture_url": None,
        "valid_from_ms": None,
        "valid_to_ms": None,
        "audience_id": None,
        "custom_attributes": {},
        "tags": [],
        "max_per_referred": 1,
        "referrer_points": 0,
        "referrer_ledger_id": None,
        "referrer_account_id": None,
        "referred_points": 0,
        "referred_ledger_id": None,
        "referred_account_id": None,
        **given.columns,
        "tenant_id": uow.tenant_id,
        "id": new_number(uow, ReferralProgram),
        "referred_count": 0,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    row = row_of(ReferralProgram, **values)
    _check(uow, row, given.columns, ())
    uow.insert(INSERT_PROGRAM, **values)
    _subscribe(uow, row)
    return row


def update_program(uow: UnitOfWork, referral_program_id: int, given: ReferralProgramInput) -> ReferralProgram:
    """Change a referral program; what is left out stays, what is null is removed.

    Raises as `create_program`, and NotFound for it.
    """
    before = lock_program_of_referrals(uow, referral_program_id)
    changes = differing(before, given.columns)
    if not changes:
        return before
    row = replaced(before, **changes, updated_ms=uow.now_ms)
    _check(uow, row, changes, (before.event_type,))
    uow.execute(UPDATE_PROGRAM, **columns_of(row))
    _subscribe(uow, row)
    return row


def find_program_of_referrals(uow: UnitOfWork, referral_program_id: int) -> ReferralProgram:
    """A referral program, active or not. Raises NotFound."""
    return _found(uow.first(PROGRAM, id=referral_program_id), referral_program_id)


def lock_program_of_referrals(uow: UnitOfWork, referral_program_id: int) -> ReferralProgram:
    """A referral program, locked until the unit ends: its referrals are counted under this lock. Raises NotFound."""
    return _found(uow.lock_row(PROGRAM, id=referral_program_id), referral_program_id)


def _found(row: ReferralProgram | None, referral_program_id: int) -> ReferralProgram:
    if row is None:
        raise ReferralProgramNotFound(f"There is no referral program {referral_program_id}.")
    return row


def _check(uow: UnitOfWork, row: ReferralProgram, given: Mapping[str, object], types_before: tuple[str, ...]) -> None:
    """That the code of a referral program is free, its validity one, and what it names anew there: of the columns
    given.

    Raises NotFound, Conflict, RuleViolation.
    """
    with findings() as found:
        with found.at("/code"):
            # Of two that take one code at once, the table refuses the later, which then is tried again and finds the
            # other here.
            if uow.first(PROGRAM_WITH_CODE, code=row.code, other_than=row.id) is not None:
                raise ReferralProgramCodeTaken(f"Another referral program has the code {row.code}.")
        with found.at(""):
            check_event_types(uow, added_one(types_before, row.event_type, "/eventType"))
        if "program_id" in given:
            with found.at("/loyaltyProgramId"):
                found_program_id(uow, row.program_id)
        with found.at("/validToDate"):
            check_validity(row.valid_from_ms, row.valid_to_ms, begin="validFromDate", end="validToDate")
        if "audience_id" in given:
            with found.at("/audienceId"):
                check_audience(uow, row.audience_id)
        for side in SIDES:
            with found.at(""):
                _check_side(uow, row, given, side)


def _check_side(uow: UnitOfWork, row: ReferralProgram, given: Mapping[str, object], side: str) -> None:
    """That one side can be paid where the program says. Raises NotFound, Conflict."""
    ledger, account = f"{side}_ledger_id", f"{side}_account_id"
    if not given.keys().isdisjoint(("program_id", ledger, account)):
        check_account(
            uow,
            program_id=row.program_id,
            ledger_id=getattr(row, ledger),
            account_id=getattr(row, account),
            pointers=(f"/{side}LedgerId", f"/{side}LedgerAccountId"),
        )


def _subscribe(uow: UnitOfWork, row: ReferralProgram) -> None:
    # At their creation members are paid for by the call that makes them (`referrals.redeem`).
    subscribes = row.active and row.event_type != AT_CREATION
    subscribe(uow, REFERRAL_PROGRAM, row.id, [row.event_type] if subscribes else [])

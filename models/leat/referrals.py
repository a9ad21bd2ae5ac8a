"""Referrals and their life: pending until the completion event, then completed with both incentives, or failed.

A referral begins with its referred contact. Completed and failed are final (facts: life cycle in
the API's digest). Both contacts are locked before the status changes: the referring one, since its completed referrals
are counted against the program's limit, the referred one for its transactions.
"""

from collections.abc import Sequence

from models.kernel.ids import uuid4
from models.kernel.statements import replaced, row_of
from models.leat.incentives import grant
from models.leat.queries import (
    ATTRIBUTED_REFERRAL,
    COUNT_OF_REFERRING,
    END_REFERRAL,
    FAIL_REFERRALS_OF,
    INSERT_REFERRAL,
    REFERRAL_OF,
    page_of_referrals,
)
from models.leat.settings import ReferralProgram, settings_of
from models.leat.tables import Contact, Referral
from models.leat.views import show_referrals
from models.leat.webhooks import REFERRAL_COMPLETED, emit
from models.uow import UnitOfWork

PENDING, COMPLETED, FAILED = "pending", "completed", "failed"
OFFSET_MAX = 1 << 53
"""Pages that start beyond this are empty without a query: the offset would not fit the database's integers."""


def begin(uow: UnitOfWork, referring: Contact, referred: Contact) -> None:
    """Begin the referral of a new contact; the referring one is locked. Without a program nobody is referred."""
    program = settings_of(uow).referral_program
    if program is None:
        return
    values = {
        "uuid": uuid4(uow.random, "referral"),
        "referring_uuid": referring.uuid,
        "referred_uuid": referred.uuid,
        "status": PENDING,
        "created_ms": uow.now_ms,
    }
    uow.insert(INSERT_REFERRAL, **values)
    referral = row_of(Referral, tenant_id=uow.tenant_id, **values)
    if _is_full(uow, program, referring):
        _end(uow, referral, FAILED)
    else:
        _complete_if_reached(uow, program, referral, referring, referred)


def transaction_made(uow: UnitOfWork, referring: Contact, referred: Contact) -> None:
    """The referred contact has made one more transaction; both contacts are locked. Completes the referral once."""
    program = settings_of(uow).referral_program
    # Read under the locks: the transaction before this one may have ended it meanwhile.
    referral = uow.lock_row(REFERRAL_OF, referred_uuid=referred.uuid, status=PENDING)
    if program is not None and referral is not None:
        _complete_if_reached(uow, program, referral, referring, referred)


def _complete_if_reached(
    uow: UnitOfWork, program: ReferralProgram, referral: Referral, referring: Contact, referred: Contact
) -> None:
    if not program.completion_event.reached(referred.transaction_count):
        return
    if _is_full(uow, program, referring):
        _end(uow, referral, FAILED)
        return
    referral = _end(uow, referral, COMPLETED)
    grant(uow, referred, program.referred_incentive, referral)
    grant(uow, referring, program.referring_incentive, referral)
    emit(uow, REFERRAL_COMPLETED, {"referral": show_referrals(uow, [referral])[0]})


def _is_full(uow: UnitOfWork, program: ReferralProgram, referring: Contact) -> bool:
    """Whether the referring contact, which is locked, has as many completed referrals as the program allows."""
    if program.limit_per_contact is None:
        return False
    count = uow.one(COUNT_OF_REFERRING, referring_uuid=referring.uuid, status=COMPLETED)
    return count >= program.limit_per_contact


def _end(uow: UnitOfWork, referral: Referral, status: str) -> Referral:
    """End a referral with a final status; the referral after it."""
    uow.execute(END_REFERRAL, referral=referral.uuid, new_status=status, at_ms=uow.now_ms)
    return replaced(referral, status=status, ended_ms=uow.now_ms)


def fail_pending_of(uow: UnitOfWork, contact_uuid: str) -> None:
    """A contact, which is locked, is deleted: the pending referrals that it is a side of fail."""
    uow.execute(FAIL_REFERRALS_OF, contact=contact_uuid, status=PENDING, new_status=FAILED, at_ms=uow.now_ms)


def attributed_referral(uow: UnitOfWork, contact_uuid: str) -> Referral | None:
    """The referral of a contact as the referred side, whatever its status."""
    return uow.first(ATTRIBUTED_REFERRAL, referred_uuid=contact_uuid)


def list_referrals(
    uow: UnitOfWork, *, referring_uuid: str | None, status: str | None, limit: int, page: int
) -> Sequence[Referral]:
    """A page of referrals, newest first, ties by uuid; filters combine. A page past the end is empty."""
    offset = (page - 1) * limit
    if offset > OFFSET_MAX:
        return []
    query = page_of_referrals(of_referring=referring_uuid is not None, of_status=status is not None)
    referring = None if referring_uuid is None else referring_uuid.lower()
    return uow.rows(query, referring_uuid=referring, status=status, limit=limit, offset=offset)

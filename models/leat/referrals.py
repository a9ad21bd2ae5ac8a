"""Referrals and their life: pending until the completion event, then completed with both incentives, or failed.

A referral begins with its referred contact and at no other time. Completed and failed are final (facts: life cycle in
the API's digest). Whoever moves one has both of its contacts locked: the referring one, since its completed referrals
are counted against the program's limit, the referred one for its transactions.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from models.kernel.ids import uuid4
from models.leat.incentives import grant
from models.leat.settings import ReferralProgram, settings_of
from models.leat.tables import Contact, Referral
from models.leat.views import show_referrals
from models.leat.webhooks import REFERRAL_COMPLETED, emit
from models.uow import UnitOfWork

PENDING, COMPLETED, FAILED = "pending", "completed", "failed"
OFFSET_MAX = 1 << 53
"""A page that starts beyond is empty whatever the database could say of it."""


def begin(uow: UnitOfWork, referring: Contact, referred: Contact) -> None:
    """Begin the referral of a new contact; the referring one is locked. Without a program nobody is referred."""
    program = settings_of(uow).referral_program
    if program is None:
        return
    referral = Referral(
        tenant_id=uow.tenant_id,
        uuid=uuid4(uow.random, "referral"),
        referring_uuid=referring.uuid,
        referred_uuid=referred.uuid,
        status=PENDING,
        created_ms=uow.now_ms,
    )
    uow.session.add(referral)
    uow.session.flush()
    if _is_full(uow, program, referring):
        _end(uow, referral, FAILED)
    else:
        _complete_if_reached(uow, program, referral, referring, referred)


def pending_of(uow: UnitOfWork, referred_uuid: str) -> Referral | None:
    """The referral that a contact is the referred one of, while it is pending."""
    statement = uow.scoped(Referral).where(Referral.referred_uuid == referred_uuid, Referral.status == PENDING)
    return uow.session.scalars(statement).first()


def transaction_made(uow: UnitOfWork, referral_uuid: str, referring: Contact, referred: Contact) -> None:
    """The referred contact has made one more transaction; both contacts are locked. Completes the referral once."""
    program = settings_of(uow).referral_program
    # Read again under the locks: the transaction before this one may have ended it meanwhile.
    referral = uow.lock(uow.scoped(Referral).where(Referral.uuid == referral_uuid))
    if program is not None and referral is not None and referral.status == PENDING:
        _complete_if_reached(uow, program, referral, referring, referred)


def _complete_if_reached(
    uow: UnitOfWork, program: ReferralProgram, referral: Referral, referring: Contact, referred: Contact
) -> None:
    if not program.completion_event.reached(referred.transaction_count):
        return
    if _is_full(uow, program, referring):
        _end(uow, referral, FAILED)
        return
    _end(uow, referral, COMPLETED)
    grant(uow, referred, program.referred_incentive, referral)
    grant(uow, referring, program.referring_incentive, referral)
    emit(uow, REFERRAL_COMPLETED, {"referral": show_referrals(uow, [referral])[0]})


def _is_full(uow: UnitOfWork, program: ReferralProgram, referring: Contact) -> bool:
    """Whether the referring contact, which is locked, has as many completed referrals as the program allows."""
    if program.limit_per_contact is None:
        return False
    completed = uow.scoped(Referral).where(Referral.referring_uuid == referring.uuid, Referral.status == COMPLETED)
    count = uow.session.scalar(select(func.count()).select_from(completed.subquery())) or 0
    return count >= program.limit_per_contact


def _end(uow: UnitOfWork, referral: Referral, status: str) -> None:
    referral.status = status
    referral.ended_ms = uow.now_ms
    uow.session.flush()


def list_referrals(
    uow: UnitOfWork, *, referring_uuid: str | None, status: str | None, limit: int, page: int
) -> Sequence[Referral]:
    """A page of referrals, newest first, ties by uuid; filters combine. A page past the end is empty."""
    offset = (page - 1) * limit
    if offset > OFFSET_MAX:
        return []
    statement = uow.scoped(Referral)
    if referring_uuid is not None:
        statement = statement.where(Referral.referring_uuid == referring_uuid.lower())
    if status is not None:
        statement = statement.where(Referral.status == status)
    ordered = statement.order_by(Referral.created_ms.desc(), Referral.uuid.desc())
    return uow.session.scalars(ordered.limit(limit).offset(offset)).all()

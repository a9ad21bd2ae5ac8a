"""Decisions of people on the sides of referrals that are PENDING.

The vendor's own calls for it are for classic tenants: here a mock's control plane and the command line decide.
"""

from collections.abc import Collection

from models.kernel.json_values import Shown
from models.kernel.statements import replaced
from models.saasquatch.problems import ReferralNotPending
from models.saasquatch.programs import get_program
from models.saasquatch.queries import USER
from models.saasquatch.referrals import payment, referrals
from models.saasquatch.referrals.fraud import APPROVED, DENIED, PENDING
from models.saasquatch.referrals.queries import REFERRAL
from models.saasquatch.rewards.accounts import lock_accounts
from models.saasquatch.tables import Referral
from models.uow import UnitOfWork

REFERRER, REFERRED = "referrer", "referred"
SIDES = (REFERRER, REFERRED)
DECISIONS = {"approve": APPROVED, "deny": DENIED}


def moderate(uow: UnitOfWork, referral_id: str, decision: str, sides: Collection[str] = SIDES) -> Referral:
    """Approve or deny (see DECISIONS) those of the sides that are PENDING; the referral after it.

    What has converted already is paid now: a person has decided, so the daily limit of rewards does not hold it back
    again. Deciding the same again changes nothing. Raises ReferralNotFound, and ReferralNotPending where the other was
    decided.
    """
    status = DECISIONS[decision]
    found = referrals.get_referral(uow, referral_id)
    lock_accounts(uow, {account for account in (found.referrer_account_id, found.referred_account_id) if account})
    row = uow.lock_row(REFERRAL, id=referral_id)
    if row is None:
        return referrals.get_referral(uow, referral_id)
    columns = [f"{side}_status" for side in SIDES if side in sides]
    pending = {column: status for column in columns if getattr(row, column) == PENDING}
    if not pending:
        if all(getattr(row, column) == status for column in columns):
            return row
        raise ReferralNotPending
    row = replaced(row, **pending, modified_ms=uow.now_ms)
    if referrals.moderation_status(row) != PENDING:
        row = replaced(row, moderated_ms=uow.now_ms)
    if row.converted_ms is not None:
        user = None
        if row.referred_user_id is not None:
            user = uow.first(USER, account_id=row.referred_account_id, user_id=row.referred_user_id)
        row = payment.pay(uow, row, get_program(uow, row.program_id), user)
    referrals.store(uow, row)
    return row


def show(row: Referral) -> Shown:
    """What a decision has led to."""
    return {
        "id": row.id,
        "moderationStatus": referrals.moderation_status(row),
        "referrerModerationStatus": row.referrer_status,
        "referredModerationStatus": row.referred_status,
        "dateModerated": row.moderated_ms,
        "dateConverted": row.converted_ms,
        "referrerRewardId": row.referrer_reward_id,
        "referredRewardId": row.referred_reward_id,
    }

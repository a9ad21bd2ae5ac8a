"""What the two sides of a converted referral are paid; the referrer's account is locked."""

from models.kernel.statements import replaced
from models.saasquatch.programs import parse_rule
from models.saasquatch.queries import USER
from models.saasquatch.referrals.fraud import APPROVED, PENDING, SOURCE_REFERRED, SOURCE_REFERRER, daily_limit_reached
from models.saasquatch.referrals.queries import EARNED
from models.saasquatch.rewards import rewards
from models.saasquatch.settings import parse_settings
from models.saasquatch.tables import Program, Referral, Reward, User
from models.uow import UnitOfWork


def with_daily_limit(uow: UnitOfWork, row: Referral, program: Program) -> Referral:
    """The referral, with the referrer's side PENDING where the daily limit of rewards is reached.

    Friends who sign up on different days may all convert today: only when rewards are given, under the referrer's lock,
    is the limit exact. A person decides on what is pending (see `moderation`).
    """
    if not _owes_referrer(uow, row, program):
        return row
    checks = uow.directory.settings(uow.tenant, parse_settings).fraudCheckSettings
    assert row.referrer_account_id is not None
    assert row.referrer_user_id is not None
    if not daily_limit_reached(uow, row.referrer_account_id, row.referrer_user_id, checks):
        return row
    return replaced(row, referrer_status=PENDING, moderated_ms=None)


def pay(uow: UnitOfWork, row: Referral, program: Program, referred: User | None) -> Referral:
    """Give the approved sides that have no reward yet theirs; the referral after it, which is not stored."""
    made = _pay_referrer(uow, row, program)
    received = None if referred is None else _pay_referred(uow, row, program, referred)
    return replaced(
        row,
        referrer_reward_id=row.referrer_reward_id if made is None else made.id,
        referred_reward_id=row.referred_reward_id if received is None else received.id,
    )


def _owes_referrer(uow: UnitOfWork, row: Referral, program: Program) -> bool:
    """Whether the referrer is to get a reward that it has not got."""
    if parse_rule(program.referrer_reward) is None or row.referrer_reward_id is not None:
        return False
    if row.referrer_status != APPROVED or row.referrer_user_id is None:
        return False
    # Without the lock of the account two conversions at once would both count before the other's reward is there.
    return program.reward_limit is None or _earned(uow, row, program) < program.reward_limit


def _pay_referrer(uow: UnitOfWork, row: Referral, program: Program) -> Reward | None:
    rule = parse_rule(program.referrer_reward)
    if rule is None or not _owes_referrer(uow, row, program):
        return None
    user = uow.one(USER, account_id=row.referrer_account_id, user_id=row.referrer_user_id)
    return rewards.grant(
        uow, user, rule, source=SOURCE_REFERRER, program_id=program.id, key="referrerReward", referral_id=row.id
    )


def _pay_referred(uow: UnitOfWork, row: Referral, program: Program, user: User) -> Reward | None:
    rule = parse_rule(program.referred_reward)
    if rule is None or row.referred_status != APPROVED or row.referred_reward_id is not None:
        return None
    return rewards.grant(
        uow, user, rule, source=SOURCE_REFERRED, program_id=program.id, key="referredReward", referral_id=row.id
    )


def _earned(uow: UnitOfWork, row: Referral, program: Program) -> int:
    """How many rewards the referrer has from the program."""
    return uow.one(
        EARNED,
        account_id=row.referrer_account_id,
        user_id=row.referrer_user_id,
        program_id=program.id,
        source=SOURCE_REFERRER,
    )

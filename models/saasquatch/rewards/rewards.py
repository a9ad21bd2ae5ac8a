"""Rewards: given by hand or by a program, listed, cancelled; they become available and expire by themselves."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from models.kernel.clock import DAY_MS, MAX_MS
from models.kernel.ids import hex24, text
from models.kernel.statements import replaced, row_of
from models.outbox.outbox import schedule, unschedule
from models.saasquatch.problems import AccountNotFound, BadReward, NotCancellable, RewardNotFound, UserNotFound
from models.saasquatch.programs import RewardRule
from models.saasquatch.rewards import balances
from models.saasquatch.rewards.accounts import lock_account
from models.saasquatch.rewards.balances import list_rewards
from models.saasquatch.rewards.input import RewardInput
from models.saasquatch.rewards.queries import (
    HOLDER,
    INSERT_REWARD,
    REDEMPTIONS,
    REDEMPTIONS_OF_ACCOUNT,
    REWARD,
    REWARDS_WITH_REDEMPTIONS,
    UPDATE_REWARD,
    Holder,
)
from models.saasquatch.rewards.states import (
    CREDIT,
    EXPIRED,
    FUELTANK,
    INTEGRATION,
    PCT_DISCOUNT,
    available,
    given_at,
    statuses,
)
from models.saasquatch.rewards.views import reward_event
from models.saasquatch.tables import Redemption, Reward, User
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork

CREDIT_MAX = 2**53 - 1
"""The most credit of one unit that an account is ever given: sums stay numbers that every JSON client can read."""
DUE_KIND = "reward_due"
EXPIRED_KIND = "reward_expired"
MANUAL = "MANUAL"
FUEL_TANK_CODE_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a reward is given: by hand, or by a program for a referral."""

    source: str
    program_id: str | None = None
    key: str | None = None
    """The program's own name for the reward."""
    referral_id: str | None = None


def get_reward(uow: UnitOfWork, reward_id: str) -> Reward:
    """A reward. Raises RewardNotFound."""
    row = uow.first(REWARD, reward_id=reward_id)
    if row is None:
        raise RewardNotFound
    return row


def redemptions_of_account(uow: UnitOfWork, account_id: str) -> dict[str, list[Redemption]]:
    """The redemptions of all rewards of an account by reward id, oldest first."""
    return _by_reward(uow.rows(REDEMPTIONS_OF_ACCOUNT, account_id=account_id))


def redemptions_of(uow: UnitOfWork, reward_ids: list[str]) -> dict[str, list[Redemption]]:
    """The redemptions of some rewards by reward id, oldest first."""
    return _by_reward(uow.rows(REDEMPTIONS, reward_ids=reward_ids)) if reward_ids else {}


def with_redemptions(uow: UnitOfWork, reward_ids: Sequence[str]) -> list[tuple[Reward, list[Redemption]]]:
    """Rewards with their redemptions, oldest first."""
    found: dict[str, tuple[Reward, list[Redemption]]] = {}
    for row, redemption in uow.rows(REWARDS_WITH_REDEMPTIONS, reward_ids=reward_ids) if reward_ids else ():
        _, redeemed = found.setdefault(row.id, (row, []))
        if redemption is not None:
            redeemed.append(redemption)
    return list(found.values())


def _by_reward(rows: list[Redemption]) -> dict[str, list[Redemption]]:
    found: dict[str, list[Redemption]] = {}
    for redemption in rows:
        found.setdefault(redemption.reward_id, []).append(redemption)
    return found


def create(uow: UnitOfWork, account_id: str, user_id: str, given: RewardInput) -> Reward:
    """Give a user a reward by hand. Raises AccountNotFound, UserNotFound, BadReward."""
    lock_account(uow, account_id)
    user = uow.first(HOLDER, account_id=account_id, user_id=user_id)
    if user is None:
        raise UserNotFound
    if given.expires_ms is not None and given.expires_ms <= max(uow.now_ms, given.scheduled_ms or 0):
        raise BadReward("/dateExpires: the reward would expire before it becomes available")
    row = _give(uow, user, given, Origin(MANUAL))
    if row is None:
        raise BadReward(f"/assignedCredit: an account is given at most {CREDIT_MAX:,} of one unit in all")
    return row


def grant(
    uow: UnitOfWork, user: User, rule: RewardRule, *, source: str, program_id: str, key: str, referral_id: str
) -> Reward | None:
    """Give a user the reward of a program's rule; None where the account has had all the credit it can be given."""
    lock_account(uow, user.account_id)
    scheduled_ms = _later(uow.now_ms, rule.pending_days) if rule.pending_days > 0 else None
    is_fuel = rule.type == FUELTANK
    given = RewardInput(
        type=rule.type,
        unit="%" if rule.type == PCT_DISCOUNT else rule.unit,
        name=rule.name,
        scheduled_ms=scheduled_ms,
        expires_ms=None if rule.expires_days is None else _later(scheduled_ms or uow.now_ms, rule.expires_days),
        assigned=rule.amount if rule.type == CREDIT else None,
        percent=rule.amount if rule.type == PCT_DISCOUNT else None,
        amount=rule.amount if rule.type in (FUELTANK, INTEGRATION) else None,
        fuel_tank_code=text(uow.random, "fuel-tank-code", FUEL_TANK_CODE_CHARACTERS) if is_fuel else None,
        fuel_tank_type=rule.fuel_tank_type if is_fuel else None,
        integration={} if rule.type == INTEGRATION else None,
    )
    return _give(uow, user, given, Origin(source, program_id, key, referral_id))


def _later(from_ms: int, days: int) -> int:
    return min(from_ms + days * DAY_MS, MAX_MS)


def _give(uow: UnitOfWork, user: User | Holder, given: RewardInput, origin: Origin) -> Reward | None:
    """Add a reward with its jobs and events; None when the account would be given too much credit of the unit.

    The user was read with the account locked, which stays locked: the sum of the credit and the version of the balance
    hold. Credit has the unit as the account spells it already, so that balances, events and debits name one unit alike.
    """
    credit, unit = None, given.unit
    if given.type == CREDIT:
        credit = balances.credit_of(uow, user.account_id, user.id, given.unit)
        unit = credit.unit
        if credit.given + (given.assigned or 0) > CREDIT_MAX:
            return None
    pending = given.scheduled_ms is not None and given.scheduled_ms > uow.now_ms
    values = {
        "id": hex24(uow.random, "reward"),
        "type": given.type,
        "account_id": user.account_id,
        "user_id": user.id,
        "source": origin.source,
        "program_id": origin.program_id,
        "program_reward_key": origin.key,
        "referral_id": origin.referral_id,
        "unit": unit,
        "name": given.name,
        "description": given.description,
        "currency": given.currency,
        "cancellable": given.cancellable and given.type != INTEGRATION,
        "assigned": given.assigned,
        "percent": given.percent,
        "amount": given.amount,
        "fuel_tank_code": given.fuel_tank_code,
        "fuel_tank_type": given.fuel_tank_type,
        "integration": given.integration,
        "created_ms": uow.now_ms,
        "modified_ms": uow.now_ms,
        "scheduled_ms": given.scheduled_ms,
        "expires_ms": given.expires_ms,
        "given_ms": None if pending else uow.now_ms,
    }
    uow.insert(INSERT_REWARD, **values)
    row = row_of(Reward, tenant_id=uow.tenant_id, **values)
    if pending and row.scheduled_ms is not None:
        schedule(uow, DUE_KIND, row.id, row.scheduled_ms)
    if row.expires_ms is not None:
        schedule(uow, EXPIRED_KIND, row.id, row.expires_ms)
    emit(uow, "reward.created", reward_event(row, uow.now_ms))
    if credit is not None and not pending:
        value = credit.available_of_user + available(row, uow.now_ms)
        balances.emit_changed(
            uow, row.account_id, row.user_id, row.unit, version=user.balance_version, available_value=value
        )
    return row


def lock_reward(uow: UnitOfWork, reward_id: str) -> Reward:
    """A reward as it is now, its account locked until the unit ends. Raises RewardNotFound."""
    row = _locked(uow, reward_id)
    if row is None:
        raise RewardNotFound
    return row


def _locked(uow: UnitOfWork, reward_id: str) -> Reward | None:
    row = uow.first(REWARD, reward_id=reward_id)
    if row is None:
        return None
    # Another unit may be deleting the account, and the reward with it: the second read then finds nothing.
    with contextlib.suppress(AccountNotFound):
        lock_account(uow, row.account_id)
    return uow.lock_row(REWARD, reward_id=reward_id)


def _settle(uow: UnitOfWork, row: Reward, *, cancelled_ms: int | None = None) -> Reward:
    """Write that a scheduled reward has become available (if it has), and the change that follows; the row after it."""
    changed = {"given_ms": given_at(row, uow.now_ms), "modified_ms": uow.now_ms, "cancelled_ms": cancelled_ms}
    after = replaced(row, **changed)
    uow.execute(UPDATE_REWARD, reward_id=row.id, redeemed=row.redeemed, redeemed_ms=row.redeemed_ms, **changed)
    return after


def cancel(uow: UnitOfWork, reward_id: str) -> Reward:
    """Cancel a reward. Raises RewardNotFound, NotCancellable."""
    row = lock_reward(uow, reward_id)
    if row.type == INTEGRATION or not row.cancellable:
        raise NotCancellable
    if row.cancelled_ms is not None:
        raise NotCancellable("The reward is cancelled already.")
    if EXPIRED in statuses(row, uow.now_ms):
        raise NotCancellable("The reward has expired.")
    if row.redeemed > 0:
        raise NotCancellable("Something of the reward has been redeemed.")
    was_available = available(row, uow.now_ms)
    row = _settle(uow, row, cancelled_ms=uow.now_ms)
    unschedule(uow, DUE_KIND, row.id)
    unschedule(uow, EXPIRED_KIND, row.id)
    if was_available > 0:
        balances.emit_change_of(uow, row)
    return row


def reward_due(uow: UnitOfWork, reward_id: str) -> None:
    """Job: a pending reward has become available. Does nothing when it is gone, cancelled or given already."""
    row = _locked(uow, reward_id)
    if row is None or row.given_ms is not None or given_at(row, uow.now_ms) is None:
        return
    row = _settle(uow, row, cancelled_ms=row.cancelled_ms)
    if available(row, uow.now_ms) > 0:
        balances.emit_change_of(uow, row)


def reward_expired(uow: UnitOfWork, reward_id: str) -> None:
    """Job: a reward has expired. Does nothing when it is gone or cancelled, or when the job has run before."""
    row = _locked(uow, reward_id)
    if row is None or row.cancelled_ms is not None or row.expires_ms is None or row.expires_ms > uow.now_ms:
        return
    if row.modified_ms >= row.expires_ms:
        # Only a late `reward_due` changes an expired reward, and it has emitted no credit then: nothing has changed
        # since.
        return
    row = _settle(uow, row)
    if row.type == CREDIT and row.redeemed < (row.assigned or 0):
        balances.emit_change_of(uow, row)


JOBS = {DUE_KIND: reward_due, EXPIRED_KIND: reward_expired}

__all__ = [
    "JOBS",
    "Origin",
    "available",
    "cancel",
    "create",
    "get_reward",
    "grant",
    "list_rewards",
    "lock_reward",
    "redemptions_of",
    "redemptions_of_account",
    "reward_due",
    "reward_expired",
    "statuses",
    "with_redemptions",
]

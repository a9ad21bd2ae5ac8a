"""Spending credit: from one reward, or from all rewards of an account that have a unit."""

from dataclasses import dataclass

from models.kernel.clock import MAX_MS
from models.kernel.ids import hex24
from models.kernel.statements import Parameters
from models.kernel.written import check_written
from models.saasquatch.problems import RedemptionRefused, UserNotFound
from models.saasquatch.queries import USER
from models.saasquatch.rewards import balances
from models.saasquatch.rewards.accounts import lock_account
from models.saasquatch.rewards.queries import INSERT_REDEMPTION, UPDATE_REWARD, spendable_rewards
from models.saasquatch.rewards.rewards import lock_reward
from models.saasquatch.rewards.states import (
    AVAILABLE,
    CREDIT,
    SpendableReward,
    available,
    given_at,
    same_unit,
    statuses,
)
from models.saasquatch.tables import Reward
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Debit:
    """The amount taken, and the credit of the unit that the account has left; `unit` is spelled as the rewards do."""

    redeemed: int
    available: int
    unit: str


def debit_reward(uow: UnitOfWork, reward_id: str, *, amount: int, unit: str) -> Debit:
    """Take an amount from one reward. Raises RewardNotFound, RedemptionRefused."""
    row = lock_reward(uow, reward_id)
    if row.type != CREDIT:
        raise RedemptionRefused("Only CREDIT rewards can be redeemed.")
    if not same_unit(row.unit, unit):
        raise RedemptionRefused(f"/unit: the unit of the reward is {row.unit}")
    now_ms = uow.now_ms
    states = statuses(row, now_ms)
    if states != [AVAILABLE]:
        raise RedemptionRefused(f"The reward is {' and '.join(states).lower()}.")
    left = available(row, now_ms)
    if amount > left:
        raise RedemptionRefused(f"/amount: the reward has {left} left")
    uow.execute(UPDATE_REWARD, **_take(uow, row, amount, hex24(uow.random, "redemption-transaction"), now_ms))
    credit = balances.emit_change_of(uow, row) or balances.credit_of(uow, row.account_id, None, row.unit)
    return Debit(amount, credit.available, row.unit)


def debit_balance(uow: UnitOfWork, account_id: str, *, user_id: str | None, amount: int, unit: str) -> Debit:
    """Take an amount from all credit of an account, or of one of its users; all or nothing.

    Raises AccountNotFound, UserNotFound, RedemptionRefused.
    """
    # Behind the lock: rewards that other units gave meanwhile are visible and count as given, and none can be added or
    # taken now.
    lock_account(uow, account_id)
    now_ms = uow.now_ms
    if user_id is not None and uow.first(USER, account_id=account_id, user_id=user_id) is None:
        raise UserNotFound
    query = spendable_rewards(of_user=user_id is not None)
    found = uow.rows(query, account_id=account_id, user_id=user_id, now_ms=now_ms)
    rows = sorted((row for row in found if same_unit(row.unit, unit)), key=lambda row: _spending_order(row, now_ms))
    total = sum(available(row, now_ms) for row in rows)
    if amount > total:
        raise RedemptionRefused(f"/amount: there is {total} {unit} available")
    transaction_id, redeemed = hex24(uow.random, "redemption-transaction"), 0
    touched: dict[str, SpendableReward] = {}
    left: dict[str, int] = {}
    changes: list[Parameters] = []
    for row in rows:
        part = min(amount - redeemed, available(row, now_ms))
        left[row.user_id] = left.get(row.user_id, 0) + (row.assigned or 0) - row.redeemed - part
        if part > 0:
            changes.append(_take(uow, row, part, transaction_id, now_ms))
            redeemed += part
            touched.setdefault(row.user_id, row)
    check_written(f"credit of the account {account_id}", amount, redeemed)
    uow.execute_many(UPDATE_REWARD, changes)
    for name in sorted(touched):
        row = touched[name]
        balances.emit_changed(uow, account_id, name, row.unit, version=row.balance_version, available_value=left[name])
    rest = total - redeemed if user_id is None else balances.credit_of(uow, account_id, user_id, unit).available
    return Debit(redeemed, rest, rows[0].unit)


def _spending_order(row: SpendableReward, now_ms: int) -> tuple[int, int, str]:
    """Rewards are spent in this order: earliest expiry first, those that never expire last, then the earliest given."""
    return (MAX_MS + 1 if row.expires_ms is None else row.expires_ms, given_at(row, now_ms) or 0, row.id)


def _take(uow: UnitOfWork, row: Reward | SpendableReward, amount: int, transaction_id: str, now_ms: int) -> Parameters:
    """Record that an amount is taken from a reward that has it; what UPDATE_REWARD is to write."""
    uow.insert_at_end(
        INSERT_REDEMPTION,
        id=hex24(uow.random, "redemption"),
        transaction_id=transaction_id,
        reward_id=row.id,
        quantity=amount,
        at_ms=now_ms,
    )
    redeemed = row.redeemed + amount
    return {
        "reward_id": row.id,
        "given_ms": given_at(row, now_ms),
        "modified_ms": now_ms,
        "redeemed": redeemed,
        "redeemed_ms": now_ms if redeemed == row.assigned else row.redeemed_ms,
        "cancelled_ms": row.cancelled_ms,
    }

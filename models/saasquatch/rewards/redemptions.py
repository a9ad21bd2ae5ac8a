"""Spending credit: from one reward, or from all that an account has of a unit."""

from dataclasses import dataclass

from models.kernel.clock import MAX_MS
from models.kernel.ids import hex24
from models.kernel.written import check_written
from models.saasquatch.problems import RedemptionRefused, UserNotFound
from models.saasquatch.rewards import balances
from models.saasquatch.rewards.accounts import lock_account
from models.saasquatch.rewards.rewards import lock_reward, settle
from models.saasquatch.rewards.states import AVAILABLE, CREDIT, available, given_at, same_unit, statuses
from models.saasquatch.tables import Redemption, Reward, User
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Debit:
    """What was taken, and what the account has left of the unit, in the unit's own spelling."""

    redeemed: int
    available: int
    unit: str


def debit_reward(uow: UnitOfWork, reward_id: str, *, amount: int, unit: str) -> Debit:
    """Take an amount from one reward. Raises RewardNotFound, RedemptionRefused."""
    row = lock_reward(uow, reward_id)
    if row.type != CREDIT:
        raise RedemptionRefused("Only CREDIT rewards can be redeemed.")
    if not same_unit(row.unit, unit):
        raise RedemptionRefused(f"The reward's unit is {row.unit}.")
    now_ms = uow.now_ms
    states = statuses(row, now_ms)
    if states != [AVAILABLE]:
        raise RedemptionRefused(f"The reward is {' and '.join(states).lower()}.")
    left = available(row, now_ms)
    if amount > left:
        raise RedemptionRefused(f"The reward has {left} left.")
    _take(uow, row, amount, hex24(uow.random, "redemption-transaction"), now_ms)
    uow.session.flush()
    balances.emit_changed(uow, row.account_id, row.user_id, row.unit)
    return Debit(amount, balances.available_credit(uow, row.account_id, None, row.unit), row.unit)


def debit_balance(uow: UnitOfWork, account_id: str, *, user_id: str | None, amount: int, unit: str) -> Debit:
    """Take an amount from all credit of an account, or of one of its users; all or nothing.

    Raises AccountNotFound, UserNotFound, RedemptionRefused.
    """
    # Behind the lock: rewards that others gave meanwhile are there and count as given, and none can be added or taken now.
    lock_account(uow, account_id)
    now_ms = uow.now_ms
    if user_id is not None and uow.session.get(User, (uow.tenant_id, account_id, user_id)) is None:
        raise UserNotFound
    rows = sorted(balances.spendable_rewards(uow, account_id, user_id, unit), key=lambda row: _turn(row, now_ms))
    total = sum(available(row, now_ms) for row in rows)
    if amount > total:
        raise RedemptionRefused(f"There is {total} {unit} available.")
    transaction_id, redeemed = hex24(uow.random, "redemption-transaction"), 0
    touched: dict[str, str] = {}
    for row in rows:
        part = min(amount - redeemed, available(row, now_ms))
        if part > 0:
            _take(uow, row, part, transaction_id, now_ms)
            redeemed += part
            touched.setdefault(row.user_id, row.unit)
    check_written(f"credit of the account {account_id}", amount, redeemed)
    uow.session.flush()
    for name in sorted(touched):
        balances.emit_changed(uow, account_id, name, touched[name])
    return Debit(redeemed, balances.available_credit(uow, account_id, None, unit), rows[0].unit)


def _turn(row: Reward, now_ms: int) -> tuple[int, int, str]:
    """Whose turn it is: what expires soonest, never-expiring last, then what was given first."""
    return (MAX_MS + 1 if row.expires_ms is None else row.expires_ms, given_at(row, now_ms) or 0, row.id)


def _take(uow: UnitOfWork, row: Reward, amount: int, transaction_id: str, now_ms: int) -> None:
    settle(row, now_ms)
    row.redeemed += amount
    if row.redeemed == row.assigned:
        row.redeemed_ms = now_ms
    uow.session.add(
        Redemption(
            tenant_id=uow.tenant_id,
            id=hex24(uow.random, "redemption"),
            transaction_id=transaction_id,
            reward_id=row.id,
            quantity=amount,
            at_ms=now_ms,
        )
    )

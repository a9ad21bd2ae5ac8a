"""Rewards: given by hand or by a program, listed, cancelled; they become available and expire by themselves."""

import contextlib
from typing import Any

from sqlalchemy import Select

from models.kernel.clock import DAY_MS, MAX_MS
from models.kernel.ids import hex24, text
from models.outbox.outbox import schedule, unschedule
from models.saasquatch.problems import AccountNotFound, BadReward, NotCancellable, RewardNotFound, UserNotFound
from models.saasquatch.programs import RewardRule
from models.saasquatch.rewards import balances
from models.saasquatch.rewards.accounts import lock_account
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


def get_reward(uow: UnitOfWork, reward_id: str) -> Reward:
    """A reward. Raises RewardNotFound."""
    row: Reward | None = uow.session.get(Reward, (uow.tenant_id, reward_id))
    if row is None:
        raise RewardNotFound
    return row


def list_rewards(
    uow: UnitOfWork, account_id: str, *, user_id: str | None = None, reward_type: str | None = None
) -> list[Reward]:
    """An account's rewards in whatever state, oldest first, or those of one user or type."""
    return list(
        uow.session.scalars(_of_account(uow, account_id, user_id, reward_type).order_by(Reward.created_ms, Reward.id))
    )


def _of_account(uow: UnitOfWork, account_id: str, user_id: str | None, reward_type: str | None) -> Select[Reward]:
    statement = uow.scoped(Reward).where(Reward.account_id == account_id)
    if user_id is not None:
        statement = statement.where(Reward.user_id == user_id)
    if reward_type is not None:
        statement = statement.where(Reward.type == reward_type)
    return statement


def redemptions_of_account(uow: UnitOfWork, account_id: str) -> dict[str, list[Redemption]]:
    """The redemptions of all rewards of an account by reward id, oldest first."""
    ids = _of_account(uow, account_id, None, CREDIT).with_only_columns(Reward.id)
    return _by_reward(uow, uow.scoped(Redemption).where(Redemption.reward_id.in_(ids)))


def redemptions_of(uow: UnitOfWork, row: Reward) -> list[Redemption]:
    """The redemptions of one reward, oldest first."""
    return _by_reward(uow, uow.scoped(Redemption).where(Redemption.reward_id == row.id)).get(row.id, [])


def _by_reward(uow: UnitOfWork, statement: Select[Redemption]) -> dict[str, list[Redemption]]:
    found: dict[str, list[Redemption]] = {}
    for redemption in uow.session.scalars(statement.order_by(Redemption.at_ms, Redemption.id)):
        found.setdefault(redemption.reward_id, []).append(redemption)
    return found


def create(uow: UnitOfWork, account_id: str, user_id: str, body: dict[str, Any]) -> Reward:
    """Give a user a reward by hand. Raises AccountNotFound, UserNotFound, BadReward."""
    lock_account(uow, account_id)
    user: User | None = uow.session.get(User, (uow.tenant_id, account_id, user_id))
    if user is None:
        raise UserNotFound
    scheduled_ms, expires_ms = body.get("dateScheduledFor"), body.get("dateExpires")
    if expires_ms is not None and expires_ms <= max(uow.now_ms, scheduled_ms or 0):
        raise BadReward("dateExpires: the reward would expire before it becomes available.")
    if body["type"] == CREDIT and not _has_room(uow, account_id, body["unit"], body["assignedCredit"]):
        raise BadReward(f"assignedCredit: an account is given at most {CREDIT_MAX} of one unit in all.")
    return _give(
        uow,
        user,
        kind=body["type"],
        source=MANUAL,
        name=body.get("name"),
        scheduled_ms=scheduled_ms,
        expires_ms=expires_ms,
        cancellable=body.get("cancellable") is not False,
        **_of_type(body),
    )


def _of_type(body: dict[str, Any]) -> dict[str, Any]:
    """The columns that only rewards of the body's type have; two amounts may come as digits."""
    if body["type"] == PCT_DISCOUNT:
        return {"unit": "%", "percent": body["discountPercent"]}
    if body["type"] == CREDIT:
        return {"unit": body["unit"], "currency": body.get("currency"), "assigned": body["assignedCredit"]}
    if body["type"] == FUELTANK:
        unit = body.get("unit") or ("%" if body["fuelTankType"] == PCT_DISCOUNT else "CENTS")
        return {
            "unit": unit,
            "currency": body.get("currency"),
            "amount": int(body["amount"]),
            "fuel_tank_code": body["fuelTankCode"],
            "fuel_tank_type": body["fuelTankType"],
        }
    return {
        "unit": body["unit"],
        "currency": body.get("currency"),
        "amount": int(body["valueInCents"]),
        "description": body.get("description"),
        "integration": body["integrationSettings"],
    }


def grant(
    uow: UnitOfWork, user: User, rule: RewardRule, *, source: str, program_id: str, key: str, referral_id: str
) -> Reward | None:
    """Give a user what a program's rule says; None where the account has had all the credit it can be given."""
    lock_account(uow, user.account_id)
    scheduled_ms = _later(uow.now_ms, rule.pending_days) if rule.pending_days > 0 else None
    expires_ms = None if rule.expires_days is None else _later(scheduled_ms or uow.now_ms, rule.expires_days)
    members: dict[str, Any] = {"unit": rule.unit}
    if rule.type == PCT_DISCOUNT:
        members = {"unit": "%", "percent": rule.amount}
    elif rule.type == CREDIT:
        members["assigned"] = rule.amount
    elif rule.type == FUELTANK:
        code = text(uow.random, "fuel-tank-code", FUEL_TANK_CODE_CHARACTERS)
        members.update(amount=rule.amount, fuel_tank_code=code, fuel_tank_type=rule.fuel_tank_type)
    else:
        members.update(amount=rule.amount, integration={})
    if rule.type == CREDIT and not _has_room(uow, user.account_id, rule.unit, rule.amount):
        return None
    return _give(
        uow,
        user,
        kind=rule.type,
        source=source,
        name=rule.name,
        scheduled_ms=scheduled_ms,
        expires_ms=expires_ms,
        program_id=program_id,
        program_reward_key=key,
        referral_id=referral_id,
        **members,
    )


def _has_room(uow: UnitOfWork, account_id: str, unit: str, amount: int) -> bool:
    return balances.credit_ever_given(uow, account_id, unit) + amount <= CREDIT_MAX


def _later(from_ms: int, days: int) -> int:
    return min(from_ms + days * DAY_MS, MAX_MS)


def _give(
    uow: UnitOfWork,
    user: User,
    *,
    kind: str,
    unit: str,
    source: str,
    name: str | None,
    scheduled_ms: int | None,
    expires_ms: int | None,
    cancellable: bool = True,
    **members: Any,
) -> Reward:
    """Add a reward with its jobs and events. The account is locked."""
    blank = dict.fromkeys(
        (
            "program_id",
            "program_reward_key",
            "referral_id",
            "description",
            "currency",
            "assigned",
            "percent",
            "amount",
            "fuel_tank_code",
            "fuel_tank_type",
            "cancelled_ms",
            "redeemed_ms",
        )
    )
    pending = scheduled_ms is not None and scheduled_ms > uow.now_ms
    row = Reward(
        tenant_id=uow.tenant_id,
        id=hex24(uow.random, "reward"),
        type=kind,
        account_id=user.account_id,
        user_id=user.id,
        source=source,
        unit=unit,
        name=name,
        cancellable=cancellable and kind != INTEGRATION,
        redeemed=0,
        created_ms=uow.now_ms,
        modified_ms=uow.now_ms,
        scheduled_ms=scheduled_ms,
        expires_ms=expires_ms,
        given_ms=None if pending else uow.now_ms,
        **{**blank, **members},
    )
    uow.session.add(row)
    uow.session.flush()
    if pending and scheduled_ms is not None:
        schedule(uow, DUE_KIND, row.id, scheduled_ms)
    if expires_ms is not None:
        schedule(uow, EXPIRED_KIND, row.id, expires_ms)
    emit(uow, "reward.created", reward_event(row, uow.now_ms))
    if kind == CREDIT and not pending:
        balances.emit_changed(uow, row.account_id, row.user_id, row.unit)
    return row


def lock_reward(uow: UnitOfWork, reward_id: str) -> Reward:
    """A reward as it is now, its account locked until the unit ends. Raises RewardNotFound."""
    row = _locked(uow, reward_id)
    if row is None:
        raise RewardNotFound
    return row


def _locked(uow: UnitOfWork, reward_id: str) -> Reward | None:
    row = uow.session.get(Reward, (uow.tenant_id, reward_id))
    if row is None:
        return None
    # Whoever deletes the account meanwhile deletes the reward too, which the second look then sees.
    with contextlib.suppress(AccountNotFound):
        lock_account(uow, row.account_id)
    return uow.lock(uow.scoped(Reward).where(Reward.id == reward_id))


def settle(row: Reward, now_ms: int) -> None:
    """Write down that a scheduled reward has become available, before something else is done with it."""
    if row.given_ms is None:
        row.given_ms = given_at(row, now_ms)
    row.modified_ms = now_ms


def cancel(uow: UnitOfWork, reward_id: str) -> Reward:
    """Take a reward back. Raises RewardNotFound, NotCancellable."""
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
    settle(row, uow.now_ms)
    row.cancelled_ms = uow.now_ms
    uow.session.flush()
    unschedule(uow, DUE_KIND, row.id)
    unschedule(uow, EXPIRED_KIND, row.id)
    if was_available > 0:
        balances.emit_changed(uow, row.account_id, row.user_id, row.unit)
    return row


def reward_due(uow: UnitOfWork, reward_id: str) -> None:
    """Job: a pending reward has become available. Does nothing when it is gone, cancelled or given already."""
    row = _locked(uow, reward_id)
    if row is None or row.given_ms is not None or given_at(row, uow.now_ms) is None:
        return
    settle(row, uow.now_ms)
    uow.session.flush()
    if available(row, uow.now_ms) > 0:
        balances.emit_changed(uow, row.account_id, row.user_id, row.unit)


def reward_expired(uow: UnitOfWork, reward_id: str) -> None:
    """Job: a reward has run out. Does nothing when it is gone or cancelled, or when the job has run before."""
    row = _locked(uow, reward_id)
    if row is None or row.cancelled_ms is not None or row.expires_ms is None or row.expires_ms > uow.now_ms:
        return
    if row.modified_ms >= row.expires_ms:
        # Nothing else changes an expired reward, but for a belated `reward_due`, which then has told of no credit.
        return
    settle(row, uow.now_ms)
    uow.session.flush()
    if row.type == CREDIT and row.redeemed < (row.assigned or 0):
        balances.emit_changed(uow, row.account_id, row.user_id, row.unit)


JOBS = {DUE_KIND: reward_due, EXPIRED_KIND: reward_expired}

__all__ = [
    "JOBS",
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
    "settle",
    "statuses",
]

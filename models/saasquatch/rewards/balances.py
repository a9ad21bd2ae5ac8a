"""Reward balances: the rewards of an account added up, and the event that tells of available credit."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from models.saasquatch.rewards.states import (
    AVAILABLE,
    CANCELLED,
    CREDIT,
    EXPIRED,
    FUELTANK,
    PCT_DISCOUNT,
    PENDING,
    fold_unit,
    same_unit,
    statuses,
)
from models.saasquatch.tables import Reward, User
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork


@dataclass(slots=True)
class Balance:
    """The rewards of one type and unit. Credit is counted once: `assigned`, `pending`, `expired` or `cancelled`.

    `assigned` holds what can be spent and what was (`redeemed`), also of rewards that expired since, so that
    `assigned - redeemed` is what can be spent; `expired` holds only what ran out unspent.
    """

    type: str
    unit: str
    count: int = 0
    usable: int = 0
    """How many of the rewards are available."""
    assigned: int = 0
    redeemed: int = 0
    pending: int = 0
    expired: int = 0
    cancelled: int = 0
    percent: int = 0
    percent_referred: int = 0
    percent_referrer: int = 0
    currencies: set[str | None] = field(default_factory=set)

    @property
    def spendable(self) -> int:
        return self.assigned - self.redeemed

    def add(self, row: Reward, now_ms: int) -> None:
        """Count a reward."""
        states = statuses(row, now_ms)
        self.count += 1
        self.currencies.add(row.currency)
        if row.type == CREDIT:
            self._add_credit(row, states)
        if states != [AVAILABLE]:
            return
        self.usable += 1
        if row.type == PCT_DISCOUNT:
            percent = row.percent or 0
            self.percent += percent
            self.percent_referred += percent if row.source == "REFERRED" else 0
            self.percent_referrer += percent if row.source == "FRIEND_SIGNUP" else 0

    def _add_credit(self, row: Reward, states: list[str]) -> None:
        left = (row.assigned or 0) - row.redeemed
        self.assigned += row.redeemed
        self.redeemed += row.redeemed
        if CANCELLED in states:
            self.cancelled += left
        elif PENDING in states:
            self.pending += left
        elif EXPIRED in states:
            self.expired += left
        else:
            self.assigned += left


def list_balances(
    uow: UnitOfWork, account_id: str, *, user_id: str | None = None, reward_type: str | None = None
) -> list[Balance]:
    """An account's balances, one for each type and unit, or those of one user or type; empty for an unknown account.

    Spellings of a unit that differ in case are one unit, shown as the oldest reward spells it. Codes of other systems
    are one balance whatever they are worth.
    """
    statement = uow.scoped(Reward).where(Reward.account_id == account_id)
    if user_id is not None:
        statement = statement.where(Reward.user_id == user_id)
    if reward_type is not None:
        statement = statement.where(Reward.type == reward_type)
    found: dict[tuple[str, str], Balance] = {}
    for row in uow.session.scalars(statement.order_by(Reward.created_ms, Reward.id)):
        key = (row.type, "" if row.type == FUELTANK else fold_unit(row.unit))
        found.setdefault(key, Balance(row.type, row.unit)).add(row, uow.now_ms)
    # Sorted here and not by the database, whose order of text depends on its locale.
    return [found[key] for key in sorted(found)]


def show(balance: Balance) -> dict[str, Any]:
    """A balance with the members that its type has."""
    if balance.type == CREDIT:
        return {"type": CREDIT, "unit": balance.unit, "count": balance.count, **_credit_totals(balance)}
    if balance.type == PCT_DISCOUNT:
        return {
            "type": PCT_DISCOUNT,
            "unit": balance.unit,
            "totalDiscountPercent": balance.percent,
            "referredDiscountPercent": balance.percent_referred,
            "referrerDiscountPercent": balance.percent_referrer,
        }
    if balance.type == FUELTANK:
        return {"type": FUELTANK, "totalFuelTankCodes": balance.usable}
    return {"type": balance.type, "unit": balance.unit, "count": balance.count}


def show_pretty(balance: Balance) -> dict[str, Any]:
    """A balance with its credit written for people."""
    if balance.type == FUELTANK:
        return {"type": FUELTANK, "count": balance.count}
    shown: dict[str, Any] = {"type": balance.type, "unit": balance.unit, "count": balance.count}
    if balance.type == CREDIT:
        shown.update(_credit_totals(balance), value=balance.spendable)
        for name, value in (
            ("prettyAssignedCredit", balance.assigned),
            ("prettyRedeemedCredit", balance.redeemed),
            ("prettyPendingCredit", balance.pending),
            ("prettyValue", balance.spendable),
        ):
            shown[name] = pretty(value, balance.unit, balance.currencies)
    return shown


def _credit_totals(balance: Balance) -> dict[str, int]:
    return {
        "totalPendingCredit": balance.pending,
        "totalAssignedCredit": balance.assigned,
        "totalRedeemedCredit": balance.redeemed,
        "totalExpiredCredit": balance.expired,
        "totalCancelledCredit": balance.cancelled,
    }


def pretty(value: int, unit: str, currencies: set[str | None]) -> str:
    """`$15.00` for cents, `15.00 EUR` for cents of another currency, else the number and the unit."""
    if fold_unit(unit) not in {"cent", "cents"} or len(currencies) > 1:
        return f"{value} {unit}"
    amount = f"{value // 100}.{value % 100:02}"
    currency = next(iter(currencies), None)
    return f"${amount}" if currency in (None, "USD") else f"{amount} {currency}"


def spendable_conditions(now_ms: int) -> list[ColumnElement[bool]]:
    """What makes credit available, in SQL: the same rule as `reward_states.available`."""
    return [
        Reward.type == CREDIT,
        Reward.cancelled_ms.is_(None),
        Reward.redeemed_ms.is_(None),
        or_(Reward.expires_ms.is_(None), Reward.expires_ms > now_ms),
        or_(Reward.given_ms.is_not(None), Reward.scheduled_ms <= now_ms),
    ]


def spendable_rewards(uow: UnitOfWork, account_id: str, user_id: str | None, unit: str) -> list[Reward]:
    """The rewards of an account (or one user of it) with credit of a unit, read afresh: lock the account first."""
    statement = uow.scoped(Reward).where(Reward.account_id == account_id, *spendable_conditions(uow.now_ms))
    if user_id is not None:
        statement = statement.where(Reward.user_id == user_id)
    rows = uow.session.scalars(statement.execution_options(populate_existing=True))
    return [row for row in rows if same_unit(row.unit, unit)]


def available_credit(uow: UnitOfWork, account_id: str, user_id: str | None, unit: str) -> int:
    """Credit of a unit that an account (or one user of it) can spend."""
    statement = (
        select(Reward.unit, func.sum(Reward.assigned - Reward.redeemed))
        .where(Reward.tenant_id == uow.tenant_id, Reward.account_id == account_id, *spendable_conditions(uow.now_ms))
        .group_by(Reward.unit)
    )
    if user_id is not None:
        statement = statement.where(Reward.user_id == user_id)
    return sum(int(total or 0) for spelling, total in uow.session.execute(statement).all() if same_unit(spelling, unit))


def credit_ever_given(uow: UnitOfWork, account_id: str, unit: str) -> int:
    """All credit of a unit that an account was ever assigned, whatever became of it."""
    statement = (
        select(Reward.unit, func.sum(Reward.assigned))
        .where(Reward.tenant_id == uow.tenant_id, Reward.account_id == account_id, Reward.type == CREDIT)
        .group_by(Reward.unit)
    )
    return sum(int(total or 0) for spelling, total in uow.session.execute(statement).all() if same_unit(spelling, unit))


def emit_changed(uow: UnitOfWork, account_id: str, user_id: str, unit: str) -> None:
    """Tell that a user's available credit has changed. The account is locked, so that versions and values agree."""
    user = uow.lock(uow.scoped(User).where(User.account_id == account_id, User.id == user_id))
    if user is None:
        return
    user.balance_version = max(user.balance_version + 1, uow.now_ms)
    emit(
        uow,
        "user.reward.balance.changed",
        {
            "userId": user_id,
            "accountId": account_id,
            "unit": unit,
            "availableValue": available_credit(uow, account_id, user_id, unit),
            "resourceVersion": user.balance_version,
        },
    )

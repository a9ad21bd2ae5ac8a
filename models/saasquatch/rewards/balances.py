"""Reward balances: the rewards of an account added up, and the event of a change of available credit."""

from dataclasses import dataclass, field

from models.kernel.json_values import Shown
from models.saasquatch.rewards.queries import BALANCE_VERSION, CREDIT_BY_UNIT, SET_BALANCE_VERSION, rewards_of_account
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
from models.saasquatch.tables import Reward
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
        """What was assigned and not redeemed, in whole units."""
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


def list_rewards(
    uow: UnitOfWork, account_id: str, *, user_id: str | None = None, reward_type: str | None = None
) -> list[Reward]:
    """An account's rewards in any state, oldest first, or those of one user or type."""
    return uow.rows(
        rewards_of_account(of_user=user_id is not None, of_type=reward_type is not None),
        account_id=account_id,
        user_id=user_id,
        type=reward_type,
    )


def list_balances(
    uow: UnitOfWork, account_id: str, *, user_id: str | None = None, reward_type: str | None = None
) -> list[Balance]:
    """An account's balances, one for each type and unit, or those of one user or type; empty for an unknown account.

    Spellings of a unit that differ in case are one unit, shown as the oldest reward spells it: for credit, as all of
    the account's do. Fuel tank codes are one balance whatever their unit.
    """
    found: dict[tuple[str, str], Balance] = {}
    for row in list_rewards(uow, account_id, user_id=user_id, reward_type=reward_type):
        key = (row.type, "" if row.type == FUELTANK else fold_unit(row.unit))
        found.setdefault(key, Balance(row.type, row.unit)).add(row, uow.now_ms)
    # Sorted here and not by the database, whose order of text depends on its locale.
    return [found[key] for key in sorted(found)]


def show(balance: Balance) -> Shown:
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


def show_pretty(balance: Balance) -> Shown:
    """A balance with its credit written for people."""
    if balance.type == FUELTANK:
        return {"type": FUELTANK, "count": balance.count}
    shown: Shown = {"type": balance.type, "unit": balance.unit, "count": balance.count}
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


@dataclass(frozen=True, slots=True)
class Credit:
    """An account's credit of one unit."""

    unit: str
    """The unit as the account's oldest credit spells it."""
    given: int
    """All that was ever assigned, including what was spent, cancelled or has expired since."""
    available: int
    available_of_user: int
    """The part of `available` that belongs to the user who was asked about."""


def credit_of(uow: UnitOfWork, account_id: str, user_id: str | None, unit: str) -> Credit:
    """An account's credit of a unit, and how much of it one user can spend."""
    rows = [
        row
        for row in uow.rows(CREDIT_BY_UNIT, account_id=account_id, user_id=user_id, now_ms=uow.now_ms)
        if same_unit(row.unit, unit)
    ]
    return Credit(
        min(rows, key=lambda row: (row.oldest_ms, row.unit)).unit if rows else unit,
        sum(int(row.given or 0) for row in rows),
        sum(int(row.available or 0) for row in rows),
        sum(int(row.of_user or 0) for row in rows),
    )


def emit_changed(
    uow: UnitOfWork, account_id: str, user_id: str, unit: str, *, version: int, available_value: int
) -> None:
    """Emit that a user's available credit of a unit has changed; `version` is the version of the balance before.

    The account is locked, so that versions grow in the order in which values change.
    """
    new_version = max(version + 1, uow.now_ms)
    uow.execute(SET_BALANCE_VERSION, of_account=account_id, of_user=user_id, version=new_version)
    emit(
        uow,
        "user.reward.balance.changed",
        {
            "userId": user_id,
            "accountId": account_id,
            "unit": unit,
            "availableValue": available_value,
            "resourceVersion": new_version,
        },
    )


def emit_change_of(uow: UnitOfWork, row: Reward) -> Credit | None:
    """Emit that a change of a reward has changed its user's available credit; the credit now, None without the user.

    The account is locked.
    """
    version = uow.lock_row(BALANCE_VERSION, account_id=row.account_id, user_id=row.user_id)
    if version is None:
        return None
    credit = credit_of(uow, row.account_id, row.user_id, row.unit)
    emit_changed(uow, row.account_id, row.user_id, row.unit, version=version, available_value=credit.available_of_user)
    return credit

"""The states of a reward at a time, from its dates: used by answers, debits, balances and exports.

Planned times (`scheduled_ms`, `expires_ms`) are compared with the time that is asked about. Recorded ones (`given_ms`,
`redeemed_ms`, `cancelled_ms`) have happened even when their date is later than the present: another server, whose clock
may be ahead, has written and committed them. Only a report of an earlier instant (`past`) compares those too.

`queries.spendable_conditions` is the same rule in SQL; tests/unit/test_reward_equivalence.py compares the two.
"""

from typing import NamedTuple

from models.saasquatch.tables import Reward

CREDIT, PCT_DISCOUNT, FUELTANK, INTEGRATION = "CREDIT", "PCT_DISCOUNT", "FUELTANK", "INTEGRATION"
PENDING, AVAILABLE, REDEEMED, EXPIRED, CANCELLED = "PENDING", "AVAILABLE", "REDEEMED", "EXPIRED", "CANCELLED"


class SpendableReward(NamedTuple):
    """The columns of a reward that a debit reads, and the version of its user's balance."""

    id: str
    type: str
    user_id: str
    unit: str
    assigned: int | None
    redeemed: int
    scheduled_ms: int | None
    given_ms: int | None
    expires_ms: int | None
    cancelled_ms: int | None
    redeemed_ms: int | None
    balance_version: int


def given_at(row: Reward | SpendableReward, now_ms: int, *, past: bool = False) -> int | None:
    """When the reward became available, None while it is pending; with `past`, as it was known at an earlier instant.

    A scheduled reward counts as given from its scheduled time, whether or not its job has run. One that was cancelled
    while it was pending stays pending.
    """
    if row.given_ms is not None:
        return row.given_ms if _has_happened(row.given_ms, now_ms, past) else None
    if row.scheduled_ms is None or row.scheduled_ms > now_ms or row.cancelled_ms is not None:
        return None
    return row.scheduled_ms


def statuses(row: Reward | SpendableReward, now_ms: int, *, past: bool = False) -> list[str]:
    """All states of the reward, in a fixed order; AVAILABLE is the only one when it applies.

    With `past`, those of an earlier instant.
    """
    found = []
    if given_at(row, now_ms, past=past) is None:
        found.append(PENDING)
    if _has_happened(row.redeemed_ms, now_ms, past):
        found.append(REDEEMED)
    if row.expires_ms is not None and row.expires_ms <= now_ms:
        found.append(EXPIRED)
    if _has_happened(row.cancelled_ms, now_ms, past):
        found.append(CANCELLED)
    return found or [AVAILABLE]


def _has_happened(recorded_ms: int | None, at_ms: int, past: bool) -> bool:
    """Whether a recorded event has happened: always once it is written; with `past`, only if its date is not later."""
    return recorded_ms is not None and (not past or recorded_ms <= at_ms)


def available(row: Reward | SpendableReward, now_ms: int) -> int:
    """Credit that can be spent from the reward now; 0 for other types."""
    if row.type != CREDIT or statuses(row, now_ms) != [AVAILABLE]:
        return 0
    return (row.assigned or 0) - row.redeemed


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings are one unit: clients send `cents` for `CENTS`, so case does not count."""
    return fold_unit(one) == fold_unit(other)


def fold_unit(unit: str) -> str:
    """The form that all spellings of a unit share."""
    return unit.casefold()

"""What a reward is at a time: pure rules over its dates, shared by answers, debits, balances and exports.

Two kinds of dates. What is planned (`scheduled_ms`, `expires_ms`) is compared with the time that is asked about. What is
recorded (`given_ms`, `redeemed_ms`, `cancelled_ms`) has happened, also where its date lies after the present: another
server, whose clock may be ahead, has written and committed it. Only a report of an earlier instant (`past`) compares those.

`balances.spendable_conditions` is the same rule in SQL; tests/unit/test_reward_twins.py holds the two against each other.
"""

from models.saasquatch.tables import Reward

CREDIT, PCT_DISCOUNT, FUELTANK, INTEGRATION = "CREDIT", "PCT_DISCOUNT", "FUELTANK", "INTEGRATION"
PENDING, AVAILABLE, REDEEMED, EXPIRED, CANCELLED = "PENDING", "AVAILABLE", "REDEEMED", "EXPIRED", "CANCELLED"


def given_at(row: Reward, now_ms: int, *, past: bool = False) -> int | None:
    """When the reward became available, None while it is pending; with `past`, as it was known at an earlier instant.

    A scheduled reward whose time has come counts as given then, whether or not its job has run. One that was cancelled
    while it was pending stays pending for ever.
    """
    if row.given_ms is not None:
        return row.given_ms if _has_happened(row.given_ms, now_ms, past) else None
    if row.scheduled_ms is None or row.scheduled_ms > now_ms or row.cancelled_ms is not None:
        return None
    return row.scheduled_ms


def statuses(row: Reward, now_ms: int, *, past: bool = False) -> list[str]:
    """All that the reward is, in a fixed order; AVAILABLE stands alone. With `past`, what it was at an earlier instant."""
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
    """Whether what a date records has happened: it has once it is written; with `past`, if it had by then."""
    return recorded_ms is not None and (not past or recorded_ms <= at_ms)


def available(row: Reward, now_ms: int) -> int:
    """Credit that can be spent from the reward now; 0 for other types."""
    if row.type != CREDIT or statuses(row, now_ms) != [AVAILABLE]:
        return 0
    return (row.assigned or 0) - row.redeemed


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings are one unit: clients send `cents` for `CENTS`, so case does not count."""
    return fold_unit(one) == fold_unit(other)


def fold_unit(unit: str) -> str:
    """What all spellings of a unit have in common."""
    return unit.casefold()

"""What a reward is at a time: pure rules over its dates, shared by answers, debits, balances and exports."""

from models.saasquatch.tables import Reward

CREDIT, PCT_DISCOUNT, FUELTANK, INTEGRATION = "CREDIT", "PCT_DISCOUNT", "FUELTANK", "INTEGRATION"
PENDING, AVAILABLE, REDEEMED, EXPIRED, CANCELLED = "PENDING", "AVAILABLE", "REDEEMED", "EXPIRED", "CANCELLED"


def given_at(row: Reward, now_ms: int) -> int | None:
    """When the reward became available, None while it is pending.

    A scheduled reward whose time has come counts as given then, whether or not its job has run. One that was cancelled
    while it was pending stays pending for ever.
    """
    if row.given_ms is not None:
        return row.given_ms if row.given_ms <= now_ms else None
    if row.scheduled_ms is None or row.scheduled_ms > now_ms or row.cancelled_ms is not None:
        return None
    return row.scheduled_ms


def statuses(row: Reward, now_ms: int) -> list[str]:
    """All that the reward is at a time, in a fixed order; AVAILABLE stands alone."""
    found = []
    if given_at(row, now_ms) is None:
        found.append(PENDING)
    if row.redeemed_ms is not None and row.redeemed_ms <= now_ms:
        found.append(REDEEMED)
    if row.expires_ms is not None and row.expires_ms <= now_ms:
        found.append(EXPIRED)
    if row.cancelled_ms is not None and row.cancelled_ms <= now_ms:
        found.append(CANCELLED)
    return found or [AVAILABLE]


def available(row: Reward, now_ms: int) -> int:
    """Credit that can be spent from the reward; 0 for other types. What was redeemed counts whenever it was."""
    if row.type != CREDIT or statuses(row, now_ms) != [AVAILABLE]:
        return 0
    return (row.assigned or 0) - row.redeemed


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings are one unit: clients send `cents` for `CENTS`, so case does not count."""
    return fold_unit(one) == fold_unit(other)


def fold_unit(unit: str) -> str:
    """What all spellings of a unit have in common."""
    return unit.casefold()

"""The tiers of programs, which are kept between units of work. What changes one calls `tiers_changed`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.loyalty_core.members.queries import TIER, TIER_KEYS, TIERS, TierRow
from models.loyalty_core.problems import TierNotFound
from models.loyalty_core.references import Reference, check_found, names_of
from models.uow import UnitOfWork

PART = "tiers"
Ladder = list[tuple[int, int]]
"""Active tiers of a program, the highest first, and the points that each takes."""


@dataclass(frozen=True, slots=True)
class Tiers:
    """All tiers by their numbers, and the ladders of programs."""

    by_id: Mapping[int, TierRow]
    ladders: Mapping[int, Ladder]


def ladder_of(uow: UnitOfWork, program_id: int) -> Ladder:
    """The active tiers of a program, the highest first."""
    return _tiers(uow).ladders.get(program_id, [])


def tier_key(uow: UnitOfWork, tier_id: int | None) -> str | None:
    """The key of a tier; None for none."""
    if tier_id is None:
        return None
    known = _tiers(uow).by_id.get(tier_id)
    if known is not None:
        return known.tier_key
    added = uow.first(TIER, id=tier_id)  # by another process, a moment ago
    return None if added is None else added.tier_key


def check_tier_keys(uow: UnitOfWork, keys: Sequence[Reference]) -> None:
    """Raises NotFound for keys that no tier of any program has, active or not."""
    if keys:
        check_found(TierNotFound, "tier with the key", keys, uow.rows(TIER_KEYS, keys=names_of(keys)))


def tiers_changed(uow: UnitOfWork) -> None:
    """A tier was added or changed."""
    uow.configuration_changed(PART)


def _tiers(uow: UnitOfWork) -> Tiers:
    return uow.configuration(PART, _load)


def _load(uow: UnitOfWork) -> Tiers:
    rows = uow.rows(TIERS)
    ladders: dict[int, Ladder] = {}
    for row in rows:
        if row.active:
            ladders.setdefault(row.program_id, []).append((row.id, row.min_required_points))
    return Tiers({row.id: row for row in rows}, ladders)

"""Finding missions and matchers."""

from models.loyalty_core.missions.problems import MatcherNotFound
from models.loyalty_core.missions.queries import (
    MATCHER,
    MATCHER_WITH_KEY,
    MISSION,
    MISSION_RULES,
    MISSIONS_PART,
    MissionRule,
)
from models.loyalty_core.missions.tables import Matcher, Mission
from models.loyalty_core.problems import MissionNotFound, NotFound
from models.uow import UnitOfWork


def find_mission(uow: UnitOfWork, mission_id: int) -> Mission:
    """A mission, active or not. Raises NotFound."""
    row = uow.first(MISSION, id=mission_id)
    if row is None:
        raise no_mission(mission_id)
    return row


def mission_rules(uow: UnitOfWork, mission_ids: list[int]) -> list[MissionRule]:
    """What counting needs of missions, in the order given; those that there are not are left out."""
    return list(uow.configured(MISSIONS_PART, mission_ids, _load).values())


def no_mission(mission_id: int) -> NotFound:
    """The problem of a mission that there is not."""
    return MissionNotFound(f"There is no mission {mission_id}.")


def find_matcher(uow: UnitOfWork, matcher_id: int, named: object = None) -> Matcher:
    """A matcher by its id; `named` is how the caller named it. Raises NotFound."""
    return found_matcher(uow.first(MATCHER, id=matcher_id), matcher_id if named is None else named)


def find_matcher_with_key(uow: UnitOfWork, matcher_key: str) -> Matcher:
    """A matcher by its key. Raises NotFound."""
    return found_matcher(uow.first(MATCHER_WITH_KEY, matcher_key=matcher_key), matcher_key)


def found_matcher(row: Matcher | None, named: object) -> Matcher:
    """A matcher that was looked for. Raises NotFound where there was none."""
    if row is None:
        raise MatcherNotFound(f"There is no matcher {named}.")
    return row


def _load(uow: UnitOfWork, ids: list[int]) -> dict[int, MissionRule]:
    return {row.id: row for row in uow.rows(MISSION_RULES, ids=ids)}
